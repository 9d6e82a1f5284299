package store

import (
	"testing"

	"fernpost/store/desk"
)

func (ts *testStore) dig(items ...desk.Arrival) {
	ts.t.Helper()
	if _, err := ts.Apply(ts.t.Context(), Page{Account: ts.account, Items: items, Dug: true}); err != nil {
		ts.t.Fatal(err)
	}
}

func (ts *testStore) statusIs(n int, want desk.Status) {
	ts.t.Helper()
	if c := ts.of(n); c.Status != want {
		ts.t.Errorf("mail %d: %s, want %s", n, c.Status, want)
	}
}

func TestWhatWasDugUpWaitsForNobody(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(50))
	ts.dig(mail(1), mail(2), mail(3, 2), mail(49, 50))
	ts.statusIs(1, desk.StatusDone)
	ts.statusIs(3, desk.StatusDone)
	ts.statusIs(50, desk.StatusOpen) // it was here, and somebody waits
	if c := ts.counters(); c.Inbox != 1 || c.Done != 2 {
		t.Errorf("counters %+v", c)
	}
	ts.dig(mail(1)) // found again
	ts.statusIs(1, desk.StatusDone)
	ts.apply(mail(60, 1)) // the customer writes again
	ts.statusIs(1, desk.StatusOpen)
	ts.dig(mail(59, 60)) // that something older is found changes nothing
	ts.statusIs(1, desk.StatusOpen)
}
