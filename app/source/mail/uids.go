package mail

import (
	"slices"
	"strconv"

	"github.com/emersion/go-imap/v2"
)

// span is the UIDs lo to hi, both included.
type span struct{ lo, hi uint32 }

// uids is a set of UIDs, as ascending spans that neither touch nor overlap: a
// mailbox of a million messages is usually one span. The zero value is empty.
type uids []span

// add puts lo to hi into the set.
func (u *uids) add(lo, hi uint32) {
	if lo == 0 || hi < lo {
		return
	}
	s := *u
	// The first span that touches or follows lo, and the first that lies
	// clearly behind hi: everything between melts into one.
	from, _ := slices.BinarySearchFunc(s, lo, func(e span, lo uint32) int {
		if uint64(e.hi)+1 < uint64(lo) {
			return -1
		}
		return 1
	})
	to := from
	for to < len(s) && uint64(s[to].lo) <= uint64(hi)+1 {
		lo, hi = min(lo, s[to].lo), max(hi, s[to].hi)
		to++
	}
	*u = slices.Replace(s, from, to, span{lo, hi})
}

// addAll puts every UID of o into the set.
func (u *uids) addAll(o uids) {
	for _, s := range o {
		u.add(s.lo, s.hi)
	}
}

// remove takes one UID out.
func (u *uids) remove(n uint32) { *u = u.minus(uids{{n, n}}) }

// minus gives the UIDs of u that are not in o.
func (u uids) minus(o uids) uids {
	var out uids
	k := 0
	for _, s := range u {
		lo := uint64(s.lo)
		for k < len(o) && uint64(o[k].hi) < lo {
			k++
		}
		for i := k; i < len(o) && o[i].lo <= s.hi && lo <= uint64(s.hi); i++ {
			if uint64(o[i].lo) > lo {
				out = append(out, span{uint32(lo), o[i].lo - 1})
			}
			lo = max(lo, uint64(o[i].hi)+1)
		}
		if lo <= uint64(s.hi) {
			out = append(out, span{uint32(lo), s.hi})
		}
	}
	return out
}

func (u uids) has(n uint32) bool {
	_, ok := slices.BinarySearchFunc(u, n, func(e span, n uint32) int {
		switch {
		case e.hi < n:
			return -1
		case e.lo > n:
			return 1
		}
		return 0
	})
	return ok
}

func (u uids) count() int {
	n := 0
	for _, s := range u {
		n += int(s.hi-s.lo) + 1
	}
	return n
}

func (u uids) lowest() uint32 {
	if len(u) == 0 {
		return 0
	}
	return u[0].lo
}

func (u uids) highest() uint32 {
	if len(u) == 0 {
		return 0
	}
	return u[len(u)-1].hi
}

// newest lists up to n UIDs not below from, highest first.
func (u uids) newest(n int, from uint32) []uint32 {
	var out []uint32
	for _, s := range slices.Backward(u) {
		for id := uint64(s.hi); id >= uint64(s.lo) && id >= uint64(from) && len(out) < n; id-- {
			out = append(out, uint32(id))
		}
	}
	return out
}

// set gives the form go-imap wants.
func (u uids) set() imap.UIDSet {
	out := make(imap.UIDSet, len(u))
	for i, s := range u {
		out[i] = imap.UIDRange{Start: imap.UID(s.lo), Stop: imap.UID(s.hi)}
	}
	return out
}

func fromSet(set imap.UIDSet) uids {
	var out uids
	for _, r := range set {
		out.add(uint32(min(r.Start, r.Stop)), uint32(max(r.Start, r.Stop)))
	}
	return out
}

func fromList(list []uint32) uids {
	var out uids
	for _, n := range list {
		out.add(n, n)
	}
	return out
}

// String is IMAP's own form of a set (RFC 9051 sequence-set), "" when empty.
func (u uids) String() string {
	var b []byte
	for i, s := range u {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(s.lo), 10)
		if s.hi != s.lo {
			b = strconv.AppendUint(append(b, ':'), uint64(s.hi), 10)
		}
	}
	return string(b)
}
