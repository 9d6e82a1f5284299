package store

import (
	"maps"
	"slices"

	"fernpost/store/desk"
)

// A page's changes to the search index are made together, at its end, and in
// the order of their row ids: FTS5 collects what comes in that order in memory,
// and writes it out at once whenever another statement of the transaction takes
// a savepoint, or a row id is smaller than the one before.

// indexing is what becomes of one message in the index.
type indexing struct {
	was bool // it is in the index
	now bool // it is to be in the index
}

const (
	insertIndex     = `INSERT INTO search (rowid, subject, body, people) VALUES (?1, ?2, ?3, ?4)`
	deleteIndex     = `DELETE FROM search WHERE rowid = ?1`
	selectIndexable = `
SELECT m.subject, m.from_name, m.from_addr, coalesce(x.body, '')
FROM message m LEFT JOIN message_text x ON x.message = m.id WHERE m.id = ?1`
)

// indexedBytes bounds what of a text is searched: the rest of a log file that
// somebody pasted would only fill the index.
const indexedBytes = 256 << 10

// reindex has a message indexed anew, from what is stored at the page's end.
func (in *incoming) reindex(k known) { in.plan(k, true) }

// unindex has a message left out of the index.
func (in *incoming) unindex(k known) { in.plan(k, false) }

func (in *incoming) plan(k known, now bool) {
	p, planned := in.indexing[k.id]
	if !planned {
		p.was = !k.fresh && !k.unindexed
	}
	p.now = now
	in.indexing[k.id] = p
}

func (in *incoming) writeIndex() error {
	for _, id := range slices.Sorted(maps.Keys(in.indexing)) {
		p := in.indexing[id]
		if p.was {
			if err := in.do(deleteIndex, id); err != nil {
				return err
			}
		}
		if !p.now {
			continue
		}
		var subject, body string
		var from desk.Address
		if err := in.row(selectIndexable, []any{id}, &subject, &from.Name, &from.Addr, &body); err != nil {
			return err
		}
		err := in.do(insertIndex, id, head(subject, indexedBytes), head(body, indexedBytes), from.Name+" "+from.Addr)
		if err != nil {
			return err
		}
	}
	return nil
}
