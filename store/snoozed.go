package store

import (
	"context"
	"time"

	"fernpost/store/desk"
)

// Snooze puts a conversation aside until a time, here alone; a customer who
// writes brings it back before. A status op that still waits is cancelled.
func (s *Store) Snooze(ctx context.Context, id desk.ConversationID, until time.Time) error {
	return s.writeWork(ctx, "snooze conversation", func(t *tx) error {
		c, err := t.living(id)
		if err != nil {
			return err
		}
		if err := t.stand(c, desk.StatusSnoozed, 0, until.UnixMilli()); err != nil {
			return err
		}
		return t.cancelStatusOps(c)
	})
}

// The index has few rows of this status.
const (
	selectSnoozesOver = `
SELECT id FROM conversation INDEXED BY conversation_newest
WHERE status = 'snoozed' AND shown = 1 AND snoozed_until_ms <= ?1`
	anySnoozeOver = `SELECT EXISTS (` + selectSnoozesOver + `)`
)

// EndSnoozes opens the conversations whose time has come.
func (s *Store) EndSnoozes(ctx context.Context, now time.Time) error {
	const doing = "end snoozes"
	var some bool // looking costs no turn of the one writer
	if err := s.main.row(ctx, anySnoozeOver, []any{now.UnixMilli()}, &some); err != nil || !some {
		return wrap(doing, err)
	}
	return s.writeWork(ctx, doing, func(t *tx) error {
		over, err := manyOf(t, selectSnoozesOver, []any{now.UnixMilli()}, func(r scanner) (id int64, err error) { return id, r.Scan(&id) })
		if err != nil {
			return err
		}
		for _, id := range over {
			if err := t.setStatus(id, desk.StatusOpen, 0); err != nil {
				return err
			}
		}
		return nil
	})
}
