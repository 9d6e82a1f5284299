package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"fernpost/store/desk"
)

// A schema of the tests' own, in three versions: 2 adds a column and fills it
// in batches, 3 adds a table.
const (
	thing1 = `CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;`
	thing2 = `ALTER TABLE thing ADD COLUMN passes INTEGER NOT NULL DEFAULT 0;`
	thing3 = `CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT;`
	places = `CREATE TABLE migration (version INTEGER NOT NULL PRIMARY KEY, place INTEGER NOT NULL DEFAULT 0) STRICT;`
)

const things, thingsPerBatch = 100, 10

func thingSchemas(version int) *schemas {
	latest := []string{thing1, thing1 + thing2, thing1 + thing2 + thing3}[version-1]
	return &schemas{
		blobs: released.blobs,
		main: schema{
			version: version,
			create:  fstest.MapFS{"10-thing.sql": {Data: []byte(latest)}, "20-place.sql": {Data: []byte(places)}},
			steps:   fstest.MapFS{"02-passes.sql": {Data: []byte(thing2)}, "03-other.sql": {Data: []byte(thing3)}},
			batches: map[int]batch{2: passBatch},
		},
	}
}

func passBatch(t *tx, place int64) (next, total int64, done bool, err error) {
	n, err := t.exec(`UPDATE thing SET passes = passes + 1 WHERE id > ?1 AND id <= ?1 + ?2`, place, thingsPerBatch)
	return place + n, things, n == 0, err
}

func openThings(t *testing.T, dir string, version int, progress func(string, int64, int64)) (*Store, error) {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir, schemas: thingSchemas(version), Progress: progress})
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, err
}

// makeThings makes a database of version 1.
func makeThings(t *testing.T, dir string) {
	t.Helper()
	s, err := openThings(t, dir, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.main.writer.ExecContext(t.Context(),
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) INSERT INTO thing (id, name) SELECT i, 'x' FROM n`, things); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func checkThings(t *testing.T, s *Store) {
	t.Helper()
	var once, version int
	if err := s.main.row(t.Context(), `SELECT count(*) FROM thing WHERE passes = 1`, nil, &once); err != nil || once != things {
		t.Errorf("%d of %d rows were migrated once, %v", once, things, err)
	}
	if err := s.main.row(t.Context(), selectVersion, nil, &version); err != nil || version != 3 {
		t.Errorf("version %d, %v", version, err)
	}
}

func TestMigrating(t *testing.T) {
	dir := t.TempDir()
	makeThings(t, dir)
	var steps []int64
	s, err := openThings(t, dir, 3, func(step string, done, total int64) {
		if step != mainFile || total != things {
			t.Errorf("progress %s %d of %d", step, done, total)
		}
		steps = append(steps, done)
	})
	if err != nil {
		t.Fatal(err)
	}
	checkThings(t, s)
	if len(steps) != things/thingsPerBatch+1 || !slices.IsSorted(steps) {
		t.Errorf("progress %v", steps)
	}
	copies, _ := filepath.Glob(filepath.Join(dir, backupDir, "main-v1-*.db"))
	if len(copies) != 1 {
		t.Fatalf("copies %v", copies)
	}
	if info, err := os.Stat(copies[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	fresh, err := openThings(t, t.TempDir(), 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(t, s.main), describe(t, fresh.main); got != want {
		t.Errorf("migrated:\n%s\nfresh:\n%s", got, want)
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := openThings(t, dir, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = openThings(t, dir, 2, nil)
	wantKind(t, err, desk.KindTooNew)
	_, err = Open(t.Context(), Options{Dir: dir, schemas: thingSchemas(2), ReadOnly: true})
	wantKind(t, err, desk.KindTooNew)
	if _, err = openThings(t, dir, 3, nil); err != nil {
		t.Errorf("the refusal left it locked or changed: %v", err)
	}
}

func TestOnlyTwoCopiesAreKept(t *testing.T) {
	dir := t.TempDir()
	if err := makePrivate(filepath.Join(dir, backupDir)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"main-v1-20250101T000000.000Z.db", "main-v9-20240101T000000.000Z.db", "blobs-v1-20200101T000000.000Z.db"} {
		if err := os.WriteFile(filepath.Join(dir, backupDir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	makeThings(t, dir)
	if _, err := openThings(t, dir, 2, nil); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, backupDir))
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), "v9") {
			t.Error("the oldest copy stayed")
		}
	}
}

// childMigrates stops in the middle and waits to be killed.
func childMigrates(ctx context.Context, dir string) error {
	_, err := Open(ctx, Options{Dir: dir, schemas: thingSchemas(3), Progress: func(_ string, done, _ int64) {
		fmt.Println(done)
		if done == 3*thingsPerBatch {
			time.Sleep(time.Hour)
		}
	}})
	return err
}

func TestAKilledMigrationGoesOn(t *testing.T) {
	dir := t.TempDir()
	makeThings(t, dir)
	runChild(t, "migrate", dir, func(line string) bool { return line == fmt.Sprint(3*thingsPerBatch) })
	if _, err := openThings(t, dir, 1, nil); desk.KindOf(err) != desk.KindTooNew {
		t.Errorf("the program from before must leave it alone: %v", err)
	}
	var first int64
	s, err := openThings(t, dir, 3, func(_ string, done, _ int64) {
		if first == 0 {
			first = done
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if first != 4*thingsPerBatch {
		t.Errorf("it went on at %d", first)
	}
	checkThings(t, s)
}

// describe gives a database's shape, whatever the way it was come by.
func describe(t *testing.T, b *base) string {
	t.Helper()
	query := func(q string, args ...any) []string {
		lines, err := many(t.Context(), b, q, args, scanOf[string])
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	var all []string
	for _, table := range query(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'`) {
		all = append(all, query(`SELECT 'table ' || name || ' ' || type || ' strict ' || strict || ' without rowid ' || wr FROM pragma_table_list WHERE name = ?1`, table)...)
		all = append(all, query(`SELECT ?1 || '.' || name || ' ' || type || ' not null ' || "notnull" || ' default ' || coalesce(dflt_value, '-') || ' key ' || pk || ' hidden ' || hidden FROM pragma_table_xinfo(?1)`, table)...)
		all = append(all, query(`SELECT ?1 || ' refers ' || "from" || ' to ' || "table" || ' ' || coalesce("to", '') || ' ' || on_delete FROM pragma_foreign_key_list(?1)`, table)...)
		for _, index := range query(`SELECT name FROM pragma_index_list(?1)`, table) {
			all = append(all, query(`SELECT 'index ' || ?1 || ' ' || seqno || ' ' || coalesce(name, '-') || ' desc ' || desc FROM pragma_index_xinfo(?1)`, index)...)
		}
	}
	for _, sql := range query(`SELECT sql FROM sqlite_schema WHERE type IN ('trigger', 'view') OR type = 'index' AND sql IS NOT NULL OR sql LIKE 'CREATE VIRTUAL%'`) {
		all = append(all, strings.Join(strings.Fields(sql), " "))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}
