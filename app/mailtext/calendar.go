package mailtext

import (
	"strings"
	"time"
)

const (
	maxCalendar = 256 << 10
	maxEvents   = 5
)

// calendar reads an invitation (RFC 5545, RFC 6047). What the text says already
// isn't said again.
func (r *reader) calendar(p Part) {
	data := decodeTransfer(p.Data[:min(len(p.Data), maxCalendar)], p.Encoding)
	text, _ := decode(data, p.Params["charset"])
	said := strings.Join(append(r.plain, r.rich...), "\n")
	for _, e := range readCalendar(text) {
		if !e.saidIn(said) {
			r.dates = append(r.dates, e.lines(strings.TrimSpace(said) == ""))
		}
	}
}

// event is one appointment, in its own words.
type event struct {
	summary, place, organizer, about string
	start, end                       moment
	state                            string   // CANCELLED
	answers                          []string // who says what, in a reply
}

// moment is a date, or a date and a time in a zone that is named or unknown.
type moment struct {
	at   time.Time
	zone string
	day  bool // no time of day
}

// readCalendar finds the appointments.
func readCalendar(text string) []event {
	var out []event
	var e *event
	method, inside := "", "" // inside: a part of an event, like an alarm
	for line := range strings.SplitSeq(unfoldCalendar(text), "\n") {
		p := readProperty(line)
		switch {
		case p.name == "METHOD":
			method = strings.ToUpper(p.value)
		case p.name == "BEGIN" && isEvent(p.value) && e == nil:
			e = &event{}
		case p.name == "BEGIN" && e != nil && inside == "":
			inside = p.value
		case p.name == "END" && inside != "" && strings.EqualFold(p.value, inside):
			inside = ""
		case p.name == "END" && e != nil && isEvent(p.value):
			if out = append(out, *e); len(out) == maxEvents {
				return out
			}
			e = nil
		case e != nil && inside == "":
			e.take(p, method)
		}
	}
	return out
}

func isEvent(s string) bool { return strings.EqualFold(s, "VEVENT") || strings.EqualFold(s, "VTODO") }

func (e *event) take(p property, method string) {
	switch p.name {
	case "SUMMARY":
		e.summary = oneLine(p.text())
	case "LOCATION":
		e.place = oneLine(strings.ReplaceAll(p.text(), "\n", ", "))
	case "DESCRIPTION":
		e.about = strings.TrimSpace(p.text())
	case "ORGANIZER":
		e.organizer = p.person()
	case "DTSTART":
		e.start = p.moment()
	case "DTEND", "DUE":
		e.end = p.moment()
	case "DURATION":
		if d, ok := readDuration(p.value); ok && !e.start.at.IsZero() {
			e.end = e.start
			e.end.at = e.end.at.Add(d)
		}
	case "STATUS":
		if strings.EqualFold(p.value, "CANCELLED") {
			e.state = "CANCELLED"
		}
	case "ATTENDEE":
		if answer := strings.ToUpper(p.params["partstat"]); method == "REPLY" && answer != "" && len(e.answers) < 10 {
			e.answers = append(e.answers, p.person()+": "+answer)
		}
	}
}

// lines are what a person wants to know. All words are the sender's; the marks
// of the format itself are international.
func (e event) lines(alone bool) string {
	out := []string{e.summary, e.when(), e.place, e.organizer}
	out = append(append(out, e.answers...), e.state)
	if alone && e.about != "" {
		out = append(out, "\n"+e.about)
	}
	kept := out[:0]
	for _, l := range out {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

func (e event) when() string {
	const day, clock = "2006-01-02", "15:04"
	from, to := e.start, e.end
	switch {
	case from.at.IsZero():
		return ""
	case from.day:
		last := to.at.AddDate(0, 0, -1) // the end isn't part of it
		if to.at.IsZero() || !last.After(from.at) {
			return from.at.Format(day)
		}
		return from.at.Format(day) + " – " + last.Format(day)
	}
	s := from.at.Format(day + " " + clock)
	switch {
	case to.at.IsZero() || to.at.Equal(from.at):
	case to.zone == from.zone && to.at.Format(day) == from.at.Format(day):
		s += "–" + to.at.Format(clock)
	case to.zone == from.zone:
		s += " – " + to.at.Format(day+" "+clock)
	default:
		return s + named(from.zone) + " – " + to.at.Format(day+" "+clock) + named(to.zone)
	}
	return s + named(from.zone)
}

func named(zone string) string {
	if zone == "" {
		return ""
	}
	return " (" + zone + ")"
}

// saidIn tells that a text names the appointment and its time.
func (e event) saidIn(text string) bool {
	if e.summary == "" || e.state != "" || len(e.answers) > 0 || !strings.Contains(text, e.summary) || e.start.at.IsZero() || e.start.day {
		return false
	}
	lower := strings.ToLower(text)
	for _, form := range []string{"15:04", "3:04pm", "3:04 pm", "15.04"} {
		if strings.Contains(lower, strings.ToLower(e.start.at.Format(form))) {
			return true
		}
	}
	return e.start.at.Minute() == 0 && strings.Contains(lower, e.start.at.Format("3pm"))
}

// property is one line: NAME;PARAM=value:value (RFC 5545 3.1).
type property struct {
	name   string
	params map[string]string
	value  string
}

func unfoldCalendar(s string) string {
	return strings.NewReplacer("\n ", "", "\n\t", "").Replace(s)
}

func readProperty(line string) property {
	p := property{params: map[string]string{}}
	colon, quoted := -1, false
	for i := range len(line) {
		if line[i] == '"' {
			quoted = !quoted
		} else if line[i] == ':' && !quoted {
			colon = i
			break
		}
	}
	if colon < 0 {
		return p
	}
	p.value = strings.TrimSpace(line[colon+1:])
	head := strings.Split(line[:colon], ";")
	p.name = strings.ToUpper(strings.TrimSpace(head[0]))
	for _, h := range head[1:] {
		if key, v, ok := strings.Cut(h, "="); ok {
			p.params[strings.ToLower(key)] = strings.Trim(v, `"`)
		}
	}
	return p
}

var calendarEscapes = strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`)

func (p property) text() string { return calendarEscapes.Replace(p.value) }

func (p property) person() string {
	addr := p.value
	if len(addr) > 7 && strings.EqualFold(addr[:7], "mailto:") {
		addr = addr[7:]
	}
	name := oneLine(p.params["cn"])
	switch {
	case !strings.Contains(addr, "@"):
		return name
	case name == "" || strings.EqualFold(name, addr):
		return addr
	}
	return name + " <" + addr + ">"
}

func (p property) moment() moment {
	m := moment{zone: p.params["tzid"]}
	v := strings.TrimSpace(p.value)
	if utc, ok := strings.CutSuffix(v, "Z"); ok {
		v, m.zone = utc, "UTC"
	}
	if _, city, ok := strings.Cut(strings.TrimPrefix(m.zone, "/"), "/"); ok && strings.Contains(m.zone, ".") && strings.Contains(city, "/") {
		m.zone = city // /freeassociation.sourceforge.net/Europe/Berlin
	}
	for _, form := range []string{"20060102T150405", "20060102T1504", "20060102"} {
		if t, err := time.Parse(form, v); err == nil {
			m.at, m.day = t, form == "20060102"
			return m
		}
	}
	return moment{}
}

// readDuration reads P1DT2H30M (RFC 5545 3.3.6).
func readDuration(s string) (time.Duration, bool) {
	s = strings.TrimPrefix(strings.ToUpper(s), "P")
	var total time.Duration
	n := 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9' && n < 1_000_000:
			n = n*10 + int(c-'0')
			continue
		case c == 'W':
			total += time.Duration(n) * 7 * 24 * time.Hour
		case c == 'D':
			total += time.Duration(n) * 24 * time.Hour
		case c == 'H':
			total += time.Duration(n) * time.Hour
		case c == 'M':
			total += time.Duration(n) * time.Minute
		case c == 'S':
			total += time.Duration(n) * time.Second
		case c != 'T':
			return 0, false
		}
		n = 0
	}
	const longest = 400 * 24 * time.Hour
	return total, total > 0 && total < longest
}
