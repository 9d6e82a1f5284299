package store

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"fernpost/store/desk"
)

// second is the second copy of what can't be had from a server again: accounts,
// what a person chose, drafts, ops and their journal. The one writer of main.db
// has it attached, and triggers write to it in the transaction of what they
// follow, so that a commit is on the disk in both before it is acknowledged.
// SQLite commits main.db first and the copy after it (lang_attach.html), each
// for itself: between the two main.db may be newer by what nobody was told of.
//
// It must never stop work. Where it is at fault it is let go, main.db counts
// that it is ahead, and the copy is made good when it is joined again.
type second struct {
	path string
	on   bool        // attached; only while holding the turn of main.db
	lost atomic.Bool // the opposite of on, for those who only ask
}

// behindTail names the file beside the copy that stands while main.db goes on
// without it: whoever restores from the copy then must not believe that what it
// calls waiting wasn't sent since.
const behindTail = "-behind"

const (
	attachSecond = `ATTACH ?1 AS second`
	checkSecond  = `PRAGMA second.quick_check(1)`
	touchSecond  = `UPDATE second.kept_probe SET n = n + 1`
	countAhead   = `UPDATE copied SET serial = serial + 1`
	selectSerial = `SELECT serial FROM copied`
)

// secondPragmas are what the writer's connection doesn't hand on.
var secondPragmas = []string{
	"PRAGMA second.journal_mode = WAL", "PRAGMA second.synchronous = FULL", "PRAGMA second.journal_size_limit = 4194304",
}

// createSecond makes what the copy has beside the kept tables. probe is written
// to when it is asked whether the copy can be.
const createSecond = `
CREATE TABLE IF NOT EXISTS second.kept_serial (one INTEGER PRIMARY KEY CHECK (one = 1), serial INTEGER NOT NULL, version INTEGER NOT NULL);
INSERT OR IGNORE INTO second.kept_serial (one, serial, version) VALUES (1, 0, 0);
CREATE TABLE IF NOT EXISTS second.kept_probe (n INTEGER NOT NULL);
INSERT INTO second.kept_probe (n) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM second.kept_probe);
CREATE TEMP TABLE IF NOT EXISTS home (kept INTEGER PRIMARY KEY, main INTEGER NOT NULL UNIQUE);`

// join attaches the copy, brings both to the same, and lets it follow. The
// caller has the turn, or is alone.
func (b *base) join(ctx context.Context, m terms) (found, error) {
	if _, err := b.writer.ExecContext(ctx, attachSecond, source(b.second.path, "rwc", nil)); err != nil {
		return found{}, err
	}
	f, err := b.meet(ctx, m)
	if err == nil {
		_, err = b.writer.ExecContext(ctx, triggers(f.plans))
	}
	if err != nil {
		return f, errors.Join(err, b.renew(ctx))
	}
	b.second.lost.Store(false)
	return f, os.RemoveAll(b.second.path + behindTail)
}

// renew gives the writer a connection that has nothing attached. It is the one
// way to be rid of a copy whose pages can't be read.
func (b *base) renew(ctx context.Context) error {
	for _, st := range b.write {
		_ = st.Close()
	}
	clear(b.write)
	_ = b.writer.Close()
	_ = b.writeDB.Close()
	b.second.on = false
	b.second.lost.Store(true)
	db, conn, err := openWriter(ctx, b.path)
	if err != nil {
		return err
	}
	b.writeDB, b.writer = db, conn
	return nil
}

// letGo goes on without the copy when it is what err comes from. The caller has
// the turn, and no transaction is open.
func (b *base) letGo(ctx context.Context, err error) bool {
	if b.second == nil || !b.second.on || !ofAFile(err) || b.secondWorks(ctx) {
		return false
	}
	slog.Error("second copy let go", "kind", string(kindOf(err)))
	return b.goOn(ctx) == nil
}

// goOn works without the copy.
func (b *base) goOn(ctx context.Context) error {
	if err := os.WriteFile(b.second.path+behindTail, nil, 0o600); err != nil {
		slog.Error("lost copy not noted", "kind", string(kindOf(err)))
	}
	return b.renew(ctx)
}

// ofAFile tells an error that a database file may give. A full disk isn't one:
// it is everybody's.
func ofAFile(err error) bool {
	switch codeOf(err) {
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_IOERR, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
		return true
	}
	return false
}

func codeOf(err error) int {
	if failed, ok := errors.AsType[*sqlite.Error](err); ok {
		return failed.Code() & 0xff
	}
	return lib.SQLITE_OK
}

// secondWorks reads all of the copy, and writes to it.
func (b *base) secondWorks(ctx context.Context) bool {
	var finding string
	if err := b.writer.QueryRowContext(ctx, checkSecond).Scan(&finding); err != nil || finding != "ok" {
		return false
	}
	_, err := b.writer.ExecContext(ctx, touchSecond)
	return err == nil
}

// serial gives how far main.db has counted, 0 where it doesn't count.
func (t *tx) serial() (n int64, err error) {
	if t.base.second == nil {
		return 0, nil
	}
	return n, t.row(selectSerial, nil, &n)
}

// count says in main.db that it goes on without the copy.
func (t *tx) count() error {
	if t.base.second == nil || t.base.second.on {
		return nil
	}
	return t.do(countAhead)
}

// committedAlone tells after a COMMIT that failed whether main.db has it all the
// same: then it was the copy that couldn't be written, and is let go.
func (b *base) committedAlone(ctx context.Context, before, meant int64) bool {
	if b.second == nil || !b.second.on || before == meant {
		return false
	}
	var now int64
	if err := b.writer.QueryRowContext(ctx, selectSerial).Scan(&now); err != nil || now != meant {
		return false
	}
	slog.Error("second copy let go: it could not be written")
	return b.goOn(ctx) == nil
}

// meetSecond has main.db meet its copy. A copy that can't be read is put aside
// and made anew; the place it lies at now.
func (s *Store) meetSecond(ctx context.Context, m terms) (f found, aside string, err error) {
	f, err = s.main.join(ctx, m)
	if err == nil || !ofAFile(err) || s.readable(ctx, secondFile) {
		return f, "", err
	}
	slog.Error("database put aside", "database", secondFile, "kind", string(kindOf(err)))
	if aside, err = s.putAside(secondFile); err != nil {
		return f, "", err
	}
	m.second = aside
	f, err = s.main.join(ctx, m)
	return f, aside, err
}

// rejoin makes the second copy good again where it was let go, for instance
// because it couldn't be written.
func (s *Store) rejoin(ctx context.Context) error {
	if s.main.second == nil || !s.main.second.lost.Load() {
		return nil
	}
	return wrap("join the second copy", s.main.inTurn(ctx, func() (err error) {
		if !s.readable(ctx, secondFile) {
			if _, err = s.putAside(secondFile); err != nil {
				return err
			}
		}
		_, _, err = s.meetSecond(ctx, terms{now: s.now()})
		return err
	}))
}

// checkSecond reads all of the copy, makes one anew that has holes, and compares
// it with main.db. Kind damaged when a disk has changed a row of either: the next
// opening puts it right.
func (s *Store) checkSecond(ctx context.Context) error {
	if s.main.second == nil {
		return nil
	}
	err := s.main.inTurn(ctx, func() error {
		if !s.main.second.on {
			return nil
		}
		if !s.main.secondWorks(ctx) {
			slog.Error("second copy let go: it can't be read")
			return s.main.goOn(ctx)
		}
		same, err := s.main.compare(ctx, s.now())
		if err == nil && !same {
			s.noteHurt(changedRows)
			err = desk.E(desk.KindDamaged, "compare with the second copy", errors.New("rows differ"))
		}
		return s.main.saw(err)
	})
	if err != nil {
		return wrap("check the second copy", err)
	}
	return s.rejoin(ctx)
}

// changedRows stands among the names of damaged databases when none is damaged as
// a whole, but rows are.
const changedRows = "rows"
