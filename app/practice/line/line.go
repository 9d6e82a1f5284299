// Package line stands between the practice servers and whoever calls them, and
// makes a loopback connection as slow and as unreliable as an agent's line in
// the country: a shared rate in each direction, delay, jitter, losses, stalls
// and resets. It keeps every byte and their order; only time is added, until a
// connection is reset. Without it nobody could try what Fernpost is for.
package line

import (
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"
)

// Mode is a kind of line.
type Mode string

// The modes. Off resets what is connected and turns new callers away.
const (
	Good   Mode = "good"
	ThreeG Mode = "3g"
	TwoG   Mode = "2g"
	Lossy  Mode = "lossy"
	Off    Mode = "off"
)

// Modes lists every mode, best first.
var Modes = []Mode{Good, ThreeG, TwoG, Lossy, Off}

// Valid tells whether m is one of Modes.
func (m Mode) Valid() bool { return slices.Contains(Modes, m) }

// shape is what a mode does to one direction.
type shape struct {
	rate    float64 // bytes a second, 0: as fast as it goes
	delay   time.Duration
	jitter  time.Duration // at most this much more, a packet
	loss    float64       // share of packets that are sent a second time
	trouble bool          // stalls and resets
}

var shapes = map[Mode]shape{
	ThreeG: {rate: 1e6 / 8, delay: 60 * time.Millisecond, jitter: 20 * time.Millisecond},
	TwoG:   {rate: 64e3 / 8, delay: 300 * time.Millisecond, jitter: 60 * time.Millisecond},
	Lossy:  {rate: 1e6 / 8, delay: 60 * time.Millisecond, jitter: 40 * time.Millisecond, loss: 0.02, trouble: true},
}

const (
	// packet is what goes over at once: about the payload of an Ethernet frame.
	packet = 1400
	// queue is how far ahead a sender may fill a direction that others share;
	// more would let one large upload hold up every small request.
	queue = 250 * time.Millisecond
	// timeoutMin and timeoutMax are when a lost packet is sent again (RFC 6298).
	timeoutMin = 300 * time.Millisecond
	timeoutMax = 1200 * time.Millisecond
)

type direction int

const (
	up   direction = iota // from the caller to the server
	down                  // from the server to the caller
)

// Line is one line that all connections share.
type Line struct {
	mu    sync.Mutex
	mode  Mode
	rng   *rand.Rand
	free  [2]time.Time // when a direction has sent all that was handed to it
	conns map[*Conn]struct{}
	done  sync.WaitGroup
	ended bool
}

// New makes a line. The same seed gives the same troubles in the same order.
func New(mode Mode, seed uint64) *Line {
	return &Line{
		mode:  mode,
		rng:   rand.New(rand.NewPCG(seed, 0x6c696e65)),
		conns: map[*Conn]struct{}{},
	}
}

// Mode is the mode now.
func (l *Line) Mode() Mode {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mode
}

// Set changes the mode at once, also for what is connected.
func (l *Line) Set(mode Mode) {
	l.mu.Lock()
	l.mode = mode
	l.free = [2]time.Time{}
	l.mu.Unlock()
	if mode == Off {
		l.ResetAll()
	}
}

// ResetAll breaks every connection, as a dropped radio link does.
func (l *Line) ResetAll() {
	l.mu.Lock()
	conns := make([]*Conn, 0, len(l.conns))
	for c := range l.conns {
		conns = append(conns, c)
	}
	l.mu.Unlock()
	for _, c := range conns {
		c.Reset()
	}
}

// Close breaks every connection, takes no new ones, and waits for the ends.
func (l *Line) Close() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.ResetAll()
	l.done.Wait()
}

// Wrap puts the line under a listener.
func (l *Line) Wrap(inner net.Listener) net.Listener { return &listener{Listener: inner, line: l} }

type listener struct {
	net.Listener
	line *Line
}

// Accept hands out connections that run over the line; while it is off,
// callers are reset at once.
func (l *listener) Accept() (net.Conn, error) {
	for {
		caller, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.line.connect(caller); c != nil {
			return c, nil
		}
		reset(caller)
	}
}

// backlog is how long a sender has to wait before it may add to a direction.
func (l *Line) backlog(d direction) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.free[d].Sub(time.Now().Add(queue))
}

// reserve gives n bytes their turn on a direction and says when they arrive.
func (l *Line) reserve(d direction, n int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := shapes[l.mode]
	at := time.Now()
	if s.rate > 0 {
		if l.free[d].After(at) {
			at = l.free[d]
		}
		at = at.Add(time.Duration(float64(n) / s.rate * float64(time.Second)))
		l.free[d] = at
	}
	at = at.Add(s.delay + l.upTo(s.jitter))
	if s.loss > 0 && l.rng.Float64() < s.loss {
		at = at.Add(timeoutMin + l.upTo(timeoutMax-timeoutMin))
	}
	return at
}

// upTo draws a time in [0, d); the caller holds mu.
func (l *Line) upTo(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return time.Duration(l.rng.Int64N(int64(d)))
}
