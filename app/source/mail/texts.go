package mail

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// maxWhole bounds a message that is read whole because its structure can't be.
const maxWhole = 256 << 10

// focusTexts brings the texts of the conversation on screen.
func (p *pull) focusTexts() (bool, error) {
	byFolder := p.focused(func(m *mark, at place) bool { return m.Texts.has(at.uid) })
	for _, f := range p.folders() {
		if list := byFolder[f.name]; len(list) > 0 {
			return true, p.bring(f, p.cur.Folders[f.name], list)
		}
	}
	return false, nil
}

// focused gives what is on screen and fits, by folder, newest first.
func (p *pull) focused(fits func(m *mark, at place) bool) map[string][]uint32 {
	byFolder := map[string][]uint32{}
	for _, ref := range p.req.Focus {
		at, ok := placeOf(ref)
		m := p.cur.Folders[at.folder]
		if ok && m != nil && m.Epoch == at.epoch && fits(m, at) {
			byFolder[at.folder] = append(byFolder[at.folder], at.uid)
		}
	}
	for name, list := range byFolder {
		slices.Sort(list)
		slices.Reverse(list)
		byFolder[name] = slices.Compact(list)
	}
	return byFolder
}

// texts brings the newest texts that are to come.
func (p *pull) texts() (bool, error) {
	for _, f := range p.folders() {
		if m := p.cur.Folders[f.name]; m != nil && len(m.Texts) > 0 {
			return true, p.bring(f, m, m.Texts.newest(min(pageTexts, max(p.limit, 1)), 0))
		}
	}
	return false, nil
}

// bring fetches texts in the order of list, as many as fit a page, and leaves
// their forms for later.
func (p *pull) bring(f folder, m *mark, list []uint32) error {
	_, err := p.bringAs(f, m, list, false)
	return err
}

// bringAs fetches texts with their forms, or without, and tells which of list
// were asked for.
func (p *pull) bringAs(f folder, m *mark, list []uint32, formed bool) (asked []uint32, err error) {
	err = p.speak(CountText, func() error {
		if ok, err := p.open(f, m); !ok {
			return err
		}
		shapes, err := p.shapes(f, m, list)
		if err != nil {
			return err
		}
		var bytes int64
		var groups []group
		var order []uint32
		for _, uid := range list {
			at := place{f.name, m.Epoch, uid}
			switch twin := shapes[uid].hasTwin(); {
			case formed && !twin:
				asked = append(asked, uid)
				continue // its text is here, and that is all there is
			case twin && !formed:
				shapes[uid] = shapes[uid].withoutTwins()
				if uid >= m.Fresh {
					m.Forms.add(uid, uid)
				}
			}
			w := wantOf(shapes[uid], p.s.care(at))
			if p.s.care(at) >= careAlone && w.key != "" {
				w.key += fmt.Sprint("alone ", uid)
			}
			if bytes += w.cost; bytes > pageBytes && len(order) > 0 {
				break
			}
			order = append(order, uid)
			groups = join(groups, w, uid)
		}
		asked = append(asked, order...)
		return p.bringGroups(f, m, order, groups, shapes)
	})
	return asked, err
}

// want is what is asked of one message as its text.
type want struct {
	key      string
	sections []*imap.FetchItemBodySection
	cost     int64
}

// group is the messages of whom the same is asked, in one FETCH.
type group struct {
	want
	uids uids
}

func join(groups []group, w want, uid uint32) []group {
	if w.key == "" {
		return groups
	}
	for i := range groups {
		if groups[i].key == w.key {
			groups[i].uids.add(uid, uid)
			return groups
		}
	}
	return append(groups, group{want: w, uids: uids{{uid, uid}}})
}

// wantOf says what to ask: nothing where there is no text, the whole message
// where its structure isn't known or holds nothing.
func wantOf(sh *shape, c care) want {
	switch {
	case c >= careBare:
		return want{}
	case sh.unclear() || c >= carePlain:
		return want{
			key:      "whole",
			sections: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: maxWhole}}},
			cost:     maxWhole / 8, // a guess: most are small
		}
	}
	w := want{cost: sh.cost()}
	for _, t := range sh.texts {
		s := &imap.FetchItemBodySection{Part: t.Path, Peek: true}
		w.key += partName(t.Path)
		if returned(t) { // of the mail that came back only its head
			s.Specifier = imap.PartSpecifierHeader
			w.key += ".HEADER"
		} else if most := limit(t); t.Size > most {
			s.Partial = &imap.SectionPartial{Size: most}
			w.key += "<" + strconv.FormatInt(most, 10) + ">"
		}
		w.key += " "
		w.sections = append(w.sections, s)
	}
	return w
}

// bringGroups has all groups under way at once, which saves round trips. Each
// FETCH is drained in a goroutine of its own, or go-imap's reader would wait for
// one while we wait for another; and no UID is in two of them.
func (p *pull) bringGroups(f folder, m *mark, order []uint32, groups []group, shapes map[uint32]*shape) error {
	type answer struct {
		got []*found
		err error
	}
	answers := make([]answer, len(groups))
	var wg sync.WaitGroup
	_ = p.l.squeezed.together(func() { // a broken line shows in the answers
		for i, g := range groups {
			cmd := p.l.c.Fetch(g.uids.set(), &imap.FetchOptions{UID: true, BodySection: g.sections})
			wg.Go(func() { answers[i].got, answers[i].err = p.l.gather(cmd) })
		}
	})
	wg.Wait()

	came := map[uint32]*found{}
	var failed, torn uids
	var broken error
	for i, a := range answers {
		for _, g := range a.got {
			if len(g.sections) > 0 {
				came[g.uid] = g
				continue
			}
			// Flags that came unasked in the answer's place, see headBatch.
			p.l.heard(func() { p.l.flags = true })
			p.s.lessOf(place{f.name, m.Epoch, g.uid})
			failed.add(g.uid, g.uid)
			torn.add(g.uid, g.uid)
		}
		switch {
		case a.err == nil:
		case desk.KindOf(a.err) == desk.KindRefused:
			failed.addAll(groups[i].uids)
		default:
			if broken == nil {
				broken = a.err
				p.blame(place{f.name, m.Epoch, missing(groups[i].uids, came).lowest()})
			}
			failed.addAll(groups[i].uids)
		}
	}
	for _, uid := range order {
		at := place{f.name, m.Epoch, uid}
		g := came[uid]
		if g == nil && failed.has(uid) && !torn.has(uid) && broken == nil {
			// The server refused the group: next time this one is asked for
			// alone and less of it, until it is given up.
			p.s.lessOf(at)
		}
		if g == nil && (failed.has(uid) && p.s.care(at) < careBare || !failed.has(uid) && p.leftOut(at, groups)) {
			continue
		}
		body := textBody(g, shapes[uid], p.s.care(at))
		m.Texts.remove(uid)
		p.page.Items = append(p.page.Items, desk.Arrival{Kind: desk.ArrivalText, Remote: at.ref(), Body: &body})
	}
	return broken
}

// leftOut tells of a message that a good answer didn't hold, among others: gone,
// or lost in its neighbour's literal. Asked for by itself it has no neighbour.
func (p *pull) leftOut(at place, groups []group) bool {
	beside := func(g group) bool { return g.uids.has(at.uid) && g.uids.count() > 1 }
	if p.s.care(at) != careBatch || !slices.ContainsFunc(groups, beside) {
		return false
	}
	p.s.lessOf(at)
	return true
}

func missing(asked uids, came map[uint32]*found) uids {
	left := asked
	for uid := range came {
		left.remove(uid)
	}
	return left
}

// wholeBody reads a message of which at most maxWhole came.
func wholeBody(raw []byte) desk.Body {
	body := mailtext.Read(raw).Body
	if len(raw) >= maxWhole && !slices.Contains(body.Warnings, mailtext.WarnCut) {
		body.Warnings = append(body.Warnings, mailtext.WarnCut)
	}
	return body
}

// textBody never fails: a mail that breaks our reading is shown as unreadable,
// and doesn't stop the others.
func textBody(g *found, sh *shape, c care) (body desk.Body) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("reading a mail panicked", "stack", string(debug.Stack()))
			body = mailtext.Unreadable()
		}
	}()
	switch {
	case c >= careBare, g == nil && (sh.unclear() || len(sh.texts) > 0):
		return mailtext.Unreadable()
	case sh.unclear() || c >= carePlain:
		return wholeBody(g.sections[""])
	}
	var parts []mailtext.Part
	for _, t := range sh.texts {
		parts = append(parts, mailtext.Part{
			Text: t, Data: g.sections[partName(t.Path)], Cut: t.Size > limit(t) && !returned(t),
		})
	}
	return mailtext.Body(parts, sh.marks)
}

// shapes gives the structure of each message, asking for those not remembered.
// A message whose structure the server won't tell has none.
func (p *pull) shapes(f folder, m *mark, list []uint32) (map[uint32]*shape, error) {
	out := map[uint32]*shape{}
	var ask uids
	for _, uid := range list {
		at := place{f.name, m.Epoch, uid}
		if sh, ok := p.s.memory.shapes[at]; ok {
			out[uid] = &sh
		} else if p.s.care(at) < carePlain {
			ask.add(uid, uid)
		}
	}
	if len(ask) == 0 {
		return out, nil
	}
	got, err := p.l.gather(p.l.c.Fetch(ask.set(), &imap.FetchOptions{
		UID: true, BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
	}))
	left := ask
	for _, g := range got {
		if g.structure != nil {
			sh := readShape(g.structure)
			remember(p.s.memory.shapes, place{f.name, m.Epoch, g.uid}, sh)
			out[g.uid] = &sh
		}
		left.remove(g.uid)
	}
	if err != nil && desk.KindOf(err) != desk.KindRefused {
		p.blame(place{f.name, m.Epoch, left.lowest()})
		return nil, err
	}
	return out, nil
}
