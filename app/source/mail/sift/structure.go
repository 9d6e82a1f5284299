package sift

import (
	"bytes"
	"math"
	"strconv"
)

// appendBody writes a BODYSTRUCTURE (RFC 9051 7.5.2) in the form go-imap reads.
// What it needs and the server left out is filled in where that changes
// nothing. false: nobody can tell what the parts are; whoever asked reads the
// whole message instead.
func appendBody(dst []byte, body []token) ([]byte, bool) {
	t, ok := inside(body)
	if !ok {
		return dst, false
	}
	first, rest := cut(t)
	if _, many := inside(first); many {
		return appendParts(dst, t)
	}
	kind, ok := words(first)
	if !ok {
		return dst, false
	}
	return appendPart(dst, kind, rest)
}

func appendParts(dst []byte, t []token) ([]byte, bool) {
	dst = append(dst, '(')
	for {
		part, rest := cut(t)
		_, ok := inside(part)
		if !ok {
			break
		}
		if dst, ok = appendBody(dst, part); !ok {
			return dst, false
		}
		t = rest
	}
	subtype, t := cut(t)
	name, ok := words(subtype)
	if !ok {
		name = []byte("MIXED") // what an unknown subtype counts as (RFC 2046 5.1.3)
	}
	dst = appendQuoted(append(dst, ' '), name)
	if params, t := cut(t); len(params) > 0 {
		disposition, _ := cut(t)
		dst = appendParams(append(dst, ' '), params)
		dst = appendDisposition(append(dst, ' '), disposition)
	}
	return append(dst, ')'), true
}

// appendPart writes a single part; t follows its type.
func appendPart(dst, kind []byte, t []token) ([]byte, bool) {
	subtype, t := cut(t)
	sub, ok := words(subtype)
	if !ok {
		return dst, false // also how some servers say "a multipart without parts"
	}
	params, t := cut(t)
	id, t := cut(t)
	description, t := cut(t)
	encoding, t := cut(t)
	octets, t := cut(t)
	size, ok := octetsOf(octets)
	if !ok {
		return dst, false
	}
	dst = appendQuoted(append(dst, '('), kind)
	dst = appendQuoted(append(dst, ' '), sub)
	dst = appendParams(append(dst, ' '), params)
	for _, v := range [][]token{id, description, encoding} {
		dst = appendString(append(dst, ' '), v)
	}
	dst = strconv.AppendUint(append(dst, ' '), size, 10)
	switch {
	case bytes.EqualFold(kind, []byte("MESSAGE")) && (bytes.EqualFold(sub, []byte("RFC822")) || bytes.EqualFold(sub, []byte("GLOBAL"))):
		dst, t = appendMessage(dst, t)
	case bytes.EqualFold(kind, []byte("TEXT")):
		dst, t = appendLines(append(dst, ' '), t)
	}
	if md5, t := cut(t); len(md5) > 0 {
		disposition, _ := cut(t)
		dst = appendDisposition(append(dst, " NIL "...), disposition)
	}
	return append(dst, ')'), true
}

// octetsOf reads a size. Some servers don't know it and say -1 or NIL; that is
// not 0, which would mean there is nothing to fetch.
func octetsOf(v []token) (uint64, bool) {
	if n, ok := numberOf(v, math.MaxInt64); ok {
		return min(n, math.MaxUint32), true
	}
	return 0, false
}

// appendLines writes the number of lines of a text. Where a server leaves it
// out, what stands there is the first of four extension fields.
func appendLines(dst []byte, t []token) ([]byte, []token) {
	lines, rest := cut(t)
	if n, ok := numberOf(lines, math.MaxInt64); ok {
		return strconv.AppendUint(dst, n, 10), rest
	}
	const extensions = 4
	if isNIL(lines) && values(rest) >= extensions {
		t = rest
	}
	return append(dst, '0'), t
}

func values(t []token) int {
	n := 0
	for v, rest := cut(t); len(v) > 0; v, rest = cut(rest) {
		n++
	}
	return n
}

// appendMessage writes what an enclosed message has beside other parts. Some
// servers treat it as any file and have nothing to say: then an empty one
// stands in, so that what follows keeps its place.
func appendMessage(dst []byte, t []token) ([]byte, []token) {
	envelope, rest := cut(t)
	body, rest := cut(rest)
	lines, rest := cut(rest)
	at := len(dst)
	if in, ok := inside(envelope); ok {
		_, in = cut(in) // the date
		subject, _ := cut(in)
		dst = appendEnvelope(append(dst, ' '), subject)
		if dst, ok = appendBody(append(dst, ' '), body); ok {
			n, isNumber := numberOf(lines, math.MaxInt64)
			if !isNumber && !isNIL(lines) {
				rest = t[len(envelope)+len(body):]
			}
			return strconv.AppendUint(append(dst, ' '), n, 10), rest
		}
		if _, ok := inside(body); !ok {
			rest = t[len(envelope):]
		}
	} else {
		rest = t
		if isNIL(envelope) && isNIL(body) { // envelope and body are NIL, lines may be
			if _, ok := numberOf(lines, math.MaxInt64); ok {
				_, rest = cut(t[2:])
			}
		}
	}
	dst = appendEnvelope(append(dst[:at], ' '), nil)
	return append(dst, ` ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0) 0`...), rest
}

// appendEnvelope keeps the subject alone: nobody asks an envelope for more.
func appendEnvelope(dst []byte, subject []token) []byte {
	dst = appendString(append(dst, "(NIL "...), subject)
	return append(dst, " NIL NIL NIL NIL NIL NIL NIL NIL)"...)
}

// appendParams writes pairs of a name and a value. A name without a value, and
// a value that is none, are left out.
func appendParams(dst []byte, v []token) []byte {
	t, ok := inside(v)
	if !ok {
		return append(dst, "NIL"...)
	}
	at := len(dst)
	dst = append(dst, '(')
	for len(t) > 0 {
		var name, value []token
		if name, t = cut(t); len(name) == 0 {
			break
		}
		if pair, nested := inside(name); nested { // ((name value) (name value))
			name, pair = cut(pair)
			value, _ = cut(pair)
		} else {
			value, t = cut(t)
		}
		key, isText := words(name)
		if !isText || len(key) == 0 || len(value) != 1 {
			continue
		}
		if len(dst) > at+1 {
			dst = append(dst, ' ')
		}
		set, _ := words(value)
		dst = appendQuoted(append(appendQuoted(dst, key), ' '), set)
	}
	if len(dst) == at+1 {
		return append(dst[:at], "NIL"...)
	}
	return append(dst, ')')
}

// appendDisposition also takes a bare word, which some servers send.
func appendDisposition(dst []byte, v []token) []byte {
	name := v
	var params []token
	if t, ok := inside(v); ok {
		name, t = cut(t)
		params, _ = cut(t)
	}
	s, ok := words(name)
	if !ok {
		return append(dst, "NIL"...)
	}
	dst = append(appendQuoted(append(dst, '('), s), ' ')
	return append(appendParams(dst, params), ')')
}
