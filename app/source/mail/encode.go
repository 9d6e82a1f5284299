package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
)

// maxBodyLine is how long a line may be without an encoding (RFC 5322 2.1.1).
const maxBodyLine = 998

// encodeBody chooses how the text travels, always in seven bits: not every
// server on the way takes eight, and a changed byte breaks signatures.
func encodeBody(text string) (name string, body []byte) {
	foreign, longest, line := 0, 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\n':
			longest, line = max(longest, line), 0
			continue
		case c >= 0x80:
			foreign++
		}
		line++
	}
	if foreign == 0 && max(longest, line) <= maxBodyLine {
		return "7bit", []byte(text)
	}
	// Quoted-printable triples every foreign byte, base64 takes a third for all.
	if foreign*6 < len(text) {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(text)) // a buffer takes everything
		_ = w.Close()
		return "quoted-printable", b.Bytes()
	}
	var b bytes.Buffer
	_ = base64Lines(&b, bytes.NewReader([]byte(text))) // memory takes and gives everything
	return "base64", b.Bytes()
}

const (
	base64Width = 76                  // characters a line (RFC 2045 6.8)
	base64Bytes = base64Width / 4 * 3 // that many bytes
)

// base64Lines encodes everything that r gives, every line with its CRLF, and
// holds little of it.
func base64Lines(w io.Writer, r io.Reader) error {
	const linesAtOnce = 256
	in := make([]byte, base64Bytes*linesAtOnce)
	out := make([]byte, 0, (base64Width+2)*linesAtOnce)
	for {
		n, err := io.ReadFull(r, in)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		out = out[:0]
		for rest := in[:n]; len(rest) > 0; {
			line := rest[:min(base64Bytes, len(rest))]
			out = base64.StdEncoding.AppendEncode(out, line)
			out = append(out, '\r', '\n')
			rest = rest[len(line):]
		}
		if _, errWrite := w.Write(out); errWrite != nil {
			return errWrite
		}
		if err != nil {
			return nil
		}
	}
}

// base64Size is how much base64Lines writes of so many bytes.
func base64Size(n int64) int64 {
	lines := (n + base64Bytes - 1) / base64Bytes
	return (n+2)/3*4 + 2*lines
}
