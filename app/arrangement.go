package app

import (
	"context"
	"strconv"

	"fernpost/store"
	"fernpost/store/desk"
)

// mergeChoices bounds how many of a customer's conversations are offered.
const mergeChoices = 50

// MergeChoices gives the other conversations with the same customer, newest
// first: those it makes sense to merge with.
func (s *Inbox) MergeChoices(id string) ([]Row, error) {
	return read(s.calls, "list conversations to merge", func(ctx context.Context, d *Desk) ([]Row, error) {
		cid, err := desk.ParseConversationID(id)
		if err != nil {
			return nil, err
		}
		c, err := d.store.Conversation(ctx, cid)
		if err != nil {
			return nil, err
		}
		rows := []Row{}
		if c.Customer.Addr == "" {
			return rows, nil
		}
		all, err := d.store.ConversationsWith(ctx, c.Account, c.Customer.Addr, mergeChoices+1)
		for _, other := range all {
			if other.ID != c.ID && other.Messages > 0 {
				rows = append(rows, row(other))
			}
		}
		return rows, err
	})
}

// Merge makes two conversations one.
func (s *Inbox) Merge(id, with string) (ArrangementView, error) {
	return read(s.calls, "merge conversations", func(ctx context.Context, d *Desk) (ArrangementView, error) {
		a, err := desk.ParseConversationID(id)
		if err != nil {
			return ArrangementView{}, err
		}
		b, err := desk.ParseConversationID(with)
		if err != nil {
			return ArrangementView{}, err
		}
		made, err := d.store.MergeConversations(ctx, a, b)
		return arrangementView(made), err
	})
}

// Split makes a message and all after it a conversation of their own.
func (s *Inbox) Split(id, from string) (ArrangementView, error) {
	return read(s.calls, "split conversation", func(ctx context.Context, d *Desk) (ArrangementView, error) {
		cid, err := desk.ParseConversationID(id)
		if err != nil {
			return ArrangementView{}, err
		}
		mid, err := desk.ParseMessageID(from)
		if err != nil {
			return ArrangementView{}, err
		}
		made, err := d.store.SplitConversation(ctx, cid, mid)
		return arrangementView(made), err
	})
}

// UndoArrangement takes a merge or split back.
func (s *Inbox) UndoArrangement(id string) (ArrangementView, error) {
	return read(s.calls, "undo arrangement", func(ctx context.Context, d *Desk) (ArrangementView, error) {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return ArrangementView{}, desk.E(desk.KindInvalid, "read id", err)
		}
		undone, err := d.store.UndoDecision(ctx, n)
		return arrangementView(undone), err
	})
}

func arrangementView(d store.Decision) ArrangementView {
	return ArrangementView{ID: strconv.FormatInt(d.ID, 10), Conversation: d.Conversation.String()}
}
