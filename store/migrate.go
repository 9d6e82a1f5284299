package store

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"

	"fernpost/store/desk"
)

// migrator brings one database after the other to this program's schema.
type migrator struct {
	dir      string
	now      desk.Clock
	progress func(step string, done, total int64)
}

func (m migrator) open(ctx context.Context, name string, s schema) (b *base, err error) {
	path := filepath.Join(m.dir, name)
	db, conn, err := openWriter(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	if b, err = newBase(path, db, conn); err != nil {
		_ = conn.Close()
		_ = db.Close()
		return nil, err
	}
	if err = m.bring(ctx, b, name, s); err != nil {
		_ = b.close()
		return nil, err
	}
	return b, nil
}

func (m migrator) bring(ctx context.Context, b *base, name string, s schema) error {
	version, err := b.version(ctx)
	if err != nil {
		return err
	}
	if version > s.version {
		return s.accepts(version)
	}
	if version == 0 {
		script, err := s.script()
		if err != nil {
			return err
		}
		return m.run(ctx, b, script, s.version)
	}
	resumed, err := m.resume(ctx, b, name, s)
	if err != nil {
		return err
	}
	if version == s.version {
		return nil
	}
	if !resumed {
		if err := m.backup(ctx, b, name, version); err != nil {
			return fmt.Errorf("back up before a migration: %w", err)
		}
	}
	for v := version + 1; v <= s.version; v++ {
		if err := m.migrate(ctx, b, name, s, v); err != nil {
			return fmt.Errorf("migrate %s to %d: %w", name, v, err)
		}
	}
	return nil
}

// run executes a script and sets the version, together or not at all. It
// doesn't go through the prepared statements: a script has many.
// Then come the statements of after, with the version as their parameter.
func (m migrator) run(ctx context.Context, b *base, script string, version int, after ...string) error {
	return b.begin(ctx, m.now(), func(t *tx) error {
		if _, err := b.writer.ExecContext(t.ctx, script); err != nil {
			return err
		}
		for _, query := range after {
			if err := t.do(query, version); err != nil {
				return err
			}
		}
		// A PRAGMA takes no parameter; the number is ours.
		_, err := b.writer.ExecContext(t.ctx, "PRAGMA user_version = "+strconv.Itoa(version))
		return err
	}, func(*tx) {})
}

const (
	insertMigration = `INSERT INTO migration (version, place) VALUES (?1, 0)`
	selectMigration = `SELECT version, place FROM migration ORDER BY version LIMIT 1`
	moveMigration   = `UPDATE migration SET place = ?2 WHERE version = ?1`
	deleteMigration = `DELETE FROM migration WHERE version = ?1`
)

// migrate takes one step. The version counts from its script on, so that an
// older program leaves a half-migrated database alone; the row in migration
// says that its batches are still to run.
func (m migrator) migrate(ctx context.Context, b *base, name string, s schema, version int) error {
	script, err := s.step(version)
	if err != nil {
		return err
	}
	slog.Info("migrating", "database", name, "version", version)
	if s.batches[version] == nil {
		return m.run(ctx, b, script, version)
	}
	if err := m.run(ctx, b, script, version, insertMigration); err != nil {
		return err
	}
	return m.batches(ctx, b, halfway{name: name, version: version, work: s.batches[version]})
}

// resume goes on with the batches of a migration that was stopped.
func (m migrator) resume(ctx context.Context, b *base, name string, s schema) (bool, error) {
	var version int
	var place int64
	found := false
	err := b.begin(ctx, m.now(), func(t *tx) (err error) {
		found, err = t.find(selectMigration, nil, &version, &place)
		return err
	}, func(*tx) {})
	if err != nil || !found {
		return false, err
	}
	return true, m.batches(ctx, b, halfway{name: name, version: version, work: s.batches[version], place: place})
}

// halfway is a migration whose batches are still to run from place on.
type halfway struct {
	name    string // of the database
	version int
	work    batch
	place   int64
}

func (m migrator) batches(ctx context.Context, b *base, h halfway) error {
	if h.work == nil {
		return fmt.Errorf("no batches for version %d", h.version)
	}
	for done := false; !done; {
		var total int64
		err := b.begin(ctx, m.now(), func(t *tx) (err error) {
			if h.place, total, done, err = h.work(t, h.place); err != nil {
				return err
			}
			if done {
				return t.do(deleteMigration, h.version)
			}
			return t.do(moveMigration, h.version, h.place)
		}, func(*tx) {})
		if err != nil {
			return err
		}
		if m.progress != nil {
			m.progress(h.name, h.place, total)
		}
	}
	return nil
}
