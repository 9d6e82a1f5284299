package mailbox

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Note is something the server above wants to have kept beside the mails, in
// the same batch.
type Note struct {
	Type string
	Data json.RawMessage
	Body Body
}

// Batch is changes that happen together or not at all.
type Batch struct {
	changes []change
	bodies  bytes.Buffer
}

// Box makes a folder. UIDVALIDITY must be one that the name never had.
func (b *Batch) Box(name string, uidValidity uint32, special ...imap.MailboxAttr) {
	c := change{Kind: kindBox, Box: name, UID: uidValidity}
	for _, attr := range special {
		c.Flags = append(c.Flags, string(attr))
	}
	b.changes = append(b.changes, c)
}

// Mail puts a mail into a folder; Commit gives it its UID.
func (b *Batch) Mail(box string, at time.Time, raw []byte, flags ...imap.Flag) {
	_, zone := at.Zone()
	c := change{Kind: kindAdd, Box: box, At: at.Unix(), Zone: zone, Body: b.body(raw)}
	for _, f := range flags {
		c.Flags = append(c.Flags, string(f))
	}
	b.changes = append(b.changes, c)
}

// Note keeps v (as JSON) and, when raw isn't nil, a body.
func (b *Batch) Note(kind string, v any, raw []byte) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c := change{Kind: kindNote, Note: kind, Data: data}
	if raw != nil {
		c.Body = b.body(raw)
	}
	b.changes = append(b.changes, c)
	return nil
}

func (b *Batch) body(raw []byte) *Body {
	head := bytes.Index(raw, []byte("\r\n\r\n"))
	if head < 0 {
		head = len(raw)
	} else {
		head += 4
	}
	body := &Body{Off: int64(b.bodies.Len()), Len: int64(len(raw)), Head: int64(head)}
	b.bodies.Write(raw)
	return body
}
