package mail

import (
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/source/mail/sift"
)

// resync learns in one exchange which flags changed and what vanished, where the
// server remembers (QRESYNC, RFC 7162 3.2.6). false: it is to be found out
// otherwise.
func (p *pull) resync(f folder, m *mark) (bool, error) {
	st := p.now[f.name]
	known := m.known()
	if !p.l.qresync || m.Gone == 0 || m.ModSeq == 0 || len(known) == 0 || !p.shrunk(m, st) {
		return false, nil
	}
	p.l.heard(func() { p.l.flags, p.l.shrunk = false, false })
	answer := <-p.l.sifted.Ask(fmt.Sprintf("UID FETCH %d:%d (UID FLAGS) (CHANGEDSINCE %d VANISHED)",
		known.lowest(), known.highest(), min(m.Gone, m.ModSeq)))
	if answer.Err != nil {
		if _, no := errors.AsType[*sift.Refusal](answer.Err); no {
			p.l.qresync = false
			return false, nil
		}
		return false, p.l.fail("look for mail", answer.Err)
	}
	seen := max(m.ModSeq, looked(st))
	for _, c := range answer.Changed {
		seen = max(seen, c.ModSeq)
		if c.Flags != nil {
			p.giveFlags(f, m, foundFlags(c))
		}
	}
	m.ModSeq, m.Gone = seen, max(m.Gone, looked(st))
	var gone uids
	for _, r := range answer.Vanished {
		gone.add(r.Lo, r.Hi)
	}
	gone = known.minus(known.minus(gone))
	count := p.membersNow(m)
	st.flags, st.modSeq = false, 0
	p.now[f.name] = st
	if m.Count-uint32(gone.count()) != count {
		// Something else is missing, perhaps from behind the horizon.
		p.giveGone(f, m, gone)
		return true, p.vanished(f, m)
	}
	p.giveGone(f, m, gone)
	p.compared(f, m, count)
	return true, nil
}

func foundFlags(c sift.Changed) *found {
	g := &found{uid: c.UID, modSeq: c.ModSeq, hasFlags: true}
	for _, name := range c.Flags {
		g.flags = append(g.flags, imap.Flag(name))
	}
	return g
}

// listUIDs asks which messages there are without searching.
func (l *line) listUIDs(in imap.UIDSet) (uids, error) {
	got, err := l.gather(l.c.Fetch(in, &imap.FetchOptions{UID: true}))
	var out uids
	for _, g := range got {
		out.add(g.uid, g.uid)
	}
	return out, err
}
