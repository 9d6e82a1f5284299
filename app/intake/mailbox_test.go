package intake_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

// mailbox is a scripted account: a log of arrivals that a cursor counts off.
type mailbox struct {
	mu       sync.Mutex
	identity string
	has      source.Flag
	log      []desk.Arrival
	page     int
	down     error         // what every call answers, nil while the line is good
	dead     chan struct{} // closed when the line breaks under a call
	open     bool
	silent   bool // calls hang until the line is closed
	delay    time.Duration
	panics   int
	part     []byte
	resetAt  int // the page from here on says that what came before is renumbered
	breakAt  int // Fetch breaks the line after so many bytes, once
	hint     func()

	opens    []time.Time
	pulls    []source.PullRequest
	fetches  []int64
	dug      []desk.Arrival // what a search finds, one a step
	refuses  error          // what a search is answered
	searches []source.SearchRequest
	busy     int // calls at this moment
	overlap  bool
}

func newMailbox(n int) *mailbox {
	m := &mailbox{identity: "box-1", has: source.Push | source.RangeFetch, page: 10, dead: make(chan struct{})}
	m.arrive(n)
	return m
}

var start = time.Date(1999, 12, 31, 8, 0, 0, 0, time.UTC)

func (m *mailbox) arrive(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		m.log = append(m.log, letter(len(m.log)+1))
	}
	if m.hint != nil {
		m.hint()
	}
}

// letter is a customer's mail, each of its own conversation.
func letter(i int) desk.Arrival {
	id := strconv.Itoa(i)
	return desk.Arrival{
		Kind: desk.ArrivalHead, Remote: desk.RemoteRef{Scope: "INBOX", Epoch: "1", ID: id}, Stable: "s" + id,
		Head: &desk.Head{
			At: start.Add(time.Duration(i) * time.Minute), HeaderID: id + "@customer.example",
			From: desk.Address{Addr: "c" + id + "@customer.example"}, To: []desk.Address{{Addr: "desk@shop.example"}},
			Subject: "Question " + id, Kind: desk.KindPerson, Folder: desk.RoleInbox, Size: 10,
		},
		Body: &desk.Body{Text: "Where is my parcel " + id + "?"},
	}
}

func (m *mailbox) cut(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = err
	if m.open {
		m.open = false
		close(m.dead)
		m.dead = make(chan struct{})
	}
}

var errOffline = desk.E(desk.KindOffline, "dial", nil)

// enter counts a call and says whether the line is good.
func (m *mailbox) enter() (leave func(), dead chan struct{}, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy++
	m.overlap = m.overlap || m.busy > 1
	if m.panics > 0 {
		m.panics--
		m.busy--
		panic("a mail that nobody thought of")
	}
	return func() {
		m.mu.Lock()
		m.busy--
		m.mu.Unlock()
	}, m.dead, m.down
}

func (m *mailbox) Open(ctx context.Context) (source.Session, error) {
	leave, _, err := m.enter()
	defer leave()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.opens = append(m.opens, time.Now())
	if err != nil {
		return source.Session{}, err
	}
	m.open = true
	return source.Session{Caps: source.Caps{Has: m.has}, Identity: m.identity}, nil
}

func (m *mailbox) Pull(ctx context.Context, req source.PullRequest) (source.Page, error) {
	leave, dead, err := m.enter()
	defer leave()
	if err != nil {
		return source.Page{}, err
	}
	m.mu.Lock()
	silent, delay := m.silent, m.delay
	m.pulls = append(m.pulls, req)
	m.mu.Unlock()
	if silent {
		select {
		case <-dead:
			return source.Page{}, errOffline
		case <-ctx.Done():
			return source.Page{}, ctx.Err()
		}
	}
	time.Sleep(delay)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil || !m.open {
		return source.Page{}, errOffline
	}
	from := 0
	if len(req.Cursor) > 0 {
		from, _ = strconv.Atoi(string(req.Cursor))
	}
	to := min(from+m.page, len(m.log))
	page := source.Page{Items: slices.Clone(m.log[from:to]), Next: source.Cursor(strconv.Itoa(to)), More: to < len(m.log)}
	if m.resetAt > 0 && from == m.resetAt {
		page.Reset = []string{"INBOX"}
	}
	return page, nil
}

func (m *mailbox) Watch(ctx context.Context, hint func()) error {
	leave, dead, err := m.enter()
	defer leave()
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.hint = hint
	m.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-dead:
		return errOffline
	}
}

func (m *mailbox) Fetch(ctx context.Context, _ desk.RemoteRef, part string, offset int64, w io.Writer) (int64, error) {
	leave, _, err := m.enter()
	defer leave()
	if err != nil {
		return 0, err
	}
	m.mu.Lock()
	data, resumes := m.part, m.has&source.RangeFetch != 0
	m.fetches = append(m.fetches, offset)
	m.mu.Unlock()
	if part != "2" {
		return 0, desk.E(desk.KindNotFound, "fetch", nil)
	}
	if !resumes && offset > 0 {
		return 0, desk.E(desk.KindInternal, "fetch", fmt.Errorf("offset %d", offset))
	}
	for at := int(offset); at < len(data); {
		m.mu.Lock()
		breaks, down := m.breakAt, m.down
		m.mu.Unlock()
		if down != nil {
			return 0, down
		}
		end := min(at+4096, len(data))
		if breaks > 0 && end > breaks {
			_, _ = w.Write(data[at:breaks])
			m.mu.Lock()
			m.breakAt = 0
			m.mu.Unlock()
			return 0, errOffline
		}
		time.Sleep(100 * time.Millisecond)
		if _, err := w.Write(data[at:end]); err != nil {
			return 0, err
		}
		at = end
	}
	return int64(len(data)), nil
}

func (m *mailbox) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open {
		m.open = false
		close(m.dead)
		m.dead = make(chan struct{})
	}
	return nil
}

func (m *mailbox) counts() (opens, pulls int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.opens), len(m.pulls)
}

// office is a store, a mailbox and an intake over both, in a bubble of fake
// time whose wall clock can jump.
type office struct {
	*testing.T
	store *fussy
	box   *mailbox
	in    *intake.Intake
	mu    sync.Mutex
	jump  time.Duration
	seen  []desk.OpID
	back  int
	spent atomic.Bool // today's bytes are used up
	stop  context.CancelFunc
	ended chan error
}

// fussy is the real store, on a disk that may be full.
type fussy struct {
	*store.Store
	mu      sync.Mutex
	refuse  map[string]error
	after   map[string]int // so many calls go well first
	applied []int          // how many arrivals each page had that was stored
}

func (f *fussy) check(call string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.after[call] > 0 {
		f.after[call]--
		return nil
	}
	return f.refuse[call]
}

func (f *fussy) set(call string, err error, after int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse[call], f.after[call] = err, after
}

func (f *fussy) Apply(ctx context.Context, p store.Page) (store.Applied, error) {
	if err := f.check("apply"); err != nil {
		return store.Applied{}, err
	}
	f.mu.Lock()
	f.applied = append(f.applied, len(p.Items))
	f.mu.Unlock()
	return f.Store.Apply(ctx, p)
}

func (f *fussy) AppendBlob(ctx context.Context, id desk.AttachmentID, offset int64, b []byte, total int64) error {
	if err := f.check("blob"); err != nil {
		return err
	}
	return f.Store.AppendBlob(ctx, id, offset, b, total)
}

const account desk.AccountID = "shop"

// inOffice runs a test in a bubble.
func inOffice(t *testing.T, mails int, do func(o *office)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := &office{T: t, box: newMailbox(mails)}
		s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: o.clock})
		if err != nil {
			t.Fatal(err)
		}
		o.store = &fussy{Store: s, refuse: map[string]error{}, after: map[string]int{}}
		o.must(s.PutAccount(t.Context(), desk.Account{
			ID: account, Kind: desk.AccountMail, Address: desk.Address{Addr: "desk@shop.example"},
			State: desk.AccountOK, Settings: []byte("{}"), Created: o.clock(),
		}))
		o.hire()
		t.Cleanup(func() {
			o.end()
			o.must(s.Close())
			if o.box.overlap {
				t.Error("two calls at the source at the same time")
			}
		})
		do(o)
	})
}

// hire makes a new intake over the same store, as a restart does.
func (o *office) hire() {
	o.in = intake.New(intake.Options{
		Account: account, Source: o.box, Search: o.box, Store: o.store, Clock: o.clock,
		Seen: func(_ context.Context, ops []desk.OpID) {
			o.mu.Lock()
			o.seen = append(o.seen, ops...)
			o.mu.Unlock()
		},
		Spent: func(context.Context) bool { return o.spent.Load() },
		Returned: func() {
			o.mu.Lock()
			o.back++
			o.mu.Unlock()
		},
	})
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return time.Now().Add(o.jump)
}

func (o *office) start() {
	ctx, cancel := context.WithCancel(o.Context())
	o.stop, o.ended = cancel, make(chan error, 1)
	go func() { o.ended <- o.in.Run(ctx) }()
	synctest.Wait()
}

func (o *office) end() {
	o.Helper()
	if o.stop == nil {
		return
	}
	o.stop()
	o.must(<-o.ended)
	o.stop = nil
}

func (o *office) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) mails() int {
	o.Helper()
	page, err := o.store.List(o.Context(), store.ListQuery{View: store.ViewInbox, Limit: 1})
	o.must(err)
	return page.Total
}

func (o *office) wantMails(n int) {
	o.Helper()
	if got := o.mails(); got != n {
		o.Errorf("%d conversations in the inbox, want %d", got, n)
	}
}

func (o *office) wantLine(line intake.Line, problem desk.Kind) {
	o.Helper()
	if s := o.in.Status(); s.Line != line || s.Problem != problem {
		o.Errorf("line %s %q, want %s %q", s.Line, s.Problem, line, problem)
	}
}
