package mail

import "fernpost/store/desk"

// A message can break the line: a malformed answer ends go-imap's reading, and
// some servers crash over a message they can't read. Both look like a bad line,
// so what stood first among the missing is suspected, and each further break
// makes the next question more modest.

// breaksPerCare is how many broken lines count as one step of care. A line that
// the network cut says little about the message; an answer that couldn't be
// read says much.
const breaksPerCare = 3

func (s *Source) care(at place) care {
	return min(care(s.memory.trouble[at]/breaksPerCare), careNone)
}

// blame notes that the line ended while a message was awaited.
func (p *pull) blame(at place) {
	if at.uid == 0 || p.ctx.Err() != nil {
		return
	}
	n := p.s.memory.trouble[at]
	if p.l.conn.broke.Load() {
		// The network: no more than being asked alone, however often.
		n = min(n+1, int(careAlone)*breaksPerCare+breaksPerCare*4)
	} else {
		n = (n/breaksPerCare + 1) * breaksPerCare
	}
	remember(p.s.memory.trouble, at, n)
}

// rescue begins a new line after an answer that couldn't be read, so that one
// message never stops the rest. After a line that the network broke it doesn't:
// that is for the caller to know.
func (p *pull) rescue(err error) bool {
	if desk.KindOf(err) != desk.KindOffline || p.ctx.Err() != nil || p.l.conn.broke.Load() {
		return false
	}
	if len(p.page.Items) > 0 {
		return false // give out what came; the next call goes on
	}
	p.l.drop()
	l, err := p.s.connected(p.ctx)
	if err != nil {
		return false
	}
	p.l = l
	return true
}
