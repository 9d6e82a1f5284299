package sift

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// token is one piece of a line: a parenthesis, a string, or anything else.
type token struct {
	kind kind
	text []byte // of a string: what it means, without quotes
	mate int    // of an opening parenthesis: how many tokens on its partner is, 0: none
}

type kind byte

const (
	open kind = '('
	shut kind = ')'
	text kind = '"' // quoted or a literal
	word kind = 'a' // an atom, a number, NIL, or whatever stands there
)

// lex cuts a line into tokens. false: lists are nested too deeply.
func lex(dst []token, b []byte) ([]token, bool) {
	var opened [maxDepth]int
	depth := 0
	for i := 0; i < len(b); {
		switch b[i] {
		case ' ':
			i++
		case '(':
			if depth == maxDepth {
				return dst, false
			}
			opened[depth] = len(dst)
			depth++
			dst = append(dst, token{kind: open})
			i++
		case ')':
			if depth > 0 {
				depth--
				dst[opened[depth]].mate = len(dst) - opened[depth]
			}
			dst = append(dst, token{kind: shut})
			i++
		case '"':
			s, n := quotedText(b[i:])
			dst = append(dst, token{kind: text, text: s})
			i += n
		case 0:
			size := int(binary.BigEndian.Uint32(b[i+1:]))
			dst = append(dst, token{kind: text, text: b[i+5 : i+5+size]})
			i += 5 + size
		default:
			n := wordLength(b[i:])
			dst = append(dst, token{kind: word, text: b[i : i+n]})
			i += n
		}
	}
	return dst, true
}

// quotedText reads a quoted string, whose end may be missing.
func quotedText(b []byte) (s []byte, n int) {
	plain := true
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			plain = false
			i++
		case '"':
			if plain {
				return b[1:i], i + 1
			}
			return unescape(b[1:i]), i + 1
		}
	}
	return unescape(b[1:]), len(b)
}

func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			i++
		}
		out = append(out, b[i])
	}
	return out
}

// wordLength measures a word. The section of BODY[…] and its like belongs to
// it, with the spaces and lists inside.
func wordLength(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case ' ', '(', ')', '"', 0:
			return max(i, 1)
		case '[':
			if !bytes.EqualFold(b[:i], []byte("BODY")) && !bytes.EqualFold(b[:i], []byte("BINARY")) &&
				!bytes.EqualFold(b[:i], []byte("BINARY.SIZE")) {
				continue
			}
			to := bytes.IndexByte(b[i:], ']')
			if to < 0 {
				return len(b)
			}
			i += to
		}
	}
	return len(b)
}

// cut takes the first value off: one token, or a list with its parentheses.
// There is none at a closing parenthesis or where a list has no end.
func cut(t []token) (first, rest []token) {
	switch {
	case len(t) == 0 || t[0].kind == shut:
		return nil, t
	case t[0].kind == open:
		if t[0].mate == 0 {
			return nil, nil
		}
		return t[:t[0].mate+1], t[t[0].mate+1:]
	}
	return t[:1], t[1:]
}

// inside gives what a list holds, false for anything that is no list.
func inside(v []token) ([]token, bool) {
	if len(v) == 0 || v[0].kind != open {
		return nil, false
	}
	return v[1 : len(v)-1], true
}

// words gives the text of a single token; NIL and lists have none.
func words(v []token) ([]byte, bool) {
	if len(v) != 1 || v[0].kind != text && v[0].kind != word || isNIL(v) {
		return nil, false
	}
	return v[0].text, true
}

func isNIL(v []token) bool {
	return len(v) == 1 && v[0].kind == word && bytes.EqualFold(v[0].text, []byte("NIL"))
}

// wordIs tells whether a value is this word, whatever its case.
func wordIs(v []token, want string) bool {
	return len(v) == 1 && v[0].kind == word && bytes.EqualFold(v[0].text, []byte(want))
}

func numberOf(v []token, limit uint64) (uint64, bool) {
	s, ok := words(v)
	if !ok {
		return 0, false
	}
	return number(s, limit)
}

// isAtom tells whether go-imap reads b as one atom.
func isAtom(b []byte) bool {
	for _, ch := range b {
		if ch <= ' ' || ch >= 0x7f || strings.IndexByte(`(){%*"\]`, ch) >= 0 {
			return false
		}
	}
	return len(b) > 0
}

// appendQuoted writes a string so that it can't be misread.
func appendQuoted(dst, s []byte) []byte {
	dst = append(dst, '"')
	for _, ch := range s {
		switch ch {
		case '"', '\\':
			dst = append(dst, '\\', ch)
		case 0, '\r', '\n':
			dst = append(dst, ' ')
		default:
			dst = append(dst, ch)
		}
	}
	return append(dst, '"')
}

// appendString writes a value as a string, NIL where it has no text.
func appendString(dst []byte, v []token) []byte {
	if s, ok := words(v); ok {
		return appendQuoted(dst, s)
	}
	return append(dst, "NIL"...)
}
