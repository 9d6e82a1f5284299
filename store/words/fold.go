package words

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold appends what is left of r once the differences are taken away that
// people don't type when they search: case, accents, vowel points, joiners,
// width, and the several code points of one Arabic letter or digit.
func fold(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	}
	if whole(r) {
		return utf8.AppendRune(dst, r)
	}
	if dropped(r) {
		return dst
	}
	r = unicode.ToLower(r)
	if s, ok := letters[r]; ok {
		return append(dst, s...)
	}
	if d, ok := digit(r); ok {
		return append(dst, d)
	}
	if !decomposes(r) {
		return utf8.AppendRune(dst, r)
	}
	var b [utf8.UTFMax]byte
	d := norm.NFKD.Properties(b[:utf8.EncodeRune(b[:], r)]).Decomposition()
	if d == nil {
		return utf8.AppendRune(dst, r)
	}
	for len(d) > 0 {
		q, n := utf8.DecodeRune(d)
		d = d[n:]
		if dropped(q) || classify(q) == gap { // the strokes and brackets of figures
			continue
		}
		q = unicode.ToLower(q)
		if s, ok := letters[q]; ok {
			dst = append(dst, s...)
		} else {
			dst = utf8.AppendRune(dst, q)
		}
	}
	return dst
}

// whole tells Han and Hangul: letters throughout, and nothing of them folds.
func whole(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 }

// decomposes bounds the look into the normalization tables to the blocks where
// it can matter. Thai SARA AM and the Hangul syllables stay whole on purpose:
// their parts are characters of their own to a searcher.
func decomposes(r rune) bool {
	switch {
	case r < 0x0250, r >= 0x0370 && r < 0x0530: // Latin, Greek, Cyrillic
		return true
	case r >= 0x0600 && r < 0x0700, r >= 0x0900 && r < 0x0E00: // Arabic, Indic
		return true
	case r >= 0x1E00 && r < 0x2000, r >= 0x2070 && r < 0x2190: // Latin and Greek, figures
		return true
	case r >= 0xF900: // compatibility ideographs, presentation forms, full width
		return true
	}
	return false
}

// dropped tells marks that readers may write or leave out. Indic vowel signs
// are not among them: they are letters to their readers.
func dropped(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F, // accents
		r >= 0x0591 && r <= 0x05C7,              // Hebrew points
		r >= 0x0610 && r <= 0x061A,              // Arabic signs
		r >= 0x064B && r <= 0x065F, r == 0x0670, // Arabic vowels
		r >= 0x06D6 && r <= 0x06ED, r == 0x0640, // Koranic signs, the lengthening stroke
		r == 0x093C, r == 0x09BC, r == 0x0A3C, // nukta
		r >= 0x200B && r <= 0x200F, r == 0x2060, // joiners, direction marks
		r == 0x00AD, r == 0xFEFF, // soft hyphen, zero width no-break space
		r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF: // variation selectors
		return true
	}
	return false
}

// letters are the pairs that normalization doesn't know.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ħ': "h", 'ı': "i", 'þ': "th", 'ð': "d",
	'ς': "σ",
	'آ': "ا", 'أ': "ا", 'إ': "ا", 'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ئ': "ي", 'ؤ': "و", 'ة': "ه", 'ک': "ك", 'ہ': "ه", 'ھ': "ه",
	'ך': "כ", 'ם': "מ", 'ן': "נ", 'ף': "פ", 'ץ': "צ",
	'ँ': "ं",
}

// zeros are the noughts of the digits that are typed as 0 to 9 elsewhere.
var zeros = []rune{
	0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
	0x0E50, 0x0ED0, 0x1040, 0x17E0,
}

func digit(r rune) (byte, bool) {
	if r < 0x0660 || r > 0x17E9 {
		return 0, false
	}
	for _, z := range zeros {
		if r >= z && r <= z+9 {
			return byte('0' + r - z), true
		}
	}
	return 0, false
}
