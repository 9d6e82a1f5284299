package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"fernpost/app/source/mail/maillab"
)

// runMail is build/bench mail: the first sync of a whole mailbox, its texts
// searchable, beside mbsync and notmuch on the same server. There is no line
// between; what counts is CPU and bytes.
func runMail(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("mail", flag.ContinueOnError)
	dir := flags.String("dir", filepath.Join("build", "out", "bench"), "where the mailbox is kept")
	if err := flags.Parse(args); err != nil {
		return err
	}
	base, err := filepath.Abs(*dir)
	if err != nil {
		return err
	}
	h := mailHouse{filepath.Join(base, "mail")}
	if err := h.deliver(); err != nil {
		return err
	}
	return maillab.OnStage(func(s maillab.Stage) error { return measureMail(ctx, s, h) })
}

func measureMail(ctx context.Context, s maillab.Stage, h mailHouse) error {
	work := filepath.Join(h.dir, "work")
	s.Cleanup(func() { _ = os.RemoveAll(work) })
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	if err := os.MkdirAll(work, 0o700); err != nil {
		return err
	}
	box := maillab.NewMailbox(s, maillab.MailboxOptions{From: h.plain()})
	proxy := maillab.NewProxy(s, box.Addr)
	o := deskOrder{
		Dir: filepath.Join(work, "desk"), Server: proxy.Addr, Roots: box.RootsFile,
		User: box.User.Address, Password: box.User.Password,
	}
	say("mbsync and notmuch")
	peer := mbsync{filepath.Join(work, "mbsync")}
	mbsyncArgs, err := peer.configure(o)
	if err != nil {
		return err
	}
	_, pulled, err := timedRun(exec.CommandContext(ctx, "mbsync", mbsyncArgs...))
	if err != nil {
		return err
	}
	theirs := proxy.Traffic()
	indexed, err := notmuchNew(ctx, peer.dir)
	if err != nil {
		return err
	}
	say("fernpost")
	said, ours, err := timedRun(exec.CommandContext(ctx, self(), o.args()...))
	if err != nil {
		return err
	}
	var r deskReport
	if err := json.Unmarshal(said, &r); err != nil {
		return err
	}
	bytes := proxy.Traffic() - theirs
	var t table
	t.section(fmt.Sprintf("The first sync of %d mails, text searchable", mailCount))
	t.add(row{what: "mbsync", note: fmt.Sprintf("%s, %s", spent(pulled), megabytes(theirs))})
	t.add(row{what: "notmuch new", note: spent(indexed)})
	t.add(row{what: "fernpost", note: fmt.Sprintf("%s, %s; %d heads, %d texts", spent(ours), megabytes(bytes), r.Heads, r.Texts)})
	t.add(row{what: "CPU", note: fmt.Sprintf("%.3f of theirs (≤ 0.2), %.1f s (≤ 5 s)", ours.cpu.Seconds()/(pulled.cpu+indexed.cpu).Seconds(), ours.cpu.Seconds())})
	t.add(row{what: "bytes", note: fmt.Sprintf("%.3f of theirs (≤ 0.1)", float64(bytes)/float64(theirs))})
	return t.print(os.Stdout)
}

func spent(u usage) string {
	return fmt.Sprintf("%.1f s, CPU %.1f s, %s", u.wall.Seconds(), u.cpu.Seconds(), megabytes(u.memory)+" resident")
}

// notmuchNew indexes what mbsync brought.
func notmuchNew(ctx context.Context, dir string) (usage, error) {
	config := filepath.Join(dir, "notmuchrc")
	text := "[database]\npath=" + filepath.Join(dir, "INBOX") + "\n[user]\nname=Bench\nprimary_email=" + us.Addr + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return usage{}, err
	}
	cmd := exec.CommandContext(ctx, "notmuch", "new", "--quiet")
	cmd.Env = append(os.Environ(), "NOTMUCH_CONFIG="+config)
	_, u, err := timedRun(cmd)
	return u, err
}
