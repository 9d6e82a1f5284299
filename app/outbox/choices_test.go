package outbox_test

import (
	"slices"
	"testing"
	"time"

	"fernpost/app/outbox"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// TestChoicesFitTheState: a choice that a state doesn't offer changes nothing.
func TestChoicesFitTheState(t *testing.T) {
	all := []outbox.Choice{outbox.ItArrived, outbox.SendAgain, outbox.SendAnyway, outbox.Edit, outbox.Drop, "dance"}
	states := map[string]struct {
		reach  func(b *bureau) desk.OpID
		offers []outbox.Choice
	}{
		"queued": {reach: func(b *bureau) desk.OpID { return b.answer("katharina") }},
		"sending": {reach: func(b *bureau) desk.OpID {
			b.server.next(hangs(false, false))
			id := b.answer("katharina")
			b.sleep(undo)
			return id
		}},
		"uncertain": {reach: func(b *bureau) desk.OpID {
			b.server.next(losesAll)
			id := b.answer("katharina")
			b.sleep(undo)
			return id
		}},
		"sent": {reach: func(b *bureau) desk.OpID {
			id := b.answer("katharina")
			b.sleep(undo)
			return id
		}},
		"held": {
			offers: []outbox.Choice{outbox.SendAnyway, outbox.Edit, outbox.Drop},
			reach: func(b *bureau) desk.OpID {
				id := b.answer("katharina")
				b.asksAgain("katharina")
				b.sleep(undo)
				return id
			},
		},
		"needs_you": {
			offers: []outbox.Choice{outbox.SendAgain, outbox.Edit, outbox.Drop},
			reach: func(b *bureau) desk.OpID {
				b.server.next(says(source.Outcome{Verdict: source.Refused}))
				id := b.answer("katharina")
				b.sleep(undo)
				return id
			},
		},
	}
	for state, c := range states {
		t.Run(state, func(t *testing.T) {
			inBureau(t, func(b *bureau) {
				b.asks("katharina")
				id := c.reach(b)
				b.want(id, desk.OpState(state), b.op(id).Reason)
				before := b.op(id)
				for _, choice := range all {
					if slices.Contains(c.offers, choice) {
						continue
					}
					if _, err := b.out.Decide(b.Context(), id, choice, b.newest(id)); desk.KindOf(err) != desk.KindInvalid {
						b.Errorf("%s gave %v", choice, err)
					}
					if after := b.op(id); after.State != before.State || !after.Changed.Equal(before.Changed) {
						b.Errorf("%s moved it to %s", choice, after.State)
					}
				}
			})
		})
		for _, choice := range c.offers {
			t.Run(state+" "+string(choice), func(t *testing.T) {
				inBureau(t, func(b *bureau) {
					b.asks("katharina")
					id := c.reach(b)
					if _, err := b.out.Decide(b.Context(), id, choice, b.newest(id)); err != nil {
						b.Errorf("refused: %v", err)
					}
				})
			})
		}
	}
}

// TestWhatMayHaveArrivedIsNotCancelled: "cancelled" says that nobody got it, so a
// reply whose first attempt ended unseen is asked about instead, however it came
// back to the queue.
func TestWhatMayHaveArrivedIsNotCancelled(t *testing.T) {
	toQuestion := func(b *bureau) desk.OpID {
		b.asks("katharina")
		b.server.next(losesAnswerHidden)
		id := b.answer("katharina")
		b.sleep(undo + 10*time.Minute)
		b.want(id, desk.OpNeedsYou, desk.ReasonNotSeen)
		return id
	}
	decide := func(b *bureau, id desk.OpID, c outbox.Choice, want desk.Kind) {
		b.Helper()
		if _, err := b.out.Decide(b.Context(), id, c, b.newest(id)); desk.KindOf(err) != want {
			b.Errorf("%s: %v", c, err)
		}
	}
	t.Run("asked", func(t *testing.T) {
		inBureau(t, func(b *bureau) {
			id := toQuestion(b)
			decide(b, id, outbox.Drop, desk.KindInvalid)
			decide(b, id, outbox.Edit, desk.KindInvalid)
		})
	})
	t.Run("held", func(t *testing.T) {
		inBureau(t, func(b *bureau) {
			id := toQuestion(b)
			b.asksAgain("katharina")
			decide(b, id, outbox.SendAgain, "")
			b.sleep(time.Second)
			b.want(id, desk.OpHeld, desk.ReasonCustomerWrote)
			decide(b, id, outbox.Drop, desk.KindTooLate)
			b.want(id, desk.OpNeedsYou, desk.ReasonNotSeen)
		})
	})
	t.Run("queued", func(t *testing.T) {
		inBureau(t, func(b *bureau) {
			id := toQuestion(b)
			b.server.with(func() { b.server.offline = errOffline })
			decide(b, id, outbox.SendAgain, "")
			if _, err := b.out.TakeBack(b.Context(), id); desk.KindOf(err) != desk.KindTooLate {
				b.Errorf("taken back: %v", err)
			}
			b.want(id, desk.OpNeedsYou, desk.ReasonNotSeen)
		})
	})
}
