package mailtext

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// freeMail are domains where everybody may have an address: sharing one means
// nothing, and they resemble each other.
var freeMail = setOf(`gmail.com googlemail.com ymail.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk yahoo.es yahoo.it hotmail.com hotmail.de hotmail.fr hotmail.it
hotmail.es hotmail.co.uk outlook.com outlook.de outlook.fr live.com live.de msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com
web.de mail.de email.de freenet.de t-online.de posteo.de mailbox.org proton.me protonmail.com pm.me mail.ru bk.ru list.ru inbox.ru yandex.ru ya.ru yandex.com
orange.fr free.fr laposte.net wanadoo.fr sfr.fr libero.it virgilio.it tiscali.it alice.it wp.pl o2.pl onet.pl interia.pl seznam.cz email.cz centrum.cz azet.sk
ziggo.nl kpnmail.nl planet.nl telenet.be skynet.be bluewin.ch qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net rediffmail.com
uol.com.br bol.com.br terra.com.br comcast.net verizon.net att.net sbcglobal.net btinternet.com sky.com abv.bg ukr.net citromail.hu freemail.hu mail.com email.com fastmail.com zoho.com tutanota.com`)

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

func asciiDomain(domain string) string {
	if isPlainDomain(domain) {
		return domain
	}
	if a, err := idna.ToASCII(domain); err == nil {
		return a
	}
	return domain
}

// isPlainDomain tells a domain that is the same in ASCII and in letters.
func isPlainDomain(domain string) bool { return isASCII(domain) && !strings.Contains(domain, "xn--") }

// confusable maps what looks like a Latin letter or digit to it: what of
// Unicode's confusables (UTS 39) registries let into domain names.
var confusable = map[rune]string{
	'а': "a", 'ɑ': "a", 'α': "a", 'á': "a", 'à': "a", 'ạ': "a", 'ą': "a", 'ā': "a", 'в': "b", 'ь': "b", 'с': "c", 'ϲ': "c", 'ç': "c", 'ć': "c", 'č': "c", 'ԁ': "d", 'đ': "d", 'ɗ': "d",
	'е': "e", 'ё': "e", 'ε': "e", 'é': "e", 'è': "e", 'ẹ': "e", 'ę': "e", 'ė': "e", 'ē': "e", 'ġ': "g", 'ğ': "g", 'ɡ': "g", 'һ': "h", 'н': "h", 'і': "i", 'ї': "i", 'ι': "i", 'í': "i", 'ì': "i", 'ı': "i", 'ị': "i", 'ī': "i",
	'ј': "j", 'к': "k", 'κ': "k", 'ķ': "k", 'ӏ': "l", 'ł': "l", 'ļ': "l", '1': "l", '|': "l", 'м': "m", 'ṃ': "m", 'п': "n", 'η': "n", 'ñ': "n", 'ń': "n", 'ņ': "n", 'о': "o", 'ο': "o", 'ö': "o", 'ó': "o", 'ò': "o", 'ọ': "o", 'ø': "o", 'ō': "o", '0': "o", 'օ': "o",
	'р': "p", 'ρ': "p", 'ԛ': "q", 'г': "r", 'ѕ': "s", 'ş': "s", 'ș': "s", 'ś': "s", 'š': "s", 'т': "t", 'τ': "t", 'ţ': "t", 'ț': "t", 'υ': "u", 'ц': "u", 'ü': "u", 'ú': "u", 'ù': "u", 'ū': "u", 'ѵ': "v", 'ν': "v", 'ԝ': "w", 'ш': "w", 'ω': "w",
	'х': "x", 'χ': "x", 'у': "y", 'γ': "y", 'ý': "y", 'ÿ': "y", 'ż': "z", 'ź': "z", 'ž': "z",
}

// skeleton is what a text looks like (UTS 39 4): two that look alike have one.
func skeleton(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(strings.ToLower(s)) {
		if to, ok := confusable[r]; ok {
			b.WriteString(to)
		} else if !unicode.Is(unicode.Mn, r) && !isInvisible(r) {
			b.WriteRune(r)
		}
	}
	return lettersTogether.Replace(b.String())
}

// lettersTogether are pairs that look like one letter.
var lettersTogether = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

// shortestName is the length of a name from which on one other letter is no
// accident: most short names have a neighbour that is somebody's.
const shortestName = 5

// Lookalike gives the domain of known that a domain imitates, "" for none: one
// that looks the same, one letter away, or one that has the known one in front
// (shop.example.evil.test). A known domain, and one of the large providers,
// imitates nobody.
func Lookalike(domain string, known []string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	org := organisation(domain)
	if org == "" || freeMail[org] {
		return ""
	}
	for _, k := range known {
		if organisation(k) == org {
			return ""
		}
	}
	shown, err := idna.ToUnicode(org)
	if err != nil {
		shown = org
	}
	for _, k := range known {
		k = organisation(k)
		if shownK, err := idna.ToUnicode(k); err == nil && looksLike(domain, shown, shownK) {
			return k
		}
	}
	return ""
}

func looksLike(whole, shown, known string) bool {
	if strings.HasPrefix(whole, known+".") {
		return true
	}
	name, _, _ := strings.Cut(shown, ".")
	other, _, _ := strings.Cut(known, ".")
	if name == other {
		return false // the same name under another ending is mostly the same company
	}
	if skeleton(name) == skeleton(other) {
		return len([]rune(other)) >= 3
	}
	a, b := []rune(name), []rune(other)
	return min(len(a), len(b)) >= shortestName && oneLetterApart(a, b)
}

// oneLetterApart tells a letter changed, added, left out, or two exchanged. Two
// numbers are two names: shop1 is no shop2.
func oneLetterApart(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) != len(b) {
		return !unicode.IsDigit(b[i]) && string(a[i:]) == string(b[i+1:])
	}
	if unicode.IsDigit(a[i]) && unicode.IsDigit(b[i]) {
		return false
	}
	if string(a[i+1:]) == string(b[i+1:]) {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
}

// MixedScript tells a domain label in letters of scripts that no language writes
// together (UTS 39 5.2, "highly restrictive"): Latin goes with Chinese, Japanese
// and Korean, and with nothing else.
func MixedScript(domain string) bool {
	domain = strings.ToLower(domain)
	if isPlainDomain(domain) {
		return false
	}
	shown, err := idna.ToUnicode(domain)
	if err != nil {
		return false
	}
	for label := range strings.SplitSeq(shown, ".") {
		latin, asian, others := false, false, map[string]bool{}
		for _, r := range label {
			switch {
			case !unicode.IsLetter(r):
			case unicode.Is(unicode.Latin, r):
				latin = true
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo):
				asian = true
			default:
				others[scriptName(r)] = true
			}
		}
		if len(others) > 1 || len(others) == 1 && (latin || asian) {
			return true
		}
	}
	return false
}

func scriptName(r rune) string {
	for _, name := range [...]string{"Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Thai", "Armenian", "Georgian", "Bengali", "Tamil"} {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	return "other"
}
