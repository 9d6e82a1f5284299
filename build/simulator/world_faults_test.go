package simulator

import (
	"bytes"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// What happens to a server.

// keep makes a backup of what lies on the server now.
func (w *world) keep() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.backup = nil
	for _, b := range slices.Concat(w.boxes, w.away) {
		c := *b
		c.letters = nil
		for _, l := range b.letters {
			d := *l
			d.flags = slices.Clone(l.flags)
			c.letters = append(c.letters, &d)
		}
		w.backup = append(w.backup, &c)
	}
}

// restore brings the backup back, with the old numbering or a new one. Sessions
// end with it.
func (w *world) restore(renumber bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.backup == nil {
		return false
	}
	for _, b := range w.backup {
		if old := w.box(b.name); old != nil && !renumber {
			b.given = max(old.next, old.given)
		}
	}
	w.boxes, w.backup, w.away = w.backup, nil, nil
	for _, b := range w.boxes {
		b.tracker = imapserver.NewMailboxTracker(uint32(len(b.letters)))
		if renumber {
			b.renumber()
		}
	}
	// What is not on the server any more can't be looked at by a guard.
	w.visible = slices.DeleteFunc(w.visible, func(v visible) bool { return !w.shows(v.id) })
	return true
}

// shows tells whether a mail lies in any folder. The caller holds mu.
func (w *world) shows(id string) bool {
	for _, b := range w.boxes {
		for _, l := range b.letters {
			if bytes.Contains(l.raw, []byte("Message-ID: <"+id+">")) {
				return true
			}
		}
	}
	return false
}

func (b *box) renumber() {
	b.validity += 1000
	b.next = 1
	for _, l := range b.letters {
		l.uid = b.next
		b.next++
	}
	b.tracker = imapserver.NewMailboxTracker(uint32(len(b.letters)))
}

// renumber gives one folder a new UIDVALIDITY.
func (w *world) renumber(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.box(name); b != nil {
		b.renumber()
	}
}

// vanish takes a folder away, and gives what puts it there again.
func (w *world) vanish(name string) (back func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.box(name)
	if b == nil {
		return func() {}
	}
	w.boxes = slices.DeleteFunc(w.boxes, func(o *box) bool { return o == b })
	w.away = append(w.away, b)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.back(b)
	}
}

// mark sets a keyword on the newest mail of a conversation in the inbox.
func (w *world) mark(id string, keyword imap.Flag) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.box("INBOX")
	if b == nil {
		return
	}
	for i, l := range b.letters {
		if bytes.Contains(l.raw, []byte("Message-ID: <"+id+">")) {
			l.set(keyword)
			b.tracker.QueueMessageFlags(uint32(i+1), l.uid, slices.Clone(l.flags), nil)
		}
	}
}
