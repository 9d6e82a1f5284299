package app

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Window is what the screen decides about the window it stands in, when a person
// closes it.
type Window struct {
	calls calls
	held  holder
}

// holder is the real window. Its methods return at once.
type holder interface {
	heard() (ending bool) // the screen is there; ending: the computer wants the program to end
	hide()
	show()
	quit()
}

// Leaving says what is still here. The screen asks it first when the window is
// about to close: from then on closing is the screen's to do.
func (s *Window) Leaving() (LeavingView, error) {
	ending := s.held.heard()
	return read(s.calls, "count replies that are here", func(ctx context.Context, d *Desk) (LeavingView, error) {
		h, err := d.store.HereStill(ctx, d.clock())
		return LeavingView{Replies: h.Replies, Later: h.Later, First: milli(h.First), Ending: ending}, err
	})
}

// Close ends the program. What waits leaves when it next runs.
func (s *Window) Close() error {
	s.held.quit()
	return nil
}

// Stay hides the window until the replies have left, and ends the program then.
// Where one asks a person, the window comes back.
func (s *Window) Stay() error {
	return do(s.calls, "stay in the background", func(ctx context.Context, d *Desk) error {
		h, err := d.store.HereStill(ctx, d.clock())
		if err != nil {
			return err
		}
		away := d.away.begin(d.runner.ctx)
		s.held.hide()
		d.runner.Go("background", func(context.Context) error { return d.untilLeft(away, h.Asking, s.held) })
		return nil
	})
}

// backgroundLook is how often the background looks at what is left: a count.
const backgroundLook = time.Second

// untilLeft waits until no reply is left that goes on by itself, or one more
// than before asks a person; until ctx ends, which the window's return does.
// Where the desk closes meanwhile, because its store is damaged, the window comes
// back too.
func (d *Desk) untilLeft(ctx context.Context, asked int, w holder) error {
	tick := time.NewTicker(backgroundLook)
	defer tick.Stop()
	for {
		h, err := d.store.HereStill(ctx, d.clock())
		switch {
		case errors.Is(context.Cause(ctx), errBack):
			return nil
		case ctx.Err() != nil:
			w.show()
			return nil
		case err != nil || h.Asking > asked:
			w.show()
			return err
		case h.Replies == 0:
			w.quit()
			return nil
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// background is the time in which the window is hidden.
type background struct {
	mu  sync.Mutex
	end context.CancelCauseFunc
}

// errBack ends the time in which the window is hidden: it is there again.
var errBack = errors.New("the window is back")

// begin ends an earlier one.
func (b *background) begin(parent context.Context) context.Context {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.end != nil {
		b.end(errBack)
	}
	var ctx context.Context
	ctx, b.end = context.WithCancelCause(parent)
	return ctx
}

// over: the window is there again.
func (b *background) over() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.end != nil {
		b.end(errBack)
	}
}
