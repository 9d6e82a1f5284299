package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	lib "modernc.org/sqlite/lib"

	"fernpost/store/desk"
)

const (
	asideDir = "damaged"
	// asideStamp is the time in the name of what was put aside.
	asideStamp = "20060102T150405.000Z"
)

// tails are what lies beside a database: all of it is put aside, for whoever
// may read more out of it than we do.
var tails = []string{"", "-wal", "-shm"}

// putAside moves a damaged database, which must be closed, out of the way. It is
// never deleted by us. The new place, "" when there was nothing.
func (s *Store) putAside(name string) (string, error) {
	dir := filepath.Join(s.dir, asideDir)
	if err := makePrivate(dir); err != nil {
		return "", err
	}
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	place := filepath.Join(dir, stem+"-"+s.now().UTC().Format(asideStamp)+filepath.Ext(name))
	for n := 1; ; n++ {
		if _, err := os.Lstat(place); errors.Is(err, fs.ErrNotExist) {
			break
		}
		place = filepath.Join(dir, stem+"-"+s.now().UTC().Add(time.Duration(n)*time.Millisecond).Format(asideStamp)+filepath.Ext(name))
	}
	moved := ""
	for _, tail := range tails {
		err := os.Rename(filepath.Join(s.dir, name+tail), place+tail)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if err == nil {
			moved = place
		}
	}
	return moved, nil
}

// damaged tells an error that says that a file's content is no database any
// more, or one with holes.
func damaged(err error) bool {
	if errors.Is(err, errNoSchema) {
		return true
	}
	switch codeOf(err) {
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return true
	}
	return false
}

// errNoSchema: the version in the file's head says that it is empty, and it isn't.
var errNoSchema = desk.E(desk.KindDamaged, "read the schema", errors.New("tables without a version"))
