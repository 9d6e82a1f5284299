package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fernpost/store"
	"fernpost/store/desk"
)

// Choice is a person's decision about an op that can't go on alone.
type Choice string

// The choices.
const (
	ItArrived  Choice = "it_arrived"  // not_seen: the person knows it did
	SendAgain  Choice = "send_again"  // needs_you: once more, under the same identity; expired: now
	SendAnyway Choice = "send_anyway" // held: over what is new
	Edit       Choice = "edit"        // held, needs_you but for not_seen: the draft comes back
	Drop       Choice = "drop"        // held, needs_you but for not_seen: it is not sent at all
)

// Decide carries a person's choice out; Edit gives the draft back. seen is the
// newest message of the conversation that was on screen: SendAnyway agrees to
// that and to nothing newer. Kind invalid for a choice that the op's state
// doesn't offer, conflict when the op moved meanwhile, too_late for Edit and Drop
// of one that may have arrived earlier: then the person is asked about that.
func (ob *Outbox) Decide(ctx context.Context, id desk.OpID, c Choice, seen desk.MessageID) (desk.Draft, error) {
	op, err := ob.o.Store.Op(ctx, id)
	if err != nil {
		return desk.Draft{}, err
	}
	defer ob.poke()
	stopped := op.State == desk.OpHeld || op.State == desk.OpNeedsYou && !unproved(op)
	switch {
	case c == ItArrived && unproved(op):
		_, err = ob.o.Store.MoveOp(ctx, store.Move{
			ID: id, From: desk.OpNeedsYou, To: desk.OpSent, Receipt: desk.Receipt{At: ob.now()}, PersonOK: true,
		})
	case c == SendAgain && op.State == desk.OpNeedsYou:
		ob.forgive(id)
		late := op.Reason == desk.ReasonExpired // then "now" is what was said, and nothing of an earlier attempt
		_, err = ob.o.Store.MoveOp(ctx, store.Move{
			ID: id, From: desk.OpNeedsYou, To: desk.OpQueued, NextAt: ob.now(), PersonOK: !late, NoEnd: late,
		})
	case c == SendAnyway && op.State == desk.OpHeld:
		err = ob.sendAnyway(ctx, op, seen)
	case (c == Edit || c == Drop) && stopped:
		return ob.cancel(ctx, op, c == Drop)
	default:
		err = desk.E(desk.KindInvalid, "decide on reply", fmt.Errorf("%q in state %s", c, op.State))
	}
	return desk.Draft{}, err
}

// sendAnyway agrees to what was on screen. What came after holds the reply
// again.
func (ob *Outbox) sendAnyway(ctx context.Context, op desk.Op, seen desk.MessageID) error {
	fresh, err := ob.o.Store.NewSince(ctx, op.Conversation, op.Base)
	if err != nil {
		return err
	}
	base := op.Base
	for _, m := range fresh {
		if m.ID <= seen {
			base = max(base, m.ID)
		}
	}
	_, err = ob.o.Store.MoveOp(ctx, store.Move{
		ID: op.ID, From: desk.OpHeld, To: desk.OpQueued, NextAt: ob.now(), PersonOK: true, Base: base,
	})
	return err
}

// TakeBack takes a queued op back and gives its draft back as it was. Kind
// too_late once sending began, whatever came of it: what may have arrived is
// decided on, not undone.
func (ob *Outbox) TakeBack(ctx context.Context, id desk.OpID) (desk.Draft, error) {
	op, err := ob.o.Store.Op(ctx, id)
	if err != nil {
		return desk.Draft{}, err
	}
	if op.State != desk.OpQueued {
		return desk.Draft{}, desk.E(desk.KindTooLate, "take back reply", fmt.Errorf("it is %s", op.State))
	}
	defer ob.poke() // the next in its lane may go
	return ob.cancel(ctx, op, false)
}

// cancel ends an op that provably never arrived: "cancelled" says that nobody
// got it. One that a person let leave once more may have arrived the time
// before; what became of that is asked again instead.
func (ob *Outbox) cancel(ctx context.Context, op desk.Op, drop bool) (desk.Draft, error) {
	maybe, err := ob.mayHaveArrived(ctx, op.ID)
	if err != nil {
		return desk.Draft{}, err
	}
	if !maybe {
		return ob.o.Store.CancelOp(ctx, op.ID, drop)
	}
	if op.State == desk.OpHeld { // has no straight way to the question
		if op, err = ob.o.Store.MoveOp(ctx, store.Move{ID: op.ID, From: op.State, To: desk.OpQueued, NextAt: ob.now()}); err != nil {
			return desk.Draft{}, err
		}
	}
	if _, err = ob.o.Store.MoveOp(ctx, store.Move{
		ID: op.ID, From: op.State, To: desk.OpNeedsYou, Reason: desk.ReasonNotSeen,
	}); err != nil {
		return desk.Draft{}, err
	}
	return desk.Draft{}, desk.E(desk.KindTooLate, "cancel reply", errors.New("it may have arrived"))
}

// mayHaveArrived tells of an attempt whose end nobody saw.
func (ob *Outbox) mayHaveArrived(ctx context.Context, id desk.OpID) (bool, error) {
	attempts, err := ob.o.Store.Attempts(ctx, id)
	return slices.ContainsFunc(attempts, func(a desk.Attempt) bool {
		return a.Phase == desk.PhaseEnd && a.Result == string(desk.OpUncertain)
	}), err
}

// forgive gives an op a new start with the defects it met.
func (ob *Outbox) forgive(id desk.OpID) {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	delete(ob.stumbles, id)
}
