package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"testing"
	"time"
)

// shaker is a server that only does handshakes.
type shaker struct {
	srv   Server
	cfg   *tls.Config
	roots *x509.CertPool
}

func newShaker(t *testing.T, curves ...tls.CurveID) *shaker {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	h := &shaker{roots: x509.NewCertPool(), cfg: &tls.Config{
		Certificates:     []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		CurvePreferences: curves,
	}}
	h.roots.AddCert(cert)
	h.changeKey()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	h.srv = Server{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, TLS: TLSImplicit}
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				tc := tls.Server(c, h.cfg)
				if _, err := tc.Write([]byte("hello")); err == nil {
					_, _ = tc.Read(make([]byte, 1)) // until the other end is gone
				}
			}()
		}
	}()
	return h
}

// changeKey makes all tickets worthless, as a restart of the server does.
func (h *shaker) changeKey() {
	var key [32]byte
	_, _ = rand.Read(key[:])
	h.cfg.SetSessionTicketKeys([][32]byte{key})
}

func (h *shaker) source(slow bool) *Source {
	return New(Config{TLS: &tls.Config{RootCAs: h.roots}, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if slow {
			time.Sleep(slowDial)
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}})
}

// shake makes one connection, and waits for the ticket.
func (h *shaker) shake(t *testing.T, s *Source) (tls.ConnectionState, error) {
	t.Helper()
	c, _, err := s.dial(t.Context(), h.srv, "")
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer c.Close()
	if _, err := c.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	return c.(*tls.Conn).ConnectionState(), nil
}

type shaken struct {
	resumed bool
	curve   tls.CurveID
}

func (h *shaker) want(t *testing.T, s *Source, all ...shaken) {
	t.Helper()
	for i, want := range all {
		state, err := h.shake(t, s)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		if got := (shaken{state.DidResume, state.CurveID}); got != want {
			t.Errorf("connection %d: %v, want %v", i, got, want)
		}
	}
}

// A post-quantum exchange is made once, and resumed sessions live on its secret.
func TestOnePostQuantumExchangeServesAllThatIsResumed(t *testing.T) {
	h := newShaker(t)
	s := h.source(false)
	h.want(t, s, shaken{false, tls.X25519MLKEM768}, shaken{true, tls.X25519}, shaken{true, tls.X25519})

	h.changeKey() // an ordinary exchange alone isn't taken instead
	if _, err := h.shake(t, s); !errors.Is(err, errLapsed) {
		t.Errorf("a ticket that isn't taken: %v", err)
	}
	h.want(t, s, shaken{false, tls.X25519MLKEM768}, shaken{true, tls.X25519})

	s.kept.clock = func() time.Time { return time.Now().Add(surelyTaken) } // it may be refused by now
	h.want(t, s, shaken{true, tls.X25519MLKEM768})
}

func TestWhomASlowLineMeetsIsAskedTheNextTime(t *testing.T) {
	h := newShaker(t)
	h.want(t, h.source(true), shaken{false, tls.X25519}, shaken{true, tls.X25519MLKEM768}, shaken{true, tls.X25519})
}

func TestWhoKnowsNoPostQuantumExchangeIsAskedOnceADay(t *testing.T) {
	h := newShaker(t, tls.X25519)
	s := h.source(false)
	h.want(t, s, shaken{false, tls.X25519})
	if e := s.kept.exchangeWith(h.srv.Address(), false); e.curves == nil || e.inherits {
		t.Errorf("within a day it is offered %v", e)
	}
	h.want(t, s, shaken{true, tls.X25519})
	s.kept.clock = func() time.Time { return time.Now().Add(25 * time.Hour) }
	if e := s.kept.exchangeWith(h.srv.Address(), false); e.curves != nil {
		t.Errorf("a day later it is offered %v", e)
	}
}
