package mail

import (
	"cmp"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// How far back mail is brought in. What a folder holds within the horizon is
// listed a stretch at a time, so that neither memory nor the cursor grows with
// the mailbox.

const (
	// wantedMost is how many UIDs are listed ahead of their heads.
	wantedMost = 2000
	// A stretch grows while it brings little and shrinks when it brings much.
	firstStretch = 2000
	leastStretch = 500
	mostStretch  = 1 << 26
	littleFound  = 500
)

// deep is a listing under way, from the newest UIDs to the oldest.
type deep struct {
	Day   int64  `json:"d"`           // the horizon to come to, days since 1970
	Until int64  `json:"u,omitempty"` // from this day on everything was listed before; 0: nothing was
	Below uint32 `json:"b"`           // what is still to be listed
	Left  int    `json:"l,omitempty"` // how many that are, where the server counts
}

// listFirst begins with a folder.
func (p *pull) listFirst(f folder) error {
	chosen := p.l.chosen
	day := horizonDay(p.req.Since)
	m := &mark{
		Epoch:  chosen.UIDValidity,
		Next:   uint32(chosen.UIDNext),
		Count:  chosen.NumMessages,
		ModSeq: chosen.HighestModSeq,
		Gone:   chosen.HighestModSeq,
		Since:  day,
		Back:   p.s.cfg.Clock().Unix() / secondsADay,
	}
	if day == 0 && m.Next > 0 {
		if err := p.listAll(f, m); err != nil {
			return err
		}
	} else {
		list, err := p.l.search(between(day, 0))
		if err != nil {
			return err
		}
		m.Next = max(m.Next, list.highest()+1)
		m.Wanted = list
		if over := list.count() - wantedMost; over > 0 {
			kept := list.newest(wantedMost, 0)
			m.Deep = &deep{Day: day, Below: kept[len(kept)-1], Left: over}
			m.Wanted = fromList(kept)
		}
	}
	if first := m.Wanted.newest(p.limit, 0); len(first) > 0 {
		m.Fresh = first[len(first)-1]
	} else {
		m.Fresh = m.Next
	}
	p.cur.Folders[f.name] = m
	p.listed(f, m)
	return nil
}

// listAll begins with a folder of which everything is wanted. What came since it
// was selected stands above its UIDNEXT.
func (p *pull) listAll(f folder, m *mark) error {
	came, err := p.l.search(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: imap.UID(m.Next), Stop: 0}}}})
	if err != nil {
		return err
	}
	m.Deep = &deep{Below: m.Next, Left: int(p.membersNow(m))}
	m.Wanted = came.minus(upTo(m.Next))
	m.Next = max(m.Next, m.Wanted.highest()+1)
	return p.listStretch(f, m)
}

const secondsADay = 24 * 60 * 60

// between asks for mail of the days from since on and before until; 0 is no
// bound.
func between(since, until int64) *imap.SearchCriteria {
	c := &imap.SearchCriteria{}
	if since > 0 {
		c.Since = time.Unix(since*secondsADay, 0).UTC()
	}
	if until > 0 {
		c.Before = time.Unix(until*secondsADay, 0).UTC()
	}
	return c
}

// deeper lists the next stretch of what lies within the horizon, or of what a
// wider one adds.
func (p *pull) deeper() (bool, error) {
	day := horizonDay(p.req.Since)
	for _, f := range p.newestFirst() {
		m := p.cur.Folders[f.name]
		if m == nil || m.Deep == nil && m.Since <= day {
			continue
		}
		err := p.speak(CountLooking, func() error {
			if ok, err := p.open(f, m); !ok {
				return err
			}
			if m.Deep == nil {
				d := &deep{Day: day, Until: m.Since, Below: m.Next}
				var err error
				if d.Left, err = p.l.number(between(d.Day, d.Until)); err != nil {
					return err
				}
				m.Deep, m.Back = d, min(m.Back, m.Since)
			}
			return p.listStretch(f, m)
		})
		return true, err
	}
	return false, nil
}

// listStretch lists one stretch of a folder that is selected.
func (p *pull) listStretch(f folder, m *mark) error {
	d := m.Deep
	width := cmp.Or(p.s.memory.stretch[f.name], firstStretch)
	lo := uint32(1)
	if d.Below > width {
		lo = d.Below - width
	}
	if d.Below > 1 {
		criteria := between(d.Day, d.Until)
		criteria.UID = []imap.UIDSet{{{Start: imap.UID(lo), Stop: imap.UID(d.Below - 1)}}}
		list, err := p.l.search(criteria)
		if err != nil {
			return err
		}
		n := list.count()
		switch {
		case n < littleFound:
			width = min(2*width, mostStretch)
		case n > wantedMost:
			width = max(width/2, leastStretch)
		}
		p.s.memory.stretch[f.name] = width
		m.Wanted.addAll(list.minus(m.Have))
		d.Left = max(d.Left-n, 0)
	}
	if d.Below = lo; lo == 1 {
		m.Since, m.Deep = d.Day, nil
	}
	return nil
}

// number counts what a search would find; 0 where the server can't.
func (l *line) number(criteria *imap.SearchCriteria) (int, error) {
	if !l.countsHits() {
		return 0, nil
	}
	data, err := l.c.UIDSearch(criteria, &imap.SearchOptions{ReturnCount: true}).Wait()
	if err != nil {
		return 0, l.fail("search mail", err)
	}
	return int(data.Count), nil
}

func (l *line) countsHits() bool { return l.caps.Has(imap.CapESearch) }

// newestFirst gives the folders by how far back they have come, so that all of
// them reach about as far.
func (p *pull) newestFirst() []folder {
	all := slices.Clone(p.folders())
	back := func(f folder) int64 {
		if m := p.cur.Folders[f.name]; m != nil {
			return m.Back
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b folder) int { return cmp.Compare(back(b), back(a)) })
	return all
}

// cameTo notes how far back the heads of a page reach. Its newest date counts:
// one mail that says it is from the last century is no sign of having come there.
func (m *mark) cameTo(p *pull) {
	var newest time.Time
	for _, a := range p.page.Items {
		if a.Head != nil && a.Head.At.After(newest) {
			newest = a.Head.At
		}
	}
	if !newest.IsZero() {
		m.Back = min(m.Back, newest.Unix()/secondsADay)
	}
}

// progress says on the page how far the folders have come.
func (p *pull) progress() {
	day := horizonDay(p.req.Since)
	var back int64
	left, known := 0, true
	for _, f := range p.l.folders {
		m := p.cur.Folders[f.name]
		switch {
		case m == nil:
			return
		case len(m.Wanted) == 0 && m.Deep == nil:
			if m.Back = min(m.Back, m.Since); m.Since <= day {
				continue
			}
		}
		back = max(back, m.Back)
		left += m.Wanted.count()
		if m.Deep != nil {
			left += m.Deep.Left
			known = known && (m.Deep.Left > 0 || p.l.countsHits())
		}
	}
	if back == 0 {
		return
	}
	p.page.Reach = time.Unix(back*secondsADay, 0).UTC()
	if known {
		p.page.Left = left
	}
}

// upTo is every UID below n.
func upTo(n uint32) uids {
	var all uids
	if n > 1 {
		all.add(1, n-1)
	}
	return all
}
