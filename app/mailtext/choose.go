package mailtext

import (
	"slices"
	"strings"
)

// Text is a part that is read: as text, or for what can be read in it.
type Text struct {
	*Piece
	Twin   bool // HTML that says the same as a plain part which is here too
	File   bool // it is among the files as well: an invitation, a sealed mail
	Report bool // of a bounce: what machines read (RFC 3464)
}

// Prose tells text that is written for people.
func (t Text) Prose() bool { return !t.File && !t.Report }

// Packed tells text that lies inside something else.
func (t Text) Packed() bool { return isTNEF(t.Piece) || isSMIME(t.Piece) }

// TNEF tells what Outlook packs a mail into (MS-OXTNEF).
func (t Text) TNEF() bool { return isTNEF(t.Piece) }

// Choice is what of a mail is read, what is offered as files, and what its
// structure says of it, as warnings. All in the order of the mail.
type Choice struct {
	Texts []Text
	Files []*Piece
	Marks []string
}

// Choose parts the readable from the rest. Of alternatives the plain text
// counts and HTML comes along; text that has a name is a file.
func Choose(root *Piece) Choice {
	c := chooser{}
	c.walk(root, spot{})
	if !slices.ContainsFunc(c.Texts, func(t Text) bool { return isProse(t.Type) }) {
		c.promote()
	}
	slices.Sort(c.Marks)
	c.Marks = slices.Compact(c.Marks)
	return c.Choice
}

type chooser struct{ Choice }

// spot is where a part stands.
type spot struct {
	depth       int
	alternative bool // directly or deeper inside alternatives
	related     bool // beside the part that holds the text
	report      bool // inside a multipart/report (RFC 6522)
}

func (c *chooser) walk(p *Piece, at spot) {
	if p.broken {
		c.Marks = append(c.Marks, WarnBroken)
	}
	if !p.multi() {
		c.leaf(p, at)
		return
	}
	first := len(c.Texts)
	switch p.Type {
	case "multipart/signed":
		c.Marks = append(c.Marks, WarnSigned)
	case "multipart/encrypted":
		c.Marks = append(c.Marks, WarnSealed)
	case "multipart/alternative":
		at.alternative = true
	case "multipart/report":
		at.report = true
	}
	at.depth++
	branch := make([]int, 0, len(p.Children)) // where each child's texts end
	for i, child := range p.Children {
		below := at
		below.related = at.related || p.Type == "multipart/related" && i > 0
		c.walk(child, below)
		branch = append(branch, len(c.Texts))
	}
	if p.Type == "multipart/alternative" {
		c.alternatives(first, branch)
	}
}

// alternatives marks the HTML beside plain text as its twin and drops the
// plain stub beside HTML. branch is where the texts of each alternative end.
func (c *chooser) alternatives(first int, branch []int) {
	texts := c.Texts[first:]
	plain, rich := -1, false
	for i, t := range texts {
		if t.Type == "text/plain" && !t.blank() && plain < 0 {
			plain = slices.IndexFunc(branch, func(end int) bool { return first+i < end })
		}
		rich = rich || isRich(t.Type)
	}
	begin := first
	kept := c.Texts[:first]
	for b, end := range branch {
		for _, t := range c.Texts[begin:end] {
			switch {
			case plain >= 0 && b != plain && isRich(t.Type):
				t.Twin = true
			case plain < 0 && rich && t.Type == "text/plain" && t.blank():
				continue
			}
			kept = append(kept, t)
		}
		begin = end
	}
	c.Texts = kept
}

// leaf sorts one part.
func (c *chooser) leaf(p *Piece, at spot) {
	attached := p.Disposition == "attachment"
	switch {
	case isSealed(p):
		c.Marks = append(c.Marks, WarnSealed)
	case isSMIME(p), isTNEF(p):
		c.Texts = append(c.Texts, Text{Piece: p, File: true})
	case IsReportPart(p.Type) && (at.report || at.depth == 0):
		c.Texts = append(c.Texts, Text{Piece: p, File: true, Report: true})
	case p.Type == "text/calendar" && !attached:
		c.Texts = append(c.Texts, Text{Piece: p, File: true})
	case p.Type == "text/x-amp-html" && at.alternative, p.Type == "text/watch-html" && at.alternative:
		return // for programs that run it; the other alternatives say the same
	case !attached && c.isText(p, at):
		c.Texts = append(c.Texts, Text{Piece: p})
		return
	case p.Type == "message/partial":
		c.Marks = append(c.Marks, WarnPartial)
	case p.Type == "message/external-body":
		c.Marks = append(c.Marks, WarnElsewhere)
	}
	c.Files = append(c.Files, p)
}

// isText tells text to read from a file. The text of a mail without parts may
// have a name, and so may the alternatives.
func (c *chooser) isText(p *Piece, at spot) bool {
	switch {
	case at.depth == 0:
		return strings.HasPrefix(p.Type, "text/") && p.Type != "text/vcard" && p.Type != "text/x-vcard" && p.Type != "text/csv"
	case !isProse(p.Type):
		return false
	case at.related && (p.ID != "" || p.Location != "" || p.named()):
		return false
	}
	return at.alternative || !p.named()
}

// isProse names the types that are written for people.
func isProse(kind string) bool {
	switch kind {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml":
		return true
	}
	return false
}

func isRich(kind string) bool {
	return kind == "text/html" || kind == "text/enriched" || kind == "text/richtext" || kind == "application/xhtml+xml"
}

// promote reads the first text that came as a file where there is no other,
// unless the sender said it is one.
func (c *chooser) promote() {
	for i, f := range c.Files {
		if isProse(f.Type) && f.Disposition != "attachment" && f.ID == "" {
			c.Texts = append(c.Texts, Text{Piece: f})
			c.Files = slices.Delete(c.Files, i, i+1)
			return
		}
	}
}

// isTNEF finds what Outlook packs a mail into (MS-OXTNEF).
func isTNEF(p *Piece) bool {
	return p.Type == "application/ms-tnef" || p.Type == "application/vnd.ms-tnef" ||
		strings.EqualFold(FileName(p.DispParams, p.Params), "winmail.dat")
}

// isSMIME finds S/MIME that is encrypted or holds the text inside its signature
// (RFC 8551 3.2); which of them, its content tells.
func isSMIME(p *Piece) bool {
	kind := strings.ToLower(p.Params["smime-type"])
	return (p.Type == "application/pkcs7-mime" || p.Type == "application/x-pkcs7-mime") &&
		kind != "certs-only" && kind != "compressed-data"
}

// isSealed finds S/MIME that says it is encrypted.
func isSealed(p *Piece) bool {
	kind := strings.ToLower(p.Params["smime-type"])
	return isSMIME(p) && (kind == "enveloped-data" || kind == "authenveloped-data")
}
