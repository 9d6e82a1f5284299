package sift

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// fetch is a FETCH response (RFC 9051 7.5.2) on its way through.
type fetch struct {
	seq   uint32
	told  Changed // what it says of flags, while a command of ours is under way
	uid   bool    // was handed on, or is among items
	items []byte  // ready, and not handed on before the UID is known
	begun bool    // "* n FETCH (" was handed on
	ended bool    // the list is closed
	count int     // items handed on
}

// fetchFrom reads a FETCH whose first line was read; from is where its list
// begins.
func (c *Conn) fetchFrom(seq uint32, from int, end ending) error {
	f := &c.room
	*f = fetch{seq: seq, items: f.items[:0]}
	if cap(f.items) > maxInline {
		f.items = nil
	}
	if i := bytes.IndexByte(c.line[from:], '('); i >= 0 {
		from += i + 1
	}
	return c.fetchPart(f, from, end)
}

// fetchOn goes on behind a literal that has passed.
func (c *Conn) fetchOn(f *fetch) error {
	c.line = c.line[:0]
	end, err := c.readLine()
	if err != nil {
		return err
	}
	return c.fetchPart(f, 0, end)
}

// fetchPart reads items up to the end of the response or to a literal that
// passes. Literals inside a structure are short and stay.
func (c *Conn) fetchPart(f *fetch, from int, end ending) error {
	whole := !end.cut
	depth := nesting(c.line[min(from, len(c.line)):])
	for end.literal >= 0 {
		if whole && depth == 0 {
			if head := sectionHead(c.line); head != nil {
				return c.passLiteral(f, from, head, end.literal)
			}
		}
		var behind int
		var err error
		if end, behind, err = c.readLiteral(end, whole); err != nil {
			return err
		}
		whole = whole && !end.cut
		depth += nesting(c.line[behind:])
	}
	if whole {
		c.items(f, from)
	}
	c.endFetch(f)
	return nil
}

// nesting is how many lists a line opens beyond those it closes.
func nesting(b []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch {
		case quoted && b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case quoted:
		case b[i] == '(':
			depth++
		case b[i] == ')':
			depth--
		}
	}
	return depth
}

// sectionHead gives BODY[…]<n> at the end of a line, nil when something else
// stands there. BINARY[…] is never asked for, and go-imap can't read all of its
// forms (an offset, a literal8).
func sectionHead(b []byte) []byte {
	b = bytes.TrimRight(b, " ")
	to := len(b)
	if to > 0 && b[to-1] == '>' {
		to = bytes.LastIndexByte(b, '<')
	}
	if to < 1 || b[to-1] != ']' {
		return nil
	}
	from := bytes.LastIndexByte(b[:to], '[')
	const name = "BODY"
	if at := from - len(name); at >= 0 && foldPrefix(b[at:], name) {
		return b[at:]
	}
	return nil
}

// passLiteral hands on what came before a literal, its head, and lets the
// literal pass. go-imap must have heard the UID by then: until it has, literals
// are kept back, as far as there is room.
func (c *Conn) passLiteral(f *fetch, from int, head []byte, size int64) error {
	c.line = c.line[:bytes.LastIndex(c.line, head)+len(head)]
	c.items(f, from)
	f.items = append(append(f.separate(), head...), " {"...)
	f.items = append(strconv.AppendInt(f.items, size, 10), "}\r\n"...)
	c.fetch = f
	if !f.uid && int64(len(f.items))+size <= maxHeld {
		at := len(f.items)
		f.items = append(f.items, make([]byte, size)...)
		_, err := readFull(c.r, f.items[at:])
		return err
	}
	c.begin(f)
	c.through = size
	return nil
}

// begin hands on what is ready.
func (c *Conn) begin(f *fetch) {
	if !f.begun {
		c.out = strconv.AppendUint(append(c.out, "* "...), uint64(f.seq), 10)
		c.out = append(c.out, " FETCH ("...)
		f.begun = true
	}
	c.out = append(c.out, f.items...)
	f.items = f.items[:0]
}

// endFetch closes the list. A FETCH of nothing is left out.
func (c *Conn) endFetch(f *fetch) {
	if f.count == 0 {
		return
	}
	if !f.begun && c.toAsk(func(a *Answer) { a.Changed = append(a.Changed, f.told) }) {
		return
	}
	c.begin(f)
	c.out = append(c.out, ")\r\n"...)
}

func (f *fetch) separate() []byte {
	f.count++
	if f.count > 1 {
		return append(f.items, ' ')
	}
	return f.items
}

// items makes the items of c.line ready. What can't be read is left out.
func (c *Conn) items(f *fetch, from int) {
	if f.ended || from > len(c.line) {
		return
	}
	t, ok := lex(c.tokens[:0], c.line[from:])
	c.tokens = t
	if !ok && !f.uid { // too deep: what stands before the depth still counts
		t = shallow(t)
	}
	for len(t) > 0 {
		name, rest := cut(t)
		if len(name) == 0 {
			f.ended = true
			return
		}
		value, after := cut(rest)
		if len(value) == 0 && len(rest) > 0 && rest[0].kind == open {
			return // a list without an end
		}
		t = after
		if len(name) == 1 && name[0].kind == word {
			c.item(f, name[0].text, value)
		}
	}
}

// shallow cuts tokens before the first list that has no end.
func shallow(t []token) []token {
	for i := range t {
		if t[i].kind == open && t[i].mate == 0 {
			return t[:max(i-1, 0)]
		}
	}
	return t
}

// item makes one item ready, if it is one we ask for and can be read.
func (c *Conn) item(f *fetch, name []byte, value []token) {
	was, count := len(f.items), f.count
	out := f.separate()
	ok := false
	switch {
	case bytes.IndexByte(name, '[') > 0:
		out, ok = appendSection(out, name, value)
	case bytes.EqualFold(name, []byte("UID")):
		var n uint64
		if n, ok = numberOf(value, math.MaxUint32); n == 0 {
			ok = false
		}
		out = strconv.AppendUint(append(out, "UID "...), n, 10)
		if ok && f.count > 1 && !f.begun { // go-imap wants it before any literal
			rest := append([]byte(" "), f.items[:was]...)
			out = append(append(f.items[:0], out[was+1:]...), rest...)
		}
		if ok {
			f.uid, f.told.UID = true, uint32(n)
		}
	case bytes.EqualFold(name, []byte("FLAGS")):
		out, ok = appendFlags(append(out, "FLAGS "...), value)
		ok = ok && len(value) > 1
		if c.asking() {
			f.told.Flags = flagsOf(value)
		}
	case bytes.EqualFold(name, []byte("MODSEQ")):
		in, _ := inside(value)
		var n uint64
		n, ok = numberOf(in, math.MaxInt64)
		f.told.ModSeq = n
		out = append(strconv.AppendUint(append(out, "MODSEQ ("...), n, 10), ')')
	case bytes.EqualFold(name, []byte("RFC822.SIZE")):
		var n uint64
		n, ok = numberOf(value, math.MaxInt64)
		out = strconv.AppendUint(append(out, "RFC822.SIZE "...), n, 10)
	case bytes.EqualFold(name, []byte("INTERNALDATE")):
		out, ok = appendDate(append(out, "INTERNALDATE "...), value)
	case bytes.EqualFold(name, []byte("BODYSTRUCTURE")), bytes.EqualFold(name, []byte("BODY")):
		out, ok = appendBody(append(append(out, bytes.ToUpper(name)...), ' '), value)
	case bytes.EqualFold(name, []byte(ItemGmailID)):
		var n uint64
		n, ok = numberOf(value, math.MaxUint64)
		out = append(append(out, "BODY["...), ItemGmailID...)
		out = append(strconv.AppendUint(append(out, `] "`...), n, 10), '"')
	}
	if !ok {
		out, f.count = f.items[:was], count
	}
	f.items = out
}

// appendSection writes the text of a part that came as a string.
func appendSection(dst, name []byte, value []token) ([]byte, bool) {
	if sectionHead(name) == nil {
		return dst, false
	}
	dst = append(append(dst, name...), ' ')
	switch {
	case isNIL(value):
		return append(dst, "NIL"...), true
	case len(value) == 1 && value[0].kind == text:
		dst = append(strconv.AppendInt(append(dst, '{'), int64(len(value[0].text)), 10), "}\r\n"...)
		return append(dst, value[0].text...), true
	}
	return dst, false
}

// dateForms are how servers write INTERNALDATE; the first is the right one.
var dateForms = []string{
	"_2-Jan-2006 15:04:05 -0700", "2-Jan-2006 15:04:05 -0700", "_2-Jan-2006 15:04:05 -07:00",
	"_2-Jan-2006 15:04:05 MST", "_2-Jan-2006 15:04:05", "_2-Jan-06 15:04:05 -0700",
	time.RFC1123Z, "2 Jan 2006 15:04:05 -0700", time.RFC3339,
}

// appendDate writes a date in the one form go-imap reads.
func appendDate(dst []byte, v []token) ([]byte, bool) {
	s, ok := words(v)
	if !ok {
		return dst, false
	}
	if isDate(s) {
		return appendQuoted(dst, s), true
	}
	trimmed := string(bytes.TrimSpace(s))
	for _, form := range dateForms {
		if at, err := time.Parse(form, trimmed); err == nil && at.Year() >= 1970 {
			return at.AppendFormat(dst, `"_2-Jan-2006 15:04:05 -0700"`), true
		}
	}
	return dst, false
}

// isDate tells of a date as it should be without the trouble of reading it:
// most are. A date it isn't sure of is read.
func isDate(s []byte) bool {
	const form = " 1-Jan-2026 10:00:00 +0000"
	if len(s) != len(form) {
		return false
	}
	for i := range len(form) {
		switch digit := s[i] >= '0' && s[i] <= '9'; {
		case i == 0 || i >= 3 && i < 6 || i == 21:
		case form[i] >= '0' && form[i] <= '9':
			if !digit {
				return false
			}
		case s[i] != form[i]:
			return false
		}
	}
	day := s[0] == ' ' || s[0] >= '0' && s[0] <= '2'
	return day && s[1] != '0' && s[1] != '9' && bytes.Index(months, s[3:6])%3 == 0 && s[7] >= '1' &&
		s[12] <= '1' && s[15] <= '5' && s[18] <= '5' && (s[21] == '+' || s[21] == '-') && s[22] <= '1' && s[24] <= '5'
}

var months = []byte("JanFebMarAprMayJunJulAugSepOctNovDec")
