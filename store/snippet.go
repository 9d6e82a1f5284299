package store

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"fernpost/store/words"
)

// The marks around found words in a snippet.
const (
	markOpen  = "\x02"
	markClose = "\x03"
)

const (
	snippetRunes  = 160
	snippetBefore = 40       // runes shown before the first found word
	snippetLook   = 16 << 10 // runes of a text that are looked through
)

// span is a stretch of bytes.
type span struct{ from, to int }

// snippet shows where a message has the terms: in its text, else in its subject
// or its sender, else the beginning of its text. It cuts the text exactly as
// the index did, so it marks the words that made the hit in every script.
func snippet(terms []term, texts ...string) string {
	for _, text := range texts {
		flat := flatten(text, snippetLook)
		if found := findTerms(terms, flat); len(found) > 0 {
			return excerpt(flat, found)
		}
	}
	return excerpt(flatten(texts[0], snippetLook), nil)
}

// cut is a text in tokens; their folded forms lie in one buffer.
type cut struct {
	folded []byte
	pieces []piece
}

type piece struct {
	from, to   int // in folded
	start, end int // in the text
	pair       bool
}

func cutText(text string) cut {
	var c cut
	var sp words.Splitter
	sp.Split([]byte(text), words.Index, func(t words.Token) bool {
		from := len(c.folded)
		c.folded = append(c.folded, t.Text...)
		c.pieces = append(c.pieces, piece{from, len(c.folded), t.Start, t.End, t.Pair})
		return true
	})
	return c
}

// has tells whether the tokens of t stand at piece i.
func (c cut) has(t term, i int) bool {
	for j, want := range t.tokens {
		p := c.pieces[i+j]
		got := c.folded[p.from:p.to]
		if t.prefix && j == len(t.tokens)-1 && len(got) > len(want.text) {
			got = got[:len(want.text)]
		}
		if string(got) != want.text {
			return false
		}
	}
	return true
}

// findTerms gives the stretches of text that match a term, in order and apart.
func findTerms(terms []term, text string) []span {
	c := cutText(text)
	var found []span
	for _, t := range terms {
		for i := 0; i+len(t.tokens) <= len(c.pieces); i++ {
			if !c.has(t, i) {
				continue
			}
			last := c.pieces[i+len(t.tokens)-1]
			end := last.end
			if last.pair && t.tokens[len(t.tokens)-1].alone {
				end = last.start + firstCharacter(text[last.start:last.end])
			}
			found = append(found, span{c.pieces[i].start, end})
		}
	}
	return apart(found)
}

func firstCharacter(s string) int {
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(c)
}

// apart sorts spans and joins those that meet.
func apart(all []span) []span {
	slices.SortFunc(all, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// excerpt cuts a window around the first found stretch, at characters as a
// reader sees them, and sets the marks.
func excerpt(text string, found []span) string {
	from := 0
	if len(found) > 0 {
		from = windowStart(text, found[0].from)
	}
	to := from + fit(text[from:], snippetRunes)
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	at := from
	for _, s := range found {
		if s.from < at || s.from >= to {
			continue
		}
		end := min(s.to, to)
		b.WriteString(text[at:s.from] + markOpen + text[s.from:end] + markClose)
		at = end
	}
	b.WriteString(text[at:to])
	if to < len(text) {
		b.WriteString("…")
	}
	return b.String()
}

// windowStart goes back from at to the start of a word, or of a character
// where words are long.
func windowStart(text string, at int) int {
	from, runes := at, 0
	for from > 0 && runes < snippetBefore {
		_, n := utf8.DecodeLastRuneInString(text[:from])
		from -= n
		runes++
	}
	if from == 0 {
		return 0
	}
	if i := strings.IndexByte(text[from:at], ' '); i >= 0 {
		return from + i + 1
	}
	// Step over whole characters from a place that surely begins one.
	start := max(0, strings.LastIndexByte(text[:from], ' ')+1)
	if from-start > 1<<10 {
		start = from
	}
	for start < from {
		n := firstCharacter(text[start:])
		if start+n > from {
			break
		}
		start += n
	}
	return start
}
