package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"fernpost/store/desk"
)

// wrap gives err the kind a person can act on, by SQLite's result code and
// never by its text, and says what was being done.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return desk.E(kindOf(err), doing, err)
}

func kindOf(err error) desk.Kind {
	var known *desk.Error
	var failed *sqlite.Error
	switch {
	case errors.As(err, &known):
		return known.Kind
	case errors.As(err, &failed):
		return kindOfCode(failed.Code())
	case errors.Is(err, sql.ErrNoRows):
		return desk.KindNotFound
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return desk.KindCancelled
	case errors.Is(err, fs.ErrPermission):
		return desk.KindPermission
	case isDiskFull(err):
		return desk.KindDiskFull
	}
	return desk.KindInternal
}

func kindOfCode(code int) desk.Kind {
	switch code { // extended codes that mean something else than their family
	case lib.SQLITE_IOERR_CORRUPTFS, lib.SQLITE_IOERR_DATA:
		return desk.KindDamaged
	case lib.SQLITE_IOERR_WRITE, lib.SQLITE_IOERR_FSYNC, lib.SQLITE_IOERR_SHMSIZE, lib.SQLITE_IOERR_TRUNCATE:
		return desk.KindDiskFull
	}
	switch code & 0xff {
	case lib.SQLITE_FULL:
		return desk.KindDiskFull
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_IOERR:
		return desk.KindDamaged
	case lib.SQLITE_PERM, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN:
		return desk.KindPermission
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return desk.KindLocked
	case lib.SQLITE_INTERRUPT:
		return desk.KindCancelled
	}
	return desk.KindInternal
}
