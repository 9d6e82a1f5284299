package store

import (
	"context"

	"fernpost/store/desk"
)

// The status that this desk told last, if it told any, comes back as a keyword
// like everybody else's and must not be taken for a colleague's.
const selectClosedElsewhere = `
SELECT EXISTS (
  SELECT 1 FROM op o JOIN conversation c ON c.id = o.conversation
  WHERE o.id = ?1 AND o.then_status <> '' AND c.told = 'done' AND c.chosen = 0
    AND coalesce((SELECT s.then_status FROM op s
      WHERE s.conversation = c.id AND s.kind = 'status' AND s.attempts > 0
      ORDER BY s.seq DESC LIMIT 1), '') <> 'done')`

// ClosedElsewhere tells whether another desk set a reply's conversation to done
// after the reply was queued and its status chosen here.
func (s *Store) ClosedElsewhere(ctx context.Context, op desk.OpID) (closed bool, err error) {
	err = s.main.row(ctx, selectClosedElsewhere, []any{op}, &closed)
	return closed, wrap("read standing", err)
}
