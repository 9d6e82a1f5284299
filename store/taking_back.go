package store

import (
	"context"
	"fmt"
	"slices"

	"fernpost/store/desk"
)

const selectBefore = `SELECT before_status, before_chosen, before_settled, then_status FROM op WHERE id = ?1`

// CancelOp takes a queued op back, or drops a held or needs_you one (drop), and
// gives the draft back (unless dropped). Kind too_late once sending began.
func (s *Store) CancelOp(ctx context.Context, id desk.OpID, drop bool) (d desk.Draft, err error) {
	err = s.writeWork(ctx, "take back", func(t *tx) error {
		o, err := oneOf(t, selectOp, []any{id}, scanOp)
		if err != nil {
			return err
		}
		if !slices.Contains(o.State.Next(), desk.OpCancelled) {
			return desk.E(desk.KindTooLate, "cancel op", fmt.Errorf("it is %s", o.State))
		}
		if _, err := t.moveOp(Move{ID: id, From: o.State, To: desk.OpCancelled, Reason: o.Reason, Detail: o.Detail}); err != nil {
			return err
		}
		if err := t.restoreStatus(o); err != nil {
			return err
		}
		switch {
		case o.Draft == "":
			return nil
		case drop:
			return t.endDraft(o)
		}
		d, err = t.giveBack(o)
		return err
	})
	if err != nil {
		return desk.Draft{}, err
	}
	return d, nil
}

// giveBack frees the draft of a cancelled op.
func (t *tx) giveBack(o desk.Op) (desk.Draft, error) {
	d, err := oneOf(t, selectDraft, []any{o.Draft}, scanDraft)
	if err != nil {
		return d, err
	}
	joined, more, err := t.absorb(int64(d.Conversation), d)
	if err != nil {
		return d, err
	}
	if err := t.do(holdDraft, d.ID, ""); err != nil {
		return d, err
	}
	d.Op, joined.Op = "", ""
	if !more {
		return d, nil
	}
	return joined, t.revise(&joined, d.Revision)
}

// restoreStatus gives a conversation the status it had before the op, unless
// something else has changed it since.
func (t *tx) restoreStatus(o desk.Op) error {
	var before standing
	var then desk.Status
	if err := t.row(selectBefore, []any{o.ID}, &before.status, &before.chosen, &before.settled, &then); err != nil {
		return err
	}
	c := int64(o.Conversation)
	now, err := oneOf(t, selectStanding, []any{c}, scanStanding)
	if err != nil || then == "" || o.Kind != desk.OpReply {
		return err
	}
	switch {
	case now.chosen && now.status != then:
		return nil
	case now.chosen:
		now = before
	case now.settled == settledBy(o, before): // reopened by the customer, who still waits for an answer to all of it
		now.settled = before.settled
	}
	if err := t.do(updateStanding, c, now.status, bit(now.chosen), now.settled, now.snoozed); err != nil {
		return err
	}
	return t.summarize(c)
}
