package practice

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// exchange is a network of pipes: it lets the servers run in a synctest bubble.
type exchange struct {
	mu     sync.Mutex
	opened []*pipes
}

type pipes struct {
	calls chan net.Conn
	gone  chan struct{}
	once  sync.Once
}

func (x *exchange) listen(string, string) (net.Listener, error) {
	l := &pipes{calls: make(chan net.Conn), gone: make(chan struct{})}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.opened = append(x.opened, l)
	return l, nil
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.calls:
		return c, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.gone) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (l *pipes) dial(t *testing.T) net.Conn {
	t.Helper()
	near, far := net.Pipe()
	select {
	case l.calls <- far:
		return near
	case <-l.gone:
		t.Fatal("nobody listens")
		return nil
	}
}

// account is a running practice account and the ways to it.
type account struct {
	*Server
	t    *testing.T
	dir  string
	x    *exchange
	stop func()
}

const testSeed = 7

// open starts the account in dir; the test's end stops it.
func open(t *testing.T, dir string, change ...func(*Options)) *account {
	t.Helper()
	a := &account{t: t, dir: dir, x: &exchange{}}
	o := Options{Dir: dir, Clock: time.Now, Seed: testSeed, Listen: a.x.listen, Trickle: -1}
	for _, c := range change {
		c(&o)
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	a.Server = s
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	a.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(a.stop)
	return a
}

// again restarts the account.
func (a *account) again(change ...func(*Options)) *account {
	a.t.Helper()
	a.stop()
	return open(a.t, a.dir, change...)
}

func (a *account) imap() *imapclient.Client {
	a.t.Helper()
	c := imapclient.New(a.x.opened[0].dial(a.t), nil)
	a.t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(a.Settings().User, a.Settings().Password).Wait(); err != nil {
		a.t.Fatal(err)
	}
	return c
}

func (a *account) smtp() *smtp.Client {
	a.t.Helper()
	c := smtp.NewClient(a.x.opened[1].dial(a.t))
	a.t.Cleanup(func() { _ = c.Close() })
	if err := c.Auth(sasl.NewPlainClient("", a.Settings().User, a.Settings().Password)); err != nil {
		a.t.Fatal(err)
	}
	return c
}

// send hands a mail over as the program does: to the customer and, as proof,
// to ourselves.
func (a *account) send(raw string, to ...string) error {
	a.t.Helper()
	c := a.smtp()
	defer func() { _ = c.Close() }()
	return c.SendMail(Own.Addr, append(to, Own.Addr), strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n")))
}

// stored is one mail as the server shows it.
type stored struct {
	UID   imap.UID
	At    time.Time
	Flags []imap.Flag
	Raw   string
}

// box reads a folder whole.
func (a *account) box(name string) (validity uint32, all []stored) {
	a.t.Helper()
	c := a.imap()
	defer func() { _ = c.Close() }()
	data, err := c.Select(name, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		a.t.Fatal(err)
	}
	if data.NumMessages == 0 {
		return data.UIDValidity, nil
	}
	var set imap.SeqSet
	set.AddRange(1, data.NumMessages)
	messages, err := c.Fetch(set, &imap.FetchOptions{
		UID: true, Flags: true, InternalDate: true,
		BodySection: []*imap.FetchItemBodySection{{Peek: true}},
	}).Collect()
	if err != nil {
		a.t.Fatal(err)
	}
	for _, m := range messages {
		all = append(all, stored{UID: m.UID, At: m.InternalDate, Flags: m.Flags, Raw: string(m.BodySection[0].Bytes)})
	}
	return data.UIDValidity, all
}

// inboxSince gives what came into the inbox after the first n mails.
func (a *account) inboxSince(n int) []stored {
	a.t.Helper()
	_, all := a.box("INBOX")
	if len(all) < n {
		a.t.Fatalf("the inbox has %d mails, had %d", len(all), n)
	}
	return all[n:]
}

// code is the reply code of an SMTP error, 0 for a broken line.
func code(err error) (n int, enhanced smtp.EnhancedCode) {
	if s, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return s.Code, s.EnhancedCode
	}
	return 0, smtp.EnhancedCode{}
}
