package mailtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxDepth is how deep elements nest at most; what lies deeper stays, flat.
const maxDepth = 100

// sieve rewrites HTML token by token, so that no nesting is too deep for it.
type sieve struct {
	z       *html.Tokenizer
	out     []html.Token
	open    []string // names of the open elements
	skip    within   // something that is dropped with all it holds
	link    int      // 1 + the index in out of the open link, 0 without
	label   strings.Builder
	size    int // of what out becomes, in bytes
	full    bool
	blocked []Blocked
	seen    map[Blocked]bool
}

func newSieve(src string) *sieve {
	return &sieve{z: html.NewTokenizer(strings.NewReader(src)), blocked: []Blocked{}, seen: map[Blocked]bool{}}
}

func (s *sieve) report(kind, value string) {
	value = strings.ToValidUTF8(value[:min(len(value), maxBlockedValue)], "")
	b := Blocked{kind, strings.TrimSpace(value)}
	if len(s.blocked) < maxBlocked && !s.seen[b] {
		s.seen[b] = true
		s.blocked = append(s.blocked, b)
	}
}

// run gives well-nested HTML of kept elements.
func (s *sieve) run() string {
	for !s.full {
		switch s.z.Next() {
		case html.ErrorToken:
			return s.finish()
		case html.TextToken:
			if s.skip.depth == 0 {
				s.text(string(s.z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start(s.z.Token())
		case html.EndTagToken:
			s.end(s.z.Token())
		}
	}
	s.report(BlockedCut, "")
	return s.finish()
}

func (s *sieve) finish() string {
	for len(s.open) > 0 {
		s.pop()
	}
	var out strings.Builder
	for _, t := range s.out {
		out.WriteString(t.String())
	}
	return out.String()
}

func (s *sieve) text(text string) {
	if s.link > 0 && s.label.Len() < 1000 {
		s.label.WriteString(text)
	}
	t := html.Token{Type: html.TextToken, Data: text}
	if room := s.room(); len(t.Data) > room || len(t.String()) > room {
		t.Data, s.full = cutText(text, room/len("&#34;")), true
	}
	s.put(t)
}

// room is how many bytes more there may be.
func (s *sieve) room() int { return max(maxHTML-spareHTML-s.size, 0) }

func (s *sieve) put(t html.Token) {
	s.size += len(t.String())
	s.out = append(s.out, t)
}

// dropped are elements that go with all they hold. What of them is text is not
// for reading.
var dropped = lineSet("script|style|title|template|svg|math|noscript|noframes|noembed|iframe|textarea|select|xmp|plaintext|frameset|datalist|audio|video|canvas|applet")

func (s *sieve) start(t html.Token) {
	name := t.Data
	if s.skip.depth > 0 {
		if t.Type == html.StartTagToken {
			s.skip.open(t.DataAtom)
		}
		s.reportElement(t)
		return
	}
	s.reportElement(t)
	if dropped[name] {
		// Foreign elements may close themselves; no others can.
		if t.Type == html.StartTagToken || name != "svg" && name != "math" {
			s.skip = within{1, t.DataAtom}
		}
		s.rawText(name)
		return
	}
	if !keptTags[name] || !s.fits(name) {
		return
	}
	void := isVoid(name)
	s.implyEnds(name)
	if !void && len(s.open) >= maxDepth {
		return
	}
	kept := html.Token{Type: html.StartTagToken, Data: name, Attr: s.attributes(t)}
	if len(kept.String())+linkAttributes > s.room() {
		s.full = name != "img" // a picture alone may be too large
		return
	}
	s.put(kept)
	if void {
		return
	}
	s.open = append(s.open, name)
	if name == "a" {
		s.link = len(s.out)
		s.label.Reset()
		s.size += linkAttributes
	}
}

// linkAttributes bounds what the policy and endLink add to a link, in bytes.
const linkAttributes = 400

// rawText reads what the tokenizer takes for text without markup, up to the
// element's end, so that a forgotten end doesn't drop the rest of the mail.
func (s *sieve) rawText(name string) {
	switch name {
	case "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp", "noscript", "plaintext":
	default:
		return
	}
	s.skip = within{}
	if s.z.Next() == html.TextToken {
		if name == "style" {
			s.styleSheet(string(s.z.Text()))
		}
		return
	}
	s.end(s.z.Token())
}

func isVoid(name string) bool {
	switch name {
	case "br", "col", "hr", "img", "wbr":
		return true
	}
	return false
}

func (s *sieve) end(t html.Token) {
	if s.skip.depth > 0 {
		s.skip.close(t.DataAtom)
		return
	}
	name := t.Data
	if !keptTags[name] || isVoid(name) {
		return
	}
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i] == name {
			for len(s.open) > i {
				s.pop()
			}
			return
		}
		if name != "table" && (s.open[i] == "table" || s.open[i] == "td" || s.open[i] == "th") && !tablePart[name] {
			return // an end inside a cell doesn't close what lies around the table
		}
	}
}

// pop closes the innermost element.
func (s *sieve) pop() {
	name := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	if name == "a" {
		s.endLink()
	}
	s.put(html.Token{Type: html.EndTagToken, Data: name})
}

var tablePart = lineSet("caption|col|colgroup|tbody|td|tfoot|th|thead|tr")

// closesParagraph are the elements that can't stand in a paragraph.
var closesParagraph = lineSet("address|article|blockquote|center|dd|div|dl|dt|figcaption|figure|footer|h1|h2|h3|h4|h5|h6|header|hr|li|main|ol|p|pre|section|table|ul")

// implied says which open elements end where another begins, and which element
// around them keeps that from reaching further out.
var implied = map[string]struct{ ends, within map[string]bool }{
	"li":       {lineSet("li"), lineSet("ul|ol|table|td|th")},
	"dt":       {lineSet("dt|dd"), lineSet("dl|table|td|th")},
	"dd":       {lineSet("dt|dd"), lineSet("dl|table|td|th")},
	"td":       {lineSet("td|th|caption|colgroup"), lineSet("table")},
	"th":       {lineSet("td|th|caption|colgroup"), lineSet("table")},
	"tr":       {lineSet("tr|caption|colgroup"), lineSet("table")},
	"tbody":    {lineSet("tbody|thead|tfoot|caption|colgroup|tr"), lineSet("table")},
	"thead":    {lineSet("tbody|thead|tfoot|caption|colgroup|tr"), lineSet("table")},
	"tfoot":    {lineSet("tbody|thead|tfoot|caption|colgroup|tr"), lineSet("table")},
	"colgroup": {lineSet("caption|colgroup|tr"), lineSet("table")},
	"caption":  {lineSet("caption|colgroup|tr"), lineSet("table")},
	"a":        {lineSet("a"), lineSet("table|td|th")},
}

// implyEnds closes what a browser would close where name begins.
func (s *sieve) implyEnds(name string) {
	if closesParagraph[name] {
		s.closeOpen(lineP, cellScope)
	}
	if rule, ok := implied[name]; ok {
		s.closeOpen(rule.ends, rule.within)
	}
}

var lineP, cellScope = lineSet("p"), lineSet("table|td|th|caption")

// closeOpen closes the outermost of the elements named in ends that is open
// inside the innermost one named in within.
func (s *sieve) closeOpen(ends, within map[string]bool) {
	at := -1
	for i := len(s.open) - 1; i >= 0 && !within[s.open[i]]; i-- {
		if ends[s.open[i]] {
			at = i
		}
	}
	for at >= 0 && len(s.open) > at {
		s.pop()
	}
}

// fits tells that an element may begin here: parts of a table only inside one.
func (s *sieve) fits(name string) bool {
	if !tablePart[name] {
		return true
	}
	return slices.Contains(s.open, "table")
}
