package store

import (
	"cmp"
	"slices"
)

// Which messages are one conversation is a function of the messages and of what
// people decided, and of nothing else: not of the order in which either came.
//
//   - A strand is the messages that share a Message-ID, their own or one they
//     refer to.
//   - A strand whose first message is an answer to nothing that is here hangs on
//     the newest message before it that it may answer.
//   - A person's decision makes pieces of the messages it names; the newest one
//     that names a message counts for it. What nobody named goes with the nearest
//     message it answers. Pieces of one strand come together unless a decision
//     keeps them apart.
//
// threads.go has the quick way for the many strands about which there is nothing
// to decide; regroup.go brings here what is left.

// node is a message as it is arranged.
type node struct {
	id, at           int64
	own              string
	headerID, stable string
	refs             []string // oldest first
	asks             []ask
	conversation     int64 // where it is now
	op               string
	pin              pin
	strand           int
}

// before sorts by the server's facts alone.
func (n *node) before(o *node) int {
	return cmp.Or(cmp.Compare(n.at, o.at), cmp.Compare(n.headerID, o.headerID), cmp.Compare(n.stable, o.stable))
}

// pin is a message's place in a decision; order 0 for none.
type pin struct {
	order int64 // decisions in the order they were made
	side  int64
}

// arranged is the whole picture that groups are made from.
type arranged struct {
	nodes   []*node          // in order
	byKey   map[string]*node // own key → the first message of it
	anchors map[string]*node // a key of an op of ours → the message it answers
	pins    map[string][]pin // own key → all it has, oldest first
	strands [][]*node
	parents map[int]*node // strand → what it hangs on
	homes   map[*node]string
}

// newArranged sorts nodes and finds the strands.
func newArranged(nodes []*node, anchors map[string]*node, pins map[string][]pin) *arranged {
	a := &arranged{
		nodes: nodes, anchors: anchors, pins: pins,
		byKey: map[string]*node{}, parents: map[int]*node{}, homes: map[*node]string{},
	}
	slices.SortFunc(a.nodes, func(x, y *node) int { return cmp.Or(x.before(y), cmp.Compare(x.id, y.id)) })
	u := union{}
	for _, n := range a.nodes {
		if a.byKey[n.own] == nil {
			a.byKey[n.own] = n
		}
		if all := pins[n.own]; len(all) > 0 {
			n.pin = all[len(all)-1]
		}
		for _, key := range n.refs {
			u.join(n.own, key)
		}
	}
	for _, n := range a.nodes {
		for _, key := range append([]string{n.own}, n.refs...) {
			if to := anchors[key]; to != nil {
				u.join(key, to.own)
			}
		}
	}
	numbers := map[string]int{}
	for _, n := range a.nodes {
		root := u.root(n.own)
		i, ok := numbers[root]
		if !ok {
			i = len(a.strands)
			numbers[root] = i
			a.strands = append(a.strands, nil)
		}
		n.strand = i
		a.strands[i] = append(a.strands[i], n)
	}
	return a
}

// lost gives the strands that may hang on something: their first message asks,
// refers to nothing that is here, and nobody decided about them.
func (a *arranged) lost() (first []*node) {
	for i, s := range a.strands {
		if len(s[0].asks) > 0 && !a.decided(i) && !slices.ContainsFunc(s[0].refs, func(r string) bool {
			return a.byKey[r] != nil && a.byKey[r] != s[0] || a.anchors[r] != nil
		}) && a.anchors[s[0].own] == nil {
			first = append(first, s[0])
		}
	}
	return first
}

func (a *arranged) decided(strand int) bool {
	return slices.ContainsFunc(a.strands[strand], func(n *node) bool { return n.pin.order > 0 })
}

// groups gives the conversations, each sorted, in the order of their first
// messages. mixed tells of each whether more than references made it.
func (a *arranged) groups() (groups [][]*node, mixed []bool) {
	pieces := a.pieces()
	numbers := map[string]int{}
	for _, n := range a.nodes {
		name := pieces.root(a.home(n, map[*node]bool{}))
		i, ok := numbers[name]
		if !ok {
			i = len(groups)
			numbers[name] = i
			groups, mixed = append(groups, nil), append(mixed, false)
		}
		groups[i] = append(groups[i], n)
		mixed[i] = mixed[i] || a.decided(n.strand) || n.strand != groups[i][0].strand || a.parents[n.strand] != nil
	}
	return groups, mixed
}

// home names the piece a message belongs to. asking guards against mails that
// answer each other in a circle.
func (a *arranged) home(n *node, asking map[*node]bool) string {
	if h, ok := a.homes[n]; ok {
		return h
	}
	asking[n] = true
	h := a.findHome(n, asking)
	a.homes[n] = h
	return h
}

func (a *arranged) findHome(n *node, asking map[*node]bool) string {
	if n.pin.order > 0 {
		return pieceName(n.pin)
	}
	if !a.decided(n.strand) {
		if to := a.parents[n.strand]; to != nil && !asking[to] {
			return a.home(to, asking)
		}
		return a.strands[n.strand][0].own
	}
	keys := append([]string{n.own}, n.refs...)
	for _, key := range slices.Backward(keys) {
		to := a.anchors[key]
		if to == nil {
			to = a.byKey[key]
		}
		if to != nil && to != n && !asking[to] {
			return a.home(to, asking)
		}
	}
	for _, other := range a.strands[n.strand] {
		if other.pin.order > 0 {
			return pieceName(other.pin)
		}
	}
	return n.own
}

// pieces joins those of one strand that nothing keeps apart, the earlier ones
// first.
func (a *arranged) pieces() *parted {
	p := &parted{union: union{}, members: map[string][]*node{}}
	for _, n := range a.nodes {
		if n.pin.order > 0 {
			name := pieceName(n.pin)
			p.members[name] = append(p.members[name], n)
		}
	}
	for _, strand := range a.strands {
		var names []string
		for _, n := range strand {
			if n.pin.order > 0 && !slices.Contains(names, pieceName(n.pin)) {
				names = append(names, pieceName(n.pin))
			}
		}
		for i, name := range names {
			for _, earlier := range names[:i] {
				a.bringTogether(p, earlier, name)
			}
		}
	}
	return p
}

// parted is the pieces that came together, with who is pinned to each.
type parted struct {
	union
	members map[string][]*node
}

func (a *arranged) bringTogether(p *parted, x, y string) {
	x, y = p.root(x), p.root(y)
	if x == y || a.apart(p.members[x], p.members[y]) {
		return
	}
	all := append(p.members[x], p.members[y]...)
	p.join(x, y)
	p.members[p.root(x)] = all
}

// apart tells that somebody's last word on two messages of these pieces was that
// they don't belong together.
func (a *arranged) apart(xs, ys []*node) bool {
	for _, x := range xs {
		for _, y := range ys {
			if a.lastWordParts(a.pins[x.own], a.pins[y.own]) {
				return true
			}
		}
	}
	return false
}

func (a *arranged) lastWordParts(x, y []pin) bool {
	for _, p := range slices.Backward(x) {
		for _, q := range slices.Backward(y) {
			if p.order == q.order {
				return p.side != q.side
			}
		}
	}
	return false
}

// union is a disjoint-set forest over names. The smaller name is the root, so
// that it doesn't depend on the order of joining.
type union map[string]string

func (u union) root(s string) string {
	for {
		up, ok := u[s]
		if !ok || up == s {
			return s
		}
		if upper, ok := u[up]; ok {
			u[s] = upper
		}
		s = up
	}
}

func (u union) join(a, b string) {
	a, b = u.root(a), u.root(b)
	switch {
	case a < b:
		u[b] = a
	case b < a:
		u[a] = b
	}
}
