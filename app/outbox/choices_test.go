package outbox_test

import (
	"slices"
	"testing"

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
