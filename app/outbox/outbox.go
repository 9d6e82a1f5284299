package outbox

import (
	"log/slog"
	"sync"
	"time"

	"fernpost/store/desk"
)

// Options say what an outbox works on. All but the last three are needed.
type Options struct {
	Account desk.AccountID
	Sink    Sink
	Head    Head
	Store   Store
	Clock   desk.Clock
	Boot    string // names this run of the program in the journal

	// Quiet is called around each attempt, so that downloads make way; intake's
	// Quiet does it.
	Quiet func() (done func())
	// Calm tells that no text waits to come: a large upload may begin. Intake's
	// Calm does it; nil: always.
	Calm func() bool
	// Changed is called after Status or a Progress changed, at most four times
	// a second. It must not block. What happens to ops the store announces.
	Changed func()
	Log     *slog.Logger
}

// Outbox carries one account's ops out. Its methods may be called from
// anywhere.
type Outbox struct {
	o     Options
	log   *slog.Logger
	poked chan struct{}

	mu       sync.Mutex
	running  map[desk.OpID]load // in a worker's hands
	tried    map[desk.OpID]try
	asked    []desk.OpID // a person wants these looked for now
	progress map[desk.OpID]Progress
	told     *time.Timer // runs while a call of Changed is due

	wokeAt    time.Time // waits that began before this are over
	failures  int       // of the line, in a row
	lostUntil time.Time // nothing is tried before
	problem   desk.Kind
	stumbles  map[desk.OpID]int // defects met with an op in this run
	filing    map[desk.OpID]filing
}

// New makes an outbox. Nothing happens before Run.
func New(o Options) *Outbox {
	if o.Quiet == nil {
		o.Quiet = func() func() { return func() {} }
	}
	if o.Calm == nil {
		o.Calm = func() bool { return true }
	}
	if o.Changed == nil {
		o.Changed = func() {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Outbox{
		o: o, log: o.Log, poked: make(chan struct{}, 1),
		running:  map[desk.OpID]load{},
		tried:    map[desk.OpID]try{},
		progress: map[desk.OpID]Progress{},
		stumbles: map[desk.OpID]int{},
		filing:   map[desk.OpID]filing{},
	}
}

// Wake works the queue at once and forgets every wait that a bad line caused:
// the line is back, an op was queued, or the account may be used again. It
// buys each op one try, so it is not for every tick of a clock.
func (ob *Outbox) Wake() {
	ob.mu.Lock()
	ob.wokeAt = ob.now()
	ob.failures, ob.lostUntil = 0, time.Time{}
	ob.mu.Unlock()
	ob.poke()
}

// poke has Run look at the queue again.
func (ob *Outbox) poke() {
	select {
	case ob.poked <- struct{}{}:
	default:
	}
}

// Status is what the outbox knows of itself; what it knows of ops stands in
// the store.
type Status struct {
	Problem desk.Kind // why nothing leaves, "" when fine
	RetryAt time.Time // when it tries again; zero: at once
}

// Status gives a snapshot.
func (ob *Outbox) Status() Status {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	return Status{Problem: ob.problem, RetryAt: ob.lostUntil}
}

// now is the wall clock without Go's monotonic reading, which stands still
// while the computer sleeps.
func (ob *Outbox) now() time.Time { return ob.o.Clock().Round(0) }
