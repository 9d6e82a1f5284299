package mailtext

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Date reads the first date of a name that can be read (RFC 5322 3.3 and 4.3,
// and what is written instead); zero when there is none.
func (h Header) Date(name string) time.Time {
	for _, v := range h.all(name) {
		if t := readDate(v); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// spacedTime is a time of the old form (RFC 5322 4.3).
var spacedTime = regexp.MustCompile(`(\d)\s*:\s*(\d)`)

// maxDate bounds what is looked at: the longest honest date has 60 characters.
const maxDate = 300

// readDate takes a date apart into words and gives each the meaning it can
// have: a time has colons, a month a name, a zone a sign or a name, a year is
// what is too large for a day. What stands below another meaning (a date twice,
// words after it) is left alone.
func readDate(s string) time.Time {
	if _, after, ok := cutLast(s, ";"); ok && strings.Contains(after, ":") {
		s = after // the form of a Received field
	}
	s, _ = dropComments(strings.TrimSpace(s[:min(len(s), maxDate)]))
	if strings.Contains(s, " :") || strings.Contains(s, ": ") || strings.ContainsAny(s, "\t\n\f\r") {
		s = spacedTime.ReplaceAllString(s, "$1:$2")
	}
	d := dateReader{month: -1, day: -1, year: -1, hour: -1}
	for _, w := range dateWords(s) {
		d.take(w)
	}
	return d.time()
}

// dateWords cuts at white space and commas, and apart what is run together:
// 21-Nov-1997, 2004-05-01T10:20:30Z, 10:20:30+0200.
func dateWords(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == ',' || r == ';' || r == '"' || r == 0xa0 }) {
		if t := strings.IndexByte(w, 'T'); t >= 8 && strings.Contains(w[t:], ":") {
			out = append(out, w[:t])
			w = w[t+1:]
		}
		if strings.Contains(w, ":") {
			if at := strings.LastIndexAny(w, "+-"); at > 2 && at < len(w)-1 {
				out = append(out, w[:at], w[at:])
				continue
			}
			if z := strings.TrimRight(w, "Zz"); z != w {
				out = append(out, z, "Z")
				continue
			}
		}
		out = append(out, w)
	}
	return out
}

type dateReader struct {
	year, month, day int
	hour, min, sec   int
	zone             *time.Location
	east             int  // seconds, from GMT+1
	early            bool // the month's name came before any number
	torn             bool // there was a time that is none
}

func (d *dateReader) take(w string) {
	lower := strings.ToLower(strings.TrimRight(w, "."))
	switch {
	case w[0] == '+' || w[0] == '-':
		if d.hour >= 0 {
			d.offset(w)
		}
	case strings.Contains(w, ":"):
		if d.hour < 0 {
			d.clock(w)
			d.torn = d.hour < 0
		}
	case w[0] >= '0' && w[0] <= '9':
		d.number(w)
	case lower == "am" || lower == "pm":
		if lower == "pm" && d.hour >= 0 && d.hour < 12 {
			d.hour += 12
		} else if lower == "am" && d.hour == 12 {
			d.hour = 0
		}
	case d.hour < 0 && (d.month < 0 || d.early) && monthOf(lower) > 0: // mar may be a Tuesday
		d.month, d.early = monthOf(lower), d.day < 0
	case d.hour >= 0 || d.year > 0:
		d.named(strings.ToUpper(w))
	}
}

// clock reads 10:20, 10:20:30 and 10:20:30.400.
func (d *dateReader) clock(w string) {
	parts := strings.Split(w, ":")
	if len(parts) > 3 {
		return
	}
	var n [3]int
	for i, p := range parts {
		p, _, _ = strings.Cut(p, ".")
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 {
			return
		}
		n[i] = v
	}
	if n[0] > 24 || n[1] > 59 || n[2] > 60 {
		return
	}
	d.hour, d.min, d.sec = n[0], n[1], min(n[2], 59)
}

func (d *dateReader) number(w string) {
	if parts := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == '年' || r == '月' || r == '日' }); len(parts) == 3 && d.day < 0 {
		d.together(parts)
		return
	}
	w = strings.TrimRight(w, ".-/")
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		w = strings.TrimSuffix(w, ending)
	}
	v, err := strconv.Atoi(w)
	switch {
	case err != nil:
	case d.day < 0 && v >= 1 && v <= 31 && len(w) <= 2:
		d.day = v
	case d.month < 0 && d.day > 0 && v >= 1 && v <= 12 && len(w) <= 2:
		d.month = v
	case d.year < 0 && (d.day > 0 || v > 31):
		d.year = fullYear(v, len(w))
	}
}

// together reads a date written in one word: 2004-05-01, 21-Nov-97, 05.01.2004.
func (d *dateReader) together(p []string) {
	a, b, c := atoi(p[0]), atoi(p[1]), atoi(p[2])
	switch month := monthOf(strings.ToLower(p[1])); {
	case len(p[0]) == 4:
		d.year, d.month, d.day = a, b, c
		if month > 0 {
			d.month = month
		}
	case month > 0:
		d.day, d.month, d.year = a, month, fullYear(c, len(p[2]))
	case b > 12: // the American order
		d.month, d.day, d.year = a, b, fullYear(c, len(p[2]))
	default:
		d.day, d.month, d.year = a, b, fullYear(c, len(p[2]))
	}
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// fullYear completes years of two and three digits (RFC 5322 4.3).
func fullYear(v, digits int) int {
	switch {
	case digits <= 2 && v < 50:
		return v + 2000
	case digits <= 3 && v < 1000:
		return v + 1900
	}
	return v
}

// offset reads +0200, +02:00, +2, -0330. An impossible one counts as unknown.
func (d *dateReader) offset(w string) {
	digits := strings.ReplaceAll(w[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || d.zone != nil {
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	east := n/100*3600 + n%100*60
	if n/100 > 15 || n%100 > 59 {
		east = 0
	}
	if w[0] == '-' {
		east = -east
	}
	d.zone = time.FixedZone("", east+d.east)
}

// named reads zones with names (RFC 5322 4.3). GMT+1 says the hour behind it.
func (d *dateReader) named(w string) {
	if d.zone != nil {
		return
	}
	if at := strings.IndexAny(w, "+-"); at > 0 {
		if _, known := zones[w[:at]]; known {
			d.offset(w[at:])
		}
		return
	}
	if hours, known := zones[w]; known {
		d.east = int(hours * 3600)
		if w != "GMT" && w != "UTC" && w != "UT" {
			d.zone = time.FixedZone("", d.east)
		}
	}
}

// zones are hours east of Greenwich. Where a name has several meanings it is
// the one of mail's first country, as in RFC 5322.
var zones = map[string]float64{
	"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MET": 1, "MEZ": 1,
	"CEST": 2, "MEST": 2, "MESZ": 2, "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "MSD": 4, "IST": 5.5,
	"HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
	"NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
	"PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3, "EST5EDT": -5, "CST6CDT": -6, "MST7MDT": -7, "PST8PDT": -8,
}

// months by the first letters that no two share, in the languages whose
// programs write them into mail.
var months = [12]string{
	"jan|janv|ene|gen|янв|sty", "feb|fév|fev|фев|lut", "mar|mär|mrz|mrt|mars|мар|maa", "apr|avr|abr|апр|kwi", "may|mai|mag|mei|maj|май|toukokuu",
	"jun|juin|giu|июн|cze", "jul|juil|lug|июл|lip", "aug|août|aou|ago|авг|sie", "sep|set|сен|wrz", "oct|okt|ott|out|окт|paź", "nov|ноя|lis", "dec|dez|déc|dic|дек|gru",
}

var monthNames = func() (all [12][]string) {
	for i, names := range months {
		all[i] = strings.Split(names, "|")
	}
	return all
}()

// monthOf gives 1 to 12, 0 for what is no month's name.
func monthOf(w string) int {
	best, length := 0, 0
	for i, names := range monthNames {
		for _, name := range names {
			if len(name) > length && strings.HasPrefix(w, name) {
				best, length = i+1, len(name)
			}
		}
	}
	return best
}

func (d *dateReader) time() time.Time {
	if d.torn || d.day < 1 || d.day > 31 || d.month < 1 || d.month > 12 || d.year < 1900 || d.year > 9999 {
		return time.Time{} // a day without a time counts from midnight
	}
	zone := d.zone
	if zone == nil {
		zone = time.FixedZone("", d.east)
	}
	t := time.Date(d.year, time.Month(d.month), d.day, max(d.hour, 0), d.min, d.sec, 0, zone)
	if t.Day() != d.day && d.hour < 24 {
		return time.Time{} // the 31st of February
	}
	return t
}
