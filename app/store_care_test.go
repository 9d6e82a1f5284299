package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fernpost/store"
)

// The whole way of a draft whose database is damaged while the window is open:
// the desk is opened again, and the draft is in the same conversation.
func TestADraftSurvivesDamageUnderAnOpenWindow(t *testing.T) {
	dir := t.TempDir()
	first, err := openDesk(t.Context(), deskOptions{dir: dir, clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := stage{desk: first}
	within(t, "first sync", s.sync)
	if err := first.Close(); err != nil { // so that all of it lies in one file
		t.Fatal(err)
	}

	o, stop, ended := newOpening(t.Context()), make(chan struct{}), make(chan struct{})
	openings := 0
	go func() {
		defer close(ended)
		_ = o.keep(func() (*Desk, error) {
			openings++
			return openDesk(t.Context(), deskOptions{dir: dir, clock: time.Now})
		}, stop)
	}()
	defer func() { close(stop); <-ended }()
	c := calls{o}
	inbox, composer, settings := &Inbox{c}, &Composer{calls: c}, &Settings{calls: c}
	page, err := inbox.List(ListRequest{View: "inbox", Order: "newest", Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	id := page.Rows[0].ID
	draft, err := composer.Start(id)
	if err != nil {
		t.Fatal(err)
	}
	draft.Text = "written before the damage"
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	spoil(t, filepath.Join(dir, "main.db"))
	within(t, "mending", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			_, _ = inbox.Search(SearchRequest{Text: "order"})
			for _, r := range page.Rows {
				_, _ = inbox.Open(r.ID)
			}
			v, err := settings.Get()
			return err == nil && v.Harm.What == "main", nil
		})
	})
	got, err := composer.Start(id)
	if err != nil || got.ID != draft.ID || got.Text != draft.Text {
		t.Errorf("%+v, %v", got, err)
	}
	got.Text += ", and after"
	if _, err := composer.Save(got); err != nil {
		t.Errorf("saving goes on: %v", err)
	}
	if err := settings.HarmRead(); err != nil {
		t.Error(err)
	}
	if v, err := settings.Get(); err != nil || v.Harm.What != "" {
		t.Errorf("read: %+v, %v", v.Harm, err)
	}
}

// spoil zeroes all of a database but its first page.
func spoil(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, info.Size()-4096), 4096); err != nil {
		t.Fatal(err)
	}
}

func TestHarmInOneWord(t *testing.T) {
	at := time.UnixMilli(1000)
	for what, h := range map[string]store.Harm{
		"":       {},
		"main":   {At: at, Main: "/a", Blobs: "/b"},
		"second": {At: at, Second: "/a"},
		"files":  {At: at, Blobs: "/a"},
		"mended": {At: at, Behind: true},
	} {
		if v := harmView(h); v.What != what {
			t.Errorf("%+v is %q, want %q", h, v.What, what)
		}
	}
	if v := harmView(store.Harm{At: at, Gone: true}); v.What != "main" || v.Aside != "" {
		t.Errorf("a database that was gone: %+v", v)
	}
}
