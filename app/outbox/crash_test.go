package outbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"fernpost/app/outbox"
	"fernpost/app/source"
	"fernpost/store/desk"
)

func TestAfterACrash(t *testing.T) {
	for name, c := range map[string]struct {
		at      attempt
		state   desk.OpState
		effects int
		tries   int
	}{
		"before the final mark it is sent again": {hangs(false, false), desk.OpSent, 1, 2},
		"after it, arrived: found":               {hangs(true, true), desk.OpReconciled, 1, 1},
		"after it, not arrived: a person":        {hangs(true, false), desk.OpNeedsYou, 0, 1},
		"after the answer, before its record":    {accepts, desk.OpReconciled, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inBureau(t, func(b *bureau) {
				b.asks("katharina")
				b.server.next(c.at)
				id := b.answer("katharina")
				b.store.refuse("move", desk.E(desk.KindDiskFull, "write", nil))
				b.sleep(undo + time.Second)
				b.want(id, desk.OpSending, "")
				b.crash()
				b.sleep(time.Hour)
				b.want(id, c.state, b.op(id).Reason)
				b.wantEffects(id, c.effects)
				if n := len(b.server.order()); n != c.tries {
					b.Errorf("%d attempts", n)
				}
			})
		})
	}
}

func TestAnEndThatIsAskedForIsWrittenDown(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.asks("daniela")
		b.server.next(hangs(false, false), hangs(true, true))
		first := b.answer("katharina")
		b.sleep(time.Second)
		second := b.answer("daniela")
		b.sleep(undo + time.Second)
		b.end()
		b.want(first, desk.OpQueued, desk.ReasonLineTooShort)
		b.want(second, desk.OpUncertain, "")
		b.start()
	})
}

// TestWhateverHappens runs seeded days of trouble and checks what must hold at
// every moment and at the end.
func TestWhateverHappens(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inBureau(t, func(b *bureau) { newTrouble(b, seed).day() })
		})
	}
}

// trouble is a seeded day.
type trouble struct {
	*bureau
	rng        *rand.Rand
	ops        []desk.OpID
	authorised map[desk.OpID]int  // how often a person let it leave again
	vouched    map[desk.OpID]bool // a person said it arrived
	names      []string
}

func newTrouble(b *bureau, seed uint64) *trouble {
	tr := &trouble{
		bureau: b, rng: rand.New(rand.NewPCG(seed, 7)),
		authorised: map[desk.OpID]int{}, vouched: map[desk.OpID]bool{},
	}
	b.server.with(func() { b.server.exact = tr.rng.IntN(3) == 0 })
	b.server.with(func() { b.server.always = tr.attempt })
	for i := range 3 {
		name := fmt.Sprint("c", i)
		tr.names = append(tr.names, name)
		b.asks(name)
	}
	return tr
}

// attempt is one that goes as the dice fall. It runs on the outbox's hands, so
// it throws its own.
func (tr *trouble) attempt(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome {
	kinds := []attempt{
		accepts, accepts, accepts, breaksEarly, losesAnswer, losesAll, panicsBefore, panicsAfter,
		takes(20*time.Second, accepts), takes(20*time.Second, losesAnswer), hangs(true, true), hangs(false, false),
		says(source.Outcome{Verdict: source.Refused}), says(source.Outcome{Verdict: source.AuthNeeded}),
		says(source.Outcome{Verdict: source.Throttled, After: time.Minute}), says(source.Outcome{Verdict: source.Conflict}),
	}
	if !s.exact { // where absence can be proved, an effect doesn't hide
		kinds = append(kinds, losesAnswerHidden)
	}
	var n int
	s.with(func() { n = tr.rng.IntN(len(kinds)) })
	return kinds[n](ctx, s, sub, j)
}

func (tr *trouble) throw(n int) (v int) {
	tr.server.with(func() { v = tr.rng.IntN(n) })
	return v
}

func (tr *trouble) day() {
	for range 60 {
		tr.event()
		tr.check()
	}
	// The evening: the server behaves, and a person decides what is asked.
	tr.server.with(func() { tr.server.always, tr.server.offline = nil, nil })
	tr.crash()
	for range 40 {
		tr.signIn()
		tr.out.Wake()
		tr.sleep(10 * time.Minute)
		tr.person()
		tr.check()
	}
	for _, id := range tr.ops {
		if op := tr.op(id); !op.State.Ended() {
			tr.Errorf("%s is still %s %q", id, op.State, op.Reason)
		}
	}
	if tr.server.twice {
		tr.Error("one op in two hands at once")
	}
}

func (tr *trouble) event() {
	name := tr.names[tr.throw(len(tr.names))]
	switch tr.throw(12) {
	case 0, 1, 2:
		tr.ops = append(tr.ops, tr.answer(name))
	case 3:
		tr.asksAgain(name)
	case 4:
		tr.colleagueAnswers(name)
	case 5:
		tr.server.with(func() { tr.server.offline = errOffline })
	case 6:
		tr.server.with(func() { tr.server.offline = nil })
		tr.signIn()
		tr.out.Wake()
	case 7:
		tr.crash()
	case 8:
		tr.person()
	case 9:
		if len(tr.ops) > 0 {
			_, _ = tr.out.TakeBack(tr.Context(), tr.ops[tr.throw(len(tr.ops))])
		}
	case 10: // hidden effects show, as copies that come in
		for _, id := range tr.ops {
			if tr.server.effects(id) > 0 && tr.throw(3) == 0 {
				tr.server.with(func() { tr.server.visible[id] = true })
				tr.out.Seen(tr.Context(), []desk.OpID{id})
			}
		}
	}
	tr.sleep(time.Duration(tr.throw(60)) * time.Second)
}

func (tr *trouble) signIn() {
	tr.must(tr.store.SetAccountState(tr.Context(), account, desk.AccountOK))
}

// person decides everything that is asked, one way or another.
func (tr *trouble) person() {
	ops, err := tr.store.OpenOps(tr.Context())
	tr.must(err)
	for _, op := range ops {
		var choices []outbox.Choice
		switch {
		case op.State == desk.OpHeld:
			choices = []outbox.Choice{outbox.SendAnyway, outbox.Drop, outbox.Edit}
		case op.State == desk.OpNeedsYou && op.Reason == desk.ReasonNotSeen:
			choices = []outbox.Choice{outbox.SendAgain, outbox.ItArrived}
		case op.State == desk.OpNeedsYou:
			choices = []outbox.Choice{outbox.SendAgain, outbox.Drop}
		default:
			continue
		}
		choice := choices[tr.throw(len(choices))]
		if choice == outbox.SendAgain && op.Reason == desk.ReasonNotSeen {
			tr.authorised[op.ID]++
		}
		if choice == outbox.ItArrived {
			tr.vouched[op.ID] = true
		}
		if choice == outbox.Edit {
			if d, err := tr.out.Decide(tr.Context(), op.ID, choice, tr.newest(op.ID)); err == nil {
				tr.must(tr.store.DropDraft(tr.Context(), d.ID))
			}
			continue
		}
		_, err := tr.out.Decide(tr.Context(), op.ID, choice, tr.newest(op.ID))
		switch desk.KindOf(err) {
		case "", desk.KindConflict:
		case desk.KindTooLate: // it may have arrived: then a person is asked that instead
			if choice != outbox.Drop {
				tr.Errorf("decide %s: %v", choice, err)
			}
		default:
			tr.Errorf("decide %s: %v", choice, err)
		}
	}
	tr.sleep(0)
}

// check is what holds at every moment.
func (tr *trouble) check() {
	tr.Helper()
	open, err := tr.store.OpenOps(tr.Context())
	tr.must(err)
	shown := map[desk.OpID]bool{}
	for _, op := range open {
		shown[op.ID] = true
	}
	for _, id := range tr.ops {
		op, n := tr.op(id), tr.server.effects(id)
		if n > 1+tr.authorised[id] {
			tr.Fatalf("%s reached the customer %d times, authorised %d", id, n, tr.authorised[id])
		}
		if (op.State == desk.OpSent || op.State == desk.OpReconciled) && n == 0 && !tr.vouched[id] {
			tr.Fatalf("%s is %s and never arrived", id, op.State)
		}
		if op.State == desk.OpCancelled && n > 0 && tr.authorised[id] == 0 {
			tr.Fatalf("%s was cancelled and arrived", id)
		}
		if !op.State.Ended() && !shown[id] {
			tr.Errorf("%s is %s, and no list shows it", id, op.State)
		}
		if op.State == desk.OpNeedsYou || op.State == desk.OpHeld {
			if op.Reason == desk.ReasonNone {
				tr.Errorf("%s is %s for no reason", id, op.State)
			}
		}
	}
}
