package awake

import (
	"context"
	"time"

	"fernpost/store/desk"
)

const (
	gapTick = 15 * time.Second // how soon after waking up the clock's gap is noticed
	gap     = time.Minute      // a longer one was a sleep
)

// gaps compares the wall clock with the time its timer thinks has passed:
// timers stand still while the computer sleeps, or fire late. It is there for
// systems that don't tell when they wake; a clock that was set forward looks
// the same and costs one new connection.
func gaps(ctx context.Context, clock desk.Clock, woke func()) {
	tick := time.NewTicker(gapTick)
	defer tick.Stop()
	last := clock().Round(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := clock().Round(0) // without Go's monotonic reading, which stands still too
		if now.Sub(last) > gapTick+gap {
			woke()
		}
		last = now
	}
}
