package simulator

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Where the simulated servers answer.
const (
	imapPort = 143
	smtpPort = 587
)

// trap is a fault that waits for a connection: the next one to a server that is
// opened runs into it.
type trap struct {
	fault   fault
	service string // "imap", "smtp"
	up      int64  // limits in bytes; never
	down    int64
	then    ending
	refuse  bool
	hang    bool // no answer to SYN
	loses   bool // what was under way goes with the line
}

// network is everything between the program and the servers.
type network struct {
	mu     sync.Mutex
	off    bool
	dead   bool // the machine stopped
	delay  time.Duration
	traps  []trap
	wires  []carried
	ports  map[string]*port
	dials  int
	sprung func(fault) // a fault took effect

	passed map[string]int64 // bytes both ways, by service
}

// carried is a connection, and to what.
type carried struct {
	*wire
	service string
}

func newNetwork() *network {
	n := &network{ports: map[string]*port{}, passed: map[string]int64{}}
	for _, name := range []string{"imap", "smtp"} {
		n.ports[name] = &port{calls: make(chan net.Conn, 16), done: make(chan struct{})}
	}
	return n
}

// dial implements mail.Config.Dial.
func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	service := "imap"
	if strings.HasSuffix(address, ":587") {
		service = "smtp"
	}
	n.mu.Lock()
	n.dials++
	t, caught := n.spring(service)
	off, delay := n.off || n.dead, n.delay
	// No two connections are equally quick: what would happen at one instant
	// has an order.
	delay += 2*time.Millisecond + time.Duration(n.dials%23)*137*time.Microsecond
	n.mu.Unlock()
	if caught && t.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if off || caught && t.refuse {
		return nil, syscall.ECONNREFUSED
	}
	w := newWire(delay)
	if caught {
		w.up.limit, w.down.limit = t.up, t.down
		w.up.then, w.down.then = t.then, t.then
		if t.loses {
			w.onCut = func() { w.up.chunks = nil }
		}
	}
	n.mu.Lock()
	n.wires = append(n.wires, carried{w, service})
	n.mu.Unlock()
	select {
	case n.ports[service].calls <- w.server:
	case <-n.ports[service].done:
		return nil, syscall.ECONNREFUSED
	}
	return w.client, nil
}

// spring takes the first trap for a service. The caller holds mu.
func (n *network) spring(service string) (trap, bool) {
	for i, t := range n.traps {
		if t.service == service {
			n.traps = append(n.traps[:i:i], n.traps[i+1:]...)
			if n.sprung != nil {
				n.sprung(t.fault)
			}
			return t, true
		}
	}
	return trap{}, false
}

func (n *network) set(t trap) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.traps = append(n.traps, t)
}

// calm takes all traps away and lets the line stand again.
func (n *network) calm() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.traps, n.off, n.delay = nil, false, 0
}

// slow gives new connections a delay each way.
func (n *network) slow(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay = d
}

// calls counts the connections that were tried.
func (n *network) calls() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dials
}

func (n *network) switched(off bool) {
	n.mu.Lock()
	n.off = off
	n.mu.Unlock()
	if off {
		n.each(func(w *wire) { w.reset(false) })
	}
}

// kill ends every connection of a machine that stopped, and makes no more.
func (n *network) kill(lost bool) {
	n.mu.Lock()
	n.dead = true
	n.mu.Unlock()
	n.each(func(w *wire) { w.reset(lost) })
}

func (n *network) revive() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dead = false
}

// each does something to every connection of a service; "" is all.
func (n *network) each(do func(*wire), services ...string) int {
	n.mu.Lock()
	var all []*wire
	for _, c := range n.wires {
		if len(services) == 0 || c.service == services[0] {
			all = append(all, c.wire)
		}
	}
	n.mu.Unlock()
	some := 0
	for _, w := range all {
		if w.stands() {
			some++
			do(w)
		}
	}
	return some
}

func (w *wire) stands() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.gone && !w.client.closed && !w.server.closed
}

// sweep forgets connections that are over, and adds up what they carried.
func (n *network) sweep() (bytes int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wires = slices.DeleteFunc(n.wires, func(c carried) bool {
		over := !c.stands()
		if over {
			n.passed[c.service] += c.up.passed + c.down.passed
		}
		return over
	})
	for _, sum := range n.passed {
		bytes += sum
	}
	for _, c := range n.wires {
		c.mu.Lock()
		bytes += c.up.passed + c.down.passed
		c.mu.Unlock()
	}
	return bytes
}

// close ends every connection and the listeners.
func (n *network) close() {
	n.each(func(w *wire) { w.reset(true) })
	for _, p := range n.ports {
		_ = p.Close()
	}
}

// port is where a server takes calls, as net.Listener.
type port struct {
	calls chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// Accept implements net.Listener.
func (p *port) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *port) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

// Addr implements net.Listener.
func (p *port) Addr() net.Addr { return addr("server") }
