package sift

import (
	"bytes"
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// appendCaps writes what a server can do. IMAP4rev2 beside IMAP4rev1 waits to be
// enabled (RFC 9051 6.3.1): go-imap takes the name for the deed and would send
// UTF-8, and Microsoft 365 doesn't have all of what the name stands for.
func appendCaps(dst []byte, t []token) []byte {
	older := slices.ContainsFunc(t, func(tok token) bool { return bytes.EqualFold(tok.text, []byte("IMAP4rev1")) })
	for _, tok := range t {
		if older && bytes.EqualFold(tok.text, []byte("IMAP4rev2")) {
			continue
		}
		if tok.kind == word && isAtom(tok.text) {
			dst = append(append(dst, tok.text...), ' ')
		}
	}
	return dst
}

// appendFlags writes a list of flags without those that are none.
func appendFlags(dst []byte, t []token) ([]byte, bool) {
	list, _ := cut(t)
	in, ok := inside(list)
	if !ok {
		return dst, isNIL(list)
	}
	dst = append(dst, '(')
	for _, tok := range in {
		name, system := bytes.CutPrefix(tok.text, []byte(`\`))
		if system { // home.pl forgets the space: \Sent\HasNoChildren
			for i := bytes.IndexByte(name, '\\'); tok.kind == word && i > 0 && isAtom(name[:i]); i = bytes.IndexByte(name, '\\') {
				dst = append(append(append(dst, '\\'), name[:i]...), ' ')
				name = name[i+1:]
			}
		}
		if tok.kind != word || !isAtom(name) && !(system && string(name) == "*") {
			continue
		}
		if system {
			dst = append(dst, '\\')
		}
		dst = append(append(dst, name...), ' ')
	}
	return append(bytes.TrimRight(dst, " "), ')'), true
}

// appendList writes a folder's name and attributes (RFC 9051 7.3.1). false: the
// folder has no name that could be used again.
func appendList(dst []byte, t []token) ([]byte, bool) {
	attrs, t := cut(t)
	if list, ok := inside(attrs); ok {
		if dst, ok = appendFlags(dst, attrs); !ok || len(list) == 0 {
			dst = append(bytes.TrimSuffix(dst, []byte("()")), "()"...)
		}
	} else {
		dst = append(dst, "()"...)
	}
	delimiter, t := cut(t)
	name, _ := cut(t)
	dst = append(dst, ' ')
	if d, ok := words(delimiter); ok && utf8.Valid(d) && utf8.RuneCount(d) == 1 {
		dst = appendQuoted(dst, d)
	} else {
		dst = append(dst, "NIL"...)
	}
	return appendMailbox(append(dst, ' '), name)
}

// appendMailbox writes a folder's name, if go-imap can read it.
func appendMailbox(dst []byte, v []token) ([]byte, bool) {
	if len(v) != 1 || v[0].kind != text && v[0].kind != word {
		return dst, false
	}
	name := v[0].text // a folder may well be called NIL
	if !isMailboxName(name) {
		return dst, false
	}
	return appendQuoted(dst, name), true
}

// isMailboxName tells whether a name is printable ASCII or UTF-8 in which every
// & begins modified base64 (RFC 3501 5.1.3).
func isMailboxName(b []byte) bool {
	if len(b) == 0 || !utf8.Valid(b) {
		return false
	}
	shifted := false // the character before ended a shift
	for len(b) > 0 {
		if b[0] < ' ' || b[0] == 0x7f {
			return false
		}
		if b[0] != '&' {
			b, shifted = b[1:], false
			continue
		}
		to := bytes.IndexByte(b, '-')
		if to < 0 {
			return false
		}
		if to > 1 && (shifted || !isShifted(b[1:to])) {
			return false
		}
		shifted = to > 1
		b = b[to+1:]
	}
	return true
}

var shiftedBase64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").
	WithPadding(base64.NoPadding)

func isShifted(b []byte) bool {
	raw := make([]byte, shiftedBase64.DecodedLen(len(b)))
	n, err := shiftedBase64.Decode(raw, b)
	if err != nil || n == 0 || n%2 != 0 {
		return false
	}
	for i := 0; i < n; i += 2 {
		r := rune(raw[i])<<8 | rune(raw[i+1])
		if utf16.IsSurrogate(r) {
			if i += 2; i >= n {
				return false
			}
			if utf16.DecodeRune(r, rune(raw[i])<<8|rune(raw[i+1])) == utf8.RuneError {
				return false
			}
		} else if r >= ' ' && r < 0x7f {
			return false // what needs no shift must not have one
		}
	}
	return true
}

// appendStatus writes what STATUS says (RFC 9051 7.3.4). Some servers call the
// folder otherwise than they were asked; while one STATUS alone is awaited, it
// is the one.
func (c *Conn) appendStatus(dst []byte, t []token) ([]byte, bool) {
	name, rest := cut(t)
	if len(name) != 1 {
		return dst, false
	}
	list, _ := cut(rest)
	in, ok := inside(list)
	if !ok {
		return dst, false
	}
	c.mu.Lock()
	if asked, ok := c.said.statusOf(name[0].text); ok {
		name = []token{{kind: text, text: asked}}
	}
	c.mu.Unlock()
	if dst, ok = appendMailbox(dst, name); !ok {
		return dst, false
	}
	dst = append(dst, " ("...)
	for len(in) > 0 {
		var item, value []token
		item, in = cut(in)
		value, in = cut(in)
		limit := uint64(math.MaxUint32)
		switch {
		case wordIs(item, "HIGHESTMODSEQ"):
			limit = math.MaxInt64
		case wordIs(item, "MESSAGES"), wordIs(item, "UIDNEXT"), wordIs(item, "UIDVALIDITY"):
		default:
			continue
		}
		if n, ok := numberOf(value, limit); ok {
			dst = append(append(dst, item[0].text...), ' ')
			dst = append(strconv.AppendUint(dst, n, 10), ' ')
		}
	}
	return append(bytes.TrimRight(dst, " "), ')'), true
}

// appendSearch writes the numbers found.
func appendSearch(dst []byte, t []token) ([]byte, bool) {
	for _, tok := range t {
		if tok.kind == open {
			break // (MODSEQ n)
		}
		n, ok := number(tok.text, math.MaxUint32)
		if tok.kind != word || !ok {
			return dst, false
		}
		if n > 0 {
			dst = append(append(dst, tok.text...), ' ')
		}
	}
	return dst, true
}

// appendESearch writes for which command and which messages were found (RFC
// 9051 7.3.4). The server may leave out the command; go-imap can't.
func (c *Conn) appendESearch(dst []byte, t []token) ([]byte, bool) {
	c.mu.Lock()
	tag := []byte(c.said.firstTag("SEARCH"))
	c.mu.Unlock()
	first, rest := cut(t)
	if in, ok := inside(first); ok {
		if len(in) != 2 || !wordIs(in[:1], "TAG") {
			return dst, false
		}
		tag, t = in[1].text, rest
	}
	dst = append(appendQuoted(append(dst, "(TAG "...), tag), ") "...)
	if first, rest = cut(t); wordIs(first, "UID") {
		dst, t = append(dst, "UID "...), rest
	}
	for len(t) > 0 {
		var name, value []token
		name, t = cut(t)
		if value, t = cut(t); len(value) == 0 {
			break
		}
		if !wordIs(name, "ALL") {
			continue
		}
		found, err := parseRanges(string(value[0].text))
		if err != nil || value[0].kind != word {
			return dst, false
		}
		dst = append(appendRanges(append(dst, "ALL "...), found), ' ')
	}
	return dst, true
}

func appendRanges(dst []byte, list []Range) []byte {
	for i, r := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst = strconv.AppendUint(dst, uint64(r.Lo), 10); r.Hi != r.Lo {
			dst = strconv.AppendUint(append(dst, ':'), uint64(r.Hi), 10)
		}
	}
	return dst
}

// appendID writes who the server says it is (RFC 2971): pairs of strings.
func appendID(dst []byte, t []token) []byte {
	list, _ := cut(t)
	return appendParams(dst, list)
}

// Range is the UIDs Lo to Hi, both included.
type Range struct{ Lo, Hi uint32 }

// parseRanges reads a set of numbers without *.
func parseRanges(s string) ([]Range, error) {
	var out []Range
	for piece := range strings.SplitSeq(s, ",") {
		lo, hi, ranged := strings.Cut(piece, ":")
		if !ranged {
			hi = lo
		}
		a, err := strconv.ParseUint(lo, 10, 32)
		if err != nil {
			return nil, err
		}
		b, err := strconv.ParseUint(hi, 10, 32)
		if err != nil {
			return nil, err
		}
		if a == 0 || b == 0 {
			return nil, strconv.ErrRange
		}
		out = append(out, Range{uint32(min(a, b)), uint32(max(a, b))})
	}
	return out, nil
}
