package practice

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/app/practice/mailbox"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/app/source/sourcetest"
	"fernpost/store/desk"
)

func TestContractPractice(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.Lab { return newLab(t) })
}

// lab is the practice account from the other side, with an empty mailbox, and
// the suite's own line before its servers.
type lab struct {
	t          *testing.T
	dir        string
	server     *Server
	stop       func()
	ports      [2]string // where the servers listen, also after a restart
	imap, smtp *maillab.Proxy
}

var _ sourcetest.Lab = (*lab)(nil)

func newLab(t *testing.T) *lab {
	l := &lab{t: t, dir: t.TempDir(), ports: [2]string{"127.0.0.1:0", "127.0.0.1:0"}}
	l.write(1, nil)
	l.start()
	t.Cleanup(func() { l.stop() })
	l.imap, l.smtp = maillab.NewProxy(t, l.ports[0]), maillab.NewProxy(t, l.ports[1])
	return l
}

// write makes the mailbox's log with these mails in the inbox.
func (l *lab) write(validity uint32, mails []stored) {
	l.t.Helper()
	store, err := mailbox.Open(filepath.Join(l.dir, "mailbox.log"), func(b *mailbox.Batch) error {
		b.Box("INBOX", validity)
		b.Box("Sent", 1, imap.MailboxAttrSent)
		b.Box("Junk", 1, imap.MailboxAttrJunk)
		b.Box(HardFolder, 1)
		for _, m := range mails {
			b.Mail("INBOX", m.At, []byte(m.Raw), m.Flags...)
		}
		return b.Note(noteBegin, beginNote{Start: time.Now().Unix(), Seed: testSeed}, nil)
	}, func(mailbox.Note) {})
	if err != nil {
		l.t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) start() {
	l.t.Helper()
	opened := 0
	s, err := Open(Options{
		Dir: l.dir, Clock: time.Now, Trickle: -1, Patience: time.Hour,
		Listen: func(network, _ string) (net.Listener, error) {
			in, err := net.Listen(network, l.ports[opened])
			if err == nil {
				l.ports[opened] = in.Addr().String()
			}
			opened++
			return in, err
		},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	l.server = s
	l.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			l.t.Errorf("run: %v", err)
		}
	}
}

// New reads the password when it is asked for: a restart makes a new one.
func (l *lab) New() sourcetest.Source {
	settings := l.server.Settings()
	server := func(p *maillab.Proxy) mail.Server {
		host, port := split(mustAddr(l.t, p.Addr))
		return mail.Server{Host: host, Port: port, TLS: mail.TLSPlain}
	}
	s := mail.New(mail.Config{
		Settings: mail.Settings{
			Username: settings.User, Addresses: []string{settings.Address.Addr}, Folders: settings.Folders,
			IMAP: server(l.imap), SMTP: server(l.smtp),
		},
		Secrets: l, Blobs: sourcetest.Blobs{},
	})
	l.t.Cleanup(func() { _ = s.Close() })
	return s
}

func mustAddr(t *testing.T, s string) net.Addr {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (l *lab) Secret(context.Context, string) (string, error) {
	return l.server.Settings().Password, nil
}

func (l *lab) Own() desk.Address { return Own }
func (l *lab) Customer() desk.Address {
	return desk.Address{Name: "Somebody", Addr: "somebody.new@postfach.example"}
}
func (l *lab) Refuses() desk.Address { return desk.Address{Addr: "somebody@nowhere.test"} }

func (l *lab) Deliver(raw []byte, at time.Time) {
	l.t.Helper()
	var b mailbox.Batch
	b.Mail("INBOX", at, raw)
	if err := l.server.mailbox.Commit(&b); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) Received() (all [][]byte) {
	l.t.Helper()
	got, err := l.server.CustomerMail(l.Customer().Addr)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, d := range got {
		all = append(all, d.Raw)
	}
	return all
}

func (l *lab) Sent() (all [][]byte) {
	l.t.Helper()
	for _, m := range l.read("Sent") {
		all = append(all, []byte(m.Raw))
	}
	return all
}

func (l *lab) Seen() (n int) {
	l.t.Helper()
	for _, m := range l.read("INBOX") {
		for _, f := range m.Flags {
			if f == imap.FlagSeen {
				n++
			}
		}
	}
	return n
}

// on works on a folder past the line.
func (l *lab) on(folder string, do func(c *imapclient.Client) error) {
	l.t.Helper()
	c, err := imapclient.DialInsecure(l.ports[0], nil)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	err = c.Login(l.server.Settings().User, l.server.Settings().Password).Wait()
	if err == nil {
		_, err = c.Select(folder, nil).Wait()
	}
	if err == nil {
		err = do(c)
	}
	if err != nil {
		l.t.Fatalf("work on %s: %v", folder, err)
	}
}

func (l *lab) read(folder string) (all []stored) {
	l.t.Helper()
	l.on(folder, func(c *imapclient.Client) error {
		messages, err := c.Fetch(imap.UIDSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{
			UID: true, Flags: true, InternalDate: true,
			BodySection: []*imap.FetchItemBodySection{{Peek: true}},
		}).Collect()
		for _, m := range messages {
			all = append(all, stored{UID: m.UID, At: m.InternalDate, Flags: m.Flags, Raw: string(m.BodySection[0].Bytes)})
		}
		return err
	})
	return all
}

func (l *lab) flag(messageID string, flag imap.Flag, then func(c *imapclient.Client) error) {
	l.t.Helper()
	l.on("INBOX", func(c *imapclient.Client) error {
		found, err := c.UIDSearch(&imap.SearchCriteria{
			Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}},
		}, nil).Wait()
		if err != nil {
			return err
		}
		if len(found.AllUIDs()) == 0 {
			return errors.New("no such mail")
		}
		set := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{flag}}
		if err := c.Store(imap.UIDSetNum(found.AllUIDs()...), set, nil).Close(); err != nil {
			return err
		}
		return then(c)
	})
}

func (l *lab) Mark(messageID, keyword string) {
	l.t.Helper()
	l.flag(messageID, imap.Flag(keyword), func(*imapclient.Client) error { return nil })
}

func (l *lab) Expunge(messageID string) {
	l.t.Helper()
	l.flag(messageID, imap.FlagDeleted, func(c *imapclient.Client) error { return c.Expunge().Close() })
}

// Renumber is what happens when a damaged log was put aside and the account
// begins anew: same place, other numbers.
func (l *lab) Renumber() bool {
	l.t.Helper()
	mails := l.read("INBOX")
	l.stop()
	l.dir = l.t.TempDir()
	l.write(2, mails)
	l.start()
	return true
}

func (l *lab) Cut()             { l.imap.Cut(); l.smtp.Cut() }
func (l *lab) CutAfter(n int64) { l.imap.CutAfter(n); l.smtp.CutAfter(n) }
func (l *lab) Mute()            { l.imap.Mute(); l.smtp.Mute() }
func (l *lab) Restore()         { l.imap.Restore(); l.smtp.Restore() }
func (l *lab) Traffic() int64   { return l.imap.Traffic() + l.smtp.Traffic() }
