package main

import (
	"bytes"
	"cmp"
	"context"
	"net/mail"
	"slices"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// tokenHeader names the reply in every copy of it.
const tokenHeader = "X-Fernpost-Op"

// judge compares what the program says with what the customer got.
func (h *house) judge(ctx context.Context, r *report, typed string) error {
	got, err := h.delivered()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Dir: h.dir})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	ops, err := s.OpenOps(ctx)
	if err != nil {
		return err
	}
	sent, err := s.SentSince(ctx, time.Time{})
	if err != nil {
		return err
	}
	known := map[desk.OpID]bool{}
	for _, op := range append(ops, sent...) {
		known[op.ID] = true
		r.Ops[string(op.State)]++
		n := len(got[op.ID])
		r.Delivered += n
		switch {
		case n > 1:
			r.violated("%s was delivered %d times", op.ID, n)
		case n == 0 && (op.State == desk.OpSent || op.State == desk.OpReconciled):
			r.violated("%s is said to be sent, and the customer has nothing", op.ID)
		case n > 0 && (op.State == desk.OpQueued || op.State == desk.OpHeld):
			r.violated("%s was delivered and is said to be %s", op.ID, op.State)
		}
		if op.State == desk.OpNeedsYou {
			final, err := cameToFinal(ctx, s, op.ID)
			if err != nil {
				return err
			}
			if !final {
				r.Unproved++
				r.violated("%s asks a person, and its last dot was never sent", op.ID)
			}
		}
	}
	for id := range got {
		if !known[id] {
			r.violated("the customer got %s, which is not here", id)
		}
	}
	if err := judgeOrder(ctx, s, r, append(ops, sent...)); err != nil {
		return err
	}
	return h.judgeDraft(ctx, s, r, typed)
}

// cameToFinal tells whether any attempt was journalled as about to end.
func cameToFinal(ctx context.Context, s *store.Store, id desk.OpID) (bool, error) {
	all, err := s.Attempts(ctx, id)
	return slices.ContainsFunc(all, func(a desk.Attempt) bool { return a.Phase == desk.PhaseFinal }), err
}

// judgeOrder checks that of two replies in one conversation the later one was
// only begun when the earlier one was through. The order of arrival proves
// nothing: Exim delivers what it has accepted in processes of their own.
func judgeOrder(ctx context.Context, s *store.Store, r *report, ops []desk.Op) error {
	slices.SortFunc(ops, func(a, b desk.Op) int { return cmp.Compare(a.Seq, b.Seq) })
	ended := map[desk.ConversationID]time.Time{}
	for _, op := range ops {
		all, err := s.Attempts(ctx, op.ID)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Phase == desk.PhaseSending && a.At.Before(ended[op.Conversation]) {
				r.violated("%s was begun before an earlier reply of its conversation was through", op.ID)
			}
		}
		for _, a := range all {
			if a.At.After(ended[op.Conversation]) {
				ended[op.Conversation] = a.At
			}
		}
	}
	return nil
}

func (h *house) judgeDraft(ctx context.Context, s *store.Store, r *report, typed string) error {
	if typed == "" {
		return nil
	}
	c, err := s.ConversationByKey(ctx, account, desk.SharedKey(keyOf(draftSubject)))
	if err != nil {
		return err
	}
	d, err := s.DraftOf(ctx, c.ID)
	switch {
	case desk.KindOf(err) == desk.KindNotFound:
		r.violated("the draft is gone")
	case err != nil:
		return err
	case d.Text < typed: // numbers of the same length that grow
		r.violated("the draft is %s, and %s was acknowledged", d.Text, typed)
	}
	return nil
}

// delivered gives the places of each reply among the mails the customer got.
func (h *house) delivered() (map[desk.OpID][]int, error) {
	all := map[desk.OpID][]int{}
	for i, raw := range h.lab.Received() {
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		id := desk.OpID(m.Header.Get(tokenHeader))
		all[id] = append(all[id], i)
	}
	return all, nil
}
