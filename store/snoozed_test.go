package store

import (
	"testing"
	"time"

	"fernpost/store/desk"
)

func TestASnoozeEndsAtItsTime(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2), mail(3))
	late, soon := ts.of(1), ts.of(2)
	at := ts.at.Add(time.Hour)
	for id, until := range map[desk.ConversationID]time.Time{late.ID: at.Add(time.Hour), soon.ID: at} {
		if err := ts.Snooze(t.Context(), id, until); err != nil {
			t.Fatal(err)
		}
	}
	page, err := ts.List(t.Context(), ListQuery{View: ViewSnoozed, Limit: 1})
	if err != nil || page.Total != 2 || page.Rows[0].ID != soon.ID || !page.Rows[0].SnoozedUntil.Equal(at) || page.Next == "" {
		t.Errorf("%+v, %v", page, err)
	}
	page, err = ts.List(t.Context(), ListQuery{View: ViewSnoozed, Limit: 1, After: page.Next})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != late.ID {
		t.Errorf("the second page: %+v, %v", page, err)
	}
	if n := ts.counters().Snoozed; n != 2 {
		t.Errorf("%d are counted", n)
	}
	for _, step := range []struct {
		now  time.Time
		late desk.Status
		soon desk.Status
	}{
		{at.Add(-time.Millisecond), desk.StatusSnoozed, desk.StatusSnoozed},
		{at, desk.StatusSnoozed, desk.StatusOpen},
		{at.Add(24 * time.Hour), desk.StatusOpen, desk.StatusOpen},
	} {
		if err := ts.EndSnoozes(t.Context(), step.now); err != nil {
			t.Fatal(err)
		}
		if a, b := ts.of(1), ts.of(2); a.Status != step.late || b.Status != step.soon {
			t.Errorf("at %v: %s and %s", step.now, a.Status, b.Status)
		}
	}
	if c := ts.of(2); !c.SnoozedUntil.IsZero() || !c.WaitingSince.Equal(soon.WaitingSince) {
		t.Errorf("back as %+v, was %+v", c, soon)
	}
}

func TestACustomerWhoWritesEndsASnooze(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	if err := ts.Snooze(t.Context(), ts.of(1).ID, ts.at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	ts.apply(mail(2, 1))
	if c := ts.of(1); c.Status != desk.StatusOpen || !c.SnoozedUntil.IsZero() {
		t.Errorf("%+v", c)
	}
	wantKind(t, ts.Snooze(t.Context(), 99, ts.at.Add(time.Hour)), desk.KindNotFound)
}
