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
	maxProof     = 16 << 10
	maxTextParts = 6
	maxFiles     = 500
	maxDepth     = 30
)

// shape is what a message is made of: the parts to fetch as its text, and its
// files.
type shape struct {
	texts  []textSpec
	files  []desk.Attachment
	report string     // Content-Type of a report, "" for others
	proof  []textSpec // of a report: what machines read
}

// textSpec is one part to fetch.
type textSpec struct {
	part     []int
	kind     string
	charset  string
	encoding string
	flowed   bool
	delSp    bool
	twin     bool
	size     int64
}

// cost is about how many bytes the texts are.
func (s shape) cost() int64 {
	var n int64
	for _, t := range slices.Concat(s.texts, s.proof) {
		n += min(t.size, t.limit())
	}
	return n
}

// withoutTwins leaves out the HTML beside plain text.
func (s shape) withoutTwins() *shape {
	s.texts = slices.DeleteFunc(slices.Clone(s.texts), func(t textSpec) bool { return t.twin })
	return &s
}

func (t textSpec) limit() int64 {
	switch {
	case t.kind == "text/html":
		return maxLoneHTML
	case mailtext.IsReportPart(t.kind):
		return maxProof
	}
	return maxPlain
}

// returned tells the whole mail that a report brings back.
func (t textSpec) returned() bool { return t.kind == "message/rfc822" || t.kind == "message/global" }

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
	texts := s.gather(bs, nil, 0)
	if len(texts) > maxTextParts {
		texts = texts[:maxTextParts]
	}
	s.texts = texts
	return s
}

// gather walks the tree and keeps the parts' order. A part that isn't text to
// read is a file.
func (s *shape) gather(bs imap.BodyStructure, path []int, depth int) []textSpec {
	switch part := bs.(type) {
	case *imap.BodyStructureSinglePart:
		if len(path) == 0 {
			path = []int{1}
		}
		if t, ok := textOf(part, path, depth > 0); ok {
			return []textSpec{t}
		}
		if (s.report != "" || depth == 0) && mailtext.IsReportPart(part.MediaType()) && len(s.proof) < maxTextParts {
			s.proof = append(s.proof, textSpec{part: path, kind: part.MediaType(), encoding: part.Encoding, size: int64(part.Size)})
		}
		if len(s.files) < maxFiles {
			s.files = append(s.files, fileOf(part, path))
		}
	case *imap.BodyStructureMultiPart:
		if depth >= maxDepth {
			return nil
		}
		var texts []textSpec
		for i, child := range part.Children {
			texts = append(texts, s.gather(child, append(slices.Clone(path), i+1), depth+1)...)
		}
		if strings.EqualFold(part.Subtype, "alternative") {
			return alternatives(texts)
		}
		return texts
	}
	return nil
}

// alternatives keeps of several forms of one text the plain one, and HTML
// beside it only while it is cheap.
func alternatives(texts []textSpec) []textSpec {
	plain := slices.ContainsFunc(texts, func(t textSpec) bool { return t.kind == "text/plain" && t.size > 2 })
	var out []textSpec
	for _, t := range texts {
		if t.kind == "text/html" && plain {
			if t.size > maxTwinHTML {
				continue
			}
			t.twin = true
		}
		if t.kind == "text/plain" && !plain && len(texts) > 1 {
			continue // an empty stub beside HTML
		}
		out = append(out, t)
	}
	return out
}

// textOf tells whether a part is text to read rather than a file. The text of a
// mail without parts may have a name.
func textOf(p *imap.BodyStructureSinglePart, path []int, inside bool) (textSpec, bool) {
	kind := p.MediaType()
	if kind != "text/plain" && kind != "text/html" {
		return textSpec{}, false
	}
	if d := p.Disposition(); d != nil && (strings.EqualFold(d.Value, "attachment") || mailtext.FileName(d.Params, nil) != "") {
		return textSpec{}, false
	}
	if inside && mailtext.FileName(nil, p.Params) != "" {
		return textSpec{}, false
	}
	return textSpec{
		part:     path,
		kind:     kind,
		charset:  p.Params["charset"],
		encoding: p.Encoding,
		flowed:   strings.EqualFold(p.Params["format"], "flowed"),
		delSp:    strings.EqualFold(p.Params["delsp"], "yes"),
		size:     int64(p.Size),
	}, true
}

func fileOf(p *imap.BodyStructureSinglePart, path []int) desk.Attachment {
	a := desk.Attachment{
		Part:     partName(path),
		Type:     p.MediaType(),
		Encoding: fileEncoding(p.Encoding),
		Size:     int64(p.Size),
		CID:      strings.Trim(strings.TrimSpace(p.ID), "<>"),
	}
	var disposition map[string]string
	if d := p.Disposition(); d != nil {
		disposition = d.Params
		a.Inline = strings.EqualFold(d.Value, "inline")
	} else {
		a.Inline = a.CID != ""
	}
	a.Name = mailtext.FileName(disposition, p.Params)
	if a.Name == "" && p.MessageRFC822 != nil && p.MessageRFC822.Envelope != nil {
		a.Name = strings.TrimSpace(p.MessageRFC822.Envelope.Subject) + ".eml"
	}
	return a
}

// fileEncoding names only the encodings that change bytes.
func fileEncoding(s string) string {
	switch s = strings.ToLower(strings.TrimSpace(s)); s {
	case "base64", "quoted-printable":
		return s
	}
	return ""
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
