package app

import (
	"context"
	"time"
)

// snoozeEvery is how late a snoozed conversation may come back. The time is looked
// up again and again, as a clock may be set and a computer sleep.
const snoozeEvery = 20 * time.Second

// endSnoozes brings back the conversations whose time has come.
func (d *Desk) endSnoozes(ctx context.Context) error {
	return every(ctx, snoozeEvery, "snoozes", func(ctx context.Context) error {
		return d.store.EndSnoozes(ctx, d.clock())
	})
}
