package source

import (
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
	return d - d/5 + rand.N(2*d/5)
}

// Promptly is how long to wait after a line was lost that had stood well: cut
// lines come back. It differs from one desk to the next for the same reason.
func Promptly() time.Duration { return rand.N(promptly) }
