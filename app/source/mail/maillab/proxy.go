package maillab

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Proxy stands between a source and a server and is the line: it can be cut,
// cut at a byte, muted, slowed. It counts what passes.
type Proxy struct {
	Addr string

	target string
	ln     net.Listener

	mu    sync.Mutex
	conns map[*pair]bool
	down  bool  // refuses connections
	muted bool  // what the server says is lost
	left  int64 // bytes until the line is cut; -1: never
	rate  int64 // bytes a second and direction; 0: any
	delay time.Duration
	up    int64 // bytes the client sent
	total int64
}

type pair struct{ client, server net.Conn }

// NewProxy listens on loopback for one server, until the test ends.
func NewProxy(t Stage, target string) *Proxy {
	t.Helper()
	return NewProxyAt(t, "127.0.0.1", target)
}

// NewProxyAt listens on an address of this computer, at a free port.
func NewProxyAt(t Stage, host, target string) *Proxy {
	t.Helper()
	ln, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatalf("listen for the line: %v", err)
	}
	p := &Proxy{Addr: ln.Addr().String(), target: target, ln: ln, conns: map[*pair]bool{}, left: -1}
	var wg sync.WaitGroup
	wg.Go(func() { p.accept(&wg) })
	t.Cleanup(func() {
		_ = ln.Close()
		p.Cut()
		wg.Wait()
	})
	return p
}

// Cut breaks every connection, as a lost signal does, and lets none through.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut()
}

func (p *Proxy) cut() {
	p.down = true
	for c := range p.conns {
		c.end()
	}
	clear(p.conns)
}

// Restore lets everything through again.
func (p *Proxy) Restore() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down, p.muted, p.left = false, false, -1
}

// CutAfter cuts when n more bytes have passed, both directions together.
func (p *Proxy) CutAfter(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = n
}

// Mute loses what the servers say from now on; what they are told still
// arrives. After the closing dot this is how a sent mail's 250 gets lost.
func (p *Proxy) Mute() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.muted = true
}

// Slow limits the rate (bytes a second, each way) and adds a delay each way.
func (p *Proxy) Slow(rate int64, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate, p.delay = rate, delay
}

// Traffic is how many bytes have passed, both ways.
func (p *Proxy) Traffic() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.total
}

// Sent is how many of them the client sent.
func (p *Proxy) Sent() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.up
}

func (p *Proxy) accept(wg *sync.WaitGroup) {
	for {
		client, err := p.ln.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		c := &pair{client, server}
		p.mu.Lock()
		if p.down {
			c.end()
		} else {
			p.conns[c] = true
		}
		p.mu.Unlock()
		wg.Go(func() { p.carry(c, server, client, true) })
		wg.Go(func() { p.carry(c, client, server, false) })
	}
}

// carry moves bytes one way until either end is gone. What is under way on a
// slow line waits in a queue, so that a delay costs time and not throughput.
func (p *Proxy) carry(c *pair, to, from net.Conn, up bool) {
	queue := make(chan piece, 256)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for b := range queue {
			time.Sleep(time.Until(b.due))
			if !p.pass(to, b.bytes, up) {
				p.hangUp(c)
			}
		}
	}()
	var free time.Time // when the line has sent what it was given
	for {
		buf := make([]byte, 4096)
		n, err := from.Read(buf)
		if n > 0 {
			var due time.Time
			free, due = p.schedule(free, n)
			queue <- piece{buf[:n], due}
		}
		if err != nil {
			close(queue)
			<-ended
			if tcp, ok := to.(*net.TCPConn); ok && up && errors.Is(err, io.EOF) {
				_ = tcp.CloseWrite() // the client is done; the server may still have words
				return
			}
			p.hangUp(c)
			return
		}
	}
}

type piece struct {
	bytes []byte
	due   time.Time
}

// schedule says when n bytes have been sent, and when they arrive.
func (p *Proxy) schedule(free time.Time, n int) (sent, due time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); free.Before(now) {
		free = now
	}
	if p.rate > 0 {
		free = free.Add(time.Duration(int64(n) * int64(time.Second) / p.rate))
	}
	return free, free.Add(p.delay)
}

func (p *Proxy) hangUp(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.end()
	delete(p.conns, c)
}

// pass hands one piece on, as far as the line allows.
func (p *Proxy) pass(to net.Conn, b []byte, up bool) bool {
	p.mu.Lock()
	if p.down {
		p.mu.Unlock()
		return false
	}
	if p.muted && !up {
		p.mu.Unlock()
		return true
	}
	over := p.left >= 0 && int64(len(b)) >= p.left
	if over {
		b = b[:p.left]
	}
	if p.left >= 0 {
		p.left -= int64(len(b))
	}
	p.total += int64(len(b))
	if up {
		p.up += int64(len(b))
	}
	p.mu.Unlock()
	_, err := to.Write(b)
	if over {
		p.Cut()
	}
	return err == nil && !over
}

// end resets both sides: a line that is lost says no good-bye.
func (c *pair) end() {
	for _, conn := range []net.Conn{c.client, c.server} {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}
