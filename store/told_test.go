package store

import (
	"testing"

	"fernpost/store/desk"
)

// keywords is a flags arrival for mail n.
func keywords(n int, all ...string) desk.Arrival {
	a := mail(n)
	return desk.Arrival{Kind: desk.ArrivalFlags, Remote: a.Remote, Stable: a.Stable, Flags: &desk.Flags{Keywords: all}}
}

func TestAnotherDesksWordIsTaken(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	want := func(step string, status desk.Status, waiting bool) {
		t.Helper()
		c := ts.of(1)
		if c.Status != status || c.WaitingSince.IsZero() == waiting {
			t.Errorf("%s: %s, waiting since %v", step, c.Status, c.WaitingSince)
		}
	}
	want("arrived", desk.StatusOpen, true)
	ts.apply(keywords(1, "$fernpostdone")) // servers may change the case
	want("a colleague was done", desk.StatusDone, false)
	ts.apply(keywords(1))
	want("a colleague opened it again", desk.StatusOpen, true)
	ts.apply(keywords(1, desk.KeywordWaiting))
	want("a colleague answered", desk.StatusWaiting, false)
	ts.apply(mail(2, 1))
	want("the customer wrote again", desk.StatusOpen, true)
}

func TestTheLaterWordCounts(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	if err := ts.SetStatus(t.Context(), ts.of(1).ID, desk.StatusDone, nil); err != nil {
		t.Fatal(err)
	}
	ts.apply(keywords(1, "Urgent"))
	if c := ts.of(1); c.Status != desk.StatusDone {
		t.Errorf("a word of nothing about the status moved it to %s", c.Status)
	}
	ts.apply(keywords(1, desk.KeywordWaiting))
	if c := ts.of(1); c.Status != desk.StatusWaiting {
		t.Errorf("a colleague said waiting after it: %s", c.Status)
	}
	if err := ts.SetStatus(t.Context(), ts.of(1).ID, desk.StatusOpen, nil); err != nil {
		t.Fatal(err)
	}
	ts.apply(keywords(1, desk.KeywordWaiting, "Urgent"))
	if c := ts.of(1); c.Status != desk.StatusOpen {
		t.Errorf("opened here, and the server says what it said before: %s", c.Status)
	}
}

func TestAnsweredMailWaitsForTheCustomer(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), ours(2, 1))
	if c := ts.of(1); c.Status != desk.StatusWaiting {
		t.Errorf("answered from wherever: %s", c.Status)
	}
	ts.apply(mail(3, 2))
	if c := ts.of(1); c.Status != desk.StatusOpen {
		t.Errorf("the customer wrote again: %s", c.Status)
	}
	away := mail(5, 3)
	away.Head.Kind = desk.KindAuto
	ts.apply(ours(4, 3), away)
	if c := ts.of(1); c.Status != desk.StatusWaiting {
		t.Errorf("an automatic reply is nobody's word: %s", c.Status)
	}
}

// TestTwoPlacesWithOtherFlags: our own copy lies unread in the inbox and read
// among the sent mail. A page that comes again must not turn it there and back.
func TestTwoPlacesWithOtherFlags(t *testing.T) {
	ts := openTest(t)
	var items []desk.Arrival
	for i, folder := range []string{"INBOX", "Sent"} {
		a := mail(1)
		a.Remote = desk.RemoteRef{Scope: folder, Epoch: "1", ID: "7"}
		a.Flags = &desk.Flags{Seen: i == 1}
		items = append(items, a)
	}
	ts.apply(items...)
	if again := ts.apply(items...); again.New+again.Texts+again.Changed != 0 {
		t.Errorf("the same page once more: %+v", again)
	}
}

func TestWhatNoServerIsToldStays(t *testing.T) {
	for _, status := range []desk.Status{desk.StatusSpam, desk.StatusBin} {
		ts := openTest(t)
		ts.apply(mail(1))
		id := ts.of(1).ID
		if err := ts.SetStatus(t.Context(), id, status, nil); err != nil {
			t.Fatal(err)
		}
		ts.apply(keywords(1, desk.KeywordDone))
		if c := ts.of(1); c.Status != status {
			t.Errorf("a mark on the server took it out of %s: %s", status, c.Status)
		}
		if err := ts.SetStatus(t.Context(), id, desk.StatusOpen, nil); err != nil {
			t.Fatal(err)
		}
		if c := ts.of(1); c.Status != desk.StatusOpen {
			t.Errorf("taken out of %s: %s", status, c.Status)
		}
	}
}
