package mail

import "fernpost/store/desk"

// A message can break the line: a malformed answer ends go-imap's reading, and
// some servers crash over a message they can't read. Both look like a bad line,
// so what stood first among the missing is suspected, and each further break
// makes the next question more modest.

// suspect is a message that was awaited when the line ended.
type suspect struct {
	breaks int // lines that ended while it was awaited
	care   care
}

func (s *Source) care(at place) care { return s.memory.trouble[at].care }

// lessOf makes the next question about a message more modest.
func (s *Source) lessOf(at place) {
	was := s.memory.trouble[at]
	remember(s.memory.trouble, at, suspect{was.breaks, min(was.care+1, careNone)})
}

// blame notes that the line ended while a message was awaited.
func (p *pull) blame(at place) {
	if at.uid == 0 || p.ctx.Err() != nil || p.l.away.Load() {
		return
	}
	was := p.s.memory.trouble[at]
	remember(p.s.memory.trouble, at, suspect{was.breaks + 1, was.care})
	p.blamed = at
}

// rescue begins a new line when the message seems to be at fault, so that it
// never stops the rest: after an answer that couldn't be read, or when the line
// ended a second time in the same place and can be had again at once. Any other
// broken line is for the caller to know.
func (p *pull) rescue(err error) bool {
	at := p.blamed
	p.blamed = place{}
	if desk.KindOf(err) != desk.KindOffline || p.ctx.Err() != nil || at.uid == 0 {
		return false
	}
	if p.l.conn.broke.Load() && p.s.memory.trouble[at].breaks < 2 {
		return false
	}
	p.l.drop()
	l, err := p.s.connected(p.ctx)
	if err != nil {
		return false
	}
	p.l = l
	p.s.lessOf(at)
	return len(p.page.Items) == 0 // otherwise what came is given out first
}
