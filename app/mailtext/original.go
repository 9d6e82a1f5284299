package mailtext

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"fernpost/store/desk"
)

// How an answer introduces the mail it quotes, and a passed-on mail the one it
// holds, in the language of who reads it.

// Original is a mail that stands below an answer.
type Original struct {
	From    desk.Address
	To      []desk.Address
	At      time.Time // in the zone it is written in
	Subject string
}

// phrases are one language's. In wrote and date stand {date}, {time}, {name}, and
// in date Go's reference time; labels are for: passed-on mail, from, date,
// subject, to.
type phrases struct {
	wrote  string
	date   string
	labels [5]string
}

const en = "en"

// phrasesOf takes the first of zh-Hant-TW, zh-Hant, zh that there is.
func phrasesOf(lang string) phrases {
	lang = strings.ReplaceAll(lang, "_", "-")
	for lang != "" {
		if p, ok := introductions[strings.ToLower(lang)]; ok {
			return p
		}
		at := strings.LastIndexByte(lang, '-')
		if at < 0 {
			break
		}
		lang = lang[:at]
	}
	return introductions[en]
}

// Wrote is the line above a quote: "On 4 March 2026 at 15:16, Ana wrote:".
func Wrote(lang string, o Original) string {
	p := phrasesOf(lang)
	name := oneName(o.From)
	return strings.NewReplacer(
		"{date}", o.At.Format(p.date), "{time}", o.At.Format("15:04"), "{name}", name,
	).Replace(p.wrote)
}

// introduction matches every line that Wrote gives.
var introduction = sync.OnceValue(func() *regexp.Regexp {
	var forms []string
	for _, p := range introductions {
		forms = append(forms, strings.NewReplacer(
			`\{date\}`, `[\p{L}\d./ -]{6,24}`, `\{time\}`, `\d\d:\d\d`, `\{name\}`, `.{1,120}`,
		).Replace(regexp.QuoteMeta(p.wrote)))
	}
	slices.Sort(forms)
	return regexp.MustCompile(`^(?:` + strings.Join(slices.Compact(forms), "|") + `)$`)
})

// introducedByUs looks closely only at lines that end as ours do and hold a
// time: it is asked about every line of every mail.
func introducedByUs(line string) bool {
	return len(line) < 400 && (strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")) &&
		strings.Contains(line[:len(line)-1], ":") && introduction().MatchString(line)
}

// PassedOn is the head above a mail that is passed on.
func PassedOn(lang string, o Original) string {
	p := phrasesOf(lang)
	const mostNames = 10
	var to []string
	for i, a := range o.To {
		if i == mostNames {
			to = append(to, "…")
			break
		}
		to = append(to, nameAndAddress(a))
	}
	lines := []string{
		"---------- " + p.labels[0] + " ---------",
		p.labels[1] + ": " + nameAndAddress(o.From),
		p.labels[2] + ": " + o.At.Format(p.date) + " " + o.At.Format("15:04"),
		p.labels[3] + ": " + bareName(o.Subject),
	}
	if len(to) > 0 {
		lines = append(lines, p.labels[4]+": "+strings.Join(to, ", "))
	}
	return strings.Join(lines, "\n")
}

func oneName(a desk.Address) string {
	if name := bareName(a.Name); name != "" {
		return name
	}
	return bareName(a.Addr)
}

func nameAndAddress(a desk.Address) string {
	name, addr := bareName(a.Name), bareName(a.Addr)
	if name == "" || name == addr {
		return addr
	}
	return name + " <" + addr + ">"
}

// bareName keeps a name on its line and in its direction: strangers choose them.
func bareName(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case unicode.IsControl(c), c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069:
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}
