package store

import (
	"context"
	"errors"
	"fmt"

	"fernpost/store/desk"
)

// An account is removed in two acts. In the first a person's word is taken: its
// secrets go and it is no account any more. In the second what it brought goes,
// some conversations at a time, so that the writer is never held for long; a
// stop in between is made up for at the next start.

// Left is what of a person's own work stands in the way of removing an account.
type Left struct {
	Replies int // that haven't arrived for sure
	Drafts  int
}

// Within tells that no more is left than a person knows of.
func (l Left) Within(known Left) bool { return l.Replies <= known.Replies && l.Drafts <= known.Drafts }

const (
	countLeft = `
SELECT (SELECT count(*) FROM op WHERE account = ?1 AND kind = 'reply'
          AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')),
       (SELECT count(*) FROM draft WHERE account = ?1 AND op = '')`
	deleteSecrets = `DELETE FROM secret WHERE substr(name, 1, length(?1) + 1) = ?1 || '/'`
	markRemoved   = `UPDATE account SET removed_ms = ?2 WHERE id = ?1`
	stopStatusOps = `
UPDATE op SET state = 'queued', changed_ms = ?2
WHERE account = ?1 AND kind = 'status' AND state IN ('sending', 'uncertain')`
	// Replies go the ways that there are; one that may have arrived is a person's
	// to give up.
	stopReplies = `
UPDATE op SET state = CASE final WHEN 1 THEN 'uncertain' ELSE 'queued' END, changed_ms = ?2
WHERE account = ?1 AND kind = 'reply' AND state = 'sending'`
	askOfReplies = `
UPDATE op SET state = 'needs_you', reason = 'not_seen', changed_ms = ?2
WHERE account = ?1 AND kind = 'reply' AND state = 'uncertain'`
	dropReplies = `
UPDATE op SET state = 'cancelled', changed_ms = ?2
WHERE account = ?1 AND kind = 'reply' AND state IN ('queued', 'held', 'needs_you')`
	dropStatusOps = `
UPDATE op SET state = 'cancelled', changed_ms = ?2
WHERE account = ?1 AND kind = 'status' AND state IN ('queued', 'held', 'needs_you')`
)

// LeftOf counts what would be lost with an account.
func (s *Store) LeftOf(ctx context.Context, a desk.AccountID) (l Left, err error) {
	err = s.main.row(ctx, countLeft, []any{a}, &l.Replies, &l.Drafts)
	return l, wrap("count unsent work", err)
}

// RemoveAccount is the first act: the account and its secrets are gone when it
// returns, and nothing of it can be sent any more. given is what a person gives
// up with it: kind conflict where more than that is left. Nothing may work the
// account any more: what the server was to be told of statuses is dropped. Purge
// is the second act.
func (s *Store) RemoveAccount(ctx context.Context, a desk.AccountID, given Left) error {
	return s.write(ctx, "remove account", func(t *tx) error {
		if err := t.mustHaveAccount(a); err != nil {
			return err
		}
		var l Left
		if err := t.row(countLeft, []any{a}, &l.Replies, &l.Drafts); err != nil {
			return err
		}
		if !l.Within(given) {
			return desk.E(desk.KindConflict, "look for unsent work", fmt.Errorf("%d replies, %d drafts", l.Replies, l.Drafts))
		}
		if err := t.do(deleteSecrets, a); err != nil {
			return err
		}
		for _, query := range []string{stopStatusOps, dropStatusOps, stopReplies, askOfReplies, dropReplies} {
			if err := t.do(query, a, millis(t.now)); err != nil {
				return err
			}
		}
		t.changed.accounts, t.changed.settings = true, true
		return t.do(markRemoved, a, millis(t.now))
	})
}

const selectRemoved = `SELECT id FROM account WHERE removed_ms > 0 ORDER BY seq`

// purgedAtOnce is how many conversations go in one transaction.
const purgedAtOnce = 50

// Purge is the second act, for every account that was removed.
func (s *Store) Purge(ctx context.Context) error {
	const doing = "purge removed accounts"
	removed, err := many(ctx, s.main, selectRemoved, nil, scanOf[desk.AccountID])
	if err != nil {
		return wrap(doing, err)
	}
	for _, a := range removed {
		for done := false; !done; {
			if err := ctx.Err(); err != nil {
				return wrap(doing, err)
			}
			if done, err = s.purgeSome(ctx, a); err != nil {
				return wrap(doing, err)
			}
		}
	}
	return nil
}

const (
	selectPurgeable  = `SELECT id FROM conversation WHERE account = ?1 ORDER BY id DESC LIMIT ?2`
	selectPurgeFiles = `SELECT a.id FROM attachment a JOIN message m ON m.id = a.message WHERE m.conversation = ?1`
	deleteFile       = `DELETE FROM file WHERE attachment = ?1`
	deleteChunks     = `DELETE FROM chunk WHERE id BETWEEN ?1 AND ?2`
)

// purgeSome takes away some conversations and, when none is left, the account.
func (s *Store) purgeSome(ctx context.Context, a desk.AccountID) (done bool, err error) {
	ids, err := many(ctx, s.main, selectPurgeable, []any{a, purgedAtOnce}, scanOf[int64])
	if err != nil {
		return false, err
	}
	for _, c := range ids {
		if err := s.purgeFiles(ctx, c); err != nil {
			return false, err
		}
	}
	return len(ids) == 0, s.write(ctx, "purge", func(t *tx) error {
		for _, c := range ids {
			if err := t.purgeOps(c); err != nil {
				return err
			}
			if err := t.purge(purgeConversation, c); err != nil {
				return err
			}
			t.changed.conversation(c)
		}
		if len(ids) > 0 {
			return nil
		}
		t.changed.accounts = true
		return t.purge(purgeAccount, a)
	})
}

// purgeFiles comes before the rows that say where the files lie: chunks nobody
// names would stay for ever.
func (s *Store) purgeFiles(ctx context.Context, conversation int64) error {
	files, err := many(ctx, s.main, selectPurgeFiles, []any{conversation}, scanOf[int64])
	if err != nil || len(files) == 0 {
		return err
	}
	return s.deleteBytes(ctx, files)
}

const (
	deferKeys      = `PRAGMA defer_foreign_keys = 1`
	selectOpIDs    = `SELECT id FROM op WHERE conversation = ?1`
	deleteOp       = `DELETE FROM op WHERE id = ?1`
	deleteAttempts = `DELETE FROM attempt WHERE op = ?1`
)

// purgeOps removes ops and then their journal: a guard keeps the journal of an
// op that is there, so the reference between them is looked at when all is done.
func (t *tx) purgeOps(conversation int64) error {
	ids, err := manyOf(t, selectOpIDs, []any{conversation}, scanOf[desk.OpID])
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := t.do(deferKeys); err != nil {
		return err
	}
	for _, id := range ids {
		if err := errors.Join(t.do(deleteOp, id), t.do(deleteAttempts, id)); err != nil {
			return err
		}
	}
	return nil
}

// purgeConversation and purgeAccount name every table that holds something of
// one beside the ops, those that refer to others first. A test holds them
// against the schema.
var (
	purgeConversation = []string{
		`DELETE FROM search WHERE rowid IN (SELECT id FROM message WHERE conversation = ?1)`,
		`DELETE FROM search_due WHERE message IN (SELECT id FROM message WHERE conversation = ?1)`,
		`DELETE FROM draft WHERE conversation = ?1`,
		`DELETE FROM remote WHERE message IN (SELECT id FROM message WHERE conversation = ?1)`,
		`DELETE FROM attachment WHERE message IN (SELECT id FROM message WHERE conversation = ?1)`,
		`DELETE FROM message_text WHERE message IN (SELECT id FROM message WHERE conversation = ?1)`,
		`DELETE FROM message WHERE conversation = ?1`,
		`DELETE FROM conversation_label WHERE conversation = ?1`,
		`DELETE FROM conversation_key WHERE conversation = ?1`,
		`DELETE FROM conversation_merged WHERE into_conversation = ?1`,
		`DELETE FROM conversation WHERE id = ?1`,
	}
	purgeAccount = []string{
		`DELETE FROM place WHERE account = ?1`,
		`DELETE FROM label WHERE account = ?1`,
		`DELETE FROM contact WHERE account = ?1`,
		`DELETE FROM counter WHERE account = ?1`,
		`DELETE FROM cursor WHERE account = ?1`,
		`DELETE FROM line_event WHERE account = ?1`,
		`DELETE FROM line_choice WHERE account = ?1`,
		`DELETE FROM meter WHERE account = ?1`,
		`DELETE FROM identity WHERE account = ?1`,
		`DELETE FROM account WHERE id = ?1`,
	}
)

func (t *tx) purge(statements []string, id any) error {
	for _, query := range statements {
		if err := t.do(query, id); err != nil {
			return err
		}
	}
	return nil
}
