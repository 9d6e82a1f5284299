package app

import (
	"context"
	"time"

	"fernpost/app/practice"
	"fernpost/store"
	"fernpost/store/desk"
)

// Line tells what is known of the line: never that we are "online", only when
// each account last answered.
type Line struct{ calls calls }

// Status gives the line's day, the accounts and today's bytes.
func (s *Line) Status() (LineView, error) {
	return read(s.calls, "read line", func(ctx context.Context, d *Desk) (LineView, error) {
		now := d.clock()
		start := dayStart(now)
		view := LineView{
			Accounts: []AccountView{}, Strokes: []LineStroke{}, SentTicks: []int64{},
			DayStart: start.UnixMilli(), Practice: d.practiceLine(),
		}
		for _, st := range d.stations.list() {
			stored, err := d.store.Account(ctx, st.account.ID) // its state or name may have moved since the start
			if err != nil {
				return view, err
			}
			account, err := d.accountView(ctx, st, stored)
			if err != nil {
				return view, err
			}
			view.Accounts = append(view.Accounts, account)
			events, err := d.store.LineSince(ctx, st.account.ID, start)
			if err != nil {
				return view, err
			}
			strokes, ticks := strokes(events, start, now)
			view.Strokes = append(view.Strokes, strokes...)
			view.SentTicks = append(view.SentTicks, ticks...)
		}
		c, err := d.store.Counters(ctx)
		if err != nil {
			return view, err
		}
		view.Waiting, view.NeedYou = c.Outbox, c.NeedYou
		if view.Bytes, err = d.bytesToday(ctx); err != nil {
			return view, err
		}
		for _, a := range view.Accounts {
			if a.Budget > 0 {
				view.Bytes.Budget += a.Budget
				view.Bytes.Counted += a.Used
			}
		}
		return view, nil
	})
}

// SetPractice switches the practice account's line: good, 3g, 2g, lossy, off.
func (s *Line) SetPractice(mode string) error {
	return do(s.calls, "switch practice line", func(_ context.Context, d *Desk) error {
		if d.practice == nil {
			return desk.E(desk.KindNotFound, "switch practice line", nil)
		}
		if err := d.practice.SetLine(practice.Mode(mode)); err != nil {
			return err
		}
		d.pump.lineChanged()
		d.wake()
		return nil
	})
}

func (d *Desk) practiceLine() string {
	if d.practice == nil {
		return ""
	}
	return string(d.practice.Line())
}

func (d *Desk) bytesToday(ctx context.Context) (LineBytes, error) {
	by, err := d.store.BytesToday(ctx)
	b := LineBytes{Replies: by["replies"], Text: by["text"], Looking: by["looking"], Files: by["files"]}
	b.Total = b.Replies + b.Text + b.Looking + b.Files
	return b, err
}

// workStart is the hour at which the strip of the day begins.
const workStart = 8

func dayStart(now time.Time) time.Time {
	start := startOfDay(now)
	if at := start.Add(workStart * time.Hour); !now.Before(at) {
		return at
	}
	return start
}

// strokes turns line events into spans: answered until lost, lost until
// answered. What stood before the first event isn't known and isn't drawn.
func strokes(events []store.LineEvent, start, now time.Time) ([]LineStroke, []int64) {
	out, ticks := []LineStroke{}, []int64{}
	var open *LineStroke
	for _, e := range events {
		at := max(e.At.UnixMilli(), start.UnixMilli())
		if e.Kind == "sent" {
			ticks = append(ticks, at)
			continue
		}
		answered := e.Kind == "answered"
		if open != nil && open.Answered == answered {
			continue
		}
		if open != nil {
			open.To = at
			out = append(out, *open)
		}
		open = &LineStroke{From: at, Answered: answered}
	}
	if open != nil {
		open.To = now.UnixMilli()
		out = append(out, *open)
	}
	return out, ticks
}
