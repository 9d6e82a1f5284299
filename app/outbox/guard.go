package outbox

import (
	"context"

	"fernpost/store"
	"fernpost/store/desk"
)

// guard looks whether a reply still fits what stands on the server now. It
// gives false where the reply must not leave: held, already there, taken back
// meanwhile, or nobody can know because the account doesn't answer. Then no
// attempt was begun.
func (ob *Outbox) guard(ctx context.Context, op desk.Op) (desk.Op, bool) {
	if err := ob.o.Head.CatchUp(ctx); err != nil {
		ob.cantGoOn(ctx, err)
		return op, false
	}
	ob.answered()
	op, err := ob.o.Store.Op(ctx, op.ID) // while we asked, it may have been taken back, or moved by a merge
	if err != nil {
		ob.cantGoOn(ctx, err)
		return op, false
	}
	if op.State != desk.OpQueued {
		return op, false
	}
	if op.Attempts > 0 {
		there, err := ob.standsThere(ctx, op)
		if err != nil {
			ob.cantGoOn(ctx, err)
			return op, false
		}
		if there {
			ob.arrived(ctx, op, desk.Receipt{At: ob.now()})
			return op, false
		}
	}
	reason, err := ob.against(ctx, op)
	if err != nil {
		ob.cantGoOn(ctx, err)
		return op, false
	}
	if reason == desk.ReasonNone {
		return op, true
	}
	ob.move(ctx, store.Move{ID: op.ID, From: desk.OpQueued, To: desk.OpHeld, Reason: reason})
	return op, false
}

// against says what speaks against sending a reply now. That a colleague closed
// the matter is said once: a person who sends anyway has heard it.
func (ob *Outbox) against(ctx context.Context, op desk.Op) (desk.Reason, error) {
	fresh, err := ob.o.Store.NewSince(ctx, op.Conversation, op.Base)
	if err != nil {
		return desk.ReasonNone, err
	}
	reason, err := ob.judge(ctx, fresh)
	if err != nil || reason != desk.ReasonNone || op.PersonOK {
		return reason, err
	}
	closed, err := ob.o.Store.ClosedElsewhere(ctx, op.ID)
	if closed {
		reason = desk.ReasonClosed
	}
	return reason, err
}

// judge says why a reply has to be held over what is new. Notes, automatic
// mail and what left from this desk are no reason. A colleague's answer weighs
// more than a customer's next mail: two answers are worse than a late one.
func (ob *Outbox) judge(ctx context.Context, fresh []desk.Message) (desk.Reason, error) {
	reason := desk.ReasonNone
	for _, m := range fresh {
		if m.Kind != desk.KindPerson {
			continue
		}
		switch m.Direction {
		case desk.FromCustomer:
			reason = desk.ReasonCustomerWrote
		case desk.FromUs:
			ours, err := ob.isOurs(ctx, m)
			if err != nil {
				return desk.ReasonNone, err
			}
			if !ours {
				return desk.ReasonColleagueAnswered, nil
			}
		}
	}
	return reason, nil
}

// isOurs tells whether a message left from this desk: then its op is here. A
// colleague's Fernpost marks its mail too, with ops that only it knows.
func (ob *Outbox) isOurs(ctx context.Context, m desk.Message) (bool, error) {
	if m.OpID == "" {
		return false, nil
	}
	_, err := ob.o.Store.Op(ctx, m.OpID)
	if desk.KindOf(err) == desk.KindNotFound {
		return false, nil
	}
	return err == nil, err
}

// standsThere looks for an op's own message among those that are here. It
// matters after an attempt whose end nobody saw and that a person, or a proof
// that was none, sent back to the queue.
func (ob *Outbox) standsThere(ctx context.Context, op desk.Op) (bool, error) {
	messages, err := ob.o.Store.Messages(ctx, op.Conversation)
	if err != nil {
		return false, err
	}
	for _, m := range messages {
		if m.OpID == op.ID {
			return true, nil
		}
	}
	return false, nil
}
