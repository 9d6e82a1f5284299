package sourcetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

func opens(b *bench) {
	s := b.lab.New()
	first, err := s.Open(b.Context())
	if err != nil {
		b.Fatalf("open: %v", err)
	}
	again, err := b.lab.New().Open(b.Context())
	if err != nil {
		b.Fatalf("open again: %v", err)
	}
	if first.Identity == "" || first.Identity != again.Identity {
		b.Errorf("identity %q, then %q: want the same twice", first.Identity, again.Identity)
	}
	if first.Caps.CommitWait <= 0 {
		b.Error("no time to wait for the last answer")
	}
	if err := s.Close(); err != nil {
		b.Errorf("close: %v", err)
	}
	if _, err := s.Pull(b.Context(), source.PullRequest{}); desk.KindOf(err) != desk.KindOffline {
		b.Errorf("pull after close: %v, want kind offline", err)
	}
}

func headsThenTexts(b *bench) {
	b.deliver(1, 12)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{})
	b.has(c, 12)
	b.equal("order of the first sync", c.order, append(descending("head", 12, 1), descending("text", 12, 1)...))

	c.order = nil
	b.deliver(13, 15)
	b.await(s, c, "letter 15", func() bool { return c.texts[letterID(15)].Text != "" })
	b.has(c, 15)
	b.equal("order of what is new", c.order, append(descending("head", 15, 13), descending("text", 15, 13)...))
	from := c.heads[letterID(15)].From
	if from.Name != "Katharina Vogel" || !from.Same(b.lab.Customer()) {
		b.Errorf("from %+v", from)
	}
	if h := c.heads[letterID(15)]; h.FromUs || h.Folder != desk.RoleInbox || h.Kind != desk.KindPerson {
		b.Errorf("a customer's letter: %+v", h)
	}
}

func focusFirst(b *bench) {
	b.deliver(1, 6)
	s, c := b.open(), newCopy()
	if _, err := b.pull(s, c, source.PullRequest{}); err != nil {
		b.Fatal(err)
	}
	c.order = nil
	on := source.PullRequest{Focus: []desk.RemoteRef{c.where(letterID(2))}}
	for range maxPages {
		if len(c.order) > 0 {
			break
		}
		if _, err := b.pull(s, c, on); err != nil {
			b.Fatal(err)
		}
	}
	if len(c.order) == 0 || c.order[0] != "text "+letterID(2) {
		b.Fatalf("came first: %q, want the text on screen", c.order)
	}
	b.drain(s, c, on)
	b.has(c, 6)
}

// resumesAnywhere kills the program after every page.
func resumesAnywhere(b *bench) {
	b.deliver(1, 10)
	c := newCopy()
	delivered := 10
	for page := range maxPages {
		s := b.open()
		p, err := b.pull(s, c, source.PullRequest{Limit: 2})
		if err != nil {
			b.Fatalf("page %d: %v", page, err)
		}
		b.lab.Cut()
		b.lab.Restore()
		if page == 2 {
			b.deliver(11, 12) // mail comes while the first sync is under way
			delivered = 12
			continue
		}
		if !p.More && page > 2 {
			break
		}
	}
	b.has(c, delivered)
}

// cutAtBytes cuts the line after so many bytes that every phase is hit.
func cutAtBytes(b *bench) {
	b.deliver(1, 8)
	c := newCopy()
	s := b.lab.New()
	done := false
	for n := int64(300); n < 200_000 && !done; n += n/5 + 97 {
		b.lab.CutAfter(n)
		if _, err := s.Open(b.Context()); err == nil {
			for {
				p, err := b.pull(s, c, source.PullRequest{Limit: 3})
				if err != nil {
					break
				}
				if done = !p.More; done {
					break
				}
			}
		}
		b.lab.Cut()
		b.lab.Restore()
	}
	if !done {
		b.Fatal("the sync never ended")
	}
	b.has(c, 8)
}

func overlap(b *bench) {
	b.deliver(1, 5)
	s, c := b.open(), newCopy()
	for range maxPages {
		p, err := b.pull(s, c, source.PullRequest{Limit: 2})
		if err != nil {
			b.Fatal(err)
		}
		if !p.More {
			break
		}
	}
	// The engine's transaction failed: it asks from the start again, on a line
	// that has moved on.
	again := newCopy()
	b.drain(s, again, source.PullRequest{})
	b.has(again, 5)
	if len(again.gone) > 0 || len(again.resets) > 0 {
		b.Errorf("gone %q, resets %q: nothing happened on the server", again.gone, again.resets)
	}
}

func horizon(b *bench) {
	for i := 1; i <= 4; i++ {
		b.lab.Deliver(b.letter(i), b.now.Add(-time.Duration(5-i)*10*24*time.Hour))
	}
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{Since: b.now.Add(-25 * 24 * time.Hour)})
	b.equal("within 25 days", c.order, append(descending("head", 4, 3), descending("text", 4, 3)...))
	c.order = nil
	b.drain(b.open(), c, source.PullRequest{Since: b.now.Add(-90 * 24 * time.Hour)})
	b.equal("behind that", c.order, append(descending("head", 2, 1), descending("text", 2, 1)...))
}

func headsOnly(b *bench) {
	b.deliver(1, 30)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{})
	b.drain(s, c, source.PullRequest{})
	before := b.lab.Traffic()
	p, err := b.pull(s, c, source.PullRequest{HeadsOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	const few = 1000
	if cost := b.lab.Traffic() - before; cost > few {
		b.Errorf("looking for nothing cost %d bytes, want at most %d", cost, few)
	}
	if p.More || len(p.Items) > 0 {
		b.Errorf("%d items where nothing is new", len(p.Items))
	}
	c.order = nil
	b.deliver(31, 31)
	for end := time.Now().Add(patience); len(c.order) == 0 && time.Now().Before(end); {
		if p, err = b.pull(s, c, source.PullRequest{HeadsOnly: true}); err != nil {
			b.Fatal(err)
		}
	}
	b.equal("what is new", c.order, []string{"head " + letterID(31)})
	if p.More {
		b.Error("more, although the heads are here")
	}
}

func flags(b *bench) {
	b.deliver(1, 3)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{})
	b.lab.Mark(letterID(2), source.KeywordDone)
	done := func(id string) bool {
		return slices.ContainsFunc(c.flags[id].Keywords, func(k string) bool {
			return strings.EqualFold(k, source.KeywordDone)
		})
	}
	b.await(s, c, "the keyword", func() bool { return done(letterID(2)) })
	if done(letterID(1)) || done(letterID(3)) {
		b.Error("a keyword on a mail that has none")
	}
	// Also when it changed while the program wasn't running.
	b.lab.Mark(letterID(3), source.KeywordDone)
	b.await(b.open(), c, "the other keyword", func() bool { return done(letterID(3)) })
}

func gone(b *bench) {
	b.deliver(1, 5)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{})
	b.lab.Expunge(letterID(3))
	b.await(s, c, "the vanished mail", func() bool { return len(c.gone) > 0 })
	b.equal("gone", c.gone, []string{letterID(3)})
	b.lab.Expunge(letterID(5))
	b.deliver(6, 6) // as many as before
	b.await(b.open(), c, "the second vanished mail", func() bool { return len(c.gone) > 1 })
	b.equal("gone", c.gone, []string{letterID(3), letterID(5)})
	if _, ok := c.heads[letterID(6)]; !ok {
		b.Error("the new mail is missing")
	}
}

func reset(b *bench) {
	b.deliver(1, 4)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{})
	if !b.lab.Renumber() {
		return // this kind of server never renumbers: nothing to promise
	}
	fresh := b.open()
	var first source.Page
	for range maxPages {
		p, err := b.pull(fresh, c, source.PullRequest{})
		if err != nil {
			b.Fatal(err)
		}
		if first.Next == nil {
			first = p
		}
		if !p.More {
			break
		}
	}
	if len(c.resets) != 1 {
		b.Fatalf("resets %q, want the inbox's alone", c.resets)
	}
	if len(first.Reset) != 1 || len(c.gone) > 0 {
		b.Errorf("the first page resets %q; gone: %q", first.Reset, c.gone)
	}
	for i := 1; i <= 4; i++ {
		if c.where(letterID(i)) == (desk.RemoteRef{}) {
			b.Errorf("letter %d has no place after the reset", i)
		}
	}
}

func hints(b *bench) {
	b.deliver(1, 1)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{})
	ctx, cancel := context.WithCancel(b.Context())
	hinted := make(chan struct{}, 100)
	ended := make(chan error, 1)
	go func() { ended <- s.Watch(ctx, func() { hinted <- struct{}{} }) }()
	if session, err := s.Open(b.Context()); err != nil || session.Caps.Can(source.Push) {
		time.Sleep(1500 * time.Millisecond) // most often the server is idling with us by now; it needn't
		b.hinted(hinted, ended)
	} else {
		b.deliver(2, 2) // without push the engine asks by itself, in its own time
	}
	b.await(s, c, "letter 2", func() bool { return c.texts[letterID(2)].Text != "" })
	cancel()
	b.within("watch ends with its context", func() { b.ended(<-ended) })

	go func() { ended <- s.Watch(b.Context(), func() {}) }()
	b.reopen(s)
	b.lab.Cut()
	b.within("watch ends with the line", func() { b.ended(<-ended) })
}

// hinted delivers a letter and waits for its hint. A server that mumbles gets
// further letters.
func (b *bench) hinted(hint <-chan struct{}, ended <-chan error) {
	b.Helper()
	letters, wait := 1, patience
	if m, ok := b.lab.(Mumbler); ok && m.Mumbles() {
		letters, wait = 5, patience/4
	}
	for i := 2; i < 2+letters; i++ {
		b.deliver(i, i)
		select {
		case <-hint:
			return
		case err := <-ended:
			b.Fatalf("watch ended: %v", err)
		case <-time.After(wait):
		}
	}
	b.Fatal("no hint")
}

func hintsWhilePulling(b *bench) {
	s, c := b.open(), newCopy()
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Watch(ctx, func() {}) }()
	for i := 1; i <= 5; i++ {
		b.deliver(i, i)
		b.await(s, c, fmt.Sprintf("letter %d", i), func() bool { return c.texts[letterID(i)].Text != "" })
		time.Sleep(400 * time.Millisecond) // between going idle and being idle
	}
	cancel()
	b.within("watch ends", func() { b.ended(<-ended) })
	b.has(c, 5)
}

// ended checks that Watch said why it ended.
func (b *bench) ended(err error) {
	if err == nil {
		b.Error("watch ended without a reason")
	}
}

// within fails the case when do takes longer than anything local may.
func (b *bench) within(what string, do func()) {
	b.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		b.Fatalf("%s: it doesn't", what)
	}
}
