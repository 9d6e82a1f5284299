package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// leaving is when a reply may leave; zero: as soon as it can, and whenever.
type leaving struct{ at, until time.Time }

// check gives the times as they count from now on. Kind invalid when a reply
// could never leave.
func (l leaving) check(now time.Time) (leaving, error) {
	if !l.at.After(now) {
		l.at = time.Time{}
	}
	if !l.until.IsZero() && (!l.until.After(now) || !l.until.After(l.at)) {
		return l, desk.E(desk.KindInvalid, "queue reply", errors.New("its time is over before it may leave"))
	}
	return l, nil
}

// queueReply freezes bytes and identity, and hands the draft to the op, in one
// transaction of the store. A mail that leaves later is dated when it is to.
func (d *Desk) queueReply(ctx context.Context, draft desk.Draft, then desk.Status, when leaving) (desk.Op, error) {
	if nothingWritten(draft.Text) && !draft.PassesOn && len(draft.Files) == 0 || len(draft.To)+len(draft.Cc)+len(draft.Bcc) == 0 {
		return desk.Op{}, desk.E(desk.KindInvalid, "queue reply", nil)
	}
	st, err := d.station(draft.Account)
	if err != nil {
		return desk.Op{}, err
	}
	c, err := d.store.Conversation(ctx, draft.Conversation)
	if err != nil {
		return desk.Op{}, err
	}
	messages, err := d.store.Messages(ctx, c.ID)
	if err != nil {
		return desk.Op{}, err
	}
	as, err := d.identityOf(ctx, draft.Account, draft.Identity)
	if err != nil {
		return desk.Op{}, err
	}
	now := d.clock()
	if when, err = when.check(now); err != nil {
		return desk.Op{}, err
	}
	date := now
	if !when.at.IsZero() {
		date = when.at.In(now.Location())
	}
	reply := source.Reply{
		OpID: desk.NewOpID(now), Date: date, From: as.Address,
		To: draft.To, Cc: draft.Cc, Bcc: draft.Bcc,
		Subject: draft.Subject, Text: draft.Text, Rich: draft.Rich, Language: c.Language,
	}
	if reply.Quote, err = d.quoteOf(ctx, draft, messages, c.Language); err != nil {
		return desk.Op{}, err
	}
	files, err := carried(draft, &reply)
	if err != nil {
		return desk.Op{}, err
	}
	reply.InReplyTo, reply.References = threading(messages, draft.Base)
	if key := string(c.Key); len(messages) == 0 && strings.Contains(key, "@") {
		reply.InReplyTo, reply.References = key, []string{key} // its mail is still on its way after a damaged disk
	}
	frozen, err := st.source.FreezeReply(reply)
	if err != nil {
		return desk.Op{}, err
	}
	op, err := d.store.QueueReply(ctx, desk.Op{
		ID: reply.OpID, Account: draft.Account, Conversation: draft.Conversation,
		Lane: desk.LanePublic, Kind: desk.OpReply, Payload: frozen.Payload,
		Base: draft.Base, Draft: draft.ID, UndoUntil: now.Add(d.undo), Created: now, SendAt: when.at, Until: when.until,
		To: firstOf(draft.To, draft.Cc, draft.Bcc), Subject: draft.Subject, Text: draft.Text,
		Bytes: frozen.Bytes, Files: files,
	}, then)
	if err != nil {
		return desk.Op{}, err
	}
	st.outbox.Wake()
	return op, nil
}

// carried gives a reply its draft's files. Kind conflict while one of them is
// still being fetched: a reply is queued whole.
func carried(draft desk.Draft, reply *source.Reply) (files []desk.OpFile, err error) {
	shown := mailtext.ParseRich(draft.Rich).Pictures()
	for _, f := range draft.Files {
		if f.Coming() {
			return nil, desk.E(desk.KindConflict, "take files", nil)
		}
		inline := f.Inline && slices.Contains(shown, int64(f.ID))
		reply.Files = append(reply.Files, source.File{
			SHA: f.Upload.SHA, Size: f.Upload.Size, Name: f.Name, Type: f.Type, Number: int64(f.ID), Inline: inline,
		})
		files = append(files, desk.OpFile{Upload: f.Upload.ID, Inline: inline})
	}
	return files, nil
}

func firstOf(lists ...[]desk.Address) desk.Address {
	for _, l := range lists {
		if len(l) > 0 {
			return l[0]
		}
	}
	return desk.Address{}
}

// threading gives In-Reply-To and References (RFC 5322 3.6.4) of an answer
// written while base was the newest message on screen.
func threading(messages []desk.Message, base desk.MessageID) (inReplyTo string, references []string) {
	var parent desk.Message
	for _, m := range messages {
		if m.HeaderID != "" && m.Kind == desk.KindPerson && (base == 0 || m.ID <= base) {
			parent = m
		}
	}
	if parent.HeaderID == "" {
		return "", nil
	}
	references = append(references, parent.References...)
	return parent.HeaderID, append(references, parent.HeaderID)
}
