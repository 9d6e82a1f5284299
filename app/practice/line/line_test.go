package line

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// office is a listener without a network.
type office struct {
	calls chan net.Conn
	gone  chan struct{}
}

func (o *office) Accept() (net.Conn, error) {
	select {
	case c := <-o.calls:
		return c, nil
	case <-o.gone:
		return nil, net.ErrClosed
	}
}

func (o *office) Close() error   { close(o.gone); return nil }
func (o *office) Addr() net.Addr { return &net.UnixAddr{Name: "office"} }

// echo runs a server that sends back what it gets, over the line.
func echo(t *testing.T, l *Line) (dial func() net.Conn) {
	t.Helper()
	o := &office{calls: make(chan net.Conn), gone: make(chan struct{})}
	in := l.Wrap(o)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				_, _ = io.Copy(c, c)
				_ = c.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = in.Close()
		l.Close()
		all.Wait()
	})
	return func() net.Conn {
		near, far := net.Pipe()
		o.calls <- far
		t.Cleanup(func() { _ = near.Close() })
		return near
	}
}

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// exchange sends data and reads the same number of bytes back.
func exchange(c net.Conn, data []byte) (back []byte, err error) {
	var sending sync.WaitGroup
	sending.Go(func() { _, _ = c.Write(data) })
	back = make([]byte, len(data))
	_, err = io.ReadFull(c, back)
	if err != nil {
		_ = c.Close()
	}
	sending.Wait()
	return back, err
}

// Every byte arrives, in order, no sooner than the mode allows and (in the
// bubble's exact time) not much later.
func TestModes(t *testing.T) {
	for mode, test := range map[Mode]struct {
		bytes       int
		least, most time.Duration
	}{
		Good:   {200_000, 0, 0},
		ThreeG: {125_000, time.Second + 120*time.Millisecond, 1300 * time.Millisecond},
		TwoG:   {16_000, 2*time.Second + 600*time.Millisecond, 3 * time.Second},
	} {
		t.Run(string(mode), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := echo(t, New(mode, 1))()
				data, start := noise(test.bytes), time.Now()
				back, err := exchange(c, data)
				if err != nil || !bytes.Equal(back, data) {
					t.Fatalf("what came back differs, %v", err)
				}
				if took := time.Since(start); took < test.least || took > test.most {
					t.Errorf("took %v, want %v to %v", took, test.least, test.most)
				}
			})
		})
	}
}

// Two callers share the line: a small request doesn't wait for a large one.
func TestTheLineIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := echo(t, New(TwoG, 1))
		large, small := dial(), dial()
		start := time.Now()
		var all sync.WaitGroup
		var largeTook time.Duration
		all.Go(func() {
			if _, err := exchange(large, noise(40_000)); err != nil {
				t.Error(err)
			}
			largeTook = time.Since(start)
		})
		time.Sleep(time.Second)
		before := time.Now()
		if _, err := exchange(small, noise(100)); err != nil {
			t.Error(err)
		}
		if took := time.Since(before); took > 4*time.Second {
			t.Errorf("100 bytes took %v beside a large upload", took)
		}
		all.Wait()
		if largeTook < 5*time.Second {
			t.Errorf("40 kB at 64 kbit/s took %v", largeTook)
		}
	})
}

func TestOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Good, 1)
		dial := echo(t, l)
		c := dial()
		if _, err := exchange(c, noise(10)); err != nil {
			t.Fatal(err)
		}
		l.Set(Off)
		if _, err := exchange(c, noise(10)); err == nil {
			t.Error("a connection outlives the line")
		}
		if _, err := exchange(dial(), noise(10)); err == nil {
			t.Error("a new connection works while the line is off")
		}
		l.Set(Good)
		if _, err := exchange(dial(), noise(10)); err != nil {
			t.Errorf("after the line is back: %v", err)
		}
	})
}

// On a lossy line every connection breaks sooner or later, and until then no
// byte is wrong.
func TestLossy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := echo(t, New(Lossy, 3))
		resets, slow := 0, 0
		for range 5 {
			c := dial()
			for range 200 {
				data, start := noise(300), time.Now()
				back, err := exchange(c, data)
				if err != nil {
					resets++
					break
				}
				if !bytes.Equal(back, data) {
					t.Fatal("a byte is wrong")
				}
				if time.Since(start) > stallMin/2 {
					slow++
				}
				time.Sleep(3 * time.Second)
			}
		}
		if resets != 5 || slow == 0 {
			t.Errorf("%d of 5 connections broke within ten minutes, %d stalls", resets, slow)
		}
	})
}

// The same seed makes the same trouble.
func TestLossyIsRepeatable(t *testing.T) {
	life := func() (d time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			c := echo(t, New(Lossy, 11))()
			start := time.Now()
			_, err := c.Read(make([]byte, 1))
			if err == nil {
				t.Error("bytes from nowhere")
			}
			d = time.Since(start)
		})
		return d
	}
	if a, b := life(), life(); a != b || a < troubleMin {
		t.Errorf("a connection lived %v and %v", a, b)
	}
}

func TestResetOnRealSockets(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := New(Good, 1)
	in := l.Wrap(inner)
	served := make(chan net.Conn, 1)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			served <- c
		}
	})
	c, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s := <-served
	if s.RemoteAddr().String() != c.LocalAddr().String() {
		t.Errorf("the server sees %v, the caller is %v", s.RemoteAddr(), c.LocalAddr())
	}
	if _, err := s.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	l.Set(Off)
	if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("the caller hears a goodbye: %v", err)
	}
	_ = in.Close()
	l.Close()
	all.Wait()
	_ = c.Close()
}
