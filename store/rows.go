package store

import (
	"context"
	"database/sql"
)

// one reads a single row, sql.ErrNoRows when there is none.
func one[T any](ctx context.Context, b *base, query string, args []any, scan func(scanner) (T, error)) (v T, err error) {
	st, err := b.stmt(ctx, query)
	if err != nil {
		return v, err
	}
	v, err = scan(st.QueryRowContext(ctx, args...))
	return v, b.saw(err)
}

// many reads all rows; none gives an empty list.
func many[T any](ctx context.Context, b *base, query string, args []any, scan func(scanner) (T, error)) ([]T, error) {
	all := []T{}
	err := b.each(ctx, query, args, collect(&all, scan))
	return all, err
}

// oneOf and manyOf do the same inside a transaction.
func oneOf[T any](t *tx, query string, args []any, scan func(scanner) (T, error)) (v T, err error) {
	st, err := t.stmt(query)
	if err != nil {
		return v, err
	}
	return scan(st.QueryRowContext(t.ctx, args...))
}

func manyOf[T any](t *tx, query string, args []any, scan func(scanner) (T, error)) ([]T, error) {
	all := []T{}
	err := t.each(query, args, collect(&all, scan))
	return all, err
}

func collect[T any](all *[]T, scan func(scanner) (T, error)) func(scanner) error {
	return func(r scanner) error {
		v, err := scan(r)
		if err == nil {
			*all = append(*all, v)
		}
		return err
	}
}

// scanOf makes a scan of a single plain column.
func scanOf[T any](r scanner) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

var _ scanner = (*sql.Row)(nil)
