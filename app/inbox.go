package app

import (
	"context"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
	"fernpost/store/question"
)

const (
	pageRows   = 50
	searchHits = 30
)

// Inbox reads conversations, from the store alone: the screen never waits for
// the network.
type Inbox struct{ calls calls }

// Counts gives the numbers beside the views.
func (s *Inbox) Counts() (Counts, error) {
	return read(s.calls, "count views", func(ctx context.Context, d *Desk) (Counts, error) {
		c, err := d.store.Counters(ctx)
		return Counts{
			Inbox: c.Inbox, Unread: c.InboxUnread, Waiting: c.Waiting, Snoozed: c.Snoozed, Done: c.Done,
			Drafts: c.Drafts, Outbox: c.Outbox, NeedYou: c.NeedYou,
		}, err
	})
}

// List gives a page of a view.
func (s *Inbox) List(req ListRequest) (RowPage, error) {
	return read(s.calls, "list conversations", func(ctx context.Context, d *Desk) (RowPage, error) {
		page, err := d.store.List(ctx, store.ListQuery{
			View: store.View(req.View), Order: store.Order(req.Order),
			After: req.After, Limit: clampLimit(req.Limit),
		})
		if err != nil {
			return RowPage{}, err
		}
		return RowPage{Rows: mapped(page.Rows, row), Next: page.Next, Total: page.Total}, nil
	})
}

func clampLimit(n int) int {
	if n <= 0 || n > 200 {
		return pageRows
	}
	return n
}

// Open gives one conversation, whole, and brings its missing text to the front
// of the wire.
func (s *Inbox) Open(id string) (ConversationView, error) {
	return read(s.calls, "open conversation", func(ctx context.Context, d *Desk) (ConversationView, error) {
		cid, err := desk.ParseConversationID(id)
		if err != nil {
			return ConversationView{}, err
		}
		return d.conversation(ctx, cid)
	})
}

// MarkRead marks a conversation read on this computer; the server's mailbox is
// shared and isn't told.
func (s *Inbox) MarkRead(id string) error {
	return do(s.calls, "mark read", func(ctx context.Context, d *Desk) error {
		cid, err := desk.ParseConversationID(id)
		if err != nil {
			return err
		}
		return d.store.MarkRead(ctx, cid)
	})
}

// SetStatus sets open, waiting or done, here at once and on the server when the
// line allows; or spam or bin, here alone: mail is never moved or deleted unasked.
func (s *Inbox) SetStatus(id, status string) error {
	return do(s.calls, "set status", func(ctx context.Context, d *Desk) error {
		cid, err := desk.ParseConversationID(id)
		if err != nil {
			return err
		}
		return d.setStatus(ctx, cid, desk.Status(status))
	})
}

// mostSnooze is how far ahead a conversation may be put aside.
const mostSnooze = 5 * 366 * 24 * time.Hour

// Snooze puts a conversation aside until a time (milliseconds since 1970), here
// alone. It comes back by itself then, or when the customer writes.
func (s *Inbox) Snooze(id string, until int64) error {
	return do(s.calls, "snooze", func(ctx context.Context, d *Desk) error {
		cid, err := desk.ParseConversationID(id)
		if err != nil {
			return err
		}
		at, now := time.UnixMilli(until), d.clock()
		if !at.After(now) || at.After(now.Add(mostSnooze)) {
			return desk.E(desk.KindInvalid, "snooze", nil)
		}
		return d.store.Snooze(ctx, cid, at)
	})
}

// Search finds messages, newest first, by words and operators (store/question).
func (s *Inbox) Search(req SearchRequest) (SearchView, error) {
	return read(s.calls, "search", func(ctx context.Context, d *Desk) (SearchView, error) {
		q := store.SearchQuery{Question: question.Parse(req.Text, d.clock()), Limit: searchHits}
		if req.After != "" {
			after, err := desk.ParseMessageID(req.After)
			if err != nil {
				return SearchView{}, err
			}
			q.After = after
		}
		hits, err := d.store.Search(ctx, q)
		if err != nil {
			return SearchView{}, err
		}
		since, beyond, err := d.reach(ctx)
		if err != nil {
			return SearchView{}, err
		}
		horizons, err := d.horizons(ctx)
		return SearchView{
			Hits: mapped(hits, func(h store.Hit) HitView { return hitView(h, horizons[h.Conversation.Account]) }),
			More: len(hits) == searchHits, Since: milli(since), Beyond: beyond,
		}, err
	})
}

func hitView(h store.Hit, horizon time.Time) HitView {
	return HitView{
		Message: h.Message.String(), Row: row(h.Conversation), Snippet: h.Snippet, At: milli(h.At),
		Server: h.At.Before(horizon),
	}
}

// conversation reads one conversation with its draft and what is on its way.
func (d *Desk) conversation(ctx context.Context, id desk.ConversationID) (ConversationView, error) {
	c, err := d.store.Conversation(ctx, id)
	if err != nil {
		return ConversationView{}, err
	}
	messages, err := d.store.Messages(ctx, c.ID)
	if err != nil {
		return ConversationView{}, err
	}
	ops, err := d.store.OpsOf(ctx, c.ID)
	if err != nil {
		return ConversationView{}, err
	}
	draft, err := d.store.DraftOf(ctx, c.ID)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return ConversationView{}, err
	}
	reports, err := d.store.Reports(ctx, c.ID)
	if err != nil {
		return ConversationView{}, err
	}
	shown, err := d.messageViews(ctx, c.Account, messages, reports)
	if err != nil {
		return ConversationView{}, err
	}
	d.focus(c.Account, messages)
	view := ConversationView{
		Row: row(c), Labels: orEmpty(c.Labels), Messages: shown,
		Outgoing: []OpView{}, Draft: draftView(draft), Account: string(c.Account),
	}
	for _, op := range ops {
		if op.Kind == desk.OpReply {
			v := d.outgoingView(ctx, op)
			v.Deliveries = deliveriesOf(reports, "", op.ID, []desk.Address{op.To})
			view.Outgoing = append(view.Outgoing, v)
		}
	}
	return view, nil
}

// setStatus writes the local effect and its op in one transaction.
func (d *Desk) setStatus(ctx context.Context, id desk.ConversationID, status desk.Status) error {
	if status != desk.StatusOpen && status != desk.StatusWaiting && status != desk.StatusDone && !status.OnlyHere() {
		return desk.E(desk.KindInvalid, "set status", nil)
	}
	c, err := d.store.Conversation(ctx, id)
	if err != nil {
		return err
	}
	st, err := d.station(c.Account)
	if err != nil {
		return err
	}
	var op *desk.Op
	if !status.OnlyHere() {
		if op, err = d.statusOp(ctx, st, c, status); err != nil {
			return err
		}
	}
	if err := d.store.SetStatus(ctx, c.ID, status, op); err != nil {
		return err
	}
	st.outbox.Wake()
	return nil
}
