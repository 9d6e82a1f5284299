package intake

import (
	"context"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// Line says how things stand with an account's server. It is never the
// system's idea of being online.
type Line string

// The line's states.
const (
	LineLooking  Line = "looking"  // a question is on its way
	LineAnswered Line = "answered" // the last question was answered
	LineLost     Line = "lost"     // the last question was not
)

// Status is what is known of an account's line, at this moment.
type Status struct {
	Line       Line
	AnsweredAt time.Time // what the server said at this time is stored; zero: never
	LostSince  time.Time // zero while it answers
	RetryAt    time.Time // when the next try is due; zero: none is waited for
	Problem    desk.Kind // why it is lost, or why nothing can be stored; "" when fine
	Importing  bool      // the first sync, or what was missed, still comes in pages
	Reach      time.Time // while importing: back to this day everything is here; zero: unknown
	ToGo       int       // heads still to come to the horizon; 0: none, or unknown
	Spent      bool      // today's bytes are used up: nothing is fetched unasked
}

// noteEvery bounds how often the store is told that an account still answers.
const noteEvery = time.Minute

// Status gives a snapshot.
func (in *Intake) Status() Status {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.status
}

// change edits the status under the lock and tells about it afterwards.
func (in *Intake) change(edit func(s *Status)) {
	in.mu.Lock()
	before := in.status
	edit(&in.status)
	switch {
	case in.lookers > 0:
		in.status.Line = LineLooking
	case !in.status.LostSince.IsZero():
		in.status.Line = LineLost
	case !in.noted.IsZero(): // it answered in this run
		in.status.Line = LineAnswered
	default:
		in.status.Line = LineLooking
	}
	differs := before != in.status
	in.mu.Unlock()
	if differs && in.o.Changed != nil {
		in.o.Changed()
	}
}

// looking counts a question on its way; the func it gives ends it.
func (in *Intake) looking() (done func()) {
	in.change(func(*Status) { in.lookers++ })
	return func() { in.change(func(*Status) { in.lookers-- }) }
}

// keeping says how much of what the server said of its mailbox is stored here.
type keeping int

const (
	keptNothing keeping = iota
	keptSome            // more is to come: nothing newer is claimed
	keptAll
)

// answered records that the server spoke at this time.
func (in *Intake) answered(ctx context.Context, at time.Time, kept keeping) (wasLost bool) {
	note := false
	in.change(func(s *Status) {
		wasLost = !s.LostSince.IsZero()
		note = wasLost || in.noted.IsZero() || at.Sub(in.noted).Abs() >= noteEvery
		if note {
			in.noted = at
		}
		s.LostSince, s.RetryAt = time.Time{}, time.Time{}
		if kept == keptAll {
			s.AnsweredAt = at
		}
		if kept > keptNothing {
			s.Problem = ""
			in.failures, in.hopes, in.late = 0, 0, false
			if in.hope != nil {
				in.hope.Stop()
				in.hope = nil
			}
		}
		if wasLost {
			close(in.back)
			in.back = make(chan struct{})
		}
	})
	if note {
		in.note(ctx, store.LineEvent{Account: in.o.Account, At: at, Kind: "answered"})
	}
	if wasLost && in.o.Returned != nil {
		in.o.Returned()
	}
	return wasLost
}

// lost records that the account doesn't answer.
func (in *Intake) lost(ctx context.Context, at time.Time, why desk.Kind) {
	first := false
	in.change(func(s *Status) {
		first = s.LostSince.IsZero()
		if first {
			s.LostSince = at
		}
		s.Problem = why
	})
	if first {
		in.log.Info("line lost", "account", in.o.Account, "kind", why)
		in.note(ctx, store.LineEvent{Account: in.o.Account, At: at, Kind: "lost"})
	}
}

// note writes the line's day. It is a picture, not a record: where it can't be
// kept, the work goes on.
func (in *Intake) note(ctx context.Context, e store.LineEvent) {
	if err := in.o.Store.NoteLine(context.WithoutCancel(ctx), e); err != nil {
		in.log.Warn("line event not kept", "account", in.o.Account, "kind", desk.KindOf(err))
	}
}

// returned gives a channel that closes when the account answers again.
func (in *Intake) returned() <-chan struct{} {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.back
}
