package store

import (
	"context"
	"time"

	"fernpost/store/desk"
)

const conversationColumns = `id, account, key, subject, customer_name, customer_addr, language, status, snoozed_until_ms,
  labels, waiting_since_ms, last_at_ms, last_message, preview, messages, unread, files, draft, op_mark, op_undo_ms`

// conversationRow is a conversation with its place in the order it was asked for in.
type conversationRow struct {
	desk.Conversation
	place int64
}

// scanConversation reads conversationColumns, and more where dest is given.
func (s *Store) scanConversation(r scanner, dest ...any) (c desk.Conversation, err error) {
	var snoozed, waiting, last, mark, undo int64
	var labels string
	err = r.Scan(append([]any{
		&c.ID, &c.Account, &c.Key, &c.Subject, &c.Customer.Name, &c.Customer.Addr, &c.Language, &c.Status, &snoozed,
		&labels, &waiting, &last, &c.LastMessage, &c.Preview, &c.Messages, &c.Unread, &c.Files, &c.DraftID, &mark, &undo,
	}, dest...)...)
	if err != nil {
		return c, err
	}
	c.SnoozedUntil, c.WaitingSince, c.LastAt = moment(snoozed), moment(waiting), moment(last)
	c.Mark = markOf(mark, undo, c.DraftID, s.now())
	c.Labels, err = unlist[string](labels)
	return c, err
}

// markOf turns what the triggers of 60-derived.sql keep into the most urgent
// thing about outgoing work.
func markOf(rank, undoMS int64, draft desk.DraftID, now time.Time) desk.Mark {
	switch rank {
	case 5:
		return desk.MarkNeedsYou
	case 4:
		return desk.MarkHeld
	case 3:
		return desk.MarkUncertain
	case 2:
		return desk.MarkSending
	case 1:
		if now.UnixMilli() >= undoMS {
			return desk.MarkWaits
		}
		return desk.MarkQueued
	}
	if draft != "" {
		return desk.MarkDraft
	}
	return desk.MarkNone
}

// foundColumns are conversationColumns where another table stands beside.
const foundColumns = `c.id, c.account, c.key, c.subject, c.customer_name, c.customer_addr, c.language, c.status, c.snoozed_until_ms,
  c.labels, c.waiting_since_ms, c.last_at_ms, c.last_message, c.preview, c.messages, c.unread, c.files, c.draft, c.op_mark, c.op_undo_ms`

const selectConversation = `
SELECT ` + conversationColumns + ` FROM conversation
WHERE id = coalesce((SELECT into_conversation FROM conversation_merged WHERE id = ?1), ?1)`

// Conversation gives one conversation. An id that was merged into another
// gives that one.
func (s *Store) Conversation(ctx context.Context, id desk.ConversationID) (desk.Conversation, error) {
	c, err := one(ctx, s.main, selectConversation, []any{id}, s.plainConversation)
	return c, wrap("read conversation", err)
}

func (s *Store) plainConversation(r scanner) (desk.Conversation, error) { return s.scanConversation(r) }

const selectConversationByKey = `
SELECT ` + conversationColumns + ` FROM conversation
WHERE id = (SELECT conversation FROM conversation_key WHERE key = ?2 AND account = ?1)`

// ConversationByKey follows aliases: every key a conversation ever had, and the
// Message-ID of each of its mails, leads to it.
func (s *Store) ConversationByKey(ctx context.Context, a desk.AccountID, key desk.SharedKey) (desk.Conversation, error) {
	c, err := one(ctx, s.main, selectConversationByKey, []any{a, key}, s.plainConversation)
	return c, wrap("read conversation by key", err)
}

const selectLiving = `
SELECT id FROM conversation WHERE id = coalesce((SELECT into_conversation FROM conversation_merged WHERE id = ?1), ?1)`

// living gives the id a conversation has today; kind not_found for one that
// never was.
func (t *tx) living(id desk.ConversationID) (living int64, err error) {
	err = t.row(selectLiving, []any{id}, &living)
	return living, err
}

const markRead = `UPDATE message SET read = 1 WHERE conversation = ?1 AND direction = 'in' AND seen = 0 AND read = 0`

// MarkRead sets read here (never \Seen on the server).
func (s *Store) MarkRead(ctx context.Context, id desk.ConversationID) error {
	return s.write(ctx, "mark read", func(t *tx) error {
		c, err := t.living(id)
		if err != nil {
			return err
		}
		n, err := t.exec(markRead, c)
		if err != nil || n == 0 {
			return err
		}
		return t.summarize(c)
	})
}

const selectLastMessage = `SELECT last_message FROM conversation WHERE id = ?1`

// setStatus is a person's choice: everything up to message settled is dealt
// with by it (0: everything that is here). Opening deals with nothing.
func (t *tx) setStatus(id int64, st desk.Status, settled int64) error {
	return t.stand(id, st, settled, 0)
}

// stand is setStatus, with the time until which it is snoozed.
func (t *tx) stand(id int64, st desk.Status, settled, snoozed int64) error {
	if settled == 0 {
		if err := t.row(selectLastMessage, []any{id}, &settled); err != nil {
			return err
		}
	}
	if st == desk.StatusOpen {
		settled = 0
	}
	if err := t.do(updateStanding, id, st, 1, settled, snoozed); err != nil {
		return err
	}
	t.changed.conversation(id)
	return t.summarize(id)
}

const cancelQueuedStatus = `
UPDATE op SET state = 'cancelled', changed_ms = ?2
WHERE conversation = ?1 AND kind = 'status' AND lane = 'state' AND state = 'queued'`

func (t *tx) cancelStatusOps(c int64) error {
	n, err := t.exec(cancelQueuedStatus, c, millis(t.now))
	if n > 0 {
		t.changed.ops = true
	}
	return err
}

// SetStatus sets the desk's status locally and queues its op, in one
// transaction (op may be nil: no server keeps it). An op of an earlier choice
// that still waits is cancelled: only the last one matters to the server.
func (s *Store) SetStatus(ctx context.Context, id desk.ConversationID, st desk.Status, op *desk.Op) error {
	return s.writeWork(ctx, "set status", func(t *tx) error {
		c, err := t.living(id)
		if err != nil {
			return err
		}
		old, err := oneOf(t, selectStanding, []any{c}, scanStanding)
		if err != nil {
			return err
		}
		if err := t.setStatus(c, st, 0); err != nil {
			return err
		}
		if err := t.cancelStatusOps(c); err != nil || op == nil {
			return err
		}
		o := *op
		o.Kind, o.Conversation, o.Draft = desk.OpStatus, desk.ConversationID(c), ""
		if o.Lane == "" {
			o.Lane = desk.LaneState
		}
		return t.insertOp(&o, old, st)
	})
}
