package outbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// Filer is what a sink offers whose server doesn't keep what is sent: FileSent
// puts a copy among the sent mail. It may be repeated, because it searches
// first. A failure changes nothing about the reply.
type Filer interface {
	FileSent(ctx context.Context, s source.Submission) error
}

const (
	// filingDays is how long a missing copy is worth the trouble.
	filingDays  = 7 * 24 * time.Hour
	filingLimit = 20
)

// filing is how it stands with a copy that couldn't be filed.
type filing struct {
	failures int
	failed   time.Time
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
		rests := f.next.After(now) && !f.failed.Before(ob.wokeAt)
		ob.mu.Unlock()
		if rests {
			wait = min(wait, f.next.Sub(now))
			continue
		}
		ob.start(workers, op, func() { ob.file(ctx, filer, op) })
	}
	return wait
}

// file makes one try for one copy.
func (ob *Outbox) file(ctx context.Context, filer Filer, op desk.Op) {
	err := ob.fileSent(ctx, filer, op)
	if ctx.Err() != nil {
		return
	}
	switch desk.KindOf(err) {
	case "":
	case desk.KindRefused, desk.KindTooLarge, desk.KindNotFound, desk.KindInvalid, desk.KindUnreadable:
		ob.log.Warn("copy given up", "account", ob.o.Account, "op", op.ID, "kind", desk.KindOf(err))
	default:
		ob.fileLater(op.ID)
		return
	}
	if err := ob.o.Store.MarkFiled(context.WithoutCancel(ctx), op.ID); err != nil {
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
	f.failed = ob.now()
	f.next = f.failed.Add(source.Patience(f.failures))
	ob.filing[id] = f
}

func (ob *Outbox) fileSent(ctx context.Context, filer Filer, op desk.Op) (err error) {
	defer func() {
		if p := recover(); p != nil {
			ob.log.Error("sink panicked", "account", ob.o.Account, "op", op.ID, "stack", string(debug.Stack()))
			err = desk.E(desk.KindInternal, "file copy", fmt.Errorf("panic: %v", p))
		}
	}()
	s, err := ob.submission(ctx, op)
	if err != nil {
		return err
	}
	return filer.FileSent(ctx, s)
}
