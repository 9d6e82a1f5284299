package app

import (
	"context"
	"log/slog"
	"time"

	"fernpost/store/desk"
)

// careEvery is how soon what the store had to do without is tried again.
const careEvery = time.Minute

// careForStore tries again what the store had to do without.
func (d *Desk) careForStore(ctx context.Context) error {
	tick := time.NewTicker(careEvery)
	defer tick.Stop()
	for {
		if err := d.store.Care(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("store not mended", "kind", string(desk.KindOf(err)))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
