package app

import (
	"context"
	"log/slog"
	"time"

	"fernpost/store/desk"
)

// careEvery is how soon what the store had to do without is tried again.
const careEvery = time.Minute

// careForStore makes the second copy good again where it was let go.
func (d *Desk) careForStore(ctx context.Context) error {
	tick := time.NewTicker(careEvery)
	defer tick.Stop()
	for {
		if err := d.store.Rejoin(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("second copy not joined", "kind", string(desk.KindOf(err)))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
