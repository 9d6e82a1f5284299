package outbox_test

import (
	"slices"
	"testing"
	"time"

	"fernpost/app/outbox"
	"fernpost/store/desk"
)

func near(got, want time.Duration) bool { return got >= want*4/5 && got <= want*6/5 }

func TestAnAttemptThatFailedWaitsEverLonger(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.with(func() { b.server.always = breaksEarly })
		id := b.answer("katharina")
		b.sleep(6 * time.Hour)
		want := []time.Duration{5, 10, 20, 40, 80, 160, 300, 300}
		when := b.server.when
		for i, w := range want {
			if got := when[i+1].Sub(when[i]); !near(got, w*time.Second) {
				b.Errorf("wait %d was %v, want about %d s", i+1, got, w)
			}
		}
		if n := len(when); n < 6*12*4/5 {
			b.Errorf("gave up after %d attempts", n)
		}
		b.want(id, desk.OpQueued, desk.ReasonLineTooShort)

		b.server.with(func() { b.server.always = nil })
		b.out.Wake()
		b.sleep(0)
		b.want(id, desk.OpSent, "")
		first := b.server.subs[0]
		for _, s := range b.server.subs {
			if s.ID != first.ID || !slices.Equal(s.Payload, first.Payload) || !s.FirstTry.Equal(first.FirstTry) {
				b.Fatalf("not the same at every attempt: %+v and %+v", first, s)
			}
		}
		if last := b.server.subs[len(b.server.subs)-1]; last.LastTry.Sub(last.FirstTry) < 5*time.Hour {
			b.Errorf("first try %v, last try %v", last.FirstTry, last.LastTry)
		}
	})
}

func TestWakingBuysOneTry(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.with(func() { b.server.always = breaksEarly })
		b.answer("katharina")
		b.sleep(time.Hour)
		before := len(b.server.order())
		b.out.Wake()
		b.sleep(time.Second)
		if n := len(b.server.order()) - before; n != 1 {
			b.Errorf("%d tries", n)
		}
	})
}

func TestWithoutALineNothingIsAsked(t *testing.T) {
	inBureau(t, func(b *bureau) {
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			b.asks(name)
			b.answer(name)
		}
		b.sleep(0)
		b.server.with(func() { b.server.offline, b.server.catches = errOffline, 0 })
		b.sleep(time.Hour)
		if n := b.server.catches; n < 10 || n > 45 {
			b.Errorf("the line was tried %d times in an hour for five replies", n)
		}
		s := b.out.Status()
		if s.Problem != desk.KindOffline || s.RetryAt.Before(time.Now()) {
			b.Errorf("status %+v", s)
		}
		b.server.with(func() { b.server.offline = nil })
		b.out.Wake()
		b.sleep(0)
		if n := len(b.server.order()); n != 5 {
			b.Errorf("%d left at once", n)
		}
		if s := b.out.Status(); s.Problem != "" {
			b.Errorf("status %+v", s)
		}
	})
}

func TestLooksAreSpaced(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(losesAll)
		id := b.answer("katharina")
		b.sleep(undo)
		b.server.with(func() { b.server.offline = errOffline })
		b.sleep(3 * time.Hour) // looks that nobody answers don't count
		b.want(id, desk.OpUncertain, "")
		if n := b.op(id).Looks; n != 1 {
			b.Errorf("%d looks counted", n)
		}
		b.server.with(func() { b.server.offline, b.server.looks = nil, nil })
		b.out.Wake()
		b.sleep(time.Hour)
		b.want(id, desk.OpNeedsYou, desk.ReasonNotSeen)
		looks := b.server.looks
		if len(looks) != outbox.MaxLooks-1 {
			b.Fatalf("%d looks", len(looks))
		}
		for i, want := range []time.Duration{20, 40, 80, 160} {
			if got := looks[i+1].Sub(looks[i]); got != want*time.Second {
				b.Errorf("gap %d is %v", i, got)
			}
		}
	})
}

func TestLookingNow(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(losesAnswerHidden)
		id := b.answer("katharina")
		if err := b.out.LookNow(b.Context(), id); desk.KindOf(err) != desk.KindInvalid {
			b.Errorf("looked for a queued reply: %v", err)
		}
		b.sleep(undo + time.Second)
		before := b.op(id).Looks
		for range 20 {
			b.must(b.out.LookNow(b.Context(), id))
			b.sleep(100 * time.Millisecond)
		}
		if n := len(b.server.looks); n < 20 {
			b.Errorf("%d looks", n)
		}
		if after := b.op(id); after.State != desk.OpUncertain || after.Looks != before {
			b.Errorf("an impatient person used the looks up: %+v", after)
		}
		b.sleep(time.Hour)
		b.want(id, desk.OpNeedsYou, desk.ReasonNotSeen)
		b.server.with(func() { b.server.visible[id] = true })
		b.must(b.out.LookNow(b.Context(), id))
		b.sleep(0)
		b.want(id, desk.OpReconciled, "")
	})
}

func TestOneOpIsInOneHand(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.with(func() { b.server.lookFor = 15 * time.Second })
		b.server.next(losesAll)
		id := b.answer("katharina")
		b.sleep(undo + time.Second)
		for range 5 {
			b.must(b.out.LookNow(b.Context(), id))
			b.sleep(time.Second)
		}
		if b.server.twice {
			b.Error("looked for twice at the same time")
		}
	})
}

func TestTwoThatMeetADeadLineCountOnce(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.asks("daniela")
		b.server.with(func() { b.server.offline = errOffline })
		b.answer("katharina")
		b.answer("daniela")
		b.sleep(undo)
		if wait := time.Until(b.out.Status().RetryAt); b.server.catches != 2 || wait > 6*time.Second {
			b.Errorf("after %d tries at the same time the wait is %v", b.server.catches, wait)
		}
	})
}

func TestWhatATryLeavesAsItWasIsNotTriedWithoutEnd(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		id := b.answer("katharina")
		b.store.refuse("start", desk.E(desk.KindInternal, "write", nil))
		b.sleep(10 * time.Minute)
		b.store.mu.Lock()
		calls := b.store.calls["start"]
		b.store.mu.Unlock()
		if calls < 100 || calls > 121 {
			b.Errorf("tried %d times in ten minutes", calls)
		}
		b.store.refuse("start", nil)
		b.sleep(10 * time.Second)
		b.want(id, desk.OpSent, "")
	})
}

func TestAFullDiskSendsNothingAndForgetsNothing(t *testing.T) {
	full := desk.E(desk.KindDiskFull, "write", nil)
	t.Run("before", func(t *testing.T) {
		inBureau(t, func(b *bureau) {
			b.asks("katharina")
			id := b.answer("katharina")
			b.store.refuse("start", full)
			b.sleep(time.Hour)
			if n := len(b.server.order()); n != 0 {
				b.Errorf("%d attempts that nobody wrote down", n)
			}
			if p := b.out.Status().Problem; p != desk.KindDiskFull {
				b.Errorf("problem %q", p)
			}
			b.store.refuse("start", nil)
			b.sleep(10 * time.Minute)
			b.want(id, desk.OpSent, "")
		})
	})
	t.Run("at the final mark", func(t *testing.T) {
		inBureau(t, func(b *bureau) {
			b.asks("katharina")
			id := b.answer("katharina")
			b.store.refuse("final", full)
			b.sleep(time.Hour)
			b.wantEffects(id, 0)
			b.store.refuse("final", nil)
			b.sleep(10 * time.Minute)
			b.want(id, desk.OpSent, "")
			b.wantEffects(id, 1)
		})
	})
	t.Run("after", func(t *testing.T) {
		inBureau(t, func(b *bureau) {
			b.asks("katharina")
			id := b.answer("katharina")
			b.store.refuse("move", full)
			b.sleep(time.Hour)
			b.want(id, desk.OpSending, "")
			b.store.refuse("move", nil)
			b.sleep(10 * time.Minute)
			b.want(id, desk.OpSent, "")
			b.wantEffects(id, 1)
		})
	})
}

func TestProgressIsToldFourTimesASecond(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(takes(10*time.Second, accepts))
		id := b.answer("katharina")
		b.sleep(undo + 5*time.Second + 50*time.Millisecond)
		if done, total := b.out.Progress(id); done < 40 || done > 60 || total != 100 {
			b.Errorf("%d of %d", done, total)
		}
		b.sleep(time.Minute)
		if done, total := b.out.Progress(id); done != 0 || total != 0 {
			b.Errorf("%d of %d after the end", done, total)
		}
		if n := len(b.server.told); n < 30 || n > 42 {
			b.Errorf("told %d times in ten seconds", n)
		}
	})
}

func TestALookThatWantsASignInPausesTheAccount(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(losesAnswer)
		b.server.with(func() { b.server.locate = desk.E(desk.KindSignIn, "sign in", nil) })
		id := b.answer("katharina")
		b.sleep(24 * time.Hour)
		a, err := b.store.Account(b.Context(), account)
		b.must(err)
		if a.State != desk.AccountSignIn || len(b.server.looks) != 1 {
			b.Errorf("the account is %s after %d looks", a.State, len(b.server.looks))
		}
		b.want(id, desk.OpUncertain, "")
		b.server.with(func() { b.server.locate = nil })
		b.must(b.store.SetAccountState(b.Context(), account, desk.AccountOK))
		b.out.Wake()
		b.sleep(0)
		b.want(id, desk.OpReconciled, "")
	})
}

func TestAPausedAccountSendsNothing(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.must(b.store.SetAccountState(b.Context(), account, desk.AccountPaused))
		id := b.answer("katharina")
		b.sleep(24 * time.Hour)
		b.want(id, desk.OpQueued, "")
		if b.server.catches != 0 {
			b.Error("asked the server")
		}
		b.must(b.store.SetAccountState(b.Context(), account, desk.AccountOK))
		b.sleep(2 * time.Minute) // even if nobody wakes it
		b.want(id, desk.OpSent, "")
	})
}

func TestDownloadsMakeWayWhileAReplyLeaves(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(takes(time.Minute, accepts))
		b.answer("katharina")
		b.sleep(undo + 30*time.Second)
		if n := b.quiet.Load(); n != 1 {
			b.Errorf("%d hushed while it leaves", n)
		}
		b.sleep(time.Minute)
		if n := b.quiet.Load(); n != 0 {
			b.Errorf("%d hushed afterwards", n)
		}
	})
}

func TestAClockThatIsSetBackHoldsNothingUp(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(breaksEarly)
		id := b.answer("katharina")
		b.sleep(undo + time.Second)
		b.want(id, desk.OpQueued, desk.ReasonLineTooShort)
		b.jump.Store(int64(-48 * time.Hour))
		b.sleep(2 * time.Minute)
		b.want(id, desk.OpSent, "")
	})
}

func TestAClockThatIsSetBackBehindTheLastWakeMakesNoHaste(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(slices.Repeat([]attempt{breaksEarly}, 100)...)
		id := b.answer("katharina")
		b.sleep(undo + time.Second)
		b.out.Wake()
		b.jump.Store(int64(-time.Hour))
		b.sleep(time.Minute)
		if n := len(b.server.order()); n > 10 {
			b.Errorf("%d tries in a minute", n)
		}
		b.want(id, desk.OpQueued, desk.ReasonLineTooShort)
	})
}
