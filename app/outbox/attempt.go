package outbox

import (
	"cmp"
	"context"
	"crypto/sha256"
	"runtime/debug"
	"sync/atomic"
	"time"

	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

const (
	// defectsAllowed is how often a source may panic over one op before a
	// person is asked.
	defectsAllowed = 3
	// lastWord is how long the end of an attempt may take to be written down
	// after the program was told to end.
	lastWord = 5 * time.Second
)

// send makes one attempt of a queued op, if the guard lets it.
func (ob *Outbox) send(ctx context.Context, op desk.Op) {
	if op.PayloadSHA != sha256.Sum256(op.Payload) {
		// Not what the person saw when it was queued.
		ob.move(ctx, store.Move{
			ID: op.ID, From: desk.OpQueued, To: desk.OpNeedsYou, Reason: desk.ReasonUnreadable,
		})
		return
	}
	if op.Kind == desk.OpReply {
		var ok bool
		if op, ok = ob.guard(ctx, op); !ok {
			return
		}
	}
	op, err := ob.o.Store.StartAttempt(ctx, op.ID, ob.o.Boot)
	switch desk.KindOf(err) {
	case "":
	case desk.KindConflict, desk.KindTooLate, desk.KindNotFound:
		return // taken back at the last moment
	case desk.KindDiskFull, desk.KindDamaged, desk.KindPermission:
		ob.cantGoOn(ctx, err)
		return
	default: // a trouble of this op alone; it is tried again, the others don't wait
		ob.log.Warn("attempt not begun", "account", ob.o.Account, "op", op.ID, "kind", desk.KindOf(err))
		return
	}
	ob.record(ctx, op, ob.submit(ctx, op))
}

// submit calls the sink. A panic in it is an answer too: nothing happened if the
// final mark was never asked for.
func (ob *Outbox) submit(ctx context.Context, op desk.Op) (out source.Outcome) {
	defer ob.o.Quiet()()
	j := &journal{ob: ob, op: op.ID}
	defer func() {
		ob.progressEnded(op.ID)
		p := recover()
		if p == nil {
			return
		}
		ob.log.Error("sink panicked", "account", ob.o.Account, "op", op.ID, "stack", string(debug.Stack()))
		switch {
		case j.final.Load():
			out = source.Outcome{Verdict: source.Unknown}
		case ob.stumbled(op.ID) < defectsAllowed:
			out = source.Outcome{Verdict: source.NotApplied}
		default:
			out = source.Outcome{Verdict: source.Refused, Reason: desk.ReasonUnreadable}
		}
	}()
	s, err := ob.submission(ctx, op)
	if err != nil {
		return source.Outcome{Verdict: source.NotApplied}
	}
	return ob.o.Sink.Submit(ctx, s, j)
}

// submission is the frozen op with its history.
func (ob *Outbox) submission(ctx context.Context, op desk.Op) (source.Submission, error) {
	s := source.Submission{
		ID: op.ID, Kind: op.Kind, Payload: op.Payload, FirstTry: op.Created, LastTry: op.Changed,
	}
	attempts, err := ob.o.Store.Attempts(ctx, op.ID)
	first := true
	for _, a := range attempts {
		if a.Phase != desk.PhaseSending {
			continue
		}
		if first {
			s.FirstTry, first = a.At, false
		}
		s.LastTry = a.At
	}
	return s, err
}

// journal is what a running attempt writes to.
type journal struct {
	ob    *Outbox
	op    desk.OpID
	final atomic.Bool // asked for, whatever came of it
}

// Final implements source.Journal.
func (j *journal) Final(ctx context.Context) error {
	j.final.Store(true)
	return j.ob.o.Store.MarkFinal(ctx, j.op)
}

// Progress implements source.Journal.
func (j *journal) Progress(done, total int64) { j.ob.progressed(j.op, Progress{done, total}) }

// record writes down how an attempt ended. Until that is done the op is
// `sending` and nobody else touches it; should the program end first, Recover
// judges by the final mark.
func (ob *Outbox) record(ctx context.Context, op desk.Op, out source.Outcome) {
	m := ob.ending(op, out)
	for failures := 1; ; failures++ {
		err := ob.write(ctx, m)
		switch desk.KindOf(err) {
		case "":
			ob.recorded(ctx, op, out)
			return
		case desk.KindConflict, desk.KindNotFound:
			ob.log.Error("attempt ended in another state", "account", ob.o.Account, "op", op.ID)
			return
		}
		ob.cantGoOn(ctx, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(source.Patience(failures)):
		}
	}
}

// write makes a step even while the program ends.
func (ob *Outbox) write(ctx context.Context, m store.Move) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWord)
	defer cancel()
	_, err := ob.o.Store.MoveOp(ctx, m)
	return err
}

// ending is the step that an outcome leads to.
func (ob *Outbox) ending(op desk.Op, out source.Outcome) store.Move {
	now := ob.now()
	m := store.Move{ID: op.ID, From: desk.OpSending, Detail: out.Detail, Reason: out.Reason}
	switch out.Verdict {
	case source.Applied:
		m.To, m.Reason, m.Receipt = desk.OpSent, desk.ReasonNone, out.Receipt
		if m.Receipt.At.IsZero() {
			m.Receipt.At = now
		}
	case source.NotApplied:
		m.To, m.Reason = desk.OpQueued, cmp.Or(out.Reason, desk.ReasonLineTooShort)
		m.NextAt = now.Add(source.Patience(op.Attempts))
	case source.AuthNeeded:
		m.To, m.Reason = desk.OpQueued, desk.ReasonSignIn
		m.NextAt = now.Add(source.Patience(op.Attempts))
	case source.Throttled:
		m.To, m.Reason = desk.OpQueued, desk.ReasonThrottled
		m.NextAt = now.Add(max(out.After, source.Patience(1)))
	case source.Refused:
		m.To, m.Reason = desk.OpNeedsYou, cmp.Or(out.Reason, desk.ReasonRefused)
	case source.Conflict:
		m.To, m.Reason = desk.OpQueued, cmp.Or(out.Reason, desk.ReasonColleagueAnswered)
		m.NextAt = now.Add(source.Patience(op.Attempts))
	default: // Unknown, and whatever a source shouldn't say
		m.To, m.NextAt = desk.OpUncertain, now
	}
	return m
}

// recorded does what follows from an ending.
func (ob *Outbox) recorded(ctx context.Context, op desk.Op, out source.Outcome) {
	switch out.Verdict {
	case source.Applied:
		ob.answered()
		ob.noteSent(ctx)
	case source.Conflict:
		// From `sending` an op can't be held; from the queue it can, and should
		// the program end between the two steps, the server guards it again.
		ob.move(ctx, store.Move{
			ID: op.ID, From: desk.OpQueued, To: desk.OpHeld,
			Reason: cmp.Or(out.Reason, desk.ReasonColleagueAnswered), Detail: out.Detail,
		})
	case source.AuthNeeded:
		ob.pauseForSignIn(ctx)
	}
}

// move makes a step outside an attempt. Where somebody was quicker, theirs
// counts; where it can't be written, nothing changed and it will come up again.
func (ob *Outbox) move(ctx context.Context, m store.Move) bool {
	err := ob.write(ctx, m)
	switch desk.KindOf(err) {
	case "":
		return true
	case desk.KindConflict, desk.KindNotFound:
		return false
	default:
		ob.cantGoOn(ctx, err)
		return false
	}
}

// noteSent puts a tick on the line's day.
func (ob *Outbox) noteSent(ctx context.Context) {
	e := store.LineEvent{Account: ob.o.Account, At: ob.now(), Kind: "sent"}
	if err := ob.o.Store.NoteLine(context.WithoutCancel(ctx), e); err != nil {
		ob.log.Warn("line event not kept", "account", ob.o.Account, "kind", desk.KindOf(err))
	}
}

// stumbled counts a defect met with an op.
func (ob *Outbox) stumbled(id desk.OpID) int {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	ob.stumbles[id]++
	return ob.stumbles[id]
}
