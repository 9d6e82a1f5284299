package store

import (
	"strings"
	"unicode/utf8"

	"fernpost/store/question"
	"fernpost/store/words"
)

// term is one thing that must stand in a message, or mustn't: a word, or words
// in a row.
type term struct {
	text   string
	tokens []token
	last   int      // where in text the last token begins
	prefix bool     // its last token may be only the beginning of a word
	begun  []string // the words it may be the beginning of, nil when the index knows by itself
	column string   // of the index; "" for all
	not    bool
}

type token struct {
	text  string
	alone bool // one character of a script without spaces
}

// The columns of the index that operators ask for by name.
const (
	columnSubject = "subject"
	columnPeople  = "people"
)

// indexTerms are what the index is asked for.
func indexTerms(q question.Question) (terms []term) {
	terms = append(terms, termsOf(q.Words, "")...)
	terms = append(terms, termsOf(q.From, columnPeople)...)
	return append(terms, termsOf(q.Subject, columnSubject)...)
}

// termsOf leaves out what has nothing to search for in it.
func termsOf(texts []question.Text, column string) (terms []term) {
	for _, x := range texts {
		t := term{text: x.Text, column: column, not: x.Not}
		var sp words.Splitter
		sp.Split([]byte(x.Text), words.Query, func(w words.Token) bool {
			t.tokens = append(t.tokens, token{text: string(w.Text), alone: w.Alone})
			t.last = w.Start
			return true
		})
		if n := len(t.tokens); n > 0 {
			t.prefix = t.tokens[n-1].alone || x.Begun && prefixable(t)
			terms = append(terms, t)
		}
	}
	return terms
}

// prefixable spares the index what would match nearly everything: a single
// letter or figure is looked for as a word of its own.
func prefixable(t term) bool {
	last := t.tokens[len(t.tokens)-1]
	return last.alone || utf8.RuneCountInString(last.text) > 1
}

// expression writes the terms in FTS5's language, those that must stand before
// those that mustn't; "" where none must stand, because FTS5 has no other way to
// say "not".
func expression(terms []term) string {
	wanted := joined(terms, false, " AND ")
	unwanted := joined(terms, true, " OR ")
	if wanted != "" && unwanted != "" {
		return "(" + wanted + ") NOT (" + unwanted + ")"
	}
	return wanted
}

func joined(terms []term, not bool, by string) string {
	var all []string
	for _, t := range terms {
		if t.not == not {
			all = append(all, t.expression())
		}
	}
	return strings.Join(all, by)
}

// expression writes one term. In FTS5 a string in quotation marks holds no
// operators; the tokenizer cuts it as it cut the texts.
func (t term) expression() string {
	var b strings.Builder
	if t.column != "" {
		b.WriteString(t.column + " : ")
	}
	if t.begun == nil {
		b.WriteString(quoted(t.text))
		if t.prefix {
			b.WriteString(" *")
		}
		return b.String()
	}
	b.WriteByte('(')
	for j, word := range t.begun {
		if j > 0 {
			b.WriteString(" OR ")
		}
		b.WriteString(quoted(t.text[:t.last] + word))
	}
	b.WriteByte(')')
	return b.String()
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, " ") + `"` }
