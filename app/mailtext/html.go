package mailtext

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLText makes readable text of HTML: blocks become paragraphs, quotes get
// their >, list items a dot or their number, links their address where the text
// hides it. What is not shown (styles, scripts, hidden preheaders) is left out.
// It reads tokens, not a tree, so that no nesting is too deep for it.
func HTMLText(src string) string { return unmarked(markedText(src)) }

// markedText is HTMLText with what only the structure says: where a quote begins
// and what is a signature (quoteStart, signaturePart). It is for Fold.
func markedText(src string) string {
	if src == "" {
		return ""
	}
	r := htmlReader{z: html.NewTokenizer(strings.NewReader(src))}
	for {
		switch r.z.Next() {
		case html.ErrorToken:
			return r.finish()
		case html.TextToken:
			if r.hidden.depth == 0 {
				r.text(string(r.z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			r.open(r.z.Token())
		case html.EndTagToken:
			r.close(r.z.Token())
		}
	}
}

type htmlReader struct {
	z      *html.Tokenizer
	lines  []string
	line   strings.Builder
	space  bool   // a space is due before the next word
	quotes []bool // open blockquotes: whether each quotes, or only indents
	depth  int    // how many of them quote
	pre    int
	hidden within // what isn't shown
	sign   within // a signature
	lists  []list
	tables []bool // open tables: whether each has ruled cells
	href   string
	label  int   // where the link's text began in line
	quoted bool  // the next line begins a quote
	heads  []int // lines at which a quoted mail's head may begin
	head   bool  // the next line is one of them
}

// within is how deep the reader is below an element. Only ends of the same name
// count, so that a forgotten end inside doesn't end it.
type within struct {
	depth int
	tag   atom.Atom
}

func (w *within) open(t atom.Atom) {
	if w.depth > 0 && t == w.tag {
		w.depth++
	}
}

func (w *within) close(t atom.Atom) {
	if w.depth > 0 && t == w.tag {
		w.depth--
	}
}

// list is an open list; next is the number of its next item, 0 where items have
// dots.
type list struct{ next int }

var blockTags = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.H5: true, atom.H6: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Table: true,
	atom.Tr: true, atom.Blockquote: true, atom.Pre: true, atom.Hr: true, atom.Dl: true,
	atom.Dt: true, atom.Dd: true, atom.Address: true, atom.Section: true, atom.Article: true,
	atom.Header: true, atom.Footer: true, atom.Center: true, atom.Form: true, atom.Caption: true,
}

var paragraphTags = map[atom.Atom]bool{
	atom.P: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true,
	atom.H6: true, atom.Ul: true, atom.Ol: true, atom.Pre: true, atom.Blockquote: true,
}

var hiddenTags = map[atom.Atom]bool{
	atom.Head: true, atom.Style: true, atom.Script: true, atom.Title: true, atom.Template: true,
	atom.Noscript: true, atom.Object: true, atom.Svg: true, atom.Math: true, atom.Select: true,
	atom.Textarea: true, atom.Iframe: true,
}

func (r *htmlReader) open(t html.Token) {
	if t.Type == html.SelfClosingTagToken && !voidTags[t.DataAtom] {
		t.Type = html.StartTagToken // HTML knows no other elements that close themselves
	}
	void := voidTags[t.DataAtom]
	if r.hidden.depth > 0 {
		r.hidden.open(t.DataAtom)
		return
	}
	if !void && (hiddenTags[t.DataAtom] || isHidden(t)) {
		r.hidden = within{1, t.DataAtom}
		return
	}
	r.startBlock(t.DataAtom)
	r.structure(t, void)
	switch t.DataAtom {
	case atom.Br:
		r.newLine()
	case atom.Ul, atom.Ol:
		r.lists = append(r.lists, newList(t))
	case atom.Li:
		r.item(t)
	case atom.Table:
		r.tables = append(r.tables, isRuled(t))
	case atom.Td, atom.Th:
		r.cell(t.DataAtom == atom.Th)
	case atom.Blockquote:
		r.openQuote(t)
	case atom.Pre:
		r.pre++
	case atom.Img:
		if alt := strings.TrimSpace(attr(t, "alt")); alt != "" && !isPixel(t) {
			r.text(" [" + alt + "] ")
		}
	case atom.A:
		r.href, r.label = attr(t, "href"), r.line.Len()
	}
}

// startBlock ends the line above a block, and leaves an empty one above a
// paragraph.
func (r *htmlReader) startBlock(tag atom.Atom) {
	if !blockTags[tag] {
		return
	}
	r.breakLine()
	if paragraphTags[tag] && (len(r.lists) == 0 || tag != atom.Ul && tag != atom.Ol) {
		r.blank()
	}
}

// structure notes what an element says of quotes and signatures.
func (r *htmlReader) structure(t html.Token, void bool) {
	if r.sign.depth > 0 {
		r.sign.open(t.DataAtom)
	}
	switch {
	case r.depth > 0:
	case startsQuote(t):
		r.breakLine()
		r.quoted = true
	case mayStartHead(t):
		r.breakLine()
		r.head = true
	case r.sign.depth == 0 && !void && isSignature(t):
		r.breakLine()
		r.sign = within{1, t.DataAtom}
	}
}

var voidTags = map[atom.Atom]bool{
	atom.Br: true, atom.Img: true, atom.Hr: true, atom.Input: true, atom.Meta: true,
	atom.Link: true, atom.Base: true, atom.Col: true, atom.Area: true, atom.Wbr: true,
	atom.Embed: true, atom.Source: true, atom.Track: true, atom.Param: true,
}

func (r *htmlReader) close(t html.Token) {
	if r.hidden.depth > 0 {
		r.hidden.close(t.DataAtom)
		return
	}
	switch t.DataAtom {
	case atom.Blockquote:
		r.closeQuote()
	case atom.Pre:
		r.breakLine()
		r.pre = max(r.pre-1, 0)
	case atom.A:
		r.endLink()
	case atom.Ul, atom.Ol:
		r.lists = r.lists[:max(len(r.lists)-1, 0)]
	case atom.Table:
		r.tables = r.tables[:max(len(r.tables)-1, 0)]
	}
	r.startBlock(t.DataAtom)
	if r.sign.depth == 1 && t.DataAtom == r.sign.tag {
		r.breakLine()
	}
	r.sign.close(t.DataAtom)
}

// endLink adds where a link leads, when that is short and not said already.
func (r *htmlReader) endLink() {
	const longest = 80
	href := r.href
	r.href = ""
	if len(href) > longest || !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") {
		return
	}
	label := strings.TrimSpace(r.line.String()[min(r.label, r.line.Len()):])
	bare := strings.TrimSuffix(href[strings.Index(href, "://")+3:], "/")
	if label == "" || strings.Contains(label, bare) {
		return
	}
	r.text(" (" + href + ")")
}

func (r *htmlReader) text(s string) {
	if r.pre > 0 {
		for i, l := range strings.Split(strings.ReplaceAll(s, "\r", ""), "\n") {
			if i > 0 {
				r.newLine()
			}
			r.line.WriteString(l)
		}
		return
	}
	for _, c := range s {
		switch {
		case isPadding(c) && (r.space || r.line.Len() == 0 || c == '\u00ad' || c == '\u034f'):
		case unicode.IsSpace(c) || c == '\u200b':
			r.space = r.space || r.line.Len() > 0
		default:
			r.word(c)
		}
	}
}

func (r *htmlReader) word(c rune) {
	if r.space {
		r.line.WriteByte(' ')
		r.space = false
	}
	r.line.WriteRune(c)
}

// isPadding tells what preheaders are padded with, so that a list of mails shows
// nothing else. Between letters the joiners belong to the word.
func isPadding(c rune) bool {
	switch c {
	case '\u00ad', '\u034f', '\u200b', '\u200c', '\u200d', '\u2007', '\ufeff', '\u061c':
		return true
	}
	return false
}

// breakLine ends the line if there is anything on it, newLine ends it anyway,
// blank makes sure that an empty one stands between paragraphs.
func (r *htmlReader) breakLine() {
	if r.line.Len() > 0 {
		r.newLine()
	}
	r.space = false
}

func (r *htmlReader) newLine() {
	line := strings.TrimRight(r.line.String(), " ")
	empty := line == ""
	if r.depth > 0 {
		line = strings.TrimRight(strings.Repeat(">", min(r.depth, 20))+" "+line, " ")
	}
	if !empty {
		if r.head {
			r.heads = append(r.heads, len(r.lines))
		}
		if r.quoted {
			line = quoteStart + line
		}
		if r.sign.depth > 0 && r.depth == 0 {
			line = signaturePart + line
		}
		r.head, r.quoted = false, false
	}
	r.lines = append(r.lines, line)
	r.line.Reset()
	r.space, r.label = false, 0
}

func (r *htmlReader) blank() {
	if n := len(r.lines); n > 0 && strings.Trim(r.lines[n-1], "> ") != "" {
		r.newLine()
	}
}

// finish leaves at most one empty line between others.
func (r *htmlReader) finish() string {
	r.breakLine()
	for _, i := range r.heads {
		if looksLikeHead(r.lines[i:]) {
			r.lines[i] = quoteStart + r.lines[i]
		}
	}
	out := r.lines[:0]
	for _, line := range r.lines {
		empty := strings.Trim(line, "> \t") == ""
		if empty && (len(out) == 0 || strings.Trim(out[len(out)-1], "> \t") == "") {
			continue
		}
		out = append(out, line)
	}
	for len(out) > 0 && strings.Trim(out[len(out)-1], "> \t") == "" {
		out = out[:len(out)-1]
	}
	return strings.Trim(strings.Join(out, "\n"), "\n ")
}
