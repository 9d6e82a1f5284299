package mailtext

import (
	"bytes"
	"strings"
)

// Bounds of a hostile structure. A mail with more parts, or deeper ones, is read
// as far as these reach.
const (
	maxPieces = 20_000
	maxLevels = 1_500
)

// takeApart finds the parts of a mail (RFC 2046 5.1) in one pass, so that the
// time it takes doesn't depend on how they are nested. It is our own because
// the nearest libraries give up, or lose parts, where borders are missing,
// doubled or torn, and take a pass for every level.
func takeApart(raw []byte) (Header, *Piece, bool) {
	s := splitter{raw: raw, borders: map[string]int{}}
	h, body := readHead(raw, nil)
	root := describe(h, "text/plain")
	if !h.Has("Content-Type") && !h.Has("MIME-Version") {
		if border := s.hiddenBorder(body); border != "" {
			root.Type, root.Params = "multipart/mixed", map[string]string{"boundary": border}
		}
	}
	s.begin(root, body)
	s.run(body)
	mend(root, 0, &s)
	return h, root, s.full
}

// splitter walks over the lines that begin with two hyphens.
type splitter struct {
	raw     []byte
	open    []level
	borders map[string]int // the innermost level each border belongs to
	leaf    *Piece         // whose content is being passed, nil between parts
	start   int            // of that content
	pieces  int
	full    bool // there was more than is looked at
	mended  int
}

type level struct {
	piece  *Piece
	border string
	body   int // where its content begins
	hidden int // the level this border meant before, -1 for none
}

func (s *splitter) run(pos int) {
	for pos < len(s.raw) {
		if !bytes.HasPrefix(s.raw[pos:], []byte("--")) {
			n := bytes.Index(s.raw[pos:], []byte("\n--"))
			if n < 0 {
				break
			}
			pos += n + 1
		}
		line, next := cutLine(s.raw, pos)
		at, closing := s.match(line)
		if at < 0 {
			pos = next
			continue
		}
		s.finish(pos)
		s.leave(at + 1)
		if closing && !s.partFollows(next) {
			pos = next
			continue
		}
		pos = s.part(at, next)
	}
	s.finish(len(s.raw))
	s.leave(0)
}

// match finds whose border a line is: exactly, or followed by white space or by
// the two hyphens of the last one (RFC 2046 5.1.1).
func (s *splitter) match(line []byte) (at int, closing bool) {
	if len(s.open) == 0 || !bytes.HasPrefix(line, []byte("--")) {
		return -1, false
	}
	const longest = 1000 // the limit is 70; programs go beyond
	line = bytes.TrimRight(line[2:min(len(line), longest)], " \t")
	if at, ok := s.borders[string(line)]; ok {
		return at, false
	}
	if n := len(line) - 2; n >= 0 && line[n] == '-' && line[n+1] == '-' {
		if at, ok := s.borders[string(bytes.TrimRight(line[:n], " \t"))]; ok {
			return at, true
		}
	}
	return -1, false
}

func (s *splitter) isBorder(line []byte) bool {
	at, _ := s.match(line)
	return at >= 0
}

// partFollows tells that a border which says it is the last isn't.
func (s *splitter) partFollows(pos int) bool {
	line, _ := cutLine(s.raw, pos)
	name, _, ok := cutField(line)
	return ok && len(name) > 8 && strings.EqualFold(string(name[:8]), "Content-")
}

// finish ends the part whose content was being passed. The line break before a
// border belongs to the border.
func (s *splitter) finish(pos int) {
	if s.leaf == nil {
		return
	}
	body := s.raw[min(s.start, pos):pos]
	if pos < len(s.raw) {
		body = bytes.TrimSuffix(body, []byte("\n"))
		body = bytes.TrimSuffix(body, []byte("\r"))
	}
	s.leaf.body, s.leaf.Size = body, int64(len(body))
	if s.leaf.isMail() {
		s.leaf.Subject = ParseHeader(head(decodeTransfer(head(body), s.leaf.Encoding))).Raw("Subject")
	}
	s.leaf = nil
}

// head is as much of a mail within a mail as is read for its subject.
func head(body []byte) []byte { return body[:min(len(body), 64<<10)] }

// leave closes the levels from at on, innermost first. What they held is kept
// for those whose border never came.
func (s *splitter) leave(at int) {
	for n := len(s.open) - 1; n >= at; n-- {
		l := s.open[n]
		if l.hidden >= 0 {
			s.borders[l.border] = l.hidden
		} else {
			delete(s.borders, l.border)
		}
		s.open = s.open[:n]
	}
}

// part begins a part of the multipart at a level.
func (s *splitter) part(at, pos int) int {
	if s.pieces++; s.pieces > maxPieces {
		s.full = true
		return len(s.raw)
	}
	h, n := readHead(s.raw[pos:], s.isBorder)
	parent := s.open[at].piece
	byDefault := "text/plain"
	if parent.Type == "multipart/digest" {
		byDefault = "message/rfc822" // RFC 2046 5.1.5
	}
	p := describe(h, byDefault)
	parent.Children = append(parent.Children, p)
	s.begin(p, pos+n)
	return pos + n
}

// begin starts to pass a part's content.
func (s *splitter) begin(p *Piece, body int) {
	s.start = body
	if !p.multi() {
		s.leaf = p
		return
	}
	border := strings.TrimRight(p.Params["boundary"], " \t")
	if border == "" {
		border = s.hiddenBorder(body)
	}
	if border == "" || len(s.open) >= maxLevels {
		s.full = s.full || border != ""
		s.leaf = p // mended afterwards
		return
	}
	hidden := -1
	if before, ok := s.borders[border]; ok {
		hidden = before
	}
	s.borders[border] = len(s.open)
	s.open = append(s.open, level{p, border, body, hidden})
	s.leaf = p // its preamble, until the first part comes
}

// hiddenBorder finds the border of a multipart that names none: a line of two
// hyphens and a word near its start, with a part's head below it.
func (s *splitter) hiddenBorder(pos int) string {
	const (
		near = 12
		word = 100
	)
	for range near {
		line, next := cutLine(s.raw, min(pos, len(s.raw)))
		if bytes.HasPrefix(line, []byte("--")) && len(line) > 4 && len(line) < word && !bytes.ContainsAny(line, " \t") && s.partFollows(next) {
			return string(line[2:])
		}
		if pos = next; pos >= len(s.raw) {
			break
		}
	}
	return ""
}

// mend makes something of multiparts without parts: their border never came, or
// is another than they say, or they were encoded as a whole, which RFC 2045 6.4
// forbids. Without any of it their content is text.
func mend(p *Piece, depth int, s *splitter) {
	if !p.multi() {
		return
	}
	if len(p.Children) > 0 {
		p.body = nil
		for _, c := range p.Children {
			mend(c, depth+1, s)
		}
		return
	}
	const most = 20 // times that a content is read again
	p.broken = true
	if s.mended++; s.mended <= most && depth < most && len(p.body) > 0 {
		body := decodeTransfer(p.body, p.Encoding)
		again := splitter{raw: body, borders: map[string]int{}, mended: s.mended, pieces: s.pieces}
		border := again.hiddenBorder(0)
		if len(body) != len(p.body) {
			border = p.Params["boundary"]
		}
		if border != "" {
			child := &Piece{Type: p.Type, Params: map[string]string{"boundary": border}}
			again.begin(child, 0)
			again.run(0)
			if len(child.Children) > 0 {
				p.Children, p.body = child.Children, nil
				mend(p, depth+1, &again)
			}
		}
		s.mended, s.pieces = again.mended, again.pieces
	}
	if len(p.Children) == 0 {
		p.Type = "text/plain"
	}
}
