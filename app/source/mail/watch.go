package mail

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/store/desk"
)

const (
	// settle is how long the line must be quiet before Watch idles on it: going
	// in and out of IDLE between two pages would cost round trips.
	settle = time.Second
	// pollEvery is the pause between hints where there is no IDLE.
	pollEvery = 2 * time.Minute
)

// Watch hints when the inbox may have changed. It idles on the line that all
// share and steps aside at once when somebody else wants it.
func (s *Source) Watch(ctx context.Context, hint func()) error {
	l := s.current()
	if l == nil {
		return desk.E(desk.KindOffline, "watch for mail", nil)
	}
	wait := settle
	if !l.caps.Has(imap.CapIdle) {
		wait = pollEvery
	}
	for {
		before := s.used.Load()
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return desk.E(desk.KindCancelled, "watch for mail", context.Cause(ctx))
		case <-l.c.Closed():
			t.Stop()
			return desk.E(desk.KindOffline, "watch for mail", errors.New("the line broke"))
		case <-s.events:
			t.Stop()
			hint()
			continue
		case <-t.C:
		}
		switch {
		case wait == pollEvery:
			hint()
		case s.used.Load() == before:
			if err := s.idle(ctx, l, hint); err != nil {
				return err
			}
		}
	}
}

// idle runs one IDLE, until the server says something, somebody wants the line,
// or the network may forget the line.
func (s *Source) idle(ctx context.Context, l *line, hint func()) error {
	select {
	case s.turn <- struct{}{}:
	default:
		return nil // somebody speaks
	}
	defer s.release()
	if l.dead() {
		return nil // Watch sees it
	}
	moved := l.selected != inboxName
	if err := s.speak(ctx, l, CountLooking, func() error { return l.choose(inboxName) }); err != nil {
		return err
	}
	if moved && uint32(l.chosen.UIDNext) > s.memory.inboxNext {
		hint() // nobody told while another folder was selected
	}
	cmd, err := s.startIdle(ctx, l)
	if err != nil {
		return err
	}
	ended := s.rest(ctx, l, hint)
	// The answer to DONE isn't waited for: the next command may follow at once,
	// and notices if the line is gone.
	if err := cmd.Close(); err != nil && ended == nil {
		return l.fail("watch for mail", err)
	}
	return ended
}

func (s *Source) startIdle(ctx context.Context, l *line) (cmd *imapclient.IdleCommand, err error) {
	err = s.speak(ctx, l, CountLooking, func() error {
		cmd, err = l.c.Idle()
		return l.fail("watch for mail", err)
	})
	return cmd, err
}

// rest waits while the server idles with us.
func (s *Source) rest(ctx context.Context, l *line, hint func()) error {
	t := time.NewTimer(s.kept.idleFor(networkOf(l.conn)))
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return desk.E(desk.KindCancelled, "watch for mail", context.Cause(ctx))
		case <-l.c.Closed():
			return desk.E(desk.KindOffline, "watch for mail", errors.New("the line broke"))
		case <-s.events:
			hint()
		case <-s.poke:
			if s.waiting.Load() > 0 {
				return nil
			}
		case <-t.C:
			return nil
		}
	}
}
