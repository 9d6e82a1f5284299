package mailtext

import "strings"

// DecodeWords reads RFC 2047 encoded words in a header's value. Neighbours of
// the same charset are joined before decoding, because many programs split
// them in the middle of a character. Raw 8-bit bytes are guessed.
func DecodeWords(s string) string {
	var out strings.Builder
	var held encodedWord // waits for a neighbour
	flush := func() {
		if held.data != nil {
			text, _ := decode(held.data, held.charset)
			out.WriteString(text)
			held = encodedWord{}
		}
	}
	for len(s) > 0 {
		at := strings.Index(s, "=?")
		if at < 0 {
			break
		}
		w, rest, ok := cutWord(s[at:])
		between := s[:at]
		if !ok {
			flush()
			out.WriteString(guess(s[:at+2]))
			s = s[at+2:]
			continue
		}
		// White space between two encoded words isn't part of the text.
		if held.data == nil || strings.TrimLeft(between, " \t\r\n") != "" {
			flush()
			out.WriteString(guess(between))
		}
		if held.data != nil && !strings.EqualFold(held.charset, w.charset) {
			flush()
		}
		held.charset = w.charset
		held.data = append(held.data, w.data...)
		s = rest
	}
	flush()
	out.WriteString(guess(s))
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, out.String())
}

func guess(s string) string {
	text, _ := decode([]byte(s), "")
	return text
}

type encodedWord struct {
	charset string
	data    []byte
}

// cutWord reads one encoded word at the start of s: =?charset*lang?B?data?=
func cutWord(s string) (w encodedWord, rest string, ok bool) {
	charset, s, ok := strings.Cut(s[len("=?"):], "?")
	if !ok || charset == "" || strings.ContainsAny(charset, " \t") || len(s) < 2 || s[1] != '?' {
		return w, "", false
	}
	kind := s[0]
	payload, rest, ok := strings.Cut(s[2:], "?=")
	if !ok {
		return w, "", false
	}
	w.charset, _, _ = strings.Cut(charset, "*") // RFC 2231 5: a language may follow
	switch kind {
	case 'B', 'b':
		w.data = decodeBase64([]byte(payload))
	case 'Q', 'q':
		w.data = decodeQ(payload)
	default:
		return w, "", false
	}
	return w, rest, true
}

// decodeQ reads the Q encoding of RFC 2047 4.2; what is no escape stands as is.
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

// decodeBase64 reads as much as can be read: foreign characters are skipped,
// missing padding is no reason to lose the rest, and text that was padded piece
// by piece is read on. What a mailing list added below the padding is not.
func decodeBase64(s []byte) []byte {
	out := make([]byte, 0, len(s)*3/4)
	var bits, n uint32
	padded := false
	for _, c := range s {
		v := sextet(c)
		switch {
		case v >= 0:
			bits, n = bits<<6|uint32(v), n+6
			if n >= 8 {
				n -= 8
				out = append(out, byte(bits>>n))
			}
		case c == '=':
			bits, n, padded = 0, 0, true
		case padded && c > ' ':
			return out
		}
	}
	return out
}

func sextet(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
