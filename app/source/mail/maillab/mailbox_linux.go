package maillab

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Mailbox is a real Dovecot with one mailbox, to measure on: it may be large,
// and may begin as an earlier one was kept.
type Mailbox struct {
	User      User
	Addr      string // IMAP under TLS
	RootsFile string // whom to trust, in PEM

	h    *house
	came int
}

// MailboxOptions say what a Mailbox begins with.
type MailboxOptions struct {
	From  string   // what Keep wrote, "" for an empty mailbox
	Names []net.IP // further addresses that the certificate is to name
}

// NewMailbox starts the server, until the stage ends.
func NewMailbox(s Stage, o MailboxOptions) *Mailbox {
	s.Helper()
	requirePrograms(s, needed[:2])
	h := newHouse(s, o.Names...)
	m := &Mailbox{h: h, User: h.user("amira", 1), Addr: addr(h.imaps), RootsFile: filepath.Join(h.dir, "tls", "roots.pem")}
	if o.From != "" {
		m.copy(o.From, m.home())
	}
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(m.maildir(), sub), 0o700); err != nil {
			s.Fatalf("make a mailbox: %v", err)
		}
	}
	h.startDovecot() // gives everything to the server first
	return m
}

func (m *Mailbox) home() string    { return filepath.Join(m.h.dir, "home", m.User.Address) }
func (m *Mailbox) maildir() string { return filepath.Join(m.home(), "Maildir") }

// Keep copies the mailbox with the server's index and numbering to a folder
// that doesn't exist yet. Nobody may be signed in.
func (m *Mailbox) Keep(to string) { m.copy(m.home(), to) }

func (m *Mailbox) copy(from, to string) {
	if out, err := exec.Command("cp", "-a", "--reflink=auto", from, to).CombinedOutput(); err != nil {
		m.h.t.Fatalf("copy a mailbox: %v: %s", err, out)
	}
}

// Add puts a mail into the inbox, as a delivery does: at becomes the server's
// date.
func (m *Mailbox) Add(raw []byte, at time.Time) {
	m.came++
	name := fmt.Sprintf("%d.M%dP%d.lab", at.Unix(), m.came, os.Getpid())
	tmp := filepath.Join(m.maildir(), "tmp", name)
	err := os.WriteFile(tmp, raw, 0o600)
	if err == nil && m.h.as != nil {
		err = os.Chown(tmp, int(m.h.as.Uid), int(m.h.as.Gid))
	}
	if err == nil {
		err = os.Chtimes(tmp, at, at)
	}
	if err == nil {
		err = os.Rename(tmp, filepath.Join(m.maildir(), "new", name))
	}
	if err != nil {
		m.h.t.Fatalf("deliver a mail: %v", err)
	}
}
