package mailtext

import (
	"html"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// Dress is how a Rich text leaves as HTML.
type Dress struct {
	Language string
	// Picture gives the Content-ID of a file in the text, without <>; "" leaves
	// the picture out.
	Picture func(file int64) string
}

// quoteStyle has no colour: the line beside a quote takes the text's own, in the
// light and in the dark.
const (
	quoteStyle    = ` style="margin:0 0 0 .8ex;border-left:1px solid;padding-left:1ex"`
	quoteStyleRTL = ` style="margin:0 .8ex 0 0;border-right:1px solid;padding-right:1ex"`
)

// HTML writes the text for the customer's mail program: few tags, no style
// sheet, no colours, the direction of every line that runs otherwise than the
// text. It is small, because every byte of it goes over a thin line.
func (r Rich) HTML(d Dress) string {
	base := r.direction()
	w := richWriter{open: quoteStyle}
	if base == "rtl" {
		w.open = quoteStyleRTL
	}
	w.WriteString("<div")
	if base != "" {
		w.WriteString(` dir="` + base + `"`)
	}
	if d.Language != "" {
		w.WriteString(` lang="` + html.EscapeString(d.Language) + `"`)
	}
	w.WriteString(">")
	for _, l := range r {
		w.stand(l.Quote, l.Kind)
		tag := "div"
		if l.Kind != Plain {
			tag = "li"
		}
		w.WriteString("<" + tag)
		if dir := l.direction(); dir != "" && dir != base {
			w.WriteString(` dir="` + dir + `"`)
		}
		w.WriteString(">")
		w.leave(l, d)
		w.WriteString("</" + tag + ">\n")
	}
	w.stand(0, Plain)
	w.WriteString("</div>")
	return strings.ReplaceAll(w.String(), "\u00a0", "&nbsp;")
}

func (w *richWriter) leave(l Line, d Dress) {
	empty := true
	for i, s := range l.Spans {
		if s.File == 0 {
			s.Text = keepSpaces(s.Text, i == 0)
			w.span(s)
			empty = empty && s.Text == ""
			continue
		}
		cid := ""
		if d.Picture != nil {
			cid = d.Picture(s.File)
		}
		if cid != "" {
			w.WriteString(`<img src="cid:` + html.EscapeString(cid) + `" alt="` + html.EscapeString(s.Text) + `" style="max-width:100%">`)
			empty = false
		}
	}
	if empty {
		w.WriteString("<br>")
	}
}

// keepSpaces makes every second space one that HTML doesn't swallow, and one
// that begins a line.
func keepSpaces(s string, first bool) string {
	s = strings.ReplaceAll(s, "  ", " \u00a0")
	if first && strings.HasPrefix(s, " ") {
		s = "\u00a0" + s[1:]
	}
	return s
}

func (r Rich) direction() string {
	for _, l := range r {
		if dir := l.direction(); dir != "" {
			return dir
		}
	}
	return ""
}

func (l Line) direction() string {
	for _, s := range l.Spans {
		if dir := Direction(s.Text); dir != "" {
			return dir
		}
	}
	return ""
}

// Direction is that of a text's first letter that has one (UAX #9, rule P2):
// ltr, rtl, or "".
func Direction(s string) string {
	for _, c := range s {
		p, _ := bidi.LookupRune(c)
		switch p.Class() {
		case bidi.L:
			return "ltr"
		case bidi.R, bidi.AL:
			return "rtl"
		}
	}
	return ""
}
