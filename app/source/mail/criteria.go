package mail

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/source"
	"fernpost/app/source/mail/sift"
	"fernpost/store/desk"
)

// leastRun is how long a piece of a word must be to be asked for in its stead.
const leastRun = 3

// wanted is what a search asks a server for: texts anywhere and in fields of the
// head, and days.
type wanted struct {
	text, from, to, subject []string
	since, before           time.Time // servers look at their date alone
}

// wantedBy makes the time asked for a day wider at both ends: a server counts
// days in its own time zone (RFC 9051 6.4.4).
func wantedBy(req source.SearchRequest) wanted {
	w := wanted{text: searchWords(req.Text), from: bounded(req.Among.From), to: bounded(req.Among.To), subject: bounded(req.Among.Subject)}
	if t := req.Among.Since; !t.IsZero() {
		w.since = t.AddDate(0, 0, -1)
	}
	if t := req.Among.Before; !t.IsZero() {
		w.before = t.AddDate(0, 0, 1)
	}
	return w
}

func (w wanted) empty() bool { return len(w.texts()) == 0 && w.since.IsZero() && w.before.IsZero() }

func (w wanted) texts() []string { return slices.Concat(w.text, w.from, w.to, w.subject) }

func (w wanted) plain() bool { return isASCII(strings.Join(w.texts(), "")) }

// beyond asks for nothing that is here: what came before reach, unless it is zero.
func (w wanted) beyond(reach time.Time) wanted {
	if !reach.IsZero() && (w.before.IsZero() || reach.Before(w.before)) {
		w.before = reach
	}
	return w
}

// runs asks for pieces in the place of what isn't ASCII.
func (w wanted) runs() wanted {
	w.text, w.from, w.to, w.subject = plainRuns(w.text), plainRuns(w.from), plainRuns(w.to), plainRuns(w.subject)
	return w
}

// find lists the UIDs of a span whose mail is wanted.
func (l *line) find(in span, w wanted) (uids, error) {
	if l.caps.Has(capGmail) && w.plain() {
		return l.findAtGmail(in, w)
	}
	found, err := l.search(w.criteria(in))
	if desk.KindOf(err) != desk.KindRefused || w.plain() {
		return found, err
	}
	// The server knows no UTF-8 here (BADCHARSET). SEARCH finds pieces of words,
	// so the longest plain piece of each finds these words and some more.
	runs := w.runs()
	if len(runs.texts()) == 0 {
		return nil, err
	}
	return l.search(runs.criteria(in))
}

func (w wanted) criteria(in span) *imap.SearchCriteria {
	c := &imap.SearchCriteria{
		UID:  []imap.UIDSet{{{Start: imap.UID(in.lo), Stop: imap.UID(in.hi)}}},
		Text: w.text, Since: w.since, Before: w.before,
	}
	field := func(key, value string) imap.SearchCriteriaHeaderField {
		return imap.SearchCriteriaHeaderField{Key: key, Value: value}
	}
	for _, t := range w.from {
		c.Header = append(c.Header, field("From", t))
	}
	for _, t := range w.subject {
		c.Header = append(c.Header, field("Subject", t))
	}
	for _, t := range w.to {
		c.Or = append(c.Or, [2]imap.SearchCriteria{
			{Header: []imap.SearchCriteriaHeaderField{field("To", t)}},
			{Header: []imap.SearchCriteriaHeaderField{field("Cc", t)}},
		})
	}
	return c
}

// findAtGmail asks as Gmail's own search field does, which knows words in every
// form and is quick (X-GM-RAW, Gmail IMAP extensions).
func (l *line) findAtGmail(in span, w wanted) (uids, error) {
	answer := <-l.sifted.Ask(w.atGmail(in))
	var no *sift.Refusal
	switch {
	case answer.Err == nil:
		return fromList(answer.Found), nil
	case errors.As(answer.Err, &no):
		return nil, desk.E(desk.KindRefused, "search mail", answer.Err)
	}
	return nil, desk.E(desk.KindOffline, "search mail", answer.Err)
}

func (w wanted) atGmail(in span) string {
	var b strings.Builder
	fmt.Fprintf(&b, "UID SEARCH UID %d:%d", in.lo, in.hi)
	bare := strings.NewReplacer(`\`, "", `"`, "").Replace
	if len(w.text) > 0 {
		quoted := make([]string, len(w.text))
		for i, t := range w.text {
			quoted[i] = `\"` + bare(t) + `\"`
		}
		fmt.Fprintf(&b, ` X-GM-RAW "%s"`, strings.Join(quoted, " "))
	}
	for _, t := range w.from {
		fmt.Fprintf(&b, ` FROM "%s"`, bare(t))
	}
	for _, t := range w.to {
		fmt.Fprintf(&b, ` OR TO "%s" CC "%[1]s"`, bare(t))
	}
	for _, t := range w.subject {
		fmt.Fprintf(&b, ` SUBJECT "%s"`, bare(t))
	}
	if !w.since.IsZero() {
		b.WriteString(" SINCE " + w.since.Format("2-Jan-2006"))
	}
	if !w.before.IsZero() {
		b.WriteString(" BEFORE " + w.before.Format("2-Jan-2006"))
	}
	return b.String()
}

// bounded cuts what is asked for in a field of the head.
func bounded(texts []string) (all []string) {
	for _, t := range texts[:min(len(texts), searchTerms)] {
		if r := []rune(t); len(r) > termRunes {
			t = string(r[:termRunes])
		}
		all = append(all, t)
	}
	return all
}

// plainRuns gives the longest piece of each term that is ASCII; a term without
// one is left out.
func plainRuns(terms []string) []string {
	var out []string
	for _, t := range terms {
		longest := ""
		for run := range strings.FieldsFuncSeq(t, func(r rune) bool { return r > unicode.MaxASCII }) {
			if run = strings.TrimSpace(run); len(run) > len(longest) {
				longest = run
			}
		}
		if len(longest) >= leastRun || longest == t {
			out = append(out, longest)
		}
	}
	return out
}
