package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"fernpost/store/desk"
)

// What a person decided about conversations is kept by the messages' own keys
// (their Message-IDs): a new numbering, a new store, or mail that comes later
// gives the same result.

// Decision is a merge or a split that a person made.
type Decision struct {
	ID           int64
	Conversation desk.ConversationID // the merged one, or the new one of a split
}

type decisionKind string

const (
	decidedMerge decisionKind = "merge"
	decidedSplit decisionKind = "split"
)

// pieceName names one side of a decision; no key of a message begins so.
func pieceName(p pin) string {
	return "\x00" + strconv.FormatInt(p.order, 10) + "/" + strconv.FormatInt(p.side, 10)
}

const (
	insertDecision = `
INSERT INTO decision (account, kind, at_ms)
SELECT ?1, ?2, max(?3, coalesce((SELECT max(at_ms) + 1 FROM decision WHERE account = ?1), 0))`
	insertNamed    = `INSERT INTO decision_message (decision, key, side) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`
	undoDecision   = `UPDATE decision SET undone = 1 WHERE id = ?1 AND undone = 0`
	selectDecision = `SELECT account FROM decision WHERE id = ?1`
	selectNamed    = `SELECT key FROM decision_message WHERE decision = ?1`
	selectPins     = `
SELECT d.at_ms, dm.side FROM decision_message dm JOIN decision d ON d.id = dm.decision
WHERE dm.key = ?1 AND d.account = ?2 AND d.undone = 0 ORDER BY d.at_ms, d.id`
	selectBeside = `
SELECT DISTINCT o.key FROM decision_message dm JOIN decision d ON d.id = dm.decision
JOIN decision_message o ON o.decision = dm.decision
WHERE dm.key = ?1 AND d.account = ?2 AND d.undone = 0`
	anyDecision     = `SELECT EXISTS (SELECT 1 FROM decision WHERE account = ?1 AND undone = 0)`
	selectAccountOf = `SELECT account FROM conversation WHERE id = ?1`
)

// MergeConversations makes two conversations of one account one, whatever their
// mails refer to. Kind invalid for one conversation or two accounts, kind
// not_found where one has no mail that could be named.
func (s *Store) MergeConversations(ctx context.Context, a, b desk.ConversationID) (Decision, error) {
	return s.decide(ctx, "merge conversations", func(in *incoming) (int64, int64, error) {
		into, err := in.begin(a)
		if err != nil {
			return 0, 0, err
		}
		other, err := in.living(b)
		if err != nil {
			return 0, 0, err
		}
		var account desk.AccountID
		if err := in.row(selectAccountOf, []any{other}, &account); err != nil {
			return 0, 0, err
		}
		if into == other || account != in.account {
			return 0, 0, desk.E(desk.KindInvalid, "merge conversations", errors.New("one conversation, or two accounts"))
		}
		var all []*node
		for _, c := range []int64{into, other} {
			nodes, err := in.nodesOf(c)
			if err == nil && len(nodes) == 0 {
				err = desk.E(desk.KindNotFound, "name messages", errors.New("a conversation without mail"))
			}
			if err != nil {
				return 0, 0, err
			}
			all = append(all, nodes...)
		}
		id, err := in.record(decidedMerge, all, nil)
		return id, all[0].id, err
	})
}

// SplitConversation makes message from and those that came after it a
// conversation of their own. Kind invalid where nothing would stay behind.
func (s *Store) SplitConversation(ctx context.Context, c desk.ConversationID, from desk.MessageID) (Decision, error) {
	return s.decide(ctx, "split conversation", func(in *incoming) (int64, int64, error) {
		id, err := in.begin(c)
		if err != nil {
			return 0, 0, err
		}
		all, err := in.nodesOf(id)
		if err != nil {
			return 0, 0, err
		}
		for i, n := range newArranged(all, nil, nil).nodes {
			if n.id != int64(from) {
				continue
			}
			if i == 0 {
				break
			}
			decision, err := in.record(decidedSplit, all[:i], all[i:])
			return decision, n.id, err
		}
		return 0, 0, desk.E(desk.KindInvalid, "split conversation", fmt.Errorf("message %d begins it, or isn't in it", from))
	})
}

// UndoDecision takes a merge or split back: what was decided before counts
// again, else what the mails themselves say. Kind conflict when it is undone
// already. The decision given back names the conversation of the first message.
func (s *Store) UndoDecision(ctx context.Context, id int64) (Decision, error) {
	return s.decide(ctx, "undo decision", func(in *incoming) (int64, int64, error) {
		if err := in.row(selectDecision, []any{id}, &in.account); err != nil {
			return 0, 0, err
		}
		n, err := in.exec(undoDecision, id)
		if err == nil && n == 0 {
			err = desk.E(desk.KindConflict, "undo decision", errors.New("it is undone"))
		}
		if err != nil {
			return 0, 0, err
		}
		keys, err := manyOf(in.tx, selectNamed, []any{id}, scanOf[string])
		if err != nil {
			return 0, 0, err
		}
		var some int64
		for _, key := range keys {
			c, err := in.keyHome(key)
			if err != nil {
				return 0, 0, err
			}
			if c == 0 {
				continue
			}
			in.unsettle(c)
			if some == 0 {
				nodes, err := in.nodesOf(c)
				if err != nil {
					return 0, 0, err
				}
				for _, n := range nodes {
					if n.own == key {
						some = n.id
					}
				}
			}
		}
		return id, some, nil
	})
}

const selectHome = `SELECT conversation FROM message WHERE id = ?1`

// decide runs fn, which records something and names one message of the result,
// and arranges anew what it unsettled.
func (s *Store) decide(ctx context.Context, doing string, fn func(in *incoming) (decision, message int64, err error)) (d Decision, err error) {
	err = s.write(ctx, doing, func(t *tx) error {
		in := newIncoming(t, "")
		var message int64
		if d.ID, message, err = fn(in); err != nil {
			return err
		}
		if err := in.arrange(); err != nil {
			return err
		}
		if err := in.summarize(); err != nil {
			return err
		}
		if message == 0 {
			return nil
		}
		return t.row(selectHome, []any{message}, &d.Conversation)
	})
	if err != nil {
		return Decision{}, err
	}
	return d, nil
}

// begin finds the conversation that a decision is about.
func (in *incoming) begin(c desk.ConversationID) (int64, error) {
	id, err := in.living(c)
	if err != nil {
		return 0, err
	}
	return id, in.row(selectAccountOf, []any{id}, &in.account)
}

// record names the messages of both sides; a merge has one.
func (in *incoming) record(kind decisionKind, sides ...[]*node) (int64, error) {
	id, err := in.insert(insertDecision, in.account, kind, millis(in.now))
	if err != nil {
		return 0, err
	}
	for side, nodes := range sides {
		for _, n := range nodes {
			if err := in.do(insertNamed, id, n.own, side); err != nil {
				return 0, err
			}
			in.unsettle(n.conversation)
		}
	}
	return id, nil
}
