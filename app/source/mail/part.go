package mail

import (
	"fmt"
	"mime"
	"path"
	"strings"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// part is one part of a mail: text, a file, or other parts between boundaries.
type part struct {
	fields   []partField
	text     []byte
	file     *source.File
	parts    []part
	boundary string
}

// partField is a header field with parameters (RFC 2045 5.1), each on a line of
// its own.
type partField struct {
	name, value string
	params      []string
}

func (f partField) fold() string {
	return f.name + ": " + strings.Join(append([]string{f.value}, f.params...), ";\r\n ") + "\r\n"
}

func textPart(kind, text string) part {
	charset, flowed := "utf-8", false
	if kind == "plain" {
		text, flowed = flow(text)
	} else {
		text = strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
	}
	if isASCII(text) {
		charset = "us-ascii"
	}
	value := "text/" + kind + "; charset=" + charset
	if flowed {
		value += "; format=flowed"
	}
	encoding, body := encodeBody(text)
	return part{
		fields: []partField{{name: "Content-Type", value: value}, {name: "Content-Transfer-Encoding", value: encoding}},
		text:   body,
	}
}

// multipart has a boundary that comes out the same at every freezing. It stands
// in no text: the op's id is made after the text was written, and what begins
// with =_ is neither base64 nor quoted-printable.
func multipart(kind string, id desk.OpID, parts []part) part {
	boundary := "=_" + kind[:1] + "_" + string(id)
	return part{
		fields:   []partField{{"Content-Type", "multipart/" + kind, []string{`boundary="` + boundary + `"`}}},
		parts:    parts,
		boundary: boundary,
	}
}

func contentID(f source.File, messageID string) string {
	return fmt.Sprintf("%d.%s", f.Number, messageID)
}

// filePart is a file, shown in the text when it has a Content-ID.
func filePart(f source.File, cid string) part {
	name := mailtext.SafeFileName(f.Name)
	disposition := "attachment"
	if cid != "" {
		disposition = "inline"
	}
	kind := partField{name: "Content-Type", value: fileType(f.Type)}
	if plain := plainName(name); plain != name && path.Ext(plain) != "" {
		// Programs that don't know RFC 2231 get a name that opens at least.
		kind.params = []string{`name="` + plain + `"`}
	}
	fields := []partField{
		kind,
		{name: "Content-Transfer-Encoding", value: "base64"},
		{"Content-Disposition", disposition, parameter("filename", name)},
	}
	if cid != "" {
		fields = append(fields, partField{name: "Content-ID", value: "<" + cid + ">"})
	}
	return part{fields: fields, file: &f}
}

// fileType is the media type that is declared: what would make a reader take
// the file apart (RFC 2046 5.2) is only named as bytes.
func fileType(t string) string {
	const bytes = "application/octet-stream"
	kind, _, err := mime.ParseMediaType(t)
	if err != nil || len(kind) > 60 || !strings.Contains(kind, "/") ||
		strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
		return bytes
	}
	return kind
}

// parameter writes name=value: quoted when it is short ASCII, else in RFC 2231's
// form, in as many pieces as lines need.
func parameter(name, value string) []string {
	const room = 60
	if isASCII(value) && len(value) <= room {
		return []string{name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`}
	}
	var pieces []string
	piece := "utf-8''"
	for _, c := range value {
		coded := percent(string(c))
		if len(piece)+len(coded) > room {
			pieces = append(pieces, piece)
			piece = ""
		}
		piece += coded
	}
	pieces = append(pieces, piece)
	if len(pieces) == 1 {
		return []string{name + "*=" + pieces[0]}
	}
	for i, p := range pieces {
		pieces[i] = fmt.Sprintf("%s*%d*=%s", name, i, p)
	}
	return pieces
}

// percent encodes what isn't an attribute-char (RFC 2231 7).
func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// plainName is what of a file name every program can read.
func plainName(name string) string {
	const longest = 60
	if isASCII(name) && len(name) <= longest {
		return name
	}
	ext := path.Ext(name)
	if !isASCII(ext) {
		ext = ""
	}
	var b strings.Builder
	for _, c := range strings.TrimSuffix(name, ext) {
		switch {
		case c < 0x80 && c != '"' && c != '\\':
			b.WriteRune(c)
		case !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	stem := b.String()
	if strings.Trim(stem, "_ -.") == "" {
		stem = "file"
	}
	return stem[:min(len(stem), longest-len(ext))] + ext
}
