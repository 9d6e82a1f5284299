package mail

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// FileSent puts the mail into Sent, unless it is there already or the server
// files what it sends by itself. It is a step of its own after Submit, safe to
// repeat. The copy gets the server's date: that is what conversations go by.
func (s *Source) FileSent(ctx context.Context, sub source.Submission) error {
	if sub.Kind != desk.OpReply {
		return nil
	}
	r, err := thawReply(sub)
	if err != nil {
		return err
	}
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.release()
	l, err := s.connected(ctx)
	if err != nil {
		return err
	}
	name := l.byRole(desk.RoleSent)
	if name == "" || l.session.Caps.Can(source.SavesSent) {
		return nil
	}
	return s.speak(ctx, l, CountReplies, func() error {
		err := s.fileInto(ctx, l, name, r, sub)
		if desk.KindOf(err) != desk.KindNotFound {
			return err
		}
		// TRYCREATE: it has another name now, or there is none any more.
		if l.folders, err = l.readFolders(l.askFolders(), s.cfg.Settings); err != nil {
			return err
		}
		s.kept.forget()
		if name = l.byRole(desk.RoleSent); name == "" {
			return nil
		}
		return s.fileInto(ctx, l, name, r, sub)
	})
}

func (s *Source) fileInto(ctx context.Context, l *line, name string, r *frozenReply, sub source.Submission) error {
	at, err := l.locateIn(name, r)
	if err != nil || at.uid != 0 {
		return err
	}
	if done, err := s.copyOwn(l, name, r, sub); done || err != nil {
		return err
	}
	err = s.upload(ctx, l, name, r.mail)
	if no, ok := errors.AsType[*imap.Error](err); ok && no.Code == imap.ResponseCodeOverQuota {
		s.alert(no.Text) // the reply has left, but a person must make room
	}
	return err
}

const (
	// worthWaiting is the size from which an upload costs more than asking again.
	worthWaiting = 32 << 10
	// ownCopyWait is how long our own copy may take to come back.
	ownCopyWait = 30 * time.Minute
)

// copyOwn lets the server itself copy what came back to us as a receiver: a
// file needn't go up a thin line twice. While that copy may still come, a large
// mail is worth another try later.
func (s *Source) copyOwn(l *line, sent string, r *frozenReply, sub source.Submission) (done bool, err error) {
	if r.mail.size() < worthWaiting {
		return false, nil
	}
	at, err := l.locateIn(inboxName, r)
	s.heardInbox(l)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return false, err
	}
	if at.uid != 0 {
		_, err = l.c.Copy(imap.UIDSetNum(imap.UID(at.uid)), sent).Wait()
		return err == nil, l.fail("copy a sent mail", err)
	}
	if age := s.cfg.Clock().Sub(sub.LastTry); r.Own != "" && age >= 0 && age < ownCopyWait {
		return false, desk.E(desk.KindConflict, "copy a sent mail", errors.New("our own copy isn't there yet"))
	}
	return false, nil
}

// heardInbox hints when a search has selected the inbox with new mail in it:
// IDLE tells only of what comes later.
func (s *Source) heardInbox(l *line) {
	if l.selected == inboxName && uint32(l.chosen.UIDNext) > s.memory.inboxNext {
		signal(s.events)
	}
}

func (s *Source) upload(ctx context.Context, l *line, name string, m composed) error {
	const doing = "file a sent mail"
	cmd := l.c.Append(name, m.size(), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	if err := m.write(ctx, cmd, s.cfg.Blobs); desk.KindOf(err) == desk.KindUnreadable {
		l.drop() // IMAP has no other way out of a literal
		return err
	} else if err != nil {
		return l.fail(doing, err)
	}
	if err := cmd.Close(); err != nil {
		return l.fail(doing, err)
	}
	_, err := cmd.Wait()
	return l.fail(doing, err)
}
