package mailtext

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxRich      = 1 << 20 // bytes that are read
	maxRichLines = 20_000
	maxRichQuote = 5
	maxLink      = 2000
)

// ParseRich reads the written form of a Rich text. It reads any HTML and keeps
// only what the form has: it never fails, and what it gives is written down
// the same by String.
func ParseRich(src string) Rich {
	if len(src) > maxRich {
		src = strings.ToValidUTF8(src[:maxRich], "")
	}
	r := richReader{z: html.NewTokenizer(strings.NewReader(src))}
	for len(r.lines) < maxRichLines {
		switch r.z.Next() {
		case html.ErrorToken:
			r.endBlock()
			return r.lines
		case html.TextToken:
			if r.hidden == 0 {
				r.text(string(r.z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			r.open(r.z.Token())
		case html.EndTagToken:
			r.close(r.z.Token())
		}
	}
	return r.lines
}

type richReader struct {
	z      *html.Tokenizer
	lines  Rich
	line   Line
	begun  bool // a line is open, with or without anything on it
	breaks int  // <br> that count once something follows: the last one only holds the line open
	bold   int
	italic int
	link   string
	lists  []LineKind
	quote  int
	hidden int // depth below what is no text
	under  atom.Atom
}

var richHidden = []atom.Atom{
	atom.Head, atom.Style, atom.Script, atom.Title, atom.Template, atom.Noscript, atom.Object, atom.Svg,
	atom.Math, atom.Select, atom.Textarea, atom.Iframe,
}

var richBlocks = []atom.Atom{
	atom.P, atom.Div, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Pre, atom.Tr,
	atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address,
}

func (r *richReader) open(t html.Token) {
	if r.hidden > 0 {
		if t.DataAtom == r.under && t.Type == html.StartTagToken {
			r.hidden++
		}
		return
	}
	if slices.Contains(richHidden, t.DataAtom) {
		if t.Type == html.StartTagToken {
			r.hidden, r.under = 1, t.DataAtom
		}
		return
	}
	if slices.Contains(richBlocks, t.DataAtom) {
		r.beginBlock()
		return
	}
	switch t.DataAtom {
	case atom.Ul:
		r.leaveLine()
		r.lists = append(r.lists, Bullet)
	case atom.Ol:
		r.leaveLine()
		r.lists = append(r.lists, Number)
	case atom.Blockquote:
		r.leaveLine()
		r.quote++
	case atom.B, atom.Strong:
		r.bold++
	case atom.I, atom.Em:
		r.italic++
	case atom.A:
		r.link = safeLink(richAttr(t, "href"))
	case atom.Br:
		r.begin()
		r.breaks++
	case atom.Img:
		if n, err := strconv.ParseInt(richAttr(t, "data-file"), 10, 64); err == nil && n > 0 {
			r.add(Span{File: n, Text: strings.TrimSpace(r.readable(richAttr(t, "alt")))})
		}
	}
}

func (r *richReader) close(t html.Token) {
	if r.hidden > 0 {
		if t.DataAtom == r.under {
			r.hidden--
		}
		return
	}
	if slices.Contains(richBlocks, t.DataAtom) {
		r.endBlock()
		return
	}
	switch t.DataAtom {
	case atom.Ul, atom.Ol:
		r.endBlock()
		r.lists = r.lists[:max(len(r.lists)-1, 0)]
	case atom.Blockquote:
		r.endBlock()
		r.quote = max(r.quote-1, 0)
	case atom.B, atom.Strong:
		r.bold = max(r.bold-1, 0)
	case atom.I, atom.Em:
		r.italic = max(r.italic-1, 0)
	case atom.A:
		r.link = ""
	}
}

// begin opens a line where none is.
func (r *richReader) begin() {
	if r.begun {
		return
	}
	r.begun = true
	r.line = Line{Quote: min(r.quote, maxRichQuote)}
	if len(r.lists) > 0 {
		r.line.Kind = r.lists[len(r.lists)-1]
	}
}

// beginBlock opens a line of its own: a block in a block is still one line.
func (r *richReader) beginBlock() {
	if len(r.line.Spans) > 0 || r.breaks > 0 {
		r.endBlock()
	}
	r.begin()
}

// leaveLine ends a line where a list or a quotation begins: a block that holds
// one isn't a line of its own.
func (r *richReader) leaveLine() {
	if len(r.line.Spans) == 0 && r.breaks == 0 {
		r.begun = false
	}
	r.endBlock()
}

func (r *richReader) endBlock() {
	if r.breaks > 0 && r.line.Kind == Plain {
		r.breaks--
		r.takeBreaks()
	}
	r.breaks = 0
	r.endLine()
}

func (r *richReader) endLine() {
	if r.begun {
		r.lines = append(r.lines, r.line)
	}
	r.begun, r.line = false, Line{}
}

// takeBreaks makes lines of the breaks that something follows.
func (r *richReader) takeBreaks() {
	for ; r.breaks > 0; r.breaks-- {
		if r.line.Kind != Plain {
			r.join(Span{Text: "\n"})
			continue
		}
		r.endLine()
		r.begin()
	}
}

func (r *richReader) text(s string) {
	s = r.readable(s)
	if s == "" || !r.begun && strings.TrimSpace(s) == "" {
		return
	}
	r.add(Span{Text: s})
}

func (r *richReader) add(s Span) {
	r.begin()
	r.takeBreaks()
	r.join(s)
}

// join appends a span in the present form.
func (r *richReader) join(s Span) {
	if len(r.lines) >= maxRichLines {
		return
	}
	s.Bold, s.Italic, s.Link = r.bold > 0, r.italic > 0, r.link
	if n := len(r.line.Spans); n > 0 && s.File == 0 && r.line.Spans[n-1].form() == s.form() {
		r.line.Spans[n-1].Text += s.Text
		return
	}
	r.line.Spans = append(r.line.Spans, s)
}

// readable leaves what can be read: no controls, and line breaks only as <br>.
func (r *richReader) readable(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n', c == '\r', c == '\t', c == 0x2028, c == 0x2029:
			return ' '
		case unicode.IsControl(c), c == 0xfeff:
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// safeLink gives an address that may stand in a link, "" for any other.
func safeLink(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxLink || strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c == 0x7f || strings.ContainsRune(`"<>\^{|}`+"`", c) }) {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto", "tel":
		if u.Opaque == "" {
			return ""
		}
	default:
		return ""
	}
	u.Scheme = strings.ToLower(u.Scheme)
	return u.String()
}

func richAttr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
