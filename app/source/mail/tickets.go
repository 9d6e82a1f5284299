package mail

import (
	"crypto/tls"
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
	t.kept.edit(func(d *keptData) {
		s := d.server(t.addr)
		s.Ticket, s.Session = ticket, state
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

// curves are what to offer. The key of a post-quantum exchange (X25519MLKEM768)
// is 1.2 kB: it isn't sent to a server that left it out within the last day.
func (k *kept) curves(addr string) []tls.CurveID {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.data.Servers[addr]
	if s == nil || !s.Plain || !k.recent(s.Asked) {
		return nil
	}
	return ordinaryCurves
}

// shook notes what a handshake showed. offered tells that the post-quantum
// exchange was.
func (k *kept) shook(addr string, state tls.ConnectionState, offered bool) {
	plain := slices.Contains(ordinaryCurves, state.CurveID)
	if !offered {
		return
	}
	now := k.clock()
	k.edit(func(d *keptData) {
		s := d.server(addr)
		s.Plain, s.Asked = plain, now.Truncate(time.Second)
	})
}
