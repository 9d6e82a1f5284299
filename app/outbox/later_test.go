package outbox_test

import (
	"slices"
	"testing"
	"time"

	"fernpost/app/outbox"
	"fernpost/store/desk"
)

func (b *bureau) in(d time.Duration) time.Time { return b.clock().Add(d).Truncate(time.Millisecond) }

func TestAReplyLeavesLaterAndNotBefore(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		id := b.answerAt("katharina", b.in(16*time.Hour), time.Time{})
		for range 15 { // whatever wakes it
			b.sleep(time.Hour)
			b.out.Wake()
			b.want(id, desk.OpQueued, "")
		}
		if b.server.catches != 0 {
			b.Error("it cost the line something before its time")
		}
		b.crash()
		b.sleep(59 * time.Minute)
		b.want(id, desk.OpQueued, "")
		b.sleep(time.Minute + time.Second)
		b.want(id, desk.OpSent, "")
		b.wantEffects(id, 1)
	})
}

func TestALaterReplyIsTakenBackAtAnyTime(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		id := b.answerAt("katharina", b.in(16*time.Hour), time.Time{})
		b.sleep(15 * time.Hour)
		d, err := b.out.TakeBack(b.Context(), id)
		b.must(err)
		if d.Text != "Answer." || d.Op != "" {
			b.Errorf("the draft came back as %+v", d)
		}
		b.sleep(48 * time.Hour)
		b.want(id, desk.OpCancelled, "")
		b.wantEffects(id, 0)
	})
}

func TestALaterReplyHoldsNoOther(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		monday := b.answerAt("katharina", b.in(72*time.Hour), time.Time{})
		tomorrow := b.answerAt("katharina", b.in(24*time.Hour), time.Time{})
		b.sleep(time.Hour)
		now := b.answer("katharina")
		b.sleep(time.Minute)
		b.want(now, desk.OpSent, "")
		b.sleep(96 * time.Hour)
		if got := b.server.order(); !slices.Equal(got, []desk.OpID{now, tomorrow, monday}) {
			b.Errorf("left in the order %v", got)
		}
	})
}

// TestOnceItsTimeHasComeALaterReplyGoesFirst: with no line both wait, and what
// was to leave at nine leaves before what was written at ten.
func TestOnceItsTimeHasComeALaterReplyGoesFirst(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.with(func() { b.server.offline = errOffline })
		nine := b.answerAt("katharina", b.in(time.Hour), time.Time{})
		b.sleep(2 * time.Hour)
		ten := b.answer("katharina")
		b.sleep(time.Hour)
		b.server.with(func() { b.server.offline = nil })
		b.sleep(time.Hour)
		if got := b.server.order(); !slices.Equal(got, []desk.OpID{nine, ten}) {
			b.Errorf("left in the order %v", got)
		}
	})
}

func TestALaterReplyIsGuardedWhenItLeaves(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		id := b.answerAt("katharina", b.in(16*time.Hour), time.Time{})
		b.sleep(time.Hour)
		b.asksAgain("katharina")
		b.sleep(time.Hour)
		b.want(id, desk.OpQueued, "")
		b.sleep(15 * time.Hour)
		b.want(id, desk.OpHeld, desk.ReasonCustomerWrote)
		b.wantEffects(id, 0)
	})
}

func TestALaterReplySurvivesClocksThatJump(t *testing.T) {
	for name, c := range map[string]struct {
		jump  time.Duration
		after time.Duration // by the stopwatch
		state desk.OpState
	}{
		"asleep over its time":        {jump: 20 * time.Hour, after: time.Minute, state: desk.OpSent},
		"set back":                    {jump: -30 * 24 * time.Hour, after: 17 * time.Hour, state: desk.OpQueued},
		"set back, and its time came": {jump: -time.Hour, after: 17*time.Hour + time.Minute, state: desk.OpSent},
	} {
		t.Run(name, func(t *testing.T) {
			inBureau(t, func(b *bureau) {
				b.asks("katharina")
				id := b.answerAt("katharina", b.in(16*time.Hour), time.Time{})
				b.jump.Store(int64(c.jump))
				b.out.Wake()
				b.sleep(c.after)
				b.want(id, c.state, "")
				b.crash()
				b.sleep(time.Minute)
				b.want(id, c.state, "")
			})
		})
	}
}

func TestAReplyWhoseTimeIsOverAsksAPerson(t *testing.T) {
	for name, wrong := range map[string]func(b *bureau){
		"no line":       func(b *bureau) { b.server.with(func() { b.server.offline = errOffline }) },
		"breaks":        func(b *bureau) { b.server.with(func() { b.server.always = breaksEarly }) },
		"paused":        func(b *bureau) { b.must(b.store.SetAccountState(b.Context(), account, desk.AccountPaused)) },
		"wants sign-in": func(b *bureau) { b.must(b.store.SetAccountState(b.Context(), account, desk.AccountSignIn)) },
		"not running":   func(b *bureau) { b.end(); b.sleep(3 * time.Hour); b.start() },
		"asleep":        func(b *bureau) { b.jump.Store(int64(3 * time.Hour)) },
		"a slow look": func(b *bureau) {
			b.server.with(func() { b.server.onHead = func() { time.Sleep(3 * time.Hour) } })
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBureau(t, func(b *bureau) {
				b.asks("katharina")
				id := b.answerAt("katharina", time.Time{}, b.in(2*time.Hour))
				wrong(b)
				b.sleep(4 * time.Hour)
				b.want(id, desk.OpNeedsYou, desk.ReasonExpired)
				b.wantEffects(id, 0)
				b.server.with(func() { b.server.offline, b.server.always = nil, nil })
				b.must(b.store.SetAccountState(b.Context(), account, desk.AccountOK))
				b.out.Wake()
				b.sleep(time.Hour)
				b.want(id, desk.OpNeedsYou, desk.ReasonExpired)
				b.decide(id, outbox.SendAgain)
				b.sleep(time.Minute)
				b.want(id, desk.OpSent, "")
				b.wantEffects(id, 1)
				if b.op(id).PersonOK {
					b.Error("that it goes out late is no leave to send it twice")
				}
			})
		})
	}
}

func TestInItsTimeNothingAsks(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		id := b.answerAt("katharina", b.in(time.Hour), b.in(2*time.Hour))
		b.server.next(breaksEarly, breaksEarly)
		b.sleep(2 * time.Hour)
		b.want(id, desk.OpSent, "")
	})
}

// TestWhatMayHaveArrivedIsNoQuestionOfTime: it is looked for, and only when it
// provably isn't there its time counts again.
func TestWhatMayHaveArrivedIsNoQuestionOfTime(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.asks("juma")
		b.server.next(losesAnswer, losesAll)
		there := b.answerAt("katharina", time.Time{}, b.in(11*time.Second))
		b.sleep(undo + 500*time.Millisecond)
		absent := b.answerAt("juma", time.Time{}, b.in(11*time.Second))
		b.sleep(10*time.Second + 100*time.Millisecond)
		b.server.with(func() { b.server.exact = true })
		b.sleep(time.Hour)
		b.want(there, desk.OpReconciled, "")
		b.want(absent, desk.OpNeedsYou, desk.ReasonExpired)
	})
}

func TestManyLaterRepliesHoldNobodyUp(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		for range 600 {
			b.answerAt("katharina", b.in(100*time.Hour), time.Time{})
		}
		b.asks("juma")
		id := b.answer("juma")
		b.sleep(time.Minute)
		b.want(id, desk.OpSent, "")
	})
}

func TestSendingAnywayAgreesToWhatWasOnScreen(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		id := b.answer("katharina")
		b.asksAgain("katharina")
		b.sleep(time.Minute)
		b.want(id, desk.OpHeld, desk.ReasonCustomerWrote)
		seen := b.newest(id)
		b.colleagueAnswers("katharina") // not on screen yet when the button was pressed
		b.decideOn(id, outbox.SendAnyway, seen)
		b.sleep(time.Minute)
		b.want(id, desk.OpHeld, desk.ReasonColleagueAnswered)
		b.decideOn(id, outbox.SendAnyway, 0) // a screen that showed nothing
		b.sleep(time.Minute)
		b.want(id, desk.OpHeld, desk.ReasonColleagueAnswered)
		b.decideOn(id, outbox.SendAnyway, 1<<62) // one that says nonsense agrees to what is here
		b.sleep(time.Minute)
		b.want(id, desk.OpSent, "")
	})
}
