package intake

import (
	"context"
	"errors"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// How often Run looks at things nobody tells it about.
const (
	stateCheck = time.Minute      // of an account that is not in use
	shareAfter = 30 * time.Second // how long a large file may keep us from looking
)

// Run brings the account in until ctx ends; then it returns nil. A broken line,
// a full disk and an account that wants to be signed in to are waited out.
func (in *Intake) Run(ctx context.Context) error {
	if _, verified, err := in.o.Store.Cursor(ctx, in.o.Account); err == nil {
		in.change(func(s *Status) { s.AnsweredAt = verified })
	}
	for ctx.Err() == nil {
		err := in.pullAll(ctx)
		if err == nil {
			err = in.rest(ctx)
		}
		switch {
		case err == nil || ctx.Err() != nil:
		case errors.Is(err, errSpent):
			in.hold(ctx)
		default:
			in.pause(ctx, err)
		}
	}
	in.stale.Store(true) // whoever still wants the line makes a new one
	_ = in.o.Source.Close()
	return nil
}

// pullAll pulls until nothing is left to come.
func (in *Intake) pullAll(ctx context.Context) error {
	for _, asked := range []chan struct{}{in.poked, in.nudged} {
		select {
		case <-asked: // for this round
		default:
		}
	}
	in.calm.Store(false)
	defer in.looking()()
	for {
		if !in.once.Load() && in.spent(ctx) {
			return errSpent
		}
		more, err := in.page(ctx, forPull)
		if err != nil {
			return err
		}
		if !more {
			in.once.Store(false)
			in.calm.Store(true)
			return nil
		}
	}
}

// rest waits until it is worth pulling again: after a hint, a poke, or a while.
func (in *Intake) rest(ctx context.Context) error {
	if !in.push.Load() {
		s := in.spell(ctx, in.o.Poll, in.nudged, nil)
		<-s.ctx.Done()
		s.stop()
		return nil
	}
	for {
		wait := in.spell(ctx, shareAfter, in.nudged, nil)
		t, err := in.line.take(wait.ctx, forWatch)
		wait.stop()
		if err != nil {
			return nil
		}
		if wait.poked || !in.open || in.stale.Load() {
			t.give()
			return nil
		}
		again, err := in.watch(ctx, t)
		t.give()
		if err != nil || !again {
			return err
		}
	}
}

// watch listens for hints. again: somebody needed the line, and nothing else
// happened.
func (in *Intake) watch(ctx context.Context, t *turn) (again bool, err error) {
	s := in.spell(ctx, in.o.Sweep, in.nudged, t.pressed)
	err = in.shielded("watch", func() error { return in.o.Source.Watch(s.ctx, s.hint) })
	ended := s.ctx.Err() != nil
	s.stop()
	if ended {
		return s.pressed && !s.poked, nil
	}
	if err == nil {
		err = desk.E(desk.KindOffline, "watch", nil) // it may only end with the spell
	}
	if s.poked {
		in.Wake()
	}
	return false, in.broken(ctx, "watch", err)
}

// spell is a time of waiting that somebody may end.
type spell struct {
	ctx     context.Context
	cancel  context.CancelFunc
	done    chan struct{}
	poked   bool // after stop: a poke or a nudge ended it
	pressed bool // after stop: somebody more urgent ended it
}

// spell begins one that ends after d, at a poke, at a nudge (nil: whatever is
// nudged), at hint, or when press closes.
func (in *Intake) spell(ctx context.Context, d time.Duration, nudge, press <-chan struct{}) *spell {
	s := &spell{done: make(chan struct{})}
	s.ctx, s.cancel = context.WithTimeout(ctx, d)
	go func() {
		defer close(s.done)
		defer s.cancel()
		select {
		case <-in.poked:
			s.poked = true
		case <-nudge:
			s.poked = true
		case <-press:
			s.pressed = true
		case <-s.ctx.Done():
		}
	}()
	return s
}

// hint ends the spell: there may be something to pull.
func (s *spell) hint() { s.cancel() }

func (s *spell) stop() {
	s.cancel()
	<-s.done
}

// pause waits before the next try.
func (in *Intake) pause(ctx context.Context, why error) {
	d := stateCheck
	in.change(func(s *Status) {
		if errors.Is(why, errNotInUse) {
			return // nobody waits for the line, but for a person
		}
		if in.stood.Swap(false) {
			d = source.Promptly()
		} else {
			in.failures++
			d = source.Patience(in.failures)
		}
		s.RetryAt = in.now().Add(d)
	})
	s := in.spell(ctx, d, nil, nil)
	<-s.ctx.Done()
	s.stop()
	in.change(func(s *Status) { s.RetryAt = time.Time{} })
}
