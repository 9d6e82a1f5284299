package store

import (
	"cmp"
	"maps"
	"slices"

	"fernpost/store/desk"
)

// unsettle has a conversation arranged anew before the transaction ends.
func (in *incoming) unsettle(conversation int64) { in.unsettled[conversation] = true }

// arrange looks at the unsettled conversations, and at all that have to do with
// them, and moves what belongs elsewhere.
func (in *incoming) arrange() error {
	if len(in.unsettled) == 0 {
		return nil
	}
	r := &regroup{incoming: in, convs: map[int64]bool{}, nodes: map[int64]*node{}, anchors: map[string]*node{}, pins: map[string][]pin{}}
	for _, c := range slices.Sorted(maps.Keys(in.unsettled)) {
		if err := r.take(c); err != nil {
			return err
		}
	}
	clear(in.unsettled)
	a, err := r.picture()
	if err != nil {
		return err
	}
	groups, mixed := a.groups()
	return r.move(a, groups, mixed)
}

// regroup is the neighbourhood that is arranged at once.
type regroup struct {
	*incoming
	convs   map[int64]bool
	nodes   map[int64]*node
	anchors map[string]*node
	pins    map[string][]pin
	looked  map[string]bool // keys whose surroundings are in
}

const selectNodes = `
SELECT id, at_ms, header_id, stable, refs, concerns, asks, op, conversation FROM message WHERE conversation = ?1 ORDER BY id`

func scanNode(r scanner) (*node, error) {
	var n node
	var refs, concerns, asks string
	if err := r.Scan(&n.id, &n.at, &n.headerID, &n.stable, &refs, &concerns, &asks, &n.op, &n.conversation); err != nil {
		return nil, err
	}
	for _, text := range []string{refs, concerns} {
		all, err := unlist[string](text)
		if err != nil {
			return nil, err
		}
		n.refs = append(n.refs, cutReferences(all)...)
	}
	if n.op != "" && localPart(n.headerID) != n.op { // a server gave our copy another Message-ID
		n.refs = append([]string{n.op + "@"}, n.refs...)
	}
	n.own = cmp.Or(n.headerID, stableKey(n.stable), "message:"+desk.MessageID(n.id).String())
	n.asks = unpackAsks(asks)
	return &n, nil
}

func (t *tx) nodesOf(conversation int64) ([]*node, error) {
	return manyOf(t, selectNodes, []any{conversation}, scanNode)
}

// take brings a conversation's messages in.
func (r *regroup) take(conversation int64) error {
	if conversation == 0 || r.convs[conversation] {
		return nil
	}
	r.convs[conversation] = true
	nodes, err := r.nodesOf(conversation)
	for _, n := range nodes {
		r.nodes[n.id] = n
	}
	return err
}

// picture brings in what the messages have to do with until nothing is added:
// the conversations of their keys, those that decisions name with them, and what
// a strand may hang on.
func (r *regroup) picture() (*arranged, error) {
	r.looked = map[string]bool{}
	for {
		before := len(r.convs)
		for _, id := range slices.Sorted(maps.Keys(r.nodes)) {
			n := r.nodes[id]
			if err := r.lookAround(n.own, true); err != nil {
				return nil, err
			}
			for _, key := range n.refs {
				if err := r.lookAround(key, false); err != nil {
					return nil, err
				}
			}
		}
		if len(r.convs) > before {
			continue
		}
		a := newArranged(slices.Collect(maps.Values(r.nodes)), r.anchors, r.pins)
		for _, n := range a.lost() {
			to, err := r.answerable(n)
			if err != nil {
				return nil, err
			}
			if to != nil {
				a.parents[n.strand] = to
			}
		}
		if len(r.convs) == before {
			return a, nil
		}
	}
}

func (in *incoming) keyHome(key string) (c int64, err error) {
	_, err = in.tx.find(selectKey, []any{key, in.account}, &c)
	return c, err
}

// lookAround takes in what belongs to a key: once for it as a reference, once
// more as a message's own.
func (r *regroup) lookAround(key string, own bool) error {
	mark := key
	if own {
		mark = "\x00" + key
	}
	if r.looked[mark] {
		return nil
	}
	r.looked[mark] = true
	home, err := r.keyHome(key)
	if err != nil {
		return err
	}
	if err := r.take(home); err != nil {
		return err
	}
	if err := r.anchor(key); err != nil || !own {
		return err
	}
	pins, err := manyOf(r.tx, selectPins, []any{key, r.account}, func(s scanner) (p pin, err error) {
		err = s.Scan(&p.order, &p.side)
		return p, err
	})
	if err != nil || len(pins) == 0 {
		return err
	}
	r.pins[key] = pins
	beside, err := manyOf(r.tx, selectBeside, []any{key, r.account}, scanOf[string])
	if err != nil {
		return err
	}
	for _, other := range beside {
		home, err := r.keyHome(other)
		if err != nil {
			return err
		}
		if err := r.take(home); err != nil {
			return err
		}
	}
	return nil
}

const selectAnchor = `
SELECT o.conversation, coalesce(
  (SELECT m.id FROM message m WHERE m.id = o.base AND o.base > 0),
  (SELECT m.id FROM message m WHERE m.conversation = o.conversation AND m.op <> o.id ORDER BY m.id LIMIT 1), 0),
  coalesce((SELECT m.conversation FROM message m WHERE m.id = o.base AND o.base > 0), o.conversation)
FROM op o WHERE o.id = ?1 AND o.account = ?2 AND o.kind = 'reply'`

// anchor ties the Message-ID of a reply of ours to the message it answers, for
// the time in which the reply's own copy isn't here.
func (r *regroup) anchor(key string) error {
	local := localPart(key)
	if len(local) != uuidLength || len(local) == len(key) {
		return nil
	}
	var home, message, where int64
	found, err := r.tx.find(selectAnchor, []any{local, r.account}, &home, &message, &where)
	if err != nil || !found {
		return err
	}
	for _, c := range []int64{home, where} {
		if err := r.take(c); err != nil {
			return err
		}
	}
	if n := r.nodes[message]; n != nil {
		r.anchors[key] = n
	}
	return nil
}

const selectAnswerable = `
SELECT x.message, m.conversation, x.at_ms, m.header_id, m.stable FROM message_matter x JOIN message m ON m.id = x.message
WHERE x.matter = ?1 AND x.at_ms BETWEEN ?2 AND ?3 AND x.message <> ?4 ORDER BY x.at_ms DESC LIMIT 30`

// answerable finds the newest message before n that n may answer.
func (r *regroup) answerable(n *node) (*node, error) {
	for _, a := range n.asks {
		all, err := manyOf(r.tx, selectAnswerable, []any{a.matter, n.at - a.within.Milliseconds(), n.at, n.id}, func(s scanner) (*node, error) {
			var c node
			return &c, s.Scan(&c.id, &c.conversation, &c.at, &c.headerID, &c.stable)
		})
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(c *node) bool { return c.before(n) >= 0 })
		if len(all) == 0 {
			continue
		}
		newest := slices.MaxFunc(all, (*node).before)
		if err := r.take(newest.conversation); err != nil {
			return nil, err
		}
		return r.nodes[newest.id], nil
	}
	return nil, nil
}
