// Package maillab starts mail servers for tests: an embedded one, and a real
// Dovecot with a real Exim, unprivileged, in a temporary folder, on free ports.
// Only tests import it. It is an ordinary package because the tests of other
// packages (the journey of a reply, the contract suite) need the same servers.
package maillab

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/app/source/mail"
	"fernpost/app/source/sourcetest"
	"fernpost/store/desk"
)

// Lab is one mail server with an account of ours and a customer on it. It is a
// sourcetest.Lab, and gives what other tests need to set up an account.
type Lab struct {
	t        Stage
	imapAddr string // the server itself
	behind   string // what stands before it, where the line ends
	smtpAddr string
	mode     mail.TLSMode
	roots    *x509.CertPool
	own      User
	customer User
	refuses  desk.Address
	mumbles  bool

	// RootsFile holds the servers' certificate in PEM, for a program started by
	// the test (SSL_CERT_FILE). "" where there is no TLS.
	RootsFile string

	// IMAP and SMTP are the line; Settings leads through them.
	IMAP, SMTP *Proxy

	renumber func() bool
	admin    func(command string, args ...string) // of the account's folders; nil where nobody can
	home     string                               // where its mail lies
}

// User is a mailbox on the server.
type User struct {
	Name     string
	Address  string
	Password string
}

var _ sourcetest.Lab = (*Lab)(nil)

// start puts the line between the account and its server.
func (l *Lab) start() *Lab {
	if l.behind == "" {
		l.behind = l.imapAddr
	}
	l.IMAP, l.SMTP = NewProxy(l.t, l.behind), NewProxy(l.t, l.smtpAddr)
	return l
}

// Settings are the account's, as a person would have entered them.
func (l *Lab) Settings() mail.Settings {
	return mail.Settings{
		Username:  l.own.Address,
		Addresses: []string{l.own.Address},
		IMAP:      l.server(l.IMAP.Addr),
		SMTP:      l.server(l.SMTP.Addr),
	}
}

// Config is what mail.New takes to reach the account through the line.
func (l *Lab) Config() mail.Config {
	return mail.Config{
		Settings: l.Settings(),
		Secrets:  Password(l.own.Password),
		Blobs:    sourcetest.Blobs{},
		TLS:      &tls.Config{RootCAs: l.roots},
	}
}

func (l *Lab) server(addr string) mail.Server {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		l.t.Fatalf("read address %q: %v", addr, err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		l.t.Fatalf("read port %q: %v", port, err)
	}
	return mail.Server{Host: host, Port: n, TLS: l.mode}
}

// Password is a Secrets that knows one password for everything.
type Password string

// Secret gives the password.
func (p Password) Secret(context.Context, string) (string, error) { return string(p), nil }

// New makes a source on the account.
func (l *Lab) New() sourcetest.Source {
	s := mail.New(l.Config())
	l.t.Cleanup(func() { _ = s.Close() })
	return s
}

// Mumbles tells that the server may say nothing of new mail to who idles, see
// sourcetest.Mumbler.
func (l *Lab) Mumbles() bool { return l.mumbles }

// Own is the account's address.
func (l *Lab) Own() desk.Address { return desk.Address{Name: "Amira", Addr: l.own.Address} }

// Customer is whose mail Received gives.
func (l *Lab) Customer() desk.Address {
	return desk.Address{Name: "Katharina Vogel", Addr: l.customer.Address}
}

// Refuses is an address that the server refuses for good.
func (l *Lab) Refuses() desk.Address { return l.refuses }

// Gone is an address that Exim takes mail for and then sends it back.
func (l *Lab) Gone() desk.Address { return desk.Address{Addr: "gone@example.test"} }

// as runs an exchange on a mailbox, past the line.
func (l *Lab) as(u User, do func(c *imapclient.Client) error) {
	l.t.Helper()
	opts := &imapclient.Options{TLSConfig: &tls.Config{RootCAs: l.roots, ServerName: "127.0.0.1"}}
	var c *imapclient.Client
	var err error
	if l.mode == mail.TLSImplicit {
		c, err = imapclient.DialTLS(l.imapAddr, opts)
	} else {
		c, err = imapclient.DialInsecure(l.imapAddr, opts)
	}
	if err != nil {
		l.t.Fatalf("reach the mail server: %v", err)
	}
	defer c.Close()
	if err := c.Login(u.Address, u.Password).Wait(); err != nil {
		l.t.Fatalf("sign in past the line: %v", err)
	}
	if err := do(c); err != nil {
		l.t.Fatalf("work on the mailbox: %v", err)
	}
}

// Append puts a mail into one of the account's folders.
func (l *Lab) Append(folder string, raw []byte, at time.Time, flags ...imap.Flag) {
	l.t.Helper()
	l.as(l.own, func(c *imapclient.Client) error { return appendTo(c, folder, raw, at, flags) })
}

// AppendAll puts many mails into the inbox over one connection, a minute apart,
// the last of them at last.
func (l *Lab) AppendAll(raws [][]byte, last time.Time) {
	l.t.Helper()
	l.as(l.own, func(c *imapclient.Client) error {
		for i, raw := range raws {
			at := last.Add(-time.Duration(len(raws)-1-i) * time.Minute)
			if err := appendTo(c, "INBOX", raw, at, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

func appendTo(c *imapclient.Client, folder string, raw []byte, at time.Time, flags []imap.Flag) error {
	cmd := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Time: at, Flags: flags})
	if _, err := cmd.Write(raw); err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	_, err := cmd.Wait()
	return err
}

// Deliver puts a mail into the inbox.
func (l *Lab) Deliver(raw []byte, at time.Time) {
	l.t.Helper()
	l.Append("INBOX", raw, at)
}

// Received lists what the customer got.
func (l *Lab) Received() [][]byte { return l.list(l.customer, "INBOX") }

// Sent lists what lies in Sent.
func (l *Lab) Sent() [][]byte { return l.list(l.own, "Sent") }

// Inbox lists what lies in the account's inbox.
func (l *Lab) Inbox() [][]byte { return l.list(l.own, "INBOX") }

func (l *Lab) list(u User, folder string) (out [][]byte) {
	l.t.Helper()
	l.as(u, func(c *imapclient.Client) error {
		d, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil || d.NumMessages == 0 {
			return err
		}
		all := imap.SeqSet{{Start: 1, Stop: 0}}
		msgs, err := c.Fetch(all, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
		for _, m := range msgs {
			for _, s := range m.BodySection {
				out = append(out, s.Bytes)
			}
		}
		return err
	})
	return out
}

// Seen counts the inbox's mails that are marked as seen.
func (l *Lab) Seen() (n int) {
	l.t.Helper()
	l.as(l.own, func(c *imapclient.Client) error {
		if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			return err
		}
		d, err := c.UIDSearch(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}}, nil).Wait()
		n = len(d.AllUIDs())
		return err
	})
	return n
}

// Mark sets a keyword on a mail of the inbox.
func (l *Lab) Mark(messageID, keyword string) {
	l.t.Helper()
	l.onMail(messageID, func(c *imapclient.Client, uid imap.UIDSet) error {
		return c.Store(uid, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.Flag(keyword)}}, nil).Close()
	})
}

// Expunge removes a mail of the inbox.
func (l *Lab) Expunge(messageID string) {
	l.t.Helper()
	l.onMail(messageID, func(c *imapclient.Client, uid imap.UIDSet) error {
		err := c.Store(uid, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
		if err != nil {
			return err
		}
		return c.Expunge().Close()
	})
}

func (l *Lab) onMail(messageID string, do func(c *imapclient.Client, uid imap.UIDSet) error) {
	l.t.Helper()
	l.as(l.own, func(c *imapclient.Client) error {
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			return err
		}
		d, err := c.UIDSearch(&imap.SearchCriteria{
			Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}},
		}, nil).Wait()
		if err != nil {
			return err
		}
		if len(d.AllUIDs()) == 0 {
			return fmt.Errorf("no mail %q", messageID)
		}
		return do(c, imap.UIDSetNum(d.AllUIDs()...))
	})
}

// Renumber gives the inbox another UIDVALIDITY.
func (l *Lab) Renumber() bool { return l.renumber() }

// Cut breaks the line to both servers.
func (l *Lab) Cut() { l.IMAP.Cut(); l.SMTP.Cut() }

// CutAfter cuts each of the two lines when n more bytes have passed it.
func (l *Lab) CutAfter(n int64) { l.IMAP.CutAfter(n); l.SMTP.CutAfter(n) }

// Mute loses what the servers say.
func (l *Lab) Mute() { l.IMAP.Mute(); l.SMTP.Mute() }

// Restore repairs the line.
func (l *Lab) Restore() { l.IMAP.Restore(); l.SMTP.Restore() }

// Traffic is what has passed, both lines and ways together.
func (l *Lab) Traffic() int64 { return l.IMAP.Traffic() + l.SMTP.Traffic() }

// copyAll reads a mail as servers hand it over.
func copyAll(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	_, err := b.ReadFrom(r)
	return b.Bytes(), err
}
