package app

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zalando/go-keyring"

	"fernpost/i18n"
	"fernpost/store"
	"fernpost/store/desk"
)

// practiceDesk opens a desk on the practice account, as the window does, and
// waits until the first sync is through.
func practiceDesk(t *testing.T) (*Desk, calls) {
	t.Helper()
	o := newOpening(t.Context())
	d, err := openDesk(t.Context(), deskOptions{dir: t.TempDir(), clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	o.finish(d, nil)
	s := stage{desk: d}
	within(t, "first sync", s.sync)
	return d, calls{o}
}

func within(t *testing.T, what string, fn func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := fn(ctx); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestAFileIsFetchedAndSaved(t *testing.T) {
	d, c := practiceDesk(t)
	inbox := &Inbox{c}
	page, err := inbox.List(ListRequest{View: "inbox", Order: "newest", Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	var file FileView
	for _, r := range page.Rows {
		view, err := inbox.Open(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range view.Messages {
			for _, f := range m.Files {
				if f.Size > file.Size {
					file = f
				}
			}
		}
	}
	if file.ID == "" {
		t.Fatal("the practice inbox has no file")
	}
	path := filepath.Join(t.TempDir(), file.Name)
	files := &Files{calls: c, ask: func(context.Context, string) (string, error) { return path, nil }}
	if _, err := files.Save(file.ID); desk.KindOf(err) != desk.KindNotFound {
		t.Errorf("saved before it was here: %v", err)
	}
	if err := files.Fetch(file.ID); err != nil {
		t.Fatal(err)
	}
	id, _ := desk.ParseAttachmentID(file.ID)
	within(t, "fetch", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			a, err := d.store.Attachment(ctx, id)
			return err == nil && a.Have == a.Size, err
		})
	})
	if got, err := files.Save(file.ID); err != nil || got != path {
		t.Fatalf("saved at %q: %v", got, err)
	}
	saved, err := os.Stat(path)
	if err != nil || saved.Size() < file.Size*9/10 || saved.Size() > file.Size*11/10 {
		t.Errorf("%d bytes on disk (%v), the screen said about %d", saved.Size(), err, file.Size)
	}
}

func TestSettingsRefuseNonsense(t *testing.T) {
	t.Setenv("LC_ALL", "de_AT.UTF-8")
	_, c := practiceDesk(t)
	var opened []string
	s := &Settings{calls: c, open: func(url string) { opened = append(opened, url) }}
	if err := s.SetTheme("sepia"); desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("a theme that isn't there: %v", err)
	}
	if err := s.SetTheme("dark"); err != nil {
		t.Error(err)
	}
	if v, err := s.Get(); err != nil || v.Theme != "dark" || v.System != "de" {
		t.Errorf("settings %+v: %v", v, err)
	}
	for _, link := range []string{"javascript:alert(1)", "file:///etc/passwd", "ms-settings:", "data:text/html,x", "::"} {
		if err := s.OpenLink(link); desk.KindOf(err) != desk.KindUnsafe {
			t.Errorf("%s: %v", link, err)
		}
	}
	if err := s.OpenLink("https://shop.example/a"); err != nil || len(opened) != 1 {
		t.Errorf("an ordinary link: %v, opened %q", err, opened)
	}
}

// longestWaiting gives the conversation of the customer who waits longest.
func longestWaiting(t *testing.T, inbox *Inbox) string {
	t.Helper()
	page, err := inbox.List(ListRequest{View: "inbox", Order: "longest", Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("%d rows, %v", len(page.Rows), err)
	}
	return page.Rows[0].ID
}

func TestStatusGoesToTheServerAndComesBack(t *testing.T) {
	d, c := practiceDesk(t)
	inbox := &Inbox{c}
	id := longestWaiting(t, inbox)
	if err := inbox.SetStatus(id, "snoozed"); desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("a status no button gives: %v", err)
	}
	if err := inbox.SetStatus(id, "done"); err != nil {
		t.Fatal(err)
	}
	cid, _ := desk.ParseConversationID(id)
	within(t, "the keyword on the server", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			d.wake()
			messages, err := d.store.Messages(ctx, cid)
			if err != nil {
				return false, err
			}
			m, _ := newestIncoming(messages)
			return desk.ToldBy(m.Keywords) == desk.StatusDone, nil
		})
	})
	if conversation, err := d.store.Conversation(t.Context(), cid); err != nil || conversation.Status != desk.StatusDone {
		t.Errorf("%s, %v", conversation.Status, err)
	}
}

func TestSpamAndBinStayOnThisComputer(t *testing.T) {
	d, c := practiceDesk(t)
	inbox := &Inbox{c}
	id := longestWaiting(t, inbox)
	cid, _ := desk.ParseConversationID(id)
	for _, away := range []string{"spam", "bin"} {
		if err := inbox.SetStatus(id, away); err != nil {
			t.Fatal(err)
		}
		there, err := inbox.List(ListRequest{View: away, Order: "newest"})
		if err != nil || there.Total == 0 || there.Rows[0].Status != away {
			t.Errorf("%s lists %+v, %v", away, there, err)
		}
	}
	if ops, err := d.store.OpsOf(t.Context(), cid); err != nil || len(ops) != 0 {
		t.Errorf("the server would be told: %+v, %v", ops, err)
	}
	if err := inbox.SetStatus(id, "open"); err != nil {
		t.Fatal(err)
	}
	if there, err := inbox.List(ListRequest{View: "bin", Order: "newest"}); err != nil || there.Total != 0 {
		t.Errorf("taken out, and still in the bin: %+v, %v", there, err)
	}
}

func TestASnoozeIsWithinReason(t *testing.T) {
	d, c := practiceDesk(t)
	inbox := &Inbox{c}
	id := longestWaiting(t, inbox)
	now := d.clock()
	for name, until := range map[string]int64{"now": milli(now.Add(-time.Second)), "never": 1 << 60, "no time": 0} {
		if err := inbox.Snooze(id, until); desk.KindOf(err) != desk.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	until := now.Add(time.Hour).UnixMilli()
	if err := inbox.Snooze(id, until); err != nil {
		t.Fatal(err)
	}
	there, err := inbox.List(ListRequest{View: "snoozed"})
	if err != nil || there.Total != 1 || there.Rows[0].ID != id || there.Rows[0].SnoozedUntil != until {
		t.Errorf("%+v, %v", there, err)
	}
	if n, err := inbox.Counts(); err != nil || n.Snoozed != 1 {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestASecondWindowIsTurnedAway(t *testing.T) {
	d, _ := practiceDesk(t)
	_, err := openDesk(t.Context(), deskOptions{dir: d.dir, clock: time.Now})
	if desk.KindOf(err) != desk.KindLocked {
		t.Errorf("opened twice: %v", err)
	}
}

func TestAPanicBecomesAnError(t *testing.T) {
	_, c := practiceDesk(t)
	_, err := read(c, "break", func(context.Context, *Desk) (int, error) { panic("a defect") })
	if desk.KindOf(err) != desk.KindInternal {
		t.Errorf("got %v", err)
	}
	f, ok := failure(err).(Failure)
	if !ok || f.Kind != "internal" || f.Op != "break" {
		t.Errorf("the screen gets %+v", f)
	}
}

func TestDoctorSaysWhatToDo(t *testing.T) {
	keyring.MockInit()
	words, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	examine := func(dir string) (code int, all []finding) {
		var out bytes.Buffer
		term := terminal{out: &out, err: &out, words: words, build: Build{Screen: fstest.MapFS{"index.html": {}}}}
		code = runDoctor(term, []string{"--json", "--data", dir})
		for line := range strings.Lines(out.String()) {
			var f finding
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			all = append(all, f)
		}
		return code, all
	}
	if code, all := examine(t.TempDir()); code != exitDone || len(all) != 3 {
		t.Errorf("an empty folder: exit %d, %+v", code, all)
	}
	d, _ := practiceDesk(t)
	code, all := examine(d.dir)
	if code != exitDone {
		t.Errorf("beside a running window: exit %d, %+v", code, all)
	}
	checks := map[string]bool{}
	for _, f := range all {
		checks[f.Check] = f.OK && f.Found != "" && !strings.HasPrefix(f.Found, "cli.")
	}
	for _, want := range []string{"window", "keyring", "folder", "store", "account"} {
		if !checks[want] {
			t.Errorf("%s isn't fine: %+v", want, all)
		}
	}
}

func TestDoctorOnADamagedStore(t *testing.T) {
	keyring.MockInit()
	words, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	code := runDoctor(terminal{out: &out, err: &out, words: words, build: Build{Screen: fstest.MapFS{"index.html": {}}}}, []string{"--data", dir})
	if code != exitFailed || !strings.Contains(out.String(), words.Say("cli.doctor.store.next", nil)) {
		t.Errorf("exit %d: %s", code, out.String())
	}
}

func TestUsage(t *testing.T) {
	words, err := i18n.New("de")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		run  func(t terminal, args []string) int
		args []string
		code int
	}{
		{"an unknown word", runWindow, []string{"dance"}, exitUsage},
		{"an unknown flag", runDoctor, []string{"--colour"}, exitUsage},
		{"help", runTour, []string{"--help"}, exitDone},
		{"too much", runTour, []string{"twice"}, exitUsage},
		{"version", runVersion, nil, exitDone},
	} {
		var out bytes.Buffer
		if code := c.run(terminal{out: &out, err: &out, words: words}, c.args); code != c.code || out.Len() == 0 {
			t.Errorf("%s: exit %d, want %d; said %q", c.name, code, c.code, out.String())
		}
	}
}
