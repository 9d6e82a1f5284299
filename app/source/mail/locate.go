package mail

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// Locate looks in INBOX (our own copy), Sent and Junk for a mail with the op's
// Message-ID or token. Not seeing it proves nothing on a mail server.
func (s *Source) Locate(ctx context.Context, sub source.Submission) (source.Finding, error) {
	if sub.Kind == desk.OpStatus {
		return s.locateStatus(ctx, sub)
	}
	r, err := thawReply(sub)
	if err != nil {
		return source.Finding{}, err
	}
	if err := s.take(ctx); err != nil {
		return source.Finding{}, err
	}
	defer s.release()
	l, err := s.connected(ctx)
	if err != nil {
		return source.Finding{}, err
	}
	finding := source.Finding{State: source.NotSeen}
	err = s.speak(ctx, l, CountLooking, func() error {
		for _, role := range []desk.FolderRole{desk.RoleInbox, desk.RoleSent, desk.RoleJunk} {
			name := l.byRole(role)
			if name == "" {
				continue
			}
			at, err := l.locateIn(name, r)
			if err != nil && desk.KindOf(err) != desk.KindNotFound {
				return err
			}
			s.heardInbox(l)
			if at.uid != 0 {
				finding, err = l.receipt(at)
				return err
			}
		}
		return nil
	})
	return finding, err
}

// locateIn searches one folder. NOOP first, because a selected folder may not
// show what arrived since.
func (l *line) locateIn(name string, r *frozenReply) (place, error) {
	if l.selected == name {
		if err := l.c.Noop().Wait(); err != nil {
			return place{}, l.fail("look for a sent mail", err)
		}
	} else if err := l.choose(name); err != nil {
		return place{}, err
	}
	byID := imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: r.MessageID}}}
	byToken := imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: tokenHeader, Value: string(r.ID)}}}
	hits, err := l.search(&imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{byID, byToken}}})
	if desk.KindOf(err) == desk.KindRefused {
		hits, err = l.readOver(r)
	}
	return place{name, l.chosen.UIDValidity, hits.highest()}, err
}

// readNewest is how many of a folder's newest mails are read over.
const readNewest = 200

// readOver looks for a mail among the newest of the selected folder without a
// search: Yahoo's server fails at every search for a header field.
func (l *line) readOver(r *frozenReply) (uids, error) {
	next := uint32(l.chosen.UIDNext)
	if mbox := l.c.Mailbox(); mbox == nil || mbox.NumMessages == 0 {
		return nil, nil
	}
	lo := uint32(1)
	if next > readNewest {
		lo = next - readNewest
	}
	got, err := l.gather(l.c.Fetch(imap.UIDSet{{Start: imap.UID(lo), Stop: 0}}, &imap.FetchOptions{
		UID: true, BodySection: []*imap.FetchItemBodySection{{
			Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Message-ID", tokenHeader}, Peek: true,
		}},
	}))
	var hits uids
	for _, g := range got {
		h := mailtext.ParseHeader(g.header)
		if slices.Contains(h.IDs("Message-ID"), r.MessageID) || strings.EqualFold(h.Raw(tokenHeader), string(r.ID)) {
			hits.add(g.uid, g.uid)
		}
	}
	return hits, err
}

func (l *line) receipt(at place) (source.Finding, error) {
	f := source.Finding{State: source.Found}
	ref := at.ref()
	f.Receipt.RemoteID = ref.Scope + "/" + ref.Epoch + "/" + ref.ID
	got, err := l.gather(l.c.Fetch(imap.UIDSetNum(imap.UID(at.uid)), &imap.FetchOptions{UID: true, InternalDate: true}))
	if err != nil {
		return source.Finding{State: source.NotSeen}, err
	}
	for _, g := range got {
		f.Receipt.At = g.at
	}
	return f, nil
}

// locateStatus looks whether the keyword stands on one of the messages.
func (s *Source) locateStatus(ctx context.Context, sub source.Submission) (source.Finding, error) {
	f, ok := thawStatus(sub)
	if !ok {
		return source.Finding{State: source.NotSeen}, nil
	}
	for _, ref := range f.Messages {
		at, ok := placeOf(ref)
		if !ok {
			continue
		}
		stands := false
		err := s.atPlace(ctx, at, CountLooking, func(l *line) (err error) {
			stands, err = l.marked(at.uid, statusKeywords[f.Status], nil)
			return err
		})
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return source.Finding{}, err
		}
		if stands && err == nil {
			return source.Finding{State: source.Found}, nil
		}
	}
	return source.Finding{State: source.NotSeen}, nil
}
