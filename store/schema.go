package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"fernpost/store/desk"
)

//go:embed sql
var sqlFiles embed.FS

// released are the schemas of this program.
var released = schemas{
	main:  schema{version: 3, create: sub("sql/schema"), steps: sub("sql/migrations"), copied: true},
	blobs: schema{version: 1, create: sub("sql/blobs"), steps: sub("sql/migrations/blobs")},
}

func sub(dir string) fs.FS {
	f, err := fs.Sub(sqlFiles, dir)
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return f
}

type schemas struct{ main, blobs schema }

// schema is what one database should look like. create holds the latest
// schema, files in the order of their names; steps holds NN-name.sql, each
// leading from the version before to NN. A step that has to go through a large
// table has a batch as well, which runs after it.
type schema struct {
	version int
	create  fs.FS
	steps   fs.FS
	batches map[int]batch
	copied  bool // has a second copy
}

// batch works on the rows after place and gives the place it came to, and how
// much there is in all; done once nothing is left. Each call is a transaction,
// and place survives a stop between two.
type batch func(t *tx, place int64) (next, total int64, done bool, err error)

// accepts refuses a database of another version than a reader can read.
func (s schema) accepts(version int) error {
	switch {
	case version > s.version:
		return desk.E(desk.KindTooNew, "look at the schema", fmt.Errorf("version %d, this program knows %d", version, s.version))
	case version < s.version:
		return desk.E(desk.KindConflict, "look at the schema", fmt.Errorf("version %d waits for its migration to %d", version, s.version))
	}
	return nil
}

// script joins the files of the latest schema.
func (s schema) script() (string, error) {
	names, err := fs.Glob(s.create, "*.sql")
	if err != nil {
		return "", err
	}
	slices.Sort(names)
	var all strings.Builder
	for _, name := range names {
		text, err := fs.ReadFile(s.create, name)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	if all.Len() == 0 {
		return "", errors.New("no schema")
	}
	return all.String(), nil
}

// step joins the files that lead to version, in the order of their names.
func (s schema) step(version int) (string, error) {
	names, err := fs.Glob(s.steps, "*.sql")
	if err != nil {
		return "", err
	}
	slices.Sort(names)
	var all strings.Builder
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "-")
		if n, err := strconv.Atoi(number); err != nil || n != version {
			continue
		}
		text, err := fs.ReadFile(s.steps, name)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	if all.Len() == 0 {
		return "", fmt.Errorf("no migration to version %d", version)
	}
	return all.String(), nil
}

const selectVersion = `PRAGMA user_version`

const hasTables = `SELECT EXISTS (SELECT 1 FROM sqlite_schema)`

// version gives 0 for a database without anything.
func (b *base) version(ctx context.Context) (v int, err error) {
	if err = b.writer.QueryRowContext(ctx, selectVersion).Scan(&v); err != nil || v != 0 {
		return v, err
	}
	var has bool
	if err = b.writer.QueryRowContext(ctx, hasTables).Scan(&has); err == nil && has {
		err = errNoSchema
	}
	return v, err
}
