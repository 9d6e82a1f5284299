package outbox

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// Filer is what a sink offers whose server doesn't keep what is sent: FileSent
// puts a copy among the sent mail, after it has looked for one. It answers
// Applied when a copy stands there or none is wanted, NotApplied when this try
// provably put none there and another may, Refused when none ever will, and
// Unknown when one may come there yet. What becomes of a copy changes nothing
// about the reply.
type Filer interface {
	FileSent(ctx context.Context, f source.Filing) source.Verdict
}

const (
	// filingDays is how long a missing copy is worth the trouble.
	filingDays  = 7 * 24 * time.Hour
	filingLimit = 20
)

// filing is how it stands with a copy that couldn't be filed.
type filing struct {
	failures int
	looks    int // for one that was begun
	tried    time.Time
	next     time.Time
}

// fileSome gives missing copies to workers and says how long until the next
// one may be tried.
func (ob *Outbox) fileSome(ctx context.Context, workers *sync.WaitGroup, now time.Time) time.Duration {
	filer, ok := ob.o.Sink.(Filer)
	if !ok {
		return heartbeat
	}
	ops, err := ob.o.Store.Unfiled(ctx, ob.o.Account, now.Add(-filingDays), filingLimit)
	if err != nil {
		ob.log.Warn("copies not listed", "account", ob.o.Account, "kind", desk.KindOf(err))
		return heartbeat
	}
	wait := heartbeat
	for _, op := range ops {
		ob.mu.Lock()
		f := ob.filing[op.ID]
		rest := f.next.Sub(now)
		rests := rest > 0 && rest < longestWait && (op.Filing || !f.tried.Before(ob.wokeAt))
		ob.mu.Unlock()
		if rests {
			wait = min(wait, rest)
			continue
		}
		ob.start(workers, op, func() { ob.file(ctx, filer, op) })
	}
	return wait
}

// file makes one try for one copy. That it was begun is journalled before the
// act; from then on it is looked for, and given up rather than filed twice.
func (ob *Outbox) file(ctx context.Context, filer Filer, op desk.Op) {
	op, err := ob.o.Store.Op(ctx, op.ID) // an earlier try may have ended since it was listed
	if err != nil || op.Copy != desk.CopyDue {
		return
	}
	begun := false
	verdict := ob.fileSent(ctx, filer, op, &begun)
	switch {
	case verdict == source.Applied:
		ob.filed(ctx, op, desk.CopySeen)
	case verdict == source.Refused:
		ob.log.Warn("copy given up", "account", ob.o.Account, "op", op.ID)
		ob.filed(ctx, op, desk.CopyMissing)
	case ctx.Err() != nil:
	case begun && verdict == source.NotApplied:
		if err := ob.o.Store.RetractFiling(context.WithoutCancel(ctx), op.ID); err != nil {
			ob.log.Warn("copy only looked for", "account", ob.o.Account, "op", op.ID, "kind", desk.KindOf(err))
		}
		ob.fileLater(op.ID)
	case op.Filing && verdict == source.Unknown:
		ob.lookedForCopy(ctx, op)
	default:
		ob.fileLater(op.ID)
	}
}

// lookedForCopy counts a look that didn't see a copy that was begun.
func (ob *Outbox) lookedForCopy(ctx context.Context, op desk.Op) {
	ob.mu.Lock()
	f := ob.filing[op.ID]
	f.looks++
	f.tried = ob.now()
	f.next = f.tried.Add(lookGap << (f.looks - 1))
	ob.filing[op.ID] = f
	ob.mu.Unlock()
	if f.looks >= MaxLooks {
		ob.log.Warn("copy not seen", "account", ob.o.Account, "op", op.ID)
		ob.filed(ctx, op, desk.CopyMissing)
	}
}

func (ob *Outbox) filed(ctx context.Context, op desk.Op, c desk.Copy) {
	if err := ob.o.Store.MarkFiled(context.WithoutCancel(ctx), op.ID, c); err != nil {
		ob.fileLater(op.ID)
		return
	}
	ob.mu.Lock()
	delete(ob.filing, op.ID)
	ob.mu.Unlock()
}

func (ob *Outbox) fileLater(id desk.OpID) {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	f := ob.filing[id]
	f.failures++
	f.tried = ob.now()
	f.next = f.tried.Add(source.Patience(f.failures))
	ob.filing[id] = f
}

func (ob *Outbox) fileSent(ctx context.Context, filer Filer, op desk.Op, begun *bool) (v source.Verdict) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		ob.log.Error("sink panicked", "account", ob.o.Account, "op", op.ID, "stack", string(debug.Stack()))
		if v = source.NotApplied; *begun || op.Filing {
			v = source.Unknown
		}
	}()
	s, err := ob.submission(ctx, op)
	if err != nil {
		return source.NotApplied
	}
	return filer.FileSent(ctx, source.Filing{Submission: s, Begun: op.Filing, Begin: func(ctx context.Context) error {
		if *begun {
			return nil // the server said no to what was begun: the mark is there
		}
		err := ob.o.Store.BeginFiling(ctx, op.ID)
		*begun = err == nil
		return err
	}})
}
