package words

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Token is one searchable piece of a text. Text is folded and only valid until
// the next token.
type Token struct {
	Text       []byte
	Start, End int  // bytes of the source it stands for
	Pair       bool // two characters of a script without spaces, or its last one
	Alone      bool // one character of such a script: a query makes it a prefix
}

// Mode tells what a text is cut for.
type Mode bool

// The modes differ in one point: an indexed run of characters ends in its last
// character alone, so that a query for one character finds it; at the end of a
// query that token would ask for the end of the run, and is left out.
const (
	Index Mode = false
	Query Mode = true
)

// longest bounds a token, in bytes: what is longer is no word.
const longest = 64

type class uint8

const (
	gap class = iota
	word
	mark
	pair
)

func classify(r rune) class {
	if r < known {
		return classes[r]
	}
	return classOf(r)
}

func classOf(r rune) class {
	if whole(r) {
		return pair
	}
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return word
		}
		return gap
	}
	if r >= 0x0E00 && unspaced(r) {
		switch {
		case unicode.In(r, unicode.L, unicode.Mn, unicode.Mc):
			return pair // vowel signs too: so any two characters in a row are found
		case unicode.IsDigit(r):
			return word
		}
		return gap
	}
	switch {
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return word
	case dropped(r), unicode.In(r, unicode.Mn, unicode.Mc):
		return mark
	}
	return gap
}

// unspaced tells the scripts that are written without spaces, and Hangul,
// whose words take endings that a searcher leaves out.
func unspaced(r rune) bool {
	switch {
	case r <= 0x0EFF: // Thai, Lao
		return true
	case r >= 0x1000 && r <= 0x109F, // Myanmar
		r >= 0x1100 && r <= 0x11FF,   // Hangul letters
		r >= 0x1780 && r <= 0x17FF,   // Khmer
		r >= 0x3005 && r <= 0x3007,   // ideographic repeats
		r >= 0x3040 && r <= 0x312F,   // Kana, Bopomofo
		r >= 0x31F0 && r <= 0x31FF,   // small Katakana
		r >= 0x3400 && r <= 0x9FFF,   // Han
		r >= 0xAC00 && r <= 0xD7A3,   // Hangul
		r >= 0xF900 && r <= 0xFAFF,   // compatibility ideographs
		r >= 0xFF66 && r <= 0xFF9F,   // half-width Katakana
		r >= 0x20000 && r <= 0x323AF: // more Han
		return true
	}
	return false
}

// Splitter cuts texts; it keeps its buffers between them. It is not for
// concurrent use.
type Splitter struct {
	buf  []byte // the token that is built
	last []byte // the folded character before, in a run of pairs
	held Token  // a run's last character, in Query mode, until something follows
	hold bool
	emit func(Token) bool
	mode Mode
}

// Split calls emit for each token of text, in order, until it returns false.
func (s *Splitter) Split(text []byte, mode Mode, emit func(Token) bool) {
	s.mode, s.emit, s.hold = mode, emit, false
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf && classes[b] == gap {
			i++
			continue
		}
		r, n := decode(text, i)
		ok := true
		switch classify(r) {
		case word:
			i, ok = s.word(text, i)
		case pair:
			i, ok = s.run(text, i)
		default:
			i += n
		}
		if !ok {
			return
		}
	}
}

func decode(b []byte, i int) (rune, int) {
	if b[i] < utf8.RuneSelf {
		return rune(b[i]), 1
	}
	return utf8.DecodeRune(b[i:])
}

// give hands a token out, after the one that waited for a follower.
func (s *Splitter) give(t Token) bool {
	if s.hold {
		s.hold = false
		if !s.emit(s.held) {
			return false
		}
	}
	return s.emit(t)
}

func (s *Splitter) word(text []byte, start int) (int, bool) {
	s.buf = s.buf[:0]
	i := start
	for i < len(text) {
		if b := text[i]; b < utf8.RuneSelf && classes[b] == word {
			s.buf = append(s.buf, byte(folds[b]))
			i++
			continue
		}
		r, n := decode(text, i)
		if c := classify(r); c != word && c != mark {
			break
		}
		if f := foldedKnown(r); f != 0 {
			s.buf = utf8.AppendRune(s.buf, f)
		} else {
			s.buf = fold(s.buf, r)
		}
		i += n
	}
	if len(s.buf) == 0 {
		return i, true
	}
	return i, s.give(Token{Text: clip(s.buf), Start: start, End: i})
}

// run cuts a run of characters into overlapping pairs.
func (s *Splitter) run(text []byte, start int) (int, bool) {
	i, from, pairs := start, -1, 0
	s.last = s.last[:0]
	for i < len(text) {
		r, _ := decode(text, i)
		if classify(r) != pair {
			break
		}
		at := i
		s.buf = append(s.buf[:0], s.last...)
		s.buf, i = character(s.buf, text, i)
		if len(s.buf) == len(s.last) {
			continue
		}
		if from >= 0 {
			if !s.give(Token{Text: clip(s.buf), Start: from, End: i, Pair: true}) {
				return i, false
			}
			pairs++
		}
		s.last = append(s.last[:0], s.buf[len(s.last):]...)
		from = at
	}
	if from < 0 {
		return i, true
	}
	t := Token{Text: clip(s.last), Start: from, End: i, Pair: true, Alone: pairs == 0}
	if s.mode == Query && pairs > 0 {
		t.Text = append([]byte(nil), t.Text...)
		s.held, s.hold = t, true
		return i, true
	}
	return i, s.give(t)
}

// character folds the character at i with the marks that belong to it, and
// says where the next begins.
func character(dst, text []byte, i int) ([]byte, int) {
	r, n := decode(text, i)
	if composes(r, text[i+n:]) {
		end := i + norm.NFKC.NextBoundary(text[i:], true)
		for _, q := range string(norm.NFKC.Bytes(text[i:end])) {
			dst = fold(dst, q)
		}
		return dst, end
	}
	dst = fold(dst, r)
	for i += n; i < len(text); i += n {
		if r, n = decode(text, i); classify(r) != mark {
			break
		}
		dst = fold(dst, r)
	}
	return dst, i
}

// composes tells that r and what follows may be one character in parts: a
// Hangul syllable in letters, a Kana with its voicing mark, half-width Katakana.
func composes(r rune, rest []byte) bool {
	if r >= 0x1100 && r <= 0x11FF || r >= 0xFF66 && r <= 0xFF9F {
		return true
	}
	if len(rest) == 0 || rest[0] < utf8.RuneSelf {
		return false
	}
	next, _ := utf8.DecodeRune(rest)
	return next == 0x3099 || next == 0x309A || next >= 0x1160 && next <= 0x11FF
}

// clip cuts an overlong token between characters.
func clip(b []byte) []byte {
	if len(b) <= longest {
		return b
	}
	n := longest
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}
