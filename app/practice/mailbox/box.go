package mailbox

import (
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// box is one folder. The store's mutex guards it.
type box struct {
	name        string
	special     []imap.MailboxAttr
	uidValidity uint32
	uidNext     imap.UID
	mails       []*mail
	tracker     *imapserver.MailboxTracker
	// source is the session whose command is being applied: it hears of its
	// own flags in the command's answer.
	source *imapserver.SessionTracker
}

type mail struct {
	uid   imap.UID
	at    time.Time
	body  Body
	flags []imap.Flag
}

func newBox(c change) *box {
	b := &box{
		name:        c.Box,
		uidValidity: c.UID,
		uidNext:     1,
		tracker:     imapserver.NewMailboxTracker(0),
	}
	for _, attr := range c.Flags {
		b.special = append(b.special, imap.MailboxAttr(attr))
	}
	return b
}

func (b *box) add(c change) {
	m := &mail{
		uid:  imap.UID(c.UID),
		at:   time.Unix(c.At, 0).In(time.FixedZone("", c.Zone)),
		body: *c.Body,
	}
	for _, f := range c.Flags {
		m.set(imap.Flag(f))
	}
	b.uidNext = m.uid + 1
	b.mails = append(b.mails, m)
	b.tracker.QueueNumMessages(uint32(len(b.mails)))
}

func (b *box) store(c change) {
	set := parseUIDs(c.Set)
	for i, m := range b.mails {
		if !set.Contains(m.uid) {
			continue
		}
		if imap.StoreFlagsOp(c.Op) == imap.StoreFlagsSet {
			m.flags = nil
		}
		for _, f := range c.Flags {
			if imap.StoreFlagsOp(c.Op) == imap.StoreFlagsDel {
				m.unset(imap.Flag(f))
			} else {
				m.set(imap.Flag(f))
			}
		}
		b.tracker.QueueMessageFlags(uint32(i+1), m.uid, slices.Clone(m.flags), b.source)
	}
}

func (b *box) expunge(c change) {
	set := parseUIDs(c.Set)
	for i := len(b.mails) - 1; i >= 0; i-- {
		if set.Contains(b.mails[i].uid) {
			b.mails = slices.Delete(b.mails, i, i+1)
			b.tracker.QueueExpunge(uint32(i + 1))
		}
	}
}

// flagsInUse lists every flag that a mail here carries, and the system's own.
func (b *box) flagsInUse() []imap.Flag {
	all := &mail{}
	for _, f := range []imap.Flag{
		imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft,
	} {
		all.set(f)
	}
	for _, m := range b.mails {
		for _, f := range m.flags {
			all.set(f)
		}
	}
	return all.flags
}

func (b *box) without(flag imap.Flag) (n uint32) {
	for _, m := range b.mails {
		if !m.has(flag) {
			n++
		}
	}
	return n
}

func (b *box) status() *imap.StatusData {
	total, unseen, undeleted := uint32(len(b.mails)), b.without(imap.FlagSeen), b.without(imap.FlagDeleted)
	deleted, recent := total-undeleted, uint32(0)
	var size int64
	for _, m := range b.mails {
		size += m.body.Len
	}
	return &imap.StatusData{
		Mailbox:     b.name,
		NumMessages: &total,
		NumRecent:   &recent,
		UIDNext:     b.uidNext,
		UIDValidity: b.uidValidity,
		NumUnseen:   &unseen,
		NumDeleted:  &deleted,
		Size:        &size,
	}
}

// Flags and keywords compare without regard to case (RFC 9051 2.3.2) and keep
// the spelling they came with.
func (m *mail) index(f imap.Flag) int {
	return slices.IndexFunc(m.flags, func(g imap.Flag) bool {
		return strings.EqualFold(string(f), string(g))
	})
}

func (m *mail) has(f imap.Flag) bool { return m.index(f) >= 0 }

func (m *mail) set(f imap.Flag) {
	if !m.has(f) {
		m.flags = append(m.flags, f)
	}
}

func (m *mail) unset(f imap.Flag) {
	if i := m.index(f); i >= 0 {
		m.flags = slices.Delete(m.flags, i, i+1)
	}
}

// parseUIDs reads what UIDSet.String wrote.
func parseUIDs(s string) imap.UIDSet {
	var set imap.UIDSet
	for r := range strings.SplitSeq(s, ",") {
		from, to, isRange := strings.Cut(r, ":")
		start := parseUID(from)
		stop := start
		if isRange {
			stop = parseUID(to)
		}
		if start != 0 && stop != 0 {
			set.AddRange(start, stop)
		}
	}
	return set
}

func parseUID(s string) imap.UID {
	var n uint32
	for _, d := range s {
		if d < '0' || d > '9' {
			return 0
		}
		n = n*10 + uint32(d-'0')
	}
	return imap.UID(n)
}
