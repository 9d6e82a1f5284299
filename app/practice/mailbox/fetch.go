package mailbox

import (
	"bufio"
	"bytes"
	"io"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// picked is a mail as it stood when a command began.
type picked struct {
	mail
	seq uint32 // in the session's view
}

// pick copies what a number set names; the caller holds the store. A command
// by UID may name a mail whose EXISTS the session hasn't heard yet: it gets the
// number that the coming EXISTS will give it.
func (c *session) pick(set imap.NumSet) (all []picked) {
	set = resolve(set, uint32(len(c.box.mails)), uint32(c.box.uidNext)-1)
	for i, m := range c.box.mails {
		seq := c.tracker.EncodeSeqNum(uint32(i + 1))
		switch set := set.(type) {
		case imap.SeqSet:
			if seq == 0 || !set.Contains(seq) {
				continue
			}
		case imap.UIDSet:
			if !set.Contains(m.uid) {
				continue
			}
		}
		if seq == 0 {
			seq = uint32(i + 1)
		}
		p := picked{mail: *m, seq: seq}
		p.flags = slices.Clone(m.flags)
		all = append(all, p)
	}
	return all
}

// resolve puts numbers in the place of "*".
func resolve(set imap.NumSet, lastSeq, lastUID uint32) imap.NumSet {
	switch set := set.(type) {
	case imap.SeqSet:
		var out imap.SeqSet
		for _, r := range set {
			from, to := resolveRange(r.Start, r.Stop, lastSeq)
			out.AddRange(from, to)
		}
		return out
	case imap.UIDSet:
		var out imap.UIDSet
		for _, r := range set {
			from, to := resolveRange(uint32(r.Start), uint32(r.Stop), lastUID)
			out.AddRange(imap.UID(from), imap.UID(to))
		}
		return out
	default:
		return set
	}
}

// resolveRange: 0 means "*", and a range that holds it reads the same from
// both sides (RFC 9051 9, seq-range).
func resolveRange(from, to, last uint32) (uint32, uint32) {
	last = max(last, 1)
	if from == 0 {
		from = last
	}
	if to == 0 {
		to = last
	}
	return min(from, to), max(from, to)
}

func uidsOf(all []picked) (set imap.UIDSet) {
	for _, p := range all {
		set.AddNum(p.uid)
	}
	return set
}

func (c *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	all, err := c.pickAndSee(set, options)
	if err != nil {
		return err
	}
	// The store is free from here: a slow line holds up only its own session.
	for _, p := range all {
		if err := c.write(w.CreateMessage(p.seq), p, options); err != nil {
			return err
		}
	}
	return nil
}

// pickAndSee sets \Seen where a section is read without PEEK.
func (c *session) pickAndSee(set imap.NumSet, options *imap.FetchOptions) ([]picked, error) {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	all := c.pick(set)
	sees := slices.ContainsFunc(options.BodySection, func(s *imap.FetchItemBodySection) bool { return !s.Peek })
	unseen := slices.DeleteFunc(slices.Clone(all), func(p picked) bool { return p.has(imap.FlagSeen) })
	if !sees || c.readOnly || len(unseen) == 0 {
		return all, nil
	}
	if err := c.setFlags(uidsOf(unseen), imap.StoreFlagsAdd, []imap.Flag{imap.FlagSeen}); err != nil {
		return nil, failed(err)
	}
	options.Flags = true
	return c.pick(set), nil
}

// write answers with one mail. Its parts come from the log, read once.
func (c *session) write(w *imapserver.FetchResponseWriter, p picked, options *imap.FetchOptions) error {
	w.WriteUID(p.uid)
	if options.Flags {
		w.WriteFlags(p.flags)
	}
	if options.InternalDate {
		w.WriteInternalDate(p.at)
	}
	if options.RFC822Size {
		w.WriteRFC822Size(p.body.Len)
	}
	if options.Envelope {
		head, err := c.store.readHead(p.body)
		if err != nil {
			return err
		}
		w.WriteEnvelope(envelope(head))
	}
	if options.BodyStructure != nil || len(options.BodySection) > 0 {
		raw, err := c.store.Read(p.body)
		if err != nil {
			return err
		}
		if options.BodyStructure != nil {
			w.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(raw)))
		}
		for _, section := range options.BodySection {
			data := imapserver.ExtractBodySection(bytes.NewReader(raw), section)
			if err := writeAll(w.WriteBodySection(section, int64(len(data))), data); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

func writeAll(w io.WriteCloser, data []byte) error {
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Close()
}

func envelope(head []byte) *imap.Envelope {
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(head)))
	if err != nil {
		return &imap.Envelope{}
	}
	return imapserver.ExtractEnvelope(h)
}
