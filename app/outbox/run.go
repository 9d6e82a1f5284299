package outbox

import (
	"context"
	"maps"
	"sync"
	"time"

	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

const (
	// sendsAtOnce lets a short reply overtake a large one, and one server's
	// long silence not stop the others; more would only share the line.
	sendsAtOnce = 2
	// choresAtOnce is for looks, statuses and filing: they cost next to nothing.
	choresAtOnce = 2
	dueLimit     = 500
	// large is from where on an upload waits until no text is to come, for a
	// while: half a minute of a rural line. One at a time, so that short replies
	// overtake.
	large     = 256 << 10
	largeWait = 2 * time.Minute
	// ahead asks for every op that is first in its lane: whether it may go now is
	// judged here, because Wake ends waits early and a clock may be set back.
	ahead = 100 * 365 * 24 * time.Hour
	// longestWait is more than any wait of ours: a longer one comes from a clock
	// that was set back.
	longestWait = 10 * time.Minute
	// again is how soon an op is tried again that a try has left as it was.
	again = 5 * time.Second
	// heartbeat bounds every wait: a timer stands still while the computer
	// sleeps.
	heartbeat = time.Minute
)

// load is what an op in a worker's hands asks of the line.
type load int

const (
	chore  load = iota // a look, a status, filing
	letter             // a reply
	upload             // a large one
)

func loadOf(op desk.Op) load {
	switch {
	case op.Kind != desk.OpReply || op.State != desk.OpQueued:
		return chore
	case op.Bytes >= large:
		return upload
	}
	return letter
}

// try is how an op stood when it was last given to a worker.
type try struct {
	at, changed, next time.Time
}

// Run carries ops out until ctx ends, and returns nil when the last attempt has
// told how it ended. Recover comes first.
func (ob *Outbox) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	defer workers.Wait()
	for {
		timer := time.NewTimer(ob.dispatch(ctx, &workers))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-ob.poked:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// dispatch gives what is due to workers and says when to look again at the
// latest.
func (ob *Outbox) dispatch(ctx context.Context, workers *sync.WaitGroup) time.Duration {
	account, err := ob.o.Store.Account(ctx, ob.o.Account)
	if err != nil {
		ob.cantGoOn(ctx, err)
		return ob.untilBack()
	}
	now := ob.now()
	ob.keepTime(now)
	ends := ob.expire(ctx, now)
	if account.State != desk.AccountOK {
		return ends
	}
	ob.lookForAsked(ctx, workers)
	if wait := ob.untilBack(); wait > 0 {
		return min(wait, ends)
	}
	due, _, err := ob.o.Store.DueOps(ctx, ob.o.Account, now.Add(ahead), dueLimit)
	if err != nil {
		ob.cantGoOn(ctx, err)
		return ob.untilBack()
	}
	wait := ends
	for _, op := range due {
		if w := ob.waits(op, now); w > 0 {
			wait = min(wait, w)
			continue
		}
		ob.start(workers, op, func() { ob.work(ctx, op) })
	}
	ob.forget(due)
	return min(wait, ob.fileSome(ctx, workers, now))
}

// waits says how long an op has to wait yet.
func (ob *Outbox) waits(op desk.Op, now time.Time) time.Duration {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	wait := op.NextAt.Sub(now)
	// Patience that a server asked for is kept, whoever wakes us.
	asked := op.Reason == desk.ReasonThrottled && !now.Before(op.Changed)
	if !asked {
		wait = sane(wait)
	}
	if op.State == desk.OpQueued {
		if !asked && op.Changed.Before(ob.wokeAt) {
			wait = 0
		}
		wait = max(wait, sane(op.UndoUntil.Sub(now)))
	}
	if t := ob.tried[op.ID]; t.changed.Equal(op.Changed) && t.next.Equal(op.NextAt) && !t.at.Before(ob.wokeAt) {
		wait = max(wait, sane(t.at.Add(again).Sub(now)))
	}
	if ob.texts(op, now) {
		wait = max(wait, again)
	}
	if op.State != desk.OpQueued {
		return wait
	}
	return max(wait, op.SendAt.Sub(now)) // however long, and whatever the clock did
}

// keepTime follows a clock that was set back: while the last wake lay ahead of it,
// no wait would count, and a failing op be tried without end.
func (ob *Outbox) keepTime(now time.Time) {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	if now.Before(ob.wokeAt) {
		ob.wokeAt = now
	}
}

// sane leaves out a wait that is longer than any of ours: it comes from a clock
// that was set back.
func sane(wait time.Duration) time.Duration {
	if wait >= longestWait {
		return 0
	}
	return wait
}

// expire gives replies to a person whose time is over, also where no account
// answers, and says when to look again at the latest.
func (ob *Outbox) expire(ctx context.Context, now time.Time) time.Duration {
	late, next, err := ob.o.Store.ExpiredOps(ctx, ob.o.Account, now)
	if err != nil {
		ob.log.Warn("expired replies not listed", "account", ob.o.Account, "kind", desk.KindOf(err))
		return heartbeat
	}
	for _, op := range late {
		ob.move(ctx, store.Move{ID: op.ID, From: desk.OpQueued, To: desk.OpNeedsYou, Reason: desk.ReasonExpired, Detail: op.Detail})
	}
	if next.IsZero() {
		return heartbeat
	}
	return min(heartbeat, next.Sub(now)+time.Millisecond)
}

// texts tells that a large upload has to let them come first.
func (ob *Outbox) texts(op desk.Op, now time.Time) bool {
	age := now.Sub(later(op.Created, op.UndoUntil))
	return loadOf(op) == upload && age >= 0 && age < largeWait && !ob.o.Calm()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// forget drops what is remembered of ops that are no longer due.
func (ob *Outbox) forget(due []desk.Op) {
	still := make(map[desk.OpID]bool, len(due))
	for _, op := range due {
		still[op.ID] = true
	}
	ob.mu.Lock()
	defer ob.mu.Unlock()
	maps.DeleteFunc(ob.tried, func(id desk.OpID, _ try) bool { return !still[id] })
}

// start gives an op to a worker, unless one has it or all hands are full: the
// end of a worker brings us back here. That ops of one lane wait for each other
// is the store's doing.
func (ob *Outbox) start(workers *sync.WaitGroup, op desk.Op, work func()) {
	mine := loadOf(op)
	hands := choresAtOnce
	if mine != chore {
		hands = sendsAtOnce
	}
	ob.mu.Lock()
	defer ob.mu.Unlock()
	for id, other := range ob.running {
		if id == op.ID || mine == upload && other == upload {
			return
		}
		if (other == chore) == (mine == chore) {
			hands--
		}
	}
	if hands <= 0 {
		return
	}
	ob.running[op.ID] = mine
	ob.tried[op.ID] = try{at: ob.now(), changed: op.Changed, next: op.NextAt}
	workers.Go(func() {
		defer ob.finished(op.ID)
		work()
	})
}

func (ob *Outbox) finished(id desk.OpID) {
	ob.mu.Lock()
	delete(ob.running, id)
	ob.mu.Unlock()
	ob.poke()
}

// work makes an op's next step.
func (ob *Outbox) work(ctx context.Context, op desk.Op) {
	switch op.State {
	case desk.OpQueued:
		ob.send(ctx, op)
	case desk.OpUncertain:
		ob.look(ctx, op, true)
	}
}

// untilBack says how long nothing is to be tried.
func (ob *Outbox) untilBack() time.Duration {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	wait := ob.lostUntil.Sub(ob.now())
	if wait > longestWait {
		wait, ob.lostUntil = 0, time.Time{}
	}
	return min(max(wait, 0), heartbeat)
}

// cantGoOn waits before anything else is tried on this account: it doesn't
// answer, wants a sign-in, or nothing can be written down here.
func (ob *Outbox) cantGoOn(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	kind := desk.KindOf(err)
	if kind == desk.KindSignIn {
		ob.pauseForSignIn(ctx)
	}
	ob.mu.Lock()
	now := ob.now()
	if !ob.lostUntil.After(now) { // two workers that meet the same dead line count once
		ob.failures++
		ob.lostUntil = now.Add(source.Patience(ob.failures))
	}
	ob.problem = kind
	ob.mu.Unlock()
	ob.log.Info("outbox waits", "account", ob.o.Account, "kind", kind)
	ob.tell()
}

// answered ends a bad time.
func (ob *Outbox) answered() {
	ob.mu.Lock()
	was := ob.problem
	ob.failures, ob.lostUntil, ob.problem = 0, time.Time{}, ""
	ob.mu.Unlock()
	if was != "" {
		ob.tell()
	}
}

// pauseForSignIn leaves the account to a person. Where that can't be written
// down, the next attempt will say it again.
func (ob *Outbox) pauseForSignIn(ctx context.Context) {
	err := ob.o.Store.SetAccountState(context.WithoutCancel(ctx), ob.o.Account, desk.AccountSignIn)
	if err != nil {
		ob.log.Warn("account not paused", "account", ob.o.Account, "kind", desk.KindOf(err))
	}
}
