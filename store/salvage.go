package store

import (
	"context"
	"database/sql"
	"log/slog"
	"slices"
	"strings"

	lib "modernc.org/sqlite/lib"
)

// Where the second copy has holes too, what can be read of the damaged files is
// read, row by row from both ends. What comes from there may be older than it
// looks: a reply among it is never sent before it was looked for.

const (
	// insertBroken is the last resort: a row whose sum is wrong.
	insertBroken = `
INSERT OR IGNORE INTO main.{T} ({common}) SELECT {k.homed} FROM second.kept_{T} k
WHERE NOT EXISTS (SELECT 1 FROM main.{T} m WHERE {m=k})`
	// doubtOps has every reply looked for that isn't known to be waiting.
	doubtOps = `
UPDATE main.op AS m SET state = 'uncertain', final = 1, attempts = max(attempts, 1), next_ms = 0
WHERE state IN ('queued', 'sending') AND (?1 OR NOT EXISTS (
  SELECT 1 FROM second.kept_op k WHERE k.seq = m.seq AND ` + whole + `))`
	asideColumns = `SELECT name FROM pragma_table_info(?1) ORDER BY cid`
	asideSerial  = `SELECT serial FROM copied`
)

// salvaged are the tables that are read out of a damaged file: small ones.
var salvaged = []string{
	"setting", "secret", "account", "identity", "signature", "line_choice", "decision", "decision_message",
	"upload", "draft", "draft_rev", "draft_file", "op", "op_file", "attempt",
}

func (p pull) salvage() error {
	doubt := p.terms.doubt || p.theirs > 0 && p.newest(p.terms.main) > p.theirs
	if err := p.countBroken(); err != nil {
		return err
	}
	holes := p.found.broken > 0 || p.theirs == 0 || p.terms.second != ""
	if holes {
		for _, from := range []wreck{{p.terms.second, "kept_", true}, {p.terms.main, "", false}, {p.terms.second, "kept_", false}} {
			if err := p.readWreck(from); err != nil {
				return err
			}
		}
	}
	for _, r := range p.plans {
		if r.name == "op" {
			if err := p.tx.run(r.fill(doubtOps), doubt); err != nil {
				return err
			}
		}
		if p.found.broken > 0 && slices.Contains(salvaged, r.name) {
			if err := p.tx.run(r.fill(insertBroken)); err != nil {
				return err
			}
		}
	}
	if holes { // broken rows may be ops
		for _, r := range p.plans {
			if r.name == "op" {
				return p.tx.run(r.fill(doubtOps), doubt)
			}
		}
	}
	return nil
}

func (p pull) countBroken() error {
	for _, r := range p.plans {
		var n int
		if err := p.scan(r.fill(countBroken), nil, &n); err != nil {
			return err
		}
		p.found.broken += n
	}
	return nil
}

// newest is how far a damaged main.db had come, as far as it can be read.
func (p pull) newest(path string) (n int64) {
	w := wreck{path: path}
	if db := w.open(); db != nil {
		defer func() { _ = db.Close() }()
		_ = db.QueryRowContext(p.ctx, asideSerial).Scan(&n)
	}
	return n
}

// wreck is a damaged file that rows are read out of.
type wreck struct {
	path   string
	prefix string // of its tables
	whole  bool   // only rows whose sum is right
}

func (w wreck) open() *sql.DB {
	if w.path == "" {
		return nil
	}
	db, err := openReaders(w.path)
	if err != nil {
		return nil
	}
	return db
}

// readWreck takes what is missing out of a damaged file. That some of it can't
// be read is no error.
func (p pull) readWreck(w wreck) error {
	db := w.open()
	if db == nil {
		return nil
	}
	defer func() { _ = db.Close() }()
	for _, r := range p.plans {
		if !slices.Contains(salvaged, r.name) {
			continue
		}
		if err := p.readTable(db, w, r); err != nil {
			return err
		}
	}
	return p.readHomes(db, w)
}

func (p pull) readTable(db *sql.DB, w wreck, r reading) error {
	columns, err := textsOf(p.ctx, db, asideColumns, w.prefix+r.name)
	if err != nil || len(columns) == 0 {
		return nil //nolint:nilerr // its schema can't be read
	}
	columns = slices.DeleteFunc(columns, func(c string) bool { return c == "sum" })
	common := slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return !slices.Contains(r.all, c) })
	query := "SELECT " + of("", common) + " FROM " + w.prefix + r.name
	if w.whole {
		query += " WHERE sum = row_sum(" + of("", columns) + ")"
	}
	if r.name == "op" {
		query += map[bool]string{true: " AND", false: " WHERE"}[w.whole] + " +state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')"
	}
	insert := "INSERT OR IGNORE INTO main." + r.name + " (" + of("", common) + ") VALUES (?" + strings.Repeat(", ?", len(common)-1) + ")"
	for _, order := range []string{" ORDER BY " + of("", r.keys), " ORDER BY " + strings.Join(r.keys, " DESC, ") + " DESC"} {
		whole, err := p.readRows(db, query+order, insert, len(common))
		if err != nil || whole {
			return err
		}
	}
	return nil
}

// readRows reads until it can't. whole tells that it read all; err is of main.db.
func (p pull) readRows(db *sql.DB, query, insert string, width int, args ...any) (whole bool, err error) {
	rows, err := db.QueryContext(p.ctx, query, args...)
	if err != nil {
		return false, nil //nolint:nilerr // the file is damaged
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		values, dest := make([]any, width), make([]any, width)
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return false, nil //nolint:nilerr // the file is damaged
		}
		if err := p.tx.run(insert, values...); err != nil && codeOf(err) != lib.SQLITE_CONSTRAINT {
			return false, err
		}
	}
	return rows.Err() == nil, nil
}

const (
	selectHomeless = `
SELECT conversation FROM main.draft UNION SELECT conversation FROM main.op
EXCEPT SELECT id FROM main.conversation`
	asideHome = `SELECT id, account, key, subject, customer_name, customer_addr FROM conversation WHERE id = ?1`
	asideKeys = `SELECT key, account, conversation FROM conversation_key WHERE conversation = ?1`
	putHome   = `
INSERT OR IGNORE INTO main.conversation (id, account, key, subject, customer_name, customer_addr) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	putKey = `INSERT OR IGNORE INTO main.conversation_key (key, account, conversation) VALUES (?1, ?2, ?3)`
)

// readHomes finds the conversations of what was salvaged.
func (p pull) readHomes(db *sql.DB, w wreck) error {
	rows, err := p.base.writer.QueryContext(p.ctx, selectHomeless)
	if err != nil {
		return err
	}
	var ids []int64
	if err := drain(rows, collect(&ids, scanOf[int64])); err != nil {
		return err
	}
	table := strings.NewReplacer("FROM conversation", "FROM "+w.prefix+"conversation")
	for _, id := range ids {
		if _, err := p.readRows(db, table.Replace(asideHome), putHome, 6, id); err != nil {
			return err
		}
		if _, err := p.readRows(db, table.Replace(asideKeys), putKey, 3, id); err != nil {
			return err
		}
	}
	slog.Info("salvaged conversations", "count", len(ids))
	return nil
}

func textsOf(ctx context.Context, db *sql.DB, query string, args ...any) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return all, drain(rows, collect(&all, scanOf[string]))
}
