package mailtext

import (
	"strings"
	"unicode/utf8"
)

// DecodeWords reads RFC 2047 encoded words in a header's value. Neighbours of
// the same charset are joined before decoding, because many programs split
// them in the middle of a character. Raw 8-bit bytes are guessed.
func DecodeWords(s string) string {
	s = s[:min(len(s), maxWords)]
	if !strings.Contains(s, "=?") {
		return oneSpaced(guess(s))
	}
	var out strings.Builder
	var held encodedWord // waits for a neighbour
	flush := func() {
		if held.data != nil {
			out.WriteString(held.text())
			held = encodedWord{}
		}
	}
	start, first := 0, 0 // of the text that is no word, and of the word that waits
	for at := 0; ; {
		n := strings.Index(s[at:], "=?")
		if n < 0 {
			break
		}
		at += n
		w, size := cutWord(s[at:])
		if size == 0 {
			at += len("=?")
			continue
		}
		// White space between two encoded words isn't part of the text.
		between := s[start:at]
		if held.data == nil || strings.TrimLeft(between, " \t\r\n") != "" {
			flush()
			out.WriteString(guess(between))
		}
		if held.data != nil && !strings.EqualFold(held.charset, w.charset) {
			flush()
		}
		held.charset = w.charset
		held.data = append(held.data, w.data...)
		if held.raw == "" {
			first = at
		}
		at += size
		held.raw = s[first:at]
		start = at
	}
	flush()
	out.WriteString(guess(s[start:]))
	return oneSpaced(out.String())
}

// oneSpaced gives a header's text on one line.
func oneSpaced(s string) string {
	if !strings.ContainsAny(s, "\n\t") && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, s)
}

func guess(s string) string {
	if isASCII(s) && isTidy(s) {
		return s
	}
	text, _ := decode([]byte(s), "")
	return text
}

type encodedWord struct {
	charset string
	data    []byte // never nil in a word that was read
	raw     string
}

// text decodes a word. One that decodes to what is no text stays as it came.
func (w encodedWord) text() string {
	text, sure := decode(w.data, w.charset)
	if !sure && isBinary(w.data) {
		return guess(w.raw)
	}
	return text
}

func isBinary(data []byte) bool {
	for _, c := range data {
		if c < ' ' && !isBlank(c) && c != 0x1b && c != 0x0e && c != 0x0f {
			return true
		}
	}
	return false
}

// Bounds of an encoded word. RFC 2047 allows 75 characters in all; programs
// that never heard of it write whole subjects into one.
const (
	maxWordCharset = 60
	maxWordText    = 16 << 10
	maxWords       = 128 << 10 // of a whole value
)

// cutWord reads one encoded word at the start of s: =?charset*lang?B?data?=.
// size is how much of s it takes, 0 when it is none.
func cutWord(s string) (w encodedWord, size int) {
	rest := s[len("=?"):]
	q := strings.IndexByte(rest[:min(len(rest), maxWordCharset)], '?')
	if q <= 0 || strings.ContainsAny(rest[:q], " \t=") || len(rest) < q+3 || rest[q+2] != '?' {
		return w, 0
	}
	charset, kind := rest[:q], rest[q+1]|0x20
	rest = rest[q+3:]
	payload, end := cutPayload(rest[:min(len(rest), maxWordText)])
	if end < 0 {
		return w, 0
	}
	w.charset, _, _ = strings.Cut(charset, "*") // RFC 2231 5: a language may follow
	switch kind {
	case 'b':
		w.data = decodeBase64([]byte(payload))
	case 'q':
		w.data = decodeQ(payload)
	default:
		return w, 0
	}
	return w, len("=?") + q + 3 + end
}

// cutPayload finds the end of a word's text and how far the word reaches. A word
// that was cut off ends where the next begins.
func cutPayload(s string) (payload string, end int) {
	at := strings.Index(s, "?=")
	next := strings.Index(s, "=?")
	for next >= 0 && next+1 < at && !startsWord(s[next:]) {
		n := strings.Index(s[next+2:], "=?")
		if n < 0 {
			next = -1
			break
		}
		next += 2 + n
	}
	switch {
	case next >= 0 && next+1 < at, at < 0 && next > 0 && startsWord(s[next:]):
		return strings.TrimRight(s[:next], " \t\r\n?"), next
	case at < 0:
		return "", -1
	}
	return s[:at], at + len("?=")
}

// startsWord tells that an encoded word may begin here.
func startsWord(s string) bool {
	rest := s[len("=?"):]
	q := strings.IndexByte(rest[:min(len(rest), maxWordCharset)], '?')
	return q > 1 && !strings.ContainsAny(rest[:q], " \t=") && len(rest) > q+2 && rest[q+2] == '?' &&
		strings.IndexByte("bBqQ", rest[q+1]) >= 0
}

// decodeQ reads the Q encoding of RFC 2047 4.2; what is no escape stands as is.
// White space around a break inside a word was put there by folding.
func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}
