package outbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

func TestOneConversationKeepsItsOrder(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(breaksEarly, losesAnswer)
		first := b.answer("katharina")
		b.sleep(time.Second)
		second := b.answer("katharina")
		b.sleep(10 * time.Minute)
		if got := b.server.order(); !slices.Equal(got, []desk.OpID{first, first, second}) {
			b.Errorf("left in the order %v", got)
		}
		b.want(first, desk.OpReconciled, "")
		b.want(second, desk.OpSent, "") // our own first answer doesn't hold it
	})
}

func TestOurOwnAnswerDoesNotHoldTheNext(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		first := b.answer("katharina")
		second := b.answer("katharina")
		b.server.of(second, accepts)
		b.server.of(first, takes(time.Second, accepts))
		b.sleep(undo + 500*time.Millisecond)
		b.copyOf(first)
		b.sleep(time.Minute)
		b.want(second, desk.OpSent, "")
	})
}

func TestTheOldestGoesFirst(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.server.with(func() { b.server.offline = errOffline })
		var want []desk.OpID
		for i := range 8 {
			name := fmt.Sprint("c", i)
			b.asks(name)
			want = append(want, b.answer(name))
		}
		b.sleep(time.Hour)
		b.server.with(func() { b.server.offline, b.server.always = nil, takes(time.Second, accepts) })
		b.out.Wake()
		b.sleep(time.Minute)
		got := b.server.order()
		if len(got) != len(want) {
			b.Fatalf("%d left", len(got))
		}
		for i := range got { // two hands: each may be one place off
			if at := slices.Index(want, got[i]); at < i-1 || at > i+1 {
				b.Errorf("place %d went to op %d", i, at)
			}
		}
	})
}

func TestOnePoisonedOpDelaysNobodyElse(t *testing.T) {
	for name, poison := range map[string]attempt{
		"panics":    panicsBefore,
		"refused":   says(source.Outcome{Verdict: source.Refused}),
		"hangs":     hangs(true, false),
		"nonsense":  says(source.Outcome{Verdict: "perhaps"}),
		"throttled": says(source.Outcome{Verdict: source.Throttled, After: 24 * time.Hour}),
		"breaks":    breaksEarly,
	} {
		t.Run(name, func(t *testing.T) {
			inBureau(t, func(b *bureau) {
				b.asks("poison")
				b.server.of(b.answer("poison"), slices.Repeat([]attempt{poison}, 50)...)
				for i := range 5 {
					name := fmt.Sprint("c", i)
					b.asks(name)
					id := b.answer(name)
					b.sleep(undo + time.Second)
					b.want(id, desk.OpSent, "")
				}
			})
		})
	}
}

func TestAHeldReplyHoldsNoStatus(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		reply := b.answer("katharina")
		b.asksAgain("katharina")
		b.sleep(time.Minute)
		b.want(reply, desk.OpHeld, desk.ReasonCustomerWrote)
		status := b.setDone("katharina")
		b.sleep(time.Second)
		b.want(status, desk.OpSent, "")
	})
}

func TestAStatusIsSetAgainRatherThanAskedAbout(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.next(losesAll)
		status := b.setDone("katharina")
		b.sleep(20 * time.Minute)
		b.want(status, desk.OpSent, "")
		if tries := len(b.server.order()); tries != 2 {
			b.Errorf("%d attempts", tries)
		}
	})
}

func TestALookThatFailsForOneOpAloneDelaysNobody(t *testing.T) {
	for name, set := range map[string]func(s *server){
		"error": func(s *server) { s.locate = desk.E(desk.KindInternal, "search", nil) },
		"panic": func(s *server) { s.panics = 1000 },
	} {
		t.Run(name, func(t *testing.T) {
			inBureau(t, func(b *bureau) {
				b.asks("poison")
				b.asks("katharina")
				set(b.server)
				b.server.next(losesAll)
				poison := b.answer("poison")
				b.sleep(undo + time.Second)
				id := b.answer("katharina")
				b.sleep(undo + time.Second)
				b.want(id, desk.OpSent, "")
				b.sleep(time.Hour)
				b.want(poison, desk.OpNeedsYou, desk.ReasonNotSeen)
			})
		})
	}
}

func TestALargeReplyLetsTextsComeFirst(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.asks("juma")
		b.texts.Store(true)
		b.server.always = takes(10*time.Second, accepts)
		large := b.answerWith("katharina", 2<<20)
		short := b.answer("juma")
		b.sleep(undo + time.Minute)
		b.want(large, desk.OpQueued, "")
		b.want(short, desk.OpSent, "")
		b.texts.Store(false)
		b.sleep(30 * time.Second)
		b.want(large, desk.OpSent, "")
	})
}

func TestALargeReplyDoesNotWaitForEver(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.texts.Store(true)
		large := b.answerWith("katharina", 2<<20)
		b.sleep(undo + 3*time.Minute)
		b.want(large, desk.OpSent, "")
	})
}

func TestOneLargeReplyAtATime(t *testing.T) {
	inBureau(t, func(b *bureau) {
		var large []desk.OpID
		b.server.always = takes(time.Minute, accepts)
		for i := range 3 {
			name := fmt.Sprint("c", i)
			b.asks(name)
			large = append(large, b.answerWith(name, 2<<20))
		}
		b.asks("juma")
		short := b.answer("juma")
		b.server.of(short, accepts)
		b.sleep(undo + 30*time.Second)
		b.want(short, desk.OpSent, "")
		b.want(large[0], desk.OpSending, "")
		b.want(large[1], desk.OpQueued, "")
		b.sleep(5 * time.Minute)
		for _, id := range large {
			b.want(id, desk.OpSent, "")
		}
	})
}
