package app

import (
	"context"
	"slices"

	"fernpost/store/desk"
)

// Again begins a draft from a reply that was sent and not delivered: the same
// words to the same people, to be corrected. It becomes a mail of its own: some
// of its receivers may have got the first. Kind conflict where something else is
// being written in the conversation, invalid for a reply that wasn't sent.
func (s *Composer) Again(op string) (DraftView, error) {
	const doing = "write reply again"
	return read(s.calls, doing, func(ctx context.Context, d *Desk) (DraftView, error) {
		o, err := d.store.Op(ctx, desk.OpID(op))
		if err != nil {
			return DraftView{}, err
		}
		if o.Kind != desk.OpReply || o.State != desk.OpSent && o.State != desk.OpReconciled {
			return DraftView{}, desk.E(desk.KindInvalid, doing, nil)
		}
		before, err := d.store.DraftOf(ctx, o.Conversation)
		if err == nil && (!nothingWritten(before.Text) || len(before.Files) > 0) {
			return DraftView{}, desk.E(desk.KindConflict, doing, nil)
		}
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return DraftView{}, err
		}
		draft, err := d.freshDraft(ctx, o.Conversation)
		if err != nil {
			return DraftView{}, err
		}
		messages, err := d.store.Messages(ctx, o.Conversation)
		if err != nil {
			return DraftView{}, err
		}
		draft.To, draft.Subject, draft.Text = []desk.Address{o.To}, o.Subject, o.Text
		if i := slices.IndexFunc(messages, func(m desk.Message) bool { return m.OpID == o.ID }); i >= 0 {
			draft.To, draft.Cc = messages[i].To, messages[i].Cc
		}
		draft, err = d.store.SaveDraft(ctx, draft)
		return draftView(draft), err
	})
}
