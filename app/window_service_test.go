package app

import (
	"testing"
	"time"

	"fernpost/app/practice"
	"fernpost/store"
	"fernpost/store/desk"
)

// frame stands in for the real window.
type frame struct {
	ending bool
	told   chan string
}

func (f *frame) heard() bool { return f.ending }
func (f *frame) hide()       { f.told <- "hide" }
func (f *frame) show()       { f.told <- "show" }
func (f *frame) quit()       { f.told <- "quit" }

func (f *frame) want(t *testing.T, what string) {
	t.Helper()
	select {
	case got := <-f.told:
		if got != what {
			t.Errorf("the window was told to %s, want %s", got, what)
		}
	case <-time.After(time.Minute):
		t.Fatalf("the window was never told to %s", what)
	}
}

// queued answers the first conversation of the inbox.
func queued(t *testing.T, c calls, sendAt time.Time) OpView {
	t.Helper()
	page, err := (&Inbox{c}).List(ListRequest{View: "inbox", Order: "newest", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	composer := &Composer{calls: c}
	draft, err := composer.Start(page.Rows[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	draft.Text = "It is on its way."
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	op, err := composer.Send(SendRequest{Draft: draft.ID, Then: "waiting", SendAt: milli(sendAt)})
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func TestTheWindowStaysUntilRepliesHaveLeft(t *testing.T) {
	d, c := practiceDesk(t)
	d.undo = time.Millisecond
	f := &frame{told: make(chan string, 10)}
	w := &Window{calls: c, held: f}
	if v, err := w.Leaving(); err != nil || v != (LeavingView{}) {
		t.Errorf("with nothing written: %+v, %v", v, err)
	}
	if err := d.practice.SetLine(practice.LineOff); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(24 * time.Hour).Truncate(time.Millisecond)
	first, second := queued(t, c, time.Time{}), queued(t, c, later)
	f.ending = true
	if v, err := w.Leaving(); err != nil || v != (LeavingView{Replies: 2, Later: 1, First: later.UnixMilli(), Ending: true}) {
		t.Errorf("with two replies: %+v, %v", v, err)
	}
	if _, err := (&Composer{calls: c}).TakeBack(second.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Stay(); err != nil {
		t.Fatal(err)
	}
	f.want(t, "hide")
	if err := d.practice.SetLine(practice.LineGood); err != nil {
		t.Fatal(err)
	}
	d.wake()
	f.want(t, "quit")
	if op, err := d.store.Op(t.Context(), desk.OpID(first.ID)); err != nil || op.State != desk.OpSent {
		t.Errorf("the program ends while the reply is %s, %v", op.State, err)
	}
}

func TestTheWindowComesBackWhenAReplyAsks(t *testing.T) {
	d, c := practiceDesk(t)
	if err := d.practice.SetLine(practice.LineOff); err != nil {
		t.Fatal(err)
	}
	op := queued(t, c, time.Time{})
	f := &frame{told: make(chan string, 10)}
	w := &Window{calls: c, held: f}
	if err := w.Stay(); err != nil {
		t.Fatal(err)
	}
	f.want(t, "hide")
	d.away.over() // started again: the window is there, and nobody waits any more
	if err := w.Stay(); err != nil {
		t.Fatal(err)
	}
	f.want(t, "hide")
	if _, err := d.store.MoveOp(t.Context(), store.Move{
		ID: desk.OpID(op.ID), From: desk.OpQueued, To: desk.OpNeedsYou, Reason: desk.ReasonRefused,
	}); err != nil {
		t.Fatal(err)
	}
	f.want(t, "show")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f.want(t, "quit")
	if len(f.told) > 0 {
		t.Errorf("and then to %s", <-f.told)
	}
}
