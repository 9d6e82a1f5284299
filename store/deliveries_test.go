package store

import (
	"testing"
	"time"

	"fernpost/store/desk"
)

// bounce is a report on a mail to Katharina.
func bounce(n int, action desk.DeliveryAction, original string) desk.Arrival {
	a := mail(n)
	a.Head.Kind, a.Head.From = desk.KindBounce, desk.Address{Addr: "mailer-daemon@mx.example"}
	a.Body.Report = &desk.Report{Original: original, Deliveries: []desk.Delivery{{
		Recipient: "Kat@example.com", Action: action, Status: "5.1.1", Reason: desk.DeliveryNoMailbox, Diagnostic: "550 no such user",
	}}}
	return a
}

func TestABounceComesToTheMailItIsAbout(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		find  func(op desk.Op, b *desk.Report)
		found bool
	}{
		{"by Message-ID", 0, func(op desk.Op, b *desk.Report) { b.Original = string(op.ID) + "@shop.example" }, true},
		{"by our token", 0, func(op desk.Op, b *desk.Report) { b.Original, b.OpID = "rewritten@mx.example", op.ID }, true},
		{"by whom it went to", 0, func(desk.Op, *desk.Report) {}, true},
		{"by whom it went to, too late", 7 * 24 * time.Hour, func(desk.Op, *desk.Report) {}, false},
		{"of somebody else", 0, func(_ desk.Op, b *desk.Report) { b.Deliveries[0].Recipient = "tom@example.com" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, bounceFirst := range []bool{false, true} {
				ts := openTest(t)
				ts.apply(mail(1))
				op := ts.reply(ts.of(1).ID, "an answer")
				ts.start(op.ID)
				ts.move(op.ID, desk.OpSending, desk.OpSent)
				b := bounce(5, desk.DeliveryFailed, "")
				b.Head.At = b.Head.At.Add(c.after)
				c.find(op, b.Body.Report)
				items := []desk.Arrival{copyOf(op, 2, 1), b}
				if bounceFirst {
					items = []desk.Arrival{b, copyOf(op, 2, 1)}
				}
				for _, a := range items {
					ts.apply(a)
				}
				if got := ts.of(5).ID == ts.of(1).ID; got != c.found {
					t.Fatalf("with our reply: %v, bounce first: %v", got, bounceFirst)
				}
				if !c.found {
					continue
				}
				row := ts.of(1)
				if row.Status != desk.StatusOpen || !row.WaitingSince.Equal(b.Head.At) || row.Customer.Addr != "kat@example.com" {
					t.Errorf("it waits for us again: %+v", row)
				}
				reports, err := ts.Reports(t.Context(), row.ID)
				if err != nil || len(reports) != 1 || reports[0].Diagnostic != "550 no such user" {
					t.Fatalf("%+v, %v", reports, err)
				}
				m := ts.messagesOf(row.ID)[1]
				if !reports[0].Of(m.HeaderID, m.OpID, m.To) {
					t.Error("it is about our reply")
				}
			}
		})
	}
}

func TestOnlyAFailureReopens(t *testing.T) {
	for _, c := range []struct {
		name string
		said []desk.DeliveryAction
		want desk.Status
	}{
		{"failed", []desk.DeliveryAction{desk.DeliveryFailed}, desk.StatusOpen},
		{"delayed", []desk.DeliveryAction{desk.DeliveryDelayed}, desk.StatusWaiting},
		{"delivered", []desk.DeliveryAction{desk.DeliveryDelivered}, desk.StatusWaiting},
		{"delayed, then failed", []desk.DeliveryAction{desk.DeliveryDelayed, desk.DeliveryFailed}, desk.StatusOpen},
		{"failed, then delivered after all", []desk.DeliveryAction{desk.DeliveryFailed, desk.DeliveryDelivered}, desk.StatusWaiting},
	} {
		t.Run(c.name, func(t *testing.T) {
			ts := openTest(t)
			ts.apply(mail(1), ours(2, 1))
			for i, action := range c.said {
				ts.apply(bounce(3+i, action, headerOf(2)))
			}
			if row := ts.of(1); row.Status != c.want || row.Messages != 2+len(c.said) {
				t.Errorf("%+v", row)
			}
		})
	}
	ts := openTest(t)
	ts.apply(mail(1), ours(2, 1))
	if err := ts.SetStatus(t.Context(), ts.of(1).ID, desk.StatusDone, nil); err != nil {
		t.Fatal(err)
	}
	ts.apply(bounce(3, desk.DeliveryFailed, headerOf(2)))
	if row := ts.of(1); row.Status != desk.StatusOpen {
		t.Errorf("done, but it never arrived: %+v", row)
	}
	ts.apply(ours(4, 1))
	if row := ts.of(1); row.Status != desk.StatusWaiting {
		t.Errorf("sent again: %+v", row)
	}
}

// A person's mail that looks like a report is none.
func TestACustomerReportsNothing(t *testing.T) {
	ts := openTest(t)
	a := bounce(3, desk.DeliveryFailed, headerOf(2))
	a.Head.Kind = desk.KindPerson
	ts.apply(mail(1), ours(2, 1), a)
	if ts.of(3).ID == ts.of(1).ID {
		t.Error("it came to our reply")
	}
	if reports, err := ts.Reports(t.Context(), ts.of(3).ID); err != nil || len(reports) != 0 {
		t.Errorf("%+v, %v", reports, err)
	}
}
