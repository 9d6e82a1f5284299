package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// previewRunes bounds a preview. A little more is read, so that the cut can fall
// between characters.
const (
	previewRunes = 200
	previewAhead = 32
)

// preview is the beginning of a text on one line. It never ends inside a
// character as a reader sees it (Unicode UAX 29): no letter without its vowel
// sign, no half flag.
func preview(text string) string {
	flat := flatten(text, previewRunes+previewAhead)
	return strings.TrimRight(flat[:fit(flat, previewRunes)], " ")
}

// flatten gives at most limit code points of a text, with every run of white
// space and control characters as one space, and none at the ends.
func flatten(text string, limit int) string {
	var b strings.Builder
	b.Grow(min(len(text), 4*limit))
	runes, gap := 0, false
	for _, r := range text {
		if blank(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			runes, gap = runes+1, false
		}
		if runes >= limit {
			break
		}
		b.WriteRune(r) // what isn't UTF-8 becomes U+FFFD
		runes++
	}
	return b.String()
}

// blank also takes control characters, which the marks of a snippet are.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200B' || r == '\uFEFF'
}

// head gives at most n bytes, cut between code points.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// fit gives the bytes of the longest beginning of s, in whole characters, of
// at most n code points.
func fit(s string, n int) int {
	if len(s) <= n {
		return len(s) // no code point is shorter than a byte
	}
	if ascii := asciiBytes(s); ascii > n {
		return n // before ASCII, and not a line break, there is always a border
	}
	bytes, runes, state := 0, 0, -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		runes += utf8.RuneCountInString(cluster)
		if runes > n {
			break
		}
		bytes += len(cluster)
	}
	return bytes
}

// asciiBytes counts the printable ASCII that s begins with.
func asciiBytes(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return len(s)
}
