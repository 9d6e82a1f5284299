package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fernpost/store/words"
)

// term is one thing that must stand in a message: a word, or words in a row.
type term struct {
	text   string
	tokens []token
	last   int      // where in text the last token begins
	prefix bool     // its last token may be only the beginning of a word
	begun  []string // the words it may be the beginning of, nil when the index knows by itself
}

type token struct {
	text  string
	alone bool // one character of a script without spaces
}

// What a person types has neither many words nor long ones; what a program
// pastes is cut.
const (
	queryBytes = 1024
	queryTerms = 16
)

// parseQuery reads what a person typed. Nothing in it is an operator but the
// quotation marks, and one that is not closed reaches to the end.
func parseQuery(text string) []term {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '“' || r == '”' || r == '„' || r == '«' || r == '»' || r == '＂':
			return '"'
		case r == utf8.RuneError || unicode.IsControl(r):
			return ' '
		}
		return r
	}, head(text, queryBytes))
	var terms []term
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			terms = appendTerm(terms, part)
			continue
		}
		for word := range strings.FieldsSeq(part) {
			terms = appendTerm(terms, word)
		}
	}
	if len(terms) > queryTerms {
		terms = terms[:queryTerms]
	}
	if n := len(terms); n > 0 && !strings.HasSuffix(strings.TrimRight(text, " "), `"`) {
		terms[n-1].prefix = prefixable(terms[n-1])
	}
	return terms
}

// appendTerm leaves out what has nothing to search for in it.
func appendTerm(terms []term, text string) []term {
	t := term{text: text}
	var sp words.Splitter
	sp.Split([]byte(text), words.Query, func(w words.Token) bool {
		t.tokens = append(t.tokens, token{text: string(w.Text), alone: w.Alone})
		t.last = w.Start
		return true
	})
	if len(t.tokens) == 0 {
		return terms
	}
	t.prefix = t.tokens[len(t.tokens)-1].alone
	return append(terms, t)
}

// prefixable spares the index what would match nearly everything: a single
// letter or figure is looked for as a word of its own.
func prefixable(t term) bool {
	last := t.tokens[len(t.tokens)-1]
	return last.alone || utf8.RuneCountInString(last.text) > 1
}

// expression writes the terms in FTS5's language. In it a string in quotation
// marks holds no operators; the tokenizer cuts it as it cut the texts.
func expression(terms []term) string {
	var b strings.Builder
	for i, t := range terms {
		if i > 0 {
			b.WriteString(" AND ")
		}
		if t.begun == nil {
			b.WriteString(quoted(t.text))
			if t.prefix {
				b.WriteString(" *")
			}
			continue
		}
		b.WriteByte('(')
		for j, word := range t.begun {
			if j > 0 {
				b.WriteString(" OR ")
			}
			b.WriteString(quoted(t.text[:t.last] + word))
		}
		b.WriteByte(')')
	}
	return b.String()
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, " ") + `"` }
