package mailbox

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // SEARCH reads every charset our customers write in
)

// Search matches on the mails as they stand when it begins.
func (c *session) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, _ *imap.SearchOptions) (*imap.SearchData, error) {
	c.store.mu.Lock()
	var everything imap.UIDSet
	everything.AddRange(1, 0)
	all := c.pick(everything)
	m := matcher{store: c.store, lastSeq: uint32(len(c.box.mails)), lastUID: uint32(c.box.uidNext) - 1}
	c.store.mu.Unlock()

	data := &imap.SearchData{}
	var uids imap.UIDSet
	var seqs imap.SeqSet
	for _, p := range all {
		if !m.matches(p, criteria) {
			continue
		}
		n := uint32(p.uid)
		if kind == imapserver.NumKindSeq {
			n = p.seq
		}
		uids.AddNum(p.uid)
		seqs.AddNum(p.seq)
		if data.Count == 0 || n < data.Min {
			data.Min = n
		}
		data.Max = max(data.Max, n)
		data.Count++
	}
	data.All = uids
	if kind == imapserver.NumKindSeq {
		data.All = seqs
	}
	return data, nil
}

type matcher struct {
	store            *Store
	lastSeq, lastUID uint32
}

func (m matcher) matches(p picked, c *imap.SearchCriteria) bool {
	return m.matchesNumbers(p, c) && matchesFlags(p, c) && m.matchesContent(p, c) && m.matchesBranches(p, c)
}

func (m matcher) matchesNumbers(p picked, c *imap.SearchCriteria) bool {
	for _, set := range c.SeqNum {
		if set, ok := resolve(set, m.lastSeq, 0).(imap.SeqSet); !ok || !set.Contains(p.seq) {
			return false
		}
	}
	for _, set := range c.UID {
		if set, ok := resolve(set, 0, m.lastUID).(imap.UIDSet); !ok || !set.Contains(p.uid) {
			return false
		}
	}
	return within(p.at, c.Since, c.Before) &&
		(c.Larger == 0 || p.body.Len > c.Larger) && (c.Smaller == 0 || p.body.Len < c.Smaller)
}

func matchesFlags(p picked, c *imap.SearchCriteria) bool {
	for _, f := range c.Flag {
		if !p.has(f) {
			return false
		}
	}
	return !slices.ContainsFunc(c.NotFlag, p.has)
}

func (m matcher) matchesBranches(p picked, c *imap.SearchCriteria) bool {
	for i := range c.Not {
		if m.matches(p, &c.Not[i]) {
			return false
		}
	}
	for i := range c.Or {
		if !m.matches(p, &c.Or[i][0]) && !m.matches(p, &c.Or[i][1]) {
			return false
		}
	}
	return true
}

// matchesContent reads no more of the log than the criteria need.
func (m matcher) matchesContent(p picked, c *imap.SearchCriteria) bool {
	if len(c.Header) > 0 || !c.SentSince.IsZero() || !c.SentBefore.IsZero() {
		head, err := m.store.readHead(p.body)
		if err != nil || !matchesHead(head, c) {
			return false
		}
	}
	if len(c.Body) == 0 && len(c.Text) == 0 {
		return true
	}
	raw, err := m.store.Read(p.body)
	if err != nil {
		return false
	}
	for _, text := range c.Text {
		if !contains(raw, text, true) {
			return false
		}
	}
	for _, text := range c.Body {
		if !contains(raw, text, false) {
			return false
		}
	}
	return true
}

func matchesHead(head []byte, c *imap.SearchCriteria) bool {
	e := entity(head)
	for _, want := range c.Header {
		if !hasField(e.Header.FieldsByKey(want.Key), want.Value) {
			return false
		}
	}
	if c.SentSince.IsZero() && c.SentBefore.IsZero() {
		return true
	}
	date, err := time.Parse(time.RFC1123Z, e.Header.Get("Date"))
	return err == nil && within(date, c.SentSince, c.SentBefore)
}

// within compares days only, without regard to zones (RFC 9051 6.4.4).
func within(t, since, before time.Time) bool {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}

// entity reads what it can: an unknown charset leaves the bytes as they are.
func entity(raw []byte) *message.Entity {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) {
		e, _ = message.New(message.Header{}, bytes.NewReader(nil))
	}
	return e
}

func hasField(fields message.HeaderFields, want string) bool {
	for fields.Next() {
		text, _ := fields.Text()
		if want == "" || containsFold(text, want) {
			return true
		}
	}
	return false
}

func contains(raw []byte, want string, head bool) (found bool) {
	_ = entity(raw).Walk(func(_ []int, e *message.Entity, err error) error {
		if err != nil || found {
			return nil
		}
		found = head && hasField(e.Header.Fields(), want)
		kind, _, _ := e.Header.ContentType()
		if found || !strings.HasPrefix(kind, "text/") {
			return nil
		}
		text, _ := io.ReadAll(e.Body)
		found = containsFold(string(text), want)
		return nil
	})
	return found
}

func containsFold(text, want string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(want))
}
