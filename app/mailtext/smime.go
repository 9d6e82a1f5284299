package mailtext

import (
	"bytes"
	"strings"
)

// The object identifiers of what an S/MIME part can be (RFC 5652, RFC 5083).
var (
	oidSigned = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}
)

// opaque reads the mail inside a signature (RFC 8551 3.5.2). Nothing is checked:
// the signature vouches for nothing here, and the warning says so. What isn't a
// signature is sealed.
func (r *reader) opaque(p Part) {
	if p.Cut || len(p.Data) > maxSpecial {
		r.warn(WarnSigned, WarnCut)
		return
	}
	data := decodeTransfer(p.Data, p.Encoding)
	inner, signed := insideSignature(data)
	switch {
	case !signed:
		r.warn(WarnSealed)
		return
	case len(inner) == 0: // certificates, and nothing they sign
		r.warn(WarnSigned)
		return
	}
	r.warn(WarnSigned)
	r.readWithin(inner)
}

// readWithin reads a mail that was packed into this one.
func (r *reader) readWithin(raw []byte) {
	if r.depth++; r.depth > maxUnpacking {
		r.warn(WarnParts)
		return
	}
	m := readMail(raw, r.depth)
	r.depth--
	r.files = append(r.files, m.Files...)
	r.within = append(r.within, m.Text)
	if m.Body.HTML != "" {
		r.rich = append(r.rich, m.Body.HTML)
	}
	for _, w := range m.Body.Warnings {
		if w != WarnNoText {
			r.warn(w)
		}
	}
}

// insideSignature finds the content of CMS SignedData (RFC 5652 5.1). signed is
// false for anything else.
func insideSignature(data []byte) (content []byte, signed bool) {
	info, ok := berChildren(data, 0x30)
	if !ok || len(info) < 2 || !bytes.Equal(info[0].content, oidSigned) {
		return nil, false
	}
	wrapped, ok := info[1].children()
	if !ok || len(wrapped) == 0 {
		return nil, false
	}
	fields, ok := wrapped[0].children()
	if !ok {
		return nil, false
	}
	for _, f := range fields {
		if f.tag != 0x30 {
			continue // the version and the algorithms
		}
		encapsulated, ok := f.children()
		if !ok || len(encapsulated) < 2 || encapsulated[1].tag != 0xa0 {
			return nil, true
		}
		return encapsulated[1].octets(0), true
	}
	return nil, true
}

// ber is one value in ASN.1's Basic Encoding Rules (X.690).
type ber struct {
	tag     byte
	content []byte
}

// maxBER bounds nesting, maxBERValues the values side by side.
const (
	maxBER       = 12
	maxBERValues = 1 << 16
)

func berChildren(data []byte, tag byte) ([]ber, bool) {
	v, _, ok := cutBER(data, 0)
	if !ok || v.tag != tag {
		return nil, false
	}
	return v.children()
}

func (b ber) children() ([]ber, bool) {
	var out []ber
	for rest := b.content; len(rest) > 0 && len(out) < maxBERValues; {
		v, after, ok := cutBER(rest, 0)
		if !ok {
			return out, len(out) > 0
		}
		out, rest = append(out, v), after
	}
	return out, true
}

// octets joins an OCTET STRING that may be written in pieces.
func (b ber) octets(depth int) []byte {
	if b.tag == 0x04 || depth > maxBER {
		return b.content
	}
	var out []byte
	pieces, _ := b.children()
	for _, p := range pieces {
		out = append(out, p.octets(depth+1)...)
	}
	return out
}

// cutBER reads one value. Of one that is cut short comes what is there.
func cutBER(data []byte, depth int) (v ber, rest []byte, ok bool) {
	if len(data) < 2 || data[0]&0x1f == 0x1f || depth > maxBER {
		return v, nil, false
	}
	v.tag = data[0]
	size, data := int(data[1]), data[2:]
	if size == 0x80 {
		return cutIndefinite(v.tag, data, depth)
	}
	if size > 0x80 {
		n := size & 0x7f
		if n > 4 || n > len(data) {
			return v, nil, false
		}
		size = 0
		for _, b := range data[:n] {
			size = size<<8 | int(b)
		}
		data = data[n:]
	}
	size = min(max(size, 0), len(data))
	v.content = data[:size]
	return v, data[size:], true
}

// cutIndefinite reads a value that ends with two zeros.
func cutIndefinite(tag byte, data []byte, depth int) (v ber, rest []byte, ok bool) {
	v.tag = tag
	for rest = data; len(rest) >= 2; {
		if rest[0] == 0 && rest[1] == 0 {
			v.content = data[:len(data)-len(rest)]
			return v, rest[2:], true
		}
		_, after, ok := cutBER(rest, depth+1)
		if !ok {
			return v, nil, false
		}
		rest = after
	}
	v.content = data
	return v, nil, true
}

// Lines of OpenPGP's armour (RFC 9580 6.2, 7.1).
const (
	pgpSigned    = "-----BEGIN PGP SIGNED MESSAGE-----"
	pgpSignature = "-----BEGIN PGP SIGNATURE-----"
	pgpEnd       = "-----END PGP SIGNATURE-----"
	pgpSealed    = "-----BEGIN PGP MESSAGE-----"
)

// armour takes the frame off a signed text and marks what is sealed.
func (r *reader) armour(text string) string {
	if strings.HasPrefix(text, pgpSealed) || strings.Contains(text, "\n"+pgpSealed) {
		r.warn(WarnSealed)
	}
	before, signed, ok := cutAtLine(text, pgpSigned)
	if !ok {
		return text
	}
	body, signature, ok := cutAtLine(signed, pgpSignature)
	if !ok {
		return text
	}
	r.warn(WarnSigned)
	if _, after, ok := strings.Cut(body, "\n\n"); ok { // Hash: SHA256
		body = after
	}
	_, after, _ := cutAtLine(signature, pgpEnd)
	body = strings.ReplaceAll("\n"+body, "\n- ", "\n")
	return strings.Trim(before+body+"\n"+after, "\n")
}

// cutAtLine parts a text at a whole line.
func cutAtLine(s, line string) (before, after string, ok bool) {
	for from := 0; ; {
		n := strings.Index(s[from:], line)
		if n < 0 {
			return s, "", false
		}
		at := from + n
		from = at + len(line)
		end := strings.IndexByte(s[from:], '\n')
		if end < 0 {
			end = len(s) - from
		}
		if (at == 0 || s[at-1] == '\n') && strings.TrimSpace(s[from:from+end]) == "" {
			return s[:at], s[min(from+end+1, len(s)):], true
		}
	}
}
