package simulator

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// found is a mail as it stood when a command began, with its number.
type found struct {
	letter
	seq uint32
}

// pick copies what a set names. The caller holds the world.
func (c *session) pick(set imap.NumSet) (all []found) {
	for i, l := range c.box.letters {
		seq := c.tracker.EncodeSeqNum(uint32(i + 1))
		if seq == 0 {
			seq = uint32(i + 1) // its EXISTS is still to come
		}
		f := found{*l, seq}
		f.flags = slices.Clone(l.flags)
		if in(set, f, c.box) {
			all = append(all, f)
		}
	}
	return all
}

// in tells whether a set names a mail; "*" is the last (RFC 9051 9, seq-range).
func in(set imap.NumSet, f found, b *box) bool {
	between := func(from, to, n, last uint32) bool {
		if from == 0 {
			from = last
		}
		if to == 0 {
			to = last
		}
		return n >= min(from, to) && n <= max(from, to)
	}
	switch set := set.(type) {
	case imap.SeqSet:
		return slices.ContainsFunc(set, func(r imap.SeqRange) bool {
			return between(r.Start, r.Stop, f.seq, uint32(len(b.letters)))
		})
	case imap.UIDSet:
		return slices.ContainsFunc(set, func(r imap.UIDRange) bool {
			return between(uint32(r.Start), uint32(r.Stop), uint32(f.uid), uint32(b.next)-1)
		})
	}
	return false
}

// everything names every mail.
func everything() imap.UIDSet {
	var all imap.UIDSet
	all.AddRange(1, 0)
	return all
}

// Search implements imapserver.Session, as far as the program searches.
func (c *session) Search(kind imapserver.NumKind, q *imap.SearchCriteria, _ *imap.SearchOptions) (*imap.SearchData, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	data := &imap.SearchData{}
	var uids imap.UIDSet
	var seqs imap.SeqSet
	if c.box != nil {
		for _, f := range c.pick(everything()) {
			if !c.matches(f, q) {
				continue
			}
			n := uint32(f.uid)
			if kind == imapserver.NumKindSeq {
				n = f.seq
			}
			if data.Count == 0 {
				data.Min = n
			}
			data.Max = n
			data.Count++
			uids.AddNum(f.uid)
			seqs.AddNum(f.seq)
		}
	}
	data.All = uids
	if kind == imapserver.NumKindSeq {
		data.All = seqs
	}
	return data, nil
}

func (c *session) matches(f found, q *imap.SearchCriteria) bool {
	for _, set := range q.SeqNum {
		if !in(set, f, c.box) {
			return false
		}
	}
	for _, set := range q.UID {
		if !in(set, f, c.box) {
			return false
		}
	}
	day := f.at.UTC().Truncate(24 * time.Hour)
	if !q.Since.IsZero() && day.Before(q.Since) || !q.Before.IsZero() && !day.Before(q.Before) {
		return false
	}
	head, _, _ := bytes.Cut(f.raw, []byte("\r\n\r\n"))
	for _, h := range q.Header {
		if !hasField(string(head), h.Key, h.Value) {
			return false
		}
	}
	for i := range q.Not {
		if c.matches(f, &q.Not[i]) {
			return false
		}
	}
	for i := range q.Or {
		if !c.matches(f, &q.Or[i][0]) && !c.matches(f, &q.Or[i][1]) {
			return false
		}
	}
	return !slices.ContainsFunc(q.NotFlag, f.has) && !slices.ContainsFunc(q.Flag, func(g imap.Flag) bool { return !f.has(g) })
}

func hasField(head, key, value string) bool {
	for line := range strings.SplitSeq(head, "\r\n") {
		name, rest, ok := strings.Cut(line, ":")
		if ok && strings.EqualFold(name, key) && strings.Contains(strings.ToLower(rest), strings.ToLower(value)) {
			return true
		}
	}
	return false
}
