package app

import (
	"context"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fernpost/app/practice"
	"fernpost/store/desk"
)

func TestWaitingRepliesAreExported(t *testing.T) {
	d, c := practiceDesk(t)
	if err := d.practice.SetLine(practice.LineOff); err != nil {
		t.Fatal(err)
	}
	first := queued(t, c, time.Time{})
	queued(t, c, time.Now().Add(time.Hour))
	folder := t.TempDir()
	accounts := &Accounts{calls: c, folder: func(context.Context) (string, error) { return folder, nil }}
	for range 2 { // a second time beside the first
		if v, err := accounts.Export(string(practiceID)); err != nil || v != (ExportView{Folder: folder, Replies: 2}) {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil || len(files) != 4 {
		t.Fatalf("%q, %v", files, err)
	}
	found := false
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil || m.Header.Get("X-Unsent") != "1" || m.Header.Get("To") == "" || m.Header.Get("Bcc") != "" {
			t.Errorf("%s: %v, %v", filepath.Base(path), m, err)
			continue
		}
		found = found || strings.Contains(m.Header.Get("Message-ID"), first.ID)
	}
	if !found {
		t.Error("the first reply is in no file")
	}
	if op, err := d.store.Op(t.Context(), desk.OpID(first.ID)); err != nil || op.State != desk.OpQueued {
		t.Errorf("exporting made it %s, %v", op.State, err)
	}
	folder = filepath.Join(folder, "not there")
	if _, err := accounts.Export(string(practiceID)); desk.KindOf(err) != desk.KindPermission {
		t.Errorf("into a folder that isn't there: %v", err)
	}
	folder = ""
	if v, err := accounts.Export(string(practiceID)); err != nil || v != (ExportView{}) {
		t.Errorf("the person changed their mind: %+v, %v", v, err)
	}
}

func TestExportNames(t *testing.T) {
	op := desk.Op{Created: time.Date(2026, 11, 25, 14, 5, 0, 0, time.Local), Subject: "Re: a/b\\c: \u202egpj", To: desk.Address{Name: "../Ann"}}
	name := exportName(op)
	if strings.ContainsAny(name, "/\\:\u202e") || !strings.HasSuffix(name, ".eml") || !strings.HasPrefix(name, "2026-11-25 14.05") {
		t.Errorf("%q", name)
	}
}
