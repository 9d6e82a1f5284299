package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"fernpost/app/source/mail/maillab"
	"fernpost/build/benchmark/corpus"
)

const (
	mailCount   = 20_000
	mailFashion = 1 // counts up when the corpus changes
	mailSeed    = 5
)

// firstMail is when the oldest mail came; the newest came in the autumn after.
var firstMail = time.Date(2025, 11, 1, 8, 0, 0, 0, time.UTC)

// mailHouse is where the mailbox and what was brought of it are kept between
// runs: plain is the mailbox as delivered, warm the mailbox as the server has
// indexed it, with our store and mbsync's folder after a first sync.
type mailHouse struct{ dir string }

func (h mailHouse) plain() string  { return filepath.Join(h.dir, "plain") }
func (h mailHouse) warm() string   { return filepath.Join(h.dir, "warm", "home") }
func (h mailHouse) desk() string   { return filepath.Join(h.dir, "warm", "desk") }
func (h mailHouse) mbsync() string { return filepath.Join(h.dir, "warm", "mbsync") }

// begun is the mailbox's writer, after its last mail.
func (h mailHouse) begun() (*corpus.Writer, error) {
	w, err := corpus.New(mailSeed, firstMail)
	if err != nil {
		return nil, err
	}
	for range mailCount {
		w.Next()
	}
	return w, nil
}

// deliver writes the mailbox as a maildir, unless an earlier run did.
func (h mailHouse) deliver() error {
	mark, want := filepath.Join(h.dir, "delivered"), fmt.Sprintf("%d mails, fashion %d", mailCount, mailFashion)
	if there, err := os.ReadFile(mark); err == nil && string(there) == want {
		return nil
	}
	say("writing a mailbox of %d mails (kept for the next run)", mailCount)
	if err := os.RemoveAll(h.dir); err != nil {
		return err
	}
	cur := filepath.Join(h.plain(), "Maildir", "cur")
	if err := os.MkdirAll(cur, 0o700); err != nil {
		return err
	}
	w, err := corpus.New(mailSeed, firstMail)
	if err != nil {
		return err
	}
	for i := range mailCount {
		m := w.Next()
		flags := ""
		if m.Seen {
			flags = "S"
		}
		name := filepath.Join(cur, fmt.Sprintf("%d.M%dP1.lab,S=%d:2,%s", m.At.Unix(), i, len(m.Raw), flags))
		if err := os.WriteFile(name, m.Raw, 0o600); err != nil {
			return err
		}
		if err := os.Chtimes(name, m.At, m.At); err != nil {
			return err
		}
	}
	return os.WriteFile(mark, []byte(want), 0o600)
}

// usage is what a program cost.
type usage struct {
	wall, cpu time.Duration
	memory    int64 // its largest resident size, bytes
}

// timedRun runs a program to its end. What it prints is given back.
func timedRun(cmd *exec.Cmd) (said []byte, u usage, err error) {
	began := time.Now()
	cmd.Stderr = nil
	said, err = cmd.Output()
	u.wall = time.Since(began)
	if s := cmd.ProcessState; s != nil {
		u.cpu = s.UserTime() + s.SystemTime()
		if r, ok := s.SysUsage().(*syscall.Rusage); ok {
			u.memory = r.Maxrss << 10
		}
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, exit.Stderr)
	}
	return said, u, err
}

func copyTree(ctx context.Context, from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "cp", "-a", "--reflink=auto", from, to).CombinedOutput(); err != nil {
		return fmt.Errorf("copy %s: %w: %s", filepath.Base(from), err, out)
	}
	return nil
}

// warmUp sees that our store and mbsync's folder hold the whole mailbox, without
// any line between. What an earlier run left is brought up to date.
func (h mailHouse) warmUp(ctx context.Context, s maillab.Stage) error {
	if err := h.deliver(); err != nil {
		return err
	}
	from := h.warm()
	if _, err := os.Stat(from); err != nil {
		from = h.plain()
	}
	schema, err := schemaSum()
	if err != nil {
		return err
	}
	mark := filepath.Join(h.dir, "warm", "schema")
	if was, err := os.ReadFile(mark); err != nil || string(was) != schema {
		if err := os.RemoveAll(h.desk()); err != nil {
			return err
		}
	}
	say("bringing both programs up to date")
	box := maillab.NewMailbox(s, maillab.MailboxOptions{From: from})
	o := deskOrder{Dir: h.desk(), Server: box.Addr, Roots: box.RootsFile, User: box.User.Address, Password: box.User.Password}
	if _, _, err := timedRun(exec.CommandContext(ctx, self(), o.args()...)); err != nil {
		return err
	}
	peer := mbsync{h.mbsync()}
	args, err := peer.configure(o)
	if err != nil {
		return err
	}
	if _, _, err := timedRun(exec.CommandContext(ctx, "mbsync", args...)); err != nil {
		return err
	}
	if n := peer.mails(); n != mailCount {
		return fmt.Errorf("mbsync has %d mails of %d", n, mailCount)
	}
	if err := os.RemoveAll(h.warm()); err != nil {
		return err
	}
	box.Keep(h.warm())
	return os.WriteFile(mark, []byte(schema), 0o600)
}

// self is this program, to be started as a child.
func self() string {
	path, err := os.Executable()
	if err != nil {
		maillab.Stop(err)
	}
	return path
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
