package store

import (
	"errors"
	"strings"
)

// pull gives main.db what its copy knows better: all of it when main.db is new
// or older, else the rows that a disk has changed.
type pull struct {
	*tx
	found  *found
	terms  terms
	plans  []reading
	theirs int64 // how far the copy has come
}

const (
	whole     = `k.sum = row_sum({k.stored})`
	anyDiffer = `
SELECT EXISTS (SELECT 1 FROM second.kept_{T} k WHERE ` + whole + ` AND NOT EXISTS (
  SELECT 1 FROM main.{T} m WHERE {m=k} AND ({m.common}) IS ({k.homed})))`
	deleteDiffering = `
DELETE FROM main.{T} AS m WHERE EXISTS (
  SELECT 1 FROM second.kept_{T} k WHERE {m=k} AND ` + whole + ` AND ({m.common}) IS NOT ({k.homed}))`
	deleteUnknown = `
DELETE FROM main.{T} AS m WHERE NOT EXISTS (SELECT 1 FROM second.kept_{T} k WHERE {m=k})`
	insertMissing = `
INSERT OR IGNORE INTO main.{T} ({common}) SELECT {k.homed} FROM second.kept_{T} k
WHERE ` + whole + ` AND NOT EXISTS (SELECT 1 FROM main.{T} m WHERE {m=k})`

	// What an older main.db has and the copy hasn't was ended since: it is never
	// to be sent, and a removed account stays one.
	cancelUnknown = `
UPDATE main.op AS m SET state = 'cancelled', changed_ms = ?1 WHERE state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')
  AND NOT EXISTS (SELECT 1 FROM second.kept_op k WHERE k.seq = m.seq)`
	removeUnknown = `
UPDATE main.account AS m SET removed_ms = ?1 WHERE removed_ms = 0
  AND NOT EXISTS (SELECT 1 FROM second.kept_account k WHERE k.seq = m.seq)`
	forgetHomes = `DELETE FROM temp.home`
)

// dropUnknown says of which tables nothing may stay in an older main.db that the
// copy doesn't have.
var dropUnknown = map[string]bool{
	"setting": true, "secret": true, "identity": true, "signature": true, "decision": true, "decision_message": true,
	"draft": true, "draft_rev": true, "draft_file": true,
}

func (p pull) run() error {
	if err := p.tx.run(forgetHomes); err != nil {
		return err
	}
	if !p.found.behind {
		differs, err := p.differs()
		if err != nil || !differs {
			return err
		}
		p.found.rotten = true
	}
	return p.unguarded(p.rows)
}

func (p pull) differs() (bool, error) {
	for _, r := range p.plans {
		var differ bool
		if err := p.scan(r.fill(anyDiffer), nil, &differ); err != nil || differ {
			return differ, err
		}
	}
	return false, nil
}

const (
	selectGuards = `SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND instr(sql, 'RAISE(ABORT') > 0`
	selectGuard  = `SELECT sql FROM main.sqlite_schema WHERE type = 'trigger' AND name = ?1`
)

// unguarded runs fn while the triggers that refuse illegal moves of ops are
// away: what is put back was legal when it was written. They stand again before
// anything is committed.
func (t *tx) unguarded(fn func() error) error {
	names, err := t.base.texts(t.ctx, selectGuards)
	if err != nil {
		return err
	}
	var scripts []string
	for _, name := range names {
		sql, err := t.base.texts(t.ctx, selectGuard, name)
		if err != nil {
			return err
		}
		scripts = append(scripts, sql...)
		if err := t.run("DROP TRIGGER main." + name); err != nil {
			return err
		}
	}
	if err := errors.Join(t.run(deferKeys), fn()); err != nil {
		return err
	}
	return t.run(strings.Join(scripts, ";\n"))
}

func (p pull) rows() error {
	if err := p.homes(); err != nil {
		return err
	}
	now := millis(p.now)
	if p.found.behind {
		if err := errors.Join(p.tx.run(cancelUnknown, now), p.tx.run(removeUnknown, now)); err != nil {
			return err
		}
	}
	for _, r := range p.plans {
		if err := p.table(r); err != nil {
			return err
		}
	}
	if p.terms.fresh {
		if err := p.salvage(); err != nil {
			return err
		}
	}
	return p.mend()
}

func (p pull) table(r reading) error {
	if r.columns != "" || r.name == "conversation_key" {
		return nil // see homes
	}
	if p.found.behind && dropUnknown[r.name] {
		if err := p.tx.run(r.fill(deleteUnknown)); err != nil {
			return err
		}
	}
	if err := p.tx.run(r.fill(deleteDiffering)); err != nil {
		return err
	}
	return p.tx.run(r.fill(insertMissing))
}

const (
	selectKeptHomes = `SELECT id FROM second.kept_conversation ORDER BY id`
	// A conversation is the one that a kept key leads to, else the one with its
	// number, unless that is another's by now.
	findHome = `
SELECT coalesce(
  (SELECT m.conversation FROM second.kept_conversation_key k JOIN main.conversation_key m ON m.key = k.key AND m.account = k.account
   WHERE k.conversation = ?1 AND m.conversation NOT IN (SELECT main FROM temp.home) ORDER BY m.conversation <> ?1 LIMIT 1),
  (SELECT m.id FROM main.conversation m JOIN second.kept_conversation k ON k.id = m.id AND k.account = m.account
   WHERE m.id = ?1 AND m.id NOT IN (SELECT main FROM temp.home)
     AND (m.key = k.key OR NOT EXISTS (SELECT 1 FROM main.conversation_key y WHERE y.conversation = m.id))), 0)`
	insertHome  = `INSERT INTO temp.home (kept, main) VALUES (?1, ?2)`
	isFreeHome  = `SELECT NOT EXISTS (SELECT 1 FROM main.conversation WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM main.conversation_merged WHERE id = ?1)`
	insertStub  = `INSERT INTO main.conversation (id, account) SELECT nullif(?2, 0), account FROM second.kept_conversation WHERE id = ?1`
	updateFacts = `
UPDATE main.conversation SET (key, subject, customer_name, customer_addr, language) =
  (SELECT key, subject, customer_name, customer_addr, language FROM second.kept_conversation k WHERE k.id = ?1),
  last_at_ms = ?3 WHERE id = ?2 AND messages = 0`
	updateChoice = `
UPDATE main.conversation SET (status, chosen, settled, told, over, snoozed_until_ms) =
  (SELECT status, chosen, settled, told, over, snoozed_until_ms FROM second.kept_conversation k WHERE k.id = ?1) WHERE id = ?2
  AND EXISTS (SELECT 1 FROM second.kept_conversation k WHERE k.id = ?1 AND ` + whole + `)`
	insertKeys = `
INSERT OR IGNORE INTO main.conversation_key (key, account, conversation)
SELECT key, account, ?2 FROM second.kept_conversation_key WHERE conversation = ?1`
)

// homes finds the conversations in main.db that the copy's are, and makes those
// that aren't there, under their shared keys: the server's mail threads into them
// when it comes.
func (p pull) homes() error {
	var conversations reading
	for _, r := range p.plans {
		if r.name == conversationTable {
			conversations = r
		}
	}
	rows, err := p.base.writer.QueryContext(p.ctx, selectKeptHomes)
	if err != nil {
		return err
	}
	var ids []int64
	if err := drain(rows, collect(&ids, scanOf[int64])); err != nil {
		return err
	}
	for _, kept := range ids {
		home, err := p.home(kept)
		if err != nil {
			return err
		}
		for _, query := range []string{conversations.fill(updateChoice), insertKeys} {
			if err := p.tx.run(query, kept, home); err != nil {
				return err
			}
		}
		if err := p.tx.run(updateFacts, kept, home, millis(p.now)); err != nil {
			return err
		}
	}
	return nil
}

func (p pull) home(kept int64) (home int64, err error) {
	if err = p.scan(findHome, []any{kept}, &home); err != nil {
		return 0, err
	}
	if home == 0 {
		var free bool
		if err = p.scan(isFreeHome, []any{kept}, &free); err != nil {
			return 0, err
		}
		id := kept
		if !free {
			id = 0
		}
		r, err := p.base.writer.ExecContext(p.ctx, insertStub, kept, id)
		if err != nil {
			return 0, err
		}
		if home, err = r.LastInsertId(); err != nil {
			return 0, err
		}
	}
	return home, p.tx.run(insertHome, kept, home)
}
