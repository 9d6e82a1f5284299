package mail

import (
	"context"
	"errors"
	"mime"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-message/charset"
	"github.com/emersion/go-sasl"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// line is one IMAP connection, signed in. Who has the Source's turn uses it.
type line struct {
	c       *imapclient.Client
	conn    *wire
	caps    imap.CapSet
	session source.Session
	folders []folder

	selected string // folder, "" when none
	chosen   imap.SelectData

	gone     chan struct{} // closed when drop has finished
	dropOnce sync.Once

	// vouched says, by folder, whose flags are known as of which number: heads
	// that were fetched after the number was. They needn't be asked about again.
	vouched map[string]*vouch

	mu     sync.Mutex
	news   bool // the selected folder grew or shrank unasked
	shrunk bool // it shrank
	flags  bool // flags changed unasked
}

type vouch struct {
	modSeq uint64
	uids   uids
}

// connect dials, signs in and learns what the account can do.
func (s *Source) connect(ctx context.Context) (*line, error) {
	if err := s.cfg.Settings.Check(); err != nil {
		return nil, err
	}
	password, err := s.cfg.Secrets.Secret(ctx, SecretIMAP)
	if err != nil {
		return nil, desk.E(desk.KindSignIn, "unseal the mail password", err)
	}
	srv := s.cfg.Settings.IMAP
	conn, w, err := s.dial(ctx, srv, "imap")
	if err != nil {
		return nil, err
	}
	l := &line{conn: w, gone: make(chan struct{}), vouched: map[string]*vouch{}}
	stop := context.AfterFunc(ctx, func() { _ = w.Close() })
	defer stop()
	if err := s.greet(l, conn, srv); err != nil {
		_ = w.Close()
		return nil, s.dialError(ctx, "greet the mail server", err)
	}
	err = l.signIn(s.cfg.Settings.Username, password, srv)
	if err == nil {
		err = s.learn(l)
	}
	if err != nil {
		l.drop()
		if ctx.Err() != nil {
			return nil, desk.E(desk.KindCancelled, "sign in to the mail server", context.Cause(ctx))
		}
		return nil, err
	}
	w.expect(0)
	return l, nil
}

// greet starts the client on the connection, with STARTTLS where asked for.
func (s *Source) greet(l *line, conn net.Conn, srv Server) error {
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
	if srv.TLS != TLSStart {
		l.c = imapclient.New(conn, opts)
		return l.c.WaitGreeting()
	}
	opts.TLSConfig = s.tlsFor(srv, "imap")
	c, err := imapclient.NewStartTLS(conn, opts)
	l.c = c
	return err
}

func (l *line) signIn(user, password string, srv Server) error {
	const doing = "sign in to the mail server"
	caps := l.c.Caps()
	var err error
	switch {
	case caps.Has(imap.AuthCap(sasl.Plain)):
		err = l.c.Authenticate(sasl.NewPlainClient("", user, password))
	case caps.Has(imap.CapLoginDisabled):
		return desk.E(desk.KindSignIn, doing, errors.New("the server takes no password"))
	default:
		err = l.c.Login(user, password).Wait()
	}
	var no *imap.Error
	switch {
	case err == nil:
		l.caps = l.c.Caps()
		if l.caps == nil {
			return desk.E(desk.KindOffline, doing, errors.New("no capabilities"))
		}
		return nil
	case errors.As(err, &no):
		if slices.Contains(laterCodes, no.Code) || no.Type == imap.StatusResponseTypeBye {
			return desk.E(desk.KindOffline, doing, err)
		}
		return desk.E(desk.KindSignIn, doing, err)
	default:
		return desk.E(desk.KindOffline, doing, err)
	}
}

// laterCodes are refusals that say nothing about the password (RFC 5530).
var laterCodes = []imap.ResponseCode{
	imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug,
}

// learn finds out capabilities, identity and folders.
func (s *Source) learn(l *line) error {
	identity, server, err := l.identify(s.cfg.Settings)
	if err != nil {
		return err
	}
	if l.folders, err = l.findFolders(s.cfg.Settings); err != nil {
		return err
	}
	if err := l.choose(inboxName); err != nil {
		return err
	}
	has := source.RangeFetch
	if l.caps.Has(imap.CapIdle) {
		has |= source.Push
	}
	if slices.Contains(l.chosen.PermanentFlags, imap.FlagWildcard) {
		has |= source.Tags
	}
	if savesSent(s.cfg.Settings, server, l.caps) {
		has |= source.SavesSent
	}
	l.session = source.Session{
		Caps:     source.Caps{Has: has, CommitWait: commitWait},
		Identity: identity,
	}
	return nil
}

// identify says who the mailbox is: the login, the host and the server's own
// name for its kind. Neither port, version nor UIDVALIDITY belong to it: those
// change while the mailbox stays the same.
func (l *line) identify(set Settings) (identity, server string, err error) {
	if l.caps.Has(imap.CapID) {
		data, err := l.c.ID(nil).Wait()
		var no *imap.Error
		switch {
		case err == nil && data != nil:
			server = data.Name
		case err != nil && !errors.As(err, &no):
			return "", "", desk.E(desk.KindOffline, "identify the mailbox", err)
		}
	}
	identity = strings.ToLower(set.Username + " at " + set.IMAP.Host)
	if server != "" {
		identity += " (" + strings.ToLower(server) + ")"
	}
	return identity, server, nil
}

// savesSent tells that the server files what is submitted by itself. There is
// no capability that says so.
func savesSent(set Settings, server string, caps imap.CapSet) bool {
	if caps.Has("X-GM-EXT-1") || strings.Contains(strings.ToLower(server), "exchange") {
		return true
	}
	host := strings.ToLower(set.SMTP.Host)
	return host == "smtp.office365.com" || host == "smtp-mail.outlook.com" || host == "smtp.gmail.com"
}

// choose selects a folder, unless it is selected.
func (l *line) choose(name string) error {
	if l.selected == name {
		return nil
	}
	l.selected = ""
	data, err := l.c.Select(name, &imap.SelectOptions{CondStore: l.caps.Has(imap.CapCondStore)}).Wait()
	if err != nil {
		return l.fail("open a mail folder", err)
	}
	l.selected, l.chosen = name, *data
	l.vouched[name] = &vouch{modSeq: data.HighestModSeq}
	l.heard(func() { l.news, l.shrunk, l.flags = false, false, false })
	return nil
}

func (l *line) heard(note func()) {
	l.mu.Lock()
	note()
	l.mu.Unlock()
}

// fail gives an error of the server its kind: a NO is an answer, anything else
// the end of the line.
func (l *line) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	var no *imap.Error
	if !errors.As(err, &no) || no.Type == imap.StatusResponseTypeBye {
		return desk.E(desk.KindOffline, doing, err)
	}
	if no.Code == imap.ResponseCodeNonExistent || no.Code == imap.ResponseCodeTryCreate {
		return desk.E(desk.KindNotFound, doing, err)
	}
	return desk.E(desk.KindRefused, doing, err)
}

func (l *line) dead() bool {
	select {
	case <-l.c.Closed():
		return true
	default:
		return false
	}
}

// drop ends the connection and waits until its reader has noticed.
func (l *line) drop() {
	l.dropOnce.Do(func() {
		_ = l.conn.Close()
		if l.c != nil {
			_ = l.c.Close()
		}
		close(l.gone)
	})
}
