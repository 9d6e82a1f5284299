package intake

import (
	"context"
	"errors"
	"time"

	"fernpost/store/desk"
)

// heldCheck is how soon a new day, or a change of the budget that nobody told
// of, is noticed.
const heldCheck = time.Minute

// errSpent ends a round of pulling: today's bytes are used up.
var errSpent = desk.E(desk.KindAsks, "pull", errors.New("today's bytes are used up"))

// Once lets one round of pulling through though today's bytes are used up.
func (in *Intake) Once() {
	in.once.Store(true)
	in.Wake()
}

// spent tells that nothing may be fetched that nobody asked for. What a reply
// needs goes on.
func (in *Intake) spent(ctx context.Context) bool {
	return in.o.Spent != nil && in.o.Spent(ctx)
}

// hold waits while today's bytes are used up. The line is hung up: keeping it
// costs bytes too, and a reply makes a new one.
func (in *Intake) hold(ctx context.Context) {
	in.change(func(s *Status) { s.Spent, s.Importing = true, false })
	if in.push.Load() {
		if t, err := in.line.take(ctx, forWatch); err == nil {
			in.hangUp()
			t.give()
		}
	}
	s := in.spell(ctx, heldCheck, nil, nil)
	<-s.ctx.Done()
	s.stop()
	if in.once.Load() || !in.spent(ctx) {
		in.change(func(s *Status) { s.Spent = false })
	}
}

// MayFetch tells whether a file may be fetched without asking the person: kind
// asks_first says that it may not.
func (in *Intake) MayFetch(ctx context.Context) error {
	const doing = "fetch file"
	choice, err := in.o.Store.LineChoice(ctx, in.o.Account)
	switch {
	case err != nil:
		return err
	case choice.TextOnly:
		return desk.E(desk.KindAsks, doing, errors.New("text only"))
	case in.spent(ctx):
		return desk.E(desk.KindAsks, doing, errors.New("today's bytes are used up"))
	}
	return nil
}

// Calm tells that no heads and no texts wait to come: a large upload may begin
// without delaying them.
func (in *Intake) Calm() bool { return in.calm.Load() }
