package source

import (
	"math/rand/v2"
	"time"
)

// The ends of Patience.
const (
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
