package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"fernpost/store/desk"
)

const opColumns = `id, account, conversation, lane, seq, kind, payload, payload_sha, base, draft, state, reason, detail,
  attempts, looks, person_ok, final, undo_ms, next_ms, created_ms, changed_ms,
  receipt_id, receipt_version, receipt_detail, receipt_ms, to_name, to_addr, subject, preview, body, bytes,
  send_ms, until_ms, filed, filing_ms > 0`

func scanOp(r scanner) (o desk.Op, err error) {
	var sha []byte
	var undo, next, created, changed, receipt, send, until int64
	err = r.Scan(&o.ID, &o.Account, &o.Conversation, &o.Lane, &o.Seq, &o.Kind, &o.Payload, &sha, &o.Base, &o.Draft,
		&o.State, &o.Reason, &o.Detail, &o.Attempts, &o.Looks, &o.PersonOK, &o.Final, &undo, &next, &created, &changed,
		&o.Receipt.RemoteID, &o.Receipt.Version, &o.Receipt.Detail, &receipt, &o.To.Name, &o.To.Addr, &o.Subject,
		&o.Preview, &o.Text, &o.Bytes, &send, &until, &o.Copy, &o.Filing)
	if err != nil {
		return o, err
	}
	copy(o.PayloadSHA[:], sha)
	o.UndoUntil, o.NextAt, o.Created, o.Changed, o.Receipt.At = moment(undo), moment(next), moment(created), moment(changed), moment(receipt)
	o.SendAt, o.Until = moment(send), moment(until)
	return o, nil
}

// turn_ms is an op's place in its lane. One that leaves later takes the place of
// its time, so that nothing waits behind it until then. Any other comes after
// what is there, also where the clock was set back.
const insertOp = `
INSERT INTO op (id, account, conversation, lane, kind, payload, payload_sha, base, draft, state, undo_ms, next_ms,
  created_ms, changed_ms, person_ok, to_name, to_addr, subject, preview, body, bytes,
  before_status, before_chosen, before_settled, then_status, send_ms, until_ms, turn_ms)
SELECT ?1, account, id, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', ?9, ?10, ?11, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
  ?23, ?24, max(?11, ?23, coalesce((SELECT max(e.turn_ms) FROM op e
    WHERE ?23 = 0 AND e.conversation = ?2 AND e.lane = ?3 AND (e.send_ms = 0 OR e.attempts > 0 OR e.state <> 'queued')
      AND e.state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')), 0))
FROM conversation WHERE id = ?2`

// insertOp freezes an op. before is the conversation's standing until now.
func (t *tx) insertOp(o *desk.Op, before standing, then desk.Status) error {
	sha := sha256.Sum256(o.Payload)
	switch {
	case o.ID == "":
		return desk.E(desk.KindInvalid, "queue op", errors.New("no id"))
	case o.PayloadSHA != [32]byte{} && o.PayloadSHA != sha:
		return desk.E(desk.KindInvalid, "queue op", errors.New("the payload is not the one its digest names"))
	}
	if o.Payload == nil {
		o.Payload = []byte{}
	}
	if o.Preview == "" {
		o.Preview = preview(o.Text)
	}
	created := millis(o.Created)
	if created == 0 {
		created = millis(t.now)
	}
	t.changed.ops = true
	t.changed.conversation(int64(o.Conversation))
	return t.do(insertOp, o.ID, o.Conversation, o.Lane, o.Kind, o.Payload, sha[:], o.Base, o.Draft,
		millis(o.UndoUntil), millis(o.NextAt), created, bit(o.PersonOK), o.To.Name, o.To.Addr, o.Subject, o.Preview,
		o.Text, o.Bytes, before.status, bit(before.chosen), before.settled, then, millis(o.SendAt), millis(o.Until))
}

const holdDraft = `UPDATE draft SET op = ?2 WHERE id = ?1`

// QueueReply inserts the op (state queued), hands it the draft with its files,
// and sets the conversation's status (then, "" leaves it), in one transaction.
// Seq is assigned here. Kind conflict when another op holds the draft, or when
// a file of it isn't here yet.
func (s *Store) QueueReply(ctx context.Context, op desk.Op, then desk.Status) (desk.Op, error) {
	const doing = "queue reply"
	err := s.writeWork(ctx, doing, func(t *tx) error {
		c, err := t.living(op.Conversation)
		if err != nil {
			return err
		}
		op.Conversation, op.Kind = desk.ConversationID(c), desk.OpReply
		if op.Lane == "" {
			op.Lane = desk.LanePublic
		}
		before, err := oneOf(t, selectStanding, []any{c}, scanStanding)
		if err != nil {
			return err
		}
		if err := t.insertOp(&op, before, then); err != nil {
			return err
		}
		if op.Draft != "" {
			d, err := oneOf(t, selectDraft, []any{op.Draft}, scanDraft)
			if err != nil {
				return err
			}
			if d.Op != "" {
				return desk.E(desk.KindConflict, "take draft", errors.New("another op holds it"))
			}
			if err := errors.Join(t.carryFiles(op), t.do(holdDraft, op.Draft, op.ID)); err != nil {
				return err
			}
		}
		if then != "" {
			if err := t.setStatus(c, then, settledBy(op, before)); err != nil {
				return err
			}
		}
		op, err = oneOf(t, selectOp, []any{op.ID}, scanOp)
		return err
	})
	if err != nil {
		return desk.Op{}, err
	}
	return op, nil
}

// settledBy is the newest message that a reply deals with: what the agent had on
// screen, or what was dealt with before. 0 means everything that is here.
func settledBy(op desk.Op, before standing) int64 {
	if op.Base == 0 {
		return 0
	}
	return max(int64(op.Base), before.settled)
}

const selectOp = `SELECT ` + opColumns + ` FROM op WHERE id = ?1`

// Op gives one op, kind not_found when there is none.
func (s *Store) Op(ctx context.Context, id desk.OpID) (desk.Op, error) {
	o, err := one(ctx, s.main, selectOp, []any{id}, scanOp)
	return o, wrap("read op", err)
}

const selectOpenOps = `
SELECT ` + opColumns + ` FROM op WHERE state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')
ORDER BY CASE state WHEN 'needs_you' THEN 0 WHEN 'held' THEN 1 WHEN 'uncertain' THEN 2 WHEN 'sending' THEN 3 ELSE 4 END, turn_ms, seq`

// OpenOps gives every unfinished op, most urgent first (needs_you, held,
// uncertain, sending, queued), then by their turns.
func (s *Store) OpenOps(ctx context.Context) ([]desk.Op, error) {
	all, err := many(ctx, s.main, selectOpenOps, nil, scanOp)
	return all, wrap("read open ops", err)
}

const selectOpsOf = `
SELECT ` + opColumns + ` FROM op
WHERE conversation = coalesce((SELECT into_conversation FROM conversation_merged WHERE id = ?1), ?1)
  AND kind = 'reply' AND state <> 'cancelled'
  AND NOT EXISTS (SELECT 1 FROM message m WHERE m.op = op.id AND m.op <> '' AND m.gone = 0)
ORDER BY seq`

// OpsOf gives a conversation's replies that no message shows yet, oldest
// first. Ops of other kinds never become a message and are not among them.
func (s *Store) OpsOf(ctx context.Context, c desk.ConversationID) ([]desk.Op, error) {
	all, err := many(ctx, s.main, selectOpsOf, []any{c}, scanOp)
	return all, wrap("read ops of conversation", err)
}

const selectSentSince = `
SELECT ` + opColumns + ` FROM op WHERE state IN ('sent', 'reconciled') AND changed_ms >= ?1
ORDER BY changed_ms DESC, seq DESC`

// SentSince gives ops that were sent or reconciled since t, newest first.
func (s *Store) SentSince(ctx context.Context, t time.Time) ([]desk.Op, error) {
	all, err := many(ctx, s.main, selectSentSince, []any{millis(t)}, scanOp)
	return all, wrap("read sent ops", err)
}

// In one lane of one conversation ops leave in the order they were queued, or
// were to leave: that is what NOT EXISTS says. The last condition names the index.
const (
	selectDueOps = `
SELECT ` + opColumns + ` FROM op
WHERE account = ?1 AND (
  state = 'queued' AND undo_ms <= ?2 AND next_ms <= ?2 AND send_ms <= ?2 AND NOT EXISTS (
    SELECT 1 FROM op e WHERE e.conversation = op.conversation AND e.lane = op.lane AND (e.turn_ms, e.seq) < (op.turn_ms, op.seq)
      AND e.state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you'))
  OR state = 'uncertain' AND next_ms <= ?2)
  AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')
ORDER BY turn_ms, seq LIMIT ?3`

	selectNextDue = `
SELECT coalesce(min(CASE state WHEN 'queued' THEN max(undo_ms, next_ms, send_ms) ELSE next_ms END), 0) FROM op
WHERE account = ?1 AND (
  state = 'queued' AND max(undo_ms, next_ms, send_ms) > ?2 AND NOT EXISTS (
    SELECT 1 FROM op e WHERE e.conversation = op.conversation AND e.lane = op.lane AND (e.turn_ms, e.seq) < (op.turn_ms, op.seq)
      AND e.state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you'))
  OR state = 'uncertain' AND next_ms > ?2)
  AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')`
)

// DueOps gives what may move now for an account: queued ops past UndoUntil,
// NextAt and SendAt with no earlier unfinished op of the same conversation and lane, and
// uncertain ops past NextAt; in the order of their turns. next is when the next one falls due
// (zero: none).
func (s *Store) DueOps(ctx context.Context, a desk.AccountID, now time.Time, limit int) (due []desk.Op, next time.Time, err error) {
	const doing = "read due ops"
	ms := now.UnixMilli()
	if due, err = many(ctx, s.main, selectDueOps, []any{a, ms, limit}, scanOp); err != nil {
		return nil, time.Time{}, wrap(doing, err)
	}
	var at int64
	if err = s.main.row(ctx, selectNextDue, []any{a, ms}, &at); err != nil {
		return nil, time.Time{}, wrap(doing, err)
	}
	return due, moment(at), nil
}
