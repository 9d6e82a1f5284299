package mailtext

import (
	"bytes"
	"net/mail"
	"strings"
	"time"

	"fernpost/store/desk"
)

// maxHeaderValue bounds one field: what is longer is no header a person reads.
const maxHeaderValue = 64 << 10

// Header is the fields of a mail's head, as they came.
type Header struct {
	fields []field
}

type field struct{ name, value string }

// ParseHeader reads header fields (RFC 5322 2.2) up to the first empty line.
// Lines that are no field are skipped, so one broken line costs only itself.
func ParseHeader(raw []byte) Header {
	var h Header
	for len(raw) > 0 {
		var line []byte
		line, raw, _ = bytes.Cut(raw, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			break
		}
		if (line[0] == ' ' || line[0] == '\t') && len(h.fields) > 0 {
			last := &h.fields[len(h.fields)-1]
			if len(last.value) < maxHeaderValue {
				last.value += string(line) // unfolded: the break goes, the space stays
			}
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		name = bytes.TrimRight(name, " \t")
		if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t") {
			continue
		}
		h.fields = append(h.fields, field{string(name), strings.TrimLeft(string(value), " \t")})
	}
	return h
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

// Has tells whether there is a field of the name.
func (h Header) Has(name string) bool {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			return true
		}
	}
	return false
}

// Text gives the first field of a name, readable.
func (h Header) Text(name string) string {
	return strings.TrimSpace(DecodeWords(h.Raw(name)))
}

// Date reads a date (RFC 5322 3.3); zero when it can't be read.
func (h Header) Date(name string) time.Time {
	t, err := mail.ParseDate(h.Raw(name))
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// Addresses reads the address list of every field of a name.
func (h Header) Addresses(name string) []desk.Address {
	var out []desk.Address
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			out = append(out, ParseAddresses(f.value)...)
		}
	}
	return out
}

// maxIDs bounds References: the root and the newest are what threading needs.
const maxIDs = 100

// IDs reads message ids without <> (RFC 5322 3.6.4). Ids that somebody wrote
// without brackets are taken word by word.
func (h Header) IDs(name string) []string {
	raw := h.Raw(name)
	var out []string
	for rest := raw; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		id, next, ok := strings.Cut(after, ">")
		if !ok {
			break
		}
		if id = cleanID(id); id != "" {
			out = append(out, id)
		}
		rest = next
	}
	if len(out) == 0 {
		for w := range strings.FieldsSeq(raw) {
			if id := cleanID(w); strings.Contains(id, "@") {
				out = append(out, id)
			}
		}
	}
	if len(out) > maxIDs {
		out = append(out[:1:1], out[len(out)-maxIDs+1:]...)
	}
	return out
}

// cleanID drops the white space that folding puts into long ids.
func cleanID(id string) string {
	id = strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == '<' || r == '>' {
			return -1
		}
		return r
	}, guess(id))
	if len(id) > 998 {
		return ""
	}
	return id
}
