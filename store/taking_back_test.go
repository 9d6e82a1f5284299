package store

import (
	"fmt"
	"testing"

	"fernpost/store/desk"
)

func TestTakingBack(t *testing.T) {
	for _, state := range []desk.OpState{desk.OpQueued, desk.OpHeld, desk.OpNeedsYou} {
		for _, drop := range []bool{false, true} {
			t.Run(fmt.Sprint(state, drop), func(t *testing.T) {
				ts := openTest(t)
				op := ts.opIn(state)
				d, err := ts.CancelOp(t.Context(), op.ID, drop)
				if err != nil {
					t.Fatal(err)
				}
				c := ts.of(1)
				if c.Status != desk.StatusOpen || !c.WaitingSince.Equal(mail(1).Head.At) {
					t.Errorf("the conversation is as before: %+v", c)
				}
				_, err = ts.CancelOp(t.Context(), op.ID, drop)
				wantKind(t, err, desk.KindTooLate)
				if drop {
					_, err = ts.DraftOf(t.Context(), c.ID)
					wantKind(t, err, desk.KindNotFound)
					return
				}
				if d.Text != "an answer" || d.ID != op.Draft || d.Op != "" || c.DraftID != d.ID || c.Mark != desk.MarkDraft {
					t.Errorf("draft %+v in %+v", d, c)
				}
			})
		}
	}
}

func TestTakingBackBesideANewDraft(t *testing.T) {
	ts := openTest(t)
	op := ts.opIn(desk.OpQueued)
	ts.draft(op.Conversation, "one more thing")
	d, err := ts.CancelOp(t.Context(), op.ID, false)
	if err != nil || d.Text != "an answer\n\none more thing" || d.ID != op.Draft {
		t.Errorf("draft %+v, %v", d, err)
	}
	if got, err := ts.DraftOf(t.Context(), op.Conversation); err != nil || got.Text != d.Text {
		t.Errorf("stored %+v, %v", got, err)
	}
}

func TestTakingBackKeepsANewerStatus(t *testing.T) {
	ts := openTest(t)
	op := ts.opIn(desk.OpQueued)
	ts.apply(mail(2, 1)) // the customer wrote again: open
	if _, err := ts.CancelOp(t.Context(), op.ID, false); err != nil {
		t.Fatal(err)
	}
	if c := ts.of(1); c.Status != desk.StatusOpen || !c.WaitingSince.Equal(mail(1).Head.At) {
		t.Errorf("%+v", c)
	}
	ts = openTest(t)
	op = ts.opIn(desk.OpQueued)
	if err := ts.SetStatus(t.Context(), op.Conversation, desk.StatusDone, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := ts.CancelOp(t.Context(), op.ID, false); err != nil {
		t.Fatal(err)
	}
	if c := ts.of(1); c.Status != desk.StatusDone {
		t.Errorf("a person set it to done since: %+v", c)
	}
}
