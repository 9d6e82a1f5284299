// Package rural is a bad line to measure on: 64 kbit/s each way, 600 ms there and
// back, one packet in fifty lost.
//
// As root it is packets: a program under test runs in a network namespace of its
// own, behind a pair of TUN devices, and TCP has to mend what is lost. Without
// root it is a relay of streams with the same rate and delay, which loses nothing.
package rural

import (
	"context"
	"os/exec"
	"sync/atomic"
	"time"
)

// The line.
const (
	Rate  = 64_000 / 8 // bytes a second, each way
	Delay = 300 * time.Millisecond
	Loss  = 0.02
	Queue = 32 << 10 // bytes that wait before the line; more are dropped
)

// Stage is where what the line needs is taken away again.
type Stage interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Line is one, and what has passed it. The counters are of what arrived, with
// everything that TCP and IP need.
type Line struct {
	Host string // the server's end: what is to be reached listens here

	namespace  string // "" for a line that only a relay makes
	down, up   atomic.Int64
	downP, upP atomic.Int64 // packets
	lost       atomic.Int64
}

// Real tells that packets are really lost here.
func (l *Line) Real() bool { return l.namespace != "" }

// Traffic is what has arrived, in bytes with all headers, and in packets.
type Traffic struct{ Down, Up, Packets, Lost int64 }

// Traffic reads the counters; all are 0 where only a relay makes the line.
func (l *Line) Traffic() Traffic {
	return Traffic{l.down.Load(), l.up.Load(), l.downP.Load() + l.upP.Load(), l.lost.Load()}
}

// Command makes a program that will sit at the far end of the line.
func (l *Line) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	if l.namespace == "" {
		return exec.CommandContext(ctx, name, args...)
	}
	return exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", l.namespace, name}, args...)...)
}
