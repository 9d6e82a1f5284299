package mailtext

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"fernpost/store/desk"
)

// Part is one readable part of a mail with its content as it lay on the wire.
type Part struct {
	Text
	Data []byte
	Cut  bool // there is more on the server
}

// File is what came along with a mail and isn't its text.
type File struct {
	Name   string // as sent, "" when it has none
	Type   string // media type
	CID    string // Content-ID without <>
	Size   int64  // in bytes, without transfer encoding
	Inline bool
}

const (
	maxText      = 1 << 20 // bounds what becomes of one mail, in bytes
	maxProse     = 200     // parts that are joined to one text
	maxSpecial   = 32 << 20
	maxUnpacking = 3 // mails within signatures within mails
)

// Body makes the readable body of a mail from its parts, in order. Plain text
// counts before HTML; the cleaned HTML comes along where there is some. marks
// are the warnings that its structure gives cause to.
func Body(parts []Part, marks []string) desk.Body {
	r := reader{keep: true}
	r.warn(marks...)
	for _, p := range parts {
		r.take(p)
	}
	return r.body(r.text())
}

// Unreadable is the body of a mail that can't be read at all.
func Unreadable() desk.Body {
	return desk.Body{Missing: true, Warnings: []string{WarnUnreadable}}
}

// reader puts together what a mail says.
type reader struct {
	plain, rich []string
	proof       ReportParts
	within      []string // text that was packed into something else
	dates       []string // invitations
	files       []File
	warnings    []string
	bytes       int
	depth       int // of signatures opened
	prose       int
	keep        bool // files in the text stay there, because nothing else holds them
}

func (r *reader) warn(codes ...string) { r.warnings = append(r.warnings, codes...) }

// take reads a part; unpacked tells that what was found in it stands for it.
func (r *reader) take(p Part) (unpacked bool) {
	switch {
	case p.Report:
		data := decodeTransfer(p.Data[:min(len(p.Data), maxText)], p.Encoding)
		r.proof.add(p.Type, data)
		if p.Type == "message/delivery-status" { // to be read where nothing else is
			text, _ := decode(data, "")
			r.within = append(r.within, text)
		}
	case isTNEF(p.Piece):
		return r.tnef(p)
	case isSMIME(p.Piece):
		r.opaque(p)
	case p.Type == "text/calendar":
		r.calendar(p)
	default:
		r.read(p)
	}
	return false
}

// read takes a text.
func (r *reader) read(p Part) {
	if r.prose++; r.prose > maxProse || r.bytes >= maxText {
		r.warn(WarnCut)
		return
	}
	// Quoted-printable takes three bytes for one: more can't be of use.
	data := p.Data[:min(len(p.Data), 4*maxText)]
	cut := p.Cut || len(data) < len(p.Data)
	if Coding(p.Encoding) != CodingBase64 || isBase64(data) {
		data = decodeTransfer(data, p.Encoding)
	}
	if cut {
		data = dropHalfRune(data)
	}
	label := p.Params["charset"]
	if isRich(p.Type) && unsaid[charsetName(label)] {
		label = metaCharset(data)
	}
	text, sure := decode(data, label)
	if !sure {
		r.warn(WarnCharset)
	}
	if room := maxText - r.bytes; len(text) > room {
		text, cut = strings.ToValidUTF8(text[:room], ""), true
	}
	if r.bytes += len(text); cut {
		r.warn(WarnCut)
	}
	r.prosePart(p, text)
}

func (r *reader) prosePart(p Part, text string) {
	switch {
	case p.Type == "text/html" || p.Type == "application/xhtml+xml":
		r.rich = append(r.rich, text)
		if len(text) > maxHTML {
			r.warn(WarnCut)
		}
		if !p.Twin {
			r.plain = append(r.plain, markedText(text))
		}
	case p.Type == "text/enriched" || p.Type == "text/richtext":
		if !p.Twin {
			r.plain = append(r.plain, enrichedText(text))
		}
	default:
		if strings.EqualFold(p.Params["format"], "flowed") {
			text = unflow(text, strings.EqualFold(p.Params["delsp"], "yes"))
		}
		r.plain = append(r.plain, r.armour(r.unpackUU(text)))
	}
}

// unpackUU takes out the files that stand in the text.
func (r *reader) unpackUU(text string) string {
	if r.keep {
		return text
	}
	rest, files := TakeFiles(text)
	for _, f := range files {
		r.files = append(r.files, f.File)
	}
	return rest
}

// text is all there is to read, with the marks that Fold goes by.
func (r *reader) text() string {
	var kept []string
	for _, t := range r.plain {
		if t = strings.Trim(t, "\n"); strings.TrimSpace(t) != "" {
			kept = append(kept, t)
		}
	}
	if len(kept) == 0 && len(r.rich) > 0 {
		kept = append(kept, markedText(strings.Join(r.rich, "\n")))
	}
	if len(kept) == 0 || strings.TrimSpace(strings.Join(kept, "")) == "" {
		kept = r.within
	}
	return strings.Trim(strings.Join(append(kept, r.dates...), "\n\n"), "\n")
}

func (r *reader) body(text string) desk.Body {
	var b desk.Body
	if len(r.rich) > 0 {
		var blocked []Blocked
		b.HTML, blocked = CleanHTML(strings.Join(r.rich, "\n"))
		if LoadsRemote(blocked) {
			r.warn(WarnRemote)
		}
	}
	r.proof.Text = unmarked(text)
	b.Report, b.Origin = Report(r.proof), Origin(r.proof.Text)
	b.Text, b.Quoted = Fold(text)
	if strings.TrimSpace(text) == "" {
		b.Missing = b.HTML == "" // a picture may be all there is to see
		r.warn(WarnNoText)
	}
	slices.Sort(r.warnings)
	b.Warnings = slices.Compact(r.warnings)
	return b
}

// dropHalfRune takes off the beginning of a UTF-8 character whose rest was cut.
func dropHalfRune(data []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		if tail := data[len(data)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return data[:len(data)-n]
			}
			break
		}
	}
	return data
}

// metaCharset finds what HTML says of itself near its start.
func metaCharset(data []byte) string {
	head := bytes.ToLower(data[:min(len(data), 2048)])
	for {
		_, after, ok := bytes.Cut(head, []byte("charset="))
		if !ok {
			return ""
		}
		after = bytes.TrimLeft(after, `"' `)
		if end := bytes.IndexAny(after, `"'> ;/`); end > 0 && !unsaid[charsetName(string(after[:end]))] {
			return string(after[:end])
		}
		head = after
	}
}

// unflow joins the lines that format=flowed broke (RFC 3676 4.2).
func unflow(text string, delSp bool) string {
	var out strings.Builder
	lastDepth, open := 0, false // open: the line before flows on
	for i, line := range strings.Split(text, "\n") {
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		line = line[depth:]
		line = strings.TrimPrefix(line, " ") // space-stuffing
		joined := open && depth == lastDepth && line != "-- "
		if !joined {
			if i > 0 {
				out.WriteByte('\n')
			}
			if depth > 0 {
				out.WriteString(strings.Repeat(">", depth) + " ")
			}
		}
		open = strings.HasSuffix(line, " ") && line != "-- "
		if open && delSp {
			line = strings.TrimSuffix(line, " ")
		}
		out.WriteString(line)
		lastDepth = depth
	}
	return out.String()
}
