package mailtext

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// sample bounds what a guess looks at.
const sample = 16 << 10

// decodeGuess reads bytes whose charset nobody told. UTF-8 is sure, so are the
// charsets with marks of their own; among the others the one wins whose text
// looks most like a language.
func decodeGuess(data []byte) (string, bool) {
	if text, ok := decodeMarked(data); ok {
		return text, true
	}
	if utf8.Valid(data) {
		return tidy(string(data)), true
	}
	if mostlyUTF8(data) {
		return tidy(strings.ToValidUTF8(string(data), "\uFFFD")), true
	}
	best := encoding.Encoding(charmap.Windows1252)
	most := -1 << 30
	for _, c := range candidates {
		if foreignBytes(data) == 1 {
			break // one byte is an accent or a dash
		}
		if score := c.score(data); score > most {
			best, most = c.enc, score
		}
	}
	out, err := best.NewDecoder().Bytes(data)
	if err != nil {
		out, _ = charmap.Windows1252.NewDecoder().Bytes(data) // every byte has a character
	}
	return tidy(string(out)), false
}

// decodeMarked reads what says itself what it is: byte order marks, the zeros of
// UTF-16, the escapes of ISO 2022.
func decodeMarked(data []byte) (string, bool) {
	head := data[:min(len(data), sample)]
	label := ""
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		label = "utf-16"
	case bytes.IndexByte(head, 0) >= 0:
		label = zeros(head)
	case bytes.Contains(head, []byte("\x1b$)C")):
		out, ok := readISO2022KR(data)
		return tidy(string(out)), ok
	case bytes.Contains(head, []byte("\x1b$B")), bytes.Contains(head, []byte("\x1b$@")), bytes.Contains(head, []byte("\x1b(J")):
		label = "iso-2022-jp"
	}
	if label == "" {
		return "", false
	}
	out, err := findEncoding(label).NewDecoder().Bytes(data)
	return tidy(string(out)), err == nil
}

// zeros tells UTF-16 by the half of its bytes that are zero in Latin text.
func zeros(head []byte) string {
	var even, odd int
	for i, b := range head {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	switch enough := len(head) / 4; {
	case odd > enough && even < odd/8:
		return "utf-16le"
	case even > enough && odd < even/8:
		return "utf-16be"
	}
	return ""
}

func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for b := data[:min(len(data), sample)]; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good > bad
}

// candidate is a charset that may be meant, with what speaks for it.
type candidate struct {
	enc   encoding.Encoding
	bonus int // of what mail is mostly written in, for a draw
	multi bool
}

var candidates = []candidate{
	{charmap.Windows1252, 3, false},
	{charmap.Windows1251, 1, false},
	{charmap.KOI8R, 1, false},
	{charmap.Windows1250, 0, false},
	{charmap.Windows1253, 0, false},
	{charmap.Windows1255, 0, false},
	{charmap.Windows1256, 0, false},
	{charmap.Windows874, 0, false},
	{japanese.ShiftJIS, 1, true},
	{japanese.EUCJP, 1, true},
	{simplifiedchinese.GB18030, 2, true},
	{traditionalchinese.Big5, 1, true},
	{korean.EUCKR, 1, true},
}

// score weighs each foreign character: letters where letters belong speak for a
// charset, capitals inside words, symbols inside words and characters that
// don't exist speak against it. It is per mille of the foreign bytes.
func (c candidate) score(data []byte) int {
	head := data[:min(len(data), sample)]
	out, err := c.enc.NewDecoder().Bytes(head)
	if err != nil {
		return -1 << 20
	}
	w := weigher{multi: c.multi}
	for _, r := range string(out) {
		w.add(r)
	}
	return w.points*1000/max(foreignBytes(head), 1) + c.bonus
}

func foreignBytes(data []byte) (n int) {
	for _, b := range data {
		if b >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

type weigher struct {
	multi  bool
	points int
	before rune
}

func (w *weigher) add(r rune) {
	was := w.before
	w.before = r
	if r < utf8.RuneSelf {
		return
	}
	switch {
	case r == utf8.RuneError:
		w.points -= 20
	case r < 0xa0, unicode.Is(unicode.Co, r):
		w.points -= 10
	case w.multi && was < utf8.RuneSelf && unicode.IsLetter(was):
		w.points -= 2 // no word begins in one script and ends in another
	case w.multi:
		w.points += weighWide(r)
	case !unicode.IsLetter(r) && !unicode.IsMark(r):
		if unicode.IsLetter(was) && !strings.ContainsRune("’“”–—…«»€°·", r) {
			w.points -= 3
		}
	case unicode.IsUpper(r) && unicode.IsLower(was):
		w.points -= 3 // no word is written like this
	case scriptOf(r) != scriptOf(was) && unicode.IsLetter(was):
		w.points -= 2
	case strings.ContainsRune("ךםןףץ", was): // these end a word (and are н, к, у in Cyrillic)
		w.points -= 5
	case !isCommonLetter(r):
		w.points++
	case (scriptOf(r) == scriptLatin) == (was >= utf8.RuneSelf && unicode.IsLetter(was)):
		w.points++ // an accent beside an accent, or a lone letter of another script
	default:
		w.points += 3
	}
}

// weighWide weighs a character of two bytes or more: twice what one byte gets.
func weighWide(r rune) int {
	switch {
	case r >= 0x3040 && r <= 0x30ff: // kana: Japanese and nothing else
		return 7
	case r >= 0xac00 && r <= 0xd7a3: // Hangul
		return 6
	case r >= 0x4e00 && r <= 0x9fff:
		if isCommonHan(r) {
			return 7
		}
		return 3
	case r >= 0x3000 && r <= 0x303f, r >= 0xff01 && r <= 0xff5e: // punctuation
		return 6
	case r >= 0xff61 && r <= 0xff9f: // half-width kana, which all bytes look like
		return -1
	}
	return -4
}

const scriptLatin = 1

func scriptOf(r rune) int {
	switch {
	case r < 0x250:
		return scriptLatin
	case unicode.Is(unicode.Cyrillic, r):
		return 2
	case unicode.Is(unicode.Greek, r):
		return 3
	case unicode.Is(unicode.Hebrew, r):
		return 4
	case unicode.Is(unicode.Arabic, r):
		return 5
	case unicode.Is(unicode.Thai, r):
		return 6
	}
	return 0
}

// isCommonLetter finds the letters that real text is mostly made of: Western
// accents, the frequent ones of Russian and Greek, all of Hebrew, Arabic and Thai.
func isCommonLetter(r rune) bool {
	switch scriptOf(r) {
	case scriptLatin:
		return strings.ContainsRune("äöüßéèêàâçîïôûùñóíáúãõåæøÄÖÜÉÅØ", r)
	case 2:
		return strings.ContainsRune("оеаинтсрвлкмдпуязьыбгчй", r)
	case 3:
		return strings.ContainsRune("αοιετσνηυρπκμλγδςάέήίόύώ", r)
	case 4, 5, 6:
		return true
	}
	return false
}

// commonHan are the characters Chinese and Japanese text is full of, in both
// spellings.
var commonHan = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着下自之年过過发發后後作里用道行所然家种種事成方多经經么去法学學如都同现現当當没動面起看定天分还還进進好小部其些主样樣理心本前开開但因只从從想实實請请謝谢您贵貴订訂单單退款货貨快递遞客服日月電电話话件信収入金社会員様願致返品注文送料確認絡先店商票" {
		m[r] = true
	}
	return m
}()

func isCommonHan(r rune) bool { return commonHan[r] }
