package store

import (
	"context"
	"maps"
	"slices"

	"fernpost/store/desk"
)

// What a page changes in the search index is first noted in search_due and made
// when no page follows at once, when enough has come together, or when somebody
// searches. FTS5 writes a segment for each transaction and merges the segments
// over and over: made page by page, the index costs a first sync more than all
// the rest. And a message whose text follows its head is indexed once.
//
// Entries are made in the order of their row ids: FTS5 collects what comes in
// that order in memory, and writes it out at once whenever another statement of
// the transaction takes a savepoint, or a row id is smaller than the one before.

// dueMost is how many entries may wait: what a search in the middle of a first
// sync has to make first.
const dueMost = 2000

const (
	insertIndex = `INSERT INTO search (rowid, subject, body, people) VALUES (?1, ?2, ?3, ?4)`
	deleteIndex = `DELETE FROM search WHERE rowid = ?1`
	insertDue   = `INSERT INTO search_due (message, stands) VALUES (?1, ?2) ON CONFLICT (message) DO NOTHING`
	countDue    = `SELECT count(*) FROM search_due`
	selectDue   = `
SELECT d.message, d.stands, m.gone, m.subject, m.from_name, m.from_addr, coalesce(substr(x.body, 1, 262144), '')
FROM search_due d JOIN message m ON m.id = d.message LEFT JOIN message_text x ON x.message = m.id
WHERE d.message > ?1 AND (?2 OR m.text_state <> 'coming') ORDER BY d.message LIMIT 100`
	deleteDue = `
DELETE FROM search_due WHERE ?1 OR message IN (SELECT d.message FROM search_due d JOIN message m ON m.id = d.message WHERE m.text_state <> 'coming')`
)

// indexedBytes bounds what of a text is searched: the rest of a log file that
// somebody pasted would only fill the index. The same stands in selectDue.
const indexedBytes = 256 << 10

// reindex has a message's entry made anew, or taken out when it is gone.
func (in *incoming) reindex(k known) {
	if _, planned := in.indexing[k.id]; !planned {
		in.indexing[k.id] = !k.fresh && !k.unindexed
	}
}

// writeIndex notes what is to be made, and makes it unless another page follows.
func (in *incoming) writeIndex(follows bool) error {
	for _, id := range slices.Sorted(maps.Keys(in.indexing)) {
		if err := in.do(insertDue, id, bit(in.indexing[id])); err != nil {
			return err
		}
	}
	var due int
	if err := in.row(countDue, nil, &due); err != nil || due == 0 || follows && due < dueMost {
		return err
	}
	return in.makeIndex(!follows)
}

// entry is what the index is to hold of a message.
type entry struct {
	id            int64
	stands, gone  bool
	subject, body string
	from          desk.Address
}

func scanEntry(r scanner) (e entry, err error) {
	err = r.Scan(&e.id, &e.stands, &e.gone, &e.subject, &e.from.Name, &e.from.Addr, &e.body)
	return e, err
}

// makeIndex makes the entries that are due: all, or those of messages whose text
// isn't still to come. An entry that is made twice leaves a mark behind that
// every later merge must ask.
func (t *tx) makeIndex(all bool) error {
	for last := int64(-1); ; {
		var some []entry // at a time, so that long texts don't fill the memory
		err := t.each(selectDue, []any{last, bit(all)}, func(r scanner) error {
			e, err := scanEntry(r)
			some = append(some, e)
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range some {
			if err := t.makeEntry(e); err != nil {
				return err
			}
			last = e.id
		}
		if len(some) == 0 {
			return t.do(deleteDue, bit(all))
		}
	}
}

func (t *tx) makeEntry(e entry) error {
	if e.stands {
		if err := t.do(deleteIndex, e.id); err != nil {
			return err
		}
	}
	if e.gone {
		return nil
	}
	return t.do(insertIndex, e.id, head(e.subject, indexedBytes), head(e.body, indexedBytes), e.from.Name+" "+e.from.Addr)
}

// indexed makes what is due before somebody searches.
func (s *Store) indexed(ctx context.Context) error {
	due, err := one(ctx, s.main, countDue, nil, scanOf[int])
	if err != nil || due == 0 || s.main.writer == nil {
		return err
	}
	return s.write(ctx, "index messages", func(t *tx) error { return t.makeIndex(true) })
}
