package simulator

import (
	"bytes"
	"io"
	"log"
	"slices"

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
