package mailbox

import (
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// setFlags writes a change of flags; the caller holds the store.
func (c *session) setFlags(uids imap.UIDSet, op imap.StoreFlagsOp, flags []imap.Flag) error {
	set := change{Kind: kindFlags, Box: c.box.name, Set: uids.String(), Op: int(op)}
	for _, f := range flags {
		set.Flags = append(set.Flags, string(f))
	}
	c.box.source = c.tracker
	defer func() { c.box.source = nil }()
	_, err := c.store.commit(&Batch{changes: []change{set}})
	return err
}

func (c *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, _ *imap.StoreOptions) error {
	if c.readOnly {
		return errReadOnly
	}
	all, err := c.storeFlags(set, flags)
	if err != nil || flags.Silent {
		return err
	}
	for _, p := range all {
		if err := c.write(w.CreateMessage(p.seq), p, &imap.FetchOptions{Flags: true}); err != nil {
			return err
		}
	}
	return nil
}

func (c *session) storeFlags(set imap.NumSet, flags *imap.StoreFlags) ([]picked, error) {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	all := c.pick(set)
	if len(all) == 0 {
		return nil, nil
	}
	uids := uidsOf(all)
	if err := c.setFlags(uids, flags.Op, flags.Flags); err != nil {
		return nil, failed(err)
	}
	return c.pick(uids), nil
}

// Expunge removes what is marked \Deleted, of uids or of all.
func (c *session) Expunge(_ *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if c.readOnly {
		return errReadOnly
	}
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	var gone imap.UIDSet
	for _, m := range c.box.mails {
		if m.has(imap.FlagDeleted) && (uids == nil || uids.Contains(m.uid)) {
			gone.AddNum(m.uid)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	// The session's own queue tells it, as it tells the others.
	_, err := c.store.commit(&Batch{changes: []change{{Kind: kindExpunge, Box: c.box.name, Set: gone.String()}}})
	return failed(err)
}

func (c *session) Copy(set imap.NumSet, dest string) (*imap.CopyData, error) {
	return c.transfer(set, dest, false)
}

func (c *session) Move(w *imapserver.MoveWriter, set imap.NumSet, dest string) error {
	if c.readOnly {
		return errReadOnly
	}
	data, err := c.transfer(set, dest, true)
	if err != nil {
		return err
	}
	return w.WriteCopyData(data)
}

// transfer copies mails and, for MOVE (RFC 6851), removes them here in the
// same batch.
func (c *session) transfer(set imap.NumSet, dest string, remove bool) (*imap.CopyData, error) {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	to := c.store.box(dest)
	if to == nil {
		return nil, refuse(imap.ResponseCodeTryCreate, "No such mailbox")
	}
	data := &imap.CopyData{UIDValidity: to.uidValidity}
	var b Batch
	for _, p := range c.pick(set) {
		raw, err := c.store.Read(p.body)
		if err != nil {
			return nil, failed(err)
		}
		b.Mail(to.name, p.at, raw, p.flags...)
		data.SourceUIDs.AddNum(p.uid)
		data.DestUIDs.AddNum(to.uidNext + imap.UID(len(b.changes)-1))
	}
	if len(b.changes) == 0 {
		return data, nil
	}
	if remove {
		b.changes = append(b.changes, change{Kind: kindExpunge, Box: c.box.name, Set: data.SourceUIDs.String()})
	}
	_, err := c.store.commit(&b)
	return data, failed(err)
}
