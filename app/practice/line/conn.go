package line

import (
	"net"
	"sync"
	"time"
)

// Conn is what the server holds: its reads and writes run over the line.
type Conn struct {
	net.Conn // the server's end of a pipe; it keeps deadlines
	line     *Line
	caller   net.Conn // the real connection
	far      net.Conn // the pipe's other end
	gone     chan struct{}
	end      sync.Once

	mu    sync.Mutex
	stall time.Time // nothing moves before
}

const (
	troubleMin = 20 * time.Second
	troubleMax = 60 * time.Second
	stallMin   = 3 * time.Second
	stallMax   = 12 * time.Second
)

// connect puts caller on the line; nil when the line is off.
func (l *Line) connect(caller net.Conn) *Conn {
	near, far := net.Pipe()
	c := &Conn{Conn: near, line: l, caller: caller, far: far, gone: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended || l.mode == Off {
		return nil
	}
	l.conns[c] = struct{}{}
	l.done.Go(func() { c.carry(up, caller, far) })
	l.done.Go(func() { c.carry(down, far, caller) })
	l.done.Go(c.trouble)
	return c
}

// LocalAddr is the real connection's; the pipe has none.
func (c *Conn) LocalAddr() net.Addr { return c.caller.LocalAddr() }

// RemoteAddr is the real connection's.
func (c *Conn) RemoteAddr() net.Addr { return c.caller.RemoteAddr() }

// Reset breaks the connection without a goodbye. What is under way is lost.
func (c *Conn) Reset() {
	reset(c.caller)
	c.hangUp()
}

// hangUp ends both halves; it may be called again.
func (c *Conn) hangUp() {
	c.end.Do(func() {
		close(c.gone)
		_ = c.caller.Close()
		_ = c.far.Close()
		c.line.mu.Lock()
		delete(c.line.conns, c)
		c.line.mu.Unlock()
	})
}

// reset closes with RST where the transport has such a thing.
func reset(conn net.Conn) {
	if tcp, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

type parcel struct {
	data []byte
	at   time.Time
}

// carry moves one direction until either end is gone. What was read before
// the end still arrives.
func (c *Conn) carry(d direction, from, to net.Conn) {
	defer c.hangUp()
	parcels := make(chan parcel, 32)
	c.line.done.Go(func() {
		defer close(parcels)
		c.read(d, from, parcels)
	})
	for p := range parcels {
		if !c.sleep(time.Until(p.at)) || !c.waitStall() {
			return
		}
		if _, err := to.Write(p.data); err != nil {
			return
		}
	}
}

// read takes packets off from and gives each its time of arrival.
func (c *Conn) read(d direction, from net.Conn, parcels chan<- parcel) {
	buf := make([]byte, packet)
	var last time.Time
	for {
		for wait := c.line.backlog(d); wait > 0; wait = c.line.backlog(d) {
			if !c.sleep(wait) {
				return
			}
		}
		n, err := from.Read(buf)
		if n > 0 {
			at := c.line.reserve(d, n)
			if at.Before(last) {
				at = last // jitter never overtakes within a connection
			}
			last = at
			select {
			case parcels <- parcel{append([]byte(nil), buf[:n]...), at}:
			case <-c.gone:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// trouble stalls or resets the connection now and then while the mode says so.
func (c *Conn) trouble() {
	for {
		c.line.mu.Lock()
		next := troubleMin + c.line.upTo(troubleMax-troubleMin)
		c.line.mu.Unlock()
		if !c.sleep(next) {
			return
		}
		c.line.mu.Lock()
		on := shapes[c.line.mode].trouble
		breaks := c.line.rng.IntN(2) == 0
		pause := stallMin + c.line.upTo(stallMax-stallMin)
		c.line.mu.Unlock()
		switch {
		case !on:
		case breaks:
			c.Reset()
		default:
			c.mu.Lock()
			c.stall = time.Now().Add(pause)
			c.mu.Unlock()
		}
	}
}

func (c *Conn) waitStall() bool {
	c.mu.Lock()
	until := c.stall
	c.mu.Unlock()
	return c.sleep(time.Until(until))
}

// sleep tells whether the connection still stands afterwards.
func (c *Conn) sleep(d time.Duration) bool {
	if d <= 0 {
		select {
		case <-c.gone:
			return false
		default:
			return true
		}
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-c.gone:
		return false
	}
}
