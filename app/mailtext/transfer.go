package mailtext

import (
	"bytes"
	"io"
	"strings"
)

// Transfer encodings (RFC 2045 6), as desk.Attachment.Encoding names them.
const (
	CodingBase64 = "base64"
	CodingQP     = "quoted-printable"
	CodingUU     = "x-uuencode"
)

// Coding gives one name to an encoding, "" to those that change nothing and to
// those that don't exist: what claims one of them is taken as it is.
func Coding(name string) string {
	switch name = strings.ToLower(name); name {
	case CodingBase64, CodingQP:
		return name
	case "", "7bit", "8bit":
		return ""
	}
	name, _ = dropComments(upToSemicolon(name))
	switch strings.Join(strings.Fields(strings.Trim(name, " \t\r\n\"'.,")), "-") {
	case "base64", "base-64", "x-base64":
		return CodingBase64
	case "quoted-printable", "quotedprintable", "quoted-printible", "qp":
		return CodingQP
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return CodingUU
	}
	return ""
}

// decodeTransfer undoes a Content-Transfer-Encoding.
func decodeTransfer(data []byte, encoding string) []byte {
	switch Coding(encoding) {
	case CodingBase64:
		return decodeBase64(data)
	case CodingQP:
		return decodeQP(data)
	case CodingUU:
		if f, _, ok := cutUU(data); ok {
			return f.data
		}
	}
	return data
}

// isBase64 tells whether a text that claims to be base64 can be it: sentences
// have spaces between words and other marks.
func isBase64(data []byte) bool {
	var good, bad int
	for line := range bytes.Lines(data[:min(len(data), 4096)]) {
		for _, c := range bytes.TrimSpace(line) {
			if sextets[c] >= 0 || c == '=' {
				good++
			} else {
				bad++
			}
		}
	}
	return bad*20 <= good
}

// decodedSize counts what decodeTransfer would give, in little memory.
func decodedSize(data []byte, encoding string) int64 {
	n, _ := io.Copy(io.Discard, Decoded(encoding, bytes.NewReader(data)))
	return n
}

// maxUU bounds a uuencoded file, which can't be read piece by piece.
const maxUU = 64 << 20

// Decoded undoes a Content-Transfer-Encoding as it reads, in bounded memory. It
// forgives what decodeTransfer forgives; its only errors are r's.
func Decoded(encoding string, r io.Reader) io.Reader {
	switch Coding(encoding) {
	case CodingBase64:
		return &decoder{r: r, step: new(base64State).read}
	case CodingQP:
		return &decoder{r: r, step: new(qpState).read}
	case CodingUU:
		data, err := io.ReadAll(io.LimitReader(r, maxUU))
		return io.MultiReader(bytes.NewReader(decodeTransfer(data, encoding)), failing{err})
	}
	return r
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}

// decoder reads through a state machine that takes bytes as they come.
type decoder struct {
	r    io.Reader
	step func(dst, src []byte) []byte
	in   [4 << 10]byte
	out  []byte
	err  error
}

func (d *decoder) Read(p []byte) (int, error) {
	for len(d.out) == 0 && d.err == nil {
		var n int
		n, d.err = d.r.Read(d.in[:])
		d.out = d.step(d.out[:0], d.in[:n])
	}
	if len(d.out) == 0 {
		return 0, d.err
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

func decodeBase64(s []byte) []byte {
	return new(base64State).read(make([]byte, 0, len(s)*3/4+3), s)
}

// base64State reads as much as can be read: foreign characters are skipped,
// missing padding is no reason to lose the rest, and text that was padded piece
// by piece is read on. What a mailing list added below the padding is not.
type base64State struct {
	bits, n      uint32
	padded, done bool
	gap          bool // white space after the padding, on its line
	fresh        bool // nothing stands before on this line
	rule         byte // what a line began with: two of - or _ begin a footer
}

func (b *base64State) read(dst, src []byte) []byte {
	if b.done {
		return dst
	}
	bits, n := b.bits, b.n
	for _, c := range src {
		v := sextets[c]
		switch {
		case v >= 0 && b.gap, b.rule == c && (c == '-' || c == '_'):
			b.done = true
			return dst
		case v >= 0:
			bits, n = bits<<6|uint32(v), n+6
			if n >= 8 {
				n -= 8
				dst = append(dst, byte(bits>>n))
			}
		case c == '=':
			bits, n, b.padded = 0, 0, true
		case c == '\n':
			b.gap, b.fresh, b.rule = false, true, 0
			continue
		case c == ' ' || c == '\t':
			b.gap = b.padded
		case b.padded && c > ' ':
			b.done = true
			return dst
		}
		if b.rule = 0; b.fresh {
			b.fresh, b.rule = false, c
		}
	}
	b.bits, b.n = bits, n
	return dst
}

var sextets = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = int8(i)
	}
	return t
}()

func decodeQP(s []byte) []byte {
	return new(qpState).read(make([]byte, 0, len(s)), s)
}

// qpState reads quoted-printable and leaves alone what is none.
type qpState struct {
	held   []byte // white space that a line's end would make void (RFC 2045 6.7)
	escape int    // how much of =XX stands before
	first  byte
}

func (q *qpState) read(dst, src []byte) []byte {
	for _, c := range src {
		switch {
		case q.escape == 1 && isHex(c):
			q.escape, q.first = 2, c
			continue
		case q.escape == 2 && isHex(c):
			dst = append(dst, unhex(q.first)<<4|unhex(c))
			q.escape = 0
			continue
		case q.escape == 1 && c == '\n': // a soft break
			q.escape, q.held = 0, q.held[:0]
			continue
		case q.escape == 1 && isBlank(c):
			q.held = append(q.held, c)
			continue
		case q.escape == 1:
			dst = append(append(dst, '='), q.held...)
			q.escape, q.held = 0, q.held[:0]
		case q.escape == 2:
			dst = append(dst, '=', q.first)
			q.escape = 0
		}
		dst = q.plain(dst, c)
	}
	return dst
}

func (q *qpState) plain(dst []byte, c byte) []byte {
	switch {
	case c == '\n':
		if n := len(q.held); n > 0 && q.held[n-1] == '\r' {
			dst = append(dst, '\r')
		}
		q.held = q.held[:0]
		return append(dst, '\n')
	case isBlank(c):
		const most = 4096
		if len(q.held) >= most {
			dst, q.held = append(dst, q.held...), q.held[:0]
		}
		q.held = append(q.held, c)
		return dst
	}
	dst, q.held = append(dst, q.held...), q.held[:0]
	if c == '=' {
		q.escape = 1
		return dst
	}
	return append(dst, c)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
