package intake_test

import (
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/store/desk"
)

func TestALostLineIsTriedAtOnceWhenTheNetworkChanges(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.cut(errOffline)
		o.start()
		o.sleep(30 * time.Minute) // it tries every five minutes by now
		o.box.cut(nil)
		o.in.NetworkChanged()
		o.sleep(0)
		o.wantLine(intake.LineAnswered, "")
		o.wantMails(1)
	})
}

func TestANetworkThatComesAndGoesDoesNotHammer(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.cut(errOffline)
		o.start()
		for range 30 * 60 { // a change every second, for half an hour
			o.in.NetworkChanged()
			o.sleep(time.Second)
		}
		opens, _ := o.box.counts()
		// Patience allows 11 tries of its own, and as many that changes cause.
		if opens > 26 {
			o.Errorf("%d tries in half an hour", opens)
		}
		o.box.cut(nil)
		o.in.NetworkChanged() // too soon after another: tried when its time has come
		o.sleep(7 * time.Minute)
		o.wantLine(intake.LineAnswered, "")

		o.box.cut(errOffline) // a good time makes up for the bad one
		o.sleep(4 * time.Second)
		before, _ := o.box.counts()
		o.box.cut(nil)
		o.in.NetworkChanged()
		o.sleep(0)
		if after, _ := o.box.counts(); after != before+1 {
			o.Errorf("%d tries at once", after-before)
		}
		o.wantLine(intake.LineAnswered, "")
	})
}

func TestAGoodLineStaysWhenTheNetworkChanges(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.sleep(time.Minute)
		_, pulls := o.box.counts()
		o.in.NetworkChanged()
		o.sleep(time.Minute)
		if opens, again := o.box.counts(); opens != 1 || again != pulls {
			o.Errorf("%d connections, %d more questions", opens, again-pulls)
		}
	})
}

func TestAPausedAccountDoesNotHearOfTheNetwork(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.must(o.store.SetAccountState(o.Context(), account, desk.AccountPaused))
		o.in.Redial()
		o.sleep(time.Second)
		opens, _ := o.box.counts()
		for range 10 {
			o.in.NetworkChanged()
			o.sleep(time.Minute)
		}
		if again, _ := o.box.counts(); again != opens {
			o.Errorf("%d connections while paused", again-opens)
		}
	})
}
