package simulator

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// undo is how long a reply can be taken back, as in app.
const undo = 10 * time.Second

// agent is the person at the desk, and what she was promised.
type agent struct {
	r       *run
	matters []*matter
	begun   chan desk.OpID // the newest attempt that nobody looked at

	mu      sync.Mutex
	replies []*reply
}

// matter is a conversation, named by the Message-ID of its first mail.
type matter struct {
	root, customer string
	subject        string
	words          int
	typed          string // on the screen
	saved          string // what the program said it had saved; "" nothing that must still be there
	draft          desk.DraftID
	saw            map[string]bool // Message-IDs that were on the screen while she wrote
	base           desk.MessageID
}

// reply is what became of something she sent.
type reply struct {
	id       desk.OpID
	name     string
	of       *matter
	text     string
	payload  []byte
	promised bool            // the program said that it is queued
	allowed  int             // how often she let it leave once more
	vouched  bool            // she said that it arrived
	agreed   map[string]bool // Message-IDs that it may go over
	shown    map[string]bool // of them, those that she had seen while she wrote
	poison   bool
	anyway   bool      // she said to send it over what is new
	unsure   bool      // of whether the program heard her
	queued   time.Time // by the wall clock, as the rest
	at       time.Time // it must not leave before
	until    time.Time // nor after, unless she said so again
}

// payload gives the frozen bytes of a reply; nil for one that isn't hers.
func (a *agent) payload(id desk.OpID) []byte {
	if x := a.find(id); x != nil {
		return x.payload
	}
	return nil
}

func (a *agent) find(id desk.OpID) *reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, x := range a.replies {
		if x.id == id {
			return x
		}
	}
	return nil
}

func (a *agent) all() []*reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]*reply(nil), a.replies...)
}

// name is short, and the same in every run.
func (a *agent) name(id desk.OpID) string {
	if x := a.find(id); x != nil {
		return x.name
	}
	return "status"
}

// conversation finds a matter in the store.
func (a *agent) conversation(m *matter) (desk.Conversation, error) {
	return a.r.p.store.ConversationByKey(a.r.Context(), account, desk.SharedKey(m.root))
}

// types writes some more of an answer. The program saves as she goes on.
func (a *agent) types(m *matter) {
	c, err := a.conversation(m)
	if err != nil {
		return // it isn't here yet, or can't be read now
	}
	messages, err := a.r.p.store.Messages(a.r.Context(), c.ID)
	if err != nil {
		return
	}
	if m.draft == "" { // the composer shows the draft that is open
		if d, err := a.r.p.store.DraftOf(a.r.Context(), c.ID); err == nil {
			m.draft, m.typed, m.saved = d.ID, d.Text+m.typed, d.Text
		} else if desk.KindOf(err) != desk.KindNotFound {
			return
		}
	}
	if m.typed == "" || a.r.throw(3) > 0 { // else she doesn't look up from her text
		m.saw, m.base = map[string]bool{}, 0
		for _, x := range messages {
			m.saw[x.HeaderID], m.base = true, x.ID
		}
	}
	if m.typed == "" && a.r.throw(5) == 0 { // some answers are like each other
		m.typed = "geheim wie immer"
		a.save(m, c.ID)
		return
	}
	for range 1 + a.r.throw(3) {
		m.words++
		m.typed += fmt.Sprintf("geheim-%s-%d ", m.customer[:4], m.words)
		a.r.sleep(time.Duration(400+a.r.throw(1600)) * time.Millisecond)
		if a.r.isDown() || !a.save(m, c.ID) {
			return
		}
	}
}

func (a *agent) save(m *matter, c desk.ConversationID) bool {
	d, err := a.r.p.store.SaveDraft(a.r.Context(), desk.Draft{
		ID: m.draft, Account: account, Conversation: c, To: []desk.Address{{Addr: m.customer}},
		Subject: "Re: " + m.subject, Text: m.typed, Base: m.base,
	})
	switch kind := desk.KindOf(err); {
	case err == nil && !a.r.isDown():
		m.saved, m.draft = m.typed, d.ID
		a.r.count("keystrokes saved", 1)
		return true
	case kind == desk.KindNotFound || kind == desk.KindConflict:
		m.draft = "" // sent or held by a call whose answer was lost
	}
	return false
}

// sends queues what she wrote.
func (a *agent) sends(m *matter) {
	if m.saved == "" || m.saved != m.typed || m.draft == "" {
		return
	}
	r := a.r
	c, err := a.conversation(m)
	if err != nil {
		return
	}
	messages, err := r.p.store.Messages(r.Context(), c.ID)
	if err != nil {
		return
	}
	now := r.clock.now()
	x := &reply{of: m, text: m.typed, agreed: m.saw, queued: now}
	switch later := r.throw(10); {
	case r.plain:
	case later == 0:
		x.at = now.Add(time.Duration(1+r.throw(40)) * time.Minute)
	case later == 1:
		x.until = now.Add(time.Duration(1+r.throw(20)) * time.Minute)
	}
	letter := source.Reply{
		OpID: desk.NewOpID(now), Date: now, From: desk.Address{Addr: ownAddress}, To: []desk.Address{{Addr: m.customer}},
		Subject: "Re: " + m.subject, Text: m.typed, InReplyTo: m.root, References: []string{m.root},
	}
	frozen, err := r.p.source.FreezeReply(letter)
	r.must(err)
	x.id, x.payload = letter.OpID, frozen.Payload
	if !r.plain && r.throw(15) == 0 {
		x.poison, x.payload = true, []byte("{no letter")
		r.hit("poison")
	}
	base := m.base
	for _, seen := range messages { // what the screen showed before she began
		if seen.ID <= base {
			x.agreed[seen.HeaderID] = true
		}
	}
	x.shown = maps.Clone(x.agreed)
	a.queue(x, c.ID, base)
}

func (a *agent) queue(x *reply, c desk.ConversationID, base desk.MessageID) {
	r, m := a.r, x.of
	a.mu.Lock()
	x.name = fmt.Sprint("reply ", len(a.replies)+1)
	a.replies = append(a.replies, x)
	a.mu.Unlock()
	then := []desk.Status{desk.StatusWaiting, desk.StatusDone}[r.throw(2)]
	_, err := r.p.store.QueueReply(r.Context(), desk.Op{
		ID: x.id, Account: account, Conversation: c, Lane: desk.LanePublic, Kind: desk.OpReply,
		Payload: x.payload, PayloadSHA: sha256.Sum256(x.payload), Base: base, Draft: m.draft, UndoUntil: x.queued.Add(undo),
		Created: x.queued, SendAt: x.at, Until: x.until, Text: x.text, To: desk.Address{Addr: m.customer}, Subject: "Re: " + m.subject,
	}, then)
	r.log("%s queued: %v", x.name, desk.KindOf(err))
	if err == nil && !r.isDown() {
		x.promised = true
		r.count("replies", 1)
		*m = matter{root: m.root, customer: m.customer, subject: m.subject, words: m.words, saved: m.saved}
		r.p.outbox.Wake()
	}
}

// closes sets a conversation to done.
func (a *agent) closes(m *matter) {
	r := a.r
	c, err := a.conversation(m)
	if err != nil {
		return
	}
	messages, err := r.p.store.Messages(r.Context(), c.ID)
	if err != nil || len(messages) == 0 {
		return
	}
	remotes, err := r.p.store.Remotes(r.Context(), messages[len(messages)-1].ID)
	if err != nil || len(remotes) == 0 {
		return
	}
	now := r.clock.now()
	change := source.StatusChange{OpID: desk.NewOpID(now), Messages: remotes, Status: desk.StatusDone}
	frozen, err := r.p.source.FreezeStatus(change)
	r.must(err)
	err = r.p.store.SetStatus(r.Context(), c.ID, desk.StatusDone, &desk.Op{
		ID: change.OpID, Account: account, Conversation: c.ID, Lane: desk.LaneState, Kind: desk.OpStatus,
		Payload: frozen.Payload, PayloadSHA: sha256.Sum256(frozen.Payload), Created: now, UndoUntil: now, NextAt: now,
	})
	if err == nil {
		r.count("statuses", 1)
		r.p.outbox.Wake()
	}
}

// keeps tells whether a text is somewhere she can find it.
func (a *agent) keeps(m *matter, text string) bool {
	r := a.r
	c, err := a.conversation(m)
	if desk.KindOf(err) == desk.KindNotFound {
		return false
	}
	if err != nil {
		return true // unreadable now; looked at again when it can be read
	}
	d, err := r.p.store.DraftOf(r.Context(), c.ID)
	if err != nil && desk.KindOf(err) != desk.KindNotFound || err == nil && strings.Contains(d.Text, text) {
		return true
	}
	for _, x := range a.all() {
		if x.of.root != m.root || !strings.Contains(x.text, text) {
			continue
		}
		if op, err := r.p.store.Op(r.Context(), x.id); err == nil && strings.Contains(op.Text, text) && op.State != desk.OpCancelled {
			return true
		}
	}
	return false
}
