package mail

import (
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"

	"fernpost/store/desk"
)

// newestFlags is how many messages a server without CONDSTORE is asked about.
const newestFlags = 100

// changes brings changed flags and what vanished.
func (p *pull) changes() (bool, error) {
	for _, f := range p.folders() {
		m := p.cur.Folders[f.name]
		if m == nil || !p.dirty(f, m) {
			continue
		}
		before := len(p.page.Items)
		err := p.speak(CountLooking, func() error {
			if ok, err := p.open(f, m); !ok {
				return err
			}
			if done, err := p.resync(f, m); done || err != nil {
				return err
			}
			if err := p.changedFlags(f, m); err != nil {
				return err
			}
			return p.vanished(f, m)
		})
		if err != nil || len(p.page.Items) > before || len(p.page.Reset) > 0 {
			return true, err
		}
	}
	return false, nil
}

// dirty tells that a folder's flags or members may have changed.
func (p *pull) dirty(f folder, m *mark) bool {
	st, looked := p.now[f.name]
	if !looked || st.gone {
		return false
	}
	return p.flagsDue(f, m, st) || p.shrunk(m, st)
}

func (p *pull) flagsDue(f folder, m *mark, st state) bool {
	if len(m.Have) == 0 {
		return false
	}
	if m.ModSeq > 0 {
		return st.modSeq > m.ModSeq
	}
	if p.req.HeadsOnly || len(m.Wanted) > 0 || f.role != desk.RoleInbox && f.role != desk.RoleOther {
		return st.flags // asking for all of them waits until the heads are here
	}
	last, asked := p.s.memory.flagsAt[f.name]
	return st.flags || !asked || p.s.cfg.Clock().Sub(last) >= flagsEvery
}

// shrunk tells that messages are missing from where the cursor has counted
// them. A renumbered or restored folder is another matter, see resets.
func (p *pull) shrunk(m *mark, st state) bool {
	return !p.req.HeadsOnly && (st.shrunk || st.count != m.Count)
}

func (p *pull) changedFlags(f folder, m *mark) error {
	st := p.now[f.name]
	if !p.flagsDue(f, m, st) {
		return nil
	}
	p.l.heard(func() { p.l.flags = false })
	got, err := p.askFlags(f, m, st)
	if err != nil {
		return err
	}
	// What changed after the look has a higher number, so nothing is skipped.
	seen := max(m.ModSeq, looked(st))
	for _, g := range slices.Backward(got) {
		seen = max(seen, g.modSeq)
		if g.hasFlags {
			p.giveFlags(f, m, g)
		}
	}
	if m.ModSeq > 0 {
		m.ModSeq = seen
	} else {
		p.s.memory.flagsAt[f.name] = p.s.cfg.Clock()
	}
	st.flags, st.modSeq = false, 0
	p.now[f.name] = st
	return nil
}

// giveFlags hands changed flags out.
func (p *pull) giveFlags(f folder, m *mark, g *found) {
	at := place{f.name, m.Epoch, g.uid}
	flags := deskFlags(g.flags)
	if !m.Have.has(g.uid) || !p.s.memory.flagsChanged(at, flags) && m.ModSeq == 0 {
		return
	}
	a := desk.Arrival{Kind: desk.ArrivalFlags, Remote: at.ref(), Flags: &flags}
	if g.modSeq > 0 {
		a.Version = strconv.FormatUint(g.modSeq, 10)
	}
	p.page.Items = append(p.page.Items, a)
}

// askFlags fetches the flags that may have changed.
func (p *pull) askFlags(f folder, m *mark, st state) ([]*found, error) {
	if m.ModSeq == 0 {
		newest := fromList(m.Have.newest(newestFlags, 0))
		return p.l.gather(p.l.c.Fetch(newest.set(), &imap.FetchOptions{UID: true, Flags: true}))
	}
	about := m.Have
	if v := p.l.vouched[f.name]; v != nil && v.modSeq == st.modSeq {
		about = about.minus(v.uids)
	}
	if len(about) == 0 {
		return nil, nil
	}
	return p.l.gather(p.l.c.Fetch(rangeOf(about), &imap.FetchOptions{
		UID: true, Flags: true, ModSeq: true, ChangedSince: m.ModSeq,
	}))
}

// looked is up to where the look vouches for flags. For the selected folder the
// number came from an unasked change, not from the server's count.
func looked(st state) uint64 {
	if st.flags {
		return 0
	}
	return st.modSeq
}

// vanished compares members, when their number says that some are missing.
func (p *pull) vanished(f folder, m *mark) error {
	st := p.now[f.name]
	if !p.shrunk(m, st) {
		return nil
	}
	p.l.heard(func() { p.l.shrunk = false })
	count := p.membersNow(m)
	if known := m.known(); len(known) > 0 {
		there, err := p.l.search(&imap.SearchCriteria{UID: []imap.UIDSet{rangeOf(known)}})
		if err == nil && len(there) == 0 && count > 0 {
			// A search that finds nothing proves little: some servers say nothing
			// where they should, and everything would be taken for gone.
			there, err = p.l.listUIDs(rangeOf(known))
		}
		if err != nil {
			return err
		}
		gone := known.minus(there)
		if p.l.showsPart() {
			gone = gone.minus(upTo(there.lowest()))
		}
		p.giveGone(f, m, gone)
	}
	p.compared(f, m, count)
	return nil
}

// showsPart tells of a server that shows the newest messages of a large folder
// only (MESSAGELIMIT, RFC 9738, as Yahoo has it): what fell out of sight below
// them is still there.
func (l *line) showsPart() bool {
	for name := range l.caps {
		if strings.HasPrefix(string(name), "MESSAGELIMIT") {
			return true
		}
	}
	return false
}

// membersNow is how many messages the selected folder has.
func (p *pull) membersNow(m *mark) uint32 {
	if mbox := p.l.c.Mailbox(); mbox != nil {
		return mbox.NumMessages
	}
	return m.Count
}

// giveGone hands vanished messages out.
func (p *pull) giveGone(f folder, m *mark, gone uids) {
	gone = m.forget(gone)
	for _, uid := range gone.newest(gone.count(), 0) {
		at := place{f.name, m.Epoch, uid}
		p.page.Items = append(p.page.Items, desk.Arrival{Kind: desk.ArrivalGone, Remote: at.ref()})
	}
}

// compared notes that the folder's members are known.
func (p *pull) compared(f folder, m *mark, count uint32) {
	st := p.now[f.name]
	m.Gone = max(m.Gone, looked(st), p.l.chosen.HighestModSeq)
	m.Count = count
	st.shrunk, st.count = false, count
	p.now[f.name] = st
}

// rangeOf is the smallest range that holds a set.
func rangeOf(of uids) imap.UIDSet {
	return imap.UIDSet{{Start: imap.UID(of.lowest()), Stop: imap.UID(of.highest())}}
}
