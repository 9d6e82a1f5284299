package mail

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/emersion/go-imap/v2"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// FileSent puts the mail into Sent, unless it is there already or the server
// files what it sends by itself. It is a step of its own after Submit. The copy
// gets the server's date: that is what conversations go by. See outbox.Filer for
// what its verdicts promise.
func (s *Source) FileSent(ctx context.Context, f source.Filing) source.Verdict {
	if f.Kind != desk.OpReply {
		return source.Applied
	}
	r, err := thawReply(f.Submission)
	if err != nil {
		return source.Refused
	}
	if err := s.take(ctx); err != nil {
		return source.NotApplied
	}
	defer s.release()
	l, err := s.connected(ctx)
	if err != nil {
		return source.NotApplied
	}
	name := l.byRole(desk.RoleSent)
	if name == "" || l.session.Caps.Can(source.SavesSent) {
		return source.Applied
	}
	c := &copying{Filing: f, s: s, l: l, r: r, sent: name}
	err = s.speak(ctx, l, CountReplies, func() error {
		err := c.file(ctx)
		if desk.KindOf(err) != desk.KindNotFound {
			return err
		}
		// TRYCREATE: it has another name now, or there is none any more.
		if l.folders, err = l.readFolders(l.askFolders(), s.cfg.Settings); err != nil {
			return err
		}
		s.kept.forget()
		if c.sent = l.byRole(desk.RoleSent); c.sent == "" {
			return nil
		}
		return c.file(ctx)
	})
	return c.verdict(err)
}

const (
	// worthWaiting is the size from which an upload costs more than asking again.
	worthWaiting = 32 << 10
	// ownCopyWait is how long our own copy may take to come back.
	ownCopyWait = 30 * time.Minute
)

// copying is one try to file a mail.
type copying struct {
	source.Filing
	s       *Source
	l       *line
	r       *frozenReply
	sent    string
	begun   bool // the act that can't be taken back was begun in this try
	refused bool // and the server said no to it
	unseen  bool // it was only looked for, and isn't there
}

func (c *copying) verdict(err error) source.Verdict {
	switch {
	case c.unseen || c.begun && !c.refused && err != nil:
		return source.Unknown
	case err == nil:
		return source.Applied
	}
	switch desk.KindOf(err) {
	case desk.KindRefused, desk.KindTooLarge, desk.KindNotFound, desk.KindInvalid, desk.KindUnreadable:
		if c.Begun { // it was refused to look
			return source.Unknown
		}
		return source.Refused
	}
	return source.NotApplied
}

func (c *copying) file(ctx context.Context) error {
	at, err := c.l.locateIn(c.sent, c.r)
	if err != nil || at.uid != 0 {
		return err
	}
	if c.Begun {
		c.unseen = true
		return nil
	}
	if done, err := c.copyOwn(ctx); done || err != nil {
		return err
	}
	err = c.upload(ctx)
	if no, ok := errors.AsType[*imap.Error](err); ok && no.Code == imap.ResponseCodeOverQuota {
		c.s.alert(no.Text) // the reply has left, but a person must make room
	}
	return err
}

// copyOwn lets the server itself copy what came back to us as a receiver: a
// file needn't go up a thin line twice. While that copy may still come, a large
// mail is worth another try later.
func (c *copying) copyOwn(ctx context.Context) (done bool, err error) {
	if c.r.mail.size() < worthWaiting {
		return false, nil
	}
	at, err := c.l.locateIn(inboxName, c.r)
	c.s.heardInbox(c.l)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return false, err
	}
	if at.uid != 0 {
		if err := c.begin(ctx); err != nil {
			return false, err
		}
		_, err = c.l.c.Copy(imap.UIDSetNum(imap.UID(at.uid)), c.sent).Wait()
		return err == nil, c.answered("copy a sent mail", err)
	}
	if age := c.s.cfg.Clock().Sub(c.LastTry); c.r.Own != "" && age >= 0 && age < ownCopyWait {
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

// upload appends the mail. The server can't do anything with it until it has its
// last two bytes, and these follow the mark.
func (c *copying) upload(ctx context.Context) error {
	const doing = "file a sent mail"
	mail := c.r.mail
	cmd := c.l.c.Append(c.sent, mail.size(), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	held := &heldBack{w: cmd, left: mail.size() - 2}
	if err := mail.write(ctx, held, c.s.cfg.Blobs); desk.KindOf(err) == desk.KindUnreadable {
		c.l.drop() // IMAP has no other way out of a literal
		return err
	} else if err != nil {
		return c.l.fail(doing, err)
	}
	if err := c.begin(ctx); err != nil {
		c.l.drop()
		return err
	}
	if _, err := cmd.Write(held.rest); err != nil {
		return c.l.fail(doing, err)
	}
	if err := cmd.Close(); err != nil {
		return c.l.fail(doing, err)
	}
	_, err := cmd.Wait()
	return c.answered(doing, err)
}

func (c *copying) begin(ctx context.Context) error {
	if err := c.Begin(ctx); err != nil {
		return err
	}
	c.begun, c.refused = true, false
	return nil
}

// answered sorts the server's answer to the act itself.
func (c *copying) answered(doing string, err error) error {
	var no *imap.Error
	c.refused = errors.As(err, &no) && no.Type != imap.StatusResponseTypeBye
	return c.l.fail(doing, err)
}

// heldBack passes bytes on and keeps what comes after the first left of them.
type heldBack struct {
	w    io.Writer
	left int64
	rest []byte
}

// Write implements io.Writer.
func (h *heldBack) Write(b []byte) (int, error) {
	now := min(int64(len(b)), h.left)
	h.rest = append(h.rest, b[now:]...)
	h.left -= now
	if now == 0 {
		return len(b), nil
	}
	n, err := h.w.Write(b[:now])
	if err != nil {
		return n, err
	}
	return len(b), nil
}
