package sift

import (
	"bytes"
	"math"
	"strconv"
)

// response hands on one response, whose first line was read.
func (c *Conn) response(end ending) error {
	first, rest := cutWord(c.line)
	switch {
	case !c.greeted && string(first) != "*":
		return ErrNotIMAP
	case string(first) == "*":
		return c.untagged(rest, end)
	case len(first) > 0 && first[0] == '+':
		c.goOn(c.line[1:])
	case c.isPending(first):
		c.tagged(string(first), rest)
	}
	_, err := c.readRest(end) // a line of nobody's may still have literals
	return err
}

// goOn hands a continuation request on, if somebody waits for one: go-imap
// takes any other for the end of the world.
func (c *Conn) goOn(said []byte) {
	c.mu.Lock()
	waited := c.said.takePlus()
	c.mu.Unlock()
	if waited {
		c.out = append(c.out, "+ "...)
		c.out = append(c.out, bytes.TrimLeft(said, " ")...)
		c.out = append(c.out, "\r\n"...)
	}
}

func (c *Conn) untagged(rest []byte, end ending) error {
	name, after := cutWord(rest)
	if isCondition(name) {
		c.condition("*", name, after)
		return nil
	}
	num, numbered := number(name, math.MaxUint32)
	if numbered {
		name, after = cutWord(after)
	}
	if numbered && bytes.EqualFold(name, []byte("FETCH")) {
		return c.fetchFrom(uint32(num), len(c.line)-len(after), end)
	}
	kept := string(bytes.ToUpper(name))
	from := len(c.line) - len(after)
	whole, err := c.readRest(end)
	if err != nil {
		return err
	}
	if whole {
		c.tokens, whole = lex(c.tokens[:0], c.line[from:])
	}
	switch {
	case numbered:
		c.counted(uint32(num), kept)
	case !whole:
		c.spoil(kept)
	default:
		c.data(kept, c.tokens)
	}
	return nil
}

// counted hands on what is said of the selected folder. How many messages there
// are is kept: VANISHED says of how many fewer there are, but not how many.
func (c *Conn) counted(n uint32, name string) {
	switch name {
	case "EXISTS":
		c.exists = n
	case "EXPUNGE":
		if n == 0 || n > c.exists {
			return
		}
		c.exists--
	default:
		return // RECENT, and the COPY and STORE of IMAP2
	}
	c.out = append(strconv.AppendUint(append(c.out, "* "...), uint64(n), 10), ' ')
	c.out = append(append(c.out, name...), "\r\n"...)
}

// data hands on what was asked for. Everything else is left out: no command of
// ours is answered by it.
func (c *Conn) data(name string, t []token) {
	at := len(c.out)
	c.out = append(append(append(c.out, "* "...), name...), ' ')
	ok := true
	switch name {
	case "CAPABILITY", "ENABLED":
		c.out = appendCaps(c.out, t)
	case "FLAGS":
		c.out, ok = appendFlags(c.out, t)
	case "LIST":
		c.out, ok = appendList(c.out, t)
	case "STATUS":
		c.out, ok = c.appendStatus(c.out, t)
	case "SEARCH":
		if c.found(t) {
			c.out = c.out[:at]
			return
		}
		c.out, ok = appendSearch(c.out, t)
	case "ESEARCH":
		c.out, ok = c.appendESearch(c.out, t)
	case "ID":
		c.out = appendID(c.out, t)
	case "VANISHED":
		c.out = c.out[:at]
		c.vanished(t)
		return
	default:
		c.out = c.out[:at]
		return
	}
	if !ok {
		c.out = c.out[:at]
		c.spoil(name)
		return
	}
	c.out = append(bytes.TrimRight(c.out, " "), "\r\n"...)
}

// spoil notes that an answer can't be read. Left out, a search would have found
// nothing, and whoever asked would take everything for gone.
func (c *Conn) spoil(name string) {
	if name != "SEARCH" && name != "ESEARCH" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said.spoil()
}

// tagged ends a command.
func (c *Conn) tagged(tag string, rest []byte) {
	name, after := cutWord(rest)
	if !isCondition(name) || bytes.EqualFold(name, []byte("BYE")) || bytes.EqualFold(name, []byte("PREAUTH")) {
		name = []byte("BAD")
	}
	c.mu.Lock()
	cmd := c.said.answered(tag)
	ours := c.takeAsk(tag)
	c.mu.Unlock()
	switch {
	case ours != nil:
		if code, _, said := readCode(after); code == "ALERT" {
			c.tell(said)
		}
		ours.answer(name, after)
		return
	case cmd.spoilt && bytes.EqualFold(name, []byte("OK")):
		name, after = []byte("NO"), []byte("[SERVERBUG] the answer can't be read")
	}
	c.condition(tag, name, after)
}

func isCondition(name []byte) bool {
	for _, known := range []string{"OK", "NO", "BAD", "BYE", "PREAUTH"} {
		if bytes.EqualFold(name, []byte(known)) {
			return true
		}
	}
	return false
}

// cutWord takes the first word of a line off.
func cutWord(b []byte) (first, rest []byte) {
	b = bytes.TrimLeft(b, " ")
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		return b[:i], b[i:]
	}
	return b, b[len(b):]
}

// condition hands on OK, NO, BAD, BYE and PREAUTH. Their response code (RFC
// 9051 7.1) keeps its arguments only where go-imap reads them.
func (c *Conn) condition(tag string, name, rest []byte) {
	code, args, said := readCode(rest)
	said = bytes.TrimSpace(said)
	if code == "ALERT" {
		c.tell(said)
	}
	c.greeted = true
	c.out = append(append(append(c.out, tag...), ' '), bytes.ToUpper(name)...)
	if code != "" {
		c.out = append(append(c.out, " ["...), code...)
		at := len(c.out)
		if args, ok := appendArgs(append(c.out, ' '), code, args, &c.tokens); ok {
			c.out = append(args, ']')
		} else if hasArgs(code) {
			c.out = c.out[:at-len(code)-len(" [")]
		} else {
			c.out = append(c.out[:at], ']')
		}
	}
	if c.out = append(c.out, ' '); len(said) == 0 || said[0] == '[' {
		c.out = append(c.out, '-') // go-imap wants words, and takes a bracket for a code
	}
	c.out = append(append(c.out, said...), "\r\n"...)
}

// tell brings words for people to whoever listens.
func (c *Conn) tell(said []byte) {
	if c.alert != nil {
		c.alert(plainText(bytes.TrimSpace(said)))
	}
}

// plainText bounds the words of a server and leaves nothing in them that isn't
// text.
func plainText(b []byte) string {
	const longest = 1500
	if len(b) > longest {
		b = b[:longest]
	}
	return string(bytes.ToValidUTF8(b, []byte("\uFFFD")))
}

// readCode takes [CODE args] off the front. A code that has no end is text.
func readCode(rest []byte) (code string, args, said []byte) {
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 0 || rest[0] != '[' {
		return "", nil, rest
	}
	to := codeEnd(rest)
	if to < 0 {
		return "", nil, rest
	}
	name, args := cutWord(rest[1:to])
	name = bytes.ToUpper(name)
	if !isAtom(name) {
		return "", nil, rest[to+1:]
	}
	return string(name), args, rest[to+1:]
}

// codeEnd finds the bracket that closes a code: past any inside a string or a
// list, unless those have no end themselves.
func codeEnd(b []byte) int {
	quoted, depth, first := false, 0, -1
	for i := 1; i < len(b); i++ {
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
		case b[i] == ']' && depth <= 0:
			return i
		case b[i] == ']' && first < 0:
			first = i
		}
	}
	if first < 0 {
		return bytes.IndexByte(b, ']')
	}
	return first
}

// hasArgs tells of a code that go-imap can't read without its arguments.
func hasArgs(code string) bool {
	switch code {
	case "CAPABILITY", "PERMANENTFLAGS", "UIDNEXT", "UIDVALIDITY", "HIGHESTMODSEQ", "COPYUID", "APPENDUID":
		return true
	}
	return false
}

// appendArgs writes a code's arguments, false when they are none that go-imap
// reads.
func appendArgs(dst []byte, code string, args []byte, room *[]token) ([]byte, bool) {
	t, ok := lex((*room)[:0], args)
	*room = t
	if !ok || !hasArgs(code) {
		return dst, false
	}
	first, rest := cut(t)
	switch code {
	case "CAPABILITY":
		dst = appendCaps(dst, t)
		return bytes.TrimRight(dst, " "), true
	case "PERMANENTFLAGS":
		return appendFlags(dst, t)
	case "UIDNEXT", "UIDVALIDITY":
		n, ok := numberOf(first, math.MaxUint32)
		return strconv.AppendUint(dst, n, 10), ok
	case "HIGHESTMODSEQ":
		n, ok := numberOf(first, math.MaxInt64)
		return strconv.AppendUint(dst, n, 10), ok
	case "APPENDUID":
		epoch, ok1 := numberOf(first, math.MaxUint32)
		uid, ok2 := numberOf(rest, math.MaxUint32) // more than one is for MULTIAPPEND
		dst = append(strconv.AppendUint(dst, epoch, 10), ' ')
		return strconv.AppendUint(dst, uid, 10), ok1 && ok2
	}
	return dst, false // COPYUID: nothing is ever copied
}
