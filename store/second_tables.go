package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"hash"
	"hash/fnv"
	"math"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// The second copy holds, row by row, what can't be had from a server again. Its
// tables and the triggers that fill them are made from main.db's own columns: a
// column that comes to a table is copied with it, and nobody can forget one.
// That is why SQL is put together here, of names that stand in the schema.

// kept is a table that is copied. Those that others refer to come first.
type kept struct {
	name    string
	columns string // that are copied, where not all are
	rows    string // which rows m of main.db belong in the copy; "" all. ?1: since when ended ops stay
}

const (
	keptOps = `m.seq IN (
  SELECT seq FROM main.op WHERE state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')
  UNION ALL SELECT seq FROM main.op WHERE state IN ('sent', 'reconciled') AND changed_ms >= ?1)`
	ofKeptOps           = `m.op IN (SELECT id FROM second.kept_op)`
	keptConversations   = `m.id IN (SELECT conversation FROM second.kept_draft UNION SELECT conversation FROM second.kept_op)`
	ofKeptConversations = `m.conversation IN (SELECT id FROM second.kept_conversation)`

	// A conversation is copied while a draft or an op is in it: what threads the
	// server's mail into the same one, and what a person chose.
	conversationKept = "id account key subject customer_name customer_addr language status chosen settled told over snoozed_until_ms"
)

var keptTables = []kept{
	{name: "setting"},
	{name: "secret"},
	{name: "account"},
	{name: "identity"},
	{name: "signature"},
	{name: "line_choice"},
	{name: "decision"},
	{name: "decision_message"},
	{name: "upload"},
	{name: "draft"},
	{name: "draft_rev"},
	{name: "draft_file"},
	{name: "op", rows: keptOps},
	{name: "op_file", rows: ofKeptOps},
	{name: "attempt", rows: ofKeptOps},
	{name: conversationTable, columns: conversationKept, rows: keptConversations},
	{name: "conversation_key", rows: ofKeptConversations},
}

const conversationTable = "conversation"

// plan is a kept table with its columns.
type plan struct {
	kept
	all   []string // columns that are copied
	typed []string // the same with their types: without them no index of the copy would be used
	keys  []string // of them, the primary key
}

const (
	selectColumns = `SELECT name FROM pragma_table_info(?1, 'main') ORDER BY cid`
	selectTyped   = `SELECT name || ' ' || type FROM pragma_table_info(?1, 'main') WHERE name IN (SELECT value FROM json_each(?2)) ORDER BY cid`
	selectKeys    = `SELECT name FROM pragma_table_info(?1, 'main') WHERE pk > 0 ORDER BY pk`
	keptColumns   = `SELECT name FROM pragma_table_info('kept_' || ?1, 'second') WHERE name <> 'sum' ORDER BY cid`
)

// plans reads the columns of main.db.
func (b *base) plans(ctx context.Context) ([]plan, error) {
	var all []plan
	for _, k := range keptTables {
		p := plan{kept: k, all: strings.Fields(k.columns)}
		var err error
		if len(p.all) == 0 {
			if p.all, err = b.texts(ctx, selectColumns, k.name); err != nil {
				return nil, err
			}
		}
		if p.typed, err = b.texts(ctx, selectTyped, k.name, list(p.all)); err != nil {
			return nil, err
		}
		if p.keys, err = b.texts(ctx, selectKeys, k.name); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// texts asks the writer for a column of texts, outside its prepared statements.
func (b *base) texts(ctx context.Context, query string, args ...any) (all []string, err error) {
	rows, err := b.writer.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return all, drain(rows, collect(&all, scanOf[string]))
}

// of gives columns as a list, each after prefix.
func of(prefix string, columns []string) string {
	return prefix + strings.Join(columns, ", "+prefix)
}

// matches compares two rows by some columns.
func matches(a, b string, columns []string) string {
	var all []string
	for _, c := range columns {
		all = append(all, a+c+" = "+b+c)
	}
	return strings.Join(all, " AND ")
}

// fill writes SQL with the names of a table: T its name, {x} its columns after
// x, {x=y} that x and y are the same row.
func (p plan) fill(sql string) string {
	copied := "kept_" + p.name + "."
	return strings.NewReplacer(
		"{T}", p.name, "{rows}", cmp.Or(p.rows, "TRUE"), "{keys}", of("", p.keys), "{}", of("", p.all), "{typed}", of("", p.typed),
		"{m.}", of("m.", p.all), "{k.}", of("k.", p.all), "{NEW.}", of("NEW.", p.all), "{OLD.}", of("OLD.", p.all),
		"{m=k}", matches("m.", "k.", p.keys), "{kept=m}", matches(copied, "m.", p.keys),
		"{kept=OLD}", matches(copied, "OLD.", p.keys), "{kept=NEW}", matches(copied, "NEW.", p.keys),
	).Replace(sql)
}

const createKept = `CREATE TABLE IF NOT EXISTS second.kept_{T} ({typed}, sum INTEGER NOT NULL, PRIMARY KEY ({keys}))`

// The triggers stand on the writer's connection alone, and write to the second
// copy in the transaction of what they follow. serial counts up in both, so that
// the newer of the two is known. (Not OR REPLACE: a trigger takes its conflict
// clause from the statement that fires it.)
const (
	keepTriggers = `
CREATE TEMP TRIGGER keep_{T}_insert AFTER INSERT ON main.{T}
BEGIN
  DELETE FROM kept_{T} WHERE {kept=NEW};
  INSERT INTO kept_{T} ({}, sum) VALUES ({NEW.}, row_sum({NEW.}));
  UPDATE copied SET serial = serial + 1;
END;
CREATE TEMP TRIGGER keep_{T}_update AFTER UPDATE ON main.{T} WHEN ({NEW.}) IS NOT ({OLD.})
BEGIN
  DELETE FROM kept_{T} WHERE {kept=OLD};
  INSERT INTO kept_{T} ({}, sum) VALUES ({NEW.}, row_sum({NEW.}));
  UPDATE copied SET serial = serial + 1;
END;
CREATE TEMP TRIGGER keep_{T}_delete AFTER DELETE ON main.{T}
BEGIN
  DELETE FROM kept_{T} WHERE {kept=OLD};
  UPDATE copied SET serial = serial + 1;
END;`

	keepConversation = `
CREATE TEMP TRIGGER keep_conversation_update AFTER UPDATE OF {} ON main.conversation
WHEN ({NEW.}) IS NOT ({OLD.}) AND EXISTS (SELECT 1 FROM kept_conversation WHERE id = OLD.id)
BEGIN
  DELETE FROM kept_conversation WHERE id = NEW.id;
  INSERT INTO kept_conversation ({}, sum) VALUES ({NEW.}, row_sum({NEW.}));
  UPDATE copied SET serial = serial + 1;
END;
CREATE TEMP TRIGGER keep_conversation_delete AFTER DELETE ON main.conversation
WHEN EXISTS (SELECT 1 FROM kept_conversation WHERE id = OLD.id)
BEGIN
  DELETE FROM kept_conversation WHERE id = OLD.id;
  UPDATE copied SET serial = serial + 1;
END;`

	keepKey = `
CREATE TEMP TRIGGER keep_key_insert AFTER INSERT ON main.conversation_key
WHEN EXISTS (SELECT 1 FROM kept_conversation WHERE id = NEW.conversation)
BEGIN
  DELETE FROM kept_conversation_key WHERE key = NEW.key AND account = NEW.account;
  INSERT INTO kept_conversation_key ({}, sum) VALUES ({NEW.}, row_sum({NEW.}));
  UPDATE copied SET serial = serial + 1;
END;
CREATE TEMP TRIGGER keep_key_update AFTER UPDATE ON main.conversation_key
WHEN EXISTS (SELECT 1 FROM kept_conversation WHERE id IN (OLD.conversation, NEW.conversation))
BEGIN
  DELETE FROM kept_conversation_key WHERE key = OLD.key AND account = OLD.account;
  INSERT INTO kept_conversation_key ({}, sum) SELECT {NEW.}, row_sum({NEW.})
    WHERE EXISTS (SELECT 1 FROM kept_conversation WHERE id = NEW.conversation);
  UPDATE copied SET serial = serial + 1;
END;
CREATE TEMP TRIGGER keep_key_delete AFTER DELETE ON main.conversation_key
WHEN EXISTS (SELECT 1 FROM kept_conversation WHERE id = OLD.conversation)
BEGIN
  DELETE FROM kept_conversation_key WHERE key = OLD.key AND account = OLD.account;
  UPDATE copied SET serial = serial + 1;
END;`

	// What brings a conversation into the copy: a draft or an op that comes to it.
	keepHome = `
CREATE TEMP TRIGGER keep_home_{T}_insert AFTER INSERT ON main.{T}
WHEN NOT EXISTS (SELECT 1 FROM kept_conversation WHERE id = NEW.conversation)
BEGIN
  INSERT INTO kept_conversation ({c}, sum) SELECT {c}, row_sum({c}) FROM conversation WHERE id = NEW.conversation;
  DELETE FROM kept_conversation_key WHERE conversation = NEW.conversation;
  INSERT INTO kept_conversation_key ({y}, sum) SELECT {y}, row_sum({y}) FROM conversation_key WHERE conversation = NEW.conversation;
END;
CREATE TEMP TRIGGER keep_home_{T}_update AFTER UPDATE OF conversation ON main.{T}
WHEN NOT EXISTS (SELECT 1 FROM kept_conversation WHERE id = NEW.conversation)
BEGIN
  INSERT INTO kept_conversation ({c}, sum) SELECT {c}, row_sum({c}) FROM conversation WHERE id = NEW.conversation;
  DELETE FROM kept_conversation_key WHERE conversation = NEW.conversation;
  INSERT INTO kept_conversation_key ({y}, sum) SELECT {y}, row_sum({y}) FROM conversation_key WHERE conversation = NEW.conversation;
END;`

	keepSerial = `
CREATE TEMP TRIGGER keep_serial AFTER UPDATE ON main.copied
BEGIN UPDATE kept_serial SET serial = NEW.serial; END;`
)

// triggers gives the script that keeps the copy as new as main.db.
func triggers(plans []plan) string {
	byName := map[string]plan{}
	for _, p := range plans {
		byName[p.name] = p
	}
	home := strings.NewReplacer("{c}", of("", byName[conversationTable].all), "{y}", of("", byName["conversation_key"].all)).Replace(keepHome)
	script := []string{keepSerial}
	for _, p := range plans {
		switch p.name {
		case conversationTable:
			script = append(script, p.fill(keepConversation))
		case "conversation_key":
			script = append(script, p.fill(keepKey))
		case "draft", "op":
			script = append(script, p.fill(keepTriggers), p.fill(home))
		default:
			script = append(script, p.fill(keepTriggers))
		}
	}
	return strings.Join(script, "\n")
}

var rowSumOnce sync.Once

// registerRowSum gives every connection that is opened from now on row_sum(…): a
// sum of a row's values and their types, by which one that the disk changed is told.
func registerRowSum() {
	rowSumOnce.Do(func() {
		sqlite.MustRegisterDeterministicScalarFunction("row_sum", -1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			h := fnv.New64a()
			for _, v := range args {
				sumValue(h, v)
			}
			return int64(h.Sum64()), nil //nolint:gosec // a sum: every bit pattern is one
		})
	})
}

// sumValue adds a value with its type and length.
func sumValue(h hash.Hash64, v driver.Value) {
	put := func(kind byte, n uint64, text []byte) {
		_, _ = h.Write(binary.LittleEndian.AppendUint64([]byte{kind}, n)) // a hash takes everything
		_, _ = h.Write(text)
	}
	switch v := v.(type) {
	case int64:
		put('i', uint64(v), nil) //nolint:gosec // the bits are what counts
	case float64:
		put('f', math.Float64bits(v), nil)
	case string:
		put('t', uint64(len(v)), []byte(v))
	case []byte:
		put('b', uint64(len(v)), v)
	default:
		put('n', 0, nil)
	}
}
