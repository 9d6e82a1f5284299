package simulator

import (
	"bytes"
	"context"
	"runtime"
	"sync"
	"time"

	"fernpost/app/intake"
	"fernpost/app/outbox"
	"fernpost/store"
	"fernpost/store/desk"
)

// ledger is the real store, and writes down what the engines have it do: every
// step of an op, every head that was stored, and which look at the server came
// before an attempt.
type ledger struct {
	*store.Store
	r *run
}

var (
	_ outbox.Store     = (*ledger)(nil)
	_ outbox.Recoverer = (*ledger)(nil)
	_ intake.Store     = (*ledger)(nil)
	_ outbox.Head      = (*looker)(nil)
)

// MoveOp implements outbox.Store.
func (l *ledger) MoveOp(ctx context.Context, m store.Move) (desk.Op, error) {
	op, err := l.Store.MoveOp(ctx, m)
	if err == nil {
		l.r.step(m.ID, m.From, m.To, string(m.Reason))
	}
	return op, err
}

// StartAttempt implements outbox.Store.
func (l *ledger) StartAttempt(ctx context.Context, id desk.OpID, boot string) (desk.Op, error) {
	op, err := l.Store.StartAttempt(ctx, id, boot)
	if err == nil {
		l.r.step(id, desk.OpQueued, desk.OpSending, "")
		l.r.attempt(id)
	}
	return op, err
}

// CancelOp implements outbox.Store.
func (l *ledger) CancelOp(ctx context.Context, id desk.OpID, drop bool) (desk.Draft, error) {
	before, _ := l.Store.Op(ctx, id)
	d, err := l.Store.CancelOp(ctx, id, drop)
	if err == nil {
		l.r.step(id, before.State, desk.OpCancelled, "")
	}
	return d, err
}

// RecoverOps implements outbox.Recoverer.
func (l *ledger) RecoverOps(ctx context.Context, boot string) ([]desk.Op, error) {
	moved, err := l.Store.RecoverOps(ctx, boot)
	for _, op := range moved {
		l.r.step(op.ID, desk.OpSending, op.State, "restart")
	}
	return moved, err
}

// Apply stores a page, and now and then once more: that must change nothing.
func (l *ledger) Apply(ctx context.Context, p store.Page) (store.Applied, error) {
	applied, err := l.Store.Apply(ctx, p)
	l.r.log("page of %d, %d new, more %t: %v", len(p.Items), applied.New, p.More, desk.KindOf(err))
	if err != nil {
		l.r.perhapsStored(p)
		return applied, err
	}
	l.r.stored(p)
	if !l.r.throwReplay() {
		return applied, nil
	}
	announced, who := 0, goroutine()
	stop := l.Store.Subscribe(func(store.Change) {
		if goroutine() == who { // others write meanwhile
			announced++
		}
	})
	again, err := l.Store.Apply(ctx, p)
	stop()
	if err == nil {
		if again.Changed > 0 {
			for _, a := range p.Items {
				l.r.log("item %+v head %v flags %v first %+v", a.Remote, a.Head, a.Flags, applied)
			}
			l.r.log("reset %v", p.Reset)
		}
		l.r.replayed(again, announced)
	}
	return applied, nil
}

// looker is intake as the guard asks it, and remembers who asked when.
type looker struct {
	*intake.Intake
	r *run
}

// CatchUp implements outbox.Head.
func (l *looker) CatchUp(ctx context.Context) error {
	began := time.Now()
	err := l.Intake.CatchUp(ctx)
	if err == nil {
		l.r.looks.note(began)
	}
	return err
}

// looks are the guards' looks at the server, by the goroutine that made them: a
// guard and the attempt it lets through are the work of one.
type looks struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (l *looks) note(began time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last[goroutine()] = began
}

// take gives when the look before this attempt began; zero for none.
func (l *looks) take() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	who := goroutine()
	began := l.last[who]
	delete(l.last, who)
	return began
}

// goroutine names the one that asks: Go says it in a stack's first line alone.
func goroutine() string {
	var b [32]byte
	name, _, _ := bytes.Cut(b[:runtime.Stack(b[:], false)], []byte(" ["))
	return string(name)
}
