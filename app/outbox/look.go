package outbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

// MaxLooks is how often an op that may have arrived is looked for before a
// person is asked: at once, then after 10, 20, 40, 80 and 160 s.
const MaxLooks = 6

const lookGap = 10 * time.Second

// look looks for an op that may have arrived. scheduled looks count; one that a
// person asked for between them doesn't.
func (ob *Outbox) look(ctx context.Context, op desk.Op, scheduled bool) {
	finding, err := ob.locate(ctx, op)
	if err != nil {
		ob.lookFailed(ctx, op, err)
		return
	}
	ob.answered()
	switch finding.State {
	case source.Found:
		ob.arrived(ctx, op, finding.Receipt)
	case source.Absent:
		ob.move(ctx, store.Move{
			ID: op.ID, From: op.State, To: desk.OpQueued, Reason: desk.ReasonLineTooShort, NextAt: ob.now(),
		})
	default:
		if scheduled {
			ob.notSeen(ctx, op)
		}
	}
}

// locate asks the sink. A panic there is a defect, not an answer.
func (ob *Outbox) locate(ctx context.Context, op desk.Op) (f source.Finding, err error) {
	defer func() {
		if p := recover(); p != nil {
			ob.log.Error("sink panicked", "account", ob.o.Account, "op", op.ID, "stack", string(debug.Stack()))
			err = desk.E(desk.KindInternal, "look for reply", fmt.Errorf("panic: %v", p))
		}
	}()
	s, err := ob.submission(ctx, op)
	if err != nil {
		return f, err
	}
	return ob.o.Sink.Locate(ctx, s)
}

// lookFailed waits for an account that doesn't answer, which is no look. Any
// other error has to do with this op alone: it must not stop the others, and in
// the end a person is asked about it.
func (ob *Outbox) lookFailed(ctx context.Context, op desk.Op, err error) {
	switch desk.KindOf(err) {
	case desk.KindOffline, desk.KindSignIn, desk.KindCancelled, desk.KindDiskFull:
		ob.cantGoOn(ctx, err)
		return
	}
	if ctx.Err() != nil || op.State != desk.OpUncertain {
		return
	}
	n := ob.stumbled(op.ID)
	if n >= MaxLooks {
		ob.giveToPerson(ctx, op, false)
		return
	}
	ob.move(ctx, store.Move{
		ID: op.ID, From: desk.OpUncertain, To: desk.OpUncertain, NextAt: ob.now().Add(source.Patience(n)),
	})
}

// notSeen counts a look that proved nothing.
func (ob *Outbox) notSeen(ctx context.Context, op desk.Op) {
	looks := op.Looks + 1
	if looks >= MaxLooks {
		ob.giveToPerson(ctx, op, true)
		return
	}
	ob.move(ctx, store.Move{
		ID: op.ID, From: desk.OpUncertain, To: desk.OpUncertain, Look: true,
		NextAt: ob.now().Add(lookGap << (looks - 1)),
	})
}

// giveToPerson ends the looking. Of a status nobody is asked: setting it twice
// is setting it once, so it goes out again.
func (ob *Outbox) giveToPerson(ctx context.Context, op desk.Op, looked bool) {
	m := store.Move{ID: op.ID, From: desk.OpUncertain, To: desk.OpNeedsYou, Reason: desk.ReasonNotSeen, Look: looked}
	if op.Kind == desk.OpStatus {
		m.To, m.Reason, m.NextAt = desk.OpQueued, desk.ReasonLineTooShort, ob.now().Add(source.Patience(op.Attempts))
	}
	ob.move(ctx, m)
}

// arrived settles an op whose effect stands on the server, whatever was about to
// become of it. One that is being sent is left to its attempt.
func (ob *Outbox) arrived(ctx context.Context, op desk.Op, receipt desk.Receipt) {
	if receipt.At.IsZero() {
		receipt.At = ob.now()
	}
	for range maxMoves {
		m := store.Move{ID: op.ID, From: op.State, To: desk.OpReconciled, Receipt: receipt}
		switch op.State {
		case desk.OpUncertain, desk.OpNeedsYou:
		case desk.OpQueued: // has no straight way to an end it didn't make itself
			m.To, m.Reason = desk.OpNeedsYou, desk.ReasonNotSeen
		case desk.OpHeld:
			m.To, m.NextAt = desk.OpQueued, ob.now()
		default:
			return
		}
		if ob.move(ctx, m) && m.To == desk.OpReconciled {
			ob.noteSent(ctx)
			ob.poke() // its lane is free, and its copy may want filing
			return
		}
		next, err := ob.o.Store.Op(ctx, op.ID)
		if err != nil {
			return
		}
		op = next
	}
}

// maxMoves is the longest way to an end, and two more for somebody who moves
// the op at the same time.
const maxMoves = 5

// Seen settles ops whose copy intake saw on the server: those that may have
// arrived, and those that were to be sent once more. Other ops and other
// accounts' are left alone. It returns when that is stored.
func (ob *Outbox) Seen(ctx context.Context, ids []desk.OpID) {
	for _, id := range ids {
		op, err := ob.o.Store.Op(ctx, id)
		if err != nil || op.Account != ob.o.Account {
			continue
		}
		again := op.Attempts > 0 && (op.State == desk.OpQueued || op.State == desk.OpHeld)
		if op.State == desk.OpUncertain || again || unproved(op) {
			ob.arrived(ctx, op, desk.Receipt{})
		}
	}
}

// unproved tells that a person is asked whether the op arrived.
func unproved(op desk.Op) bool {
	return op.State == desk.OpNeedsYou && op.Reason == desk.ReasonNotSeen
}

// LookNow looks at once for an op that may have arrived, also after the last
// scheduled look. It returns before the answer is there. Kind invalid for an op
// in any other state.
func (ob *Outbox) LookNow(ctx context.Context, id desk.OpID) error {
	op, err := ob.o.Store.Op(ctx, id)
	if err != nil {
		return err
	}
	if op.State != desk.OpUncertain && !unproved(op) {
		return desk.E(desk.KindInvalid, "look for reply", nil)
	}
	ob.mu.Lock()
	if !slices.Contains(ob.asked, id) {
		ob.asked = append(ob.asked, id)
	}
	ob.mu.Unlock()
	ob.poke()
	return nil
}

// lookForAsked starts the looks that a person asked for, also while the line
// is taken for lost.
func (ob *Outbox) lookForAsked(ctx context.Context, workers *sync.WaitGroup) {
	ob.mu.Lock()
	asked := ob.asked
	ob.asked = nil
	ob.mu.Unlock()
	for _, id := range asked {
		op, err := ob.o.Store.Op(ctx, id)
		if err == nil && (op.State == desk.OpUncertain || unproved(op)) {
			ob.start(workers, op, func() { ob.look(ctx, op, false) })
		}
	}
}
