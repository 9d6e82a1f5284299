package practice

import (
	"bytes"
	"encoding/base64"
	"mime"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

const utf8Name = "utf-8"

// encodeText gives s in the charset, or in UTF-8 where the charset lacks one
// of its letters (a quoted reply may hold any).
func encodeText(s, charset string) (data []byte, used string) {
	if charset == "" {
		return []byte(s), utf8Name
	}
	enc, err := ianaindex.MIME.Encoding(charset)
	if err != nil || enc == nil {
		return []byte(s), utf8Name
	}
	out, err := encoding.ReplaceUnsupported(enc.NewEncoder()).Bytes([]byte(s))
	if err != nil {
		return []byte(s), utf8Name
	}
	if back, err := enc.NewDecoder().Bytes(out); err != nil || string(back) != s {
		return []byte(s), utf8Name
	}
	return out, charset
}

// longestLine is what RFC 5322 2.1.1 allows, less room to spare.
const longestLine = 900

// encodeBody gives a text part's bytes and how they are encoded, as mail
// programs with that charset do it. Lines end in CRLF.
func encodeBody(text, charset string) (body []byte, transfer, used string) {
	text = strings.ReplaceAll(text, "\n", "\r\n")
	data, used := encodeText(text, charset)
	switch {
	case used == "iso-2022-jp" && shortLines(data):
		return data, "7bit", used
	case strings.HasPrefix(used, "windows-") && shortLines(data):
		return data, "8bit", used
	case mostlyASCII(data):
		var buf bytes.Buffer
		w := quotedprintable.NewWriter(&buf)
		_, _ = w.Write(data)
		_ = w.Close()
		return buf.Bytes(), "quoted-printable", used
	default:
		return base64Lines(data), "base64", used
	}
}

func shortLines(data []byte) bool {
	for line := range bytes.SplitSeq(data, []byte("\r\n")) {
		if len(line) > longestLine {
			return false
		}
	}
	return true
}

func mostlyASCII(data []byte) bool {
	high := 0
	for _, b := range data {
		if b >= utf8.RuneSelf {
			high++
		}
	}
	return high*5 < len(data)
}

func base64Lines(data []byte) []byte {
	text := base64.StdEncoding.EncodeToString(data)
	var out bytes.Buffer
	for len(text) > 76 {
		out.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	out.WriteString(text + "\r\n")
	return out.Bytes()
}

// wordBytes is how many encoded bytes one encoded word holds: with its frame it
// stays under the 75 of RFC 2047 2.
const wordBytes = 36

// encodeWords writes a header's text as RFC 2047 asks, in words of whole
// letters, each on its own line. ASCII stays as it is.
func encodeWords(s, charset string) string {
	if isASCII(s) {
		return s
	}
	var words []string
	var chunk strings.Builder
	flush := func() {
		data, used := encodeText(chunk.String(), charset)
		words = append(words, "=?"+used+"?B?"+base64.StdEncoding.EncodeToString(data)+"?=")
		chunk.Reset()
	}
	for _, r := range s {
		if chunk.Len()+utf8.RuneLen(r) > wordBytes {
			flush()
		}
		chunk.WriteRune(r)
	}
	flush()
	return strings.Join(words, "\r\n ")
}

func isASCII(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf || r < ' ' {
			return false
		}
	}
	return true
}

// fold breaks a long ASCII header line at spaces (RFC 5322 2.2.3).
func fold(line string) string {
	var out strings.Builder
	width := 0
	for i, word := range strings.Split(line, " ") {
		if i > 0 {
			if width+1+len(word) > 76 && !strings.HasSuffix(out.String(), "\r\n") {
				out.WriteString("\r\n")
				width = 0
			}
			out.WriteByte(' ')
			width++
		}
		out.WriteString(word)
		if end := strings.LastIndex(word, "\r\n"); end >= 0 {
			width = len(word) - end - 2
		} else {
			width += len(word)
		}
	}
	return out.String()
}

// fileParam writes name=… or filename=… for an attachment. Old is Outlook's and
// Gmail's way (encoded words, which RFC 2047 5 forbids here and everybody
// reads); otherwise RFC 2231.
func fileParam(key, name string, old bool) string {
	switch {
	case isASCII(name):
		return key + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	case old:
		return key + `="` + encodeWords(name, "") + `"`
	default:
		_, param, _ := strings.Cut(mime.FormatMediaType("x/x", map[string]string{key: name}), "; ")
		return param
	}
}
