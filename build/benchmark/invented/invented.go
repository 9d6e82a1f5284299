// Package invented is a mailbox of any size that lies nowhere: an IMAP server on
// this computer that makes up each mail when it is asked for.
package invented

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"sort"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Mailbox has so many mails in its inbox. Every third number is missing, as in a
// mailbox from which people delete.
type Mailbox struct {
	Mails  int
	Newest time.Time
	Addr   string // who gets the mails
}

const epoch = 7

// uid is the number of mail i, counted from 0.
func uid(i int) imap.UID { return imap.UID(i + i/2 + 1) }

// at is the first mail whose number isn't below u.
func (m Mailbox) at(u imap.UID) int {
	return sort.Search(m.Mails, func(i int) bool { return uid(i) >= u })
}

// when is the server's date of mail i: one came every five minutes.
func (m Mailbox) when(i int) time.Time {
	return m.Newest.Add(-time.Duration(m.Mails-1-i) * 5 * time.Minute).Truncate(time.Second)
}

// raw is mail i. Each customer writes three times.
func (m Mailbox) raw(i int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Customer %d <c%d@customer.example>\r\nTo: %s\r\nSubject: Order %d\r\nDate: %s\r\nMessage-ID: <n%d@customer.example>\r\n",
		i/3, i/3, m.Addr, i/3, m.when(i).Format(time.RFC1123Z), i)
	if i%3 > 0 {
		fmt.Fprintf(&b, "In-Reply-To: <n%d@customer.example>\r\nReferences: <n%d@customer.example>\r\n", i-1, i-1)
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGood day,\r\nwhere is parcel %d? %s\r\n",
		i, strings.Repeat(fmt.Sprintf("I was told %d days. ", i%17), 1+i%8))
	return b.Bytes()
}

// Serve answers on a listener of this computer until it closes. Everybody may
// sign in.
func (m Mailbox) Serve(ln net.Listener) error {
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{Mailbox: m}, nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapESearch: {}, imap.CapLiteralPlus: {}},
		InsecureAuth: true, // this computer only
		Logger:       quiet{},
	})
	return s.Serve(ln)
}

// quiet is for the framework, which logs a line for every broken connection.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// session is one connection. What nobody who reads asks for isn't there.
type session struct {
	Mailbox
	imapserver.Session
}

func (s *session) Close() error { return nil }

func (s *session) Login(string, string) error { return nil }

func (s *session) Unselect() error { return nil }

func (s *session) Poll(*imapserver.UpdateWriter, bool) error { return nil }

func (s *session) Idle(_ *imapserver.UpdateWriter, stop <-chan struct{}) error {
	<-stop
	return nil
}

func (s *session) List(w *imapserver.ListWriter, _ string, _ []string, _ *imap.ListOptions) error {
	return w.WriteList(&imap.ListData{Mailbox: "INBOX", Delim: '/'})
}

func (s *session) Select(string, *imap.SelectOptions) (*imap.SelectData, error) {
	return &imap.SelectData{NumMessages: uint32(s.Mails), UIDNext: uid(s.Mails), UIDValidity: epoch}, nil
}

func (s *session) Status(name string, _ *imap.StatusOptions) (*imap.StatusData, error) {
	n := uint32(s.Mails)
	return &imap.StatusData{Mailbox: name, NumMessages: &n, UIDNext: uid(s.Mails), UIDValidity: epoch}, nil
}

// Search knows ranges of numbers and dates.
func (s *session) Search(_ imapserver.NumKind, c *imap.SearchCriteria, _ *imap.SearchOptions) (*imap.SearchData, error) {
	var found imap.UIDSet
	n := uint32(0)
	lo, hi := 0, s.Mails
	for _, set := range c.UID {
		lo, hi = s.span(set)
	}
	for i := lo; i < hi; i++ {
		if day := s.when(i); !c.Since.IsZero() && day.Before(c.Since) || !c.Before.IsZero() && !day.Before(c.Before) {
			continue
		}
		found.AddNum(uid(i))
		n++
	}
	return &imap.SearchData{All: found, Count: n}, nil
}

// span is the mails of a set's first range.
func (s *session) span(set imap.UIDSet) (lo, hi int) {
	r := set[0]
	if r.Stop == 0 {
		return min(s.at(r.Start), max(s.Mails-1, 0)), s.Mails
	}
	return s.at(r.Start), s.at(r.Stop + 1)
}

func (s *session) Fetch(w *imapserver.FetchWriter, numbers imap.NumSet, o *imap.FetchOptions) error {
	set, ok := numbers.(imap.UIDSet)
	if !ok {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "By UID only"}
	}
	for _, r := range set {
		lo, hi := s.span(imap.UIDSet{r})
		for i := lo; i < hi; i++ {
			if err := s.give(w.CreateMessage(uint32(i+1)), i, o); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *session) give(w *imapserver.FetchResponseWriter, i int, o *imap.FetchOptions) error {
	raw := s.raw(i)
	w.WriteUID(uid(i))
	if o.Flags {
		w.WriteFlags(nil)
	}
	if o.InternalDate {
		w.WriteInternalDate(s.when(i))
	}
	if o.RFC822Size {
		w.WriteRFC822Size(int64(len(raw)))
	}
	if o.BodyStructure != nil {
		w.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(raw)))
	}
	for _, section := range o.BodySection {
		data := imapserver.ExtractBodySection(bytes.NewReader(raw), section)
		to := w.WriteBodySection(section, int64(len(data)))
		_, err := to.Write(data)
		if err = errors.Join(err, to.Close()); err != nil {
			return err
		}
	}
	return w.Close()
}
