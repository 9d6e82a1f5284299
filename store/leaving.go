package store

import (
	"context"
	"time"
)

// Here counts replies that haven't left for sure and go on by themselves.
type Here struct {
	Replies int
	Later   int       // of them not before a time to come
	First   time.Time // the first of these times, zero for none
	Asking  int       // wait for a person
}

// The last condition names the index.
const selectHere = `
SELECT coalesce(sum(state IN ('queued', 'sending', 'uncertain')), 0),
  coalesce(sum(state = 'queued' AND send_ms > ?1), 0),
  coalesce(min(CASE WHEN state = 'queued' AND send_ms > ?1 THEN send_ms END), 0),
  coalesce(sum(state IN ('held', 'needs_you')), 0)
FROM op WHERE kind = 'reply' AND account IN (SELECT id FROM account)
  AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')`

// HereStill says what of a person's replies is still on this computer.
func (s *Store) HereStill(ctx context.Context, now time.Time) (h Here, err error) {
	var first int64
	err = s.main.row(ctx, selectHere, []any{now.UnixMilli()}, &h.Replies, &h.Later, &first, &h.Asking)
	h.First = moment(first)
	return h, wrap("count replies that are here", err)
}
