package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"fernpost/store/desk"
)

// Health is what doctor reads.
type Health struct {
	Dir, Warning                     string
	Schema                           int
	MainBytes, BlobBytes, FreeBytes  int64
	Conversations, Messages, OpsOpen int64
	Check                            string // "ok", or SQLite's first finding; only when deep
	Unclean                          bool
	Private                          bool // mode 0700 (always true on Windows)
	// Second is how the second copy stands: ok, behind (of main.db), damaged, or
	// missing.
	Second string
	Harm   Harm // what happened last and nobody has read
}

const (
	countMessages = `SELECT count(*) FROM message WHERE gone = 0`
	countShown    = `SELECT coalesce(sum(value), 0) FROM counter WHERE name LIKE 'status:%'`
	countOpenOps  = `SELECT count(*) FROM op WHERE state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')`
	quickCheck    = `PRAGMA quick_check(1)`
)

// Health looks at the store; deep also runs SQLite's quick_check, which takes
// about a second per 100 MB.
func (s *Store) Health(ctx context.Context, deep bool) (Health, error) {
	h := Health{Dir: s.dir, Warning: FolderWarning(s.dir), Unclean: s.unclean.Load(), Private: isPrivate(s.dir)}
	err := s.measure(ctx, &h)
	if err == nil {
		h.Harm, err = s.Harm(ctx)
	}
	if err == nil && deep {
		h.Second = s.secondHealth(ctx)
		h.Check, err = s.check(ctx)
	}
	return h, wrap("look at store", err)
}

const selectTheirs = `SELECT serial FROM kept_serial`

// secondHealth looks at the second copy beside whoever works with it: a commit
// reaches it a moment after main.db, so it is asked twice.
func (s *Store) secondHealth(ctx context.Context) string {
	if _, err := os.Stat(filepath.Join(s.dir, secondFile)); err != nil {
		return "missing"
	}
	if !s.readable(ctx, secondFile) {
		return "damaged"
	}
	db, err := openReaders(filepath.Join(s.dir, secondFile))
	if err != nil {
		return "damaged"
	}
	defer func() { _ = db.Close() }()
	for range 2 {
		var mine, theirs int64
		if err := s.main.row(ctx, selectSerial, nil, &mine); err != nil {
			return "behind"
		}
		if err := db.QueryRowContext(ctx, selectTheirs).Scan(&theirs); err != nil {
			return "damaged"
		}
		if theirs >= mine {
			return "ok"
		}
	}
	return "behind"
}

func (s *Store) measure(ctx context.Context, h *Health) (err error) {
	for _, f := range []struct {
		base  *base
		bytes *int64
	}{{s.main, &h.MainBytes}, {s.blobs, &h.BlobBytes}} {
		for _, tail := range []string{"", "-wal"} {
			if info, err := os.Stat(f.base.path + tail); err == nil {
				*f.bytes += info.Size()
			}
		}
	}
	if h.FreeBytes, _, err = room(s.dir); err != nil {
		return err
	}
	for _, q := range []struct {
		query string
		dest  any
	}{{selectVersion, &h.Schema}, {countMessages, &h.Messages}, {countShown, &h.Conversations}, {countOpenOps, &h.OpsOpen}} {
		if err := s.main.row(ctx, q.query, nil, q.dest); err != nil {
			return err
		}
	}
	return nil
}

// check gives "ok", or the first thing SQLite finds in either database.
func (s *Store) check(ctx context.Context) (string, error) {
	for _, b := range []*base{s.main, s.blobs} {
		finding, err := one(ctx, b, quickCheck, nil, scanOf[string])
		if err != nil {
			return "", err
		}
		if finding != "ok" {
			if b.damage != nil {
				b.damage()
			}
			return finding, nil
		}
	}
	return "ok", nil
}

const checkTable = `SELECT integrity_check FROM pragma_integrity_check(?1)`

// checkWork gives "ok", or the first thing that isn't right with the tables a
// second copy is kept of, and their indexes: a draft that an index doesn't lead
// to any more would be as good as lost. They are small.
func (s *Store) checkWork(ctx context.Context) (string, error) {
	if s.main.second == nil {
		return "ok", nil
	}
	for _, k := range keptTables {
		if k.columns != "" || k.name == "conversation_key" {
			continue // as large as the mailbox
		}
		finding, err := one(ctx, s.main, checkTable, []any{k.name}, scanOf[string])
		if err != nil {
			return "", err
		}
		if finding != "ok" {
			s.main.damage()
			return finding, nil
		}
	}
	return "ok", nil
}

// Check looks whether a person's work is whole, after an unclean exit also
// whether the databases are, and puts right what a crash between the two can
// leave behind. It may take minutes and is meant for the background; kind damaged
// tells what was found, and Hurt is closed. Until it has ended well, the mark of
// the unclean exit stays.
func (s *Store) Check(ctx context.Context) error {
	const doing = "check store"
	if s.lock == nil {
		return nil
	}
	finding, err := s.checkWork(ctx)
	if err == nil && finding == "ok" && s.unclean.Load() {
		finding, err = s.check(ctx)
	}
	if err != nil {
		return wrap(doing, err)
	}
	if finding != "ok" {
		return desk.E(desk.KindDamaged, doing, errors.New(finding))
	}
	if err := s.checkSecond(ctx); err != nil {
		return wrap(doing, err)
	}
	if !s.unclean.Load() {
		return nil
	}
	if err := s.repairHaves(ctx); err != nil {
		return wrap(doing, err)
	}
	s.unclean.Store(false)
	return nil
}
