package store

import (
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"fernpost/store/desk"
)

// testdata/v1 and so on hold one data folder for each released schema, as that
// release wrote it. They are never written again: with -freeze this test makes
// the one of the present version, when there is none yet.
var freeze = flag.Bool("freeze", false, "write the frozen databases of the present schema")

var frozenFiles = []string{mainFile, blobsFile}

func frozenDir(version int) string { return filepath.Join("testdata", fmt.Sprintf("v%d", version)) }

func TestReleasedDatabasesMigrate(t *testing.T) {
	if *freeze {
		freezePresent(t)
	}
	fresh := openTest(t)
	for version := 1; version <= released.main.version; version++ {
		if _, err := os.Stat(frozenDir(version)); errors.Is(err, fs.ErrNotExist) && version == released.main.version {
			continue // it is still being written, and frozen when it is released
		}
		dir := t.TempDir()
		for _, name := range frozenFiles {
			unpack(t, filepath.Join(frozenDir(version), name+".gz"), filepath.Join(dir, name))
		}
		ts := openTestIn(t, dir)
		checkFrozen(t, ts)
		for _, b := range [][2]*base{{ts.main, fresh.main}, {ts.blobs, fresh.blobs}} {
			if got, want := describe(t, b[0]), describe(t, b[1]); got != want {
				t.Errorf("version %d, migrated:\n%s\nfresh:\n%s", version, got, want)
			}
		}
	}
}

// fillFrozen writes something of everything.
func fillFrozen(t *testing.T, ts *testStore) {
	t.Helper()
	for n, s := range sentences {
		a := mail(n + 1)
		a.Body.Text, a.Body.Language = s.text, s.language
		ts.apply(a)
	}
	ts.mails = len(sentences)
	for _, st := range desk.OpStates {
		ts.opIn(st)
	}
	ts.draft(ts.of(2).ID, "half an answer")
	file := mail(100, 1)
	file.Head.Attachments = []desk.Attachment{{Part: "2", Name: "a.txt", Size: 5}}
	file.Flags = &desk.Flags{Keywords: []string{"urgent"}}
	ts.page(Page{Items: []desk.Arrival{file}, Cursor: []byte("cursor"), Verified: monday})
	ts.append(ts.messagesOf(ts.of(100).ID)[1].Attachments[0].ID, 0, []byte("bytes"), 0)
	for _, err := range []error{
		ts.PutSetting(t.Context(), "theme", "dark"),
		ts.PutSecret(t.Context(), [32]byte{1}, "desk/password", "secret"),
		ts.NoteLine(t.Context(), LineEvent{testAccount, monday, "answered"}),
		ts.CountBytes(t.Context(), testAccount, "text", 5),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func checkFrozen(t *testing.T, ts *testStore) {
	t.Helper()
	c := ts.counters()
	if c.Outbox != 3 || c.NeedYou != 2 || c.Drafts != 1 || c.Inbox != len(sentences) {
		t.Errorf("counters %+v", c)
	}
	for _, s := range sentences {
		if s.marked != "" && len(ts.find(s.query)) == 0 {
			t.Errorf("%q isn't found any more", s.query)
		}
	}
	if d, err := ts.DraftOf(t.Context(), ts.of(2).ID); err != nil || d.Text != "half an answer" {
		t.Errorf("draft %+v, %v", d, err)
	}
	got, err := io.ReadAll(ts.blob(ts.messagesOf(ts.of(100).ID)[1].Attachments[0].ID))
	if err != nil || string(got) != "bytes" {
		t.Errorf("file %q, %v", got, err)
	}
	if v, err := ts.Secret(t.Context(), [32]byte{1}, "desk/password"); err != nil || v != "secret" {
		t.Errorf("secret %q, %v", v, err)
	}
	if cursor, _, err := ts.Cursor(t.Context(), testAccount); err != nil || string(cursor) != "cursor" {
		t.Errorf("cursor %q, %v", cursor, err)
	}
}

func freezePresent(t *testing.T) {
	t.Helper()
	dir := frozenDir(released.main.version)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ts := openTest(t)
	fillFrozen(t, ts)
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range frozenFiles {
		pack(t, filepath.Join(ts.dir, name), filepath.Join(dir, name+".gz"))
	}
}

func pack(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644) // what was released stays
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(in); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(z.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	z, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
