package app

import (
	"context"
	"sync"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/store/desk"
	"fernpost/store/question"
)

// serverHits is how many messages one search brings in at most.
const serverHits = 50

// hunt is the search on the servers: one at a time, in the background.
type hunt struct {
	mu   sync.Mutex
	n    int // which search this is: one that was replaced says nothing any more
	stop context.CancelFunc
	view ServerSearchView
}

// SearchServer begins to search every account's server for mail that isn't here;
// a search that runs is stopped. How it stands tells ServerSearch, and what it
// finds comes in like other mail and stays. anyway: also where today's bytes
// are used up; else that is kind asks_first.
func (s *Inbox) SearchServer(text string, anyway bool) error {
	return do(s.calls, "search the server", func(ctx context.Context, d *Desk) error {
		var at []*station
		for _, st := range d.stations.list() {
			a, err := d.store.Account(ctx, st.account.ID)
			if err != nil {
				return err
			}
			if a.State == desk.AccountPaused {
				continue
			}
			if !anyway && d.meter.spent(ctx, a.ID) {
				return desk.E(desk.KindAsks, "search the server", nil)
			}
			at = append(at, st)
		}
		if len(at) == 0 {
			return desk.E(desk.KindPaused, "search the server", nil)
		}
		d.startHunt(at, text, anyway)
		return nil
	})
}

// ServerSearch tells how the search on the servers stands.
func (s *Inbox) ServerSearch() (ServerSearchView, error) {
	return read(s.calls, "look at the server's search", func(_ context.Context, d *Desk) (ServerSearchView, error) {
		d.hunt.mu.Lock()
		defer d.hunt.mu.Unlock()
		return d.hunt.view, nil
	})
}

// StopServerSearch ends the search on the servers. What it found stays.
func (s *Inbox) StopServerSearch() error {
	return do(s.calls, "stop the server's search", func(_ context.Context, d *Desk) error {
		d.hunt.mu.Lock()
		defer d.hunt.mu.Unlock()
		if d.hunt.stop != nil {
			d.hunt.stop()
		}
		return nil
	})
}

// askServers gives what of a typed question a mail server can be asked for: what
// must stand somewhere, and the days.
func askServers(q *question.Question) intake.SearchOptions {
	return intake.SearchOptions{
		Text: q.Plain(), Limit: serverHits,
		Among: source.Among{
			From: question.Wanted(q.From), To: question.Wanted(q.To), Subject: question.Wanted(q.Subject),
			Since: q.Since, Before: q.Before,
		},
	}
}

func (d *Desk) startHunt(at []*station, text string, anyway bool) {
	h := &d.hunt
	h.mu.Lock()
	if h.stop != nil {
		h.stop()
	}
	ctx, stop := context.WithCancel(d.runner.ctx)
	h.n++
	n := h.n
	h.stop = stop
	h.view = ServerSearchView{Text: text, State: "running"}
	h.mu.Unlock()
	d.pump.searchChanged()
	d.runner.Go("search the servers", func(context.Context) error {
		defer stop()
		d.runHunt(ctx, at, text, anyway, func(edit func(v *ServerSearchView)) {
			h.mu.Lock()
			if h.n == n {
				edit(&h.view)
			}
			h.mu.Unlock()
			d.pump.searchChanged()
		})
		return nil
	})
}

// runHunt asks one server after the other. One that fails doesn't keep the
// others from being asked.
func (d *Desk) runHunt(ctx context.Context, at []*station, text string, anyway bool, say func(func(v *ServerSearchView))) {
	before, failed := 0, desk.Kind("")
	q := question.Parse(text, d.clock())
	ask := askServers(&q)
	if ask.Text == "" && ask.Among.Empty() {
		say(func(v *ServerSearchView) { v.State, v.Kind = "failed", string(desk.KindRefused) })
		return
	}
	ask.Anyway = anyway
	ask.Found = func(hits int) {
		say(func(v *ServerSearchView) { v.State, v.Found = "running", before+hits })
	}
	ask.Waits = func() { say(func(v *ServerSearchView) { v.State = "waits" }) }
	for _, st := range at {
		hits, err := st.intake.Search(ctx, ask)
		before += hits
		if err != nil && failed == "" {
			failed = desk.KindOf(err)
		}
	}
	say(func(v *ServerSearchView) {
		v.Found, v.State = before, "done"
		switch {
		case ctx.Err() != nil:
			v.State = "stopped"
		case failed != "":
			v.State, v.Kind = "failed", string(failed)
		}
	})
}

// reach tells back to which day everything is here, over all accounts, and
// whether older mail may lie on a server. Zero: all there is, or nothing yet.
func (d *Desk) reach(ctx context.Context) (since time.Time, beyond bool, err error) {
	horizons, err := d.horizons(ctx)
	if err != nil {
		return since, false, err
	}
	for _, st := range d.stations.list() {
		at := horizons[st.account.ID]
		if s := st.intake.Status(); s.Importing {
			beyond = true
			if at = s.Reach; at.IsZero() {
				continue
			}
		}
		beyond = beyond || !at.IsZero()
		if at.After(since) {
			since = at
		}
	}
	return since, beyond, nil
}

// horizons gives by account from which day on mail is brought in by itself;
// zero for everything.
func (d *Desk) horizons(ctx context.Context) (map[desk.AccountID]time.Time, error) {
	all := map[desk.AccountID]time.Time{}
	for _, st := range d.stations.list() {
		choice, err := d.store.LineChoice(ctx, st.account.ID)
		if err != nil {
			return nil, err
		}
		if choice.Horizon > 0 {
			all[st.account.ID] = startOfDay(d.clock().AddDate(0, 0, -choice.Horizon))
		}
	}
	return all, nil
}
