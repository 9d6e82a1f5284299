package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"fernpost/store/desk"
)

func TestEveryDatabaseIsOpenedTheSameWay(t *testing.T) {
	ts := openTest(t)
	for _, b := range []*base{ts.main, ts.blobs} {
		for pragma, want := range map[string]string{
			"page_size": "4096", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "temp_store": "2", "busy_timeout": "5000",
		} {
			var got string
			if err := b.writer.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s is %s, want %s, %v", filepath.Base(b.path), pragma, got, want, err)
			}
		}
		if _, err := b.readDB.ExecContext(t.Context(), `CREATE TABLE x (y)`); err == nil {
			t.Errorf("%s: a reader wrote", filepath.Base(b.path))
		}
		if n := b.readDB.Stats().MaxOpenConnections; n != readers {
			t.Errorf("%d readers", n)
		}
	}
	var pages string
	if err := ts.main.row(t.Context(), `SELECT v FROM search_config WHERE k = 'pgsz'`, nil, &pages); err != nil || pages != "4000" {
		t.Errorf("pages of the index hold %s, %v", pages, err)
	}
}

func TestOneWindowPerFolder(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	_, err := Open(t.Context(), Options{Dir: ts.dir})
	wantKind(t, err, desk.KindLocked)
	beside, err := Open(t.Context(), Options{Dir: ts.dir, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if h, err := beside.Health(t.Context(), true); err != nil || h.Messages != 1 || h.Conversations != 1 || h.Check != "ok" {
		t.Errorf("beside a window: %+v, %v", h, err)
	}
	if h, _ := beside.Health(t.Context(), false); h.Unclean {
		t.Error("a window that is open is no unclean exit")
	}
	ts.apply(mail(2))
	if p, err := beside.List(t.Context(), ListQuery{View: ViewInbox}); err != nil || len(p.Rows) != 2 {
		t.Errorf("it sees what is written: %+v, %v", p, err)
	}
	wantKind(t, beside.PutSetting(t.Context(), "a", "b"), desk.KindPermission)
	if err := beside.Close(); err != nil {
		t.Error(err)
	}
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ts.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	wantKind(t, ts.PutSetting(t.Context(), "a", "b"), desk.KindCancelled)
	again, err := Open(t.Context(), Options{Dir: ts.dir, ReadOnly: true})
	if err != nil {
		t.Fatalf("with no window: %v", err)
	}
	if p, err := again.List(t.Context(), ListQuery{View: ViewInbox}); err != nil || len(p.Rows) != 2 {
		t.Errorf("with no window: %+v, %v", p, err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	_, err = Open(t.Context(), Options{Dir: t.TempDir(), ReadOnly: true})
	wantKind(t, err, desk.KindNotFound)
	_, err = Open(t.Context(), Options{})
	wantKind(t, err, desk.KindInvalid)
}

func TestTheFolderIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // rights are inherited from the profile there
	}
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ts := openTestIn(t, dir)
	ts.apply(mail(1))
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, mainFile): 0o600, filepath.Join(dir, blobsFile): 0o600, filepath.Join(dir, lockFile): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s is %v, want %v, %v", path, info.Mode().Perm(), want, err)
		}
	}
}

func TestDefaultDir(t *testing.T) {
	home := func() (string, error) { return "/home/a", nil }
	for _, c := range []struct {
		name, system string
		env          map[string]string
		want         string
		kind         desk.Kind
	}{
		{"chosen", "linux", map[string]string{"FERNPOST_DATA": "/x/y"}, "/x/y", ""},
		{"xdg", "linux", map[string]string{"XDG_DATA_HOME": "/d"}, "/d/fernpost", ""},
		{"xdg must be absolute", "linux", map[string]string{"XDG_DATA_HOME": "d"}, "/home/a/.local/share/fernpost", ""},
		{"home", "linux", nil, "/home/a/.local/share/fernpost", ""},
		{"mac", "darwin", nil, "/home/a/Library/Application Support/Fernpost", ""},
		{"windows never roams", "windows", map[string]string{"LOCALAPPDATA": "/l", "APPDATA": "/r"}, "/l/Fernpost", ""},
		{"windows without", "windows", map[string]string{"APPDATA": "/r"}, "", desk.KindNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := defaultDir(c.system, func(k string) string { return c.env[k] }, home)
			if filepath.ToSlash(got) != c.want || desk.KindOf(err) != c.kind {
				t.Errorf("%q, %v; want %q, %q", got, err, c.want, c.kind)
			}
		})
	}
}

func TestCloudFolders(t *testing.T) {
	env := func(k string) string {
		if k == "OneDrive" {
			return "/cloud/one"
		}
		return ""
	}
	for dir, want := range map[string]bool{
		"/home/a/.local/share/fernpost":                          false,
		"/home/a/OneDrive/fernpost":                              true,
		"/home/a/OneDrive - Example Ltd/x":                       true,
		"/home/a/Dropbox/fernpost":                               true,
		"/home/a/Google Drive/x":                                 true,
		"/home/a/Library/Mobile Documents/com~apple~CloudDocs":   true,
		"/home/a/Library/CloudStorage/GoogleDrive-a@example.com": true,
		"/cloud/one/data":                                        true,
		"/cloud/onerous/data":                                    false,
		"/home/dropboxer/x":                                      false,
		`C:\Users\a\Nextcloud\x`:                                 true,
	} {
		if got := cloudPath(dir, env); got != want {
			t.Errorf("%s: %v", dir, got)
		}
	}
	dir := filepath.Join(t.TempDir(), "Dropbox", "not yet")
	if got := FolderWarning(dir); got != "cloud" {
		t.Errorf("%s: %q", dir, got)
	}
	link := filepath.Join(t.TempDir(), "plain")
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(dir), link); err == nil && FolderWarning(link) != "cloud" {
		t.Error("a link into a cloud folder")
	}
}

func TestErrorsHaveAKind(t *testing.T) {
	ts := openTest(t)
	_, err := ts.Account(t.Context(), "none")
	wantKind(t, err, desk.KindNotFound)
	if !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("the cause is lost: %v", err)
	}
	wantKind(t, ts.PutAccount(t.Context(), desk.Account{}), desk.KindInvalid)
	wantKind(t, ts.PutAccount(t.Context(), desk.Account{ID: "x", State: "odd"}), desk.KindInternal)
	_, err = ts.List(t.Context(), ListQuery{View: "odd"})
	wantKind(t, err, desk.KindInvalid)
	_, err = ts.List(t.Context(), ListQuery{View: ViewInbox, After: "x"})
	wantKind(t, err, desk.KindInvalid)
	_, err = ts.Message(t.Context(), 1)
	wantKind(t, err, desk.KindNotFound)
}

func TestAFullDiskIsNamedAndPasses(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	if err := ts.sql(`PRAGMA max_page_count = 1`); err != nil { // as many as there are
		t.Fatal(err)
	}
	big := mail(2)
	big.Body.Text = string(make([]rune, 1<<20))
	_, err := ts.Apply(t.Context(), Page{Account: testAccount, Items: []desk.Arrival{big}, Cursor: []byte("x")})
	wantKind(t, err, desk.KindDiskFull)
	if c := ts.of(1); c.Messages != 1 || ts.counters().Inbox != 1 {
		t.Errorf("what was there: %+v", c)
	}
	if err := ts.sql(`PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if a := ts.apply(big); a.New != 1 {
		t.Errorf("with room again: %+v", a)
	}
}

func TestBackupTo(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2))
	dir := t.TempDir()
	if err := ts.BackupTo(t.Context(), filepath.Join(dir, mainFile)); err != nil {
		t.Fatal(err)
	}
	if copied := openTestIn(t, dir); copied.counters().Inbox != 2 || len(copied.find("text")) != 2 {
		t.Error("the copy isn't whole")
	}
	wantKind(t, ts.BackupTo(t.Context(), filepath.Join(dir, "none", "x.db")), desk.KindPermission)
}
