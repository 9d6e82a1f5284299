package mailtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What speaks for a date, a time or an address in a line. Every line near a
// quote comes by here, so this looks at figures by hand and not with a regexp.
// All of it expects lower case and western figures.

// figures gives how many figures s begins with.
func figures(s string) (n int) {
	for n < len(s) && isFigure(s[n]) {
		n++
	}
	return n
}

func isFigure(c byte) bool { return '0' <= c && c <= '9' }

// hasDate finds a year (of our calendar, the Buddhist or the Persian one), or
// three numbers between dots, slashes or dashes.
func hasDate(s string) bool {
	for i := 0; i < len(s); {
		n := figures(s[i:])
		if n == 0 {
			i++
			continue
		}
		if n == 4 {
			switch s[i : i+2] {
			case "19", "20", "25", "13", "14":
				return true
			}
		}
		if day, ok := numberBefore(s[i:]); ok {
			if month, ok := numberBefore(s[i+day:]); ok && figures(s[i+day+month:]) >= 2 {
				return true
			}
		}
		i += n
	}
	return false
}

// numberBefore reads one or two figures and what parts them from the next.
func numberBefore(s string) (n int, ok bool) {
	n = figures(s)
	if n < 1 || n > 2 || n == len(s) {
		return 0, false
	}
	c := s[n]
	return n + 1, c == '.' || c == '/' || c == '-'
}

// hasTime finds an hour and its minutes, or an hour of a clock that is named.
func hasTime(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if !isFigure(s[i]) || isFigure(s[i+1]) {
			continue
		}
		rest := s[i+1:]
		if isBlankByte(rest[0]) {
			rest = rest[1:]
		}
		if isHour(rest) {
			return true
		}
	}
	return false
}

// isHour looks at what stands behind an hour.
func isHour(s string) bool {
	for _, clock := range [...]string{"am", "pm", "a.m", "p.m", "uhr"} {
		if strings.HasPrefix(s, clock) {
			return true
		}
	}
	for _, mark := range [...]string{":", ".", "h", "時", "时", "点", "시"} {
		minutes, ok := strings.CutPrefix(s, mark)
		if !ok {
			continue
		}
		if mark == "시" && minutes != "" && isBlankByte(minutes[0]) {
			minutes = minutes[1:]
		}
		return figures(minutes) >= 2
	}
	return false
}

// hasAddress finds an @ with something on both sides.
func hasAddress(s string) bool {
	for at := strings.IndexByte(s, '@'); at >= 0 && at+1 < len(s); {
		if at > 0 && !isBlankByte(s[at-1]) && !strings.ContainsRune(`<>"(`, rune(s[at-1])) &&
			!isBlankByte(s[at+1]) && !strings.ContainsRune(`<>"`, rune(s[at+1])) {
			return true
		}
		next := strings.IndexByte(s[at+1:], '@')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return false
}

// isBlankByte is white space as regexp's \s has it.
func isBlankByte(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' && c != '\v' }

// isForeignDigit tells the figures that aren't 0 to 9. No script before Arabic
// has figures of its own.
func isForeignDigit(r rune) bool { return r >= 0x0660 && unicode.IsDigit(r) }

// phraseList is words of two bytes or more, or beginnings and ends of lines,
// sorted so that a text is compared with few of them.
type phraseList struct {
	first, last [256][]string   // by their first and last byte, each in the order given
	pairs       [1 << 10]uint64 // a bit for the two bytes that one begins with
	ends        map[rune]bool   // their last characters
}

func newPhrases(list string) *phraseList {
	p := &phraseList{ends: map[rune]bool{}}
	for v := range strings.SplitSeq(list, "|") {
		p.first[v[0]] = append(p.first[v[0]], v)
		p.last[v[len(v)-1]] = append(p.last[v[len(v)-1]], v)
		pair := uint16(v[0])<<8 | uint16(v[1])
		p.pairs[pair>>6] |= 1 << (pair & 63)
		end, _ := utf8.DecodeLastRuneInString(v)
		p.ends[end] = true
	}
	return p
}

// mayBegin tells that one of them begins with a and b.
func (p *phraseList) mayBegin(a, b byte) bool {
	pair := uint16(a)<<8 | uint16(b)
	return p.pairs[pair>>6]>>(pair&63)&1 != 0
}

// from gives those that s may begin with, to those that it may end with.
func (p *phraseList) from(s string) []string {
	if s == "" {
		return nil
	}
	return p.first[s[0]]
}

func (p *phraseList) to(s string) []string {
	if s == "" {
		return nil
	}
	return p.last[s[len(s)-1]]
}

// canEnd tells that s, in lower case, may end with one of them.
func (p *phraseList) canEnd(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return p.ends[unicode.ToLower(last)]
}
