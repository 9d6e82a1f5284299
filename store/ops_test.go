package store

import (
	"slices"
	"testing"
	"time"

	"fernpost/store/desk"
)

// roads lead from queued to every state by legal moves.
var roads = map[desk.OpState][]desk.OpState{
	desk.OpQueued:     {},
	desk.OpSending:    {desk.OpSending},
	desk.OpUncertain:  {desk.OpSending, desk.OpUncertain},
	desk.OpSent:       {desk.OpSending, desk.OpSent},
	desk.OpReconciled: {desk.OpSending, desk.OpUncertain, desk.OpReconciled},
	desk.OpHeld:       {desk.OpHeld},
	desk.OpNeedsYou:   {desk.OpNeedsYou},
	desk.OpCancelled:  {desk.OpCancelled},
}

// sql runs a statement past everything but the database's own guards.
func (ts *testStore) sql(query string, args ...any) error {
	_, err := ts.main.writer.ExecContext(ts.t.Context(), query, args...)
	return err
}

// opIn answers a new mail, 1 the first time, and brings the op to a state.
func (ts *testStore) opIn(state desk.OpState) desk.Op {
	ts.t.Helper()
	ts.mails++
	ts.apply(mail(ts.mails))
	op := ts.reply(ts.of(ts.mails).ID, "an answer")
	for _, st := range roads[state] {
		if err := ts.sql(`UPDATE op SET state = ? WHERE id = ?`, st, op.ID); err != nil {
			ts.t.Fatalf("to %s: %v", st, err)
		}
	}
	op.State = state
	return op
}

func TestTheDatabaseKnowsEveryLegalMove(t *testing.T) {
	ts := openTest(t)
	for _, from := range desk.OpStates {
		for _, to := range desk.OpStates {
			op := ts.opIn(from)
			legal := slices.Contains(from.Next(), to)
			err := ts.sql(`UPDATE op SET state = ? WHERE id = ?`, to, op.ID)
			if (err == nil) != (legal || from == to) {
				t.Errorf("%s to %s: legal is %v, the database says %v", from, to, legal, err)
			}
			if to == desk.OpSending || from == desk.OpSending {
				continue // through StartAttempt, which writes the journal
			}
			op = ts.opIn(from)
			_, err = ts.MoveOp(t.Context(), Move{ID: op.ID, From: from, To: to})
			if (err == nil) != (legal || from == to && !from.Ended()) {
				t.Errorf("%s to %s: legal is %v, MoveOp says %v", from, to, legal, err)
			}
		}
	}
}

func TestTheDatabaseGuardsOutgoingWork(t *testing.T) {
	for name, query := range map[string]string{
		"payload":                 `UPDATE op SET payload = x'00'`,
		"digest":                  `UPDATE op SET payload_sha = zeroblob(32)`,
		"identity":                `UPDATE op SET id = 'other'`,
		"order":                   `UPDATE op SET seq = 99`,
		"delete unfinished":       `DELETE FROM op`,
		"born sent":               `INSERT INTO op (id, account, conversation, lane, kind, payload, payload_sha, state, created_ms, changed_ms) SELECT 'x', account, conversation, lane, kind, payload, payload_sha, 'sent', 0, 0 FROM op`,
		"unknown state":           `UPDATE op SET state = 'lost'`,
		"delete the held draft":   `DELETE FROM draft`,
		"edit the held draft":     `INSERT INTO draft_rev (draft, rev, saved_ms) SELECT id, 99, 0 FROM draft`,
		"rewrite the journal":     `UPDATE attempt SET detail = 'x'`,
		"forget the journal":      `DELETE FROM attempt`,
		"unsay a person's word":   `UPDATE op SET person_ok = 0`,
		"conversation under work": `DELETE FROM conversation`,
		"another time":            `UPDATE op SET send_ms = 1`,
		"another end":             `UPDATE op SET until_ms = 1`,
		"another turn":            `UPDATE op SET turn_ms = turn_ms + 1`,
		"file what isn't sent":    `UPDATE op SET filing_ms = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			ts := openTest(t)
			op := ts.opIn(desk.OpQueued)
			ts.start(op.ID)
			if err := ts.sql(`UPDATE op SET person_ok = 1`); err != nil {
				t.Fatal(err)
			}
			if err := ts.sql(query); err == nil {
				t.Error("the database let it happen")
			}
			got, err := ts.Op(t.Context(), op.ID)
			if err != nil || got.PayloadSHA != op.PayloadSHA || got.State != desk.OpSending {
				t.Errorf("op %+v, %v", got, err)
			}
		})
	}
}

func TestOnlyOneOfALaneIsOnItsWay(t *testing.T) {
	ts := openTest(t)
	first := ts.opIn(desk.OpSending)
	second := ts.reply(first.Conversation, "another")
	if err := ts.sql(`UPDATE op SET state = 'sending' WHERE id = ?`, second.ID); err == nil {
		t.Error("two replies of one conversation at once")
	}
	_, err := ts.StartAttempt(t.Context(), second.ID, "boot")
	wantKind(t, err, desk.KindConflict)
}

func TestAReplysWholeWay(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	c := ts.of(1).ID
	op := ts.reply(c, "Guten Tag")
	if got := ts.of(1); got.Status != desk.StatusWaiting || got.Mark != desk.MarkWaits || got.DraftID != "" || !got.WaitingSince.IsZero() {
		t.Errorf("queued: %+v", got)
	}
	_, err := ts.SaveDraft(t.Context(), desk.Draft{ID: op.Draft, Text: "no"})
	wantKind(t, err, desk.KindConflict)
	wantKind(t, ts.DropDraft(t.Context(), op.Draft), desk.KindConflict)
	if got := ts.start(op.ID); got.State != desk.OpSending || got.Attempts != 1 || got.Final {
		t.Errorf("sending: %+v", got)
	}
	_, err = ts.StartAttempt(t.Context(), op.ID, "boot")
	wantKind(t, err, desk.KindConflict)
	_, err = ts.CancelOp(t.Context(), op.ID, false)
	wantKind(t, err, desk.KindTooLate)
	if err := ts.MarkFinal(t.Context(), op.ID); err != nil {
		t.Fatal(err)
	}
	sent, err := ts.MoveOp(t.Context(), Move{
		ID: op.ID, From: desk.OpSending, To: desk.OpSent, Detail: "250 ok", Receipt: desk.Receipt{RemoteID: "r", At: ts.at},
	})
	if err != nil || sent.State != desk.OpSent || sent.Receipt.RemoteID != "r" || !sent.Receipt.At.Equal(ts.at) {
		t.Errorf("sent: %+v, %v", sent, err)
	}
	_, err = ts.Draft(t.Context(), op.Draft)
	wantKind(t, err, desk.KindNotFound)
	attempts, err := ts.Attempts(t.Context(), op.ID)
	if err != nil || len(attempts) != 3 || attempts[1].Phase != desk.PhaseFinal || attempts[2].Result != "sent" || attempts[2].Boot != "boot" {
		t.Errorf("journal %+v, %v", attempts, err)
	}
	if got, err := ts.SentSince(t.Context(), ts.at); err != nil || len(got) != 1 {
		t.Errorf("sent since: %+v, %v", got, err)
	}
	if got, err := ts.Unfiled(t.Context(), testAccount, ts.at, 5); err != nil || len(got) != 1 {
		t.Errorf("unfiled: %+v, %v", got, err)
	}
	if err := ts.MarkFiled(t.Context(), op.ID, desk.CopySeen); err != nil {
		t.Fatal(err)
	}
	if got, _ := ts.Unfiled(t.Context(), testAccount, ts.at, 5); len(got) != 0 {
		t.Errorf("filed, but %+v", got)
	}
	if ops, _ := ts.OpsOf(t.Context(), c); len(ops) != 1 {
		t.Errorf("no message shows it yet: %+v", ops)
	}
	if n := ts.counters(); n.Outbox != 0 || n.NeedYou != 0 || n.Waiting != 1 || n.Drafts != 0 {
		t.Errorf("counters %+v", n)
	}
	wantKind(t, ts.MarkFinal(t.Context(), op.ID), desk.KindConflict)
}

func TestMoveOpIsFromThePresentState(t *testing.T) {
	ts := openTest(t)
	op := ts.opIn(desk.OpQueued)
	_, err := ts.MoveOp(t.Context(), Move{ID: op.ID, From: desk.OpUncertain, To: desk.OpReconciled})
	wantKind(t, err, desk.KindConflict)
	_, err = ts.MoveOp(t.Context(), Move{ID: op.ID, From: desk.OpQueued, To: desk.OpSent})
	wantKind(t, err, desk.KindInvalid)
	_, err = ts.MoveOp(t.Context(), Move{ID: op.ID, From: desk.OpQueued, To: desk.OpSending})
	wantKind(t, err, desk.KindInvalid) // only StartAttempt begins one: it journals
	_, err = ts.MoveOp(t.Context(), Move{ID: "none", From: desk.OpQueued, To: desk.OpHeld})
	wantKind(t, err, desk.KindNotFound)
	later := ts.at.Add(time.Minute)
	op = ts.opIn(desk.OpUncertain)
	got, err := ts.MoveOp(t.Context(), Move{
		ID: op.ID, From: desk.OpUncertain, To: desk.OpUncertain, NextAt: later, Reason: desk.ReasonThrottled, Look: true, PersonOK: true, Base: op.Base + 5,
	})
	if err != nil || !got.NextAt.Equal(later) || got.Looks != 1 || got.Reason != desk.ReasonThrottled || !got.PersonOK || got.Base != op.Base+5 {
		t.Errorf("stays: %+v, %v", got, err)
	}
	got, err = ts.MoveOp(t.Context(), Move{ID: op.ID, From: desk.OpUncertain, To: desk.OpQueued, Base: op.Base})
	if err != nil || !got.PersonOK || got.Base != op.Base+5 || got.Looks != 0 {
		t.Errorf("neither a person's word nor the base goes back: %+v, %v", got, err)
	}
}

func TestDueOps(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2), mail(3), mail(4))
	a := ts.reply(ts.of(1).ID, "first")
	b := ts.reply(ts.of(1).ID, "second, same conversation")
	c := ts.reply(ts.of(2).ID, "third")
	note := desk.Op{ID: desk.NewOpID(ts.at), Conversation: ts.of(1).ID, Payload: []byte("n"), Lane: desk.LaneInternal}
	note, err := ts.QueueReply(t.Context(), note, "")
	if err != nil {
		t.Fatal(err)
	}
	undo := desk.Op{ID: desk.NewOpID(ts.at), Conversation: ts.of(3).ID, Payload: []byte("u"), UndoUntil: ts.at.Add(10 * time.Second)}
	if undo, err = ts.QueueReply(t.Context(), undo, desk.StatusDone); err != nil {
		t.Fatal(err)
	}
	want := func(now time.Time, next time.Time, ops ...desk.OpID) {
		t.Helper()
		due, at, err := ts.DueOps(t.Context(), testAccount, now, 10)
		var ids []desk.OpID
		for _, o := range due {
			ids = append(ids, o.ID)
		}
		if err != nil || !slices.Equal(ids, ops) || !at.Equal(next) {
			t.Errorf("due %v, next %v, %v; want %v, %v", ids, at, err, ops, next)
		}
	}
	if m := ts.of(3).Mark; m != desk.MarkQueued {
		t.Errorf("mark %q while it can be taken back quietly", m)
	}
	want(ts.at, undo.UndoUntil, a.ID, c.ID, note.ID)
	want(undo.UndoUntil, time.Time{}, a.ID, c.ID, note.ID, undo.ID)
	ts.move(a.ID, desk.OpQueued, desk.OpHeld) // blocks its lane, and nobody else's
	want(ts.at, undo.UndoUntil, c.ID, note.ID)
	ts.start(c.ID)
	if _, err := ts.MoveOp(t.Context(), Move{ID: c.ID, From: desk.OpSending, To: desk.OpUncertain, NextAt: ts.at.Add(time.Second)}); err != nil {
		t.Fatal(err)
	}
	want(ts.at, ts.at.Add(time.Second), note.ID)
	want(ts.at.Add(time.Second), undo.UndoUntil, c.ID, note.ID)
	if _, err := ts.CancelOp(t.Context(), a.ID, true); err != nil {
		t.Fatal(err)
	}
	want(ts.at, ts.at.Add(time.Second), b.ID, note.ID)
	open, err := ts.OpenOps(t.Context())
	if err != nil || len(open) != 4 || open[0].ID != c.ID || open[1].ID != b.ID {
		t.Errorf("open %+v, %v", open, err)
	}
	if due, _, err := ts.DueOps(t.Context(), "another", ts.at, 10); err != nil || len(due) != 0 {
		t.Errorf("another account's: %v, %v", due, err)
	}
}

func TestRecoverOps(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2), mail(3))
	before, after, running := ts.reply(ts.of(1).ID, "a"), ts.reply(ts.of(2).ID, "b"), ts.reply(ts.of(3).ID, "c")
	for _, op := range []desk.Op{before, after} {
		ts.start(op.ID)
	}
	if err := ts.MarkFinal(t.Context(), after.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := ts.StartAttempt(t.Context(), running.ID, "this boot"); err != nil {
		t.Fatal(err)
	}
	moved, err := ts.RecoverOps(t.Context(), "this boot")
	if err != nil || len(moved) != 2 || moved[0].State != desk.OpQueued || moved[1].State != desk.OpUncertain || !moved[1].NextAt.Equal(ts.at) {
		t.Errorf("moved %+v, %v", moved, err)
	}
	if o, _ := ts.Op(t.Context(), running.ID); o.State != desk.OpSending {
		t.Errorf("this run's own: %+v", o)
	}
	if again, err := ts.RecoverOps(t.Context(), "this boot"); err != nil || len(again) != 0 {
		t.Errorf("again %+v, %v", again, err)
	}
	if o := ts.start(before.ID); o.Attempts != 2 || o.Final {
		t.Errorf("second attempt %+v", o)
	}
}

func TestMarks(t *testing.T) {
	for state, want := range map[desk.OpState]desk.Mark{
		desk.OpQueued: desk.MarkWaits, desk.OpSending: desk.MarkSending, desk.OpUncertain: desk.MarkUncertain,
		desk.OpHeld: desk.MarkHeld, desk.OpNeedsYou: desk.MarkNeedsYou, desk.OpSent: desk.MarkNone, desk.OpCancelled: desk.MarkDraft,
	} {
		ts := openTest(t)
		op := ts.opIn(state)
		if state == desk.OpCancelled {
			ts.draft(op.Conversation, "new")
		}
		if got := ts.of(1).Mark; got != want {
			t.Errorf("%s is marked %q, want %q", state, got, want)
		}
		if state == desk.OpHeld {
			ts.reply(op.Conversation, "behind it")
			if got := ts.of(1).Mark; got != want {
				t.Errorf("the most urgent is held, got %q", got)
			}
		}
	}
}

func TestStatusOps(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	c := ts.of(1).ID
	set := func(st desk.Status) desk.OpID {
		op := desk.Op{ID: desk.NewOpID(ts.at), Payload: []byte(st)}
		if err := ts.SetStatus(t.Context(), c, st, &op); err != nil {
			t.Fatal(err)
		}
		return op.ID
	}
	first, last := set(desk.StatusDone), set(desk.StatusOpen)
	if o, err := ts.Op(t.Context(), first); err != nil || o.State != desk.OpCancelled {
		t.Errorf("overtaken: %+v, %v", o, err)
	}
	if o, err := ts.Op(t.Context(), last); err != nil || o.State != desk.OpQueued || o.Lane != desk.LaneState || o.Kind != desk.OpStatus {
		t.Errorf("%+v, %v", o, err)
	}
	got := ts.of(1)
	if got.Status != desk.StatusOpen || got.Mark != desk.MarkNone || got.WaitingSince.IsZero() || ts.counters().Outbox != 0 {
		t.Errorf("%+v", got)
	}
	if err := ts.SetStatus(t.Context(), c, desk.StatusBin, nil); err != nil {
		t.Fatal(err)
	}
	if o, err := ts.Op(t.Context(), last); err != nil || o.State != desk.OpCancelled {
		t.Errorf("overtaken by what no server is told: %+v, %v", o, err)
	}
	wantKind(t, ts.SetStatus(t.Context(), 99, desk.StatusDone, nil), desk.KindNotFound)
}

func TestQueueReplyRefuses(t *testing.T) {
	ts := openTest(t)
	op := ts.opIn(desk.OpQueued)
	again := desk.Op{ID: desk.NewOpID(ts.at), Conversation: op.Conversation, Draft: op.Draft, Payload: []byte("x")}
	_, err := ts.QueueReply(t.Context(), again, "")
	wantKind(t, err, desk.KindConflict)
	again.Draft, again.PayloadSHA = "", [32]byte{1}
	_, err = ts.QueueReply(t.Context(), again, "")
	wantKind(t, err, desk.KindInvalid)
	again.PayloadSHA, again.Conversation = [32]byte{}, 99
	_, err = ts.QueueReply(t.Context(), again, "")
	wantKind(t, err, desk.KindNotFound)
	if all, _ := ts.OpenOps(t.Context()); len(all) != 1 {
		t.Errorf("refused, but there: %+v", all)
	}
}
