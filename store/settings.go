package store

import (
	"context"
	"database/sql"
	"errors"
)

const selectSetting = `SELECT value FROM setting WHERE key = ?1`

// Setting gives what was chosen, or fallback.
func (s *Store) Setting(ctx context.Context, key, fallback string) (string, error) {
	v, err := one(ctx, s.main, selectSetting, []any{key}, scanOf[string])
	if errors.Is(err, sql.ErrNoRows) {
		return fallback, nil
	}
	return v, wrap("read setting", err)
}

const putSetting = `
INSERT INTO setting (key, value) VALUES (?1, ?2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`

// PutSetting keeps a choice.
func (s *Store) PutSetting(ctx context.Context, key, value string) error {
	return s.write(ctx, "put setting", func(t *tx) error {
		n, err := t.exec(putSetting, key, value)
		t.changed.settings = n > 0
		return err
	})
}
