package mail

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-message/charset"
	"github.com/emersion/go-sasl"

	"fernpost/app/source"
	"fernpost/store/desk"
)

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
	if err := s.greet(ctx, l, conn, srv); err != nil {
		l.drop()
		return nil, s.dialError(ctx, "greet the mail server", err)
	}
	err = l.signIn(s.cfg.Settings.Username, password)
	if err == nil && l.caps.Has("COMPRESS=DEFLATE") {
		err = l.fail("squeeze the mail line", l.squeezed.squeeze(l.c))
	}
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
func (s *Source) greet(ctx context.Context, l *line, conn net.Conn, srv Server) error {
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
	if srv.TLS == TLSStart {
		tc, err := s.startTLS(ctx, conn, srv)
		if err != nil {
			return err
		}
		conn = tc
	}
	l.squeezed = newSqueezed(conn)
	l.c = imapclient.New(l.squeezed, opts)
	return l.c.WaitGreeting()
}

// startTLS speaks up to STARTTLS (RFC 9051 6.2.1) and does the handshake. What
// the server said in clear counts for nothing afterwards. go-imap gets a greeting
// in the place of the one that was read here.
func (s *Source) startTLS(ctx context.Context, c net.Conn, srv Server) (net.Conn, error) {
	r := bufio.NewReader(c)
	greeting, err := r.ReadString('\n')
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(strings.ToUpper(greeting), "* OK") {
		return nil, errors.New("the server doesn't greet")
	}
	if _, err := io.WriteString(c, "tls STARTTLS\r\n"); err != nil {
		return nil, err
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		tag, words, _ := strings.Cut(line, " ")
		if tag != "tls" {
			continue
		}
		if !strings.HasPrefix(strings.ToUpper(words), "OK") || r.Buffered() > 0 {
			return nil, desk.E(desk.KindUnsafe, "secure the line to the mail server", errors.New("no STARTTLS"))
		}
		tc, err := s.handshake(ctx, c, srv, "imap")
		if err != nil {
			return nil, err
		}
		return &greeted{Conn: tc, first: bytes.NewReader([]byte("* OK secured\r\n"))}, nil
	}
}

func (l *line) signIn(user, password string) error {
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

// learn finds out capabilities, identity and folders, in one round trip.
func (s *Source) learn(l *line) error {
	var id *imapclient.IDCommand
	if l.caps.Has(imap.CapID) {
		id = l.c.ID(nil)
	}
	list := l.askFolders()
	inbox := l.askSelect(inboxName)
	server, err := l.serverName(id)
	if err != nil {
		_ = l.conn.Close()
		_ = list.Close() // nobody else reads what the server lists
		return err
	}
	if l.folders, err = l.readFolders(list, s.cfg.Settings); err != nil {
		return err
	}
	if err := l.selectedNow(inboxName, inbox); err != nil {
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
		Identity: identity(s.cfg.Settings, server),
	}
	return nil
}

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
	if caps.Has("X-GM-EXT-1") || strings.Contains(strings.ToLower(server), "exchange") {
		return true
	}
	host := strings.ToLower(set.SMTP.Host)
	return host == "smtp.office365.com" || host == "smtp-mail.outlook.com" || host == "smtp.gmail.com"
}
