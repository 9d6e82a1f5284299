package app

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"fernpost/app/awake"
	"fernpost/store/desk"
)

// stations are the accounts at work, in the order of the accounts. They come and
// go while the program runs.
type stations struct {
	mu  sync.Mutex
	all []*station
}

// list gives those that are at work now.
func (s *stations) list() []*station {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

// put takes st in, in the place of the one of the same account when there is one.
func (s *stations) put(st *station) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.all {
		if other.account.ID == st.account.ID {
			s.all[i] = st
			return
		}
	}
	s.all = append(s.all, st)
}

// order puts them in the order of their accounts.
func (s *stations) order(accounts []desk.Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := func(st *station) int {
		return slices.IndexFunc(accounts, func(a desk.Account) bool { return a.ID == st.account.ID })
	}
	slices.SortStableFunc(s.all, func(a, b *station) int { return cmp.Compare(place(a), place(b)) })
}

func (s *stations) drop(id desk.AccountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(st *station) bool { return st.account.ID == id })
}

func (d *Desk) station(id desk.AccountID) (*station, error) {
	for _, st := range d.stations.list() {
		if st.account.ID == id {
			return st, nil
		}
	}
	return nil, desk.E(desk.KindNotFound, "find account", nil)
}

// stationOf finds the account that carries an op.
func (d *Desk) stationOf(ctx context.Context, id desk.OpID) (*station, error) {
	op, err := d.store.Op(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.station(op.Account)
}

// begin starts an account's loops. They have a runner of their own, so that an
// account ends without the others.
func (d *Desk) begin(st *station) {
	st.runner = newRunner(d.runner.ctx, loopEnded)
	d.stations.put(st)
	st.runner.Go("intake", st.intake.Run)
	st.runner.Go("outbox", st.outbox.Run)
}

// end stops an account's loops and waits for them. What is queued stays queued.
func (st *station) end() {
	st.runner.Stop()
	_ = st.source.Close()
}

// roused follows a change of the network, or a sleep that is over: a line from
// before a sleep, or from an address that is gone, is made anew.
func (d *Desk) roused(e awake.Event) {
	for _, st := range d.stations.list() {
		if e == awake.Woke || st.source.Stranded() {
			st.intake.Redial()
		} else {
			st.intake.NetworkChanged()
		}
	}
}

// wake makes every loop look at once: the line is back, or a person asked.
func (d *Desk) wake() {
	for _, st := range d.stations.list() {
		st.wake()
	}
}

func (st *station) wake() {
	st.intake.Wake()
	st.outbox.Wake()
}
