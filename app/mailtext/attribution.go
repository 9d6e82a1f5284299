package mailtext

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxIntro is how many lines, and bytes, introduce a quote at most.
const (
	maxIntro      = 6
	maxIntroBytes = 500
)

// introduction gives how many lines from i on introduce a quote ("On Monday, Anna
// <anna@shop.example> wrote:"), 0 where they don't. It knows the word for
// "wrote" in the languages we answer in; where that is unknown, a date, a time
// or an address before a colon and a marked quote say as much.
func (m layout) introduction(i int) int {
	if m.quotedAt(i+1) && introducedByUs(strings.TrimSpace(m.lines[i])) {
		return 1
	}
	n := m.introSpan(i, maxIntro)
	// Where the lines below introduce it without this one, and this one adds
	// nothing, it is the sender's own.
	for k := 1; k < n && !m.marked[i]; k++ {
		if m.introSpan(i+k, n-k) == n-k && adds(m.lines[i:i+k], m.lines[i+k:i+n]) == 0 {
			return 0
		}
	}
	return n
}

// evidence is what speaks for an introduction.
type evidence byte

const (
	evidDate evidence = 1 << iota
	evidTime
	evidAddress
	evidVerb
)

func evidenceIn(s string) (e evidence) {
	s = lower(westernDigits(s))
	if hasDate(s) {
		e |= evidDate
	}
	if hasTime(s) {
		e |= evidTime
	}
	if hasAddress(s) {
		e |= evidAddress
	}
	if hasVerb(s) {
		e |= evidVerb
	}
	return e
}

// adds gives what upper says and lower doesn't.
func adds(upper, lower []string) evidence {
	return evidenceIn(strings.Join(upper, " ")) &^ evidenceIn(strings.Join(lower, " "))
}

// introSpan is introduction with no more than most lines, and may begin too early.
func (m layout) introSpan(i, most int) int {
	if m.marked[i] {
		if n := m.introToQuote(i); n > 0 {
			return n
		}
	}
	joined := strings.TrimSpace(m.lines[i])
	if !startsIntro(joined) {
		return 0
	}
	for n := 1; len(joined) <= maxIntroBytes; n++ {
		open := strings.Count(joined, "<") > strings.Count(joined, ">")
		quote := m.quotedAt(i + n)
		if !open && (endsIntro(joined) || quote) && introduces(joined, n, quote) {
			return n
		}
		if n == most || i+n >= len(m.lines) || strings.HasSuffix(joined, ":") {
			return 0
		}
		next := strings.TrimSpace(m.lines[i+n])
		switch {
		case next == "" && (open || i+n+1 < len(m.lines) && strings.TrimSpace(m.lines[i+n+1]) == "<"):
		case next == "", next[0] == '>' && !open:
			return 0
		}
		joined += " " + next
	}
	return 0
}

// introToQuote counts the lines between a place where HTML says that a quote
// begins and the first line marked as quoted; 0 where that isn't near.
func (m layout) introToQuote(i int) int {
	for n := 1; n <= maxIntro && i+n < len(m.lines); n++ {
		line := strings.TrimSpace(m.lines[i+n])
		if line != "" && line[0] == '>' {
			return n
		}
		if m.marked[i+n] {
			return 0
		}
	}
	return 0
}

// startsIntro tells that a line can begin an introduction: there is a figure, an
// address or the verb in it.
func startsIntro(line string) bool {
	if len(line) > maxIntroBytes {
		return false
	}
	return strings.ContainsAny(line, "<@\"0123456789") || strings.IndexFunc(line, isForeignDigit) >= 0 || hasVerb(lower(line))
}

// endsIntro tells that a line can end an introduction: with a colon, a dash, an
// address or the verb.
func endsIntro(s string) bool {
	s = strings.TrimRight(evenlySpaced(s), "* _")
	last, _ := utf8.DecodeLastRuneInString(s)
	if strings.ContainsRune(":：-—>؛", last) {
		return true
	}
	return isBareDate(s) || verbs.canEnd(s) && endsVerb(lower(s))
}

var (
	// bareDate is how Gmail writes in languages it has no sentence for.
	bareDate = regexp.MustCompile(`^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2} [0-9]{1,2}:[0-9]{2} GMT[+-][0-9]{2}:?[0-9]{2} \S.{0,60}$`)
	// endsAddress is an address and a colon at the end.
	endsAddress = regexp.MustCompile(`<[^<>\s]+@[^<>\s]+>[)\s]*[:：]$`)
)

func isBareDate(s string) bool { return strings.Contains(s, " GMT") && bareDate.MatchString(s) }

// introduces judges a whole introduction of n lines; quote says whether a marked
// quote follows.
func introduces(s string, n int, quote bool) bool {
	if isBareDate(s) {
		return true
	}
	e := evidenceIn(s)
	last := strings.TrimRight(evenlySpaced(s), "* _")
	colon := strings.HasSuffix(last, ":") || strings.HasSuffix(last, "：")
	const short = 90
	switch {
	case quote && e&evidVerb != 0:
		return e != evidVerb || colon && n == 1 && len(s) <= short
	case e&evidVerb != 0:
		return e != evidVerb && !firstPerson.MatchString(lower(s))
	case quote && e&evidAddress != 0 && e != evidAddress:
		return true
	}
	const when = evidDate | evidTime
	return colon && e&when == when && (endsAddress.MatchString(last) || quote && len(s) <= 2*short)
}

// westernDigits writes the figures of every script as 0 to 9.
func westernDigits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isForeignDigit(r) {
			zero := r
			for unicode.IsDigit(zero-1) && r-zero < 9 {
				zero--
			}
			return '0' + r - zero
		}
		return r
	}, s)
}

// firstPerson tells a sentence of the sender's from an introduction: "On Monday
// I wrote to you:".
var firstPerson = regexp.MustCompile(`(?:^|[ ,(])(?:(?:i|we) (?:\S+ )?wrote|schrieb(?:en)? (?:ich|wir)|(?:ich|wir) .*(?:schrieb|geschrieben)|(?:ik|wij|we) .*(?:schreef|geschreven)|schreef (?:ik|wij|we)|` +
	`(?:jag|jeg|vi) .*(?:skrev|skrevet|skrivit)|skrev (?:jag|jeg|vi)|(?:я|мы|ми|аз|jeg) (?:\S+ )?(?:пи|на)\S+|nap[ií]sal\S* (?:jsem|som)|(?:jsem|som) .*nap[ií]sal|napisa\S+ (?:sam|sem)|(?:sam|sem) .*napisa|` +
	`אני|أنا|من خود|ฉัน|ผม|tôi|saya|我|私|저는|제가)(?:[ ,.:]|$)`)

// verbs is "wrote" as mail programs say it. A letter before or after makes it
// another word, in scripts that part words.
var verbs = newPhrases("wrote|writes|schrieb|geschrieben|schreef|het volgende geschreven|geschreven|a écrit|escribió|ha escrito|escreveu|ha scritto|scrisse|skrev|skriver|har skrivit|kirjoitti|" +
	"napisał(a)|napisał/a|napisał|napisała|napisano|pisze|wiadomość napisana przez|napsal(a)|napsal/a|napsal|napsala|napísal(a)|napísal/a|napísal|napísala|píše|írta|ezt írta|" +
	"a scris|scris|a scrie|написа|написал(а)|написал|написала|пишет|писал(а)|писал|писала|написав(ла)|написав|написала|пише|napisao/la|napisao|napisala|je napisal|napisal/a|napisal|piše|написао/ла|написао|је написао|" +
	"έγραψε|έγραψαν|γράφει|yazdı|şunu yazdı|şunları yazdı|كتب|كتبت|كَتَب|כתב/ה|כתב|כתבה|نوشت|نوشته|नेलिखा|ने लिखा|लिखा|লিখেছেন|লিখেছে|লিখলেন|เขียนว่า|ได้เขียน|เขียน|" +
	"đã viết|viết|menulis|telah menulis|tulis|写道|寫道|写到|写信|のメール|さんは書きました|さんが書きました|は書きました|が書きました|書き込み|님이 작성|이(가) 작성|가 작성|작성|작성함|님이 쓴|va escriure|ha escrit|kirjutas|rakstīja|rašė|skrifaði")

// hasVerb expects lower case. Only the first place of each verb counts.
func hasVerb(s string) bool {
	for at := range len(s) - 1 {
		if !verbs.mayBegin(s[at], s[at+1]) || at > 0 && isLetterByte(s[at]) && isLetterByte(s[at-1]) {
			continue
		}
		for _, v := range verbs.from(s[at:]) {
			if strings.HasPrefix(s[at:], v) && wordAt(s, at, at+len(v)) && strings.Index(s, v) == at {
				return true
			}
		}
	}
	return false
}

// isLetterByte tells a small letter from a to z.
func isLetterByte(c byte) bool { return 'a' <= c && c <= 'z' }

// endsVerb tells that the verb stands last. It expects lower case.
func endsVerb(s string) bool {
	for _, v := range verbs.to(s) {
		if strings.HasSuffix(s, v) && wordAt(s, len(s)-len(v), len(s)) {
			return true
		}
	}
	return false
}

// wordAt tells that s[from:to] isn't a piece of a longer word.
func wordAt(s string, from, to int) bool {
	first, _ := utf8.DecodeRuneInString(s[from:to])
	if !unicode.In(first, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !unicode.IsLetter(before) && !unicode.IsLetter(after)
}
