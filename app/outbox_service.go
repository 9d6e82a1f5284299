package app

import (
	"context"
	"time"

	"fernpost/app/outbox"
	"fernpost/store/desk"
)

// Outbox shows what is on its way and takes a person's decisions.
type Outbox struct{ calls calls }

// List gives the outbox screen.
func (s *Outbox) List() (OutboxView, error) {
	return read(s.calls, "list outbox", func(ctx context.Context, d *Desk) (OutboxView, error) {
		view := OutboxView{NeedYou: []OpView{}, Running: []OpView{}, SentToday: []OpView{}}
		open, err := d.store.OpenOps(ctx)
		if err != nil {
			return view, err
		}
		for _, op := range open {
			if op.Kind != desk.OpReply && op.State != desk.OpNeedsYou {
				continue // a status on its way is nobody's worry until it needs somebody
			}
			v := d.outgoingView(ctx, op)
			if op.State == desk.OpHeld || op.State == desk.OpNeedsYou {
				view.NeedYou = append(view.NeedYou, v)
			} else {
				view.Running = append(view.Running, v)
			}
		}
		sent, err := d.store.SentSince(ctx, startOfDay(d.clock()))
		if err != nil {
			return view, err
		}
		for _, op := range sent {
			if op.Kind == desk.OpReply {
				v := d.opView(ctx, op)
				v.Deliveries = d.deliveriesOfOp(ctx, op)
				view.SentToday = append(view.SentToday, v)
			}
		}
		return view, nil
	})
}

// Decide carries out a person's decision: it_arrived or send_again for a reply
// nobody can prove, send_anyway, edit or drop for a stopped one. Edit gives the
// draft back. seen is the newest message of the conversation that was on screen,
// "" for none: send_anyway agrees to nothing newer.
func (s *Outbox) Decide(op, choice, seen string) (DraftView, error) {
	return read(s.calls, "decide on reply", func(ctx context.Context, d *Desk) (DraftView, error) {
		st, err := d.stationOf(ctx, desk.OpID(op))
		if err != nil {
			return DraftView{}, err
		}
		var newest desk.MessageID
		if seen != "" {
			if newest, err = desk.ParseMessageID(seen); err != nil {
				return DraftView{}, err
			}
		}
		draft, err := st.outbox.Decide(ctx, desk.OpID(op), outbox.Choice(choice), newest)
		return draftView(draft), err
	})
}

// LookNow looks for an uncertain reply at once; with "" it looks for mail on
// every account.
func (s *Outbox) LookNow(op string) error {
	return do(s.calls, "look now", func(ctx context.Context, d *Desk) error {
		if op == "" {
			d.wake()
			return nil
		}
		st, err := d.stationOf(ctx, desk.OpID(op))
		if err != nil {
			return err
		}
		return st.outbox.LookNow(ctx, desk.OpID(op))
	})
}

// waitsPaused is why a reply doesn't even try: its account was paused.
// copyMissing is a reply without a copy among the sent mail.
const (
	waitsPaused = "paused"
	copyMissing = "missing"
)

// deliveriesOfOp gives what reports say of a reply; what can't be read is left
// out.
func (d *Desk) deliveriesOfOp(ctx context.Context, op desk.Op) []DeliveryView {
	reports, err := d.store.Reports(ctx, op.Conversation)
	if err != nil {
		return []DeliveryView{}
	}
	return deliveriesOf(reports, "", op.ID, []desk.Address{op.To})
}

func startOfDay(now time.Time) time.Time {
	y, m, day := now.Date()
	return time.Date(y, m, day, 0, 0, 0, 0, now.Location())
}

// outgoingView shows an op as it stands now: with no line, or when it is to leave
// later, nothing leaves when the time to take it back is over, so no countdown
// is shown.
func (d *Desk) outgoingView(ctx context.Context, op desk.Op) OpView {
	v := d.opView(ctx, op)
	if op.SendAt.After(op.UndoUntil) {
		v.UndoUntil = 0
	}
	if st, err := d.station(op.Account); err == nil && !st.intake.Status().LostSince.IsZero() {
		v.UndoUntil = 0
	}
	if a, err := d.store.Account(ctx, op.Account); err == nil && a.State == desk.AccountPaused && op.State == desk.OpQueued {
		v.Waits, v.UndoUntil = waitsPaused, 0
	}
	return v
}

// opView shows an op; for a held reply also what is new in its conversation.
func (d *Desk) opView(ctx context.Context, op desk.Op) OpView {
	v := OpView{
		ID: string(op.ID), Account: string(op.Account), Conversation: op.Conversation.String(), Kind: string(op.Kind),
		State: string(op.State), Reason: string(op.Reason), Detail: op.Detail,
		To: person(op.To), Subject: op.Subject, Text: op.Text,
		CreatedAt: milli(op.Created), ChangedAt: milli(op.Changed),
		UndoUntil: milli(op.UndoUntil), NextAt: milli(op.NextAt), SendAt: milli(op.SendAt), Until: milli(op.Until),
		Attempts: op.Attempts, Looks: op.Looks, MaxLooks: outbox.MaxLooks,
		Bytes: op.Bytes, Final: op.Final, New: []MessageView{}, Deliveries: []DeliveryView{}, Files: []SentFileView{},
	}
	if files, err := d.store.OpFiles(ctx, op.ID); err == nil { // as below: the card stands without them
		v.Files = mapped(files, func(f desk.OpFile) SentFileView { return SentFileView{f.Name, f.Type, f.Size} })
	}
	if op.Copy == desk.CopyMissing {
		v.Copy = copyMissing
	}
	if op.State == desk.OpSending {
		if st, err := d.station(op.Account); err == nil {
			v.Done, _ = st.outbox.Progress(op.ID)
		}
	}
	if op.State == desk.OpHeld {
		// What can't be read is left out: the card stands without it.
		if fresh, err := d.store.NewSince(ctx, op.Conversation, op.Base); err == nil {
			v.New = mapped(fresh, messageView)
		}
	}
	if c, err := d.store.Conversation(ctx, op.Conversation); err == nil {
		v.Language = c.Language
	}
	return v
}
