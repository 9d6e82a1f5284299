//go:build dev

package mailbox

import (
	"bytes"

	"github.com/emersion/go-imap/v2"
)

// Mark puts a keyword on the mails of a folder whose head holds some text, as
// another session would.
func (s *Store) Mark(folder, text, keyword string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.box(folder)
	if b == nil {
		return nil
	}
	var uids imap.UIDSet
	for _, m := range b.mails {
		if head, err := s.readHead(m.body); err == nil && bytes.Contains(head, []byte(text)) {
			uids.AddNum(m.uid)
		}
	}
	if len(uids) == 0 {
		return nil
	}
	set := change{Kind: kindFlags, Box: b.name, Set: uids.String(), Op: int(imap.StoreFlagsAdd), Flags: []string{keyword}}
	_, err := s.commit(&Batch{changes: []change{set}})
	return err
}
