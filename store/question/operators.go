package question

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// known are the operators. They stand in English in every language of the
// screen, as in the search fields that people know.
var known = map[string]bool{
	"from": true, "to": true, "subject": true, "has": true, "is": true,
	"label": true, "lang": true, "before": true, "after": true,
}

var statuses = map[string]bool{
	"open": true, "waiting": true, "snoozed": true, "done": true, "spam": true, "bin": true,
}

// read gives what an operator does to the question, unless its value can't be
// read.
func (r *reader) read(name, value string, quoted bool) (set func(not bool), ok bool) {
	q := &r.q
	switch name {
	case "from":
		return text(&q.From, value, quoted), searchable(value)
	case "to":
		return text(&q.To, value, quoted), searchable(value)
	case "subject":
		return text(&q.Subject, value, quoted), searchable(value)
	case "label":
		return text(&q.Label, value, true), strings.TrimSpace(value) != ""
	case "is":
		return q.is(strings.ToLower(value))
	case "has":
		return q.has(strings.ToLower(value))
	case "lang":
		tag, err := language.Parse(value)
		return choose(&q.Language, tag.String()), err == nil && tag != language.Und
	case "before", "after":
		day, ok := r.day(strings.ToLower(value))
		return q.limit(day, name == "before"), ok
	}
	return nil, false
}

func text(into *[]Text, value string, quoted bool) func(bool) {
	return func(not bool) {
		if len(*into) < most {
			*into = append(*into, Text{Text: value, Begun: !quoted, Not: not})
		}
	}
}

func choose(c *Choice, value string) func(bool) {
	return func(not bool) {
		into := &c.Any
		if not {
			into = &c.None
		}
		if len(*into) < most && !slices.Contains(*into, value) {
			*into = append(*into, value)
		}
	}
}

func wish(w *Wish) func(bool) {
	return func(not bool) {
		*w = With
		if not {
			*w = Without
		}
	}
}

func (q *Question) is(value string) (set func(bool), ok bool) {
	switch {
	case statuses[value]:
		return choose(&q.Status, value), true
	case value == "unread":
		return wish(&q.Unread), true
	case value == "draft":
		return wish(&q.Draft), true
	}
	return nil, false
}

func (q *Question) has(value string) (set func(bool), ok bool) {
	switch value {
	case "file", "attachment":
		return wish(&q.File), true
	case "picture":
		return wish(&q.Picture), true
	}
	return nil, false
}

// limit sets an end of the time asked for: before excludes the day, after
// includes it, and each is the other's opposite. Of several the narrowest counts.
func (q *Question) limit(day time.Time, before bool) func(bool) {
	return func(not bool) {
		if before != not {
			if q.Before.IsZero() || day.Before(q.Before) {
				q.Before = day
			}
			return
		}
		if day.After(q.Since) {
			q.Since = day
		}
	}
}

var dates = regexp.MustCompile(`^[12]\d{3}(-\d{1,2}(-\d{1,2})?)?$`)

// day reads a day, or the first day of a month or a year. Years before mail are
// no dates.
func (r *reader) day(value string) (time.Time, bool) {
	y, m, d := r.now.Date()
	switch value {
	case "today":
	case "yesterday":
		d--
	default:
		if !dates.MatchString(value) {
			return time.Time{}, false
		}
		for _, form := range []string{"2006-1-2", "2006-1", "2006"} {
			if t, err := time.Parse(form, value); err == nil {
				y, m, d = t.Date()
				return time.Date(y, m, d, 0, 0, 0, 0, r.now.Location()), y >= 1970
			}
		}
		return time.Time{}, false
	}
	return time.Date(y, m, d, 0, 0, 0, 0, r.now.Location()), true
}
