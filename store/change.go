package store

import (
	"context"
	"slices"

	"fernpost/store/desk"
)

// Change names what a commit touched. Ops: the outbox changed. Accounts: an
// account or the line's facts changed. Seq counts the announced commits of this
// run.
type Change struct {
	Seq                     int64
	Conversations           []desk.ConversationID
	Ops, Accounts, Settings bool
}

type pending struct {
	conversations           map[int64]struct{}
	ops, accounts, settings bool
}

func (p *pending) conversation(id int64) {
	if p.conversations == nil {
		p.conversations = map[int64]struct{}{}
	}
	p.conversations[id] = struct{}{}
}

func (p *pending) empty() bool {
	return len(p.conversations) == 0 && !p.ops && !p.accounts && !p.settings
}

type subscriber struct {
	id int64
	fn func(Change)
}

// Subscribe calls fn after each commit that a screen could see, in order, on
// the committing goroutine: fn must not block or call the store.
func (s *Store) Subscribe(fn func(Change)) (cancel func()) {
	s.subMu.Lock()
	defer s.subMu.Unlock()
	s.subLast++
	id := s.subLast
	s.subs = append(s.subs, subscriber{id, fn})
	return func() {
		s.subMu.Lock()
		defer s.subMu.Unlock()
		s.subs = slices.DeleteFunc(s.subs, func(x subscriber) bool { return x.id == id })
	}
}

// write runs fn as one transaction on main.db and announces what it changed.
// The announcement is made before the next transaction may begin.
func (s *Store) write(ctx context.Context, doing string, fn func(*tx) error) error {
	err := wrap(doing, s.main.begin(ctx, s.now(), fn, s.announce))
	s.noteFull(err)
	return err
}

func (s *Store) announce(t *tx) {
	if t.changed.empty() {
		return
	}
	s.seq++
	c := Change{Seq: s.seq, Ops: t.changed.ops, Accounts: t.changed.accounts, Settings: t.changed.settings}
	for id := range t.changed.conversations {
		c.Conversations = append(c.Conversations, desk.ConversationID(id))
	}
	slices.Sort(c.Conversations)
	s.subMu.Lock()
	subs := slices.Clone(s.subs)
	s.subMu.Unlock()
	for _, x := range subs {
		x.fn(c)
	}
}
