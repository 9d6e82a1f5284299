package intake_test

import (
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/store/desk"
)

func TestEverythingComesInOnce(t *testing.T) {
	inOffice(t, 35, func(o *office) {
		if s := o.in.Status(); s.Line != intake.LineLooking || !s.AnsweredAt.IsZero() {
			o.Errorf("before the first answer: %+v", s)
		}
		o.start()
		o.wantMails(35)
		o.wantLine(intake.LineAnswered, "")
		cursor, verified, err := o.store.Cursor(o.Context(), account)
		o.must(err)
		if string(cursor) != "35" || !verified.Equal(o.in.Status().AnsweredAt) {
			o.Errorf("cursor %q verified %v, status %v", cursor, verified, o.in.Status().AnsweredAt)
		}
	})
}

func TestARestartGoesOnWhereItStood(t *testing.T) {
	inOffice(t, 35, func(o *office) {
		o.box.delay = time.Second
		o.start()
		o.sleep(1500 * time.Millisecond) // one page, and half of the next
		o.end()
		o.wantMails(10)
		o.box.pulls = nil
		o.hire()
		o.start()
		o.sleep(time.Minute)
		o.wantMails(35)
		if first := string(o.box.pulls[0].Cursor); first != "10" {
			o.Errorf("began again at %q", first)
		}
	})
}

func TestTheFirstSyncReachesTheNewestDaysFirst(t *testing.T) {
	inOffice(t, 5, func(o *office) {
		o.box.delay = time.Second
		o.start()
		o.sleep(1100 * time.Millisecond)
		if !o.in.Status().Importing {
			o.Error("the rest is still to come, and nobody says so")
		}
		o.sleep(time.Minute)
		if o.in.Status().Importing {
			o.Error("still importing")
		}
		now := time.Now()
		for i, days := range []int{14, 90} {
			since := o.box.pulls[i].Since
			if age := now.Sub(since); age < time.Duration(days)*24*time.Hour || age > time.Duration(days+1)*24*time.Hour {
				o.Errorf("pull %d reaches to %v", i, since)
			}
		}
		o.end()
		o.hire()
		o.box.pulls = nil
		o.start()
		o.sleep(time.Minute)
		if age := now.Sub(o.box.pulls[0].Since); age < 80*24*time.Hour || len(o.box.pulls) != 1 {
			o.Errorf("after a restart: %d pulls, first since %v", len(o.box.pulls), o.box.pulls[0].Since)
		}
	})
}

func TestAHintBringsMailAtOnce(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.box.arrive(2)
		o.sleep(0)
		o.wantMails(3)
	})
}

func TestWithoutHintsItLooksNowAndThen(t *testing.T) {
	for name, c := range map[string]struct {
		has   source.Flag
		after time.Duration
	}{
		"an account that can't push": {0, 2 * time.Minute},
		"a hint that was lost":       {source.Push, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, 1, func(o *office) {
				o.box.has = c.has
				o.start()
				o.box.mu.Lock()
				o.box.hint = nil
				o.box.mu.Unlock()
				o.box.arrive(1)
				o.sleep(c.after - time.Second)
				o.wantMails(1)
				o.sleep(2 * time.Second)
				o.wantMails(2)
			})
		})
	}
}

func TestALostLineIsTriedEverMorePatiently(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.cut(errOffline)
		o.start()
		o.wantLine(intake.LineLost, desk.KindOffline)
		lost := o.in.Status().LostSince
		if next := o.in.Status().RetryAt; !next.After(lost) {
			o.Errorf("lost at %v, next try %v", lost, next)
		}
		o.sleep(30 * time.Minute)
		want := []time.Duration{5, 10, 20, 40, 80, 160, 300, 300}
		for i, w := range want {
			got := o.box.opens[i+1].Sub(o.box.opens[i])
			if got < w*time.Second*4/5 || got > w*time.Second*6/5 {
				o.Errorf("wait %d was %v, want about %d s", i+1, got, w)
			}
		}
		if o.in.Status().LostSince != lost {
			o.Error("the line was lost once, not at each try")
		}

		o.box.cut(nil)
		o.in.Wake()
		o.sleep(0)
		o.wantLine(intake.LineAnswered, "")
		o.wantMails(1)
		if o.back != 1 {
			o.Errorf("told %d times that the account answers again", o.back)
		}
		// The next loss begins with a short wait again.
		o.box.cut(errOffline)
		o.sleep(0)
		o.box.mu.Lock()
		o.box.opens = nil
		o.box.mu.Unlock()
		o.sleep(7 * time.Second)
		if opens, _ := o.box.counts(); opens != 1 {
			o.Errorf("%d tries in the first seconds", opens)
		}
	})
}

// A line that is cut now and then comes back at once; one that doesn't is left in
// peace as ever.
func TestALineThatStoodIsTriedAtOnce(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		for range 3 {
			o.sleep(20 * time.Second)
			o.box.cut(nil)
			o.sleep(time.Second)
			o.wantLine(intake.LineAnswered, "")
		}
		o.box.mu.Lock()
		o.box.opens = nil
		o.box.mu.Unlock()
		o.sleep(20 * time.Second)
		lost := time.Now()
		o.box.cut(errOffline)
		o.sleep(time.Minute)
		for i, most := range []time.Duration{1, 7, 19, 43} {
			if got := o.box.opens[i].Sub(lost); got > most*time.Second || i > 0 && got < most*time.Second/2 {
				o.Errorf("try %d came after %v", i+1, got)
			}
		}
	})
}

func TestAfterASleepTheLineIsMadeAnew(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.sleep(time.Minute)
		o.box.mu.Lock()
		o.box.log = append(o.box.log, letter(2)) // nobody is told
		o.box.mu.Unlock()
		o.in.Redial()
		o.sleep(0)
		if opens, _ := o.box.counts(); opens != 2 {
			o.Errorf("opened %d times", opens)
		}
		o.wantMails(2)
		o.sleep(5 * time.Minute)
		if opens, _ := o.box.counts(); opens != 2 {
			o.Errorf("one sleep, opened %d times", opens)
		}
	})
}

func TestAfterASleepAHangingPullIsNotWaitedFor(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.box.mu.Lock()
		o.box.silent = true
		o.box.mu.Unlock()
		o.in.Wake()
		o.sleep(time.Minute)
		o.wantLine(intake.LineLooking, "")
		o.box.mu.Lock()
		o.box.silent = false
		o.box.mu.Unlock()
		o.in.Redial()
		o.sleep(0)
		o.wantLine(intake.LineAnswered, "")
	})
}

func TestAnotherMailboxIsRefused(t *testing.T) {
	inOffice(t, 3, func(o *office) {
		o.start()
		a, err := o.store.Account(o.Context(), account)
		o.must(err)
		if a.Identity != "box-1" {
			o.Errorf("identity %q", a.Identity)
		}
		o.box.cut(nil)
		o.box.mu.Lock()
		o.box.identity = "box-2"
		o.box.mu.Unlock()
		o.box.arrive(1)
		o.in.Wake()
		o.sleep(time.Hour)
		a, err = o.store.Account(o.Context(), account)
		o.must(err)
		opens, _ := o.box.counts()
		if a.State != desk.AccountDifferent || a.Identity != "box-1" || opens != 2 {
			o.Errorf("account %s %q after %d opens", a.State, a.Identity, opens)
		}
		o.wantMails(3)
		o.wantLine(intake.LineLost, desk.KindUnsafe)
		if err := o.in.CatchUp(o.Context()); desk.KindOf(err) != desk.KindUnsafe {
			o.Errorf("catch up: %v", err)
		}
	})
}

func TestSigningInIsLeftToAPerson(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.cut(desk.E(desk.KindSignIn, "sign in", nil))
		o.start()
		o.sleep(time.Hour)
		a, err := o.store.Account(o.Context(), account)
		o.must(err)
		opens, _ := o.box.counts()
		if a.State != desk.AccountSignIn || opens != 1 {
			o.Errorf("state %s after %d tries with a wrong password", a.State, opens)
		}
		o.wantLine(intake.LineLost, desk.KindSignIn)
		o.box.cut(nil)
		o.must(o.store.SetAccountState(o.Context(), account, desk.AccountOK))
		o.in.Wake()
		o.sleep(0)
		o.wantMails(1)
		o.wantLine(intake.LineAnswered, "")
	})
}

func TestAPausedAccountIsLeftAlone(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.must(o.store.SetAccountState(o.Context(), account, desk.AccountPaused))
		o.in.Wake()
		o.sleep(0)
		o.box.mu.Lock()
		open := o.box.open
		o.box.mu.Unlock()
		if open {
			o.Error("the line still stands")
		}
		o.sleep(24 * time.Hour)
		if opens, _ := o.box.counts(); opens != 1 {
			o.Errorf("opened %d times", opens)
		}
		o.must(o.store.SetAccountState(o.Context(), account, desk.AccountOK))
		o.sleep(2 * time.Minute) // even if nobody wakes it
		o.wantLine(intake.LineAnswered, "")
	})
}

func TestAFullDiskLosesNothing(t *testing.T) {
	inOffice(t, 25, func(o *office) {
		o.box.delay = time.Second // each page is stored by itself
		o.store.set("apply", desk.E(desk.KindDiskFull, "write", nil), 1)
		o.start()
		o.sleep(5 * time.Second)
		o.wantMails(10)
		o.wantLine(intake.LineAnswered, desk.KindDiskFull)
		first := o.in.Status().AnsweredAt
		o.sleep(10 * time.Minute)
		o.wantMails(10)
		if at := o.in.Status().AnsweredAt; !at.Equal(first) {
			o.Errorf("claims %v, stored is %v", at, first)
		}
		o.store.set("apply", nil, 0)
		o.in.Wake()
		o.sleep(5 * time.Second)
		o.wantMails(25)
		o.wantLine(intake.LineAnswered, "")
		if opens, _ := o.box.counts(); opens != 1 {
			o.Errorf("the line was good, yet opened %d times", opens)
		}
	})
}

func TestAPanicInASourceIsABrokenLine(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.panics = 1
		o.start()
		o.wantLine(intake.LineLost, desk.KindInternal)
		o.sleep(10 * time.Second)
		o.wantMails(1)
	})
}

func TestASourceThatPromisesMoreForEverIsNotAskedForEver(t *testing.T) {
	inOffice(t, 3, func(o *office) {
		o.box.page = 0
		o.start()
		if _, pulls := o.box.counts(); pulls > 3 {
			o.Errorf("%d pulls", pulls)
		}
	})
}

func TestTheLinesDayIsShort(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		for range 200 { // mail every three seconds
			o.box.arrive(1)
			o.sleep(3 * time.Second)
		}
		o.box.cut(errOffline)
		o.sleep(10 * time.Minute)
		o.box.cut(nil)
		o.in.Wake()
		o.sleep(0)
		events, err := o.store.LineSince(o.Context(), account, time.Time{})
		o.must(err)
		kinds := map[string]int{}
		for _, e := range events {
			kinds[e.Kind]++
		}
		if kinds["answered"] < 10 || kinds["answered"] > 12 || kinds["lost"] != 1 {
			o.Errorf("in 20 minutes: %v", kinds)
		}
		if last := events[len(events)-1]; last.Kind != "answered" {
			o.Errorf("the last is %s", last.Kind)
		}
	})
}
