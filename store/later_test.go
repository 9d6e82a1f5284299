package store

import (
	"slices"
	"testing"
	"time"

	"fernpost/store/desk"
)

// timed queues a reply that leaves not before send and not after until.
func (ts *testStore) timed(c desk.ConversationID, send, until time.Time) desk.Op {
	ts.t.Helper()
	op := desk.Op{ID: desk.NewOpID(ts.at), Conversation: c, Payload: []byte("timed"), SendAt: send, Until: until}
	op, err := ts.QueueReply(ts.t.Context(), op, "")
	if err != nil {
		ts.t.Fatal(err)
	}
	return op
}

func TestTheDatabaseKnowsTheTime(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2), mail(3))
	soon, late := ts.at.Add(time.Hour), ts.at.Add(-time.Second)
	early := ts.timed(ts.of(1).ID, soon, soon.Add(time.Hour))
	over := ts.timed(ts.of(2).ID, time.Time{}, late)
	for _, op := range []desk.Op{early, over} {
		_, err := ts.StartAttempt(t.Context(), op.ID, "boot")
		wantKind(t, err, desk.KindConflict)
		if err := ts.sql(`UPDATE op SET state = 'sending', changed_ms = ? WHERE id = ?`, ts.at.UnixMilli(), op.ID); err == nil {
			t.Errorf("%s left at a time that isn't its own", op.ID)
		}
	}
	expired, next, err := ts.ExpiredOps(t.Context(), testAccount, ts.at)
	if err != nil || len(expired) != 1 || expired[0].ID != over.ID || !next.Equal(early.Until) {
		t.Errorf("expired %+v, next %v, %v", expired, next, err)
	}
	ts.move(over.ID, desk.OpQueued, desk.OpNeedsYou)
	got, err := ts.MoveOp(t.Context(), Move{ID: over.ID, From: desk.OpNeedsYou, To: desk.OpQueued, NoEnd: true})
	if err != nil || !got.Until.IsZero() {
		t.Errorf("lifted: %+v, %v", got, err)
	}
	ts.start(over.ID)
	ts.at = soon
	ts.start(early.ID)
}

func TestTurns(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	c := ts.of(1).ID
	due := func() (ids []desk.OpID) {
		t.Helper()
		all, _, err := ts.DueOps(t.Context(), testAccount, ts.at.Add(1000*time.Hour), 10)
		if err != nil || len(all) > 1 {
			t.Fatalf("%d due in one lane, %v", len(all), err)
		}
		for _, op := range all {
			ids = append(ids, op.ID)
			ts.start(op.ID)
			if _, err := ts.MoveOp(t.Context(), Move{ID: op.ID, From: desk.OpSending, To: desk.OpSent}); err != nil {
				t.Fatal(err)
			}
		}
		return ids
	}
	later := ts.timed(c, ts.at.Add(time.Hour), time.Time{})
	first := ts.timed(c, time.Time{}, time.Time{})
	ts.at = ts.at.Add(-24 * time.Hour) // the clock is set back
	second := ts.timed(c, time.Time{}, time.Time{})
	ts.at = ts.at.Add(26 * time.Hour)
	third := ts.timed(c, time.Time{}, time.Time{})
	var got []desk.OpID
	for ids := due(); len(ids) > 0; ids = due() {
		got = append(got, ids...)
	}
	if want := []desk.OpID{first.ID, second.ID, later.ID, third.ID}; !slices.Equal(got, want) {
		t.Errorf("left as %v, want %v", got, want)
	}
}

func TestACopyIsBegunOnce(t *testing.T) {
	ts := openTest(t)
	op := ts.opIn(desk.OpSent)
	if err := ts.BeginFiling(t.Context(), op.ID); err != nil {
		t.Fatal(err)
	}
	if err := ts.BeginFiling(t.Context(), op.ID); err == nil {
		t.Error("begun twice")
	}
	if got, _ := ts.Op(t.Context(), op.ID); !got.Filing || got.Copy != desk.CopyDue {
		t.Errorf("begun: %+v", got)
	}
	if err := ts.RetractFiling(t.Context(), op.ID); err != nil {
		t.Fatal(err)
	}
	if err := ts.BeginFiling(t.Context(), op.ID); err != nil {
		t.Errorf("after it was retracted: %v", err)
	}
	if err := ts.MarkFiled(t.Context(), op.ID, desk.CopyMissing); err != nil {
		t.Fatal(err)
	}
	if got, _ := ts.Op(t.Context(), op.ID); got.Filing || got.Copy != desk.CopyMissing {
		t.Errorf("given up: %+v", got)
	}
	if err := ts.BeginFiling(t.Context(), op.ID); err == nil {
		t.Error("begun after it was given up")
	}
	wantKind(t, ts.BeginFiling(t.Context(), "nobody"), desk.KindNotFound)
}
