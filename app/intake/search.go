package intake

import (
	"context"
	"time"

	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

// SearchOptions say what to ask the server for.
type SearchOptions struct {
	Text   string
	Among  source.Among
	Limit  int            // hits, at most
	Anyway bool           // also when today's bytes are used up: the person was asked
	Found  func(hits int) // after each step, with how many there are by now
	Waits  func()         // the account doesn't answer; the search goes on when it does
}

// Search asks the account's server for mail that lies there and isn't here, and
// brings what it finds. It makes way for replies between two steps, waits out a
// broken line, and ends with ctx; what came is kept.
func (in *Intake) Search(ctx context.Context, o SearchOptions) (hits int, err error) {
	req := source.SearchRequest{Text: o.Text, Among: o.Among, Limit: o.Limit}
	for failures := 0; ; {
		back := in.returned()
		page, err := in.searchStep(ctx, req, o.Anyway)
		switch {
		case ctx.Err() != nil:
			return hits, desk.E(desk.KindCancelled, "search the server", ctx.Err())
		case err == nil:
			failures = 0
			hits += page.Hits
			o.Found(hits)
			if req.Limit -= page.Hits; page.Place == "" || req.Limit <= 0 {
				return hits, nil
			}
			req.Place = page.Place
			continue
		case desk.KindOf(err) == desk.KindPaused || !mayPass(err):
			return hits, err
		}
		o.Waits()
		failures++
		select {
		case <-ctx.Done():
		case <-back:
		case <-time.After(source.Patience(failures)):
		}
	}
}

// searchStep makes one step and stores what it brought.
func (in *Intake) searchStep(ctx context.Context, req source.SearchRequest, anyway bool) (page source.SearchPage, err error) {
	const doing = "search the server"
	if !anyway && in.spent(ctx) {
		return page, errSpent
	}
	t, err := in.line.take(ctx, forPull)
	if err != nil {
		return page, err
	}
	defer t.give()
	if err := in.connect(ctx); err != nil {
		return page, err
	}
	if req.Cursor, err = in.cursor(ctx); err != nil {
		return page, err
	}
	choice, err := in.o.Store.LineChoice(ctx, in.o.Account)
	if err != nil {
		return page, in.cantStore("read line choice", err)
	}
	req.TextOnly = choice.TextOnly
	err = in.shielded(doing, func() (err error) {
		page, err = in.o.Search.Search(ctx, req)
		return err
	})
	at := in.now()
	switch {
	case err == nil:
	case ctx.Err() == nil && desk.KindOf(err) == desk.KindRefused:
		return page, err // an answer, if not a good one: the line is whole
	default:
		return page, in.broken(ctx, doing, err)
	}
	_, err = in.o.Store.Apply(ctx, store.Page{
		Account: in.o.Account, Items: page.Items, Cursor: page.Next, Reset: page.Reset, Dug: true,
	})
	if in.answered(ctx, at, keptNothing) {
		in.Wake()
	}
	if err != nil {
		return page, in.cantStore("store page", err)
	}
	return page, nil
}

func (in *Intake) cursor(ctx context.Context) (source.Cursor, error) {
	cursor, _, err := in.o.Store.Cursor(ctx, in.o.Account)
	if err != nil {
		return nil, in.cantStore("read cursor", err)
	}
	return cursor, nil
}
