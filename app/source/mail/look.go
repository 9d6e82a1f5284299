package mail

import (
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/store/desk"
)

// flagsEvery is how often a server without CONDSTORE is asked for all flags of
// the newest messages, in case it doesn't tell about changes by itself.
const flagsEvery = 10 * time.Minute

// look asks what changed: NOOP for the selected folder, STATUS for the others,
// all in one round trip. A page that continues another soon after doesn't ask.
func (p *pull) look() error {
	clear(p.now)
	mem := &p.s.memory
	since := p.s.cfg.Clock().Sub(mem.lookedAt)
	if len(p.req.Cursor) > 0 && string(p.req.Cursor) == mem.handed && since >= 0 && since < lookAgain && !p.l.hasNews() {
		return nil
	}
	err := p.speak(CountLooking, p.ask)
	if err == nil {
		mem.lookedAt = p.s.cfg.Clock()
		select { // what was said until here is dealt with
		case <-p.s.events:
		default:
		}
	}
	return err
}

func (p *pull) ask() error {
	if err := p.findSent(); err != nil {
		return err
	}
	if said, err := p.openingSaid(); said || err != nil {
		return err
	}
	var noop *imapclient.Command
	var status map[string]*imapclient.StatusCommand
	_ = p.l.squeezed.together(func() { // a broken line shows in the answers
		if slices.ContainsFunc(p.folders(), func(f folder) bool { return f.name == p.l.selected }) {
			noop = p.l.c.Noop()
		}
		status = p.l.askStatus(p.folders(), p.l.selected)
	})
	var broken error
	if noop != nil {
		broken = p.l.fail("look for mail", noop.Wait())
	}
	said, err := p.l.readStatus(status)
	if broken == nil {
		broken = err
	}
	if broken != nil {
		return broken
	}
	if noop != nil {
		p.now[p.l.selected] = p.l.here(p.cur.Folders[p.l.selected])
	}
	return p.hear(said)
}

// findSent looks whether there are folders for sent mail by now, where there was
// none: servers make it with the first mail in it, and until the line is made
// anew nobody would see what colleagues answer.
func (p *pull) findSent() error {
	if p.l.byRole(desk.RoleSent) != "" {
		return nil
	}
	before := len(p.l.folders)
	list, err := p.l.readFolders(p.l.askFolders(), p.s.cfg.Settings)
	if err != nil || len(list) <= before {
		return err
	}
	p.l.folders, p.l.looked = list, nil // the opening asked for less
	p.s.kept.forget()
	return nil
}

// openingSaid tells that the line was opened just now, and the opening has asked
// for everything.
func (p *pull) openingSaid() (bool, error) {
	said := p.l.looked
	p.l.looked = nil
	age := p.s.cfg.Clock().Sub(p.l.lookedAt)
	if said == nil || p.l.selected != inboxName || age < 0 || age >= lookAgain {
		return false, nil
	}
	p.now[inboxName] = p.l.here(p.cur.Folders[inboxName])
	return true, p.hear(said)
}

// hear takes what was said of the folders that this call is about.
func (p *pull) hear(said map[string]*statusAnswer) error {
	var refused []string
	for _, f := range p.folders() {
		a := said[f.name]
		switch {
		case a == nil:
		case a.gone:
			p.now[f.name] = state{gone: true}
		case a.refused:
			refused = append(refused, f.name)
		default:
			p.now[f.name] = stateOf(a.data, p.cur.Folders[f.name])
		}
	}
	return p.missed(refused)
}

// statusAnswer is what the server said of one folder.
type statusAnswer struct {
	data    *imap.StatusData
	gone    bool // there is no such folder
	refused bool // for whatever reason
}

// askStatus asks for the state of folders, except the selected one: the server
// may refuse that (RFC 9051 6.3.11).
func (l *line) askStatus(folders []folder, selected string) map[string]*imapclient.StatusCommand {
	opts := &imap.StatusOptions{
		NumMessages: true, UIDNext: true, UIDValidity: true,
		HighestModSeq: l.caps.Has(imap.CapCondStore),
	}
	asked := map[string]*imapclient.StatusCommand{}
	for _, f := range folders {
		if f.name != selected {
			asked[f.name] = l.c.Status(f.name, opts)
		}
	}
	return asked
}

func (l *line) readStatus(asked map[string]*imapclient.StatusCommand) (map[string]*statusAnswer, error) {
	said := map[string]*statusAnswer{}
	var broken error
	for name, cmd := range asked {
		data, err := cmd.Wait()
		var no *imap.Error
		switch {
		case desk.KindOf(l.fail("look for mail", err)) == desk.KindOffline:
			broken = err
		case errors.As(err, &no):
			gone := no.Code == imap.ResponseCodeNonExistent
			said[name] = &statusAnswer{gone: gone, refused: !gone}
		default:
			said[name] = &statusAnswer{data: data}
		}
	}
	return said, l.fail("look for mail", broken)
}

// stateOf is what STATUS says. What a server leaves out is not known, which is
// not the same as none.
func stateOf(data *imap.StatusData, m *mark) state {
	st := state{epoch: data.UIDValidity, next: uint32(data.UIDNext), modSeq: data.HighestModSeq}
	if data.NumMessages != nil {
		st.count = *data.NumMessages
	} else if m != nil {
		st.count = m.Count
	}
	return st
}

// missed finds out whether folders are gone. Servers say NO to STATUS for many
// reasons, and being gone is the rarest: only the list proves it. A folder that
// merely can't be looked at is looked at another time.
func (p *pull) missed(refused []string) error {
	for _, name := range refused {
		cmd := p.l.c.List("", name, nil)
		there := false
		for d := cmd.Next(); d != nil; d = cmd.Next() {
			there = there || d.Mailbox == name && usable(d)
		}
		if err := p.l.fail("list mail folders", cmd.Close()); err != nil {
			if desk.KindOf(err) == desk.KindOffline {
				return err
			}
			continue
		}
		if !there {
			p.now[name] = state{gone: true}
		}
	}
	for _, st := range p.now {
		if st.gone {
			return p.relist()
		}
	}
	return nil
}

// relist reads the folders again: one that is gone may have another name now.
func (p *pull) relist() error {
	list, err := p.l.readFolders(p.l.askFolders(), p.s.cfg.Settings)
	if err == nil {
		p.l.folders = list
		p.s.kept.forget() // the next opening must not go by the old ones
	}
	return err
}

// here is the state of the selected folder: what SELECT said and the server
// added unasked. NOOP makes it add what it holds back.
func (l *line) here(m *mark) state {
	l.mu.Lock()
	defer l.mu.Unlock()
	st := state{epoch: l.chosen.UIDValidity, next: uint32(l.chosen.UIDNext), modSeq: l.chosen.HighestModSeq}
	if mbox := l.c.Mailbox(); mbox != nil {
		st.count = mbox.NumMessages
	}
	if l.news {
		st.next = 0
	}
	st.shrunk, st.flags = l.shrunk, l.flags
	if l.flags && m != nil && m.ModSeq > 0 {
		st.modSeq = m.ModSeq + 1 // changed; CHANGEDSINCE will say what
	}
	return st
}

func (l *line) hasNews() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.news
}

// list finds the UIDs to fetch: all new ones, and at first those within the
// horizon.
func (p *pull) list() error {
	for _, f := range p.folders() {
		st, looked := p.now[f.name]
		m := p.cur.Folders[f.name]
		switch {
		case !looked || st.gone:
			continue
		case m != nil && st.next != 0 && st.next <= m.Next:
			continue
		}
		err := p.speak(CountLooking, func() error { return p.listFolder(f, m) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *pull) listFolder(f folder, m *mark) error {
	if ok, err := p.open(f, m); !ok {
		return err
	}
	if m == nil {
		return p.listFirst(f)
	}
	p.l.heard(func() { p.l.news = false })
	came, err := p.arrived(p.now[f.name], m)
	if err != nil {
		return err
	}
	if m.Wanted.highest() < m.Fresh || len(m.Wanted) == 0 {
		m.Fresh = m.Next
	}
	m.Wanted.addAll(came)
	m.Count += uint32(came.count())
	m.Next = max(m.Next, came.highest()+1)
	p.listed(f, m)
	return nil
}

// fewNew is how many numbers are asked for unlisted: those that nobody has cost
// nothing in a FETCH, and listing them costs a round trip.
const fewNew = 500

// arrived gives the new UIDs.
func (p *pull) arrived(st state, m *mark) (uids, error) {
	if st.next > m.Next && st.next-m.Next <= fewNew {
		return uids{{m.Next, st.next - 1}}.minus(m.known()), nil
	}
	// n:* always names the last message, however low its number.
	came, err := p.l.search(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: imap.UID(m.Next), Stop: 0}}}})
	if err != nil {
		return nil, err
	}
	return came.minus(uids{{1, m.Next - 1}}).minus(m.known()), nil
}

// listed notes how far the selected folder was listed.
func (p *pull) listed(f folder, m *mark) {
	p.l.chosen.UIDNext = max(p.l.chosen.UIDNext, imap.UID(m.Next))
	if f.name == inboxName {
		p.s.memory.inboxNext = m.Next
	}
}
