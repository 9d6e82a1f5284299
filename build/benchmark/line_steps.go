package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// measure goes through what a rural desk does in a day, or one part of it.
func (b *lineBench) measure(ctx context.Context, only string, rounds int, peer bool) error {
	steps := []struct {
		name string
		run  func(context.Context, int, bool) error
	}{{"nothing", b.nothingNew}, {"texts", b.newTexts}, {"cuts", b.cuts}}
	for _, step := range steps {
		if only != "" && only != step.name {
			continue
		}
		if err := step.run(ctx, rounds, peer); err != nil {
			return err
		}
	}
	return nil
}

func (b *lineBench) row(what string, format string, args ...any) {
	b.table.add(row{what: what, note: fmt.Sprintf(format, args...)})
	say("%s: %s", what, fmt.Sprintf(format, args...))
}

// nothingNew looks for mail where there is none.
func (b *lineBench) nothingNew(ctx context.Context, rounds int, peer bool) error {
	var theirs crossing
	if peer {
		c, err := b.theirs(ctx)
		if err != nil {
			return err
		}
		theirs = c
		b.row("nothing new: mbsync", "%s", c)
	}
	for i := range rounds + 1 {
		r, c, err := b.ours(ctx, b.order())
		if err != nil {
			return err
		}
		how := "resumed"
		switch i {
		case 0:
			how = "cold" // as the set-up's test: nothing is known of the server
		case 1:
			how = "resumed, and asked for a post-quantum exchange"
		}
		b.row("nothing new: fernpost, "+how, "%s; signed in after %.1f s, done after %.1f s", c, r.Opened, r.Pulled)
		b.row("", "%.2f kB both ways (≤ 4 kB)", float64(c.got+c.sent)/1e3)
		if peer {
			b.row("", "%.2f of mbsync's time (≤ 0.25)", float64(c.wall)/float64(theirs.wall))
		}
	}
	return nil
}

// newTexts brings the texts of 50 new mails, five of which have a large file.
func (b *lineBench) newTexts(ctx context.Context, rounds int, peer bool) error {
	for i := range rounds {
		limit, why := physical(b.arrive())
		o := b.order()
		o.Texts = newMails
		r, c, err := b.ours(ctx, o)
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("%d new texts: fernpost", newMails), "all here after %.1f s; %s", r.Texted, c)
		b.row("", "limit %.1f s (%s): %.2f of it (≤ 1.3)", limit.Seconds(), why, r.Texted/limit.Seconds())
		if !peer || i > 0 {
			continue
		}
		if c, err = b.theirs(ctx); err != nil {
			return err
		}
		b.row(fmt.Sprintf("%d new mails: mbsync", newMails), "%s", c)
	}
	return nil
}

// cuts brings 50 mails and their files twice: over a line that holds, and over
// one that breaks every 20 seconds. What the second costs more is wasted.
func (b *lineBench) cuts(ctx context.Context, _ int, peer bool) error {
	b.arrive()
	o := b.order()
	o.Texts, o.Since = newMails, b.since
	if err := b.rehearse(ctx, &o); err != nil {
		return err
	}
	whole, held, err := b.ours(ctx, o)
	if err != nil {
		return err
	}
	b.row("the same, uncut: fernpost", "%s", arrived(whole, held))
	o = b.order()
	o.Texts, o.Since = newMails, b.since
	done := b.cutting()
	r, c, err := b.ours(ctx, o)
	done()
	if err != nil {
		return err
	}
	b.row("cut every 20 s: fernpost", "%s", arrived(r, c))
	again := r.bytes() - whole.bytes()
	hello := r.Hello - whole.Hello
	b.row("", "wasted: %s of %s = %.1f %% (≤ 5 %%): %s of opening %d more lines, %s that came twice = %.1f %%",
		kilobytes(again), kilobytes(whole.bytes()), percent(again, whole.bytes()),
		kilobytes(hello), r.Lines-whole.Lines, kilobytes(again-hello), percent(again-hello, whole.bytes()))
	if on, off := c.wire.Down+c.wire.Up, held.wire.Down+held.wire.Up; off > 0 {
		b.row("", "with TCP, IP, and what lay on its way at a cut: %.1f %%", percent(on-off, off))
	}
	return b.cutPeer(ctx, peer)
}

// rehearse lets an order work on a copy of the store and of what was learnt.
func (b *lineBench) rehearse(ctx context.Context, o *deskOrder) error {
	o.Dir = b.desk() + "-uncut"
	if err := copyTree(ctx, b.desk(), o.Dir); err != nil {
		return err
	}
	lasting := o.Lasting
	o.Lasting += "-uncut"
	if _, err := os.Stat(lasting); err != nil {
		return nil // nothing was learnt yet, for neither run
	}
	return copyTree(ctx, lasting, o.Lasting)
}

func arrived(r deskReport, c crossing) string {
	return fmt.Sprintf("%d texts after %.1f s, %d files after %.1f s, %d connections; %s",
		r.Texts, r.Texted, r.Files, r.Filed, r.Lines, c)
}

func percent(part, of int64) float64 { return 100 * float64(part) / float64(of) }

// cutPeer lets mbsync try the same.
func (b *lineBench) cutPeer(ctx context.Context, peer bool) error {
	if !peer {
		return nil
	}
	defer b.cutting()()
	before := b.peer().mails()
	began := time.Now()
	tries := 0
	for ; time.Since(began) < 2*time.Minute; tries++ {
		if _, err := b.theirs(ctx); err == nil {
			break
		}
	}
	b.row("cut every 20 s: mbsync", "%d mails after %d tries in %.0f s", b.peer().mails()-before, tries, time.Since(began).Seconds())
	return nil
}

// cutting ends every connection each 20 seconds until it is told to stop.
func (b *lineBench) cutting() (stop func()) {
	ticker := time.NewTicker(cutEvery)
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				b.proxy.Cut()
				b.proxy.Restore()
			}
		}
	}()
	return func() { ticker.Stop(); close(quit); <-ended }
}
