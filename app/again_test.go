package app

import (
	"context"
	"testing"
	"time"

	"fernpost/store/desk"
)

func TestASentReplyIsWrittenAgain(t *testing.T) {
	d, c := practiceDesk(t)
	composer := &Composer{calls: c}
	op := queued(t, c, time.Time{})
	if _, err := composer.Again(op.ID); desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("one that still waits: %v", err)
	}
	if _, err := composer.TakeBack(op.ID); err != nil {
		t.Fatal(err)
	}
	d.undo = time.Millisecond
	op = queued(t, c, time.Time{})
	within(t, "the reply leaves", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			o, err := d.store.Op(ctx, desk.OpID(op.ID))
			return o.State == desk.OpSent, err
		})
	})
	for range 2 { // the first is a draft, and the same draft is no other
		draft, err := composer.Again(op.ID)
		if draft.ID == "" {
			if desk.KindOf(err) != desk.KindConflict {
				t.Errorf("beside another draft: %v", err)
			}
			continue
		}
		if err != nil || draft.Text != "It is on its way." || len(draft.To) != 1 || draft.To[0] != op.To || draft.Subject != op.Subject {
			t.Errorf("%+v, %v", draft, err)
		}
	}
}
