package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/store/desk"
)

// What the tests of this package share: a store with one account, a clock that
// stands until it is moved, and mails with as few words as possible.

const testAccount = desk.AccountID("desk")

type testStore struct {
	*Store
	t       *testing.T
	account desk.AccountID
	changes []Change
	at      time.Time // what the clock says
	mails   int       // that opIn has brought
}

func openTest(t *testing.T) *testStore { return openTestIn(t, t.TempDir()) }

func openTestIn(t *testing.T, dir string) *testStore {
	t.Helper()
	ts := &testStore{t: t, account: testAccount, at: monday}
	s, err := Open(t.Context(), Options{Dir: dir, Clock: func() time.Time { return ts.at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		checkCopied(t, s)
		_ = s.Close()
	})
	ts.Store = s
	ts.addAccount(testAccount)
	s.Subscribe(func(c Change) { ts.changes = append(ts.changes, c) })
	return ts
}

func (ts *testStore) addAccount(id desk.AccountID) {
	ts.t.Helper()
	if err := ts.PutAccount(ts.t.Context(), desk.Account{ID: id, Kind: desk.AccountMail}); err != nil {
		ts.t.Fatal(err)
	}
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// mail is a customer's mail; its number is its identity and its minute.
func mail(n int, refs ...int) desk.Arrival {
	a := desk.Arrival{
		Kind: desk.ArrivalHead, Remote: desk.RemoteRef{Scope: "INBOX", Epoch: "1", ID: fmt.Sprint(n)}, Stable: fmt.Sprint("stable ", n),
		Head: &desk.Head{
			At: monday.Add(time.Duration(n) * time.Minute), HeaderID: headerOf(n), Kind: desk.KindPerson, Folder: desk.RoleInbox,
			From: desk.Address{Name: "Katharina", Addr: "kat@example.com"}, To: []desk.Address{{Addr: "help@shop.example"}},
			Subject: fmt.Sprint("Subject ", n),
		},
		Body: &desk.Body{Text: fmt.Sprint("Text ", n), Language: "de"},
	}
	for _, r := range refs {
		a.Head.References = append(a.Head.References, headerOf(r))
	}
	return a
}

func headerOf(n int) string { return fmt.Sprintf("%d@example.com", n) }

// ours is the same, from us.
func ours(n int, refs ...int) desk.Arrival {
	a := mail(n, refs...)
	a.Head.FromUs = true
	a.Head.From, a.Head.To = a.Head.To[0], []desk.Address{a.Head.From}
	a.Head.Folder, a.Remote.Scope = desk.RoleSent, "Sent"
	return a
}

func at(a desk.Arrival, scope, epoch, id string) desk.Arrival {
	a.Remote = desk.RemoteRef{Scope: scope, Epoch: epoch, ID: id}
	return a
}

func (ts *testStore) apply(items ...desk.Arrival) Applied {
	ts.t.Helper()
	return ts.page(Page{Items: items})
}

func (ts *testStore) page(p Page) Applied {
	ts.t.Helper()
	p.Account = ts.account
	a, err := ts.Apply(ts.t.Context(), p)
	if err != nil {
		ts.t.Fatal(err)
	}
	return a
}

// of gives the conversation that mail n belongs to.
func (ts *testStore) of(n int) desk.Conversation {
	ts.t.Helper()
	c, err := ts.ConversationByKey(ts.t.Context(), ts.account, desk.SharedKey(headerOf(n)))
	if err != nil {
		ts.t.Fatalf("conversation of mail %d: %v", n, err)
	}
	return c
}

func (ts *testStore) messagesOf(c desk.ConversationID) []desk.Message {
	ts.t.Helper()
	all, err := ts.Messages(ts.t.Context(), c)
	if err != nil {
		ts.t.Fatal(err)
	}
	return all
}

// subjects of a conversation's messages, oldest first.
func (ts *testStore) subjects(c desk.ConversationID) string {
	ts.t.Helper()
	var all []string
	for _, m := range ts.messagesOf(c) {
		all = append(all, strings.TrimPrefix(m.Subject, "Subject "))
	}
	return strings.Join(all, " ")
}

func (ts *testStore) counters() Counters {
	ts.t.Helper()
	c, err := ts.Counters(ts.t.Context())
	if err != nil {
		ts.t.Fatal(err)
	}
	return c
}

func (ts *testStore) inbox(v View) []desk.ConversationID {
	ts.t.Helper()
	p, err := ts.List(ts.t.Context(), ListQuery{View: v})
	if err != nil {
		ts.t.Fatal(err)
	}
	var ids []desk.ConversationID
	for _, r := range p.Rows {
		ids = append(ids, r.ID)
	}
	if len(ids) != p.Total {
		ts.t.Errorf("%s: %d rows, %d counted", v, len(ids), p.Total)
	}
	return ids
}

// draft saves a draft in a conversation.
func (ts *testStore) draft(c desk.ConversationID, text string) desk.Draft {
	ts.t.Helper()
	d, err := ts.SaveDraft(ts.t.Context(), desk.Draft{Conversation: c, Text: text})
	if err != nil {
		ts.t.Fatal(err)
	}
	return d
}

// reply writes and queues one, due at once.
func (ts *testStore) reply(c desk.ConversationID, text string) desk.Op {
	ts.t.Helper()
	d := ts.draft(c, text)
	row, err := ts.Conversation(ts.t.Context(), c)
	if err != nil {
		ts.t.Fatal(err)
	}
	op, err := ts.QueueReply(ts.t.Context(), desk.Op{
		ID: desk.NewOpID(ts.at), Conversation: c, Draft: d.ID, Payload: []byte(text), Text: text, Base: row.LastMessage,
	}, desk.StatusWaiting)
	if err != nil {
		ts.t.Fatal(err)
	}
	return op
}

// start brings a queued op to sending.
func (ts *testStore) start(id desk.OpID) desk.Op {
	ts.t.Helper()
	o, err := ts.StartAttempt(ts.t.Context(), id, "boot")
	if err != nil {
		ts.t.Fatal(err)
	}
	return o
}

func (ts *testStore) move(id desk.OpID, from, to desk.OpState) desk.Op {
	ts.t.Helper()
	o, err := ts.MoveOp(ts.t.Context(), Move{ID: id, From: from, To: to})
	if err != nil {
		ts.t.Fatal(err)
	}
	return o
}

// copyOf is the copy of an op's mail, as the server shows it.
func copyOf(op desk.Op, n int, refs ...int) desk.Arrival {
	a := ours(n, refs...)
	a.Head.HeaderID = string(op.ID) + "@shop.example"
	a.Head.OpID = op.ID
	return a
}

func wantKind(t *testing.T, err error, want desk.Kind) {
	t.Helper()
	if got := desk.KindOf(err); got != want {
		t.Errorf("error %v is of kind %q, want %q", err, got, want)
	}
}

// announced gives and forgets what was announced.
func (ts *testStore) announced() []Change {
	all := slices.Clone(ts.changes)
	ts.changes = nil
	return all
}
