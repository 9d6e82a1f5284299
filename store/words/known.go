package words

import "unicode/utf8"

// known bounds the characters that are looked up instead of asked for: those of
// Latin, Greek, Cyrillic, Hebrew and the beginning of Arabic, which need two
// bytes at most. The tables repeat classOf and fold.
const known = 0x0800

var (
	classes = func() (t [known]class) {
		for r := range t {
			t[r] = classOf(rune(r))
		}
		return t
	}()
	folds = func() (t [known]uint16) {
		for r := range t {
			folded := fold(nil, rune(r))
			if one, n := utf8.DecodeRune(folded); n > 0 && n == len(folded) && one < 1<<16 {
				t[r] = uint16(one)
			}
		}
		return t
	}()
)

// foldedKnown is what fold makes of a character that is known and becomes
// exactly one; 0 for every other.
func foldedKnown(r rune) rune {
	if r < known {
		return rune(folds[r])
	}
	return 0
}
