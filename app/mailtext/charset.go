package mailtext

import (
	"strings"
	"unicode/utf8"

	"github.com/cention-sany/utf7"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// charsetNames are labels that mail uses and neither WHATWG nor IANA knows, or
// knows as something narrower than what such mail holds.
var charsetNames = map[string]string{
	"cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252",
	"cp1253": "windows-1253", "cp1254": "windows-1254", "cp1255": "windows-1255",
	"cp1256": "windows-1256", "cp1257": "windows-1257", "cp1258": "windows-1258",
	"cp-1252": "windows-1252", "ansi": "windows-1252", "latin-1": "windows-1252",
	"cp932": "shift_jis", "ms932": "shift_jis", "cp936": "gb18030", "gb2312": "gb18030",
	"gb_2312-80": "gb18030", "gbk": "gb18030", "cp949": "euc-kr", "ks_c_5601-1987": "euc-kr",
	"ks_c_5601": "euc-kr", "cp950": "big5", "utf8": "utf-8", "utf-8-mac": "utf-8",
	"unicode-1-1-utf-8": "utf-8", "tis-620": "windows-874", "x-mac-roman": "macintosh",
	"iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp850": "ibm850", "cp437": "ibm437",
}

// decode gives text as UTF-8. sure is false when the label was missing, unknown
// or plainly wrong and the charset was guessed.
func decode(data []byte, label string) (text string, sure bool) {
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	if known, ok := charsetNames[label]; ok {
		label = known
	}
	switch label {
	case "", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default", "utf-8":
		text, sure = decodeGuess(data)
		return text, sure || isASCII(data)
	case "utf-7", "unicode-1-1-utf-7":
		return decodeWith(utf7.UTF7, data)
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		if enc, err = ianaindex.MIME.Encoding(label); err != nil || enc == nil {
			text, _ = decodeGuess(data)
			return text, false
		}
	}
	return decodeWith(enc, data)
}

func decodeWith(enc encoding.Encoding, data []byte) (string, bool) {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		text, _ := decodeGuess(data)
		return text, false
	}
	return tidy(string(out)), true
}

// decodeGuess reads UTF-8 where it is, allows for a character cut at the end,
// and otherwise takes the most common of the others.
func decodeGuess(data []byte) (string, bool) {
	if utf8.Valid(data) {
		return tidy(string(data)), true
	}
	good, bad := 0, 0
	for b := data; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	if good > bad {
		return tidy(strings.ToValidUTF8(string(data), "\uFFFD")), true
	}
	out, _ := charmap.Windows1252.NewDecoder().Bytes(data) // every byte has a character
	return tidy(string(out)), false
}

// tidy drops what no reader should get: byte order marks and controls other
// than tab and line feed; every line ends in one line feed.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfeff:
			return -1
		}
		return r
	}, s)
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
