package store

import (
	"context"
	"time"

	"fernpost/store/desk"
)

const selectUnfiled = `
SELECT ` + opColumns + ` FROM op
WHERE account = ?1 AND filed = 0 AND kind = 'reply' AND state IN ('sent', 'reconciled') AND changed_ms >= ?2
ORDER BY changed_ms, seq LIMIT ?3`

// Unfiled gives replies of an account that were sent or reconciled since a time
// and whose copy among the sent mail nobody has seen to yet, oldest first.
func (s *Store) Unfiled(ctx context.Context, a desk.AccountID, since time.Time, limit int) ([]desk.Op, error) {
	all, err := many(ctx, s.main, selectUnfiled, []any{a, millis(since), limit}, scanOp)
	return all, wrap("read unfiled ops", err)
}

const beginFiling = `UPDATE op SET filing_ms = ?2 WHERE id = ?1`

// BeginFiling journals, synced, that a copy is about to be put among the sent
// mail. The database refuses it while an earlier one may have come there.
func (s *Store) BeginFiling(ctx context.Context, id desk.OpID) error {
	return s.write(ctx, "begin filing", func(t *tx) error {
		return t.oneRow(beginFiling, id, max(millis(t.now), 1))
	})
}

const retractFiling = `UPDATE op SET filing_ms = 0 WHERE id = ?1 AND filed = 0`

// RetractFiling takes back that a copy was begun: it provably didn't come there.
func (s *Store) RetractFiling(ctx context.Context, id desk.OpID) error {
	return s.write(ctx, "retract filing", func(t *tx) error { return t.oneRow(retractFiling, id) })
}

const fileOp = `UPDATE op SET filed = ?2, filing_ms = 0 WHERE id = ?1`

// MarkFiled remembers that nothing is tried any more about an op's copy: it is
// seen, or missing.
func (s *Store) MarkFiled(ctx context.Context, id desk.OpID, c desk.Copy) error {
	return s.write(ctx, "mark filed", func(t *tx) error {
		t.changed.ops = t.changed.ops || c == desk.CopyMissing // what is as it should be no screen shows
		return t.oneRow(fileOp, id, c)
	})
}

// oneRow changes one op, kind not_found when there is none.
func (t *tx) oneRow(query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n == 0 {
		err = desk.E(desk.KindNotFound, "find op", nil)
	}
	return err
}
