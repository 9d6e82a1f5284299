package mailtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lower is strings.ToLower, quicker in the scripts of two bytes: every line of
// every mail comes by here.
func lower(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	out := make([]byte, 0, len(s)+utf8.UTFMax)
	for _, r := range s {
		if r < rune(len(lowered)) {
			r = rune(lowered[r])
		} else {
			r = unicode.ToLower(r)
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

var lowered = func() (t [0x800]uint16) {
	for r := range t {
		t[r] = uint16(unicode.ToLower(rune(r)))
	}
	return t
}()
