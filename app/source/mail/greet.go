package mail

import (
	"context"
	"errors"
	"mime"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-message/charset"

	"fernpost/app/source"
	"fernpost/app/source/mail/sift"
	"fernpost/store/desk"
)

// connect dials, signs in and learns what the account can do: by the plan of last
// time, which takes one round trip after TLS, or else answer by answer.
func (s *Source) connect(ctx context.Context) (*line, error) {
	if err := s.cfg.Settings.Check(); err != nil {
		return nil, err
	}
	who, err := s.imapCredentials(ctx)
	if err != nil {
		return nil, wantsSignIn(err)
	}
	s.kept.load(ctx)
	s.kept.signsIn(who)
	p := s.kept.opening()
	l, err := s.begin(ctx, who, p)
	if errors.Is(err, errLapsed) {
		l, err = s.begin(ctx, who, p)
	}
	if err != nil && p != nil {
		again, renewed := s.renewed(ctx, who, err)
		switch {
		case misled(err):
			s.kept.forget()
			p = nil
		case errors.Is(err, errCutShort) && ctx.Err() == nil:
			s.kept.stumbled()
			p = nil
		case renewed:
			l, err = s.begin(ctx, again, p)
		case desk.KindOf(err) == desk.KindOffline:
			s.kept.stumbled()
		}
		if p == nil {
			l, err = s.begin(ctx, who, nil)
		}
	}
	if err == nil {
		s.kept.learnt(l, p)
	}
	s.kept.save(ctx)
	return l, err
}

// begin makes one connection; p is nil where nothing is known.
func (s *Source) begin(ctx context.Context, who credentials, p *plan) (*line, error) {
	conn, w, err := s.dial(ctx, who.server, "imap")
	if err != nil {
		return nil, err
	}
	l := &line{conn: w, gone: make(chan struct{}), vouched: map[string]*vouch{}, busy: &s.busy}
	stop := context.AfterFunc(ctx, func() { _ = w.Close() })
	defer stop()
	if conn, err = s.open(ctx, l, conn, who, p); err == nil {
		err = s.greet(l, conn)
	}
	if err != nil {
		l.drop()
		return nil, s.dialError(ctx, "sign in to the mail server", err)
	}
	l.caps = l.c.Caps()
	if err := s.learn(l, p); err != nil {
		l.drop()
		if ctx.Err() != nil {
			return nil, desk.E(desk.KindCancelled, "sign in to the mail server", context.Cause(ctx))
		}
		if l.ahead != nil && l.ahead.refusal() != nil {
			return nil, s.dialError(ctx, "sign in to the mail server", notSignedIn(l.ahead.refusal()))
		}
		return nil, err
	}
	l.caps = l.c.Caps() // the server may have said meanwhile what it can do today
	w.expect(0)
	return l, nil
}

// open speaks up to the sign-in and gives the connection to go on with.
func (s *Source) open(ctx context.Context, l *line, conn net.Conn, who credentials, p *plan) (net.Conn, error) {
	o := newOpening(conn)
	if who.server.TLS != TLSStart { // else anybody on the way could have said it
		o.alert = s.alert
	}
	greeted := false
	if p == nil || who.server.TLS == TLSStart {
		if err := o.greeting(); err != nil {
			return nil, sayingLater(err)
		}
		greeted = true
	}
	if who.server.TLS == TLSStart {
		if err := o.secure(ctx, s, l.conn, who.server); err != nil {
			return nil, err
		}
		o.alert = s.alert
	}
	if p != nil {
		a, can, err := openAhead(o, who, p, !greeted)
		if can {
			l.ahead, l.by, l.short = a, p.By, p.Short
			return a, err
		}
		if !greeted {
			if err := o.greeting(); err != nil {
				return nil, sayingLater(err)
			}
		}
	}
	err := o.signIn(who)
	if again, ok := s.renewed(ctx, who, err); ok {
		err = o.signIn(again)
	}
	if err != nil {
		return nil, notSignedIn(err)
	}
	l.by, l.short = o.by, o.ir
	return o.handOver()
}

// greet starts the client on a connection on which somebody is signed in.
func (s *Source) greet(l *line, conn net.Conn) error {
	opts := &imapclient.Options{
		WordDecoder: &mime.WordDecoder{CharsetReader: charset.Reader},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Expunge: func(uint32) { l.heard(func() { l.news, l.shrunk = true, true }); signal(s.events) },
			Mailbox: func(d *imapclient.UnilateralDataMailbox) {
				if d.NumMessages == nil {
					return
				}
				l.heard(func() { l.news = true })
				signal(s.events)
			},
			Fetch: func(m *imapclient.FetchMessageData) {
				for m.Next() != nil { // drained, or the reader stops
				}
				l.heard(func() { l.flags = true })
				signal(s.events)
			},
		},
	}
	l.squeezed = newSqueezed(conn)
	l.sifted = sift.New(l.squeezed, s.alert)
	l.c = imapclient.New(l.sifted, opts)
	return l.c.WaitGreeting()
}

// notSignedIn gives a failed sign-in its kind: whether a person must act, or
// waiting helps.
func notSignedIn(err error) error {
	const doing = "sign in to the mail server"
	var no *imap.Error
	switch {
	case errors.Is(err, errNotTheServer):
		return desk.E(desk.KindUnsafe, doing, err)
	case errors.Is(err, errNoMechanism):
		return desk.E(desk.KindSignIn, doing, err)
	case !errors.As(err, &no):
		return err
	case slices.Contains(laterCodes, no.Code) || no.Type == imap.StatusResponseTypeBye:
		return desk.E(desk.KindOffline, doing, err)
	}
	return desk.E(desk.KindSignIn, doing, err)
}

// sayingLater is for a server that greets with BYE.
func sayingLater(err error) error {
	if _, ok := errors.AsType[*imap.Error](err); ok {
		return desk.E(desk.KindOffline, "greet the mail server", err)
	}
	return err
}

// laterCodes are refusals that say nothing about the password (RFC 5530).
var laterCodes = []imap.ResponseCode{
	imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug,
}

// learn finds out identity, folders and their state, and has the line squeezed,
// in one round trip where the folders are known by the plan.
func (s *Source) learn(l *line, p *plan) error {
	var id *imapclient.IDCommand
	var list *imapclient.ListCommand
	var inbox *imapclient.SelectCommand
	var enabled <-chan sift.Answer
	var status map[string]*imapclient.StatusCommand
	squeeze := l.caps.Has("COMPRESS=DEFLATE")
	_ = l.squeezed.together(func() { // a broken line shows in the answers
		if l.caps.Has(imap.CapID) && (p == nil || p.afresh) {
			id = l.c.ID(nil)
		}
		enabled = l.askEnable()
		if p == nil || p.afresh {
			list = l.askFolders()
		}
		inbox = l.askSelect(inboxName)
		if p != nil {
			for _, f := range p.Folders {
				l.folders = append(l.folders, folder{f.Name, f.Role})
			}
			status = l.askStatus(l.folders, inboxName)
		}
		if squeeze {
			l.squeezed.ask()
		}
	})
	var err error
	if l.server, err = l.serverName(id); err != nil {
		_ = l.conn.Close()
		if list != nil {
			_ = list.Close() // nobody else reads what the server lists
		}
		return err
	}
	if p != nil && !p.afresh {
		l.server = p.Server
	}
	if list != nil {
		if l.folders, err = l.readFolders(list, s.cfg.Settings); err != nil {
			return err
		}
	}
	if err := l.selectedNow(inboxName, inbox); err != nil {
		return err
	}
	l.qresync = enabled != nil && (<-enabled).Err == nil
	if p != nil {
		if l.looked, err = l.readStatus(status); err != nil {
			return err
		}
		l.lookedAt = s.cfg.Clock()
	}
	if squeeze {
		if err := l.squeezed.settle(l.c); err != nil {
			return l.fail("squeeze the mail line", err)
		}
	}
	s.judge(l)
	return nil
}

// judge says what the account can do, by what was learnt.
func (s *Source) judge(l *line) {
	has := source.RangeFetch
	if l.caps.Has(imap.CapIdle) {
		has |= source.Push
	}
	if slices.Contains(l.chosen.PermanentFlags, imap.FlagWildcard) {
		has |= source.Tags
	}
	if savesSent(s.cfg.Settings, l.server, l.caps) {
		has |= source.SavesSent
	}
	l.session = source.Session{
		Caps:     source.Caps{Has: has, CommitWait: commitWait},
		Identity: identity(s.cfg.Settings, l.server),
	}
}

// askEnable has the server say what vanishes by its UID, before any folder is
// selected (RFC 7162 3.2.3), and asks Gmail for its own number of every mail.
func (l *line) askEnable() <-chan sift.Answer {
	if l.caps.Has(capGmail) {
		l.sifted.Also(sift.ItemGmailID)
	}
	if !l.caps.Has(imap.CapQResync) || !l.caps.Has(imap.CapEnable) {
		return nil
	}
	return l.sifted.Ask("ENABLE QRESYNC")
}

// capGmail tells of Gmail and of what only Gmail has.
const capGmail = "X-GM-EXT-1"

// serverName is what the server says it is (RFC 2971), "" when it says nothing.
func (l *line) serverName(cmd *imapclient.IDCommand) (string, error) {
	if cmd == nil {
		return "", nil
	}
	data, err := cmd.Wait()
	if err = l.fail("identify the mailbox", err); desk.KindOf(err) == desk.KindOffline {
		return "", err
	}
	if err != nil || data == nil {
		return "", nil // it doesn't want to say
	}
	return data.Name, nil
}

// identity says who the mailbox is: the login, the host and the server's own
// name for its kind. Neither port, version nor UIDVALIDITY belong to it: those
// change while the mailbox stays the same.
func identity(set Settings, server string) string {
	id := strings.ToLower(set.Username + " at " + set.IMAP.Host)
	if server != "" {
		id += " (" + strings.ToLower(server) + ")"
	}
	return id
}

// savesSent tells that the server files what is submitted by itself. There is
// no capability that says so.
func savesSent(set Settings, server string, caps imap.CapSet) bool {
	if caps.Has(capGmail) || strings.Contains(strings.ToLower(server), "exchange") {
		return true
	}
	host := strings.ToLower(set.SMTP.Host)
	return host == "smtp.office365.com" || host == "smtp-mail.outlook.com" || host == "smtp.gmail.com"
}
