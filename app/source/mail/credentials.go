package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/xdg-go/scram"

	"fernpost/store/desk"
)

// The mechanisms we speak (RFC 5802, 7677, 4616, 7628). XOAUTH2 and LOGIN have
// no RFC, and no CRAM-MD5 stands here: a server keeps its passwords in clear for
// it, and every server that offers it offers something else.
const (
	scram256Plus = "SCRAM-SHA-256-PLUS"
	scram1Plus   = "SCRAM-SHA-1-PLUS"
	scram256     = "SCRAM-SHA-256"
	scram1       = "SCRAM-SHA-1"
	xoauth2      = "XOAUTH2"
)

// Mechanisms are what Settings.Mechanism may name, the best first.
var Mechanisms = []string{
	scram256Plus, scram1Plus, scram256, scram1, sasl.Plain, sasl.Login, sasl.OAuthBearer, xoauth2,
}

// credentials are who signs in, for one connection.
type credentials struct {
	user   string
	secret string // a password, or a token where token is set
	token  bool
	only   string // the mechanism a person chose, "" for the best offered
	server Server
}

// imapCredentials unseals what IMAP is signed in with. The error's kind says
// whether a person, the keyring or the line is in the way.
func (s *Source) imapCredentials(ctx context.Context) (credentials, error) {
	return s.credentials(ctx, s.cfg.Settings.Username, s.cfg.Settings.IMAP, SecretIMAP)
}

// smtpCredentials takes SMTP's own user name and password where there are any,
// and IMAP's otherwise.
func (s *Source) smtpCredentials(ctx context.Context) (credentials, error) {
	set := s.cfg.Settings
	user := cmp.Or(set.SMTPUsername, set.Username)
	c, err := s.credentials(ctx, user, set.SMTP, SecretSMTP)
	if desk.KindOf(err) == desk.KindNotFound {
		return s.credentials(ctx, user, set.SMTP, SecretIMAP)
	}
	return c, err
}

func (s *Source) credentials(ctx context.Context, user string, srv Server, name string) (credentials, error) {
	const doing = "unseal the mail password"
	set := s.cfg.Settings
	c := credentials{user: user, only: set.Mechanism, server: srv, token: set.Authority != nil}
	if c.token {
		name = SecretToken
	}
	var err error
	c.secret, err = s.cfg.Secrets.Secret(ctx, name)
	switch {
	case err != nil && ctx.Err() != nil:
		return c, desk.E(desk.KindCancelled, doing, context.Cause(ctx))
	case err != nil:
		return c, desk.E(desk.KindOf(err), doing, err)
	case c.secret == "":
		return c, desk.E(desk.KindNotFound, doing, errors.New("none is stored"))
	}
	return c, nil
}

// wantsSignIn turns "no password is stored" into the sign-in that it asks for.
func wantsSignIn(err error) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return desk.E(desk.KindSignIn, "unseal the mail password", err)
	}
	return err
}

// renewer is a Secrets that can get another token for one that was refused
// though it should be good: somebody took it back.
type renewer interface {
	Renew(ctx context.Context, name, refused string) (string, error)
}

// renewed gives credentials to try once more after a refused token.
func (s *Source) renewed(ctx context.Context, c credentials, refusal error) (credentials, bool) {
	from, can := s.cfg.Secrets.(renewer)
	if !c.token || !can || !refuses(refusal) {
		return c, false
	}
	token, err := from.Renew(ctx, SecretToken, c.secret)
	if err != nil || token == c.secret {
		return c, false
	}
	c.secret = token
	return c, true
}

// refuses tells that the server said no to what it was shown.
func refuses(err error) bool {
	if no, ok := errors.AsType[*imap.Error](err); ok {
		return no.Type == imap.StatusResponseTypeNo && !slices.Contains(laterCodes, no.Code)
	}
	no, ok := errors.AsType[*smtp.SMTPError](err)
	return ok && no.Code >= 500
}

// mechanism is one way to sign in on one connection.
type mechanism interface {
	sasl.Client
	// called is its name in the registry.
	called() string
	// proved tells that something left which the server can hold against the
	// person: a refusal from then on is about the password or token.
	proved() bool
	// settled says whether the server has shown what it owes; only SCRAM owes
	// something: that it knows the password too.
	settled() error
}

// errNoMechanism: the server offers no way to sign in that we can or may take.
var errNoMechanism = errors.New("no way to sign in that both sides know")

// mechanisms lists the ways to sign in that the server offers, the best first.
// A weaker one is tried only where a better one failed before anything was
// proved: a wrong password is never tried twice, which would lock accounts.
func (c credentials) mechanisms(offers func(string) bool, conn net.Conn) []mechanism {
	if c.token {
		return c.pick(offers, map[string]func() mechanism{
			sasl.OAuthBearer: func() mechanism { return newBearer(c) },
			xoauth2:          func() mechanism { return newXOAuth2(c) },
		})
	}
	binding := bindingOf(conn)
	return c.pick(offers, map[string]func() mechanism{
		scram256Plus: func() mechanism { return newSCRAM(scram256Plus, scram.SHA256, c, binding) },
		scram1Plus:   func() mechanism { return newSCRAM(scram1Plus, scram.SHA1, c, binding) },
		scram256:     func() mechanism { return newSCRAM(scram256, scram.SHA256, c, nil) },
		scram1:       func() mechanism { return newSCRAM(scram1, scram.SHA1, c, nil) },
		sasl.Plain:   func() mechanism { return &plainly{name: sasl.Plain, Client: sasl.NewPlainClient("", c.user, c.secret)} },
		sasl.Login:   func() mechanism { return &plainly{name: sasl.Login, Client: sasl.NewLoginClient(c.user, c.secret)} },
	})
}

func (c credentials) pick(offers func(string) bool, make map[string]func() mechanism) (all []mechanism) {
	for _, name := range Mechanisms {
		of, known := make[name]
		if !known || !offers(name) || c.only != "" && c.only != name {
			continue
		}
		if m := of(); m != nil {
			all = append(all, m)
		}
	}
	return all
}

// bindingOf ties a sign-in to its TLS connection (RFC 9266); nil where there is
// nothing to tie it to.
func bindingOf(conn net.Conn) *scram.ChannelBinding {
	tc, ok := conn.(*tls.Conn)
	if !ok {
		return nil
	}
	state := tc.ConnectionState()
	if state.Version < tls.VersionTLS13 {
		return nil
	}
	binding, err := scram.NewTLSExporterBinding(&state)
	if err != nil {
		return nil
	}
	return &binding
}

// plainly is PLAIN or LOGIN: the first word proves everything.
type plainly struct {
	sasl.Client
	name string
	sent bool
}

// Start implements sasl.Client.
func (p *plainly) Start() (string, []byte, error) {
	name, first, err := p.Client.Start()
	p.sent = name == sasl.Plain
	return name, first, err
}

// Next implements sasl.Client.
func (p *plainly) Next(challenge []byte) ([]byte, error) {
	p.sent = true
	return p.Client.Next(challenge)
}

func (p *plainly) called() string { return p.name }
func (p *plainly) proved() bool   { return p.sent }
func (p *plainly) settled() error { return nil }
