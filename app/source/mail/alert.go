package mail

import (
	"strings"
	"unicode"
)

// longestAlert is how much of an alert reaches a person, in characters: enough
// for a few sentences and an address to go to.
const longestAlert = 300

// alert hands on what the server says to people (RFC 9051 7.1).
func (s *Source) alert(text string) {
	if text = forPeople(text); text != "" && s.cfg.Alert != nil {
		s.cfg.Alert(text)
	}
}

// forPeople leaves text in one line that can be put on a screen: no control
// characters, none that turn the direction of what stands around them, and not
// more than a few sentences.
func forPeople(text string) string {
	var out strings.Builder
	n := 0
	for _, word := range strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}) {
		if n > 0 {
			word = " " + word
		}
		for _, r := range word {
			if unicode.Is(unicode.Bidi_Control, r) || r >= 0xE0000 && r <= 0xE007F {
				continue
			}
			if n++; n > longestAlert {
				return out.String() + "…"
			}
			out.WriteRune(r)
		}
	}
	return out.String()
}
