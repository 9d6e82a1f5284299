package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fernpost/app/mailtext"
	"fernpost/store"
	"fernpost/store/desk"
)

// undoTime is how long a reply can at least be taken back.
const undoTime = 10 * time.Second

// Composer writes drafts and queues replies. It never sends: the outbox does.
type Composer struct {
	calls calls
	pick  func(ctx context.Context) ([]string, error) // asks which files; none when the person changed their mind
}

// Start gives the open draft of a conversation, or a fresh one with recipients
// and subject filled in, which isn't stored until something is saved.
func (s *Composer) Start(conversation string) (DraftView, error) {
	return read(s.calls, "start draft", func(ctx context.Context, d *Desk) (DraftView, error) {
		id, err := desk.ParseConversationID(conversation)
		if err != nil {
			return DraftView{}, err
		}
		draft, err := d.store.DraftOf(ctx, id)
		if desk.KindOf(err) == desk.KindNotFound {
			draft, err = d.freshDraft(ctx, id)
		}
		if st, err := d.station(draft.Account); err == nil {
			st.intake.Wake() // a colleague may be answering just now
		}
		return draftView(draft), err
	})
}

// Save stores a revision and gives the draft back as stored. One that the screen
// takes for new may find another in its conversation, for instance a reply that
// was just taken back: both texts are then in one draft.
func (s *Composer) Save(v DraftView) (DraftView, error) {
	return read(s.calls, "save draft", func(ctx context.Context, d *Desk) (DraftView, error) {
		draft, err := d.draftFrom(ctx, v)
		if err != nil {
			return DraftView{}, err
		}
		if draft.ID == "" {
			if draft, err = d.besideOpen(ctx, draft); err != nil {
				return DraftView{}, err
			}
		}
		saved, err := d.store.SaveDraft(ctx, draft)
		if err == nil && v.ID == "" && len(v.Files) > 0 {
			saved, err = d.bringBack(ctx, saved, v.Files)
		}
		return draftView(saved), err
	})
}

// WriteAs gives the draft as another of its account's senders would write it:
// with their signature, where the one below the text is as it was put there.
// Nothing is stored.
func (s *Composer) WriteAs(v DraftView, identity string) (DraftView, error) {
	return read(s.calls, "change sender", func(ctx context.Context, d *Desk) (DraftView, error) {
		return d.writtenAs(ctx, v, identity)
	})
}

// besideOpen joins a new draft with the open one of its conversation. A text that
// goes on with what stands there is the same draft: its first save was answered
// to nobody.
func (d *Desk) besideOpen(ctx context.Context, draft desk.Draft) (desk.Draft, error) {
	there, err := d.store.DraftOf(ctx, draft.Conversation)
	if desk.KindOf(err) == desk.KindNotFound {
		return draft, nil
	}
	if err == nil && !strings.HasPrefix(draft.Text, strings.TrimRight(there.Text, "\n")) {
		draft, _ = store.JoinDrafts(draft, there)
	}
	return draft, err
}

// Drop throws a draft away, with its revisions: the screen can put back what it
// said last.
func (s *Composer) Drop(id string) error {
	return do(s.calls, "drop draft", func(ctx context.Context, d *Desk) error {
		return d.store.DropDraft(ctx, desk.DraftID(id))
	})
}

// Send freezes the draft's present revision and queues it.
func (s *Composer) Send(req SendRequest) (OpView, error) {
	return read(s.calls, "queue reply", func(ctx context.Context, d *Desk) (OpView, error) {
		then := desk.Status(req.Then)
		if then != desk.StatusWaiting && then != desk.StatusDone {
			return OpView{}, desk.E(desk.KindInvalid, "queue reply", nil)
		}
		draft, err := d.store.Draft(ctx, desk.DraftID(req.Draft))
		if err != nil {
			return OpView{}, err
		}
		if !req.Anyway {
			if w, err := d.weigh(ctx, draft); err != nil || w.Doubtful {
				return OpView{}, cmp.Or(err, desk.E(desk.KindAsks, "weigh files", nil))
			}
		}
		op, err := d.queueReply(ctx, draft, then, leaving{instant(req.SendAt), instant(req.Until)})
		if err != nil {
			return OpView{}, err
		}
		return d.opView(ctx, op), nil
	})
}

// TakeBack cancels a reply that hasn't begun to leave and gives its draft back.
func (s *Composer) TakeBack(op string) (DraftView, error) {
	return read(s.calls, "take reply back", func(ctx context.Context, d *Desk) (DraftView, error) {
		st, err := d.stationOf(ctx, desk.OpID(op))
		if err != nil {
			return DraftView{}, err
		}
		draft, err := st.outbox.TakeBack(ctx, desk.OpID(op))
		return draftView(draft), err
	})
}

func (d *Desk) draftFrom(ctx context.Context, v DraftView) (desk.Draft, error) {
	id, err := desk.ParseConversationID(v.Conversation)
	if err != nil {
		return desk.Draft{}, err
	}
	c, err := d.store.Conversation(ctx, id)
	if err != nil {
		return desk.Draft{}, err
	}
	draft := desk.Draft{
		ID: desk.DraftID(v.ID), Account: c.Account, Conversation: c.ID,
		To: mapped(v.To, address), Cc: mapped(v.Cc, address), Bcc: mapped(v.Bcc, address),
		Subject: v.Subject, Text: v.Text, PassesOn: v.PassesOn,
	}
	if v.Rich != "" {
		rich := mailtext.ParseRich(v.Rich)
		draft.Text = rich.Text()
		if rich.Formatted() {
			draft.Rich = rich.String()
		}
	}
	if v.Quotes != "" {
		if draft.Quotes, err = desk.ParseMessageID(v.Quotes); err != nil {
			return draft, err
		}
	}
	if draft.Identity, err = desk.ParseIdentityID(v.Identity); err != nil {
		return desk.Draft{}, err
	}
	if v.Base != "" {
		draft.Base, err = desk.ParseMessageID(v.Base)
	}
	return draft, err
}

// freshDraft answers the newest message of the customer: to whom a form or a
// colleague passed it on for, else to its Reply-To, else its From (RFC 5322 3.6.2).
func (d *Desk) freshDraft(ctx context.Context, id desk.ConversationID) (desk.Draft, error) {
	c, err := d.store.Conversation(ctx, id)
	if err != nil {
		return desk.Draft{}, err
	}
	messages, err := d.store.Messages(ctx, c.ID)
	if err != nil {
		return desk.Draft{}, err
	}
	draft := desk.Draft{
		Account: c.Account, Conversation: c.ID,
		To: []desk.Address{c.Customer}, Subject: desk.ReplySubject(c.Subject), Base: newest(messages),
	}
	m, ok := newestByPerson(messages)
	if ok {
		draft.To = []desk.Address{m.Customer}
		if m.Via == desk.ViaDirect && len(m.ReplyTo) > 0 {
			draft.To = m.ReplyTo
		}
		draft.Subject = desk.ReplySubject(m.Subject)
		draft.Quotes = m.ID
	}
	as, err := d.identityFor(ctx, c.Account, m)
	if err != nil {
		return desk.Draft{}, err
	}
	draft.Identity, draft.Text = as.ID, signed(signatureFor(as, c.Language))
	return draft, nil
}

func newest(messages []desk.Message) desk.MessageID {
	if len(messages) == 0 {
		return 0
	}
	return messages[len(messages)-1].ID
}

// newestIncoming gives the newest message that isn't ours.
func newestIncoming(messages []desk.Message) (desk.Message, bool) {
	return newestOf(messages, func(desk.Message) bool { return true })
}

// newestByPerson leaves out what machines sent: nobody answers a bounce.
func newestByPerson(messages []desk.Message) (desk.Message, bool) {
	return newestOf(messages, func(m desk.Message) bool { return m.Kind == desk.KindPerson || m.Kind == desk.KindList })
}

func newestOf(messages []desk.Message, want func(desk.Message) bool) (desk.Message, bool) {
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Direction == desk.FromCustomer && want(messages[i]) {
			return messages[i], true
		}
	}
	return desk.Message{}, false
}
