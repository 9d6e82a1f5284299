package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"fernpost/app/source/mail/maillab"
	"fernpost/build/benchmark/corpus"
	"fernpost/build/benchmark/rural"
)

// What the new mails of the rural line are.
const (
	newMails  = 50
	newFiles  = 5
	fileBytes = 200_000
	cutEvery  = 20 * time.Second
)

// lineBench is a mailbox behind a rural line, and the two programs before it.
type lineBench struct {
	house  mailHouse
	work   string
	box    *maillab.Mailbox
	line   *rural.Line
	proxy  *maillab.Proxy
	writer *corpus.Writer
	since  int64 // when the newest batch of mails began
	table  table
}

// runLine is build/bench line.
func runLine(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("line", flag.ContinueOnError)
	dir := flags.String("dir", filepath.Join("build", "out", "bench"), "where the mailbox is kept")
	peer := flags.Bool("peer", true, "measure mbsync beside us; it takes minutes")
	rounds := flags.Int("rounds", 3, "how often we look and bring texts")
	seed := flags.Uint64("seed", 1, "which packets are lost")
	only := flags.String("only", "", "one of: nothing, texts, cuts")
	if err := flags.Parse(args); err != nil {
		return err
	}
	base, err := filepath.Abs(*dir)
	if err != nil {
		return err
	}
	b := &lineBench{house: mailHouse{filepath.Join(base, "mail")}, work: filepath.Join(base, "mail", "work")}
	if err := maillab.OnStage(func(s maillab.Stage) error { return b.house.warmUp(ctx, s) }); err != nil {
		return err
	}
	return maillab.OnStage(func(s maillab.Stage) error {
		if err := b.lay(ctx, s, *seed); err != nil {
			return err
		}
		if err := b.measure(ctx, *only, *rounds, *peer); err != nil {
			return err
		}
		return b.table.print(os.Stdout)
	})
}

// lay puts the line before a mailbox and gives both programs a fresh copy of
// what they had.
func (b *lineBench) lay(ctx context.Context, s maillab.Stage, seed uint64) (err error) {
	if b.writer, err = b.house.begun(); err != nil {
		return err
	}
	b.line = rural.Lay(ctx, s, seed)
	b.box = maillab.NewMailbox(s, maillab.MailboxOptions{From: b.house.warm(), Names: []net.IP{net.ParseIP(b.line.Host)}})
	b.proxy = maillab.NewProxyAt(s, b.line.Host, b.box.Addr)
	how := "lost packets under real TCP (TUN, as root)"
	if !b.line.Real() {
		b.proxy.Slow(rural.Rate, rural.Delay)
		how = "a relay with rate and delay; nothing is lost, because that needs root and TUN devices"
	}
	b.table.section(fmt.Sprintf("A rural line: 64 kbit/s each way, 600 ms, 2 %% loss; %d mails. How: %s", mailCount, how))
	s.Cleanup(func() { _ = os.RemoveAll(b.work) })
	if err := os.MkdirAll(b.work, 0o700); err != nil {
		return err
	}
	return errors.Join(copyTree(ctx, b.house.desk(), b.desk()), copyTree(ctx, b.house.mbsync(), b.peer().dir))
}

func (b *lineBench) desk() string { return filepath.Join(b.work, "desk") }
func (b *lineBench) peer() mbsync { return mbsync{filepath.Join(b.work, "mbsync")} }

func (b *lineBench) order() deskOrder {
	return deskOrder{
		Dir: b.desk(), Server: b.proxy.Addr, Roots: b.box.RootsFile,
		User: b.box.User.Address, Password: b.box.User.Password,
		Lasting: filepath.Join(b.work, "lasting"),
	}
}

// crossing is what one run of a program cost on the line.
type crossing struct {
	usage
	got, sent int64         // bytes in TCP
	wire      rural.Traffic // with all headers; zero where no packets are counted
}

func (c crossing) String() string {
	s := fmt.Sprintf("%5.1f s   %s received, %s sent", c.wall.Seconds(), kilobytes(c.got), kilobytes(c.sent))
	if c.wire.Packets > 0 {
		s += fmt.Sprintf(" (%s in %d packets with TCP and IP, %d lost)",
			kilobytes(c.wire.Down+c.wire.Up), c.wire.Packets, c.wire.Lost)
	}
	return s + fmt.Sprintf("   CPU %.2f s", c.cpu.Seconds())
}

func kilobytes(n int64) string { return fmt.Sprintf("%.1f kB", float64(n)/1e3) }

// cross runs a program at the far end of the line.
func (b *lineBench) cross(ctx context.Context, name string, args ...string) (said []byte, c crossing, err error) {
	before, total, up := b.line.Traffic(), b.proxy.Traffic(), b.proxy.Sent()
	said, c.usage, err = timedRun(b.line.Command(ctx, name, args...))
	after := b.line.Traffic()
	c.sent = b.proxy.Sent() - up
	c.got = b.proxy.Traffic() - total - c.sent
	c.wire = rural.Traffic{
		Down: after.Down - before.Down, Up: after.Up - before.Up,
		Packets: after.Packets - before.Packets, Lost: after.Lost - before.Lost,
	}
	return said, c, err
}

// ours lets our own program do something.
func (b *lineBench) ours(ctx context.Context, o deskOrder) (r deskReport, c crossing, err error) {
	said, c, err := b.cross(ctx, self(), o.args()...)
	if err == nil {
		err = json.Unmarshal(said, &r)
	}
	return r, c, err
}

// theirs lets mbsync do its work; what ends it is given back.
func (b *lineBench) theirs(ctx context.Context) (crossing, error) {
	args, err := b.peer().configure(b.order())
	if err != nil {
		return crossing{}, err
	}
	_, c, err := b.cross(ctx, "mbsync", args...)
	return c, err
}

// arrive delivers a batch of new mails.
func (b *lineBench) arrive() [][]byte {
	var raws [][]byte
	for i := range newMails {
		file := 0
		if i%(newMails/newFiles) == 3 {
			file = fileBytes
		}
		m := b.writer.NextWith(file)
		if i == 0 {
			b.since = m.At.Unix()
		}
		b.box.Add(m.Raw, m.At)
		raws = append(raws, m.Raw)
	}
	return raws
}
