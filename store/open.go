// Package store keeps everything a desk knows on this computer: what came in,
// what is being written, and what is on its way out, in two SQLite databases.
// The screen and the engines read and write here and nowhere else, so that all
// of them work without a network, and nothing that was acknowledged is ever
// lost, whichever moment the power goes.
package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"fernpost/store/desk"
)

// Options says where and how a store is opened.
type Options struct {
	Dir      string
	Clock    desk.Clock                           // nil: time.Now
	Progress func(step string, done, total int64) // during migrations; may be nil
	Room     func()                               // called when Full changes, from any goroutine; may be nil
	ReadOnly bool                                 // doctor and inspect beside a running window: no lock, no migration, no writer

	schemas *schemas // tests of migrations bring their own
}

// Store is one open data folder. It is safe for concurrent use.
type Store struct {
	dir     string
	now     desk.Clock
	main    *base
	blobs   *base
	lock    *os.File
	unclean atomic.Bool
	closed  sync.Once
	hurt    chan struct{} // closed when a database turned out to be damaged
	hurts   sync.Once
	full    atomic.Bool // the disk; see reserve.go
	room    func()      // called when full changes; may be nil
	reserve sync.Mutex  // held while the reserve is made or given up

	seq     int64 // of the last announced change; only while holding the writer
	subMu   sync.Mutex
	subs    []subscriber
	subLast int64
}

// The files of a data folder.
const (
	mainFile    = "main.db"
	blobsFile   = "blobs.db"
	secondFile  = "second.db"
	lockFile    = "lock"
	runningFile = "running" // there while a window has the folder open
	hurtFile    = "hurt"    // names the databases that are damaged, a line each, until they are made anew
	backupDir   = "backups"
)

// Open makes the folder private, locks it (kind locked if another window has
// it), and creates or migrates its databases (kind too_new when a newer
// Fernpost wrote them). After an unclean exit the caller runs Check
// in the background.
func Open(ctx context.Context, o Options) (*Store, error) {
	const doing = "open store"
	if o.Dir == "" {
		return nil, desk.E(desk.KindInvalid, doing, errors.New("no data folder"))
	}
	s := &Store{dir: o.Dir, now: o.Clock, hurt: make(chan struct{}), room: o.Room}
	if s.now == nil {
		s.now = time.Now
	}
	if o.schemas == nil {
		o.schemas = &released
	}
	open := s.openWriting
	if o.ReadOnly {
		open = s.openReading
	}
	if err := open(ctx, o); err != nil {
		_ = s.abandon()
		return nil, wrap(doing, err)
	}
	return s, nil
}

func (s *Store) openWriting(ctx context.Context, o Options) (err error) {
	if err = makePrivate(o.Dir); err != nil {
		return err
	}
	if s.lock, err = lockExclusive(filepath.Join(o.Dir, lockFile)); err != nil {
		return err
	}
	if err = s.markRunning(); err != nil {
		return err
	}
	b := bases{store: s, migrator: migrator{dir: o.Dir, now: s.now, progress: o.Progress}, schemas: o.schemas}
	if err = b.open(ctx); desk.KindOf(err) == desk.KindDiskFull && s.giveReserve() {
		_ = s.closeBases()
		s.main, s.blobs = nil, nil
		err = b.open(ctx)
	}
	if err != nil {
		return err
	}
	return privateFiles(o.Dir)
}

// openReading takes no lock and writes nothing of its own.
func (s *Store) openReading(ctx context.Context, o Options) (err error) {
	for _, f := range []struct {
		name   string
		schema schema
		base   **base
	}{{mainFile, o.schemas.main, &s.main}, {blobsFile, o.schemas.blobs, &s.blobs}} {
		path := filepath.Join(o.Dir, f.name)
		if _, err = os.Stat(path); err != nil {
			return desk.E(desk.KindNotFound, "find "+f.name, err)
		}
		if *f.base, err = newBase(path, nil, nil); err != nil {
			return err
		}
		var version int
		if err = (*f.base).row(ctx, selectVersion, nil, &version); err != nil {
			return err
		}
		if err = f.schema.accepts(version); err != nil {
			return err
		}
	}
	// The mark of a run that is going on says nothing.
	_, missing := os.Stat(filepath.Join(o.Dir, runningFile))
	free, err := lockFree(filepath.Join(o.Dir, lockFile))
	s.unclean.Store(missing == nil && free)
	return err
}

// markRunning notes an unclean exit of the run before, and that this one has
// begun. The mark is taken away by Close alone.
func (s *Store) markRunning() error {
	path := filepath.Join(s.dir, runningFile)
	_, err := os.Stat(path)
	s.unclean.Store(err == nil)
	return os.WriteFile(path, nil, 0o600)
}

// Close ends the store. The databases are folded into one file each.
func (s *Store) Close() error {
	var err error
	s.closed.Do(func() {
		clean := s.lock != nil && !s.unclean.Load()
		if err = s.closeBases(); err == nil && clean {
			err = os.Remove(filepath.Join(s.dir, runningFile))
		}
		if s.lock != nil {
			err = errors.Join(err, s.lock.Close())
		}
	})
	return wrap("close store", err)
}

// abandon closes what an Open that failed had opened.
func (s *Store) abandon() error {
	err := s.closeBases()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

func (s *Store) closeBases() error { return errors.Join(s.main.close(), s.blobs.close()) }
