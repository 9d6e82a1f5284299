package store

import (
	"testing"
	"time"

	"fernpost/store/desk"
)

func TestLineChoice(t *testing.T) {
	ts := openTest(t)
	c, err := ts.LineChoice(t.Context(), testAccount)
	if err != nil || c != (desk.LineChoice{Horizon: 90}) {
		t.Errorf("before anybody chose: %+v, %v", c, err)
	}
	ts.choose(func(c *desk.LineChoice) { c.Budget, c.Horizon = 1000, 0 })
	ts.choose(func(c *desk.LineChoice) { c.TextOnly = true })
	if c, err = ts.LineChoice(t.Context(), testAccount); err != nil || c != (desk.LineChoice{Budget: 1000, TextOnly: true}) {
		t.Errorf("%+v, %v", c, err)
	}
	err = ts.ChangeLine(t.Context(), testAccount, func(c *desk.LineChoice) { c.Budget = -1 })
	if desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("a budget below nothing: %v", err)
	}
}

func (ts *testStore) choose(edit func(*desk.LineChoice)) {
	ts.t.Helper()
	if err := ts.ChangeLine(ts.t.Context(), testAccount, edit); err != nil {
		ts.t.Fatal(err)
	}
}

func (ts *testStore) budgetIs(when string, used int64, spent bool) {
	ts.t.Helper()
	b, err := ts.Budget(ts.t.Context(), testAccount)
	if err != nil || b.Used != used || b.Spent() != spent {
		ts.t.Errorf("%s: %+v spent %v, %v; want %d, %v", when, b, b.Spent(), err, used, spent)
	}
}

func (ts *testStore) count(n int64) {
	ts.t.Helper()
	if err := ts.CountBytes(ts.t.Context(), testAccount, "text", n); err != nil {
		ts.t.Fatal(err)
	}
}

func TestADayHasOneBudget(t *testing.T) {
	ts := openTest(t)
	ts.count(5)
	ts.budgetIs("nobody set one", 0, false)
	ts.choose(func(c *desk.LineChoice) { c.Budget = 100 })
	ts.budgetIs("set in the middle of the day", 5, false)
	ts.count(94)
	ts.budgetIs("just below", 99, false)
	ts.count(1)
	ts.budgetIs("reached", 100, true)
	ts.choose(func(c *desk.LineChoice) { c.Budget = 200 })
	ts.budgetIs("raised", 100, false)
	ts.choose(func(c *desk.LineChoice) { c.Budget = 100 })
	if err := ts.FreeToday(t.Context(), testAccount); err != nil {
		t.Fatal(err)
	}
	ts.budgetIs("lifted for today", 100, false)
	ts.at = ts.at.Add(24 * time.Hour)
	ts.budgetIs("the next day", 0, false)
	ts.count(100)
	ts.budgetIs("the next day, used up", 100, true)
}

func TestAClockThatIsSetBackGivesNoSecondBudget(t *testing.T) {
	const hour = time.Hour
	for name, c := range map[string]struct {
		jump time.Duration // from Monday, 9:00
		back time.Duration
	}{
		"by a day":                      {24 * hour, -24 * hour},
		"from a year ahead":             {366 * 24 * hour, -366 * 24 * hour},
		"over midnight, by a few hours": {16 * hour, -2 * hour},
	} {
		t.Run(name, func(t *testing.T) {
			ts := openTest(t)
			ts.choose(func(c *desk.LineChoice) { c.Budget = 100 })
			ts.count(30)
			ts.budgetIs("the true day", 30, false)
			ts.at = ts.at.Add(c.jump)
			ts.budgetIs("a day that the clock skipped to", 0, false)
			ts.count(100)
			ts.budgetIs("used up there", 100, true)
			ts.at = ts.at.Add(c.back)
			ts.budgetIs("set back", 100, true)
			if today, err := ts.BytesToday(t.Context()); err != nil || today["text"] != 30 || len(today) != 1 {
				t.Errorf("the meter shows %v, %v", today, err)
			}
			ts.at = ts.at.Add(-c.back)
			ts.budgetIs("the later day again", 100, true)
			ts.at = ts.at.Add(c.back)
			ts.budgetIs("and back", 100, true)
			y, m, d := ts.at.Date()
			ts.at = time.Date(y, m, d+1, 0, 0, 1, 0, time.UTC)
			if c.jump == 366*24*hour {
				ts.budgetIs("after midnight", 0, false)
			}
		})
	}
}

func TestADayLiftedStaysLiftedWhenTheClockIsSetBack(t *testing.T) {
	ts := openTest(t)
	ts.choose(func(c *desk.LineChoice) { c.Budget = 100 })
	ts.at = ts.at.Add(24 * time.Hour)
	ts.count(100)
	if err := ts.FreeToday(t.Context(), testAccount); err != nil {
		t.Fatal(err)
	}
	ts.at = ts.at.Add(-24 * time.Hour)
	ts.budgetIs("the same person, an hour later", 100, false)
}

// Whoever flies west has one day more; whoever flies east has it sooner.
func TestAnotherTimeZone(t *testing.T) {
	ts := openTest(t)
	ts.at = time.Date(2026, 11, 24, 0, 30, 0, 0, time.FixedZone("Nairobi", 3*3600))
	ts.choose(func(c *desk.LineChoice) { c.Budget = 100 })
	ts.count(100)
	ts.budgetIs("in Nairobi after midnight", 100, true)
	ts.at = ts.at.In(time.FixedZone("Accra", 0))
	ts.budgetIs("in Accra it is still yesterday", 100, true)
	ts.at = ts.at.Add(24 * time.Hour)
	ts.budgetIs("tomorrow in Accra is the day that Nairobi had begun", 100, true)
	ts.at = ts.at.Add(24 * time.Hour)
	ts.budgetIs("the day after", 0, false)
}
