package simulator

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"fernpost/app/intake"
	"fernpost/app/outbox"
	"fernpost/app/source"
	sourcemail "fernpost/app/source/mail"
	"fernpost/store"
	"fernpost/store/desk"
)

const account desk.AccountID = "shop"

// program is one run of Fernpost's inside, put together as app does it.
type program struct {
	boot   string
	store  *store.Store
	source *sourcemail.Source
	intake *intake.Intake
	outbox *outbox.Outbox
	cancel context.CancelFunc
	loops  sync.WaitGroup
}

// checkedBoot is how many starts there are from one that checks its databases, as
// app does at every one that finds time, to the next.
const checkedBoot = 3

// outside is what a program is started into.
type outside struct {
	dir     string
	clock   desk.Clock
	network *network
	world   *world
	log     *slog.Logger
	exact   bool // the account can prove that a reply isn't there
	r       *run
}

// secret implements source.Secrets.
type secret string

// Secret implements source.Secrets.
func (s secret) Secret(context.Context, string) (string, error) { return string(s), nil }

var settings = sourcemail.Settings{
	Username: ownAddress, Addresses: []string{ownAddress},
	IMAP: sourcemail.Server{Host: "127.0.0.1", Port: imapPort, TLS: sourcemail.TLSPlain},
	SMTP: sourcemail.Server{Host: "127.0.0.1", Port: smtpPort, TLS: sourcemail.TLSPlain},
}

// start opens the store, settles what the last run left, and starts the loops.
func start(ctx context.Context, o outside, number int) (*program, error) {
	p := &program{boot: fmt.Sprint("boot ", number)}
	s, err := store.Open(ctx, store.Options{Dir: o.dir, Clock: o.clock})
	if err != nil {
		return nil, err
	}
	p.store = s
	ctx, p.cancel = context.WithCancel(ctx)
	if err := p.begin(ctx, o); err != nil {
		_ = p.stop()
		return nil, err
	}
	return p, nil
}

func (p *program) begin(ctx context.Context, o outside) error {
	kept := &ledger{p.store, o.r}
	if _, err := outbox.Recover(ctx, kept, p.boot); err != nil {
		return err
	}
	p.source = sourcemail.New(sourcemail.Config{
		Settings: settings, Secrets: secret(password), Blobs: p.store, Clock: o.clock, Dial: o.network.dial,
	})
	p.intake = intake.New(intake.Options{
		Account: account, Source: p.source, Search: p.source, Store: kept, Clock: o.clock,
		Seen:     func(ctx context.Context, ops []desk.OpID) { p.outbox.Seen(ctx, ops) },
		Returned: func() { p.outbox.Wake() },
		Log:      o.log,
	})
	var sink outbox.Sink = p.source
	if o.exact {
		sink = exact{p.source, o.world}
	}
	p.outbox = outbox.New(outbox.Options{
		Account: account, Sink: sink, Head: &looker{p.intake, o.r}, Store: kept, Clock: o.clock, Boot: p.boot,
		Quiet: p.intake.Quiet, Calm: p.intake.Calm, Log: o.log,
	})
	loops := []func(context.Context) error{p.intake.Run, p.outbox.Run, p.care, p.store.Purge}
	if o.r.boots%checkedBoot == 1 { // it reads all there is, and a day starts often
		loops = append(loops, p.store.Check)
	}
	for _, loop := range loops {
		p.loops.Go(func() { _ = loop(ctx) })
	}
	return nil
}

// care has the store try again now and then what it had to do without.
func (p *program) care(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Minute):
			_ = p.store.Care(ctx)
		}
	}
}

// stop ends the loops and then the store. After a crash nothing of it reaches
// the disk or the network any more.
func (p *program) stop() error {
	p.cancel()
	p.loops.Wait()
	if p.source != nil {
		_ = p.source.Close()
	}
	return p.store.Close()
}

// wake has every loop look at once, as "look now" on screen does.
func (p *program) wake() {
	p.intake.Wake()
	p.outbox.Wake()
}

// exact is the mail source on an account that can prove absence, as helpdesks
// can: it knows whether the customer got the reply.
type exact struct {
	*sourcemail.Source
	world *world
}

// Locate implements outbox.Sink.
func (e exact) Locate(ctx context.Context, s source.Submission) (source.Finding, error) {
	f, err := e.Source.Locate(ctx, s)
	if err == nil && f.State == source.NotSeen && s.Kind == desk.OpReply && e.world.times(s.ID) == 0 {
		f.State = source.Absent
	}
	return f, err
}

// skewed is a wall clock that somebody sets.
type skewed struct {
	mu    sync.Mutex
	skew  time.Duration
	sets  int // how often somebody did
	since time.Time
	past  []setting
}

func (c *skewed) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.skew)
}

func (c *skewed) set(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.past = append(c.past, setting{c.since, c.skew})
	c.skew, c.since = d, time.Now()
	c.sets++
}

// setting is how the clock stood from some time on.
type setting struct {
	since time.Time
	skew  time.Duration
}

// truly gives when it was that the clock showed a time, the last time it did.
func (c *skewed) truly(wall time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := time.Now()
	for _, s := range slices.Backward(append(slices.Clone(c.past), setting{c.since, c.skew})) {
		if t := wall.Add(-s.skew); !t.Before(s.since) && !t.After(until) {
			return t
		}
		until = s.since
	}
	return wall
}
