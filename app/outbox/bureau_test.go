package outbox_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fernpost/app/outbox"
	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

const account desk.AccountID = "shop"

// bureau is an outbox over a real store and a scripted server, in a bubble of
// fake time.
type bureau struct {
	*testing.T
	dir    string
	store  *mortal
	server *server
	out    *outbox.Outbox
	boots  int
	mails  int
	quiet  atomic.Int32 // how often Quiet is in force
	texts  atomic.Bool  // texts still come in
	jump   atomic.Int64 // how far the wall clock was set
	stop   context.CancelFunc
	ended  chan error
}

func inBureau(t *testing.T, do func(b *bureau)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bureau{T: t, dir: t.TempDir()}
		b.server = newServer(b)
		b.open()
		b.must(b.store.PutAccount(t.Context(), desk.Account{
			ID: account, Kind: desk.AccountMail, Address: desk.Address{Addr: "desk@shop.example"},
			State: desk.AccountOK, Settings: []byte("{}"), Created: time.Now(),
		}))
		b.start()
		t.Cleanup(func() {
			b.end()
			b.must(b.store.Close())
		})
		do(b)
	})
}

func (b *bureau) open() {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{Dir: b.dir, Clock: b.clock})
	b.must(err)
	b.store = &mortal{Store: s, calls: map[string]int{}}
	b.boots++
	boot := fmt.Sprint("boot ", b.boots)
	_, err = outbox.Recover(b.Context(), b.store, boot)
	b.must(err)
	b.out = outbox.New(outbox.Options{
		Account: account, Sink: b.server, Head: b.server, Store: b.store, Clock: b.clock, Boot: boot,
		Quiet: func() func() {
			b.quiet.Add(1)
			return func() { b.quiet.Add(-1) }
		},
		Calm:    func() bool { return !b.texts.Load() },
		Changed: b.server.changed,
	})
}

func (b *bureau) clock() time.Time { return time.Now().Add(time.Duration(b.jump.Load())) }

func (b *bureau) start() {
	ctx, cancel := context.WithCancel(b.Context())
	b.stop, b.ended = cancel, make(chan error, 1)
	out, ended := b.out, b.ended
	go func() { ended <- out.Run(ctx) }()
	synctest.Wait()
}

func (b *bureau) end() {
	b.Helper()
	b.stop()
	b.must(<-b.ended)
}

// crash ends the program as a power cut does: nothing more is written, whatever
// is under way; then it starts again.
func (b *bureau) crash() {
	b.Helper()
	b.store.die()
	b.end()
	b.must(b.store.Close())
	b.open()
	b.start()
}

func (b *bureau) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (b *bureau) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// mortal is the real store, until it can't be written any more.
type mortal struct {
	*store.Store
	mu     sync.Mutex
	dead   error
	fail   map[string]error // by call
	calls  map[string]int
	rotten bool // payloads come back changed
}

func (m *mortal) DueOps(ctx context.Context, a desk.AccountID, now time.Time, limit int) ([]desk.Op, time.Time, error) {
	due, next, err := m.Store.DueOps(ctx, a, now, limit)
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range due {
		if m.rotten {
			due[i].Payload[0] ^= 1
		}
	}
	return due, next, err
}

func (m *mortal) die() { m.refuse("", desk.E(desk.KindDiskFull, "write", nil)) }

func (m *mortal) refuse(call string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if call == "" {
		m.dead = err
		return
	}
	m.fail = map[string]error{call: err}
}

func (m *mortal) check(call string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[call]++
	if m.dead != nil {
		return m.dead
	}
	return m.fail[call]
}

func (m *mortal) MoveOp(ctx context.Context, mv store.Move) (desk.Op, error) {
	if err := m.check("move"); err != nil {
		return desk.Op{}, err
	}
	return m.Store.MoveOp(ctx, mv)
}

func (m *mortal) StartAttempt(ctx context.Context, id desk.OpID, boot string) (desk.Op, error) {
	if err := m.check("start"); err != nil {
		return desk.Op{}, err
	}
	return m.Store.StartAttempt(ctx, id, boot)
}

func (m *mortal) MarkFinal(ctx context.Context, id desk.OpID) error {
	if err := m.check("final"); err != nil {
		return err
	}
	return m.Store.MarkFinal(ctx, id)
}

func (m *mortal) BeginFiling(ctx context.Context, id desk.OpID) error {
	if err := m.check("begin"); err != nil {
		return err
	}
	return m.Store.BeginFiling(ctx, id)
}

func (m *mortal) RetractFiling(ctx context.Context, id desk.OpID) error {
	if err := m.check("retract"); err != nil {
		return err
	}
	return m.Store.RetractFiling(ctx, id)
}

func (m *mortal) MarkFiled(ctx context.Context, id desk.OpID, c desk.Copy) error {
	if err := m.check("filed"); err != nil {
		return err
	}
	return m.Store.MarkFiled(ctx, id, c)
}

// mail is what stands in a conversation; it arrives now.
type mail struct {
	root    string // header id of the conversation's first mail
	from    string
	kind    desk.MessageKind
	fromUs  bool
	op      desk.OpID
	subject string
}

// deliver stores a mail as intake does, and tells the outbox of its own.
func (b *bureau) deliver(m mail) {
	b.Helper()
	b.out.Seen(b.Context(), b.keep(m))
}

// keep only stores it, as if the program had ended right then.
func (b *bureau) keep(m mail) (seen []desk.OpID) {
	b.Helper()
	b.mails++
	id := fmt.Sprintf("m%d@example", b.mails)
	head := &desk.Head{
		At: time.Now(), HeaderID: id, From: desk.Address{Addr: m.from}, Subject: m.subject, Kind: m.kind,
		Folder: desk.RoleInbox, FromUs: m.fromUs, OpID: m.op, To: []desk.Address{{Addr: "desk@shop.example"}},
	}
	if m.root != "" {
		head.References = []string{m.root}
	} else {
		head.HeaderID = m.from
	}
	if m.fromUs {
		head.Folder = desk.RoleSent
	}
	applied, err := b.store.Apply(b.Context(), store.Page{
		Account: account, Cursor: []byte(id), Verified: time.Now(), Items: []desk.Arrival{{
			Kind: desk.ArrivalHead, Stable: id, Head: head, Body: &desk.Body{Text: "text of " + id},
			Remote: desk.RemoteRef{Scope: string(head.Folder), Epoch: "1", ID: fmt.Sprint(b.mails)},
		}},
	})
	b.must(err)
	return applied.OpsSeen
}

// asks begins a conversation; the name is its customer and its key.
func (b *bureau) asks(name string) {
	b.deliver(mail{from: name, kind: desk.KindPerson, subject: "Question of " + name})
	b.sleep(time.Second)
}

func (b *bureau) asksAgain(name string) {
	b.deliver(mail{root: name, from: name, kind: desk.KindPerson})
}

func (b *bureau) colleagueAnswers(name string) {
	b.deliver(mail{root: name, from: "desk@shop.example", fromUs: true, kind: desk.KindPerson})
}

func (b *bureau) conversation(name string) desk.Conversation {
	b.Helper()
	for _, view := range []store.View{store.ViewInbox, store.ViewWaiting, store.ViewDone} {
		page, err := b.store.List(b.Context(), store.ListQuery{View: view, Order: store.OrderNewest, Limit: 100})
		b.must(err)
		for _, c := range page.Rows {
			if c.Customer.Addr == name {
				return c
			}
		}
	}
	b.Fatalf("no conversation with %s", name)
	return desk.Conversation{}
}

const undo = 10 * time.Second

// answer queues a reply to a conversation, with ten seconds to take it back.
func (b *bureau) answer(name string) desk.OpID { return b.answerWith(name, 0) }

func (b *bureau) answerWith(name string, bytes int64) desk.OpID {
	b.Helper()
	return b.answerOp(name, desk.Op{Bytes: bytes})
}

// answerAt queues one that leaves not before send and not after until.
func (b *bureau) answerAt(name string, send, until time.Time) desk.OpID {
	b.Helper()
	return b.answerOp(name, desk.Op{SendAt: send, Until: until})
}

func (b *bureau) answerOp(name string, like desk.Op) desk.OpID {
	b.Helper()
	c := b.conversation(name)
	now := time.Now()
	d, err := b.store.SaveDraft(b.Context(), desk.Draft{
		Account: account, Conversation: c.ID, To: []desk.Address{c.Customer}, Text: "Answer.", Base: c.LastMessage,
	})
	b.must(err)
	payload := []byte("frozen " + name + now.String())
	op, err := b.store.QueueReply(b.Context(), desk.Op{
		ID: desk.NewOpID(now), Account: account, Conversation: c.ID, Lane: desk.LanePublic, Kind: desk.OpReply,
		Payload: payload, PayloadSHA: sha256.Sum256(payload), Base: c.LastMessage, Draft: d.ID,
		UndoUntil: now.Add(undo), NextAt: now, Created: now, Text: d.Text, Bytes: like.Bytes,
		SendAt: like.SendAt, Until: like.Until,
	}, desk.StatusWaiting)
	b.must(err)
	b.out.Wake()
	synctest.Wait()
	return op.ID
}

// setDone queues a status op.
func (b *bureau) setDone(name string) desk.OpID {
	b.Helper()
	c := b.conversation(name)
	now := time.Now()
	payload := []byte("done " + name + now.String())
	op := desk.Op{
		ID: desk.NewOpID(now), Account: account, Conversation: c.ID, Lane: desk.LaneState, Kind: desk.OpStatus,
		Payload: payload, PayloadSHA: sha256.Sum256(payload), Base: c.LastMessage, UndoUntil: now, NextAt: now, Created: now,
	}
	b.must(b.store.SetStatus(b.Context(), c.ID, desk.StatusDone, &op))
	b.out.Wake()
	synctest.Wait()
	return op.ID
}

func (b *bureau) op(id desk.OpID) desk.Op {
	b.Helper()
	op, err := b.store.Op(b.Context(), id)
	b.must(err)
	return op
}

func (b *bureau) want(id desk.OpID, state desk.OpState, reason desk.Reason) {
	b.Helper()
	if op := b.op(id); op.State != state || op.Reason != reason {
		b.Errorf("op is %s %q, want %s %q", op.State, op.Reason, state, reason)
	}
}

func (b *bureau) wantEffects(id desk.OpID, n int) {
	b.Helper()
	if got := b.server.effects(id); got != n {
		b.Errorf("reached the customer %d times, want %d", got, n)
	}
}

func (b *bureau) decide(id desk.OpID, c outbox.Choice) desk.Draft {
	b.Helper()
	return b.decideOn(id, c, b.newest(id))
}

// newest is the newest message of a reply's conversation.
func (b *bureau) newest(id desk.OpID) desk.MessageID {
	b.Helper()
	c, err := b.store.Conversation(b.Context(), b.op(id).Conversation)
	b.must(err)
	return c.LastMessage
}

// decideOn decides while seen is the newest message on screen.
func (b *bureau) decideOn(id desk.OpID, c outbox.Choice, seen desk.MessageID) desk.Draft {
	b.Helper()
	d, err := b.out.Decide(b.Context(), id, c, seen)
	b.must(err)
	synctest.Wait()
	return d
}

var errOffline = desk.E(desk.KindOffline, "dial", nil)

// applied is the good outcome.
func applied() source.Outcome {
	return source.Outcome{Verdict: source.Applied, Receipt: desk.Receipt{RemoteID: "250"}}
}
