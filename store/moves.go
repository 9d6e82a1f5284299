package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fernpost/store/desk"
)

// Move is one legal step of an op. From must be the present state, else kind
// conflict. An op that isn't ended may also stay where it is, to be looked at
// later or for another reason; only sending can't.
type Move struct {
	ID       desk.OpID
	From, To desk.OpState
	Reason   desk.Reason
	Detail   string
	NextAt   time.Time
	Receipt  desk.Receipt
	PersonOK bool           // set (never cleared) by a person's decision
	Base     desk.MessageID // moved forward when a person agrees to what is new; 0 keeps it
	Look     bool           // counts one more look; a queued op has none
	NoEnd    bool           // a person lifts "not after"
}

const updateOp = `
UPDATE op SET state = ?2, reason = ?3, detail = ?4, next_ms = ?5, person_ok = max(person_ok, ?6), base = max(base, ?7),
  looks = CASE WHEN ?2 = 'queued' THEN 0 ELSE looks + ?8 END, changed_ms = ?9,
  final = CASE WHEN ?2 = 'queued' THEN 0 ELSE final END,
  receipt_id = CASE WHEN ?10 = '' THEN receipt_id ELSE ?10 END,
  receipt_version = CASE WHEN ?11 = '' THEN receipt_version ELSE ?11 END,
  receipt_detail = CASE WHEN ?12 = '' THEN receipt_detail ELSE ?12 END,
  receipt_ms = CASE WHEN ?13 = 0 THEN receipt_ms ELSE ?13 END,
  until_ms = CASE WHEN ?14 THEN 0 ELSE until_ms END
WHERE id = ?1`

// MoveOp makes the step; a running attempt gets its end row in the same
// transaction. Kind invalid for a step that DESIGN.md's picture doesn't have.
func (s *Store) MoveOp(ctx context.Context, m Move) (op desk.Op, err error) {
	err = s.writeWork(ctx, "move op", func(t *tx) error {
		op, err = t.moveOp(m)
		return err
	})
	if err != nil {
		return desk.Op{}, err
	}
	return op, nil
}

func (t *tx) moveOp(m Move) (desk.Op, error) {
	o, err := t.opIn(m.ID, m.From)
	if err != nil {
		return o, err
	}
	stays := m.From == m.To && !m.From.Ended() && m.From != desk.OpSending
	if !stays && !slices.Contains(m.From.Next(), m.To) || m.To == desk.OpSending {
		return o, desk.E(desk.KindInvalid, "move op", fmt.Errorf("%s to %s is no legal step", m.From, m.To))
	}
	if m.From == desk.OpSending {
		if err := t.endAttempt(o, string(m.To), m.Detail); err != nil {
			return o, err
		}
	}
	err = t.do(updateOp, m.ID, m.To, m.Reason, m.Detail, millis(m.NextAt), bit(m.PersonOK), m.Base, bit(m.Look),
		millis(t.now), m.Receipt.RemoteID, m.Receipt.Version, m.Receipt.Detail, millis(m.Receipt.At), bit(m.NoEnd))
	if err != nil {
		return o, err
	}
	if err := t.opChanged(o); err != nil {
		return o, err
	}
	if m.To == desk.OpSent || m.To == desk.OpReconciled {
		if err := t.endDraft(o); err != nil {
			return o, err
		}
	}
	return oneOf(t, selectOp, []any{m.ID}, scanOp)
}

// opIn reads an op that must be in a state.
func (t *tx) opIn(id desk.OpID, state desk.OpState) (desk.Op, error) {
	o, err := oneOf(t, selectOp, []any{id}, scanOp)
	if err == nil && o.State != state {
		err = desk.E(desk.KindConflict, "find op", fmt.Errorf("it is %s, not %s", o.State, state))
	}
	return o, err
}

func (t *tx) opChanged(o desk.Op) error {
	t.changed.ops = true
	t.changed.conversation(int64(o.Conversation))
	return t.summarize(int64(o.Conversation)) // a conversation shows while work is left in it
}

// endDraft forgets the draft of an op that has done its work.
func (t *tx) endDraft(o desk.Op) error {
	if o.Draft == "" {
		return nil
	}
	return t.do(deleteHeldDraft, o.Draft, o.ID)
}

const deleteHeldDraft = `DELETE FROM draft WHERE id = ?1 AND op = ?2`

const startOp = `
UPDATE op SET state = 'sending', attempts = attempts + 1, final = 0, reason = '', detail = '', next_ms = 0, changed_ms = ?2
WHERE id = ?1`

const laneTaken = `
SELECT EXISTS (SELECT 1 FROM op e JOIN op o ON o.id = ?1
  WHERE e.conversation = o.conversation AND e.lane = o.lane AND (e.turn_ms, e.seq) < (o.turn_ms, o.seq)
  AND e.state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you'))`

// StartAttempt moves queued → sending and journals the phase, in one synced
// transaction. Kind conflict when the op isn't queued, or an earlier one of its
// conversation and lane isn't finished, or it isn't its time: before SendAt, or
// after Until.
func (s *Store) StartAttempt(ctx context.Context, id desk.OpID, boot string) (op desk.Op, err error) {
	err = s.writeWork(ctx, "start attempt", func(t *tx) error {
		o, err := t.opIn(id, desk.OpQueued)
		if err != nil {
			return err
		}
		if t.now.Before(o.SendAt) || !o.Until.IsZero() && t.now.After(o.Until) {
			return desk.E(desk.KindConflict, "look at the time", errors.New("not now"))
		}
		var taken bool
		if err := t.row(laneTaken, []any{id}, &taken); err != nil {
			return err
		}
		if taken {
			return desk.E(desk.KindConflict, "take lane", errors.New("an earlier op isn't finished"))
		}
		if err := t.do(startOp, id, millis(t.now)); err != nil {
			return err
		}
		if err := t.journal(desk.Attempt{Op: id, N: o.Attempts + 1, Phase: desk.PhaseSending, Boot: boot}); err != nil {
			return err
		}
		if err := t.opChanged(o); err != nil {
			return err
		}
		op, err = oneOf(t, selectOp, []any{id}, scanOp)
		return err
	})
	if err != nil {
		return desk.Op{}, err
	}
	return op, nil
}

const finalOp = `UPDATE op SET final = 1, changed_ms = ?2 WHERE id = ?1`

// MarkFinal journals `final` for the running attempt. When it returns, the
// mark is on the disk: the caller may do what can't be taken back.
func (s *Store) MarkFinal(ctx context.Context, id desk.OpID) error {
	return s.writeWork(ctx, "mark final", func(t *tx) error {
		o, err := t.opIn(id, desk.OpSending)
		if err != nil {
			return err
		}
		boot, err := t.bootOf(o)
		if err != nil {
			return err
		}
		if err := t.do(finalOp, id, millis(t.now)); err != nil {
			return err
		}
		t.changed.ops = true
		return t.journal(desk.Attempt{Op: id, N: o.Attempts, Phase: desk.PhaseFinal, Boot: boot})
	})
}

const selectFlying = `
SELECT ` + opColumns + ` FROM op WHERE state = 'sending'
  AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.op = op.id AND a.n = op.attempts AND a.boot = ?1)
ORDER BY seq`

// RecoverOps looks, at start, at what an earlier run (any other boot) left
// behind: sending without final → queued; with final → uncertain, due at once.
// It gives the ops it moved.
func (s *Store) RecoverOps(ctx context.Context, boot string) (moved []desk.Op, err error) {
	err = s.writeWork(ctx, "recover ops", func(t *tx) error {
		moved = nil
		flying, err := manyOf(t, selectFlying, []any{boot}, scanOp)
		if err != nil {
			return err
		}
		for _, o := range flying {
			m := Move{ID: o.ID, From: desk.OpSending, To: desk.OpQueued, Detail: "the program ended"}
			if o.Final {
				m.To, m.NextAt = desk.OpUncertain, t.now
			}
			o, err := t.moveOp(m)
			if err != nil {
				return err
			}
			moved = append(moved, o)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return moved, nil
}
