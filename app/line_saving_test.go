package app

import (
	"context"
	"testing"
	"time"

	"fernpost/store/desk"
)

// theAccount gives what the screen shows of the one account.
func theAccount(t *testing.T, c calls) AccountView {
	t.Helper()
	view, err := (&Line{c}).Status()
	if err != nil || len(view.Accounts) == 0 {
		t.Fatalf("%d accounts, %v", len(view.Accounts), err)
	}
	return view.Accounts[len(view.Accounts)-1]
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	within(t, what, func(ctx context.Context) error {
		return until(ctx, func() (bool, error) { return ok(), nil })
	})
}

func TestABudgetHoldsUntilSomebodyRaisesIt(t *testing.T) {
	d, c := practiceDesk(t)
	line := &Line{c}
	if err := line.SetBudget(string(practiceID), 1000); err != nil {
		t.Fatal(err)
	}
	a := theAccount(t, c)
	if !a.Spent || a.Budget != 1000 || a.Used < 1000 {
		t.Fatalf("the first sync alone was more than that: %+v", a)
	}
	view, err := line.Status()
	if err != nil || view.Bytes.Budget != 1000 || view.Bytes.Counted != a.Used {
		t.Errorf("bytes %+v, %v", view.Bytes, err)
	}
	st, err := d.station(practiceID)
	if err != nil {
		t.Fatal(err)
	}
	await(t, "hold", func() bool { return st.intake.Status().Spent })
	if err := line.FetchAnyway(string(practiceID), "today"); err != nil {
		t.Fatal(err)
	}
	await(t, "go on", func() bool { return !st.intake.Status().Spent && !theAccount(t, c).Spent })
	if err := line.FetchAnyway("", "for ever"); desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("no such answer: %v", err)
	}
	if err := line.SetBudget("nobody", 5); desk.KindOf(err) != desk.KindNotFound {
		t.Errorf("no such account: %v", err)
	}
}

func TestAPauseIsKeptAndEnds(t *testing.T) {
	d, c := practiceDesk(t)
	line := &Line{c}
	if err := line.SetPaused("", true); err != nil {
		t.Fatal(err)
	}
	if a := theAccount(t, c); a.State != string(desk.AccountPaused) {
		t.Errorf("account %+v", a)
	}
	await(t, "hang up", func() bool { return theAccount(t, c).Problem == string(desk.KindPaused) })
	const while = 300 * time.Millisecond
	inAWhile := func() int64 {
		before, err := line.Status()
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(while)
		after, err := line.Status()
		if err != nil {
			t.Fatal(err)
		}
		return after.Bytes.Total - before.Bytes.Total
	}
	await(t, "read what was on its way", func() bool { return inAWhile() == 0 })
	d.wake()
	if n := inAWhile(); n != 0 {
		t.Errorf("%d bytes while paused", n)
	}
	if err := (&Inbox{c}).SearchServer("telescope", true); desk.KindOf(err) != desk.KindPaused {
		t.Errorf("searched: %v", err)
	}
	if err := line.SetPaused("", false); err != nil {
		t.Fatal(err)
	}
	await(t, "answer again", func() bool {
		a := theAccount(t, c)
		return a.State == string(desk.AccountOK) && a.Line == "answered"
	})
}
