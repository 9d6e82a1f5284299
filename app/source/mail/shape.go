package mail

import (
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// Bounds of what is fetched as text, in bytes on the wire. HTML beside plain
// text must be small: on a rural line 32 kB take four seconds.
const (
	maxPlain     = 256 << 10
	maxTwinHTML  = 32 << 10
	maxLoneHTML  = 512 << 10
	maxProof     = 16 << 10 // of a bounce, what machines read
	maxCalendar  = 32 << 10
	maxPacked    = 96 << 10 // text inside a signature or inside winmail.dat
	maxTextParts = 6
	maxFiles     = 500
	maxDepth     = 100
)

// shape is what a message is made of: the parts to fetch as its text, and its
// files.
type shape struct {
	texts  []mailtext.Text
	files  []desk.Attachment
	marks  []string // warnings that the structure gives cause to
	report string   // Content-Type of a report, "" for others
}

// unclear tells a message that must be read whole: its structure isn't known, or
// is one of nothing, because the server gave up on it.
func (s *shape) unclear() bool {
	return s == nil || len(s.files) == 0 && !slices.ContainsFunc(s.texts, func(t mailtext.Text) bool { return t.Size > 0 })
}

// cost is about how many bytes the texts are.
func (s shape) cost() int64 {
	var n int64
	for _, t := range s.texts {
		n += min(t.Size, limit(t))
	}
	return n
}

// withoutTwins leaves out the HTML beside plain text.
func (s shape) withoutTwins() *shape {
	s.texts = slices.DeleteFunc(slices.Clone(s.texts), func(t mailtext.Text) bool { return t.Twin })
	return &s
}

// limit is how much of a text is fetched.
func limit(t mailtext.Text) int64 {
	switch {
	case t.Report:
		return maxProof
	case t.Packed():
		return maxPacked
	case t.Type == "text/calendar":
		return maxCalendar
	case t.Type == "text/html":
		return maxLoneHTML
	}
	return maxPlain
}

// returned tells the whole mail that a report brings back.
func returned(t mailtext.Text) bool {
	return t.Report && (t.Type == "message/rfc822" || t.Type == "message/global")
}

// readShape chooses from a BODYSTRUCTURE.
func readShape(bs imap.BodyStructure) shape {
	var s shape
	if bs == nil {
		return s
	}
	if multi, ok := bs.(*imap.BodyStructureMultiPart); ok && strings.EqualFold(multi.Subtype, "report") {
		s.report = "multipart/report"
		if multi.Extended != nil {
			s.report += "; report-type=" + multi.Extended.Params["report-type"]
		}
	}
	root := pieceOf(bs, nil)
	if root == nil {
		return s
	}
	choice := mailtext.Choose(root)
	s.marks = choice.Marks
	s.pick(choice.Texts)
	for _, f := range choice.Files {
		s.offer(f)
	}
	return s
}

// pick keeps of the texts what is worth its bytes now. What isn't fetched, or
// not whole, is offered as a file; of HTML beside plain text, the plain text is
// what there is to read.
func (s *shape) pick(texts []mailtext.Text) {
	prose := slices.ContainsFunc(texts, mailtext.Text.Prose)
	counted := 0
	for _, t := range texts {
		switch {
		case t.Twin && t.Size > maxTwinHTML:
			continue
		case t.TNEF() && (prose || t.Size > maxPacked):
			continue // it is a file already
		case t.Prose():
			if counted++; counted > maxTextParts {
				s.marks = append(s.marks, mailtext.WarnCut)
				s.offer(t.Piece)
				continue
			}
			if t.Size > limit(t) {
				s.offer(t.Piece)
			}
		case len(s.texts) >= 2*maxTextParts:
			continue
		}
		s.texts = append(s.texts, t)
	}
}

// offer puts a part among the files.
func (s *shape) offer(p *mailtext.Piece) {
	if len(s.files) >= maxFiles {
		s.marks = append(s.marks, mailtext.WarnParts)
		return
	}
	s.files = append(s.files, desk.Attachment{
		Part: partName(p.Path), Name: p.Name(), Type: p.Type, Encoding: mailtext.Coding(p.Encoding),
		Size: p.Size, CID: p.ID, Inline: p.Inline(),
	})
}

// pieceOf reads a BODYSTRUCTURE (RFC 9051 7.5.2) into mailtext's words; nil for
// what is too deep to be meant.
func pieceOf(bs imap.BodyStructure, path []int) *mailtext.Piece {
	switch part := bs.(type) {
	case *imap.BodyStructureSinglePart:
		return leafOf(part, path)
	case *imap.BodyStructureMultiPart:
		p := &mailtext.Piece{Type: "multipart/" + strings.ToLower(part.Subtype), Path: path}
		if part.Extended != nil {
			p.Params = part.Extended.Params
		}
		for i, child := range part.Children {
			if len(path) >= maxDepth {
				break
			}
			if c := pieceOf(child, append(slices.Clone(path), i+1)); c != nil {
				p.Children = append(p.Children, c)
			}
		}
		return p
	}
	return nil
}

func leafOf(part *imap.BodyStructureSinglePart, path []int) *mailtext.Piece {
	if len(path) == 0 {
		path = []int{1}
	}
	p := &mailtext.Piece{
		Type:     mailtext.MediaType(part.MediaType()),
		Params:   part.Params,
		Encoding: part.Encoding,
		ID:       strings.Trim(strings.TrimSpace(part.ID), "<>"),
		Size:     int64(part.Size),
		Path:     path,
	}
	if p.Type == "" {
		p.Type = "text/plain"
	}
	if d := part.Disposition(); d != nil {
		p.Disposition, p.DispParams = strings.ToLower(d.Value), d.Params
	}
	if part.Extended != nil {
		p.Location = part.Extended.Location
	}
	if part.MessageRFC822 != nil && part.MessageRFC822.Envelope != nil {
		p.Subject = part.MessageRFC822.Envelope.Subject
	}
	return p
}

// partName writes a part's path as IMAP does: 1.2.
func partName(path []int) string {
	var b []byte
	for i, n := range path {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(b)
}

// parsePart reads what partName wrote.
func parsePart(s string) ([]int, bool) {
	var path []int
	for piece := range strings.SplitSeq(s, ".") {
		n, err := strconv.Atoi(piece)
		if err != nil || n < 1 || len(path) > maxDepth {
			return nil, false
		}
		path = append(path, n)
	}
	return path, true
}
