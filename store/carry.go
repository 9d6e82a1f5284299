package store

import (
	"database/sql"
	"errors"
	"maps"
	"slices"

	"fernpost/store/desk"
)

// move gives each group a conversation's row and brings over what isn't there.
// The oldest row of a group stays, and the earlier group has the first choice.
func (r *regroup) move(a *arranged, groups [][]*node, mixed []bool) error {
	taken := map[int64]bool{}
	rows := make([]int64, len(groups))
	from := make([]int64, len(groups)) // whose standing a new row has
	for i, g := range groups {
		claims := map[int64]bool{}
		for _, n := range g {
			claims[n.conversation] = true
		}
		from[i] = g[0].conversation
		for _, c := range slices.Sorted(maps.Keys(claims)) {
			if !taken[c] {
				rows[i], taken[c] = c, true
				break
			}
		}
	}
	for i := range groups {
		if rows[i] != 0 {
			continue
		}
		c, err := r.insert(insertConversation, r.account)
		if err != nil {
			return err
		}
		if err := r.do(copyStanding, c, from[i]); err != nil {
			return err
		}
		rows[i] = c
	}
	where := map[int64]int64{}
	for i, g := range groups {
		for _, n := range g {
			where[n.id] = rows[i]
		}
	}
	return r.carry(moving{picture: a, groups: groups, mixed: mixed, rows: rows, where: where, kept: taken})
}

// moving is what goes where.
type moving struct {
	picture *arranged
	groups  [][]*node
	mixed   []bool
	rows    []int64         // group → conversation
	where   map[int64]int64 // message → conversation
	kept    map[int64]bool  // conversations of before that stay
}

const (
	copyStanding = `
UPDATE conversation SET (status, chosen, settled, snoozed_until_ms, told, over) =
  (SELECT status, chosen, settled, snoozed_until_ms, told, over FROM conversation WHERE id = ?2) WHERE id = ?1`
	moveMessage = `UPDATE message SET conversation = ?2 WHERE id = ?1`
	setMixed    = `UPDATE conversation SET mixed = ?2 WHERE id = ?1 AND mixed <> ?2`
)

func (r *regroup) carry(m moving) error {
	for _, c := range slices.Sorted(maps.Keys(r.convs)) {
		if err := r.carryWork(m, c); err != nil {
			return err
		}
	}
	for i, g := range m.groups {
		r.touched[m.rows[i]] = true // a key may have gone elsewhere; unless something changed nobody hears of it
		for _, n := range g {
			if n.conversation == m.rows[i] {
				continue
			}
			if err := r.showWaiting(m.rows[i], n); err != nil {
				return err
			}
			if err := r.do(moveMessage, n.id, m.rows[i]); err != nil {
				return err
			}
			r.touch(n.conversation)
			r.touch(m.rows[i])
		}
		if err := r.do(setMixed, m.rows[i], bit(m.mixed[i])); err != nil {
			return err
		}
	}
	for _, c := range slices.Sorted(maps.Keys(r.convs)) {
		if m.kept[c] {
			continue
		}
		if into := m.heir(c); into != 0 {
			if err := r.merge(into, c); err != nil {
				return err
			}
		}
	}
	return r.rekey(m)
}

// heir is where the first message of a conversation that ends went.
func (m moving) heir(c int64) int64 {
	for _, n := range m.picture.nodes {
		if n.conversation == c {
			return m.where[n.id]
		}
	}
	return 0
}

const (
	selectWorkOf = `
SELECT o.id, coalesce((SELECT m.id FROM message m WHERE m.op = o.id AND m.account = o.account LIMIT 1), o.base) FROM op o WHERE o.conversation = ?1`
	moveOp       = `UPDATE op SET conversation = ?2 WHERE id = ?1`
	moveOpsDraft = `UPDATE draft SET conversation = ?2 WHERE op = ?1`
)

// carryWork brings a conversation's draft and replies to where the messages are
// that they answer. What answers none stays, or goes with the first message.
func (r *regroup) carryWork(m moving, c int64) error {
	type work struct {
		id   string
		base int64
	}
	all, err := manyOf(r.tx, selectWorkOf, []any{c}, func(s scanner) (w work, err error) {
		err = s.Scan(&w.id, &w.base)
		return w, err
	})
	if err != nil {
		return err
	}
	for _, w := range all {
		if to := m.where[w.base]; to != 0 && to != c {
			if err := r.do(moveOp, w.id, to); err != nil {
				return err
			}
			if err := r.do(moveOpsDraft, w.id, to); err != nil {
				return err
			}
			r.touch(c)
			r.touch(to)
		}
	}
	d, err := oneOf(r.tx, selectOpenDraft, []any{c}, scanDraft)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if to := m.where[int64(d.Base)]; to != 0 && to != c {
		r.touch(c)
		r.touch(to)
		return r.moveOpenDraft(to, c)
	}
	return nil
}

const selectWaiting = `
SELECT c.chosen = 0 AND c.status = 'open' AND c.waiting_since_ms > 0 AND m.direction = 'in' AND m.at_ms >= c.waiting_since_ms
FROM message m JOIN conversation c ON c.id = m.conversation WHERE m.id = ?1`

// showWaiting reopens the conversation that a message goes to, where somebody
// was shown as waiting because of it: no choice made elsewhere may hide that.
func (r *regroup) showWaiting(to int64, n *node) error {
	var waits bool
	if err := r.row(selectWaiting, []any{n.id}, &waits); err != nil || !waits {
		return err
	}
	return r.do(updateStanding, to, desk.StatusOpen, 0, 0, 0)
}

const moveKey = `
UPDATE conversation_key SET conversation = ?3 WHERE key = ?1 AND account = ?2 AND conversation <> ?3`

// rekey has each key lead to the conversation of its message or, where that
// isn't here, of the first that refers to it.
func (r *regroup) rekey(m moving) error {
	lead := map[string]int64{}
	for _, n := range m.picture.nodes {
		if m.picture.byKey[n.own] == n {
			lead[n.own] = m.where[n.id]
		}
	}
	for _, n := range m.picture.nodes {
		for _, key := range n.refs {
			if lead[key] == 0 {
				lead[key] = m.where[n.id]
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(lead)) {
		if err := r.do(moveKey, key, r.account, lead[key]); err != nil {
			return err
		}
	}
	return nil
}
