package practice

import (
	"html"
	"strings"
	"time"

	"fernpost/app/practice/content"
	"fernpost/store/desk"
)

// quotation is the mail somebody answers, as their program quotes it.
type quotation struct {
	from    desk.Address
	to      []desk.Address
	at      time.Time
	subject string
	text    string
}

func (q *quotation) wrote(lang *content.Language, zone *time.Location) string {
	return strings.NewReplacer(
		"{date}", q.at.In(zone).Format(lang.Date),
		"{name}", q.from.Name,
		"{addr}", q.from.Addr,
	).Replace(lang.Wrote)
}

// head is the block that Outlook puts over a quote.
func (q *quotation) head(lang *content.Language, zone *time.Location) [4][2]string {
	var to []string
	for _, a := range q.to {
		to = append(to, a.Addr)
	}
	return [4][2]string{
		{lang.Labels[0], q.from.Name + " <" + q.from.Addr + ">"},
		{lang.Labels[1], q.at.In(zone).Format(lang.Date)},
		{lang.Labels[2], strings.Join(to, "; ")},
		{lang.Labels[3], q.subject},
	}
}

func prefixed(text, prefix string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ">") || l == "" {
			lines[i] = strings.TrimRight(prefix, " ") + l
		} else {
			lines[i] = prefix + l
		}
	}
	return strings.Join(lines, "\n")
}

// plain is the text part as the letter's program writes it.
func (l *letter) plain() string {
	zone := l.date.Location()
	text := l.text
	if l.client == "phone" {
		text += "\n\n" + l.lang.Phone
	}
	q := l.quoted
	if q == nil || l.client == "web" {
		return text + "\n"
	}
	switch l.client {
	case "outlook", "htmlonly", "shop":
		text += "\n\n________________________________\n"
		for _, line := range q.head(l.lang, zone) {
			text += line[0] + ": " + line[1] + "\n"
		}
		return text + "\n" + q.text + "\n"
	case "thunderbird":
		return q.wrote(l.lang, zone) + "\n" + prefixed(q.text, "> ") + "\n\n" + text + "\n"
	case "phone":
		return text + "\n\n" + prefixed(q.wrote(l.lang, zone)+"\n\n"+q.text, "> ") + "\n"
	default:
		return text + "\n\n" + q.wrote(l.lang, zone) + "\n\n" + prefixed(q.text, "> ") + "\n"
	}
}

// flow wraps for format=flowed (RFC 3676): a soft break ends in a space, and
// quoted lines stay as they are.
func flow(text string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, ">") || line == "-- " {
			out = append(out, line)
			continue
		}
		line = strings.TrimRight(line, " ")
		width, start := 0, 0
		for i, r := range line {
			width++
			if r == ' ' && width > 66 {
				out = append(out, line[start:i+1])
				start, width = i+1, 0
			}
		}
		rest := line[start:]
		if strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "From ") {
			rest = " " + rest
		}
		out = append(out, rest)
	}
	return strings.Join(out, "\n")
}

// paragraphs makes one element a line, as the editors of mail programs do.
func paragraphs(text, open, shut, empty string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			b.WriteString(empty)
		} else {
			b.WriteString(open + html.EscapeString(line) + shut)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// html is the HTML part as the letter's program writes it; "" for programs
// that send none.
func (l *letter) html() string {
	pictures := l.pictures()
	dir := "ltr"
	if l.lang.RTL {
		dir = "rtl"
	}
	switch l.client {
	case "gmail":
		return `<div dir="` + dir + `">` + paragraphs(l.text, "<div>", "</div>", "<div><br></div>") + pictures + "</div>" + l.gmailQuote(dir)
	case "phone":
		return `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">` +
			paragraphs(l.text, "<div>", "</div>", "<div><br></div>") + pictures +
			`<br><div dir="` + dir + `">` + html.EscapeString(l.lang.Phone) + "</div>" + l.phoneQuote(dir) + "</body></html>"
	case "outlook", "htmlonly":
		return outlookHead + `<body lang="` + l.lang.Tag + `" link="#0563C1" vlink="#954F72" dir="` + dir + `"><div class="WordSection1">` +
			paragraphs(l.text, `<p class="MsoNormal"><span style="font-size:11.0pt">`, "<o:p></o:p></span></p>", `<p class="MsoNormal"><o:p>&nbsp;</o:p></p>`) +
			pictures + l.outlookQuote() + "</div></body></html>"
	case "shop":
		return l.shop(dir)
	default:
		return ""
	}
}

func (l *letter) pictures() string {
	var b strings.Builder
	for _, f := range l.files {
		if f.Inline {
			b.WriteString(`<div><img src="cid:` + l.cid(f) + `" alt="` + html.EscapeString(f.Name) + `" width="320"></div>`)
		}
	}
	return b.String()
}

const outlookHead = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta name="Generator" content="Microsoft Word 15 (filtered medium)"><style><!--
/* Font Definitions */ @font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;}
/* Style Definitions */ p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
@page WordSection1 {size:612.0pt 792.0pt; margin:70.85pt 70.85pt 2.0cm 70.85pt;} div.WordSection1 {page:WordSection1;}
--></style></head>
`

func (l *letter) gmailQuote(dir string) string {
	if l.quoted == nil {
		return ""
	}
	return `<br><div class="gmail_quote"><div dir="` + dir + `" class="gmail_attr">` +
		html.EscapeString(l.quoted.wrote(l.lang, l.date.Location())) +
		`<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">` +
		paragraphs(l.quoted.text, "", "<br>", "<br>") + "</blockquote></div>"
}

func (l *letter) phoneQuote(dir string) string {
	if l.quoted == nil {
		return ""
	}
	return `<div dir="` + dir + `"><br><blockquote type="cite">` + html.EscapeString(l.quoted.wrote(l.lang, l.date.Location())) +
		`<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">` +
		paragraphs(l.quoted.text, "", "<br>", "<br>") + "</div></blockquote>"
}

func (l *letter) outlookQuote() string {
	if l.quoted == nil {
		return ""
	}
	var head strings.Builder
	for _, line := range l.quoted.head(l.lang, l.date.Location()) {
		head.WriteString("<b>" + html.EscapeString(line[0]) + ":</b> " + html.EscapeString(line[1]) + "<br>")
	}
	return `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">` + head.String() + "<o:p></o:p></p></div>" +
		paragraphs(l.quoted.text, `<p class="MsoNormal">`, "<o:p></o:p></p>", `<p class="MsoNormal"><o:p>&nbsp;</o:p></p>`)
}

// shop is what a shop's marketing system sends: tables, pictures from
// elsewhere, and a pixel that would tell it who read the mail.
func (l *letter) shop(dir string) string {
	host := "https://images" + l.from.Addr[strings.LastIndexByte(l.from.Addr, '@'):]
	host = strings.Replace(host, "@", ".", 1)
	return `<!DOCTYPE html><html><head><meta name="viewport" content="width=device-width"><style>.btn{background:#5b7d2a;color:#fff;padding:12px 24px;border-radius:4px;text-decoration:none}@media (max-width:600px){.w{width:100%!important}}</style></head>` +
		`<body style="margin:0;background:#f2f2ee" dir="` + dir + `"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">` +
		`<table role="presentation" class="w" width="600" cellpadding="0" cellspacing="0" style="background:#ffffff"><tr><td style="padding:24px">` +
		`<img src="` + host + `/header.png" width="552" height="120" alt="` + html.EscapeString(l.from.Name) + `"></td></tr><tr><td style="padding:0 24px 24px;font:16px/1.5 Arial,sans-serif;color:#222">` +
		paragraphs(l.text, `<p style="margin:0 0 12px">`, "</p>", "") +
		`<p><a class="btn" href="https://` + l.domain() + `/orders?utm_source=mail">` + html.EscapeString(l.from.Name) + `</a></p></td></tr></table></td></tr></table>` +
		`<img src="` + host + `/open.gif?m=` + l.token() + `" width="1" height="1" alt=""></body></html>`
}
