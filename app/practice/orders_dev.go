//go:build dev

package practice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"fernpost/app/practice/content"
	"fernpost/app/practice/mailbox"
	"fernpost/store/desk"
)

// What only the tests in a browser may order: they drive a program of their own
// and can't call into it.

// LoseNext breaks the line after the next mail's closing dot. Whether the mail
// was kept is what the sender can't know; off leaves the line off as well.
func (s *Server) LoseNext(kept, off bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut.afterDot, s.cut.forgets, s.cut.stays = true, !kept, off
}

// Nudge has everybody look at the clock.
func (s *Server) Nudge() { s.nudge() }

// Limit is how large a mail new connections may send, in bytes.
func (s *Server) Limit(bytes int64) { s.smtp.MaxMessageBytes = bytes }

// Refuse has the next mail refused at "rcpt" or "data", with a reply as a server
// would give it: "552 5.2.2 Mailbox full".
func (s *Server) Refuse(at, reply string) error {
	var no smtp.SMTPError
	var class, subject, detail int
	if _, err := fmt.Sscanf(reply, "%d %d.%d.%d", &no.Code, &class, &subject, &detail); err != nil {
		return desk.E(desk.KindInvalid, "read reply", err)
	}
	no.EnhancedCode = smtp.EnhancedCode{class, subject, detail}
	no.Message = strings.SplitN(reply, " ", 3)[2]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut.refusal, s.cut.at = &no, place(at)
	return nil
}

// Says lets somebody else write in a customer's conversation: the customer, or a
// colleague with another mail program. It gives false where there is no such
// customer.
func (s *Server) Says(customer, text string, colleague bool) (bool, error) {
	s.act.Lock()
	defer s.act.Unlock()
	c := s.named(customer)
	if c == nil {
		return false, nil
	}
	now := s.options.Clock()
	all := s.script(c, now)
	first := all[0].id
	s.mu.Lock()
	for id, owner := range s.state.owner { // as it was when it was first seen
		if owner == c.ID {
			first = id
		}
	}
	s.mu.Unlock()
	l := &letter{
		from: c.From, to: []desk.Address{Own}, date: now.In(c.Zone), subject: "Re: " + c.Subject, lang: c.Language,
		client: c.Client, text: text, refs: []string{first},
		id: messageID(c.Client, domainOf(c.From.Addr), c.ID, text, now.String()),
	}
	box, flags := c.Folder, []imap.Flag(nil)
	if colleague {
		l.from, l.to = desk.Address{Name: "Daniela Brandt", Addr: Own.Addr}, []desk.Address{c.From}
		box, flags = "Sent", []imap.Flag{imap.FlagSeen}
	}
	var b mailbox.Batch
	b.Mail(box, now, l.render(), flags...)
	if err := b.Note(noteSaid, saidNote{Conversation: c.ID, ID: l.id}, nil); err != nil {
		return false, err
	}
	return true, s.mailbox.Commit(&b)
}

func (s *Server) named(customer string) *content.Conversation {
	i := slices.IndexFunc(s.library.Conversations, func(c *content.Conversation) bool {
		return strings.EqualFold(c.From.Name, customer)
	})
	if i < 0 {
		return nil
	}
	return s.library.Conversations[i]
}

// SetDone marks a customer's mails as another desk does that is done with them.
func (s *Server) SetDone(customer string) error {
	c := s.named(customer)
	if c == nil {
		return desk.E(desk.KindNotFound, "find practice customer", nil)
	}
	s.act.Lock()
	defer s.act.Unlock()
	return s.mailbox.Mark(c.Folder, "<"+c.From.Addr+">", desk.KeywordDone)
}
