package practice

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/practice/content"
	"fernpost/app/practice/mailbox"
	"fernpost/store/desk"
)

// seed fills a new mailbox: the folders, and everything that was written in
// the days before, in the order it came.
func (s *Server) seed(b *mailbox.Batch) error {
	now := s.options.Clock()
	chance := s.options.Seed
	if chance == 0 {
		chance = rand.Uint64()
	}
	if err := b.Note(noteBegin, beginNote{Start: now.Unix(), Seed: chance}, nil); err != nil {
		return err
	}
	validity := uint32(now.Unix())
	b.Box("INBOX", validity)
	b.Box("Sent", validity, imap.MailboxAttrSent)
	b.Box("Junk", validity, imap.MailboxAttrJunk)
	b.Box("Drafts", validity, imap.MailboxAttrDrafts)
	b.Box("Trash", validity, imap.MailboxAttrTrash)
	b.Box(HardFolder, validity)
	var all []written
	for _, c := range s.library.Conversations {
		if !c.Later {
			all = append(all, s.script(c, now)...)
		}
	}
	slices.SortStableFunc(all, func(x, y written) int {
		return cmp.Or(x.at.Compare(y.at), strings.Compare(x.id, y.id))
	})
	for _, w := range all {
		b.Mail(w.box, w.at, w.raw, w.flags...)
		if err := b.Note(noteSaid, saidNote{Conversation: w.conversation, ID: w.id}, nil); err != nil {
			return err
		}
	}
	return nil
}

// The keywords by which every Fernpost knows a conversation's status; a test
// compares them with the mail source's.
var stateKeywords = map[string]imap.Flag{"done": "$FernpostDone", "waiting": "$FernpostWaiting"}

// written is one mail of a script, rendered.
type written struct {
	conversation string
	box          string
	id           string
	at           time.Time
	raw          []byte
	flags        []imap.Flag
}

// script renders a conversation as it stands when it is first seen.
func (s *Server) script(c *content.Conversation, now time.Time) (all []written) {
	var refs []string
	var last *letter
	for i, turn := range c.Turns {
		if turn.Bounce && last != nil {
			at := turn.Ago.Before(now, c.Zone)
			d := dueNote{Bounce: c.From.Addr, Answers: last.id}
			all = append(all, written{conversation: c.ID, box: c.Folder, id: bounceID(d), at: at, raw: bounce(d, last.render(), at)})
			continue
		}
		l := s.turn(c, i, now)
		l.refs = slices.Clone(refs)
		if last != nil && last.from.Addr != l.from.Addr && !turn.Auto {
			l.quoted = &quotation{from: last.from, to: last.to, at: last.date, subject: last.subject, text: last.text}
		}
		w := written{conversation: c.ID, box: c.Folder, id: l.id, at: l.date, raw: l.render()}
		answered := i+1 < len(c.Turns) && c.Turns[i+1].Agent != ""
		if turn.Agent != "" {
			w.box = "Sent"
			w.flags = append(w.flags, imap.FlagSeen)
		} else if answered {
			w.flags = append(w.flags, imap.FlagSeen, imap.FlagAnswered)
		}
		if i == 0 {
			for _, k := range c.Keywords {
				w.flags = append(w.flags, imap.Flag(k))
			}
		}
		all = append(all, w)
		refs = append(refs, l.id)
		last = l
	}
	// The status stands on the customer's newest mail.
	for i, w := range slices.Backward(all) {
		if keyword := stateKeywords[c.State]; keyword != "" && w.box != "Sent" {
			all[i].flags = append(all[i].flags, keyword)
			break
		}
	}
	return all
}

// turn makes the letter of one turn, without what ties it to those before.
func (s *Server) turn(c *content.Conversation, i int, now time.Time) *letter {
	turn := c.Turns[i]
	l := &letter{
		from:    c.From,
		to:      []desk.Address{Own},
		cc:      c.Cc,
		date:    turn.Ago.Before(now, c.Zone),
		subject: c.Subject,
		lang:    c.Language,
		client:  c.Client,
		charset: c.Charset,
		text:    turn.Text + pages(turn),
		files:   turn.Files,
		auto:    turn.Auto,
	}
	if i > 0 && c.Subject != "" {
		l.subject = c.Language.Re + ": " + c.Subject
	}
	if turn.Agent != "" {
		l.from, l.to, l.cc = Own, []desk.Address{c.From}, nil
		l.client, l.charset = "thunderbird", ""
		l.subject = "Re: " + c.Subject
		if c.Subject == "" {
			l.subject = ""
		}
	}
	l.id = messageID(l.client, l.domain(), c.ID, strconv.Itoa(i), strconv.FormatInt(now.Unix(), 36))
	return l
}

// linesAPage is how many lines a printed page holds.
const linesAPage = 45

// pages is an old exchange that a customer quotes in full, again and again.
func pages(t content.Turn) string {
	if t.Pages == 0 {
		return ""
	}
	lines := strings.Split(t.Text, "\n")
	var b strings.Builder
	b.WriteString("\n\n")
	for i := range t.Pages * linesAPage {
		depth := strings.Repeat(">", 1+i/(5*linesAPage))
		fmt.Fprintf(&b, "%s %d. %s\n", depth, i+1, lines[i%len(lines)])
	}
	return b.String()
}
