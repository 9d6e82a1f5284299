package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"fernpost/store/desk"
)

// tx is one write transaction. Statements are not interrupted one by one: the
// caller's context is looked at before it begins and, in long ones, between
// steps.
type tx struct {
	ctx     context.Context // without the caller's cancellation
	caller  context.Context
	base    *base
	now     time.Time
	changed pending
}

// errClosed is what whoever comes after Close gets.
var errClosed = desk.E(desk.KindCancelled, "use store", errors.New("the store is closed"))

// begin runs fn in a transaction of its own and rolls back when it fails. Where
// the second copy is what failed, fn runs once more without it: it must do the
// same again.
func (b *base) begin(ctx context.Context, now time.Time, fn func(*tx) error, committed func(*tx)) error {
	if b.writer == nil {
		return desk.E(desk.KindPermission, "write", errors.New("the store is open for reading only"))
	}
	return b.inTurn(ctx, func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		t, err := b.once(ctx, now, fn)
		if err != nil && b.letGo(t.ctx, err) {
			t, err = b.once(ctx, now, fn)
		}
		if err != nil {
			return b.saw(err)
		}
		committed(t)
		return nil
	})
}

// inTurn runs fn while nobody else writes.
func (b *base) inTurn(ctx context.Context, fn func() error) error {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-b.ended:
		return errClosed
	}
	defer func() { <-b.turn }()
	return fn()
}

func (b *base) once(ctx context.Context, now time.Time, fn func(*tx) error) (*tx, error) {
	t := &tx{ctx: context.WithoutCancel(ctx), caller: ctx, base: b, now: now}
	if err := t.do("BEGIN IMMEDIATE"); err != nil {
		return t, err
	}
	return t, t.finish(fn)
}

func (t *tx) finish(fn func(*tx) error) (err error) {
	done := false
	defer func() {
		if !done { // fn failed, the commit failed, or fn panicked
			_ = t.do("ROLLBACK") // SQLite may have rolled back by itself
		}
	}()
	before, err := t.serial()
	if err != nil {
		return err
	}
	if err = fn(t); err != nil {
		return err
	}
	if err = t.count(); err != nil {
		return err
	}
	meant, err := t.serial()
	if err != nil {
		return err
	}
	if err = t.do("COMMIT"); err != nil {
		_ = t.do("ROLLBACK")
		if !t.base.committedAlone(t.ctx, before, meant) {
			return err
		}
	}
	done = true
	return nil
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if st, ok := t.base.write[query]; ok {
		return st, nil
	}
	st, err := t.base.writer.PrepareContext(t.ctx, query)
	if err != nil {
		return nil, err
	}
	t.base.write[query] = st
	return st, nil
}

func (t *tx) do(query string, args ...any) error {
	_, err := t.exec(query, args...)
	return err
}

// exec says how many rows it touched.
func (t *tx) exec(query string, args ...any) (int64, error) {
	r, err := t.result(query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert gives the new row's id.
func (t *tx) insert(query string, args ...any) (int64, error) {
	r, err := t.result(query, args)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (t *tx) result(query string, args []any) (sql.Result, error) {
	st, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(t.ctx, args...)
}

func (t *tx) row(query string, args []any, dest ...any) error {
	st, err := t.stmt(query)
	if err != nil {
		return err
	}
	return st.QueryRowContext(t.ctx, args...).Scan(dest...)
}

// find is row, with false for no row.
func (t *tx) find(query string, args []any, dest ...any) (bool, error) {
	err := t.row(query, args, dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (t *tx) each(query string, args []any, fn func(scanner) error) error {
	st, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(t.ctx, args...)
	if err != nil {
		return err
	}
	return drain(rows, fn)
}
