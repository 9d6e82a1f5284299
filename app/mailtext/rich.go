package mailtext

import (
	"html"
	"strconv"
	"strings"
)

// Rich is text with as much form as an answer to a customer needs: lines, lists,
// quotes, bold, italic, links, pictures. Written down (String) it is a strict
// subset of HTML:
//
//	<p>a line</p>  <p></p> an empty one  <ul><li>  <ol><li>  <blockquote>
//	<b>  <i>  <a href="https:…">  <br> within an item  <img data-file="7" alt="">
//
// ParseRich reads it and gives nothing that isn't in this list, whatever it was
// handed, so that nothing else can ever leave.
type Rich []Line

// Line is one line as it was typed: however long, it is broken where it is shown.
type Line struct {
	Kind  LineKind
	Quote int // depth of quotation, 0 for the agent's own
	Spans []Span
}

// LineKind says how a line stands.
type LineKind int

// The kinds of line. Items of the same kind that follow each other are one list.
const (
	Plain LineKind = iota
	Bullet
	Number
)

// Span is a piece of a line in one form. Only an item's text may hold "\n".
type Span struct {
	Text   string // of a picture: what it shows, in words
	Bold   bool
	Italic bool
	Link   string // address, checked
	File   int64  // the picture that stands here, 0 for text
}

// form is a span without what it says.
func (s Span) form() Span {
	s.Text = ""
	return s
}

// RichOf gives text the form without changing it.
func RichOf(text string) Rich {
	var r Rich
	for line := range strings.SplitSeq(text, "\n") {
		l := Line{}
		if line != "" {
			l.Spans = []Span{{Text: line}}
		}
		r = append(r, l)
	}
	return r
}

// Formatted tells that text alone would lose something.
func (r Rich) Formatted() bool {
	for _, l := range r {
		if l.Kind != Plain || l.Quote > 0 {
			return true
		}
		for _, s := range l.Spans {
			if s.Bold || s.Italic || s.File != 0 || s.Link != "" && !says(s.Text, s.Link) {
				return true
			}
		}
	}
	return false
}

// Pictures lists the files that stand in the text.
func (r Rich) Pictures() []int64 {
	var all []int64
	for _, l := range r {
		for _, s := range l.Spans {
			if s.File != 0 {
				all = append(all, s.File)
			}
		}
	}
	return all
}

// String writes the form down. ParseRich gives the same back.
func (r Rich) String() string {
	var w richWriter
	for _, l := range r {
		w.stand(l.Quote, l.Kind)
		tag := "p"
		if l.Kind != Plain {
			tag = "li"
		}
		w.WriteString("<" + tag + ">")
		for _, s := range l.Spans {
			w.span(s)
		}
		w.WriteString("</" + tag + ">")
	}
	w.stand(0, Plain)
	return w.String()
}

// richWriter opens and closes what lines stand in.
type richWriter struct {
	strings.Builder
	quote int
	list  LineKind
	// open is what a quotation's start looks like.
	open string
}

var listTags = map[LineKind]string{Bullet: "ul", Number: "ol"}

func (w *richWriter) stand(quote int, list LineKind) {
	if w.list != Plain && (list != w.list || quote != w.quote) {
		w.WriteString("</" + listTags[w.list] + ">")
		w.list = Plain
	}
	for ; w.quote > quote; w.quote-- {
		w.WriteString("</blockquote>")
	}
	for ; w.quote < quote; w.quote++ {
		w.WriteString("<blockquote" + w.open + ">")
	}
	if list != w.list {
		w.WriteString("<" + listTags[list] + ">")
		w.list = list
	}
}

func (w *richWriter) span(s Span) {
	if s.Link != "" {
		w.WriteString(`<a href="` + html.EscapeString(s.Link) + `">`)
	}
	if s.Bold {
		w.WriteString("<b>")
	}
	if s.Italic {
		w.WriteString("<i>")
	}
	if s.File != 0 {
		w.WriteString(`<img data-file="` + strconv.FormatInt(s.File, 10) + `" alt="` + html.EscapeString(s.Text) + `">`)
	} else {
		w.WriteString(strings.ReplaceAll(html.EscapeString(s.Text), "\n", "<br>"))
	}
	if s.Italic {
		w.WriteString("</i>")
	}
	if s.Bold {
		w.WriteString("</b>")
	}
	if s.Link != "" {
		w.WriteString("</a>")
	}
}

// Text gives the lines without form but with what the form says: list marks,
// the addresses of links, > before quotes, pictures in words.
func (r Rich) Text() string {
	var out []string
	number := 0
	for i, l := range r {
		if i == 0 || r[i-1].Kind != l.Kind || r[i-1].Quote != l.Quote {
			number = 0
		}
		number++
		mark := ""
		switch l.Kind {
		case Bullet:
			mark = "- "
		case Number:
			mark = strconv.Itoa(number) + ". "
		}
		for n, part := range strings.Split(l.words(), "\n") {
			if n > 0 {
				mark = strings.Repeat(" ", len(mark))
			}
			out = append(out, quoteMark(l.Quote, mark+part))
		}
	}
	return strings.Join(out, "\n")
}

func quoteMark(depth int, line string) string {
	if depth == 0 {
		return line
	}
	return strings.TrimRight(strings.Repeat(">", depth)+" "+line, " ")
}

// words is what a line says. A link's address stands behind its words, once,
// in the brackets that keep it apart from them (RFC 3986 C).
func (l Line) words() string {
	var b strings.Builder
	label := ""
	for i, s := range l.Spans {
		if s.File != 0 {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
		if s.Link == "" {
			continue
		}
		label += s.Text
		if i+1 < len(l.Spans) && l.Spans[i+1].Link == s.Link {
			continue
		}
		if !says(label, s.Link) {
			b.WriteString(" <" + bareAddress(s.Link) + ">")
		}
		label = ""
	}
	return b.String()
}

// says tells that a link's words are its address.
func says(label, link string) bool {
	bare := func(s string) string {
		s = strings.TrimSuffix(strings.TrimSpace(s), "/")
		for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
			s = strings.TrimPrefix(s, scheme)
		}
		return s
	}
	return bare(label) == bare(link)
}

func bareAddress(link string) string {
	return strings.TrimPrefix(strings.TrimPrefix(link, "mailto:"), "tel:")
}
