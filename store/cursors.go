package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"fernpost/store/desk"
)

type reached struct {
	value    []byte
	verified int64
}

func scanReached(r scanner) (v reached, err error) {
	err = r.Scan(&v.value, &v.verified)
	return v, err
}

const selectCursor = `SELECT value, verified_ms FROM cursor WHERE account = ?1`

// Cursor gives the stored cursor (nil at first) and when the account last
// answered. A cursor is only ever moved by Apply, together with what it stands
// for.
func (s *Store) Cursor(ctx context.Context, a desk.AccountID) (cursor []byte, verified time.Time, err error) {
	v, err := one(ctx, s.main, selectCursor, []any{a}, scanReached)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, time.Time{}, nil
	}
	if len(v.value) == 0 {
		v.value = nil
	}
	return v.value, moment(v.verified), wrap("read cursor", err)
}

const putCursor = `
INSERT INTO cursor (account, value, verified_ms) VALUES (?1, ?2, ?3)
ON CONFLICT (account) DO UPDATE SET value = excluded.value, verified_ms = excluded.verified_ms`

// moveCursor keeps the old value where the page brings none, and the old time
// where it names none. A clock that was set back takes the time along.
func (t *tx) moveCursor(p Page) error {
	old, err := oneOf(t, selectCursor, []any{p.Account}, scanReached)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	next := reached{value: p.Cursor, verified: millis(p.Verified)}
	if p.Cursor == nil {
		next.value = old.value
	}
	if p.Verified.IsZero() {
		next.verified = old.verified
	}
	if bytes.Equal(next.value, old.value) && next.verified == old.verified {
		return nil
	}
	if next.verified != old.verified {
		t.changed.accounts = true
	}
	return t.do(putCursor, p.Account, append([]byte{}, next.value...), next.verified)
}
