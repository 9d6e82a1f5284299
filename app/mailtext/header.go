package mailtext

import (
	"bytes"
	"strings"
)

const (
	// maxHeaderValue bounds one field. 10,000 recipients fit; more is no header
	// that anybody reads.
	maxHeaderValue = 2 << 20
	maxFields      = 5000
)

// Header is the fields of a mail's head, as they came.
type Header struct {
	fields []field
}

type field struct{ name, value string }

// ParseHeader reads header fields (RFC 5322 2.2) up to the first empty line.
// Lines that are no field are skipped, so one broken line costs only itself.
func ParseHeader(raw []byte) Header {
	h, _ := readHead(raw, nil)
	return h
}

// readHead reads the fields at the start of raw and says where the body begins.
// isBorder tells the lines that end a part (RFC 2046 5.1.1); they end its head
// as well, because some programs forget the empty line.
func readHead(raw []byte, isBorder func(line []byte) bool) (h Header, body int) {
	r := headReader{raw: raw, isBorder: isBorder}
	for r.pos < len(raw) {
		line, next := cutLine(raw, r.pos)
		if isBorder != nil && isBorder(line) || !r.take(line, next) {
			break
		}
		r.pos = next
	}
	r.close()
	return r.h, min(r.pos, len(raw))
}

// cutLine gives the line at pos without its end, and where the next begins.
// A mail may end its lines in LF, CR LF, or, from broken gateways, two CR and an LF.
func cutLine(raw []byte, pos int) (line []byte, next int) {
	n := bytes.IndexByte(raw[pos:], '\n')
	if n < 0 {
		return bytes.TrimRight(raw[pos:], "\r"), len(raw)
	}
	return bytes.TrimRight(raw[pos:pos+n], "\r"), pos + n + 1
}

type headReader struct {
	raw      []byte
	pos      int
	isBorder func([]byte) bool
	h        Header
	name     string // of the field being read
	value    []byte
	width    int // of the last line, to tell a line that was broken by force
}

// take reads one line; false when the head ended. An empty line belongs to the
// head, any other that ends it to the body.
func (r *headReader) take(line []byte, next int) bool {
	blank := len(bytes.TrimSpace(line)) == 0
	switch {
	case len(line) == 0 || blank && !r.goesOn(next):
		if r.started() {
			r.pos = next
			return false
		}
		return r.isBorder == nil && r.fieldsFollow(next) // empty lines above a whole mail
	case blank:
		return true
	case line[0] == ' ' || line[0] == '\t':
		if r.name == "" {
			return r.begin(bytes.TrimLeft(line, " \t"), next) // the head of a mail that was indented
		}
		r.add(line)
		return true
	}
	return r.begin(line, next)
}

func (r *headReader) started() bool { return r.name != "" || len(r.h.fields) > 0 || r.isBorder != nil }

// begin reads a line that starts a field, or should.
func (r *headReader) begin(line []byte, next int) bool {
	if name, value, ok := cutField(line); ok {
		r.close()
		r.name, r.width = string(name), len(line)
		r.value = append(r.value[:0], bytes.TrimLeft(value, " \t")...)
		return true
	}
	switch {
	case isMboxLine(line):
		return true
	case r.name != "" && r.torn(line):
		r.add(append([]byte{' '}, line...))
		return true
	}
	return r.fieldsFollow(next)
}

// torn tells that a line goes on with the field above it, although its indent
// was lost: the field was not finished, or had to be broken.
func (r *headReader) torn(line []byte) bool {
	v := bytes.TrimRight(r.value, " \t")
	if len(v) == 0 {
		return false
	}
	const forced = 60
	last := v[len(v)-1]
	return last == ';' || last == ',' || bytes.Count(v, []byte{'"'})%2 == 1 ||
		r.width >= forced && len(line) < 1000 && !bytes.HasPrefix(line, []byte("--"))
}

// goesOn tells that the head goes on below a line of white space.
func (r *headReader) goesOn(next int) bool {
	line, _ := cutLine(r.raw, next)
	if r.isBorder != nil && r.isBorder(line) {
		return false
	}
	_, _, ok := cutField(line)
	return ok || len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && len(bytes.TrimSpace(line)) > 0 && r.name != ""
}

// fieldsFollow tells that below a line that is no field there are more: one at
// once, or one that every mail has further down.
func (r *headReader) fieldsFollow(next int) bool {
	const near, far = 2, 40
	for n := range far {
		line, after := cutLine(r.raw, next)
		if next >= len(r.raw) || r.isBorder != nil && r.isBorder(line) || len(line) == 0 && r.started() {
			return false
		}
		if name, _, ok := cutField(line); ok && (n < near || isUsual(name)) {
			return true
		}
		next = after
	}
	return false
}

// isUsual knows the fields that a mail's head and no sentence has.
func isUsual(name []byte) bool {
	lower := strings.ToLower(string(name))
	switch lower {
	case "from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "delivered-to":
		return true
	}
	return strings.HasPrefix(lower, "content-") || strings.HasPrefix(lower, "x-")
}

func (r *headReader) add(line []byte) {
	if r.width = len(line); len(r.value)+len(line) <= maxHeaderValue {
		r.value = append(r.value, line...) // unfolded: the break goes, the space stays
	}
}

func (r *headReader) close() {
	if r.name != "" && len(r.h.fields) < maxFields {
		v := r.value[:min(len(r.value), maxHeaderValue)]
		r.h.fields = append(r.h.fields, field{r.name, string(v)})
	}
	r.name = ""
}

// cutField parts a field's name from its value. Names are visible ASCII (RFC
// 5322 3.6.8); white space before the colon is an old form (4.5).
func cutField(line []byte) (name, value []byte, ok bool) {
	const longest = 200
	colon := bytes.IndexByte(line[:min(len(line), longest)], ':')
	if colon <= 0 {
		return nil, nil, false
	}
	name = bytes.TrimRight(line[:colon], " \t")
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return nil, nil, false
		}
	}
	return name, line[colon+1:], len(name) > 0
}

// isMboxLine finds the line that mbox files put above a mail (RFC 4155). "From :"
// is a field all the same.
func isMboxLine(line []byte) bool {
	sender, ok := bytes.CutPrefix(bytes.TrimPrefix(line, []byte(">")), []byte("From "))
	sender = bytes.TrimLeft(sender, " \t")
	return ok && len(sender) > 0 && sender[0] != ':'
}

// Raw gives the first field of a name, unfolded and as it came.
func (h Header) Raw(name string) string {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			return strings.TrimSpace(f.value)
		}
	}
	return ""
}

// all gives every field of a name.
func (h Header) all(name string) []string {
	var out []string
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			out = append(out, strings.TrimSpace(f.value))
		}
	}
	return out
}

// Has tells whether there is a field of the name.
func (h Header) Has(name string) bool {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			return true
		}
	}
	return false
}

// Text gives the first field of a name that says anything, readable.
func (h Header) Text(name string) string {
	for _, v := range h.all(name) {
		if text := strings.TrimSpace(DecodeWords(v)); text != "" {
			return text
		}
	}
	return ""
}
