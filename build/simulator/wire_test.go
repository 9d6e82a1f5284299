package simulator

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// never is a limit that no connection reaches.
const never = int64(1) << 62

// ending is what becomes of a direction at its limit.
type ending int

const (
	resets ending = iota // both directions break, whatever is under way is lost
	mutes                // further bytes vanish, and nobody is told: a half-open line
)

// stream is one direction of a connection.
type stream struct {
	chunks []chunk
	passed int64 // bytes taken from the writer
	limit  int64 // from here on the ending holds
	then   ending
	shut   bool // no more will be written
	last   time.Time
	delay  time.Duration
}

type chunk struct {
	at   time.Time // when it arrives
	data []byte
}

// wire is one connection in memory. Its reads and writes wait in fake time, and
// its deadlines go by that.
type wire struct {
	mu       sync.Mutex
	moved    *sync.Cond
	up, down stream // from the program, to the program
	gone     bool   // nothing more is carried
	onCut    func()
	client   *end
	server   *end
}

// end is one side of a wire, as net.Conn.
type end struct {
	w        *wire
	in, out  *stream
	deadline time.Time
	timer    *time.Timer
	closed   bool
	name     addr
}

type addr string

func (addr) Network() string  { return "pipe" }
func (a addr) String() string { return string(a) }

func newWire(delay time.Duration) *wire {
	w := &wire{up: stream{limit: never, delay: delay}, down: stream{limit: never, delay: delay}}
	w.moved = sync.NewCond(&w.mu)
	w.client = &end{w: w, in: &w.down, out: &w.up, name: "program"}
	w.server = &end{w: w, in: &w.up, out: &w.down, name: "server"}
	return w
}

// later has everybody look again when t has come. The caller holds mu.
func (w *wire) later(t time.Time) {
	time.AfterFunc(time.Until(t), w.moved.Broadcast)
}

// reset breaks both directions at once. What is under way to the server still
// arrives, or is lost as well.
func (w *wire) reset(lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone = true
	w.down.chunks = nil
	if lost {
		w.up.chunks = nil
	}
	w.moved.Broadcast()
}

// mute loses everything that is said from now on, both ways.
func (w *wire) mute() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range []*stream{&w.up, &w.down} {
		s.limit, s.then = min(s.limit, s.passed), mutes
	}
}

// Read implements net.Conn.
func (e *end) Read(b []byte) (int, error) {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	for {
		now := time.Now()
		switch {
		case e.closed:
			return 0, net.ErrClosed
		case len(e.in.chunks) > 0 && !e.in.chunks[0].at.After(now):
			return e.in.take(b), nil
		case len(e.in.chunks) == 0 && e.w.gone:
			return 0, syscall.ECONNRESET
		case len(e.in.chunks) == 0 && e.in.shut:
			return 0, io.EOF
		case !e.deadline.IsZero() && !e.deadline.After(now):
			return 0, os.ErrDeadlineExceeded
		}
		e.w.moved.Wait()
	}
}

func (s *stream) take(b []byte) int {
	n := copy(b, s.chunks[0].data)
	if s.chunks[0].data = s.chunks[0].data[n:]; len(s.chunks[0].data) == 0 {
		s.chunks = s.chunks[1:]
	}
	return n
}

// Write implements net.Conn. It never waits: what is written is under way.
func (e *end) Write(b []byte) (int, error) {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	switch {
	case e.closed:
		return 0, net.ErrClosed
	case e.w.gone:
		return 0, syscall.EPIPE
	}
	keep := min(int64(len(b)), e.out.limit-e.out.passed)
	e.out.passed += int64(len(b))
	if keep > 0 {
		e.w.carry(e.out, b[:keep])
	}
	if keep < int64(len(b)) && e.out.then == resets {
		e.w.cut()
	}
	return len(b), nil
}

func (w *wire) carry(s *stream, b []byte) {
	at := time.Now().Add(s.delay)
	if at.Before(s.last) {
		at = s.last
	}
	s.last = at
	s.chunks = append(s.chunks, chunk{at, append([]byte(nil), b...)})
	if s.delay > 0 {
		w.later(at)
	}
	w.moved.Broadcast()
}

// cut breaks the connection when all that got through has arrived: the other
// side deals with that, and nobody hears what it says to it.
func (w *wire) cut() {
	w.gone = true
	if w.onCut != nil {
		w.onCut()
	}
	w.moved.Broadcast()
}

// Close implements net.Conn.
func (e *end) Close() error {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	e.closed, e.out.shut = true, true
	e.w.moved.Broadcast()
	return nil
}

// SetReadDeadline implements net.Conn.
func (e *end) SetReadDeadline(t time.Time) error {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	e.deadline = t
	if e.timer != nil {
		e.timer.Stop()
	}
	if !t.IsZero() {
		e.timer = time.AfterFunc(time.Until(t), e.w.moved.Broadcast)
	}
	e.w.moved.Broadcast()
	return nil
}

// SetDeadline implements net.Conn.
func (e *end) SetDeadline(t time.Time) error { return e.SetReadDeadline(t) }

// SetWriteDeadline implements net.Conn: a write never waits.
func (e *end) SetWriteDeadline(time.Time) error { return nil }

// LocalAddr implements net.Conn.
func (e *end) LocalAddr() net.Addr { return e.name }

// RemoteAddr implements net.Conn.
func (e *end) RemoteAddr() net.Addr { return e.name }
