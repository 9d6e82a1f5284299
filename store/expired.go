package store

import (
	"context"
	"time"

	"fernpost/store/desk"
)

// The last condition of each names the index.
const (
	selectExpired = `
SELECT ` + opColumns + ` FROM op
WHERE account = ?1 AND state = 'queued' AND until_ms > 0 AND until_ms < ?2
  AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')
ORDER BY seq`
	selectNextEnd = `
SELECT coalesce(min(until_ms), 0) FROM op
WHERE account = ?1 AND state = 'queued' AND until_ms >= ?2
  AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')`
)

// ExpiredOps gives queued ops of an account whose Until has passed, and when the
// next one's does (zero: none).
func (s *Store) ExpiredOps(ctx context.Context, a desk.AccountID, now time.Time) (late []desk.Op, next time.Time, err error) {
	const doing = "read expired ops"
	if late, err = many(ctx, s.main, selectExpired, []any{a, now.UnixMilli()}, scanOp); err != nil {
		return nil, time.Time{}, wrap(doing, err)
	}
	var at int64
	if err = s.main.row(ctx, selectNextEnd, []any{a, max(now.UnixMilli(), 1)}, &at); err != nil {
		return nil, time.Time{}, wrap(doing, err)
	}
	return late, moment(at), nil
}
