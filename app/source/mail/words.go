package mail

import (
	"encoding/base64"
	"strings"

	"github.com/rivo/uniseg"
)

const (
	maxLine = 78 // RFC 5322 2.1.1
	maxWord = 75 // an encoded word with everything (RFC 2047 2)
)

// oneLine makes a header value of a text: no line breaks, no controls.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\r' || c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029:
			return ' '
		case c < ' ' || c >= 0x7f && c < 0xa0:
			return -1
		}
		return c
	}, s)
	return strings.TrimSpace(s)
}

// encodeText encodes an unstructured value (RFC 2047) when it holds anything but
// ASCII, something that reads like an encoded word, or a word too long to fold.
// used is how much of the first line is taken.
func encodeText(s string, used int) string {
	s = oneLine(s)
	if isASCII(s) && !strings.Contains(s, "=?") && longestWord(s) < maxLine-used {
		return s
	}
	return encodeWords(s, used)
}

// encodeName encodes a display name: as it is, quoted, or in encoded words.
// What turns the direction of the text around it is left out: a name must not
// make the address behind it look like another.
func encodeName(s string) string {
	s = strings.Map(func(c rune) rune {
		if c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return -1
		}
		return c
	}, s)
	s = strings.Join(strings.Fields(oneLine(s)), " ")
	switch {
	case s == "":
		return ""
	case !isASCII(s) || strings.Contains(s, "=?") || len(s) > 60:
		return encodeWords(s, len("From: "))
	case strings.ContainsAny(s, `()<>[]:;@\,."`):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return s
}

// encodeWords cuts between what a person sees as characters, and inside one only
// where it alone is longer than a word may be. It takes Q where most is ASCII
// and B elsewhere.
func encodeWords(s string, used int) string {
	foreign := 0
	for i := range len(s) {
		if s[i] >= 0x80 {
			foreign++
		}
	}
	encode, size := encodeQ, sizeQ
	if foreign*3 > len(s) {
		encode, size = encodeB, sizeB
	}
	var words []string
	room := min(maxWord, maxLine-used)
	var word string
	flush := func() {
		if word != "" {
			words = append(words, encode(word))
			word, room = "", maxWord
		}
	}
	add := func(piece string) {
		if size(word+piece) > room {
			flush()
		}
		word += piece
	}
	for state := -1; len(s) > 0; {
		var cluster string
		cluster, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		if size(cluster) <= maxWord {
			add(cluster)
			continue
		}
		for _, c := range cluster {
			add(string(c))
		}
	}
	flush()
	return strings.Join(words, " ")
}

const wordFrame = len("=?utf-8?q??=")

func sizeB(s string) int { return wordFrame + (len(s)+2)/3*4 }

func encodeB(s string) string {
	return "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
}

func sizeQ(s string) int {
	n := wordFrame
	for i := range len(s) {
		if plainQ(s[i]) || s[i] == ' ' {
			n++
		} else {
			n += 3
		}
	}
	return n
}

func encodeQ(s string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	b.WriteString("=?utf-8?q?")
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case plainQ(c):
			b.WriteByte(c)
		default:
			b.WriteByte('=')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	b.WriteString("?=")
	return b.String()
}

// plainQ is what may stand as it is even in a display name (RFC 2047 5 (3)).
func plainQ(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!*+-/", c) >= 0
}

func longestWord(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		n = max(n, len(w))
	}
	return n
}

// fold writes a header field with lines of at most 78 characters, broken at
// spaces. The space stays, at the start of the next line, so that unfolding
// gives back exactly the value (RFC 5322 2.2.3).
func fold(name, value string) string {
	var b strings.Builder
	b.WriteString(name)
	b.WriteByte(':')
	column := len(name) + 1
	for i, word := range strings.Split(value, " ") {
		// An empty word is a second space: a line of nothing but spaces would
		// end the head for some readers.
		if i > 0 && word != "" && column+1+len(word) > maxLine {
			b.WriteString("\r\n")
			column = 0
		}
		b.WriteByte(' ')
		b.WriteString(word)
		column += 1 + len(word)
	}
	b.WriteString("\r\n")
	return b.String()
}
