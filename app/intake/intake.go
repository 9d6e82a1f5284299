package intake

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// How far back and how often, where Options say nothing.
const (
	firstReach   = 14 * 24 * time.Hour // the first sync comes to an end here before it goes on
	defaultPoll  = 2 * time.Minute     // accounts that can't push
	defaultSweep = 10 * time.Minute    // accounts that can: a hint may be lost, and not every folder gives one
)

// Options say what an intake works on. Account, Source, Store and Clock are
// needed.
type Options struct {
	Account desk.AccountID
	Source  Source
	Store   Store
	Clock   desk.Clock

	Poll  time.Duration // between looks, for accounts that can't push; 0: 2 minutes
	Sweep time.Duration // between looks nobody hinted at, for those that can; 0: 10 minutes

	// Search is where mail is searched for that isn't here.
	Search Searcher
	// Spent tells that today's bytes are used up: from then on only what a reply
	// needs is fetched. Nil: never.
	Spent func(ctx context.Context) bool

	// Seen is told of ops whose copy stood on the server, before the call that
	// brought them returns: what is about to be sent again must know of it.
	Seen func(ctx context.Context, ops []desk.OpID)
	// Changed is called after each change of Status. It must not block.
	Changed func()
	// Returned is called when the account answers again. It must not block.
	Returned func()
	Log      *slog.Logger
}

// Intake brings one account in. Its methods may be called from anywhere; they
// share the account's one line, most urgent first.
type Intake struct {
	o    Options
	log  *slog.Logger
	line *turns

	// For whoever has the turn.
	open    bool
	opened  time.Time // when
	caps    source.Caps
	shallow bool // the first sync hasn't reached firstReach yet
	whole   bool // one round of pulling has ended since the start

	asked, askedHeads time.Time // when the first page of a round was asked for; zero between rounds

	stale  atomic.Bool   // the line is taken for dead, whatever it says
	stood  atomic.Bool   // the line that was lost last had stood well
	push   atomic.Bool   // the account gives hints
	once   atomic.Bool   // the next round goes through whatever it costs
	calm   atomic.Bool   // the last round brought everything
	focus  atomic.Int64  // the conversation on screen
	poked  chan struct{} // pull now, also while the line is lost
	nudged chan struct{} // pull soon; no reason to try a lost line

	mu       sync.Mutex
	status   Status
	lookers  int
	failures int
	hopes    int           // tries that a change of the network caused, in vain
	hope     *time.Timer   // runs until the next of them may be made
	late     bool          // the network changed before that
	noted    time.Time     // when the store last heard that the account answers
	back     chan struct{} // closed and replaced when the account answers again
	files    map[desk.AttachmentID]chan struct{}
}

// New makes an intake. Nothing happens before Run or CatchUp.
func New(o Options) *Intake {
	o.Poll = cmp.Or(o.Poll, defaultPoll)
	o.Sweep = cmp.Or(o.Sweep, defaultSweep)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Intake{
		o: o, log: o.Log, line: newTurns(),
		poked: make(chan struct{}, 1), nudged: make(chan struct{}, 1), back: make(chan struct{}),
		status: Status{Line: LineLooking},
		files:  map[desk.AttachmentID]chan struct{}{},
	}
}

// Wake looks for mail at once: the line is back, an account may be used again,
// or a person asked. While the line is lost it ends the wait for the next try.
func (in *Intake) Wake() { signal(in.poked) }

// signal leaves a sign for whoever looks next.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Redial takes the line for dead and makes a new one at once, if the account
// may be used: the computer slept or has another address, and a connection from
// before may hang for minutes without a word; or a person paused the account.
func (in *Intake) Redial() {
	in.stale.Store(true)
	_ = in.o.Source.Close()
	in.Wake()
}

// Focus says which conversation is on screen: its texts come first.
func (in *Intake) Focus(id desk.ConversationID) {
	in.focus.Store(int64(id))
	signal(in.nudged)
}

// Quiet keeps downloads of files away until done is called: a reply is on its
// way. A download that is under way stops at its next chunk.
func (in *Intake) Quiet() (done func()) {
	in.line.hush()
	return sync.OnceFunc(in.line.unhush)
}

// now is the wall clock without Go's monotonic reading, which stands still
// while the computer sleeps.
func (in *Intake) now() time.Time { return in.o.Clock().Round(0) }
