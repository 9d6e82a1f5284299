package simulator

import (
	"fmt"
	"time"

	"fernpost/store/desk"
)

// An exchange is cut at every byte of either direction, in every way a line
// ends: what was under way to the server still arrives, or doesn't, or nobody
// is told that the line is gone.

// way is how a line ends at a position.
type way struct {
	name  string
	trap  func(service string, position int64) trap
	upper bool // positions count upwards
}

var endings = []way{
	{"up, processed", func(s string, n int64) trap { return trap{fault: cutUp, service: s, up: n, down: never} }, true},
	{"up, lost", func(s string, n int64) trap {
		return trap{fault: cutUp, service: s, up: n, down: never, loses: true}
	}, true},
	{"up, silent", func(s string, n int64) trap {
		return trap{fault: halfOpen, service: s, up: n, down: never, then: mutes}
	}, true},
	{"down", func(s string, n int64) trap { return trap{fault: cutDown, service: s, up: never, down: n} }, false},
	{"down, silent", func(s string, n int64) trap {
		return trap{fault: halfOpen, service: s, up: never, down: n, then: mutes}
	}, false},
}

// stretch is a part of an enumeration: every step-th position of one way.
type stretch struct {
	Service string `json:"service"` // "smtp": a submission, "imap": a sync
	Way     int    `json:"way"`
	From    int64  `json:"from"` // below 0: so many before the end
	Step    int64  `json:"step"`
	Most    int    `json:"most"`  // positions in this run
	Exact   bool   `json:"exact"` // on an account that can prove absence
}

// length measures an exchange that isn't cut.
func (r *run) length(service string) (up, down int64) {
	r.exchange(service, nil)
	r.network.mu.Lock()
	defer r.network.mu.Unlock()
	for _, c := range r.network.wires {
		if c.service == service {
			up, down = c.up.passed, c.down.passed
		}
	}
	return up, down
}

// cuts goes through a stretch, and gives how many positions there were in it.
func (r *run) cuts(s stretch) (done int) {
	r.plain = true
	if s.Exact {
		r.end()
		r.outside.exact = true
		if r.boot(); r.p == nil {
			return 0
		}
	}
	r.world.write(mail{from: "kd00@kunde.example", to: ownAddress, subject: "Vertraulich", text: "geheim"})
	r.p.wake()
	r.sleep(time.Minute)
	up, down := r.length(s.Service)
	end := down
	if endings[s.Way].upper {
		end = up
	}
	if s.From < 0 {
		s.From += end
	}
	for n := s.From; n <= end && done < s.Most && !r.over(); n += s.Step {
		t := endings[s.Way].trap(s.Service, n)
		r.exchange(s.Service, &t)
		done++
		r.count("cuts of "+s.Service, 1)
	}
	r.network.calm()
	r.statusIsVerified()
	r.logIsSilent()
	return done
}

func (r *run) exchange(service string, t *trap) {
	if service == "smtp" {
		r.submission(t)
	} else {
		r.sync(t)
	}
}

// submission sends one reply, in a conversation of its own.
func (r *run) submission(t *trap) {
	n := len(r.agent.matters)
	m := &matter{customer: fmt.Sprintf("k%05d@kunde.example", n), subject: "Vertraulich"}
	m.root = r.world.write(mail{from: m.customer, to: ownAddress, subject: m.subject, text: "geheim-frage"})
	r.agent.matters = []*matter{m}
	r.p.intake.Wake()
	r.sleep(time.Second)
	c, err := r.agent.conversation(m)
	if err != nil {
		r.violate("a mail comes in", "it did not: %v", desk.KindOf(err))
		return
	}
	m.typed, m.saw, m.base = fmt.Sprintf("geheim-%05d", n), map[string]bool{m.root: true}, c.LastMessage
	r.agent.save(m, c.ID)
	if t != nil {
		r.network.set(*t)
	}
	before := len(r.agent.all())
	r.agent.sends(m)
	all := r.agent.all()
	if len(all) == before {
		r.violate("a reply is queued", "it was not")
		return
	}
	x := all[len(all)-1]
	for range 40 {
		r.sleep(30 * time.Second)
		op, err := r.p.store.Op(r.Context(), x.id)
		r.must(err)
		r.oneEffect(x)
		r.sentIsSent(x, op)
		r.cancelledIsNone(x, op)
		if op.State.Ended() {
			return
		}
		r.agent.decides()
	}
	r.violate("everything ends or asks", "%s does not", x.name)
}

// sync brings one mail in over a line that is opened for it.
func (r *run) sync(t *trap) {
	r.network.each(func(w *wire) { w.reset(true) })
	id := r.world.write(mail{from: "kd00@kunde.example", to: ownAddress, subject: "Vertraulich", text: "geheim"})
	if t != nil {
		r.network.set(*t)
	}
	r.p.intake.Redial()
	for range 20 {
		r.sleep(20 * time.Second)
		if r.has(id) {
			break
		}
	}
	c, err := r.p.store.ConversationByKey(r.Context(), account, desk.SharedKey(id))
	if err != nil {
		r.violate("a mail comes in", "%s did not: %v", id, desk.KindOf(err))
		return
	}
	messages, err := r.p.store.Messages(r.Context(), c.ID)
	r.must(err)
	here := 0
	for _, m := range messages {
		if m.HeaderID == id {
			here++
			if m.TextState != desk.TextHere {
				r.sleep(time.Minute)
			}
		}
	}
	if here != 1 {
		r.violate("a mail comes in", "%s is here %d times", id, here)
	}
}
