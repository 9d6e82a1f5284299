package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
	"fernpost/store/question"
)

// DESIGN.md's budgets for what the store does.
const (
	openBudget   = 50 * time.Millisecond // to paint, so the store must keep far below
	searchBudget = 10 * time.Millisecond
	rounds       = 400 // samples of everything that reads
	writeRounds  = 100 // samples of everything that syncs to disk
	rowsOnScreen = 50
)

// bench is a store being measured.
type bench struct {
	store *store.Store
	rng   *rand.Rand
	some  []desk.ConversationID // spread over the whole store
}

func measureStore(ctx context.Context, t *table, dir string) error {
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return err
	}
	b := &bench{store: s, rng: rand.New(rand.NewPCG(1, 1))}
	err = b.measure(ctx, t)
	return errors.Join(err, s.Close())
}

func (b *bench) measure(ctx context.Context, t *table) error {
	if err := b.gather(ctx); err != nil {
		return err
	}
	parts := []struct {
		what   string
		n      int
		budget time.Duration
		act    func(ctx context.Context) error
	}{
		{"list: first page, longest waiting", rounds, 0, b.firstPage(store.OrderLongest)},
		{"list: first page, newest", rounds, 0, b.firstPage(store.OrderNewest)},
		{"list: a page far down", rounds, 0, b.deepPage()},
		{"list: the counters", rounds, 0, func(ctx context.Context) error { _, err := b.store.Counters(ctx); return err }},
		{"open: a conversation anywhere", rounds, openBudget, b.open},
		{"search: an order number", rounds, searchBudget, b.search(b.anyOrder)},
		{"search: a common word", rounds, searchBudget, b.search(one("refund", "Rückzahlung", "reembolso", "возврат"))},
		{"search: two words", rounds, searchBudget, b.search(one("refund account", "Konto zweimal", "colis remboursement"))},
		{"search: two Chinese characters", rounds, searchBudget, b.search(one("退款", "包裹", "订单"))},
		{"search: operators alone", rounds, searchBudget, b.search(one("is:unread", "is:open lang:de", "has:file", "-is:open after:2020"))},
		{"search: a word and operators", rounds, searchBudget, b.search(one("refund is:open", "from:support refund", "paket -is:done"))},
		{"search: a word nobody wrote", rounds, searchBudget, b.search(one("zugzwang", "квокка", "麒麟"))},
		{"write: save a draft", writeRounds, 0, b.saveDraft},
		{"write: queue a reply, take it back", writeRounds, 0, b.queueAndTakeBack},
		{"write: bring one message in", writeRounds, 0, b.bringIn()},
	}
	for _, p := range parts {
		s, err := timed(ctx, p.n, p.act)
		if err != nil {
			return fmt.Errorf("%s: %w", p.what, err)
		}
		t.times(p.what, s, p.budget)
	}
	return nil
}

// timed does something n times, after a few times that don't count.
func timed(ctx context.Context, n int, act func(ctx context.Context) error) (samples, error) {
	const warm = 5
	s := make(samples, 0, n)
	for i := range warm + n {
		began := time.Now()
		if err := act(ctx); err != nil {
			return nil, err
		}
		if i >= warm {
			s = append(s, time.Since(began))
		}
	}
	return s, nil
}

// gather walks the inbox and keeps every seventh conversation.
func (b *bench) gather(ctx context.Context) error {
	q := store.ListQuery{View: store.ViewInbox, Order: store.OrderNewest, Limit: 500}
	for {
		page, err := b.store.List(ctx, q)
		if err != nil {
			return err
		}
		for i := 0; i < len(page.Rows); i += 7 {
			b.some = append(b.some, page.Rows[i].ID)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if len(b.some) == 0 {
		return errors.New("the inbox is empty")
	}
	return nil
}

func (b *bench) any() desk.ConversationID { return b.some[b.rng.IntN(len(b.some))] }

func (b *bench) firstPage(order store.Order) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := b.store.List(ctx, store.ListQuery{View: store.ViewInbox, Order: order, Limit: rowsOnScreen})
		return err
	}
}

// deepPage goes down the list page by page and begins again at its end.
func (b *bench) deepPage() func(context.Context) error {
	q := store.ListQuery{View: store.ViewInbox, Order: store.OrderLongest, Limit: rowsOnScreen}
	return func(ctx context.Context) error {
		page, err := b.store.List(ctx, q)
		q.After = page.Next
		return err
	}
}

// open reads what the screen reads when a conversation is opened.
func (b *bench) open(ctx context.Context) error {
	id := b.any()
	if _, err := b.store.Conversation(ctx, id); err != nil {
		return err
	}
	if _, err := b.store.Messages(ctx, id); err != nil {
		return err
	}
	if _, err := b.store.OpsOf(ctx, id); err != nil {
		return err
	}
	_, err := b.store.DraftOf(ctx, id)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}

func one(words ...string) func(*rand.Rand) string {
	return func(r *rand.Rand) string { return words[r.IntN(len(words))] }
}

func (b *bench) anyOrder(r *rand.Rand) string { return orderNumber(r.IntN(len(b.some))) }

func (b *bench) search(word func(*rand.Rand) string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := b.store.Search(ctx, store.SearchQuery{Question: question.Parse(word(b.rng), time.Now()), Limit: rowsOnScreen})
		return err
	}
}

func (b *bench) draft(ctx context.Context, id desk.ConversationID) (desk.Draft, error) {
	return b.store.SaveDraft(ctx, desk.Draft{
		Account: account, Conversation: id, Subject: "Re: your order",
		To: []desk.Address{{Addr: "customer@mail.example"}}, Text: answer,
	})
}

// saveDraft is what the composer does while somebody types.
func (b *bench) saveDraft(ctx context.Context) error {
	d, err := b.draft(ctx, b.any())
	if err != nil {
		return err
	}
	return b.store.DropDraft(ctx, d.ID)
}

func (b *bench) queueAndTakeBack(ctx context.Context) error {
	c, err := b.store.Conversation(ctx, b.any())
	if err != nil {
		return err
	}
	d, err := b.draft(ctx, c.ID)
	if err != nil {
		return err
	}
	now := time.Now()
	payload := []byte(answer)
	op := desk.Op{
		ID: desk.NewOpID(now), Account: account, Conversation: c.ID, Lane: desk.LanePublic, Kind: desk.OpReply,
		Payload: payload, PayloadSHA: sha256.Sum256(payload), Base: c.LastMessage, Draft: d.ID,
		State: desk.OpQueued, UndoUntil: now.Add(time.Minute), NextAt: now.Add(time.Minute), Created: now, Changed: now,
		To: c.Customer, Subject: d.Subject, Preview: answer[:80], Text: answer, Bytes: int64(len(payload)),
	}
	if _, err := b.store.QueueReply(ctx, op, desk.StatusWaiting); err != nil {
		return err
	}
	if _, err := b.store.CancelOp(ctx, op.ID, true); err != nil {
		return err
	}
	return b.store.SetStatus(ctx, c.ID, desk.StatusOpen, nil)
}

// bringIn stores pages of one new message, as intake does while it watches.
func (b *bench) bringIn() func(context.Context) error {
	w := newWriter(uint64(time.Now().UnixNano()))
	return func(ctx context.Context) error {
		now := time.Now()
		l := letter{
			tongue: pick(w, tongues), conversation: int(now.UnixNano()), at: now,
			customer: desk.Address{Addr: "new@mail.example"}, subject: "A new matter",
		}
		_, err := b.store.Apply(ctx, store.Page{
			Account: account, Items: []desk.Arrival{w.arrival(l)}, Cursor: []byte("new"), Verified: now,
		})
		return err
	}
}
