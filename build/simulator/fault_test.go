package simulator

import (
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"

	"fernpost/store/desk"
)

// fault names one kind of trouble, as the table prints it.
type fault string

// The kinds of trouble beside the disk's.
const (
	cutUp       fault = "line cut, upwards"
	cutDown     fault = "line cut, downwards"
	halfOpen    fault = "half-open line"
	refusedCall fault = "connection refused"
	silentCall  fault = "connection hangs"
	lineOff     fault = "no line for a while"
	slowLine    fault = "slow line"
	restart     fault = "server restarted"
	restored    fault = "server restored from a backup"
	restoredNew fault = "server restored, numbered anew"
	renumbered  fault = "UIDVALIDITY changed"
	vanished    fault = "folder vanished"
	saidNo      fault = "server refuses"
	saidLater   fault = "server refuses for now"
	lostAnswer  fault = "answer to the closing dot lost"
	atTheDot    fault = "machine stopped at the closing dot"
	lateServer  fault = "server takes the mail late"
	lateCopy    fault = "our copy comes late"
	noCopy      fault = "our copy never comes"
	signedOut   fault = "sign-in refused"
	clockJump   fault = "clock set"
	slept       fault = "computer slept"
	hints       fault = "hints doubled and out of order"
	paused      fault = "account paused"
)

// event is something that may happen in a run.
type event struct {
	weight int
	do     func(r *run)
}

// lifeEvents are what people do.
var lifeEvents = []event{
	{6, func(r *run) { r.customerWrites("") }},
	{6, func(r *run) { r.customerWrites(r.someRoot()) }},
	{4, func(r *run) { r.colleagueWrites(r.someRoot()) }},
	{2, func(r *run) { r.colleagueCloses(r.someRoot()) }},
	{18, func(r *run) { r.withMatter(r.agent.types) }},
	{18, func(r *run) { r.withMatter(r.agent.sends) }},
	{3, func(r *run) { r.agent.takesBack() }},
	{3, func(r *run) { r.withMatter(r.agent.closes) }},
	{10, func(r *run) { r.agent.decides() }},
	{4, func(r *run) { r.looksNow() }},
}

// faultEvents are what goes wrong.
var faultEvents = []event{
	{8, (*run).cutsLine},
	{4, (*run).mutesLine},
	{3, (*run).refusesCall},
	{4, (*run).losesLine},
	{2, (*run).slowsLine},
	{4, (*run).dropsLines},
	{3, (*run).restartsServer},
	{3, (*run).restoresServer},
	{2, (*run).renumbers},
	{2, (*run).losesFolder},
	{5, (*run).serverRefuses},
	{5, (*run).losesAnswer},
	{3, (*run).serverLags},
	{3, (*run).signsOut},
	{4, (*run).jumps},
	{2, (*run).naps},
	{3, (*run).hints},
	{2, (*run).pauses},
	{8, (*run).crashesAtWrite},
	{6, (*run).crashesIdle},
	{4, (*run).disturbsDisk},
}

func (r *run) pick(events []event) {
	sum := 0
	for _, e := range events {
		sum += e.weight
	}
	n := r.throw(sum)
	for _, e := range events {
		if n -= e.weight; n < 0 {
			e.do(r)
			return
		}
	}
}

func (r *run) someRoot() string {
	if len(r.agent.matters) == 0 {
		return ""
	}
	return r.agent.matters[r.throw(len(r.agent.matters))].root
}

func (r *run) withMatter(do func(*matter)) {
	if n := len(r.agent.matters); n > 0 {
		do(r.agent.matters[r.throw(n)])
	}
}

func (r *run) matterOf(root string) *matter {
	for _, m := range r.agent.matters {
		if m.root == root {
			return m
		}
	}
	return nil
}

func (r *run) customerWrites(root string) {
	m := r.matterOf(root)
	if m == nil {
		if len(r.agent.matters) > 5 {
			return
		}
		n := len(r.agent.matters)
		m = &matter{customer: fmt.Sprintf("kd%02d@kunde.example", n), subject: fmt.Sprintf("Vertraulich %d", n)}
		r.agent.matters = append(r.agent.matters, m)
	}
	id := r.world.write(mail{
		conversation: root, from: m.customer, to: ownAddress, subject: m.subject, text: "geheim-frage",
		automatic: root != "" && r.throw(5) == 0,
	})
	if m.root == "" {
		m.root = id
	}
	r.log("customer writes %s in %s", id, m.root)
}

func (r *run) colleagueWrites(root string) {
	if m := r.matterOf(root); m != nil {
		id := r.world.write(mail{
			conversation: root, from: ownAddress, to: m.customer, subject: "Re: " + m.subject, text: "geheim-antwort", colleague: true,
		})
		r.log("colleague answers %s in %s", id, root)
	}
}

func (r *run) colleagueCloses(root string) {
	r.world.mark(root, imap.Flag(desk.KeywordDone))
	r.log("colleague closes %s", root)
}

func (r *run) looksNow() {
	r.p.wake()
	if x := r.agent.some(); x != nil {
		_ = r.p.outbox.LookNow(r.Context(), x.id)
	}
}

func (r *run) service() string { return []string{"smtp", "smtp", "imap"}[r.throw(3)] }

// position is where a connection is cut: anywhere, and often at the end of an
// exchange.
func (r *run) position() int64 { return int64(r.throw([]int{200, 900, 2000, 6000}[r.throw(4)])) }

func (r *run) cutsLine() {
	t := trap{fault: cutUp, service: r.service(), up: r.position(), down: never, loses: r.throw(2) == 0}
	if r.throw(2) == 0 {
		t.fault, t.up, t.down = cutDown, never, r.position()
	}
	r.network.set(t)
}

func (r *run) mutesLine() {
	if r.throw(2) == 0 {
		if r.network.each((*wire).mute) > 0 {
			r.hit(halfOpen)
		}
		return
	}
	t := trap{fault: halfOpen, service: r.service(), up: never, down: r.position(), then: mutes}
	if r.throw(3) == 0 {
		t.up, t.down = t.down, t.up
	}
	r.network.set(t)
}

func (r *run) refusesCall() {
	t := trap{fault: refusedCall, service: r.service(), refuse: true}
	if r.throw(2) == 0 {
		t = trap{fault: silentCall, service: t.service, hang: true}
	}
	r.network.set(t)
}

func (r *run) losesLine() {
	r.hit(lineOff)
	r.network.switched(true)
	d := time.Duration(1+r.throw(300)) * time.Second
	time.AfterFunc(d, func() { r.network.switched(false) })
}

func (r *run) slowsLine() {
	r.hit(slowLine)
	d := time.Duration(20<<r.throw(9)) * time.Millisecond
	r.network.slow(d)
	time.AfterFunc(5*time.Minute, func() { r.network.slow(0) })
}

func (r *run) dropsLines() {
	lost := r.throw(2) == 0
	if r.network.each(func(w *wire) { w.reset(lost) }) > 0 {
		r.hit(cutUp)
	}
}

func (r *run) restartsServer() {
	r.hit(restart)
	r.network.switched(true)
	time.AfterFunc(time.Duration(1+r.throw(60))*time.Second, func() { r.network.switched(false) })
}

func (r *run) restoresServer() {
	if r.throw(2) == 0 || r.world.backup == nil {
		r.world.keep()
		return
	}
	anew := r.throw(2) == 0
	what := restored
	if anew {
		what = restoredNew
	}
	r.network.each(func(w *wire) { w.reset(true) })
	if r.world.restore(anew) {
		r.hit(what)
	}
}

func (r *run) renumbers() {
	r.hit(renumbered)
	r.network.each(func(w *wire) { w.reset(true) }, "imap")
	r.world.renumber([]string{"INBOX", "Sent"}[r.throw(2)])
}

func (r *run) losesFolder() {
	r.hit(vanished)
	r.network.each(func(w *wire) { w.reset(true) }, "imap")
	back := r.world.vanish([]string{"Sent", "Junk", "INBOX"}[r.throw(3)])
	time.AfterFunc(time.Duration(1+r.throw(20))*time.Minute, back)
}

func (r *run) serverRefuses() {
	stage := []string{"mail", "rcpt", "data"}[r.throw(3)]
	what, code := saidNo, 550
	if r.throw(2) == 0 {
		what, code = saidLater, 451
	}
	r.hit(what)
	r.world.mu.Lock()
	r.world.says = append(r.world.says, refusal{stage, code})
	r.world.mu.Unlock()
}

// losesAnswer takes the moment in which the server has the mail and nobody has
// heard so: the line goes, or the machine.
func (r *run) losesAnswer() {
	then := func() {
		r.hit(lostAnswer)
		r.network.each(func(w *wire) { w.reset(true) }, "smtp")
	}
	switch r.throw(3) {
	case 0:
		then = func() { r.hit(atTheDot); r.disk.stop(false) }
	case 1:
		then = func() { r.hit(atTheDot); r.disk.stop(true) }
	}
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	r.world.then = then
	switch r.throw(4) {
	case 0:
		r.world.copies = time.Duration(300+r.throw(900)) * time.Second
	case 1:
		r.world.loses = true
	}
}

func (r *run) serverLags() {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	switch n := r.throw(4); {
	case n == 0 && !r.outside.exact:
		r.world.lags = time.Duration(1+r.throw(40)) * time.Second
		r.hit(lateServer)
	case n == 1:
		r.world.copies = time.Duration(1+r.throw(900)) * time.Second
		r.hit(lateCopy)
	case n == 2:
		r.world.loses = true
		r.hit(noCopy)
	default:
		r.world.lags, r.world.copies, r.world.loses = 0, 0, false
	}
}

func (r *run) signsOut() {
	r.hit(signedOut)
	r.world.locked.Store(true)
	r.network.each(func(w *wire) { w.reset(true) })
	time.AfterFunc(time.Duration(1+r.throw(120))*time.Second, func() { r.world.locked.Store(false) })
}

func (r *run) jumps() {
	r.hit(clockJump)
	hours := []int{-30, -2, -1, 1, 3, 50}[r.throw(6)]
	r.clock.set(time.Duration(hours) * time.Hour * time.Duration(r.throw(2)))
}

// naps is a computer that sleeps: time passes, and its lines are dead.
func (r *run) naps() {
	r.hit(slept)
	r.network.each((*wire).mute)
	r.sleep(time.Duration(5+r.throw(40)) * time.Minute)
	if !r.isDown() {
		r.p.intake.Redial()
		r.p.wake()
	}
}

// hints come twice, and for ops they don't concern.
func (r *run) hints() {
	r.hit(hints)
	for range 3 {
		r.p.intake.Wake()
		r.p.intake.NetworkChanged()
		r.p.outbox.Wake()
	}
	for _, x := range r.agent.all() {
		if r.world.holds(x.id) {
			r.p.outbox.Seen(r.Context(), []desk.OpID{x.id, x.id})
		}
	}
}

func (r *run) pauses() {
	r.hit(paused)
	_ = r.p.store.SetAccountState(r.Context(), account, desk.AccountPaused)
	r.p.intake.Redial()
}

func (r *run) crashesAtWrite() {
	what := []fault{killed, powerCut}[r.throw(2)]
	r.disk.order(diskFault{in: 1 + r.throw([]int{6, 40, 150}[r.throw(3)]), what: what})
}

func (r *run) crashesIdle() { r.crash(r.throw(2) == 0) }

func (r *run) disturbsDisk() {
	switch r.throw(3) {
	case 0:
		r.disk.fill(int64(r.throw(60_000)))
		time.AfterFunc(time.Duration(1+r.throw(240))*time.Second, func() { r.disk.fill(never) })
	case 1:
		r.disk.order(diskFault{in: 1 + r.throw(60), what: diskFull, lasts: r.throw(20)})
	default:
		r.disk.order(diskFault{in: 1 + r.throw(60), what: diskError, lasts: r.throw(5)})
	}
}
