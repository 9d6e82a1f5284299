package intake_test

import (
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/store/desk"
)

func TestWhenTheDayIsUsedUpOnlyWhatAReplyNeedsComes(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.spent.Store(true)
		o.box.arrive(1)
		o.sleep(time.Hour)
		o.wantMails(1)
		if s := o.in.Status(); !s.Spent || s.Line != intake.LineAnswered {
			o.Errorf("status %+v", s)
		}
		o.box.mu.Lock()
		open := o.box.open
		o.box.mu.Unlock()
		if open {
			o.Error("the line stands, and costs bytes")
		}
		o.must(o.in.CatchUp(o.Context())) // the guard of a reply
		o.wantMails(2)
		o.box.mu.Lock()
		heads := o.box.pulls[len(o.box.pulls)-1].HeadsOnly
		o.box.mu.Unlock()
		if !heads {
			o.Error("more than heads was asked for")
		}
		o.box.arrive(1)
		o.in.Wake() // "check now" is no yes
		o.sleep(time.Hour)
		o.wantMails(2)

		o.spent.Store(false) // a new day, or a larger budget that nobody told of
		o.sleep(2 * time.Minute)
		o.wantMails(3)
		if o.in.Status().Spent {
			o.Error("still said to be used up")
		}
	})
}

func TestFetchAnywayOnceIsOneRound(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		o.spent.Store(true)
		o.start()
		o.box.arrive(25) // three pages
		o.sleep(time.Hour)
		o.wantMails(0)
		o.in.Once()
		o.sleep(time.Second)
		o.wantMails(25)
		o.box.arrive(1)
		o.sleep(time.Hour)
		o.wantMails(25)
		if !o.in.Status().Spent {
			o.Error("nobody says that the day is used up")
		}
	})
}

func TestOnceOutlivesABrokenLine(t *testing.T) {
	inOffice(t, 25, func(o *office) {
		o.spent.Store(true)
		o.box.cut(errOffline)
		o.start()
		o.in.Once()
		o.sleep(time.Minute)
		o.wantMails(0)
		o.box.cut(nil)
		o.sleep(time.Hour)
		o.wantMails(25)
	})
}

func TestARoundStopsInTheMiddleWhenTheDayIsUsedUp(t *testing.T) {
	inOffice(t, 35, func(o *office) {
		o.box.delay = time.Second
		o.start()
		o.sleep(1500 * time.Millisecond)
		o.spent.Store(true)
		o.sleep(time.Hour)
		o.wantMails(20) // the page on its way is paid for
		o.spent.Store(false)
		o.in.Wake()
		o.sleep(time.Minute)
		o.wantMails(35)
	})
}

func TestAFileAsksFirst(t *testing.T) {
	for name, save := range map[string]func(o *office, on bool){
		"the day is used up": func(o *office, on bool) { o.spent.Store(on) },
		"text only": func(o *office, on bool) {
			o.must(o.store.ChangeLine(o.Context(), account, func(c *desk.LineChoice) { c.TextOnly = on }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, 0, func(o *office) {
				f := o.attach(100_001)
				save(o, true)
				if err := o.in.Fetch(o.Context(), f.ID, false); desk.KindOf(err) != desk.KindAsks {
					o.Errorf("fetched unasked: %v", err)
				}
				if len(o.box.fetches) != 0 {
					o.Error("the server was asked")
				}
				o.must(o.in.Fetch(o.Context(), f.ID, true))
				o.wantFile(f.ID)
			})
		})
	}
}

func TestAFileStopsWhenTheDayIsUsedUpAndKeepsWhatCame(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(400_000)
		done := make(chan error, 1)
		go func() { done <- o.in.Fetch(o.Context(), f.ID, false) }()
		o.sleep(3 * time.Second)
		o.spent.Store(true)
		if err := <-done; desk.KindOf(err) != desk.KindAsks {
			o.Errorf("ended with %v", err)
		}
		a, err := o.store.Attachment(o.Context(), f.ID)
		o.must(err)
		if a.Have < 100_000 || a.Have > 200_000 {
			o.Errorf("%d bytes here", a.Have)
		}
		o.spent.Store(false)
		o.must(o.in.Fetch(o.Context(), f.ID, false))
		o.wantFile(f.ID)
		if from := o.box.fetches[len(o.box.fetches)-1]; from != a.Have {
			o.Errorf("went on at %d, not at %d", from, a.Have)
		}
	})
}

func TestTextOnlyAndTheHorizonAreAskedFor(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.must(o.store.ChangeLine(o.Context(), account, func(c *desk.LineChoice) { c.TextOnly, c.Horizon = true, 365 }))
		o.in.Wake()
		o.sleep(time.Second)
		last := o.box.pulls[len(o.box.pulls)-1]
		if days := time.Since(last.Since).Hours() / 24; !last.TextOnly || days < 365 || days > 366 {
			o.Errorf("asked with text only %v, %.1f days back", last.TextOnly, days)
		}
		o.must(o.store.ChangeLine(o.Context(), account, func(c *desk.LineChoice) { c.TextOnly, c.Horizon = false, 0 }))
		o.in.Wake()
		o.sleep(time.Second)
		if last = o.box.pulls[len(o.box.pulls)-1]; last.TextOnly || !last.Since.IsZero() {
			o.Errorf("everything was wanted; asked with text only %v, since %v", last.TextOnly, last.Since)
		}
	})
}

func TestAPauseBreaksOffWhatIsUnderWay(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.box.mu.Lock()
		o.box.silent = true
		o.box.mu.Unlock()
		o.in.Wake()
		o.sleep(time.Second)
		o.must(o.store.SetAccountState(o.Context(), account, desk.AccountPaused))
		o.in.Redial()
		o.sleep(0)
		o.wantLine(intake.LineLost, desk.KindPaused)
		opens, _ := o.box.counts()
		o.sleep(24 * time.Hour)
		if again, _ := o.box.counts(); again != opens {
			o.Errorf("%d connections while paused", again-opens)
		}
		if err := o.in.CatchUp(o.Context()); desk.KindOf(err) != desk.KindPaused {
			o.Errorf("a reply looked all the same: %v", err)
		}
	})
}
