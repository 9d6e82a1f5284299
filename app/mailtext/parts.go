package mailtext

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"fernpost/store/desk"
)

// Part is one text part of a mail, as it came over the wire.
type Part struct {
	Type     string // text/plain, text/html, a report's parts; others are read as plain
	Charset  string
	Encoding string // Content-Transfer-Encoding, any case
	Flowed   bool   // format=flowed (RFC 3676)
	DelSp    bool
	Twin     bool // HTML that says the same as a plain part which is here too
	Data     []byte
	Cut      bool // there is more on the server
}

// maxText bounds what becomes of one mail, in bytes.
const maxText = 1 << 20

// Body makes the readable body of a mail from its text parts, in order. Plain
// text counts before HTML; the cleaned HTML comes along where there is some.
func Body(parts []Part) desk.Body {
	var warnings, plain, rich []string
	parts, proof := cutReport(parts)
	for _, p := range parts {
		data := decodeTransfer(p.Data, p.Encoding)
		if p.Cut {
			data = dropHalfRune(data)
		}
		text, sure := decode(data, p.Charset)
		if !sure {
			warnings = append(warnings, WarnCharset)
		}
		if p.Cut || len(text) > maxText {
			warnings = append(warnings, WarnCut)
			text = strings.ToValidUTF8(text[:min(len(text), maxText)], "")
		}
		switch {
		case strings.EqualFold(p.Type, "text/html"):
			rich = append(rich, text)
			if !p.Twin {
				plain = append(plain, markedText(text))
			}
		case p.Flowed:
			plain = append(plain, unflow(text, p.DelSp))
		default:
			plain = append(plain, text)
		}
	}
	var b desk.Body
	if len(rich) > 0 {
		var remote bool
		b.HTML, remote = CleanHTML(strings.Join(rich, "\n"))
		if remote {
			warnings = append(warnings, WarnRemote)
		}
	}
	text := strings.Trim(strings.Join(plain, "\n\n"), "\n")
	if strings.TrimSpace(text) == "" {
		text = markedText(strings.Join(rich, "\n"))
	}
	proof.Text = text
	b.Report = Report(proof)
	b.Text, b.Quoted = Fold(text)
	if len(parts) == 0 {
		b.Missing, warnings = true, append(warnings, WarnNoText)
	}
	slices.Sort(warnings)
	b.Warnings = slices.Compact(warnings)
	return b
}

// Unreadable is the body of a mail that can't be read at all.
func Unreadable() desk.Body {
	return desk.Body{Missing: true, Warnings: []string{WarnUnreadable}}
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

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 6). What claims an
// encoding that doesn't exist is taken as it is.
func decodeTransfer(data []byte, encoding string) []byte {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return decodeBase64(data)
	case "quoted-printable":
		return decodeQP(data)
	}
	return data
}

// decodeQP reads quoted-printable and leaves alone what is none.
func decodeQP(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		line := data
		nl := bytes.IndexByte(data, '\n')
		if nl >= 0 {
			line, data = data[:nl], data[nl+1:]
		} else {
			data = nil
		}
		// White space at a line's end was added on the way (RFC 2045 6.7).
		line = bytes.TrimRight(line, " \t\r")
		soft := bytes.HasSuffix(line, []byte("="))
		if soft {
			line = line[:len(line)-1]
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '=' && i+2 < len(line) && isHex(line[i+1]) && isHex(line[i+2]) {
				out = append(out, unhex(line[i+1])<<4|unhex(line[i+2]))
				i += 2
				continue
			}
			out = append(out, line[i])
		}
		if nl >= 0 && !soft {
			out = append(out, '\n')
		}
	}
	return out
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
