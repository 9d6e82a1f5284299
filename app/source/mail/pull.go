package mail

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// Sizes of a page. A page is also how long others wait for the line: on a rural
// one, 64 kB of text take eight seconds.
const (
	pageHeads = 100
	pageTexts = 50
	pageBytes = 64 << 10
	// lookAgain is how soon a page that continues another looks for news.
	lookAgain = 15 * time.Second
	// maxRelines bounds how often one page begins a new connection because a
	// message broke the old one.
	maxRelines = 6
)

// Pull brings one page, in the order of intake.Source's contract. What came
// before the line broke is given out; the next call then says so.
func (s *Source) Pull(ctx context.Context, req source.PullRequest) (source.Page, error) {
	if err := s.take(ctx); err != nil {
		return source.Page{}, err
	}
	defer s.release()
	l := s.current()
	if l == nil {
		return source.Page{}, desk.E(desk.KindOffline, "look for mail", nil)
	}
	p := &pull{s: s, l: l, ctx: ctx, req: req, cur: readCursor(req.Cursor)}
	if !l.caps.Has(imap.CapCondStore) {
		p.cur.withoutNumbers()
	}
	if p.limit = req.Limit; p.limit <= 0 {
		p.limit = pageHeads
	}
	p.now = map[string]state{}
	err := p.run()
	for range maxRelines {
		if err == nil || !p.rescue(err) {
			break
		}
		err = p.run()
	}
	if err != nil && len(p.page.Items) == 0 && len(p.page.Reset) == 0 {
		return source.Page{}, err
	}
	if err != nil {
		p.page.More = true
	}
	if !req.HeadsOnly {
		p.progress()
	}
	p.page.Next = p.cur.encode()
	s.memory.handed = ""
	if p.page.More && len(p.page.Reset) == 0 {
		s.memory.handed = string(p.page.Next)
	}
	return p.page, nil
}

// pull is one call of Pull.
type pull struct {
	s     *Source
	l     *line
	ctx   context.Context
	req   source.PullRequest
	cur   *cursor
	page  source.Page
	limit int
	now   map[string]state // what the look said, by folder

	blamed place // the message that was awaited when the line ended
}

// state is what a folder looks like on the server now.
type state struct {
	epoch  uint32
	next   uint32 // 0: unknown, list to find out
	count  uint32
	modSeq uint64
	shrunk bool
	flags  bool // changed, without CONDSTORE to say which
	gone   bool
}

// run does the first thing there is to do, and says whether more is left.
func (p *pull) run() error {
	if err := p.look(); err != nil {
		return err
	}
	if err := p.resets(); err != nil || len(p.page.Reset) > 0 {
		p.page.More = true
		return err
	}
	if err := p.list(); err != nil || len(p.page.Reset) > 0 {
		p.page.More = true
		return err
	}
	steps := []func() (bool, error){p.focusTexts, p.focusForms, p.newHeads, p.texts, p.changes, p.lateForms, p.olderHeads, p.deeper}
	if p.req.HeadsOnly {
		steps = []func() (bool, error){p.newHeads, p.changes}
	}
	for _, step := range steps {
		did, err := step()
		if err != nil {
			return err
		}
		if did || len(p.page.Reset) > 0 {
			p.page.More = len(p.page.Reset) > 0 || p.left()
			return nil
		}
	}
	return nil
}

// left tells whether a further call would bring something. With HeadsOnly that
// is new heads alone.
func (p *pull) left() bool {
	for _, f := range p.folders() {
		m := p.cur.Folders[f.name]
		if m == nil {
			return true
		}
		if p.req.HeadsOnly {
			if m.Wanted.highest() >= m.Fresh && len(m.Wanted) > 0 {
				return true
			}
			continue
		}
		if len(m.Wanted) > 0 || len(m.Texts) > 0 || len(m.Forms) > 0 && !p.req.TextOnly || m.Deep != nil || m.Since > horizonDay(p.req.Since) || p.dirty(f, m) {
			return true
		}
	}
	return false
}

// folders are those this call is about.
func (p *pull) folders() []folder {
	if !p.req.HeadsOnly {
		return p.l.folders
	}
	return slices.DeleteFunc(slices.Clone(p.l.folders), func(f folder) bool {
		return f.role != desk.RoleInbox && f.role != desk.RoleSent
	})
}

// speak is Source.speak for this call's line.
func (p *pull) speak(kind string, exchange func() error) error {
	return p.s.speak(p.ctx, p.l, kind, exchange)
}

// open selects a folder and checks that it still counts as the cursor knows it.
// false: it doesn't, and the page says so; or it can't be opened now.
func (p *pull) open(f folder, m *mark) (bool, error) {
	err := p.l.choose(f.name)
	switch {
	case desk.KindOf(err) == desk.KindNotFound:
		p.reset(f.name)
		return false, nil
	case desk.KindOf(err) == desk.KindRefused && f.role != desk.RoleInbox:
		// One folder that nobody may open must not hide the others.
		p.l.folders = slices.DeleteFunc(slices.Clone(p.l.folders), func(o folder) bool { return o.name == f.name })
		p.l.shut = append(p.l.shut, f.name)
		return false, nil
	case err != nil:
		return false, err
	}
	fresh := p.l.fresh
	p.l.fresh = false
	if m != nil && (fresh && m.strange(&p.l.chosen) || p.l.chosen.UIDValidity != 0 && p.l.chosen.UIDValidity != m.Epoch) {
		p.reset(f.name)
		return false, nil
	}
	return true, nil
}

// reset forgets a folder's numbering.
func (p *pull) reset(name string) {
	if p.cur.Folders[name] != nil {
		p.page.Reset = append(p.page.Reset, name)
	}
	delete(p.cur.Folders, name)
}

// resets finds the folders whose epoch is gone: renumbered, put back, deleted, or
// no longer among those to bring in. Of a numbering SELECT has the last word.
func (p *pull) resets() error {
	for _, name := range slices.Sorted(maps.Keys(p.cur.Folders)) {
		m := p.cur.Folders[name]
		st, looked := p.now[name]
		i := slices.IndexFunc(p.l.folders, func(f folder) bool { return f.name == name })
		switch {
		case i < 0 && slices.Contains(p.l.shut, name):
		case i < 0, looked && st.gone:
			p.reset(name)
		case looked && (m.suspect(st) || p.l.fresh && name == p.l.selected):
			err := p.speak(CountLooking, func() error {
				ok, err := p.open(p.l.folders[i], m)
				if ok {
					p.now[name] = p.l.here(m)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
