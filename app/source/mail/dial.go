package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"fernpost/store/desk"
)

// errPlainOutside: what isn't protected stays on this computer.
var errPlainOutside = errors.New("plain text is for this computer alone")

// dial opens a connection to srv and, for implicit TLS, does the handshake. The
// second result is where bytes are counted and deadlines live.
func (s *Source) dial(ctx context.Context, srv Server, alpn string) (net.Conn, *wire, error) {
	const doing = "connect to the mail server"
	dctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	began := time.Now()
	raw, err := s.cfg.Dial(dctx, "tcp", srv.Address())
	if err != nil {
		return nil, nil, s.dialError(ctx, doing, err)
	}
	if srv.TLS == TLSPlain && !remoteIsLoopback(raw) {
		_ = raw.Close()
		return nil, nil, desk.E(desk.KindUnsafe, doing, errPlainOutside)
	}
	w := newWire(raw, s.cfg.Count)
	w.slow = time.Since(began) >= slowDial
	w.expect(stallTimeout)
	if srv.TLS != TLSImplicit {
		return w, w, nil
	}
	tc, err := s.handshake(ctx, w, srv, alpn)
	if err != nil {
		return nil, nil, err
	}
	return tc, w, nil
}

// handshake turns w into a TLS connection; on an error w is closed. After
// errLapsed a second try goes another way.
func (s *Source) handshake(ctx context.Context, w *wire, srv Server, alpn string) (*tls.Conn, error) {
	s.kept.load(ctx)
	e := s.kept.exchangeWith(srv.Address(), w.slow)
	cfg := s.tlsFor(srv, alpn)
	verify := cfg.VerifyConnection
	if cfg.CurvePreferences == nil {
		cfg.CurvePreferences = e.curves
		cfg.VerifyConnection = func(state tls.ConnectionState) error {
			if err := e.lapsed(state); err != nil || verify == nil {
				return err
			}
			return verify(state)
		}
	}
	tc := tls.Client(w, cfg)
	if err := tc.HandshakeContext(ctx); err != nil {
		_ = w.Close()
		return nil, s.dialError(ctx, "secure the line to the mail server", err)
	}
	s.kept.shook(srv.Address(), tc.ConnectionState(), e)
	return tc, nil
}

func (s *Source) tlsFor(srv Server, alpn string) *tls.Config {
	cfg := s.tls.Clone()
	cfg.ServerName = srv.Host
	cfg.ClientSessionCache = tickets{s.kept, srv.Address()}
	if alpn != "" {
		cfg.NextProtos = []string{alpn}
	}
	return cfg
}

// dialError sorts what went wrong before a server spoke. A wrong certificate is
// somebody else answering, not a bad line.
func (s *Source) dialError(ctx context.Context, doing string, err error) error {
	var cert *tls.CertificateVerificationError
	var known *desk.Error
	switch {
	case ctx.Err() != nil:
		return desk.E(desk.KindCancelled, doing, context.Cause(ctx))
	case errors.As(err, &cert):
		return desk.E(desk.KindUnsafe, doing, err)
	case errors.As(err, &known):
		return err
	default:
		return desk.E(desk.KindOffline, doing, err)
	}
}

// remoteIsLoopback is the second look after the one at the settings: a name may
// lead anywhere. A connection without an IP address (a pipe in a test) never
// leaves the computer.
func remoteIsLoopback(c net.Conn) bool {
	a, ok := c.RemoteAddr().(*net.TCPAddr)
	return !ok || a.IP.IsLoopback()
}
