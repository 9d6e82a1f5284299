package simulator

import (
	"bytes"
	"io"
	"log"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// session is one IMAP connection to the world. The library speaks the protocol;
// what lies in the folders is the world's.
type session struct {
	w       *world
	box     *box
	tracker *imapserver.SessionTracker
}

func (w *world) imap() *imapserver.Server {
	return imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{w: w}, nil, nil
		},
		Caps: imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapESearch: {}, imap.CapListStatus: {},
			imap.CapSpecialUse: {}, imap.CapLiteralPlus: {},
		},
		InsecureAuth: true,
		Logger:       log.New(io.Discard, "", 0),
	})
}

func no(code imap.ResponseCode) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: "no"}
}

var errGone = no(imap.ResponseCodeNonExistent)

// Login implements imapserver.Session.
func (c *session) Login(user, pass string) error {
	if user != ownAddress || pass != password || c.w.locked.Load() {
		return imapserver.ErrAuthFailed
	}
	return nil
}

// Close implements imapserver.Session.
func (c *session) Close() error {
	if c.box != nil {
		return c.Unselect()
	}
	return nil
}

// Select implements imapserver.Session.
func (c *session) Select(name string, _ *imap.SelectOptions) (*imap.SelectData, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	b := c.w.box(name)
	if b == nil {
		return nil, errGone
	}
	c.box, c.tracker = b, b.tracker.NewSession()
	flags := []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagDeleted}
	return &imap.SelectData{
		Flags: flags, PermanentFlags: append(flags, imap.FlagWildcard), NumMessages: uint32(len(b.letters)),
		UIDNext: b.next, UIDValidity: b.validity,
	}, nil
}

// Unselect implements imapserver.Session.
func (c *session) Unselect() error {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.tracker.Close()
	c.box, c.tracker = nil, nil
	return nil
}

// Create and the others below are nothing that the program does.
func (c *session) Create(string, *imap.CreateOptions) error { return no(imap.ResponseCodeCannot) }

// Delete implements imapserver.Session.
func (c *session) Delete(string) error { return no(imap.ResponseCodeCannot) }

// Rename implements imapserver.Session.
func (c *session) Rename(string, string, *imap.RenameOptions) error {
	return no(imap.ResponseCodeCannot)
}

// Subscribe implements imapserver.Session.
func (c *session) Subscribe(string) error { return nil }

// Unsubscribe implements imapserver.Session.
func (c *session) Unsubscribe(string) error { return nil }

// Expunge implements imapserver.Session.
func (c *session) Expunge(*imapserver.ExpungeWriter, *imap.UIDSet) error {
	return no(imap.ResponseCodeCannot)
}

// List implements imapserver.Session.
func (c *session) List(out *imapserver.ListWriter, ref string, patterns []string, o *imap.ListOptions) error {
	c.w.mu.Lock()
	var all []imap.ListData
	for _, b := range c.w.boxes {
		if !slices.ContainsFunc(patterns, func(p string) bool { return imapserver.MatchList(b.name, '/', ref, p) }) {
			continue
		}
		data := imap.ListData{Mailbox: b.name, Delim: '/', Attrs: b.special}
		if o.ReturnStatus != nil {
			data.Status = b.status()
		}
		all = append(all, data)
	}
	c.w.mu.Unlock()
	for i := range all {
		if err := out.WriteList(&all[i]); err != nil {
			return err
		}
	}
	return nil
}

// Status implements imapserver.Session.
func (c *session) Status(name string, _ *imap.StatusOptions) (*imap.StatusData, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	b := c.w.box(name)
	if b == nil {
		return nil, errGone
	}
	return b.status(), nil
}

func (b *box) status() *imap.StatusData {
	total, zero := uint32(len(b.letters)), uint32(0)
	unseen := total
	for _, l := range b.letters {
		if l.has(imap.FlagSeen) {
			unseen--
		}
	}
	return &imap.StatusData{
		Mailbox: b.name, NumMessages: &total, NumRecent: &zero, UIDNext: b.next, UIDValidity: b.validity,
		NumUnseen: &unseen, NumDeleted: &zero,
	}
}

// Append implements imapserver.Session.
func (c *session) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if int64(len(raw)) < r.Size() {
		return nil, io.ErrUnexpectedEOF
	}
	l := c.w.add(name, raw, o.Flags...)
	if l == nil {
		return nil, no(imap.ResponseCodeTryCreate)
	}
	return &imap.AppendData{UIDValidity: c.w.box(name).validity, UID: l.uid}, nil
}

// Poll implements imapserver.Session.
func (c *session) Poll(out *imapserver.UpdateWriter, expunge bool) error {
	if t := c.watched(); t != nil {
		return t.Poll(out, expunge)
	}
	return nil
}

// Idle implements imapserver.Session.
func (c *session) Idle(out *imapserver.UpdateWriter, stop <-chan struct{}) error {
	t := c.watched()
	if t == nil {
		<-stop
		return nil
	}
	if err := t.Poll(out, true); err != nil {
		return err
	}
	return t.Idle(out, stop)
}

func (c *session) watched() *imapserver.SessionTracker {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return c.tracker
}

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

// Fetch implements imapserver.Session. The program reads with PEEK alone.
func (c *session) Fetch(out *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	c.w.mu.Lock()
	if c.box == nil {
		c.w.mu.Unlock()
		return errGone
	}
	all := c.pick(set)
	c.w.mu.Unlock()
	for _, f := range all {
		if err := give(out.CreateMessage(f.seq), f, o); err != nil {
			return err
		}
	}
	return nil
}

func give(out *imapserver.FetchResponseWriter, f found, o *imap.FetchOptions) error {
	out.WriteUID(f.uid)
	if o.Flags {
		out.WriteFlags(f.flags)
	}
	if o.InternalDate {
		out.WriteInternalDate(f.at)
	}
	if o.RFC822Size {
		out.WriteRFC822Size(int64(len(f.raw)))
	}
	if o.BodyStructure != nil {
		out.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(f.raw)))
	}
	for _, part := range o.BodySection {
		data := imapserver.ExtractBodySection(bytes.NewReader(f.raw), part)
		w := out.WriteBodySection(part, int64(len(data)))
		if _, err := w.Write(data); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return out.Close()
}

// Store implements imapserver.Session.
func (c *session) Store(_ *imapserver.FetchWriter, set imap.NumSet, s *imap.StoreFlags, _ *imap.StoreOptions) error {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if c.box == nil {
		return errGone
	}
	for _, f := range c.pick(set) {
		i := slices.IndexFunc(c.box.letters, func(l *letter) bool { return l.uid == f.uid })
		l := c.box.letters[i]
		for _, flag := range s.Flags {
			if s.Op == imap.StoreFlagsDel {
				l.unset(flag)
			} else {
				l.set(flag)
			}
		}
		c.box.tracker.QueueMessageFlags(uint32(i+1), l.uid, slices.Clone(l.flags), c.tracker)
	}
	return nil
}

// Copy implements imapserver.Session.
func (c *session) Copy(set imap.NumSet, to string) (*imap.CopyData, error) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	b := c.w.box(to)
	if c.box == nil || b == nil {
		return nil, no(imap.ResponseCodeTryCreate)
	}
	data := &imap.CopyData{UIDValidity: b.validity}
	for _, f := range c.pick(set) {
		l := c.w.add(to, f.raw, f.flags...)
		data.SourceUIDs.AddNum(f.uid)
		data.DestUIDs.AddNum(l.uid)
	}
	return data, nil
}
