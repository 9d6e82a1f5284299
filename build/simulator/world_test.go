package simulator

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"fernpost/store/desk"
)

const (
	ownAddress = "desk@shop.example"
	password   = "correct-horse-4711" // must not show in any log
)

// letter is a mail as it lies in a folder of the server.
type letter struct {
	uid   imap.UID
	at    time.Time
	raw   []byte
	flags []imap.Flag
}

// box is a folder of the server.
type box struct {
	name     string
	special  []imap.MailboxAttr
	validity uint32
	next     imap.UID
	given    imap.UID // numbers below were given out before a backup came back
	letters  []*letter
	tracker  *imapserver.MailboxTracker
}

// effect is one copy of a reply that a customer got. What a server loses or
// gets back from a backup never takes it away.
type effect struct {
	op     desk.OpID
	digest [32]byte
	at     time.Time
}

// world is the truth: what lies on the server and what the customers got.
type world struct {
	mu      sync.Mutex
	boxes   []*box
	effects []effect
	visible []visible
	backup  []*box // as of some earlier time
	away    []*box // folders that vanished
	copies  time.Duration
	loses   bool // our own copy never comes back
	lags    time.Duration
	says    []refusal
	odd     string // what was wrong with bytes that came
	payload func(desk.OpID) []byte
	number  int                  // of mails made here
	twice   int                  // of them, those under a number that was given before
	dated   map[string]time.Time // of mails made here, by their server
	older   int                  // mails answered over that were older than what the agent had seen
	then    func()               // when the next mail was taken, before its sender hears so
	locked  atomic.Bool          // nobody may sign in
}

// visible is a mail of a colleague or a customer, since when it could be seen.
type visible struct {
	conversation string
	id           string // Message-ID
	at           time.Time
	colleague    bool
}

// refusal is what the server for outgoing mail says no to, once.
type refusal struct {
	stage string // "mail", "rcpt", "data"
	code  int
}

func newWorld() *world {
	w := &world{dated: map[string]time.Time{}}
	for i, name := range []string{"INBOX", "Sent", "Junk"} {
		b := &box{name: name, validity: uint32(100 + i), next: 1, tracker: imapserver.NewMailboxTracker(0)}
		if name == "Sent" {
			b.special = []imap.MailboxAttr{imap.MailboxAttrSent}
		}
		if name == "Junk" {
			b.special = []imap.MailboxAttr{imap.MailboxAttrJunk}
		}
		w.boxes = append(w.boxes, b)
	}
	return w
}

// box finds a folder. The caller holds mu.
func (w *world) box(name string) *box {
	for _, b := range w.boxes {
		if strings.EqualFold(b.name, name) {
			return b
		}
	}
	return nil
}

// add puts a mail into a folder; nobody hears of it when that is gone. The
// caller holds mu.
func (w *world) add(name string, raw []byte, flags ...imap.Flag) *letter {
	b := w.box(name)
	if b == nil {
		return nil
	}
	l := &letter{uid: b.next, at: time.Now().Truncate(time.Second), raw: raw, flags: flags}
	b.next++
	b.letters = append(b.letters, l)
	b.tracker.QueueNumMessages(uint32(len(b.letters)))
	return l
}

// mail is what somebody writes in a conversation, which is named by the
// Message-ID of its first mail.
type mail struct {
	conversation string // "" begins one
	from, to     string
	subject      string
	text         string
	colleague    bool
	automatic    bool
}

// write delivers a mail and gives its Message-ID.
func (w *world) write(m mail) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.number++
	id := fmt.Sprintf("m%d@world.example", w.number)
	var raw strings.Builder
	fmt.Fprintf(&raw, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s>\r\nDate: %s\r\n",
		m.from, m.to, m.subject, id, time.Now().Format(time.RFC1123Z))
	if m.conversation != "" {
		fmt.Fprintf(&raw, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", m.conversation, m.conversation)
	}
	if m.automatic {
		raw.WriteString("Auto-Submitted: auto-replied\r\n")
	}
	fmt.Fprintf(&raw, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", m.text)
	folder := "INBOX"
	if m.colleague {
		folder = "Sent"
	}
	w.dated[id] = time.Now()
	l := w.add(folder, []byte(raw.String()))
	if l != nil && l.uid < w.box(folder).given {
		// A server that gives a number twice under one UIDVALIDITY (RFC 9051
		// 2.3.1.1 forbids it) shows this mail to nobody who knew the other.
		w.twice++
		return id
	}
	conversation := m.conversation
	if conversation == "" {
		conversation = id
	}
	if !m.automatic {
		w.visible = append(w.visible, visible{conversation, id, time.Now(), m.colleague})
	}
	return id
}

// accept takes responsibility for a mail of the program: now its receivers have
// it. Our own copy may take its time.
func (w *world) accept(to []string, raw []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	own := false
	for _, a := range to {
		own = own || a == ownAddress
	}
	id := opOf(raw)
	w.effects = append(w.effects, effect{id, sha256.Sum256(raw), time.Now()})
	w.compare(id, raw, true)
	if !own || w.loses {
		return
	}
	if w.copies == 0 {
		w.add("INBOX", raw)
		return
	}
	time.AfterFunc(w.copies, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.add("INBOX", raw)
	})
}

// compare holds bytes that came, all of them or the first, against the bytes
// that were frozen. The caller holds mu.
func (w *world) compare(id desk.OpID, raw []byte, whole bool) {
	if id == "" || w.payload == nil {
		return
	}
	payload := w.payload(id)
	if payload == nil {
		return // the token itself was cut
	}
	_, want, _ := bytes.Cut(payload, []byte("\n"))
	switch {
	case whole && !bytes.Equal(raw, want):
		w.odd = fmt.Sprintf("%s arrived as other bytes than were frozen (%d of %d)", id, len(raw), len(want))
	case !whole && !bytes.HasPrefix(want, raw):
		w.odd = fmt.Sprintf("%s began with other bytes than were frozen", id)
	}
}

// opOf reads our token.
func opOf(raw []byte) desk.OpID {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if name, value, ok := strings.Cut(line, ": "); ok && strings.EqualFold(name, "X-Fernpost-Op") {
			return desk.OpID(strings.TrimSpace(value))
		}
	}
	return ""
}

// given counts what customers got.
func (w *world) given() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.effects)
}

// times counts how often the customer got a reply.
func (w *world) times(id desk.OpID) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.effects {
		if e.op == id {
			n++
		}
	}
	return n
}

// holds tells whether a copy of a reply lies in any folder.
func (w *world) holds(id desk.OpID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range w.boxes {
		for _, l := range b.letters {
			if opOf(l.raw) == id {
				return true
			}
		}
	}
	return false
}

// calm ends what was ordered to go wrong here.
func (w *world) calm() {
	w.locked.Store(false)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.says, w.lags, w.copies, w.loses, w.then = nil, 0, 0, false, nil
	for _, b := range slices.Clone(w.away) {
		w.back(b)
	}
}

// back puts a folder there again: its mails can be seen from now on. The caller
// holds mu.
func (w *world) back(b *box) {
	w.away = slices.DeleteFunc(w.away, func(o *box) bool { return o == b })
	if w.box(b.name) != nil {
		return
	}
	for i := range w.visible {
		if !w.shows(w.visible[i].id) {
			w.visible[i].at = time.Now()
		}
	}
	w.boxes = append(w.boxes, b)
}

func (l *letter) set(f imap.Flag) {
	if !l.has(f) {
		l.flags = append(l.flags, f)
	}
}

func (l *letter) has(f imap.Flag) bool {
	return slices.ContainsFunc(l.flags, func(g imap.Flag) bool { return strings.EqualFold(string(f), string(g)) })
}

func (l *letter) unset(f imap.Flag) {
	l.flags = slices.DeleteFunc(l.flags, func(g imap.Flag) bool { return strings.EqualFold(string(f), string(g)) })
}
