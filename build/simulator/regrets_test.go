package simulator

import (
	"strings"
	"time"

	"fernpost/app/outbox"
	"fernpost/store/desk"
)

// What she does about replies that are on their way, or ask her.

// takesBack changes her mind about a reply; every other time she does so just as
// it begins to leave.
func (a *agent) takesBack() {
	x := a.some()
	if a.r.throw(2) == 0 {
		if y := a.leaving(); y != nil {
			x = y
		}
	}
	if x == nil {
		return
	}
	d, err := a.r.p.outbox.TakeBack(a.r.Context(), x.id)
	a.r.log("%s taken back: %v", x.name, desk.KindOf(err))
	if err == nil {
		a.r.count("taken back", 1)
		a.gotBack(x, d)
	}
	a.mustHear(x, err, "taken back")
}

// mustHear holds that what the screen offers for an open reply isn't answered by
// "there is no such thing".
func (a *agent) mustHear(x *reply, err error, what string) {
	if desk.KindOf(err) != desk.KindNotFound || a.r.isDown() {
		return
	}
	if op, err := a.r.p.store.Op(a.r.Context(), x.id); err == nil && !op.State.Ended() {
		a.r.violate("what the screen offers can be done", "%s is %s and can't be %s", x.name, op.State, what)
	}
}

// leaving waits a while for a reply whose bytes are on their way, and looks at
// it for a moment; nil when none leaves.
func (a *agent) leaving() *reply {
	const patience, moment = 15 * time.Second, 200
	select {
	case <-a.begun: // one of earlier
	default:
	}
	select {
	case id := <-a.begun:
		a.r.sleep(time.Duration(a.r.throw(moment)) * time.Millisecond)
		return a.find(id)
	case <-time.After(patience):
		return nil
	}
}

// starts is told of every attempt that begins.
func (a *agent) starts(id desk.OpID) {
	select {
	case a.begun <- id:
	default:
	}
}

// gotBack is a draft that a reply gave back. One that stood open is in it.
func (a *agent) gotBack(x *reply, d desk.Draft) {
	if a.r.isDown() {
		return // she never saw it
	}
	m := x.of
	m.draft, m.typed, m.saved, m.base = d.ID, d.Text, d.Text, d.Base
	m.saw = map[string]bool{}
	for id := range x.shown {
		m.saw[id] = true
	}
	if !strings.Contains(d.Text, x.text) {
		a.r.violate("a draft comes back as it was", "%s gave back another text", x.name)
	}
}

// some picks one of her replies.
func (a *agent) some() *reply {
	all := a.all()
	if len(all) == 0 {
		return nil
	}
	return all[a.r.throw(len(all))]
}

// decides does what the outbox screen asks of her, one way or another.
func (a *agent) decides() {
	r := a.r
	ops, err := r.p.store.OpenOps(r.Context())
	if err != nil {
		return
	}
	for _, op := range ops {
		x := a.find(op.ID)
		choice, seen := a.chooses(op, x)
		if choice == "" {
			continue
		}
		d, err := r.p.outbox.Decide(r.Context(), op.ID, choice, seen)
		if x != nil && err != nil {
			x.unsure = true // what she agreed to may not be known here
		}
		r.log("%s decided %s: %v", a.name(op.ID), choice, desk.KindOf(err))
		if err == nil {
			r.count("decisions", 1)
		}
		if x != nil {
			a.mustHear(x, err, string(choice))
		}
		switch {
		case x == nil:
		case err == nil && choice == outbox.Edit:
			a.gotBack(x, d)
		case choice == outbox.Drop && (err == nil || r.isDown()) && strings.Contains(x.text, x.of.saved):
			x.of.saved = "" // thrown away on purpose
		}
		if r.isDown() {
			return
		}
	}
}

// chooses picks a way out, and remembers what she answers for by it, whether or
// not the program lives to say that it heard. seen is what stood on the screen.
func (a *agent) chooses(op desk.Op, x *reply) (choice outbox.Choice, seen desk.MessageID) {
	choices := choicesOf(op, x)
	if len(choices) == 0 {
		return "", 0
	}
	choice = choices[a.r.throw(len(choices))]
	if x == nil {
		return choice, 0
	}
	switch choice {
	case outbox.SendAgain:
		if op.Reason == desk.ReasonNotSeen {
			x.allowed++
		}
		x.until = time.Time{}
	case outbox.ItArrived:
		x.vouched = true
	case outbox.SendAnyway:
		x.anyway = true
		shown, err := a.r.p.store.Messages(a.r.Context(), op.Conversation)
		if err != nil {
			return "", 0
		}
		if n := len(shown); n > 1 && a.r.throw(4) == 0 {
			shown = shown[:n-1] // the newest came in after she looked
		}
		for _, m := range shown {
			x.agreed[m.HeaderID], seen = true, max(seen, m.ID)
		}
	}
	return choice, seen
}

// choicesOf are the choices that an op's state offers.
func choicesOf(op desk.Op, x *reply) []outbox.Choice {
	switch {
	case op.State == desk.OpHeld:
		return []outbox.Choice{outbox.SendAnyway, outbox.SendAnyway, outbox.Drop, outbox.Edit}
	case op.State != desk.OpNeedsYou:
		return nil
	case op.Reason == desk.ReasonNotSeen:
		return []outbox.Choice{outbox.SendAgain, outbox.ItArrived, outbox.Drop, outbox.Edit} // two aren't offered
	case x != nil && x.poison:
		return []outbox.Choice{outbox.Drop}
	}
	return []outbox.Choice{outbox.SendAgain, outbox.Drop, outbox.Edit}
}

// signsIn lets an account be used again.
func (a *agent) signsIn() {
	if err := a.r.p.store.SetAccountState(a.r.Context(), account, desk.AccountOK); err == nil {
		a.r.p.wake()
	}
}
