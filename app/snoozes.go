package app

import (
	"context"
	"log/slog"
	"time"

	"fernpost/store/desk"
)

// snoozeEvery is how late a snoozed conversation may come back. The time is looked
// up again and again, as a clock may be set and a computer sleep.
const snoozeEvery = 20 * time.Second

// endSnoozes brings back the conversations whose time has come.
func (d *Desk) endSnoozes(ctx context.Context) error {
	tick := time.NewTicker(snoozeEvery)
	defer tick.Stop()
	for {
		if err := d.store.EndSnoozes(ctx, d.clock()); err != nil && ctx.Err() == nil {
			slog.Warn("snoozes not ended", "kind", string(desk.KindOf(err)))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
