package mail

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	dialTimeout = 30 * time.Second
	// stallTimeout is how long a server that owes an answer may stay silent. A
	// bad line with retransmissions is slow, but not silent for so long.
	stallTimeout = 90 * time.Second
)

// wire is a connection that counts its bytes and has deadlines of its own: while
// an answer is owed, every byte that comes allows another stallTimeout; in
// between it may be silent for ever. go-imap's own deadlines are swallowed,
// because they give up on a long answer over a slow line and never on a line
// that died while idle.
type wire struct {
	net.Conn
	count func(kind string, n int64)
	kind  atomic.Value // string
	slow  bool         // connecting took long

	mu    sync.Mutex
	stall time.Duration
	heard time.Time // when the last byte came

	// broke is set once the network, and neither the server's words nor we,
	// ended the line.
	broke  atomic.Bool
	closed atomic.Bool
	silent atomic.Bool // the server owed an answer and its time was over
}

func newWire(c net.Conn, count func(string, int64)) *wire {
	w := &wire{Conn: c, count: count, heard: time.Now()}
	w.kind.Store(CountLooking)
	return w
}

// counting says what the bytes from now on are for.
func (w *wire) counting(kind string) { w.kind.Store(kind) }

// expect allows the server to stay silent for d from now on; 0 is for ever.
func (w *wire) expect(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stall = d
	w.arm()
}

func (w *wire) arm() {
	if w.stall == 0 {
		_ = w.Conn.SetReadDeadline(time.Time{})
		return
	}
	_ = w.Conn.SetReadDeadline(time.Now().Add(w.stall))
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 {
		w.count(w.kind.Load().(string), int64(n))
		w.mu.Lock()
		w.heard = time.Now()
		w.arm()
		w.mu.Unlock()
	}
	if err != nil && !w.closed.Load() {
		w.broke.Store(true)
		w.silent.Store(errors.Is(err, os.ErrDeadlineExceeded))
	}
	return n, err
}

// quiet is for how long nothing has come.
func (w *wire) quiet() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Since(w.heard)
}

// Write gives every piece stallTimeout to leave; a piece is at most 16 kB under
// TLS.
func (w *wire) Write(b []byte) (int, error) {
	_ = w.Conn.SetWriteDeadline(time.Now().Add(stallTimeout))
	n, err := w.Conn.Write(b)
	if n > 0 {
		w.count(w.kind.Load().(string), int64(n))
	}
	if err != nil && !w.closed.Load() {
		w.broke.Store(true)
	}
	return n, err
}

// Close ends the line.
func (w *wire) Close() error {
	w.closed.Store(true)
	return w.Conn.Close()
}

// SetDeadline, SetReadDeadline and SetWriteDeadline do nothing, see wire.
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
