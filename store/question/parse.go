package question

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fernpost/store/words"
)

// What a person types has neither many words nor long ones; what a program
// pastes is cut.
const (
	longest = 1024 // bytes
	most    = 16   // of words, and of each operator
)

// Parse reads what was typed. Days are those of now's location.
func Parse(typed string, now time.Time) Question {
	r := reader{rest: plain(typed), now: now}
	for r.next() {
	}
	r.begin()
	return r.q
}

// plain makes one quotation mark of all, and a space of what nobody can type or
// was cut in two.
func plain(s string) string {
	s = s[:min(len(s), longest)]
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("“”„«»＂", r):
			return '"'
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
}

type reader struct {
	rest   string
	now    time.Time
	q      Question
	closed bool // the last word that must stand is a phrase with both its marks
}

// next reads a word, a phrase or an operator.
func (r *reader) next() bool {
	r.rest = strings.TrimLeft(r.rest, " ")
	if r.rest == "" {
		return false
	}
	not := negates(r.rest)
	if not {
		r.rest = r.rest[1:]
	}
	whole := r.rest
	name, rest, ok := operator(whole)
	if !ok {
		value, _, closed := r.value()
		r.words(value, not, closed)
		return true
	}
	r.rest = rest
	value, quoted, closed := r.value()
	if value == "" {
		return true // still being typed: it asks for nothing yet
	}
	if set, ok := r.read(name, value, quoted); ok {
		set(not)
		return true
	}
	typed := strings.ReplaceAll(whole[:len(whole)-len(r.rest)], `"`, " ")
	r.words(strings.Join(strings.Fields(typed), " "), not, closed)
	return true
}

// negates tells a minus before a word, a phrase or an operator. One that stands
// alone, or before other signs, is none.
func negates(s string) bool {
	if s[0] != '-' {
		return false
	}
	c, _ := utf8.DecodeRuneInString(s[1:])
	return c == '"' || unicode.IsLetter(c) || unicode.IsNumber(c)
}

// operator cuts the name of an operator off what is to be read; the wide colon
// is that of Chinese and Japanese keyboards.
func operator(s string) (name, rest string, ok bool) {
	n := strings.IndexFunc(s, func(c rune) bool { return c > unicode.MaxASCII || !unicode.IsLetter(c) })
	if n <= 0 {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(s[n:], ":")
	if !ok {
		rest, ok = strings.CutPrefix(s[n:], "：")
	}
	return strings.ToLower(s[:n]), rest, ok && known[strings.ToLower(s[:n])]
}

// value cuts a phrase, or what stands before the next space or phrase. A phrase
// that isn't closed reaches to the end.
func (r *reader) value() (value string, quoted, closed bool) {
	if inside, ok := strings.CutPrefix(r.rest, `"`); ok {
		value, r.rest, closed = strings.Cut(inside, `"`)
		return strings.Join(strings.Fields(value), " "), true, closed
	}
	n := strings.IndexAny(r.rest, ` "`)
	if n < 0 {
		n = len(r.rest)
	}
	value, r.rest = r.rest[:n], r.rest[n:]
	return value, false, false
}

func (r *reader) words(text string, not, closed bool) {
	if !searchable(text) || len(r.q.Words) == most {
		return
	}
	r.q.Words = append(r.q.Words, Text{Text: text, Not: not})
	if !not {
		r.closed = closed
	}
}

// begin lets the last word that must stand be only the beginning of one.
func (r *reader) begin() {
	for i := len(r.q.Words) - 1; i >= 0 && !r.closed; i-- {
		if t := &r.q.Words[i]; !t.Not {
			t.Begun = true
			return
		}
	}
}

// searchable tells whether there is anything to search for in a text.
func searchable(text string) (some bool) {
	var sp words.Splitter
	sp.Split([]byte(text), words.Query, func(words.Token) bool {
		some = true
		return false
	})
	return some
}
