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

const fileOp = `UPDATE op SET filed = 1 WHERE id = ?1`

// MarkFiled remembers that nothing is left to do about an op's copy. No screen
// shows it, so nothing is announced.
func (s *Store) MarkFiled(ctx context.Context, id desk.OpID) error {
	return s.write(ctx, "mark filed", func(t *tx) error {
		n, err := t.exec(fileOp, id)
		if err == nil && n == 0 {
			err = desk.E(desk.KindNotFound, "find op", nil)
		}
		return err
	})
}
