package awake

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fernpost/store/desk"
)

// Event is what happened.
type Event int

// The events.
const (
	Network Event = iota // an address, a route or a link came or went
	Woke                 // the computer slept, and is awake again
)

const (
	// quiet is how long the network must have been still: one cable makes a
	// dozen changes. most is how long it may keep on.
	quiet = time.Second
	most  = 5 * time.Second
	// dozed is how long several signs of one sleep are taken for one.
	dozed = time.Minute
	// again is how soon a system that stopped telling is asked anew; twice as long
	// each time, to seldom.
	again  = time.Minute
	seldom = time.Hour
)

// Options say what to watch with. Clock and Tell are needed.
type Options struct {
	Clock desk.Clock // the wall clock
	// Tell is called with one event at a time. It must not block.
	Tell func(Event)
}

// Run watches until ctx ends; then it returns nil.
func Run(ctx context.Context, o Options) error {
	w := watch{o: o, changed: make(chan struct{}, 1), woke: make(chan struct{}, 1)}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { keep(ctx, "network", func() error { return network(ctx, func() { signal(w.changed) }) }) })
	wg.Go(func() { keep(ctx, "sleep", func() error { return sleep(ctx, func() { signal(w.woke) }) }) })
	wg.Go(func() { gaps(ctx, o.Clock, func() { signal(w.woke) }) })
	w.tell(ctx)
	return nil
}

// keep asks the system, again after a while where it can't tell or stopped
// telling. On many there is nobody to tell of sleep; the clock's gap does.
func keep(ctx context.Context, what string, ask func() error) {
	for wait := again; ctx.Err() == nil; wait = min(2*wait, seldom) {
		if err := ask(); err != nil && ctx.Err() == nil && wait == again {
			slog.Info("the system doesn't tell", "what", what)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

type watch struct {
	o       Options
	changed chan struct{}
	woke    chan struct{}
}

// tell passes events on: of the network's once it is quiet, of one sleep one.
func (w *watch) tell(ctx context.Context) {
	var first, lastWoke time.Time
	still := time.NewTimer(time.Hour)
	still.Stop()
	for {
		select {
		case <-ctx.Done():
			still.Stop()
			return
		case <-w.woke:
			now := w.o.Clock().Round(0)
			if age := now.Sub(lastWoke); lastWoke.IsZero() || age.Abs() >= dozed {
				w.o.Tell(Woke)
			}
			lastWoke = now
		case <-w.changed:
			now := time.Now()
			if first.IsZero() {
				first = now
			}
			still.Reset(min(quiet, max(most-now.Sub(first), 0)))
		case <-still.C:
			first = time.Time{}
			w.o.Tell(Network)
		}
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
