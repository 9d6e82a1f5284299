package source

import (
	crypto "crypto/rand"
	"encoding/binary"
	"math/rand/v2"
	"time"
)

// The ends of Patience, and of Promptly.
const (
	promptly     = time.Second
	shortestWait = 5 * time.Second
	longestWait  = 5 * time.Minute
)

// Patience says how long to wait after so many failures in a row (1 or more):
// 5 s doubling to 5 min, a fifth more or less, so that a hundred desks that
// lost one server don't come back in one moment. There is no last try.
func Patience(failures int) time.Duration {
	d := longestWait
	if doublings := failures - 1; doublings < 7 {
		d = min(shortestWait<<max(doublings, 0), longestWait)
	}
	return d - d/5 + upTo(2*d/5)
}

// Promptly is how long to wait after a line was lost that had stood well: cut
// lines come back. It differs from one desk to the next for the same reason.
func Promptly() time.Duration { return upTo(promptly) }

// upTo draws a time below d.
func upTo(d time.Duration) time.Duration {
	return time.Duration(rand.New(system{}).Int64N(int64(d)))
}

// system is the system's chance. math/rand's own can't be given a seed, and a
// run of the simulator must be the same every time.
type system struct{}

// Uint64 implements rand.Source.
func (system) Uint64() uint64 {
	var b [8]byte
	_, _ = crypto.Read(b[:]) // never fails since Go 1.24
	return binary.NativeEndian.Uint64(b[:])
}
