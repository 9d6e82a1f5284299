package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"mime"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"fernpost/store/desk"
)

// peerRounds is how often the peer is asked; each time starts a process.
const peerRounds = 60

// measurePeer lets notmuch index the very letters of the store and search them.
// It is the nearest program that searches a whole mailbox on one computer. Its
// times hold the start of a process, which an agent at its prompt waits for too.
func measurePeer(ctx context.Context, t *table, dir string, n int) error {
	if !installed("notmuch") {
		t.add(row{what: "peer", note: "notmuch isn't installed (build/bench --peer installs it)"})
		return nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	p := peer{dir: filepath.Join(dir, "notmuch")}
	filled, err := p.prepare(ctx, n)
	if err != nil {
		return err
	}
	if filled > 0 {
		t.add(row{what: "notmuch: filled", note: filled.Round(time.Second).String()})
	}
	rng := rand.New(rand.NewPCG(1, 1))
	searches := []struct {
		what string
		word func(*rand.Rand) string
	}{
		{"notmuch: an order number", func(r *rand.Rand) string { return orderNumber(r.IntN(n)) }},
		{"notmuch: a common word", one("refund", "Rückzahlung", "reembolso", "возврат")},
	}
	for _, q := range searches {
		s, err := timed(ctx, peerRounds, func(ctx context.Context) error { return p.search(ctx, q.word(rng)) })
		if err != nil {
			return err
		}
		t.times(q.what, s, 0)
	}
	return nil
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

type peer struct{ dir string }

func (p peer) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "notmuch", args...)
	cmd.Env = append(os.Environ(), "NOTMUCH_CONFIG="+filepath.Join(p.dir, "config"))
	return cmd
}

func (p peer) search(ctx context.Context, word string) error {
	return p.command(ctx, "search", "--limit=50", "--sort=newest-first", "--output=summary", word).Run()
}

// prepare writes the letters as files and has them indexed, unless they are.
func (p peer) prepare(ctx context.Context, n int) (time.Duration, error) {
	if _, err := os.Stat(filepath.Join(p.dir, "config")); err == nil {
		return 0, nil
	}
	mails := filepath.Join(p.dir, "mail", "cur")
	if err := os.MkdirAll(mails, 0o700); err != nil {
		return 0, err
	}
	w := newWriter(uint64(n))
	for i := range n {
		for _, a := range w.conversation(i) {
			name := filepath.Join(mails, a.Head.HeaderID+":2,S")
			if err := os.WriteFile(name, []byte(mailOf(a)), 0o600); err != nil {
				return 0, err
			}
		}
	}
	began := time.Now()
	config := filepath.Join(p.dir, "config.new")
	text := "[database]\npath=" + filepath.Join(p.dir, "mail") + "\n[user]\nname=Bench\nprimary_email=help@bench.example\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return 0, err
	}
	cmd := p.command(ctx, "new", "--quiet")
	cmd.Env = append(cmd.Env, "NOTMUCH_CONFIG="+config)
	if said, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("notmuch new: %w: %s", err, said)
	}
	return time.Since(began), os.Rename(config, filepath.Join(p.dir, "config"))
}

// mailOf writes an arrival as the mail it might have been (RFC 5322).
func mailOf(a desk.Arrival) string {
	var b strings.Builder
	from := mime.QEncoding.Encode("utf-8", a.Head.From.Name)
	fmt.Fprintf(&b, "From: %s <%s>\n", from, a.Head.From.Addr)
	fmt.Fprintf(&b, "To: <%s>\n", a.Head.To[0].Addr)
	fmt.Fprintf(&b, "Subject: %s\n", mime.QEncoding.Encode("utf-8", a.Head.Subject))
	fmt.Fprintf(&b, "Date: %s\n", a.Head.At.Format(time.RFC1123Z))
	fmt.Fprintf(&b, "Message-ID: <%s>\n", a.Head.HeaderID)
	if len(a.Head.References) > 0 {
		fmt.Fprintf(&b, "References: <%s>\n", strings.Join(a.Head.References, "> <"))
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n", a.Body.Text)
	return b.String()
}
