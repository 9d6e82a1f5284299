package mailtext

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLText makes readable text of HTML: blocks become paragraphs, quotes get
// their >, list items a dot, links their address where the text hides it. What
// is not shown (styles, scripts, hidden preheaders) is left out. It reads
// tokens, not a tree, so that no nesting is too deep for it.
func HTMLText(src string) string {
	if src == "" {
		return ""
	}
	r := htmlReader{z: html.NewTokenizer(strings.NewReader(src))}
	for {
		switch r.z.Next() {
		case html.ErrorToken:
			return r.finish()
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
}

type htmlReader struct {
	z      *html.Tokenizer
	lines  []string
	line   strings.Builder
	space  bool // a space is due before the next word
	quote  int  // depth of blockquotes
	pre    int
	hidden int       // depth below something that isn't shown
	under  atom.Atom // what hides, so that only its own end ends it
	href   string
	label  int // where the link's text began in line
}

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
	selfClosing := t.Type == html.SelfClosingTagToken
	if r.hidden > 0 {
		if t.DataAtom == r.under && !selfClosing {
			r.hidden++
		}
		return
	}
	if !selfClosing && (hiddenTags[t.DataAtom] || isHidden(t)) && !voidTags[t.DataAtom] {
		r.hidden, r.under = 1, t.DataAtom
		return
	}
	if blockTags[t.DataAtom] {
		r.breakLine()
		if paragraphTags[t.DataAtom] {
			r.blank()
		}
	}
	switch t.DataAtom {
	case atom.Body:
		r.lines, r.space = nil, false // what stood before was no text
		r.line.Reset()
	case atom.Br:
		r.newLine()
	case atom.Li:
		r.line.WriteString("• ")
	case atom.Td, atom.Th:
		r.space = r.line.Len() > 0
	case atom.Blockquote:
		if !selfClosing {
			r.quote++
		}
	case atom.Pre:
		if !selfClosing {
			r.pre++
		}
	case atom.Img:
		if alt := strings.TrimSpace(attr(t, "alt")); alt != "" {
			r.text(" [" + alt + "] ")
		}
	case atom.A:
		r.href, r.label = attr(t, "href"), r.line.Len()
	}
}

var voidTags = map[atom.Atom]bool{
	atom.Br: true, atom.Img: true, atom.Hr: true, atom.Input: true, atom.Meta: true,
	atom.Link: true, atom.Base: true, atom.Col: true, atom.Area: true, atom.Wbr: true,
}

func (r *htmlReader) close(t html.Token) {
	if r.hidden > 0 {
		if t.DataAtom == r.under {
			r.hidden--
		}
		return
	}
	switch t.DataAtom {
	case atom.Blockquote:
		r.breakLine()
		r.quote = max(r.quote-1, 0)
	case atom.Pre:
		r.pre = max(r.pre-1, 0)
	case atom.A:
		r.endLink()
	}
	if blockTags[t.DataAtom] {
		r.breakLine()
		if paragraphTags[t.DataAtom] {
			r.blank()
		}
	}
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
		case c == '\u00ad', c == '\u034f': // preheaders are padded with these
		case unicode.IsSpace(c) || c == '\u200b':
			r.space = r.space || r.line.Len() > 0
		default:
			if r.space {
				r.line.WriteByte(' ')
				r.space = false
			}
			r.line.WriteRune(c)
		}
	}
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
	line := r.line.String()
	if r.quote > 0 {
		line = strings.TrimRight(strings.Repeat(">", min(r.quote, 20))+" "+line, " ")
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

func isHidden(t html.Token) bool {
	style := strings.ToLower(strings.ReplaceAll(attr(t, "style"), " ", ""))
	if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") ||
		strings.Contains(style, "mso-hide:all") {
		return true
	}
	for _, a := range t.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	return false
}

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
