package outbox_test

import (
	"testing"
	"time"

	"fernpost/app/outbox"
	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

// TestEveryEdge walks every arrow of DESIGN.md's "what can become of a reply".
func TestEveryEdge(t *testing.T) {
	long := 10 * time.Minute
	for name, c := range map[string]struct {
		attempts []attempt
		set      func(b *bureau, id desk.OpID) // after queueing, before its time
		after    time.Duration                 // queueing to judging
		then     func(b *bureau, id desk.OpID)
		state    desk.OpState
		reason   desk.Reason
		effects  int
		tries    int
	}{
		"queued → sent": {
			after: undo + time.Second, state: desk.OpSent, effects: 1, tries: 1,
		},
		"queued stays while it can be taken back": {
			after: undo - time.Second, state: desk.OpQueued,
		},
		"queued → cancelled": {
			set: func(b *bureau, id desk.OpID) {
				d, err := b.out.TakeBack(b.Context(), id)
				b.must(err)
				if d.Text != "Answer." || d.Op != "" {
					b.Errorf("the draft came back as %+v", d)
				}
			},
			after: long, state: desk.OpCancelled,
		},
		"sending can't be taken back": {
			attempts: []attempt{takes(time.Minute, accepts)},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(undo + time.Second)
				b.want(id, desk.OpSending, "")
				if _, err := b.out.TakeBack(b.Context(), id); desk.KindOf(err) != desk.KindTooLate {
					b.Errorf("took it back: %v", err)
				}
			},
			after: long, state: desk.OpSent, effects: 1, tries: 1,
		},
		"guard: the customer wrote → held": {
			set:   func(b *bureau, _ desk.OpID) { b.asksAgain("katharina") },
			after: long, state: desk.OpHeld, reason: desk.ReasonCustomerWrote,
		},
		"guard: the customer wrote just now → held": {
			set: func(b *bureau, _ desk.OpID) {
				b.server.with(func() { b.server.onHead = func() { b.asksAgain("katharina") } })
			},
			after: long, state: desk.OpHeld, reason: desk.ReasonCustomerWrote,
		},
		"guard: a colleague answered → held": {
			set:   func(b *bureau, _ desk.OpID) { b.colleagueAnswers("katharina") },
			after: long, state: desk.OpHeld, reason: desk.ReasonColleagueAnswered,
		},
		"guard: a colleague's Fernpost answered → held": {
			set: func(b *bureau, _ desk.OpID) {
				b.deliver(mail{
					root: "katharina", from: "desk@shop.example", fromUs: true, kind: desk.KindPerson,
					op: desk.NewOpID(time.Now()),
				})
			},
			after: long, state: desk.OpHeld, reason: desk.ReasonColleagueAnswered,
		},
		"guard: both → the colleague counts": {
			set: func(b *bureau, _ desk.OpID) {
				b.colleagueAnswers("katharina")
				b.sleep(time.Second)
				b.asksAgain("katharina")
			},
			after: long, state: desk.OpHeld, reason: desk.ReasonColleagueAnswered,
		},
		"guard: a colleague closed it → held": {
			set:   func(b *bureau, _ desk.OpID) { b.marked(desk.KeywordDone) },
			after: long, state: desk.OpHeld, reason: desk.ReasonClosed,
		},
		"guard: we closed it ourselves, which is no reason": {
			set: func(b *bureau, _ desk.OpID) {
				b.setDone("katharina")
				b.sleep(time.Second)
				b.marked(desk.KeywordDone)
			},
			after: long, state: desk.OpSent, effects: 1, tries: 2,
		},
		"held → queued → sent: sent anyway though it was closed": {
			set: func(b *bureau, id desk.OpID) {
				b.marked(desk.KeywordDone)
				b.sleep(time.Minute)
				b.decide(id, outbox.SendAnyway)
			},
			after: time.Second, state: desk.OpSent, effects: 1, tries: 1,
		},
		"guard: automatic mail is no reason": {
			set: func(b *bureau, _ desk.OpID) {
				b.deliver(mail{root: "katharina", from: "katharina", kind: desk.KindAuto})
				b.deliver(mail{root: "katharina", from: "desk@shop.example", fromUs: true, kind: desk.KindAuto})
			},
			after: long, state: desk.OpSent, effects: 1, tries: 1,
		},
		"held → queued → sent: send anyway": {
			set: func(b *bureau, id desk.OpID) {
				b.asksAgain("katharina")
				b.sleep(time.Minute)
				b.decide(id, outbox.SendAnyway)
			},
			after: time.Second, state: desk.OpSent, effects: 1, tries: 1,
		},
		"held again: send anyway agrees to what was there, not to what comes": {
			set: func(b *bureau, id desk.OpID) {
				b.asksAgain("katharina")
				b.sleep(time.Minute)
				b.server.with(func() { b.server.onHead = func() { b.asksAgain("katharina") } })
				b.decide(id, outbox.SendAnyway)
			},
			after: long, state: desk.OpHeld, reason: desk.ReasonCustomerWrote,
		},
		"held → cancelled: edit gives the draft back": {
			set: func(b *bureau, id desk.OpID) {
				b.asksAgain("katharina")
				b.sleep(time.Minute)
				if d := b.decide(id, outbox.Edit); d.Text != "Answer." || d.Op != "" {
					b.Errorf("got %+v", d)
				}
			},
			after: long, state: desk.OpCancelled, reason: desk.ReasonCustomerWrote,
		},
		"held → cancelled: drop": {
			set: func(b *bureau, id desk.OpID) {
				b.asksAgain("katharina")
				b.sleep(time.Minute)
				b.decide(id, outbox.Drop)
			},
			after: long, state: desk.OpCancelled, reason: desk.ReasonCustomerWrote,
		},
		"offline: stays queued, nothing is begun": {
			set:   func(b *bureau, _ desk.OpID) { b.server.with(func() { b.server.offline = errOffline }) },
			after: 24 * time.Hour, state: desk.OpQueued,
		},
		"sending → queued → sent: it broke before the end": {
			attempts: []attempt{breaksEarly, breaksEarly},
			after:    long, state: desk.OpSent, effects: 1, tries: 3,
		},
		"sending → queued: nothing provably happened": {
			attempts: []attempt{breaksEarly},
			after:    undo + time.Second, state: desk.OpQueued, reason: desk.ReasonLineTooShort, tries: 1,
		},
		"sending → needs you: refused": {
			attempts: []attempt{says(source.Outcome{Verdict: source.Refused, Detail: "550 no"})},
			after:    long, state: desk.OpNeedsYou, reason: desk.ReasonRefused, tries: 1,
			then: func(b *bureau, id desk.OpID) {
				if d := b.op(id).Detail; d != "550 no" {
					b.Errorf("the server's words are %q", d)
				}
			},
		},
		"sending → needs you: the recipient was refused": {
			attempts: []attempt{says(source.Outcome{Verdict: source.Refused, Reason: desk.ReasonRecipient})},
			after:    long, state: desk.OpNeedsYou, reason: desk.ReasonRecipient, tries: 1,
		},
		"needs you → queued → sent: send again": {
			attempts: []attempt{says(source.Outcome{Verdict: source.Refused})},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(time.Minute)
				b.decide(id, outbox.SendAgain)
			},
			after: time.Second, state: desk.OpSent, effects: 1, tries: 2,
		},
		"needs you → cancelled: edit": {
			attempts: []attempt{says(source.Outcome{Verdict: source.Refused})},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(time.Minute)
				if d := b.decide(id, outbox.Edit); d.Text != "Answer." {
					b.Errorf("got %+v", d)
				}
			},
			after: long, state: desk.OpCancelled, reason: desk.ReasonRefused, tries: 1,
		},
		"sending → queued, account paused": {
			attempts: []attempt{says(source.Outcome{Verdict: source.AuthNeeded})},
			after:    24 * time.Hour, state: desk.OpQueued, reason: desk.ReasonSignIn, tries: 1,
			then: func(b *bureau, id desk.OpID) {
				a, err := b.store.Account(b.Context(), account)
				b.must(err)
				if a.State != desk.AccountSignIn {
					b.Errorf("the account is %s", a.State)
				}
				b.must(b.store.SetAccountState(b.Context(), account, desk.AccountOK))
				b.out.Wake()
				b.sleep(0)
				b.want(id, desk.OpSent, "")
			},
		},
		"sending → queued until the server's patience is back": {
			attempts: []attempt{says(source.Outcome{Verdict: source.Throttled, After: time.Hour})},
			set: func(b *bureau, _ desk.OpID) {
				b.sleep(30 * time.Minute)
				b.out.Wake() // the line's return doesn't shorten it
			},
			after: 29 * time.Minute, state: desk.OpQueued, reason: desk.ReasonThrottled, tries: 1,
			then: func(b *bureau, id desk.OpID) {
				b.sleep(5 * time.Minute)
				b.want(id, desk.OpSent, "")
			},
		},
		"sending → held: the server's own guard": {
			attempts: []attempt{says(source.Outcome{Verdict: source.Conflict})},
			after:    long, state: desk.OpHeld, reason: desk.ReasonColleagueAnswered, tries: 1,
		},
		"uncertain → reconciled": {
			attempts: []attempt{losesAnswer},
			after:    undo + time.Second, state: desk.OpReconciled, effects: 1, tries: 1,
			then: func(b *bureau, id desk.OpID) {
				if r := b.op(id).Receipt; r.RemoteID != "INBOX/7" || r.At.IsZero() {
					b.Errorf("receipt %+v", r)
				}
			},
		},
		"uncertain → reconciled: our copy came in": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(undo + time.Second)
				b.want(id, desk.OpUncertain, "")
				b.copyOf(id)
			},
			after: time.Second, state: desk.OpReconciled, effects: 1, tries: 1,
		},
		"uncertain → queued → sent: provably absent": {
			attempts: []attempt{losesAll},
			set:      func(b *bureau, _ desk.OpID) { b.server.with(func() { b.server.exact = true }) },
			after:    long, state: desk.OpSent, effects: 1, tries: 2,
		},
		"uncertain → needs you: nothing is proved": {
			attempts: []attempt{losesAll},
			after:    long, state: desk.OpNeedsYou, reason: desk.ReasonNotSeen, tries: 1,
		},
		"needs you → sent: it arrived": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(long)
				b.decide(id, outbox.ItArrived)
			},
			after: long, state: desk.OpSent, effects: 1, tries: 1,
		},
		"needs you → queued → sent: send again, authorised": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(long)
				b.decide(id, outbox.SendAgain)
			},
			after: time.Second, state: desk.OpSent, effects: 2, tries: 2,
		},
		"needs you → reconciled: our copy came late": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(long)
				b.want(id, desk.OpNeedsYou, desk.ReasonNotSeen)
				if _, err := b.out.TakeBack(b.Context(), id); desk.KindOf(err) != desk.KindTooLate {
					b.Errorf("took back what may have arrived: %v", err)
				}
				b.copyOf(id)
			},
			after: long, state: desk.OpReconciled, effects: 1, tries: 1,
		},
		"send again, and the copy is there before it leaves → reconciled": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(long)
				b.server.with(func() { b.server.onHead = func() { b.copyOf(id) } })
				b.decide(id, outbox.SendAgain)
			},
			after: long, state: desk.OpReconciled, effects: 1, tries: 1,
		},
		"send again, and the copy came in before anybody was told → reconciled": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(long)
				b.keep(ourCopy(id))
				b.decide(id, outbox.SendAgain)
			},
			after: long, state: desk.OpReconciled, effects: 1, tries: 1,
		},
		"send again without a line, and the copy comes in → reconciled": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(long)
				b.server.with(func() { b.server.offline = errOffline })
				b.decide(id, outbox.SendAgain)
				b.want(id, desk.OpQueued, "")
				b.copyOf(id)
			},
			after: time.Second, state: desk.OpReconciled, effects: 1, tries: 1,
		},
		"held after all, and the copy comes in → reconciled": {
			attempts: []attempt{losesAnswerHidden},
			set: func(b *bureau, id desk.OpID) {
				b.sleep(long)
				b.asksAgain("katharina")
				b.decide(id, outbox.SendAgain)
				b.want(id, desk.OpHeld, desk.ReasonCustomerWrote)
				b.copyOf(id)
			},
			after: time.Second, state: desk.OpReconciled, effects: 1, tries: 1,
		},
		"a payload that the source can't render → needs you": {
			attempts: []attempt{says(source.Outcome{Verdict: source.Refused, Reason: desk.ReasonUnreadable})},
			after:    long, state: desk.OpNeedsYou, reason: desk.ReasonUnreadable, tries: 1,
		},
		"a payload that isn't what was frozen → needs you": {
			set: func(b *bureau, _ desk.OpID) {
				b.store.mu.Lock()
				b.store.rotten = true
				b.store.mu.Unlock()
			},
			after: long, state: desk.OpNeedsYou, reason: desk.ReasonUnreadable,
		},
		"a defect before the end is tried three times → needs you": {
			attempts: []attempt{panicsBefore, panicsBefore, panicsBefore},
			after:    long, state: desk.OpNeedsYou, reason: desk.ReasonUnreadable, tries: 3,
		},
		"a defect after the final mark → looked for": {
			attempts: []attempt{panicsAfter},
			after:    long, state: desk.OpReconciled, effects: 1, tries: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBureau(t, func(b *bureau) {
				b.asks("katharina")
				b.server.next(c.attempts...)
				id := b.answer("katharina")
				if c.set != nil {
					c.set(b, id)
				}
				b.sleep(c.after)
				b.want(id, c.state, c.reason)
				b.wantEffects(id, c.effects)
				if got := len(b.server.order()); got != c.tries {
					b.Errorf("%d attempts, want %d", got, c.tries)
				}
				if c.then != nil {
					c.then(b, id)
				}
			})
		})
	}
}

// marked is the server's news of a keyword on the customer's mail.
func (b *bureau) marked(keyword string) {
	b.Helper()
	_, err := b.store.Apply(b.Context(), store.Page{
		Account: account, Cursor: []byte(keyword), Verified: time.Now(), Items: []desk.Arrival{{
			Kind: desk.ArrivalFlags, Remote: desk.RemoteRef{Scope: "inbox", Epoch: "1", ID: "1"},
			Flags: &desk.Flags{Keywords: []string{keyword}},
		}},
	})
	b.must(err)
}

func ourCopy(id desk.OpID) mail {
	return mail{root: "katharina", from: "desk@shop.example", fromUs: true, kind: desk.KindPerson, op: id}
}

// copyOf lets our own copy of a reply come in.
func (b *bureau) copyOf(id desk.OpID) {
	b.Helper()
	b.deliver(ourCopy(id))
}
