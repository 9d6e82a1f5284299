package simulator

import (
	"strings"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// The promises: each is a function, and looks at what the program says beside
// what is true in the world.

// always is what holds at every moment.
func (r *run) always() {
	if r.isDown() || r.p == nil {
		return
	}
	open := r.unfinished()
	for _, x := range r.agent.all() {
		op, err := r.p.store.Op(r.Context(), x.id)
		if kind := desk.KindOf(err); kind == desk.KindNotFound {
			r.queuedStays(x)
			continue
		} else if err != nil {
			continue // a disk that fails now; looked at again
		}
		x.promised = true
		r.oneEffect(x)
		r.sentIsSent(x, op)
		r.cancelledIsNone(x, op)
		r.visibleWithNextStep(x, op, open)
		r.askedOnce(x, op)
	}
	r.keystrokesSurvive()
	r.bytesAreFrozen()
	r.statusIsVerified()
	r.logIsSilent()
}

// finally is what holds when nothing went wrong for long enough.
func (r *run) finally() {
	r.count("mails under a number given twice", r.world.twice)
	r.count("answers over an older mail that came late", r.world.older)
	r.everythingEnds()
	r.agentsOrder()
	r.filedOnce()
	r.poisonDelaysNobody()
	switch r.seed % 4 {
	case 0:
		r.removedSendsNothing()
	case 1:
		r.trafficCeases()
	}
}

func (r *run) unfinished() map[desk.OpID]bool {
	ops, err := r.p.store.OpenOps(r.Context())
	if err != nil {
		return nil
	}
	shown := map[desk.OpID]bool{}
	for _, op := range ops {
		shown[op.ID] = true
	}
	return shown
}

// queuedStays: a reply of which the program said that it is queued is never
// gone again, whatever happened to power, disk or server.
func (r *run) queuedStays(x *reply) {
	if x.promised {
		r.violate("a queued reply stays", "%s is gone", x.name)
	}
}

// oneEffect: one op has at most one effect, unless a person authorised another.
func (r *run) oneEffect(x *reply) {
	if n := r.world.times(x.id); n > 1+x.allowed {
		r.violate("one effect", "%s reached the customer %d times, authorised %d", x.name, n, x.allowed)
	}
}

// sentIsSent: "sent" means that the effect exists, or that a person said so.
func (r *run) sentIsSent(x *reply, op desk.Op) {
	if (op.State == desk.OpSent || op.State == desk.OpReconciled) && !x.vouched && r.world.times(x.id) == 0 {
		r.violate("sent means sent", "%s is %s, and nobody got it", x.name, op.State)
	}
}

// cancelledIsNone: "cancelled" means that there is no effect.
func (r *run) cancelledIsNone(x *reply, op desk.Op) {
	if op.State == desk.OpCancelled && r.world.times(x.id) > 0 {
		r.violate("cancelled means none", "%s is cancelled, and the customer has it", x.name)
	}
}

// visibleWithNextStep: every unfinished op is listed, and says what it waits
// for where it can't go on alone.
func (r *run) visibleWithNextStep(x *reply, op desk.Op, open map[desk.OpID]bool) {
	if open == nil || op.State.Ended() {
		return
	}
	if !open[op.ID] {
		r.violate("every unfinished op is visible", "%s is %s and in no list", x.name, op.State)
	}
	if (op.State == desk.OpHeld || op.State == desk.OpNeedsYou) && op.Reason == desk.ReasonNone {
		r.violate("every unfinished op has a next step", "%s is %s for no reason", x.name, op.State)
	}
}

// askedOnce: a person who agreed isn't asked about the same again.
func (r *run) askedOnce(x *reply, op desk.Op) {
	if op.State != desk.OpHeld || x.unsure {
		return
	}
	if op.Reason == desk.ReasonClosed {
		if x.anyway {
			r.violate("a person is asked once", "%s is held over a closed matter again", x.name)
		}
		return
	}
	messages, err := r.p.store.Messages(r.Context(), op.Conversation)
	if err != nil {
		return
	}
	for _, m := range messages {
		if !x.agreed[m.HeaderID] && m.OpID != x.id {
			return
		}
	}
	r.violate("a person is asked once", "%s is held, and nothing is new", x.name)
}

// filedOnce: at most one copy of a reply is put among the sent mail.
func (r *run) filedOnce() {
	if r.result.Faults[restored]+r.result.Faults[restoredNew] > 0 {
		return // a backup takes copies away, and leaves marks of them
	}
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	copies := map[desk.OpID]int{}
	for _, l := range r.world.box("Sent").letters {
		if id := opOf(l.raw); id != "" {
			if copies[id]++; copies[id] == 2 {
				r.violate("filed once", "%s lies twice among the sent mail", r.agent.name(id))
			}
		}
	}
}

// keystrokesSurvive: what the program said it had saved is in a draft or in a
// reply, and so is it after a reset of the server's numbering.
func (r *run) keystrokesSurvive() {
	for _, m := range r.agent.matters {
		if m.saved != "" && !r.agent.keeps(m, m.saved) {
			r.violate("acknowledged keystrokes survive", "%d bytes of a draft are gone", len(m.saved))
		}
	}
}

// bytesAreFrozen: every attempt sends the bytes that were frozen.
func (r *run) bytesAreFrozen() {
	r.world.mu.Lock()
	odd := r.world.odd
	r.world.mu.Unlock()
	if odd != "" {
		r.violate("bytes equal across attempts", "%s", odd)
	}
}

// attempt is called at every attempt that begins: nothing goes over a
// colleague's or a customer's message that was visible on the server before
// the guard's look, without consent.
func (r *run) attempt(id desk.OpID) {
	x := r.agent.find(id)
	if x == nil {
		return
	}
	r.agent.starts(id)
	r.timeIsKept(x)
	look := r.looks.take()
	if look.IsZero() {
		r.violate("nobody is answered over", "%s left without a look at the server", x.name)
		return
	}
	if over := r.world.unseen(x.of.root, look, x.agreed); over != "" {
		r.violate("nobody is answered over", "%s left over %s", x.name, over)
	}
}

// timeIsKept: a reply can be taken back for as long as was said, and leaves
// neither before its time nor after it.
func (r *run) timeIsKept(x *reply) {
	now := r.clock.now()
	if r.clock.sets == 0 && now.Before(x.queued.Add(undo)) {
		r.violate("its time is kept", "%s left while it could be taken back", x.name)
	}
	if now.Before(x.at) || !x.until.IsZero() && now.After(x.until) {
		r.violate("its time is kept", "%s left before its time, or after", x.name)
	}
}

// unseen gives a mail that could be seen at that time and to which nobody
// agreed. The program takes mails that are older than what was on screen for
// known, also where they came in later: those are only counted.
func (w *world) unseen(root string, look time.Time, agreed map[string]bool) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var newest time.Time
	for id := range agreed {
		if w.dated[id].After(newest) {
			newest = w.dated[id]
		}
	}
	for _, v := range w.visible {
		if v.conversation != root || !v.at.Before(look) || agreed[v.id] || !w.shows(v.id) {
			continue
		}
		if w.dated[v.id].After(newest) {
			return v.id
		}
		w.older++
	}
	return ""
}

// replayed: replaying a page changes nothing and announces nothing.
func (r *run) replayed(again store.Applied, announced int) {
	if again.New+again.Texts+again.Changed > 0 || announced > 0 {
		r.violate("replaying a page changes nothing", "%+v, announced %d", again, announced)
	}
}

// statusIsVerified: the time that the line's status names is one at which the
// server answered, and what lay on the server by then is stored here.
func (r *run) statusIsVerified() {
	s := r.p.intake.Status()
	if s.AnsweredAt.IsZero() || s.Importing {
		return // nothing is claimed, or not yet
	}
	answered, known := r.verifiedAt(s.AnsweredAt)
	if !known {
		r.violate("status is never newer than verified", "it names a time at which nothing was stored")
		return
	}
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	for _, v := range r.world.visible {
		if v.at.Before(answered) && r.world.shows(v.id) && !r.has(v.id) {
			r.violate("status is never newer than verified", "%s lay there at %v, and status claims %v",
				v.id, v.at.Sub(r.began), answered.Sub(r.began))
		}
	}
}

// logIsSilent: no secret and no customer's text is in a log.
func (r *run) logIsSilent() {
	said := r.ears.heard()
	for _, word := range []string{password, "geheim", "kunde.example", "Vertraulich", ownAddress} {
		if strings.Contains(said, word) {
			r.violate("no secret and no customer text in a log", "%q is", word)
		}
	}
}

// everythingEnds: after the faults stop everything ends, or asks a person.
func (r *run) everythingEnds() {
	ops, err := r.p.store.OpenOps(r.Context())
	if err != nil {
		r.violate("everything ends or asks", "the list can't be read: %v", desk.KindOf(err))
	}
	for _, op := range ops {
		later := op.SendAt.After(r.clock.now())
		if op.State != desk.OpHeld && op.State != desk.OpNeedsYou && !later && !r.waitsBehind(op, ops) {
			r.violate("everything ends or asks", "%s is still %s", r.agent.name(op.ID), op.State)
		}
	}
}

// waitsBehind tells that an earlier op of the conversation asks a person.
func (r *run) waitsBehind(op desk.Op, all []desk.Op) bool {
	for _, o := range all {
		if o.Conversation == op.Conversation && o.Lane == op.Lane && o.Seq < op.Seq {
			return true
		}
	}
	return false
}

// agentsOrder: the customer gets the replies of a conversation in the order in
// which the agent sent them.
func (r *run) agentsOrder() {
	r.world.mu.Lock()
	first := map[desk.OpID]time.Time{}
	for _, e := range r.world.effects {
		if _, ok := first[e.op]; !ok {
			first[e.op] = e.at
		}
	}
	r.world.mu.Unlock()
	last := map[string]time.Time{}
	for _, x := range r.agent.all() {
		t, arrived := first[x.id]
		if !arrived || x.allowed > 0 || x.vouched || !x.at.IsZero() {
			continue
		}
		if t.Before(last[x.of.root]) {
			r.violate("public order is the agent's", "%s came before one that was sent earlier", x.name)
		}
		last[x.of.root] = t
	}
}

// poisonDelaysNobody: one op that can't be read delays no other conversation.
func (r *run) poisonDelaysNobody() {
	for _, x := range r.agent.all() {
		if !x.poison {
			continue
		}
		op, err := r.p.store.Op(r.Context(), x.id)
		if err == nil && op.State == desk.OpSent {
			r.violate("a poison op delays nobody", "%s can't be read, and is sent", x.name)
		}
	}
}

// trafficCeases: when all is done, an hour costs what an idle hour may cost.
func (r *run) trafficCeases() {
	r.sleep(2 * time.Minute)
	before, dials := r.network.sweep(), r.network.calls()
	r.sleep(time.Hour)
	bytes := r.network.sweep() - before
	r.count("idle hours", 1)
	r.count("idle bytes", int(bytes))
	const idle = 12_000
	if bytes > idle || r.network.calls()-dials > 6 {
		r.violate("traffic ceases", "%d bytes and %d connections in an idle hour", bytes, r.network.calls()-dials)
	}
}

// removedSendsNothing: an account goes with no more of a person's work than she
// gives up with it, and a removed one leaves nothing that could be sent.
func (r *run) removedSendsNothing() {
	r.p.cancel() // as app does: nothing works the account any more
	r.p.loops.Wait()
	left, err := r.p.store.LeftOf(r.Context(), account)
	if err != nil {
		return
	}
	given := store.Left{Drafts: left.Drafts}
	err = r.p.store.RemoveAccount(r.Context(), account, given)
	if (err == nil) != (left.Replies == 0) {
		r.violate("no unsent work goes unasked", "%d replies were left: %v", left.Replies, desk.KindOf(err))
	}
	if err != nil {
		err = r.p.store.RemoveAccount(r.Context(), account, left)
	}
	if err != nil {
		r.violate("an account can be removed", "%v", desk.KindOf(err))
		return
	}
	for _, x := range r.agent.all() {
		op, err := r.p.store.Op(r.Context(), x.id)
		if err == nil && !op.State.Ended() {
			r.violate("a removed account leaves nothing sendable", "%s is %s", x.name, op.State)
		}
	}
	before := r.world.given()
	r.end()
	if r.boot(); r.p == nil {
		return
	}
	r.p.wake()
	r.sleep(30 * time.Minute)
	if r.world.given() > before {
		r.violate("a removed account leaves nothing sendable", "it sent")
	}
}
