// Package content holds what the practice account's invented customers write:
// one text file a language, which a translator can read and change without
// touching Go. README.md beside the files explains their form.
package content

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"fernpost/store/desk"
)

//go:embed *.txt
var files embed.FS

// Language is how mail programs of that language write around a reply.
type Language struct {
	Tag    string    // BCP 47
	Re     string    // subject prefix of a reply, without the colon
	Wrote  string    // line above a quote, with {date}, {name} and {addr}
	Labels [4]string // from, sent, to, subject: the head of a quote in Outlook's manner
	Phone  string    // what a phone puts under a mail
	Date   string    // Go layout of {date}
	RTL    bool
}

// Conversation is what one customer writes, and what was answered before the
// practice account was opened for the first time.
type Conversation struct {
	ID       string
	Language *Language
	From     desk.Address
	Cc       []desk.Address
	Subject  string
	Zone     *time.Location
	Client   string // the mail program, see Clients
	Charset  string // "" is UTF-8
	Folder   string // where their mails land: INBOX, Junk or Hard
	Keywords []string
	State    string // "done", "waiting" (when an agent wrote last) or ""
	Bounces  bool   // mail to them is taken, and comes back
	Later    bool   // not there at first: arrives while the account runs
	Turns    []Turn
	Answers  []Turn // what they write when an agent answers, in order
}

// fillState makes a conversation wait for the customer when we wrote last.
func (c *Conversation) fillState() {
	if c.State == "" && c.Turns[len(c.Turns)-1].Agent != "" {
		c.State = "waiting"
	}
}

// Turn is one mail.
type Turn struct {
	Agent string // who of us wrote it; "" is the customer
	Ago   When
	Auto  bool // an automatic reply (RFC 3834)
	// Bounce is a report that the agent's mail before it didn't arrive; the
	// server writes its text.
	Bounce bool
	Pages  int // with the customer's own quote of about so many printed pages
	Text   string
	Files  []File
}

// File is an attachment, made when the mail is made.
type File struct {
	Name   string
	Size   int  // bytes, 0: as small as its kind allows
	Inline bool // a picture shown in the text
}

// When is a time before the first start: Days at the clock time Minute of the
// customer's zone, or, with Days 0, Minute minutes ago.
type When struct {
	Days   int
	Minute int
}

// Before gives the time w stands for, seen from now.
func (w When) Before(now time.Time, zone *time.Location) time.Time {
	now = now.In(zone)
	if w.Days == 0 {
		return now.Add(-time.Duration(w.Minute) * time.Minute).Truncate(time.Second)
	}
	day := now.AddDate(0, 0, -w.Days)
	return time.Date(day.Year(), day.Month(), day.Day(), w.Minute/60, w.Minute%60, 0, 0, zone)
}

// Clients are the mail programs whose manners the server knows.
var Clients = []string{"gmail", "outlook", "phone", "thunderbird", "web", "htmlonly", "shop"}

// Library is everything, parsed.
type Library struct {
	Languages     map[string]*Language
	Conversations []*Conversation
}

// Load parses the embedded files; a fault in one is a fault of the build that
// the tests find.
var Load = sync.OnceValues(func() (*Library, error) { return parse(files) })

func parse(from fs.FS) (*Library, error) {
	names, err := fs.Glob(from, "*.txt")
	if err != nil {
		return nil, err
	}
	l := &Library{Languages: map[string]*Language{}}
	// The language of a conversation may stand in another file than its own.
	for _, late := range []bool{false, true} {
		for _, name := range names {
			text, err := fs.ReadFile(from, name)
			if err != nil {
				return nil, err
			}
			p := parser{library: l, file: name, lines: strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")}
			if late {
				err = p.conversations()
			} else {
				err = p.language()
			}
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, p.at, err)
			}
		}
	}
	slices.SortStableFunc(l.Conversations, func(a, b *Conversation) int { return strings.Compare(a.ID, b.ID) })
	return l, nil
}
