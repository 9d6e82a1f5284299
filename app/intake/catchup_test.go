package intake_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fernpost/app/intake"
	"fernpost/store/desk"
)

func TestCatchUpNeedsNoRun(t *testing.T) {
	inOffice(t, 12, func(o *office) {
		o.must(o.in.CatchUp(o.Context()))
		o.wantMails(12)
		o.wantLine(intake.LineAnswered, "")
		for _, p := range o.box.pulls {
			if !p.HeadsOnly {
				o.Error("asked for more than heads")
			}
		}
	})
}

func TestCatchUpSaysOffline(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.cut(errOffline)
		if err := o.in.CatchUp(o.Context()); desk.KindOf(err) != desk.KindOffline {
			o.Errorf("got %v", err)
		}
		o.wantLine(intake.LineLost, desk.KindOffline)
		o.box.cut(nil)
		o.must(o.in.CatchUp(o.Context()))
		o.wantLine(intake.LineAnswered, "")
	})
}

func TestCatchUpEndsTheWaitForALostLine(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.box.cut(errOffline)
		o.sleep(time.Hour)
		o.box.cut(nil)
		o.must(o.in.CatchUp(o.Context()))
		o.sleep(0)
		o.box.arrive(1)
		o.sleep(0)
		o.wantMails(2) // Run listens again
	})
}

func TestCatchUpTakesTheLineFromTheWatch(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		_, before := o.box.counts()
		o.must(o.in.CatchUp(o.Context()))
		o.sleep(0)
		opens, pulls := o.box.counts()
		if opens != 1 || pulls != before+1 {
			o.Errorf("%d opens, %d pulls more", opens, pulls-before)
		}
		// The watch goes on.
		o.box.arrive(1)
		o.sleep(0)
		o.wantMails(2)
	})
}

func TestHeadsThatCatchUpBroughtGetTheirTexts(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.box.mu.Lock()
		o.box.log = append(o.box.log, letter(2)) // nobody hints
		o.box.pulls = nil
		o.box.mu.Unlock()
		o.must(o.in.CatchUp(o.Context()))
		o.sleep(0)
		var kinds []bool
		for _, p := range o.box.pulls {
			kinds = append(kinds, p.HeadsOnly)
		}
		if !slices.Equal(kinds, []bool{true, false}) {
			o.Errorf("heads only: %v", kinds)
		}
	})
}

func TestCatchUpOvertakesTheFirstSync(t *testing.T) {
	inOffice(t, 100, func(o *office) {
		o.box.delay = time.Second
		o.start()
		o.sleep(1500 * time.Millisecond)
		done := make(chan error, 1)
		go func() { done <- o.in.CatchUp(o.Context()) }()
		o.sleep(time.Second)
		o.box.mu.Lock()
		third := o.box.pulls[2]
		o.box.mu.Unlock()
		if !third.HeadsOnly {
			o.Error("the first sync went first")
		}
		o.sleep(time.Minute)
		o.must(<-done)
		o.wantMails(100)
	})
}

func TestACatchUpThatIsGivenUpIsNoLostLine(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.box.mu.Lock()
		o.box.silent = true
		o.box.mu.Unlock()
		ctx, cancel := contextWithCancel(o)
		done := make(chan error, 1)
		go func() { done <- o.in.CatchUp(ctx) }()
		synctest.Wait()
		o.box.mu.Lock()
		o.box.silent = false // for the next; this one hangs
		o.box.mu.Unlock()
		cancel()
		if err := <-done; desk.KindOf(err) != desk.KindCancelled {
			o.Errorf("got %v", err)
		}
		o.sleep(0)
		o.wantLine(intake.LineAnswered, "")
	})
}

func TestOurOwnCopyIsToldOfBeforeCatchUpReturns(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		op := o.queueReply()
		_, err := o.store.StartAttempt(o.Context(), op, "boot")
		o.must(err)
		copyOfIt := letter(2)
		copyOfIt.Head.OpID, copyOfIt.Head.FromUs, copyOfIt.Head.Folder = op, true, desk.RoleSent
		copyOfIt.Head.HeaderID = string(op) + "@shop.example"
		copyOfIt.Head.References = []string{"1@customer.example"}
		o.box.mu.Lock()
		o.box.log = append(o.box.log, copyOfIt)
		o.box.mu.Unlock()
		o.must(o.in.CatchUp(o.Context()))
		if !slices.Equal(o.seen, []desk.OpID{op}) {
			o.Errorf("told of %v", o.seen)
		}
	})
}

func TestTheConversationOnScreenComesFirst(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		bare := letter(1)
		bare.Body = nil
		o.box.log = append(o.box.log, bare)
		o.start()
		c := o.onlyConversation()
		o.box.mu.Lock()
		o.box.pulls = nil
		o.box.mu.Unlock()
		o.in.Focus(c.ID)
		o.sleep(0)
		if len(o.box.pulls) != 1 || !slices.Equal(o.box.pulls[0].Focus, []desk.RemoteRef{bare.Remote}) {
			o.Errorf("asked %+v", o.box.pulls)
		}
	})
}

func TestFocusDoesNotTryALostLine(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		c := o.onlyConversation()
		o.box.cut(errOffline)
		o.sleep(time.Hour)
		before, _ := o.box.counts()
		for range 20 {
			o.in.Focus(c.ID)
			o.sleep(time.Second)
		}
		if after, _ := o.box.counts(); after > before+1 {
			o.Errorf("%d tries", after-before)
		}
	})
}
