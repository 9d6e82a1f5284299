package mailtext

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// charsetNames are labels that mail uses and neither WHATWG nor IANA knows, or
// knows as something narrower than what such mail holds.
var charsetNames = map[string]string{
	"cp-1250": "windows-1250", "cp-1251": "windows-1251", "cp-1252": "windows-1252",
	"cp1253": "windows-1253", "cp1254": "windows-1254", "cp1255": "windows-1255",
	"cp1256": "windows-1256", "cp1257": "windows-1257", "cp1258": "windows-1258",
	"win-1250": "windows-1250", "win-1251": "windows-1251", "win-1252": "windows-1252", "win1251": "windows-1251",
	"windows1250": "windows-1250", "windows1251": "windows-1251", "windows1252": "windows-1252",
	"ansi": "windows-1252", "x-ansi": "windows-1252", "latin-1": "windows-1252", "iso8859_1": "windows-1252",
	"iso-8859-1-i": "windows-1252", "8859-1": "windows-1252", "iso-latin-1": "windows-1252", "x-iso-8859-1": "windows-1252",
	"iso-8859-15-windows": "iso-8859-15", "latin-9": "iso-8859-15", "latin9": "iso-8859-15", "latin0": "iso-8859-15",
	"cp932": "shift_jis", "ms932": "shift_jis", "windows932": "shift_jis", "shift-jis": "shift_jis", "x-sjis": "shift_jis", "sjis-win": "shift_jis",
	"cp936": "gb18030", "ms936": "gb18030", "windows-936": "gb18030", "gb2312": "gb18030", "gb_2312-80": "gb18030",
	"gbk": "gb18030", "x-gbk": "gb18030", "euc-cn": "gb18030", "euccn": "gb18030", "gb-2312": "gb18030", "gb18030-2000": "gb18030",
	"cp949": "euc-kr", "ms949": "euc-kr", "uhc": "euc-kr", "x-windows-949": "euc-kr", "ks_c_5601-1987": "euc-kr",
	"ks_c_5601": "euc-kr", "ks_c_5601-1989": "euc-kr", "ks-c-5601-1987": "euc-kr", "euckr": "euc-kr", "ksc5601": "euc-kr",
	"cp950": "big5", "ms950": "big5", "x-big5": "big5", "big-5": "big5", "big5-hkscs": "big5", "bigfive": "big5",
	"x-euc-jp": "euc-jp", "eucjp": "euc-jp", "eucjp-win": "euc-jp", "cp51932": "euc-jp",
	"iso-2022-jp-ms": "iso-2022-jp", "iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp",
	"iso-2022-jp-3": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "jis": "iso-2022-jp",
	"utf8": "utf-8", "utf-8-mac": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf_8": "utf-8", "utf-8n": "utf-8", "utf8mb4": "utf-8",
	"utf16": "utf-16", "utf16le": "utf-16le", "utf16be": "utf-16be", "unicode": "utf-16", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16",
	"ucs-2le": "utf-16le", "ucs-2be": "utf-16be", "utf32": "utf-32", "ucs-4": "utf-32", "utf-32le": "utf-32le", "utf-32be": "utf-32be",
	"tis-620": "windows-874", "tis620": "windows-874", "cp874": "windows-874", "x-windows-874": "windows-874", "iso-8859-11": "windows-874",
	"x-mac-roman": "macintosh", "macroman": "macintosh", "mac-roman": "macintosh", "x-macintosh": "macintosh",
	"koi8": "koi8-r", "koi8r": "koi8-r", "x-koi8-r": "koi8-r", "koi-8-r": "koi8-r", "koi8u": "koi8-u", "koi8-ru": "koi8-u",
	"cp437": "ibm437", "cp850": "ibm850", "cp852": "ibm852", "cp855": "ibm855", "cp858": "ibm00858", "ibm858": "ibm00858",
	"cp860": "ibm860", "cp862": "ibm862", "cp863": "ibm863", "cp865": "ibm865", "cp866": "ibm866", "dos-866": "ibm866",
	"cp037": "ibm037", "cp1047": "ibm1047", "cp1140": "ibm01140", "ibm1140": "ibm01140", "ibm-037": "ibm037", "ibm-1047": "ibm1047",
	"hz": "hz-gb-2312", "utf7": "utf-7", "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7",
	"iso-2022-kr": "iso-2022-kr", "iso2022kr": "iso-2022-kr", "iso-2022-cn": "iso-2022-cn",
}

// unsaid are labels that say nothing, or that programs write without looking.
var unsaid = map[string]bool{
	"": true, "us-ascii": true, "ascii": true, "ansi_x3.4-1968": true, "unknown-8bit": true, "x-unknown": true,
	"unknown": true, "default": true, "default_charset": true, "x-user-defined": true, "none": true, "null": true, "7bit": true, "8bit": true, "binary": true,
}

// ours are the charsets that are read here because x/text has no whole decoder.
var ours = map[string]func([]byte) ([]byte, bool){
	"utf-7":       readUTF7,
	"iso-2022-kr": readISO2022KR,
	"iso-2022-cn": readISO2022CN,
}

// theirs are those that neither index of x/text gives.
var theirs = map[string]encoding.Encoding{
	"utf-16":     unicode.UTF16(unicode.BigEndian, unicode.UseBOM), // RFC 2781 4.3
	"utf-16le":   unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16be":   unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"utf-32":     utf32.UTF32(utf32.BigEndian, utf32.UseBOM),
	"utf-32le":   utf32.UTF32(utf32.LittleEndian, utf32.UseBOM),
	"utf-32be":   utf32.UTF32(utf32.BigEndian, utf32.UseBOM),
	"hz-gb-2312": simplifiedchinese.HZGB2312, // WHATWG refuses it
}

// decode gives text as UTF-8. sure is false when the label was missing, unknown
// or plainly wrong and the charset was guessed.
func decode(data []byte, label string) (text string, sure bool) {
	label = charsetName(label)
	if unsaid[label] {
		if isPlainASCII(data) {
			return tidy(string(data)), true
		}
		text, sure = decodeGuess(data)
		return text, sure
	}
	if label == "utf-8" {
		if utf8.Valid(data) && bytes.IndexByte(data, 0x1b) < 0 && bytes.IndexByte(data, 0) < 0 {
			return tidy(string(data)), true
		}
		return decodeGuess(data)
	}
	if read := ours[label]; read != nil {
		if out, ok := read(data); ok {
			return tidy(string(out)), true
		}
		return guessed(data)
	}
	enc := findEncoding(label)
	if enc == nil {
		if isASCII(data) {
			text, _ = decodeGuess(data)
			return text, false
		}
		return guessed(data)
	}
	return decodeWith(enc, label, data)
}

func charsetName(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\r\n\"'`;,=[]<>\\"))
	label, _, _ = strings.Cut(label, " ")
	if known, ok := charsetNames[label]; ok {
		return known
	}
	return label
}

func findEncoding(label string) encoding.Encoding {
	if enc := theirs[label]; enc != nil {
		return enc
	}
	enc, err := htmlindex.Get(label)
	if err == nil && enc != encoding.Replacement {
		return enc
	}
	for _, name := range []string{label, strings.ReplaceAll(label, "_", "-"), strings.TrimPrefix(label, "x-")} {
		if enc, err = ianaindex.IANA.Encoding(name); err == nil && enc != nil {
			return enc
		}
	}
	return nil
}

// decodeWith reads what the label says, unless the bytes speak against it: they
// are none of that charset, or they are UTF-8, which text of a charset of single
// bytes never looks like by chance.
func decodeWith(enc encoding.Encoding, label string, data []byte) (string, bool) {
	if _, single := enc.(*charmap.Charmap); single && !isASCII(data) && utf8.Valid(data) {
		return tidy(string(data)), false
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil || label == "iso-2022-jp" && !isASCII(data) { // it has seven bits
		return guessed(data)
	}
	text := tidy(string(out))
	if bad := strings.Count(text, "\uFFFD"); bad > 0 && bad*20 > utf8.RuneCountInString(text) {
		return guessed(data)
	}
	return text, true
}

func guessed(data []byte) (string, bool) {
	text, _ := decodeGuess(data)
	return text, false
}

// tidy drops what no reader should get: byte order marks and controls other
// than tab and line feed; every line ends in one line feed.
func tidy(s string) string {
	if isTidy(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if isTidy(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == 0x7f || r == 0xfeff:
			return -1
		case r >= 0x80 && r < 0xa0: // what was Windows-1252 and taken for Latin-1
			if r = charmap.Windows1252.DecodeByte(byte(r)); r < 0xa0 || r == utf8.RuneError {
				return -1
			}
		}
		return r
	}, s)
}

// isTidy tells a text that tidy wouldn't change, by the bytes in UTF-8 of what
// it takes out.
func isTidy(s string) bool {
	ascii := true
	for i := range len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			if c == 0x7f || c < ' ' && c != '\n' && c != '\t' {
				return false
			}
			continue
		}
		ascii = false
		switch rest := s[i+1:]; {
		case c == 0xc2 && (rest == "" || rest[0] < 0xa0),
			c == 0xe2 && (strings.HasPrefix(rest, "\x80\xa8") || strings.HasPrefix(rest, "\x80\xa9")),
			c == 0xef && strings.HasPrefix(rest, "\xbb\xbf"):
			return false
		}
	}
	return ascii || utf8.ValidString(s)
}

func isASCII[T string | []byte](data T) bool {
	for i := range len(data) {
		if data[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isPlainASCII tells ASCII that hides nothing: ISO 2022 and HZ write other
// scripts in seven bits, and UTF-16 is full of zeros.
func isPlainASCII(data []byte) bool {
	for _, b := range data {
		if b >= utf8.RuneSelf || b == 0x1b || b == 0 || b == 0x0e {
			return false
		}
	}
	return true
}
