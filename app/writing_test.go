package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// hastyDesk is a practice desk whose replies leave at once.
func hastyDesk(t *testing.T) (*Desk, calls) {
	t.Helper()
	o := newOpening(t.Context())
	d, err := openDesk(t.Context(), deskOptions{dir: t.TempDir(), clock: time.Now, undo: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	o.finish(d, nil)
	within(t, "first sync", (&stage{desk: d}).sync)
	return d, calls{o}
}

// first gives a conversation of the inbox that want is true of.
func first(t *testing.T, c calls, want func(ConversationView) bool) ConversationView {
	t.Helper()
	inbox := &Inbox{c}
	page, err := inbox.List(ListRequest{View: "inbox", Order: "newest", Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Rows {
		v, err := inbox.Open(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if want(v) {
			return v
		}
	}
	t.Fatal("the practice inbox has no such conversation")
	return ConversationView{}
}

// sentBy waits until an op's mail has come back, and gives it.
// sentBy waits for our copy; formed: and for the HTML beside its text, which
// comes later.
func sentBy(t *testing.T, d *Desk, conversation, op string, formed bool) desk.Message {
	t.Helper()
	id, err := desk.ParseConversationID(conversation)
	if err != nil {
		t.Fatal(err)
	}
	var found desk.Message
	within(t, "the reply comes back", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			messages, err := d.store.Messages(ctx, id)
			for _, m := range messages {
				if string(m.OpID) == op && m.TextState == desk.TextHere && (m.HTML != "" || !formed) {
					found = m
					return true, err
				}
			}
			return false, err
		})
	})
	return found
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAReplyWithFormAndFiles(t *testing.T) {
	d, c := hastyDesk(t)
	view := first(t, c, func(v ConversationView) bool { return v.Row.Language == "de" })
	path := write(t, "Rechnung März.pdf", []byte("%PDF-1.7 not really"))
	composer := &Composer{calls: c, pick: func(context.Context) ([]string, error) { return []string{path}, nil }}
	draft, err := composer.Start(view.Row.ID)
	if err != nil || draft.Quotes == "" {
		t.Fatalf("%+v, %v", draft, err)
	}
	draft.Rich = `<p>Guten Tag, <b onclick="x">gern</b>.</p><ul><li>eins</li></ul>`
	if draft, err = composer.Save(draft); err != nil || draft.Text != "Guten Tag, gern.\n- eins" || strings.Contains(draft.Rich, "onclick") {
		t.Fatalf("%q %q, %v", draft.Text, draft.Rich, err)
	}
	if draft, err = composer.Attach(draft.ID); err != nil || len(draft.Files) != 1 || draft.Files[0].Type != "application/pdf" {
		t.Fatalf("%+v, %v", draft.Files, err)
	}
	if err := os.Remove(path); err != nil { // what was attached stays
		t.Fatal(err)
	}
	var shot bytes.Buffer
	if err := png.Encode(&shot, image.NewGray(image.Rect(0, 0, 40, 40))); err != nil {
		t.Fatal(err)
	}
	draft, err = composer.Paste(draft.ID, "shot.png", base64.StdEncoding.EncodeToString(shot.Bytes()))
	if err != nil || len(draft.Files) != 2 || !draft.Files[1].Picture || !draft.Files[1].Inline {
		t.Fatalf("%+v, %v", draft.Files, err)
	}
	if url, err := composer.Picture(draft.ID, draft.Files[1].ID); err != nil || !strings.HasPrefix(url, "data:image/jpeg;base64,") {
		t.Errorf("%.40s, %v", url, err)
	}
	draft.Rich += `<p><img data-file="` + draft.Files[1].ID + `" alt="shot"></p>`
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	op, err := composer.Send(SendRequest{Draft: draft.ID, Then: "waiting"})
	if err != nil || len(op.Files) != 2 || op.Files[0].Name != "Rechnung März.pdf" {
		t.Fatalf("%+v, %v", op.Files, err)
	}
	m := sentBy(t, d, view.Row.ID, op.ID, true)
	if m.Text != "Guten Tag, gern.\n- eins\n[shot]" || !strings.Contains(m.HTML, "<b>gern</b>") || !strings.Contains(m.Quoted, " schrieb ") {
		t.Errorf("text %q, quoted %q, HTML %q", m.Text, m.Quoted, m.HTML)
	}
	if len(m.Attachments) != 2 {
		t.Errorf("files %+v", m.Attachments)
	}
}

func TestADroppedDraftComesBackWithItsFiles(t *testing.T) {
	_, c := practiceDesk(t)
	view := first(t, c, func(ConversationView) bool { return true })
	path := write(t, "a.txt", []byte("text"))
	composer := &Composer{calls: c, pick: func(context.Context) ([]string, error) { return []string{path}, nil }}
	draft, err := composer.Start(view.Row.ID)
	if err != nil {
		t.Fatal(err)
	}
	draft.Text = "See below."
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	if draft, err = composer.Attach(draft.ID); err != nil {
		t.Fatal(err)
	}
	if err := composer.Drop(draft.ID); err != nil {
		t.Fatal(err)
	}
	gone := draft
	gone.ID, gone.Revision = "", 0
	back, err := composer.Save(gone)
	if err != nil || len(back.Files) != 1 || back.Files[0] != draft.Files[0] {
		t.Errorf("%+v, want %+v (%v)", back.Files, draft.Files, err)
	}
	if back, err = composer.Detach(back.ID, back.Files[0].ID); err != nil || len(back.Files) != 0 {
		t.Errorf("%+v, %v", back.Files, err)
	}
}

func TestWhatIsAttachedIsAFile(t *testing.T) {
	_, c := practiceDesk(t)
	view := first(t, c, func(ConversationView) bool { return true })
	for name, w := range map[string]struct {
		path string
		kind desk.Kind
	}{"a folder": {t.TempDir(), desk.KindInvalid}, "nothing": {filepath.Join(t.TempDir(), "no"), desk.KindPermission}} {
		composer := &Composer{calls: c, pick: func(context.Context) ([]string, error) { return []string{w.path}, nil }}
		draft, err := composer.Start(view.Row.ID)
		if err != nil {
			t.Fatal(err)
		}
		if draft, err = composer.Save(draft); err != nil {
			t.Fatal(err)
		}
		if _, err := composer.Attach(draft.ID); desk.KindOf(err) != w.kind {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := composer.Paste(draft.ID, "x.png", base64.StdEncoding.EncodeToString([]byte("no picture"))); desk.KindOf(err) != desk.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPictureIsMadeSmallAndGrownAgain(t *testing.T) {
	_, c := practiceDesk(t)
	view := first(t, c, func(ConversationView) bool { return true })
	noise := image.NewRGBA(image.Rect(0, 0, 2400, 1200))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rand.Uint32())
	}
	var raw bytes.Buffer
	if err := png.Encode(&raw, noise); err != nil {
		t.Fatal(err)
	}
	path := write(t, "photo.png", raw.Bytes())
	composer := &Composer{calls: c, pick: func(context.Context) ([]string, error) { return []string{path}, nil }}
	draft, err := composer.Start(view.Row.ID)
	if err != nil {
		t.Fatal(err)
	}
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	if draft, err = composer.Attach(draft.ID); err != nil {
		t.Fatal(err)
	}
	whole := draft.Files[0]
	if draft, err = composer.Shrink(draft.ID, whole.ID, true); err != nil {
		t.Fatal(err)
	}
	if f := draft.Files[0]; f.Size >= whole.Size || f.Was != whole.Size || f.Name != "photo.png.jpg" || f.Type != "image/jpeg" {
		t.Errorf("%+v", f)
	}
	if draft, err = composer.Shrink(draft.ID, whole.ID, false); err != nil || draft.Files[0] != whole {
		t.Errorf("%+v, want %+v (%v)", draft.Files[0], whole, err)
	}
}

// What is passed on takes its files along, and never leaves without one.
func TestAMailIsPassedOnWithItsFiles(t *testing.T) {
	d, c := hastyDesk(t)
	composer := &Composer{calls: c}
	view := first(t, c, func(v ConversationView) bool {
		return len(v.Messages) > 0 && len(v.Messages[len(v.Messages)-1].Files) > 0 && v.Messages[len(v.Messages)-1].Direction == "in"
	})
	m := view.Messages[len(view.Messages)-1]
	draft, err := composer.Forward(view.Row.ID, m.ID)
	if err != nil || !draft.PassesOn || draft.Quotes != m.ID || len(draft.Files) != len(m.Files) || !strings.HasPrefix(draft.Subject, "Fwd: ") {
		t.Fatalf("%+v, %v", draft, err)
	}
	draft.To = []Person{{Name: "Jonas", Address: view.Row.Customer.Address}}
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	within(t, "the files come", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			now, err := d.store.Draft(ctx, desk.DraftID(draft.ID))
			for _, f := range now.Files {
				if f.Coming() {
					if _, err := composer.Send(SendRequest{Draft: draft.ID, Then: "done"}); err == nil {
						t.Error("it was queued without a file")
					}
					return false, err
				}
			}
			return true, err
		})
	})
	op, err := composer.Send(SendRequest{Draft: draft.ID, Then: "done"})
	if err != nil || len(op.Files) != len(m.Files) {
		t.Fatalf("%+v, %v", op, err)
	}
	sent := sentBy(t, d, view.Row.ID, op.ID, false)
	if len(sent.Attachments) != len(m.Files) || !strings.Contains(sent.Text, strings.SplitN(m.Text, "\n", 2)[0]) {
		t.Errorf("text %q, files %+v", sent.Text, sent.Attachments)
	}
}

func TestForwardDoesNotWriteOverADraft(t *testing.T) {
	_, c := practiceDesk(t)
	composer := &Composer{calls: c}
	view := first(t, c, func(ConversationView) bool { return true })
	draft, err := composer.Start(view.Row.ID)
	if err != nil {
		t.Fatal(err)
	}
	draft.Text = "Half an answer"
	if _, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	if _, err := composer.Forward(view.Row.ID, ""); desk.KindOf(err) != desk.KindConflict {
		t.Errorf("%v", err)
	}
}

// A line that mostly dies before a file is through makes us ask first.
func TestALargeFileIsComparedWithTheLine(t *testing.T) {
	d, c := practiceDesk(t)
	ctx := t.Context()
	view := first(t, c, func(ConversationView) bool { return true })
	path := write(t, "film.bin", bytes.Repeat([]byte("0123456789"), 200_000))
	composer := &Composer{calls: c, pick: func(context.Context) ([]string, error) { return []string{path}, nil }}
	draft, err := composer.Start(view.Row.ID)
	if err != nil {
		t.Fatal(err)
	}
	draft.Text = "See the film."
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	if draft, err = composer.Attach(draft.ID); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for i := range 5 {
		at := now.Add(time.Duration(i-10) * time.Hour)
		for _, e := range []store.LineEvent{{Account: practiceID, At: at, Kind: "answered"}, {Account: practiceID, At: at.Add(4 * time.Minute), Kind: "lost"}} {
			if err := d.store.NoteLine(ctx, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.meter.speeds.mu.Lock()
	d.meter.speeds.all[practiceID] = &speed{rate: 8000}
	d.meter.speeds.mu.Unlock()
	w, err := composer.Weigh(draft.ID)
	if err != nil || !w.Doubtful || w.Life != (4*time.Minute).Milliseconds() || w.Need < 300_000 || w.Need > 400_000 || w.TooLarge {
		t.Fatalf("%+v, %v", w, err)
	}
	if _, err := composer.Send(SendRequest{Draft: draft.ID, Then: "done"}); desk.KindOf(err) != desk.KindAsks {
		t.Errorf("it was queued unasked: %v", err)
	}
	if _, err := composer.Send(SendRequest{Draft: draft.ID, Then: "done", Anyway: true}); err != nil {
		t.Errorf("it wasn't queued anyway: %v", err)
	}
}

func TestUsualLife(t *testing.T) {
	var events []store.LineEvent
	at := time.Unix(0, 0)
	add := func(kind string, after time.Duration) {
		at = at.Add(after)
		events = append(events, store.LineEvent{At: at, Kind: kind})
	}
	for _, minutes := range []time.Duration{4, 1, 5} {
		if usualLife(events) != 0 {
			t.Error("too few lives say something")
		}
		add("answered", time.Minute)
		add("sent", 0)
		add("lost", minutes*time.Minute)
	}
	add("answered", time.Minute)
	add("answered", 20*time.Hour) // the program was closed in between
	add("lost", 3*time.Minute)
	if got := usualLife(events); got != 4*time.Minute {
		t.Errorf("%v", got)
	}
}

func TestSpeedIsMeasuredWhereBytesFlow(t *testing.T) {
	s := &speeds{all: map[desk.AccountID]*speed{}}
	at := time.Unix(1000, 0)
	for range 100 { // 8 kB a second for ten seconds, then a long silence
		s.add("a", 800, at)
		at = at.Add(100 * time.Millisecond)
	}
	s.add("a", 50, at.Add(time.Hour))
	d, _ := practiceDesk(t)
	if got := s.of(t.Context(), d.store, "a"); got < 7900 || got > 8100 {
		t.Errorf("%d bytes a second", got)
	}
	if err := s.keep(t.Context(), d.store); err != nil {
		t.Fatal(err)
	}
	if got := (&speeds{all: map[desk.AccountID]*speed{}}).of(t.Context(), d.store, "a"); got < 7900 || got > 8100 {
		t.Errorf("after a restart %d bytes a second", got)
	}
}

func TestQuotesAreShort(t *testing.T) {
	if got := shortQuote("a\n\nb\n"); got != "a\n\nb" {
		t.Errorf("%q", got)
	}
	if got := shortQuote(strings.Repeat("word ", 1000)); len(got) > quotedRunes+10 || !strings.HasSuffix(got, "word […]") {
		t.Errorf("%d bytes, %q", len(got), got[len(got)-20:])
	}
	if got := shortQuote(strings.Repeat("line\n", 100)); strings.Count(got, "\n") != quotedLines-1 || !strings.HasSuffix(got, " […]") {
		t.Errorf("%d lines", strings.Count(got, "\n"))
	}
}
