package question

import (
	"strings"
	"time"
)

// Question is what is asked for: all of it must hold, except that of several
// statuses or languages one is enough.
type Question struct {
	Words, From, To, Subject, Label []Text
	Status, Language                Choice
	Unread, Draft, File, Picture    Wish
	Since, Before                   time.Time // from this time on, and before this one; zero for any
}

// Text is something that must stand in a message, or mustn't.
type Text struct {
	Text  string
	Begun bool // its last word may be only the beginning of one
	Not   bool
}

// Choice is one of a few: one of Any where there are some, and none of None.
type Choice struct{ Any, None []string }

// Wish is a yes or no that needn't be asked for.
type Wish int8

// The wishes.
const (
	Either  Wish = 0
	With    Wish = 1
	Without Wish = -1
)

func (c Choice) empty() bool { return len(c.Any)+len(c.None) == 0 }

// Empty tells that nothing is asked for.
func (q *Question) Empty() bool { return !q.OfMessages() && !q.ofConversations() }

// OfMessages tells that something is asked of the messages themselves, so that
// each that fits is an answer. Else only conversations are asked for.
func (q *Question) OfMessages() bool {
	return len(q.Words)+len(q.From)+len(q.To)+len(q.Subject) > 0 ||
		q.File != Either || q.Picture != Either || !q.Since.IsZero() || !q.Before.IsZero()
}

func (q *Question) ofConversations() bool {
	return len(q.Label) > 0 || !q.Status.empty() || !q.Language.empty() || q.Unread != Either || q.Draft != Either
}

// Plain writes the words that must stand, each as a phrase, for whoever knows no
// operators.
func (q *Question) Plain() string {
	var all []string
	for _, t := range Wanted(q.Words) {
		all = append(all, `"`+t+`"`)
	}
	return strings.Join(all, " ")
}

// Wanted gives those that must stand.
func Wanted(all []Text) (wanted []string) {
	for _, t := range all {
		if !t.Not {
			wanted = append(wanted, t.Text)
		}
	}
	return wanted
}
