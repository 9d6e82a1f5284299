package store

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// bases opens the databases of a folder. One that is damaged is put aside and
// made anew; what can't be had from a server again comes back from the second
// copy.
type bases struct {
	store    *Store
	migrator migrator
	schemas  *schemas
	hurt     []string // named by the run before
	harm     Harm
}

func (b *bases) open(ctx context.Context) (err error) {
	s := b.store
	if b.hurt, err = s.readHurt(); err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(s.dir, mainFile))
	fresh := errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0
	if s.main, b.harm.Main, err = b.base(ctx, mainFile, b.schemas.main); err != nil {
		return err
	}
	if s.blobs, b.harm.Blobs, err = b.base(ctx, blobsFile, b.schemas.blobs); err != nil {
		return err
	}
	if b.schemas.main.copied {
		if err := b.join(ctx, fresh || b.harm.Main != ""); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(filepath.Join(s.dir, hurtFile)); err != nil { // it was put aside
		return err
	}
	for _, x := range []struct {
		base *base
		name string
	}{{s.main, mainFile}, {s.blobs, blobsFile}} {
		x.base.damage = func() { s.noteHurt(x.name) }
	}
	return nil
}

// base opens one, and says where the one that was there lies now if it was
// damaged.
func (b *bases) base(ctx context.Context, name string, sc schema) (base *base, aside string, err error) {
	if slices.Contains(b.hurt, name) {
		if aside, err = b.store.putAside(name); err != nil {
			return nil, "", err
		}
	}
	base, err = b.migrator.open(ctx, name, sc)
	if err != nil && damaged(err) {
		slog.Error("database put aside", "database", name, "kind", string(kindOf(err)))
		if aside, err = b.store.putAside(name); err == nil {
			base, err = b.migrator.open(ctx, name, sc)
		}
	}
	return base, aside, err
}

// join joins the second copy. Without any, work goes on; but a main.db that
// can't be read while they meet is put aside now.
func (b *bases) join(ctx context.Context, fresh bool) error {
	s := b.store
	s.main.second = &second{path: filepath.Join(s.dir, secondFile)}
	s.main.second.lost.Store(true)
	if slices.Contains(b.hurt, secondFile) && b.harm.Second == "" {
		var err error
		if b.harm.Second, err = s.putAside(secondFile); err != nil {
			return err
		}
	}
	_, err := os.Stat(s.main.second.path + behindTail)
	trust := !fresh && !s.unclean.Load() && len(b.hurt) == 0
	m := terms{now: s.now(), fresh: fresh, trust: trust, doubt: err == nil, main: b.harm.Main, second: b.harm.Second}
	f, aside, err := s.meetSecond(ctx, m)
	b.harm.Second = cmp.Or(aside, b.harm.Second)
	if err != nil && damaged(err) && !fresh {
		slog.Error("database put aside", "database", mainFile, "kind", string(kindOf(err)))
		_ = s.main.close()
		if b.harm.Main, err = s.putAside(mainFile); err != nil {
			return err
		}
		if s.main, err = b.migrator.open(ctx, mainFile, b.schemas.main); err != nil {
			return err
		}
		return b.join(ctx, true)
	}
	if err != nil {
		slog.Error("no second copy", "kind", string(kindOf(err)))
		if err := s.main.goOn(ctx); err != nil {
			return err
		}
	}
	return b.settle(ctx, f, fresh)
}

// readable tells whether SQLite finds a database whole, or not there at all.
func (s *Store) readable(ctx context.Context, name string) bool {
	path := filepath.Join(s.dir, name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return true
	}
	db, err := openReaders(path)
	if err != nil {
		return false
	}
	defer func() { _ = db.Close() }()
	var finding string
	return db.QueryRowContext(ctx, quickCheck).Scan(&finding) == nil && finding == "ok"
}

// The file hurt carries the news of a damaged database into the next opening:
// while it is open it can't be put aside.

func (s *Store) readHurt() ([]string, error) {
	text, err := os.ReadFile(filepath.Join(s.dir, hurtFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Fields(string(text)), err
}

// noteHurt remembers that a database is damaged, and tells whoever waits for it.
func (s *Store) noteHurt(name string) {
	s.hurts.Do(func() {
		slog.Error("database is damaged", "database", name)
		if err := os.WriteFile(filepath.Join(s.dir, hurtFile), []byte(name+"\n"), 0o600); err != nil {
			slog.Error("damage not noted", "kind", string(kindOf(err)))
		}
		close(s.hurt)
	})
}

// Hurt is closed when a database turned out to be damaged. The store must then
// be closed and opened again, which puts it aside and mends what can be mended.
func (s *Store) Hurt() <-chan struct{} { return s.hurt }
