package store

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// base is one database file: one connection that writes and a pool that only
// reads. Every database of Fernpost is opened here and nowhere else, so that an
// encrypting layer can come under all of them in one place. (Opening and
// closing the file by any other way would also drop SQLite's locks on Unix.)
type base struct {
	path    string
	writeDB *sql.DB
	writer  *sql.Conn            // nil when read-only
	turn    chan struct{}        // holds one who writes
	ended   chan struct{}        // closed with the base
	write   map[string]*sql.Stmt // prepared on writer; only while holding turn
	second  *second              // of main.db; nil for every other

	readDB *sql.DB
	mu     sync.Mutex
	read   map[string]*sql.Stmt

	damage func() // is called when a page can't be read; may be nil
}

// saw passes an error on, and tells of one that says that the file is damaged.
func (b *base) saw(err error) error {
	if err != nil && b.damage != nil && damaged(err) {
		b.damage()
	}
	return err
}

// readers is how many screens' worth of questions are answered at a time.
const readers = 4

// writerPragmas: FULL is not for choosing. At NORMAL a power cut loses commits
// that were already acknowledged.
var writerPragmas = []string{
	"busy_timeout(5000)", "page_size(4096)", "journal_mode(WAL)", "synchronous(FULL)",
	"foreign_keys(1)", "temp_store(MEMORY)", "cache_size(-8000)", "journal_size_limit(33554432)",
}

// syncPragmas: without them macOS answers before the disk has written.
var syncPragmas = []string{"fullfsync(1)", "checkpoint_fullfsync(1)"}

var readerPragmas = []string{
	"busy_timeout(5000)", "query_only(1)", "temp_store(MEMORY)", "cache_size(-4000)",
}

func openWriter(ctx context.Context, path string, extra ...string) (*sql.DB, *sql.Conn, error) {
	registerTokenizer()
	registerRowSum()
	pragmas := append([]string{}, writerPragmas...)
	if runtime.GOOS == "darwin" {
		pragmas = append(pragmas, syncPragmas...)
	}
	db, err := sql.Open("sqlite", source(path, "rwc", append(pragmas, extra...)))
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	return db, conn, nil
}

// openCopier opens a connection of its own for a backup: VACUUM INTO is
// refused where writing is, and would keep the writer busy for seconds.
func openCopier(ctx context.Context, path string) (*sql.DB, *sql.Conn, error) {
	registerTokenizer()
	db, err := sql.Open("sqlite", source(path, "ro", []string{"busy_timeout(5000)", "synchronous(FULL)"}))
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		_ = db.Close()
		return nil, nil, err
	}
	return db, conn, nil
}

func openReaders(path string) (*sql.DB, error) {
	registerTokenizer()
	db, err := sql.Open("sqlite", source(path, "ro", readerPragmas))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return db, nil
}

// source names the file as an URI: only then SQLite honours the mode.
func source(path, mode string, pragmas []string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // a drive letter
	}
	q := url.Values{"mode": {mode}, "_dqs": {"0"}, "_defensive": {"1"}, "_txlock": {"immediate"}, "_pragma": pragmas}
	return "file://" + (&url.URL{Path: p}).EscapedPath() + "?" + q.Encode()
}

func newBase(path string, writeDB *sql.DB, writer *sql.Conn) (*base, error) {
	r, err := openReaders(path)
	if err != nil {
		return nil, err
	}
	return &base{
		path: path, writeDB: writeDB, writer: writer, readDB: r,
		turn: make(chan struct{}, 1), ended: make(chan struct{}), write: map[string]*sql.Stmt{}, read: map[string]*sql.Stmt{},
	}, nil
}

func (b *base) close() error {
	if b == nil {
		return nil
	}
	close(b.ended)
	b.mu.Lock()
	for _, st := range b.read {
		_ = st.Close()
	}
	b.mu.Unlock()
	err := b.readDB.Close()
	if b.writer == nil {
		return err
	}
	b.turn <- struct{}{} // the last write has ended
	for _, st := range b.write {
		_ = st.Close()
	}
	_ = b.writer.Close()
	if werr := b.writeDB.Close(); werr != nil {
		return werr
	}
	return err
}

// stmt gives the prepared form of a query for the pool of readers.
func (b *base) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.ended:
		return nil, errClosed
	default:
	}
	if st, ok := b.read[query]; ok {
		return st, nil
	}
	st, err := b.readDB.PrepareContext(ctx, query)
	if err != nil {
		return nil, b.saw(err)
	}
	b.read[query] = st
	return st, nil
}

// row asks for one row; scan's error is sql.ErrNoRows when there is none.
func (b *base) row(ctx context.Context, query string, args []any, dest ...any) error {
	st, err := b.stmt(ctx, query)
	if err != nil {
		return err
	}
	return b.saw(st.QueryRowContext(ctx, args...).Scan(dest...))
}

// each calls fn for every row.
func (b *base) each(ctx context.Context, query string, args []any, fn func(scanner) error) error {
	st, err := b.stmt(ctx, query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return b.saw(err)
	}
	return b.saw(drain(rows, fn))
}

// scanner is a row, of one or of many.
type scanner interface{ Scan(dest ...any) error }

func drain(rows *sql.Rows, fn func(scanner) error) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
