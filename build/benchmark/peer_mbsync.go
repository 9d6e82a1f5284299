package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
)

// mbsync is the peer on the line: the usual program that keeps a whole mailbox
// on one computer. It brings in what is new, changed and deleted, as we do.
type mbsync struct{ dir string }

const mbsyncConfig = `IMAPAccount bench
Host {host}
Port {port}
User {user}
Pass {password}
SSLType IMAPS
CertificateFile {roots}
Timeout 120

IMAPStore far
Account bench

MaildirStore near
Path {dir}/
Inbox {dir}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
`

// configure writes where the server answers now, and gives the arguments.
func (m mbsync) configure(o deskOrder) ([]string, error) {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(o.Server)
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("{host}", host, "{port}", port, "{user}", o.User, "{password}", o.Password,
		"{roots}", o.Roots, "{dir}", m.dir).Replace(mbsyncConfig)
	file := filepath.Join(m.dir, "mbsyncrc")
	return []string{"-q", "-c", file, "all"}, os.WriteFile(file, []byte(text), 0o600)
}

// mails counts what it has brought.
func (m mbsync) mails() int {
	n := 0
	for _, sub := range []string{"cur", "new"} {
		entries, err := os.ReadDir(filepath.Join(m.dir, "INBOX", sub))
		if err == nil {
			n += len(entries)
		}
	}
	return n
}
