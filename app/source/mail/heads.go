package mail

import (
	"slices"
	"strconv"

	"github.com/emersion/go-imap/v2"

	"fernpost/store/desk"
)

// tokenHeader carries the op's id, because some servers rewrite Message-ID.
const tokenHeader = "X-Fernpost-Op"

// headFields is what a head is read from. Received isn't among them: it would be
// as long as all others together, on every mail. Nor is Thread-Index: Outlook
// writes References wherever it writes a Thread-Index that leads to a mail of ours.
var headFields = []string{
	"Date", "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Message-ID", "In-Reply-To",
	"References", "Content-Language", "Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe",
	"Return-Path", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Failed-Recipients",
	"X-Original-From", "X-Original-Sender", "Authentication-Results", tokenHeader,
}

// care says how a message is asked for. It starts in a batch; each time a
// message is found to have broken the line, less is asked of the server.
type care int

const (
	careBatch care = iota
	careAlone      // by itself, to see whether it was this one
	carePlain      // without its structure: the whole message is read instead
	careBare       // nothing but header fields
	careNone       // given up: shown as unreadable
)

func headItems(c care, modSeq bool) *imap.FetchOptions {
	o := &imap.FetchOptions{
		UID:         true,
		BodySection: []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader, HeaderFields: headFields, Peek: true}},
	}
	if c < careBare {
		o.Flags, o.InternalDate, o.RFC822Size, o.ModSeq = true, true, true, modSeq
	}
	if c < carePlain {
		o.BodyStructure = &imap.FetchItemBodyStructure{Extended: true}
	}
	return o
}

// newHeads brings heads that arrived since the last time.
func (p *pull) newHeads() (bool, error) {
	for _, f := range p.folders() {
		if m := p.cur.Folders[f.name]; m != nil {
			if list := m.Wanted.newest(p.limit, m.Fresh); len(list) > 0 {
				return true, p.heads(f, m, list)
			}
		}
	}
	return false, nil
}

// olderHeads goes back towards the horizon.
func (p *pull) olderHeads() (bool, error) {
	for _, f := range p.newestFirst() {
		if m := p.cur.Folders[f.name]; m != nil {
			if list := m.Wanted.newest(p.limit, 0); len(list) > 0 {
				err := p.heads(f, m, list)
				m.cameTo(p)
				return true, err
			}
		}
	}
	return false, nil
}

// heads brings the heads of list: the well-behaved ones together, then those
// that broke the line before, one by one.
func (p *pull) heads(f folder, m *mark, list []uint32) error {
	defer func() {
		p.sparesTexts(m)
		slices.SortStableFunc(p.page.Items, newestFirst)
	}()
	return p.speak(CountText, func() error {
		if ok, err := p.open(f, m); !ok {
			return err
		}
		var batch []uint32
		var careful []uint32
		for _, uid := range list {
			if p.s.care(place{f.name, m.Epoch, uid}) == careBatch {
				batch = append(batch, uid)
			} else {
				careful = append(careful, uid)
			}
		}
		if err := p.headBatch(f, m, batch, careBatch); err != nil {
			return err
		}
		for _, uid := range careful {
			if err := p.headBatch(f, m, []uint32{uid}, p.s.care(place{f.name, m.Epoch, uid})); err != nil {
				return err
			}
		}
		return nil
	})
}

// sparesTexts takes out of what is to come the texts that are here already: from
// before the server renumbered, or from another folder.
func (p *pull) sparesTexts(m *mark) {
	if p.req.TextHere == nil {
		return
	}
	var keys []string
	for _, a := range p.page.Items {
		if a.Head != nil && a.Body == nil {
			keys = append(keys, a.Stable)
		}
	}
	if len(keys) == 0 {
		return
	}
	here := p.req.TextHere(keys)
	for _, a := range p.page.Items {
		if at, ok := placeOf(a.Remote); ok && a.Head != nil && here[a.Stable] {
			m.Texts.remove(at.uid)
		}
	}
}

func newestFirst(a, b desk.Arrival) int {
	if a.Head == nil || b.Head == nil {
		return 0
	}
	return b.Head.At.Compare(a.Head.At)
}

// headBatch fetches heads with one FETCH. A UID that the server leaves out of a
// good answer has vanished meanwhile.
func (p *pull) headBatch(f folder, m *mark, list []uint32, c care) error {
	if len(list) == 0 {
		return nil
	}
	if c >= careNone {
		for _, uid := range list {
			p.giveHead(f, m, p.unreadable(f, m, uid))
		}
		return nil
	}
	asked := fromList(list)
	got, err := p.l.gather(p.l.c.Fetch(asked.set(), headItems(c, m.ModSeq > 0)))
	left := asked
	var torn uids
	for _, g := range got {
		switch {
		case !left.has(g.uid):
		case g.header == nil:
			// A change of flags that came unasked looks like the answer, and
			// go-imap then drops the real one. It is asked for again.
			torn.add(g.uid, g.uid)
			p.l.heard(func() { p.l.flags = true })
			p.s.lessOf(place{f.name, m.Epoch, g.uid})
		default:
			left.remove(g.uid)
			if c <= careAlone {
				delete(p.s.memory.trouble, place{f.name, m.Epoch, g.uid}) // it was another's fault
			}
			p.giveHead(f, m, p.arrival(f, m, g))
		}
	}
	switch {
	case err == nil:
		none := left.minus(torn)
		m.Wanted = m.Wanted.minus(none)
		m.Count -= min(m.Count, uint32(none.count())) // they were counted when they were listed
		return nil
	case desk.KindOf(err) == desk.KindRefused && len(list) > 1:
		// One message the server itself can't read must not hide the others.
		for _, uid := range slices.Backward(left.newest(len(list), 0)) {
			if err := p.headBatch(f, m, []uint32{uid}, careAlone); err != nil {
				return err
			}
		}
		return nil
	case desk.KindOf(err) == desk.KindRefused:
		return p.headBatch(f, m, left.newest(1, 0), c+1)
	}
	p.blame(place{f.name, m.Epoch, left.lowest()})
	return err
}

// giveHead hands a head out and notes that its text is to come, unless it came
// along.
func (p *pull) giveHead(f folder, m *mark, a desk.Arrival) {
	at, _ := placeOf(a.Remote)
	m.Wanted.remove(at.uid)
	m.Have.add(at.uid, at.uid)
	if a.Body == nil {
		m.Texts.add(at.uid, at.uid)
	}
	if v := p.l.vouched[f.name]; v != nil && a.Flags != nil {
		v.uids.add(at.uid, at.uid)
	}
	p.page.Items = append(p.page.Items, a)
}

func (p *pull) arrival(f folder, m *mark, g *found) desk.Arrival {
	at := place{f.name, m.Epoch, g.uid}
	sh := readShape(g.structure)
	if g.structure != nil {
		remember(p.s.memory.shapes, at, sh)
	}
	head, stable := readHead(f, g, sh, p.s.cfg.Settings)
	if g.gmailID != "" {
		stable = "gmail/" + g.gmailID // one mail in all of its folders (labels)
	}
	if stable == "" {
		stable = at.folder + "/" + at.ref().Epoch + "/" + at.ref().ID
	}
	a := desk.Arrival{Kind: desk.ArrivalHead, Remote: at.ref(), Stable: stable, Head: head}
	if g.modSeq > 0 {
		a.Version = strconv.FormatUint(g.modSeq, 10)
	}
	if g.hasFlags {
		flags := deskFlags(g.flags)
		p.s.memory.flagsChanged(at, flags)
		a.Flags = &flags
	}
	return a
}

// unreadable is the head of a message about which the server can say nothing
// that doesn't break the line. Its date is its neighbours'.
func (p *pull) unreadable(f folder, m *mark, uid uint32) desk.Arrival {
	at := place{f.name, m.Epoch, uid}
	head := &desk.Head{Folder: f.role, Kind: desk.KindPerson, FromUs: f.role == desk.RoleSent}
	head.At = p.s.cfg.Clock()
	if n := len(p.page.Items); n > 0 && p.page.Items[n-1].Head != nil {
		head.At = p.page.Items[n-1].Head.At
	}
	body := unreadableBody()
	return desk.Arrival{
		Kind: desk.ArrivalHead, Remote: at.ref(), Stable: at.folder + "/" + at.ref().Epoch + "/" + at.ref().ID,
		Head: head, Body: &body,
	}
}
