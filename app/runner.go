package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"fernpost/store/desk"
)

// runner is the only place that says go for anything that lives on. Each loop
// has a name, is told to end by its context, and is waited for.
type runner struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	report func(name string, err error) // a loop that ended before it was told to
}

func newRunner(parent context.Context, report func(name string, err error)) *runner {
	ctx, cancel := context.WithCancel(parent)
	return &runner{ctx: ctx, cancel: cancel, report: report}
}

// Go runs fn until it returns. A panic ends this loop alone and is reported.
func (r *runner) Go(name string, fn func(ctx context.Context) error) {
	r.wg.Go(func() {
		err := r.call(name, fn)
		if err != nil && r.ctx.Err() == nil {
			r.report(name, err)
		}
	})
}

func (r *runner) call(name string, fn func(ctx context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("loop panicked", "loop", name, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fn(r.ctx)
}

// Stop tells every loop to end and waits for them.
func (r *runner) Stop() {
	r.cancel()
	r.wg.Wait()
}

// every does something at once and then again and again, until ctx ends. What
// goes wrong is logged under its name, and the next round tries again.
func every(ctx context.Context, pause time.Duration, name string, round func(context.Context) error) error {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := round(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("round failed", "loop", name, "kind", string(desk.KindOf(err)))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
