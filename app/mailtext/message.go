package mailtext

import (
	"bytes"

	"fernpost/store/desk"
)

// Mail is a whole mail that was read.
type Mail struct {
	Header Header
	Body   desk.Body
	Text   string // everything that can be read, quotes and signature too
	Files  []File
	Kind   desk.MessageKind
}

// Read reads a whole mail: the way for files, and for mail whose structure a
// server can't tell. It takes time in proportion to the mail's length, and
// memory for what becomes text, whatever the mail holds.
func Read(raw []byte) Mail {
	return readMail(raw, 0)
}

func readMail(raw []byte, depth int) Mail {
	raw = straighten(raw)
	h, root, full := takeApart(raw)
	choice := Choose(root)
	r := reader{depth: depth}
	r.warn(choice.Marks...)
	if full {
		r.warn(WarnParts)
	}
	unpacked := map[*Piece]bool{}
	for _, t := range choice.Texts {
		unpacked[t.Piece] = r.take(Part{Text: t, Data: t.body})
		if !t.File && len(t.body) > maxText {
			r.files = append(r.files, fileOf(t.Piece))
		}
	}
	marked := r.text()
	m := Mail{Header: h, Body: r.body(marked), Text: unmarked(marked), Kind: Kind(h, h.Raw("Content-Type"))}
	for _, p := range choice.Files {
		if !unpacked[p] {
			m.Files = append(m.Files, fileOf(p))
		}
	}
	m.Files = append(m.Files, r.files...)
	return m
}

func fileOf(p *Piece) File {
	return File{Name: p.Name(), Type: p.Type, CID: p.ID, Size: decodedSize(p.body, p.Encoding), Inline: p.Inline()}
}

// straighten takes off what stands around a mail in a file: a byte order mark,
// the line that mbox files put above each mail and the mails that follow it.
// Lines of a system that ends them with a CR alone get an LF.
func straighten(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if isMboxLine(raw) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
		raw = bytes.ReplaceAll(raw[:nextMail(raw)], []byte("\n>From "), []byte("\nFrom ")) // quoted for mbox
	}
	if bytes.IndexByte(raw, '\n') < 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	return raw
}

// nextMail finds where the next mail of an mbox file begins (RFC 4155): an
// empty line, then "From", an address and a date.
func nextMail(raw []byte) int {
	for pos := 0; ; {
		n := bytes.Index(raw[pos:], []byte("\nFrom "))
		if n < 0 {
			return len(raw)
		}
		at := pos + n + 1
		line, next := cutLine(raw, at)
		words := bytes.Fields(line)
		above := bytes.TrimSuffix(raw[:at], []byte("\n"))
		empty := bytes.HasSuffix(bytes.TrimSuffix(above, []byte("\r")), []byte("\n"))
		if empty && len(words) >= 6 && bytes.Count(line, []byte(":")) >= 1 && !readDate(string(bytes.Join(words[2:], []byte(" ")))).IsZero() {
			return at
		}
		pos = next - 1
		if next >= len(raw) {
			return len(raw)
		}
	}
}
