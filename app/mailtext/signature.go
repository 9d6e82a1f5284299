package mailtext

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// isSign is the line above a signature (RFC 3676 4.3), also without its space,
// which transports trim, and with the dash that programs make of it.
func isSign(line string) bool {
	return line == "--" || line == "—" || line == "– –" || line == "- -"
}

// isDelimiter tells that a line has nothing but dashes and the like on it, or
// the sign that one mail tracker leaves.
func isDelimiter(line string) bool {
	if line == "ᐧ" {
		return true
	}
	return len(line) >= 2 && strings.Trim(line, "-_=*~#+─—–═ ") == ""
}

// maxSignature is how many lines a signature has at most, maxFooters how many
// lines are looked at one by one.
const (
	maxSignature = 15
	maxFooters   = 60
)

// signature gives the line from which on lines[from:to] are a signature, footers
// and lines of dashes; to where there is none.
func (m layout) signature(from, to int) int {
	at, lines := to, 0
	for i := to - 1; i >= from && lines <= maxSignature; i-- {
		if m.kinds[i] == emptyLine {
			continue
		}
		lines++
		if m.kinds[i] == signLine || m.listFooter(i, to) {
			at = i
		}
	}
	for n := 0; n < maxFooters && at > from && m.isFooter(at-1); n++ {
		at--
	}
	return at
}

// isFooter tells that line i has nothing to say: it is empty, dashes, or a
// footer.
func (m layout) isFooter(i int) bool {
	switch m.kinds[i] {
	case emptyLine, delimiterLine, signLine, footerLine:
		return true
	case ownLine:
		return isFooter(strings.TrimSpace(m.lines[i]))
	}
	return false
}

// listFooter tells that line i is the long rule that mailing lists put above
// their name and address.
func (m layout) listFooter(i, to int) bool {
	line := strings.TrimSpace(m.lines[i])
	if len(line) < 40 || strings.Trim(line, "_") != "" {
		return false
	}
	for _, below := range m.lines[i+1 : min(i+6, to)] {
		if strings.Contains(below, "://") {
			return true
		}
	}
	return false
}

// isFooter tells that a line is what a phone or a program signs with. It is
// looked at as a whole: "The phone was sent back" isn't one.
func isFooter(line string) bool {
	const longest = 160
	if len(line) > 2*longest || utf8.RuneCountInString(line) > longest {
		return false
	}
	line = strings.TrimSpace(lower(evenlySpaced(line)))
	return begins(line, sentBegins) && sentFrom.MatchString(line) || ends(line, sentEnds) && sentEnd.MatchString(line) ||
		holds(line, appNames) && getApp.MatchString(line)
}

// What a line must begin with, end with or hold before a long expression is
// asked: every line of every mail comes by here. Each repeats what its
// expression demands.
var (
	sentBegins = newPhrases("sent|written|posted|from |ส่งจาก|发自|發自|从我的|從我的|傳送自|寄自|来自|" +
		"envoyé|expédié|gesendet|geschrieben|enviad|enviat|inviat|verzonden|verstuurd|skickat|skickades|sendt|lähetetty|wysłan|" +
		"odesláno|odoslan|küldve|elküldve|trimis|изпратено|poslano|poslato|послато|послано|εστάλη|στάλθηκε|надіслано|відправлено|отправлен|" +
		"تم ال|أرسلت|ارسلت|أُرسلت|اُرسلت|أُ|اُ|رسلت|مرسل|נשלח|ارسال|فرستاده|đã gửi|được gửi|gửi|dikirim|terkirim|dihantar")
	sentEnds = newPhrases("gesendet|geschickt|verschickt|geschrieben|gönderildi|küldve|elküldve|sendt|skickat|lähetetty|傳送|发送|發送|" +
		"から送信|より送信|에서 보냄|에서 전송|で送信|से भेजा गया|থেকে পাঠানো|থেকে পাঠানো হয়েছে|থেকে প্রেরিত")
	appNames = []string{"outlook", "yahoo mail", "gmail", "spark", "bluemail", "blue mail"}
)

// begins allows one word before "from", as the expression does.
func begins(line string, with *phraseList) bool {
	line = strings.TrimLeft(line, "<([「")
	if _, rest, ok := strings.Cut(line, " "); ok && strings.HasPrefix(rest, "from ") {
		return true
	}
	return slices.ContainsFunc(with.from(line), func(w string) bool { return strings.HasPrefix(line, w) })
}

func ends(line string, with *phraseList) bool {
	line = strings.TrimRight(strings.TrimRight(line, ".!。।"), ">)]」")
	return slices.ContainsFunc(with.to(line), func(w string) bool { return strings.HasSuffix(line, w) })
}

func holds(line string, any []string) bool {
	return slices.ContainsFunc(any, func(w string) bool { return strings.Contains(line, w) })
}

// evenlySpaced makes one kind of white space and takes away marks of direction
// and of stress.
func evenlySpaced(s string) string {
	for i := range len(s) {
		if startsUneven[s[i]] {
			return s[:i] + spaced.Replace(s[i:])
		}
	}
	return s
}

var (
	uneven = []string{
		"\u00a0", " ", "\u202f", " ", "\u200e", "", "\u200f", "", "\u200b", "",
		"\u202a", "", "\u202b", "", "\u202c", "", "\u2068", "", "\u2069", "", "*", "", "_", "",
	}
	spaced       = strings.NewReplacer(uneven...)
	startsUneven = func() (t [256]bool) {
		for i := 0; i < len(uneven); i += 2 {
			t[uneven[i][0]] = true
		}
		return t
	}()
)

// device is what a footer must name, unless it says "my": brands are written the
// same in every language.
const device = `(?:i-?phon\S*|i-?pad\S*|i-?pod|i-?os|android|samsung|galaxy|mobile?|mobil\S*|handy\S*|smartphone\S*|phone|cell|cellphone|tablet\S*|tab|blackberry|` +
	`outlook|windows|yahoo|gmail|mailbox|mail\.ru|mail(?:master)?|e-?mail|airmail|spark|thunderbird|proton\S*|tutanota|fairmail|k-9|gmx|web\.de|aol|icloud|yandex|zoho|libero|` +
	`huawei|honor|xiaomi|redmi|oppo|vivo|nokia|htc|lg|sony|xperia|motorola|moto|oneplus|pixel|alcatel|lenovo|device|app|telefon\S*|t[eé]l[eé]\S*|cellulare|celular|dispositiv\S*|` +
	`apparei\S*|gerät|toestel|puhelim\S*|komórk\S*|mobil|мобил\S*|телефон\S*|смартфон\S*|яндекс\S*|почты mail|айфон\S*|κινητ\S*|τηλέφων\S*|هاتف\S*|جوال\S*|גלקסי|טלפון|נייד|موبایل|گوشی|मोबाइल|फ़ोन|मोबाईल|মোবাইল|ফোন|มือถือ|โทรศัพท์|điện|ponsel|hp|telpon)`

// sentFrom begins with "sent from" in the languages that put it first.
var sentFrom = regexp.MustCompile(`^[<(\[「]*(?:` +
	`sent from my (?:\S+ ?){1,9}|` +
	`sent by (?:my )?(?:galaxy|samsung|android|i-?phone|mobile|phone)\b.{0,40}|` +
	`(?:sent|written|posted) (?:from|via|with|using|on)(?: \S+){0,4}? ?[\["']*` + device + `\b.{0,90}|` +
	`(?:\S+ )?from (?:my )?(?:mobile|phone|iphone|ipad|android|cell|tablet)\b.{0,20}|` +
	`(?:` + sentWords + `)(?:[ :].{0,40}?|)[ \["'\-ـ]*` + device + `.{0,90}|` +
	`(?:ส่งจาก|发自|發自|从我的|從我的|傳送自|寄自|来自).{0,20}?` + device + `.{0,40}` +
	`)[>)\]」]*[.!]?$`)

const sentWords = `envoyé[es]?|expédié|gesendet|geschrieben|enviad[oa]|enviat|inviat[oa]|verzonden|verstuurd|skickat|skickades|sendt|lähetetty|wysłan[eoy]|wysłano|` +
	`odesláno|odoslan[éeá]|küldve|elküldve|trimis|изпратено|poslano|poslato|послато|послано|εστάλη|στάλθηκε|надіслано|відправлено|отправлено|отправлен[ао]|` +
	`تم ال[إا]رسال|[أا]ُ?رسلت|مرسل|נשלח[הו]?|ارسال ?شده|فرستاده|đã gửi|được gửi|gửi|dikirim|terkirim|dihantar`

// sentEnd ends with "sent" in the languages that put it last.
var sentEnd = regexp.MustCompile(`^[<(\[「]*(?:` +
	`(?:von|vom|mit|über|diese nachricht|diese e-?mail|diese mail)\b.{0,80}` + device + `.{0,60}(?:gesendet|geschickt|verschickt|geschrieben)|` +
	`.{0,40}` + device + `.{0,30}(?:gönderildi|küldve|elküldve|sendt|skickat|lähetetty|傳送|发送|發送|から送信|より送信|에서 보냄|에서 전송|で送信|से भेजा गया|থেকে পাঠানো(?: হয়েছে)?|থেকে প্রেরিত)` +
	`)[>)\]」]*[.!。।]?$`)

// getApp is the advertisement of a program, in any language: its name and the
// system it runs on.
var getApp = regexp.MustCompile(`^[<(\[]*(?:\S+ ){0,3}[<(\["']*(?:outlook|yahoo mail|gmail|spark|blue ?mail) (?:\S+ )?(?:ios|android|mac|iphone|windows)(?:[<\]("' ].*|https?:.*)?$`)
