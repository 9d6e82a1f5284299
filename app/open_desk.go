package app

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"fernpost/app/awake"
	"fernpost/app/elsewhere"
	"fernpost/app/outbox"
	"fernpost/app/practice"
	"fernpost/app/source/mail"
	"fernpost/store"
	"fernpost/store/desk"
)

// Desk is the running inside: the store, one station an account, and the loops
// that work them.
type Desk struct {
	dir      string
	clock    desk.Clock
	undo     time.Duration
	boot     string // names this run of the program in the journal
	store    *store.Store
	pump     *pump
	meter    *meter
	runner   *runner
	stations stations
	practice *practice.Server
	known    acquaintances
	fetching sync.Map // desk.AttachmentID → true while a fetch runs
	inside   sync.Map // desk.AttachmentID → []InsideView
	hunt     hunt
	away     background
	slow     sync.Map // id of a call from the screen → what ends it
	tickets  tickets
	tried    tried
	outside  outside

	// elsewhere gives what brings pictures from other people's servers.
	elsewhere func(count func(bytes int64)) pictureBringer
	brought   brought
}

// deskOptions is what a desk is opened with.
type deskOptions struct {
	dir      string
	clock    desk.Clock
	emit     func(context.Context, Event)         // nil where nobody looks
	progress func(step string, done, total int64) // of a migration
	undo     time.Duration                        // 0: undoTime
	outside  outside
	awake    bool // the system is asked to tell of the network and of sleep
}

// openDesk opens the store, settles what the last run left unfinished, and
// starts every account's loops.
func openDesk(ctx context.Context, o deskOptions) (*Desk, error) {
	pump := newPump()
	s, err := store.Open(ctx, store.Options{Dir: o.dir, Clock: o.clock, Progress: o.progress, Room: pump.everything})
	if err != nil {
		return nil, err
	}
	d := &Desk{
		dir: o.dir, clock: o.clock, undo: cmp.Or(o.undo, undoTime), outside: o.outside, store: s, pump: pump,
		boot:      string(desk.NewOpID(o.clock())),
		runner:    newRunner(ctx, loopEnded),
		elsewhere: func(count func(int64)) pictureBringer { return elsewhere.New(count) },
	}
	d.meter = newMeter(s, d.pump.lineChanged)
	s.Subscribe(d.pump.committed)
	if err := d.start(ctx, o); err != nil {
		_ = d.Close()
		return nil, err
	}
	pump.everything() // a screen may have seen the desk that was open before
	return d, nil
}

func (d *Desk) start(ctx context.Context, o deskOptions) error {
	if _, err := outbox.Recover(ctx, d.store, d.boot); err != nil {
		return err
	}
	if o.emit != nil {
		d.runner.Go("pump", func(ctx context.Context) error { return d.pump.Run(ctx, o.emit) })
	}
	d.runner.Go("meter", d.meter.Run)
	d.runner.Go("check store", d.store.Check)
	d.runner.Go("care for store", d.careForStore)
	d.runner.Go("snoozes", d.endSnoozes)
	if o.awake {
		d.runner.Go("awake", func(ctx context.Context) error {
			return awake.Run(ctx, awake.Options{Clock: o.clock, Tell: d.roused})
		})
	}
	if err := d.openPractice(ctx); err != nil {
		return err
	}
	if err := d.openMailboxes(ctx); err != nil {
		return err
	}
	d.runner.Go("files of drafts", d.sweepFiles)
	d.runner.Go("purge removed accounts", d.store.Purge)
	return nil
}

// openPractice starts the embedded servers and joins their account like any
// other.
func (d *Desk) openPractice(ctx context.Context) error {
	server, err := practice.Open(practice.Options{Dir: practiceFolder(d.dir), Clock: d.clock})
	if err != nil {
		return err
	}
	d.practice = server
	d.runner.Go("practice", server.Run)
	account, err := d.practiceAccount(ctx)
	if err != nil {
		return err
	}
	p := server.Settings()
	loopback := func(port int) mail.Server { return mail.Server{Host: p.Host, Port: port, TLS: mail.TLSPlain} }
	d.begin(d.newStation(account, mail.Settings{
		Username: p.User, Addresses: []string{p.Address.Addr}, Folders: p.Folders,
		IMAP: loopback(p.IMAPPort), SMTP: loopback(p.SMTPPort),
	}, fixed(p.Password)))
	return nil
}

const practiceID desk.AccountID = "practice"

// practiceAccount makes the account at the first start; afterwards it is there.
func (d *Desk) practiceAccount(ctx context.Context) (desk.Account, error) {
	a, err := d.store.Account(ctx, practiceID)
	if desk.KindOf(err) != desk.KindNotFound {
		return a, err
	}
	s := d.practice.Settings()
	a = desk.Account{
		ID: practiceID, Kind: desk.AccountPractice, Name: s.Address.Name,
		Address: s.Address, State: desk.AccountOK, Settings: []byte("{}"), Created: d.clock(),
	}
	return a, d.store.PutAccount(ctx, a)
}

// Close ends every loop and then the store. What is queued stays queued.
func (d *Desk) Close() error {
	d.runner.cancel() // all at once, so that ending takes as long as the slowest
	for _, st := range d.stations.list() {
		st.end()
	}
	d.runner.Stop()
	return d.store.Close()
}

func loopEnded(name string, err error) {
	slog.Error("loop ended", "loop", name, "kind", string(desk.KindOf(err)))
}
