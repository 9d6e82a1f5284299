package words

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func tokens(text string, mode Mode) []string {
	var sp Splitter
	var all []string
	sp.Split([]byte(text), mode, func(t Token) bool {
		all = append(all, string(t.Text))
		return true
	})
	return all
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"signs only", " —!? ", ""},
		{"english", "My parcel didn't arrive", "my parcel didn t arrive"},
		{"number", "AB-12345/x", "ab 12345 x"},
		{"address", "amira@example.com", "amira example com"},
		{"german", "Straße, Rücksendung ÜBER", "strasse rucksendung uber"},
		{"decomposed", norm.NFD.String("Rücksendung"), "rucksendung"},
		{"french", "À bientôt, cœur", "a bientot coeur"},
		{"polish", "Łódź", "lodz"},
		{"turkish", "İstanbul ısı", "istanbul isi"},
		{"vietnamese", "Đơn hàng của tôi", "don hang cua toi"},
		{"greek", "Όλος ΟΔΌΣ", "ολοσ οδοσ"},
		{"russian", "Ёлка ещё", "елка еще"},
		{"arabic points", "الطَّلَبُ", "الطلب"},
		{"arabic letters", "أإآا ىي ة", "اااا يي ه"},
		{"arabic digits", "رقم ١٢٣", "رقم 123"},
		{"persian", "کتاب ۴۵", "كتاب 45"},
		{"hebrew points", "שָׁלוֹם", "שלומ"},
		{"hindi keeps vowels", "वापसी की", "वापसी की"},
		{"hindi nukta", "क़लम", norm.NFC.String("कलम")},
		{"soft hyphen", "Rück\u00ADsendung", "rucksendung"},
		{"full width", "ＡＢＣ１２", "abc12"},
		{"ligature", "ﬁne", "fine"},
		{"chinese", "退款", "退款 款"},
		{"chinese three", "退款单", "退款 款单 单"},
		{"one character", "退", "退"},
		{"japanese", "返金を", "返金 金を を"},
		{"half-width kana", "ﾊﾞｽ", "バス ス"},
		{"voicing apart", "は\u3099す", "ばす す"},
		{"korean", "환불 요청", "환불 불 요청 청"},
		{"korean in letters", norm.NFD.String("환불"), "환불 불"},
		{"thai", "คืนเงิน", "คื ืน นเ เง งิ ิน น"},
		{"mixed", "iPhone手机 ok", "iphone 手机 机 ok"},
		{"variation selector", "葛\U000E0100飾", "葛飾 飾"},
		{"damaged", "a\xff\xfeb", "a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(tokens(c.text, Index), " "); got != c.want {
				t.Errorf("%q gives %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestSplitQuery(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"退款", "退款"},                 // not its last character: that would ask for the run's end
		{"退", "退"},                   // alone
		{"手机 iPhone", "手机 机 iphone"}, // here the run does end
		{"退款 。", "退款"},
		{"refund", "refund"},
	} {
		if got := strings.Join(tokens(c.text, Query), " "); got != c.want {
			t.Errorf("%q asks for %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTokensOfAQueryStandInARowInWhatContainsIt(t *testing.T) {
	around := rapid.StringOfN(rapid.SampledFrom([]rune("abcéßяёעםَالطلکখ退款返を환불คืเง 1２٣")), 0, 12, -1)
	within := rapid.StringOfN(rapid.SampledFrom([]rune("退款单返金を환불คืนเงินแก้ປີ")), 2, 9, -1)
	rapid.Check(t, func(t *rapid.T) {
		part := within.Draw(t, "part")
		text := around.Draw(t, "before") + part + around.Draw(t, "after")
		have, want := tokens(text, Index), tokens(part, Query)
		for i := range have {
			if i+len(want) <= len(have) && slices.Equal(have[i:i+len(want)], want) {
				return
			}
		}
		t.Fatalf("%q (%q) is not found in %q (%q)", part, want, text, have)
	})
}

func TestAnyTextGivesSoundTokens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		var sp Splitter
		at := -1
		sp.Split([]byte(text), Index, func(k Token) bool {
			switch {
			case len(k.Text) == 0 || len(k.Text) > longest:
				t.Fatalf("token of %d bytes in %q", len(k.Text), text)
			case k.Start < at || k.End <= k.Start || k.End > len(text):
				t.Fatalf("token at %d to %d after %d in %q", k.Start, k.End, at, text)
			case !utf8.Valid(k.Text):
				t.Fatalf("token %q is not UTF-8", k.Text)
			}
			at = k.Start
			return true
		})
	})
}

// What was folded and is cut again, as a prefix made whole is, must give itself.
func TestFoldedTokensFoldToThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, token := range tokens(rapid.String().Draw(t, "text"), Index) {
			if again := tokens(token, Query); len(token) < longest-utf8.UTFMax && !slices.Equal(again, []string{token}) {
				t.Fatalf("%q gives %q", token, again)
			}
		}
	})
}

func TestStops(t *testing.T) {
	var sp Splitter
	n := 0
	sp.Split([]byte("one two 退款单 three"), Index, func(Token) bool { n++; return n < 3 })
	if n != 3 {
		t.Errorf("%d tokens after asking for 3", n)
	}
}

func TestLongWordsAreCutBetweenCharacters(t *testing.T) {
	all := tokens(strings.Repeat("ж", 100), Index)
	if len(all) != 1 || all[0] != strings.Repeat("ж", longest/2) {
		t.Errorf("got %q", all)
	}
}
