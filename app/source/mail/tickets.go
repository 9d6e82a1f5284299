package mail

import (
	"crypto/tls"
	"errors"
	"slices"
	"time"
)

// tickets is the session cache of one server: the newest ticket, which lasts
// from one run of the program to the next. A resumed session costs no
// certificate and so a third of the bytes (RFC 8446 2.2).
type tickets struct {
	kept *kept
	addr string
}

var _ tls.ClientSessionCache = tickets{}

// Get implements tls.ClientSessionCache. A ticket is used once: two connections
// with one ticket could be told to come from one person (RFC 8446 C.4).
func (t tickets) Get(string) (*tls.ClientSessionState, bool) {
	var session *tls.ClientSessionState
	t.kept.edit(func(d *keptData) {
		s := d.Servers[t.addr]
		if s == nil || len(s.Ticket) == 0 {
			return
		}
		state, err := tls.ParseSessionState(s.Session)
		if err == nil {
			session, err = tls.NewResumptionState(s.Ticket, state)
		}
		if err != nil {
			session = nil
		}
		s.Ticket, s.Session = nil, nil
	})
	return session, session != nil
}

// Put implements tls.ClientSessionCache; nil forgets.
func (t tickets) Put(_ string, session *tls.ClientSessionState) {
	var ticket, state []byte
	if session != nil {
		var parsed *tls.SessionState
		var err error
		ticket, parsed, err = session.ResumptionState()
		if err == nil && parsed != nil {
			state, err = parsed.Bytes()
		}
		if err != nil || state == nil {
			ticket, state = nil, nil
		}
	}
	now := t.kept.clock().Truncate(time.Second)
	t.kept.edit(func(d *keptData) {
		s := d.server(t.addr)
		s.Ticket, s.Session, s.Got = ticket, state, now
	})
}

func (d *keptData) server(addr string) *server {
	if d.Servers[addr] == nil {
		if len(d.Servers) >= maxKept {
			clear(d.Servers)
		}
		d.Servers[addr] = &server{}
	}
	return d.Servers[addr]
}

// ordinaryCurves are the key exchanges of before the quantum computers.
var ordinaryCurves = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521}

// surelyTaken is how old a ticket may be for its server still to take it, as far
// as can be told: many keep them for two hours, and a refusal costs a connection.
const surelyTaken = 2 * time.Hour

// slowDial is from which time to connect a line is a slow one.
const slowDial = 300 * time.Millisecond

// exchange is what key exchanges a handshake offers: a post-quantum one
// (X25519MLKEM768) costs 1.2 kB each way.
type exchange struct {
	curves []tls.CurveID // nil: all of them
	// inherits tells that the ticket comes from a handshake with a post-quantum
	// exchange. Its secret goes into the keys of the resumed session too (RFC 8446
	// 7.1), which so needs no second one. It must be resumed, then.
	inherits bool
}

// exchangeWith says what to offer a server. It isn't asked for a post-quantum
// exchange again within a day after it left one out; and on a slow line not by
// who meets it for the first time, which is the set-up's test: whoever brings
// mail comes after.
func (k *kept) exchangeWith(addr string, slow bool) exchange {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.data.Servers[addr]
	switch {
	case s == nil && slow, s != nil && s.Plain && k.recent(s.Asked):
		return exchange{curves: ordinaryCurves}
	case s != nil && s.Quantum && len(s.Ticket) > 0 && k.clock().Sub(s.Got).Abs() < surelyTaken:
		return exchange{curves: ordinaryCurves, inherits: true}
	}
	return exchange{}
}

// errLapsed: the server took no ticket that a post-quantum exchange stood behind,
// and would go on with an ordinary one.
var errLapsed = errors.New("the session can't be resumed")

// lapsed tells of a session that wasn't resumed and had to be.
func (e exchange) lapsed(state tls.ConnectionState) error {
	if e.inherits && !state.DidResume {
		return errLapsed
	}
	return nil
}

// shook notes what a handshake showed. Of a session that goes on, its ticket's
// first handshake counts.
func (k *kept) shook(addr string, state tls.ConnectionState, e exchange) {
	quantum := !slices.Contains(ordinaryCurves, state.CurveID)
	now := k.clock()
	k.edit(func(d *keptData) {
		s := d.server(addr)
		s.Quantum = quantum || s.Quantum && state.DidResume
		if e.curves == nil {
			s.Plain, s.Asked = !quantum, now.Truncate(time.Second)
		}
	})
}
