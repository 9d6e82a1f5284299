package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// previewRunes bounds a preview; previewBytes bounds what is read for it.
const (
	previewRunes = 200
	previewBytes = 4096
)

// preview is the beginning of a text on one line. It never ends inside a
// character as a reader sees it (Unicode UAX 29): no letter without its vowel
// sign, no half flag.
func preview(text string) string {
	text = strings.ToValidUTF8(head(text, previewBytes), "\uFFFD")
	flat := strings.Join(strings.FieldsFunc(text, blank), " ")
	if utf8.RuneCountInString(flat) <= previewRunes {
		return flat
	}
	return strings.TrimRight(flat[:fit(flat, previewRunes)], " ")
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
