package mail_test

import (
	"bufio"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// What a test of the connection says, against listeners that do what servers do.

// authority signs the certificates of these tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{pool: x509.NewCertPool()}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tests"},
		NotBefore: time.Now().Add(-1000 * time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.key = newKey(t)
	a.cert = sign(t, tmpl, tmpl, &a.key.PublicKey, a.key)
	a.pool.AddCert(a.cert)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// Go keeps what it derives of a key at its first signature; two first ones at
	// the same time look like a race.
	if _, err := key.Sign(rand.Reader, make([]byte, 32), crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, tmpl, parent *x509.Certificate, public, key any) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, public, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// server makes a server's TLS, valid for name between from and to hours from now.
func (a *authority) server(t *testing.T, name string, from, to time.Duration) *tls.Config {
	t.Helper()
	key := newKey(t)
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(from * time.Hour), NotAfter: time.Now().Add(to * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		tmpl.IPAddresses = []net.IP{ip}
	} else {
		tmpl.DNSNames = []string{name}
	}
	cert := sign(t, tmpl, a.cert, &key.PublicKey, a.key)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}}
}

// listen answers each call with talk, under TLS where secure says so.
func listen(t *testing.T, secure *tls.Config, talk func(c net.Conn)) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			if secure != nil {
				c = tls.Server(c, secure)
			}
			wg.Go(func() {
				defer c.Close()
				talk(c)
			})
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		mu.Lock()
		for _, c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return ln.Addr().(*net.TCPAddr).Port
}

// onLoopback is listen without TLS, as the account's settings name it.
func onLoopback(t *testing.T, talk func(c net.Conn)) mail.Server {
	t.Helper()
	return mail.Server{Host: "127.0.0.1", Port: listen(t, nil, talk), TLS: mail.TLSPlain}
}

// imapSaying greets, offers caps, and answers a sign-in with result.
func imapSaying(caps, result string) func(net.Conn) {
	return func(c net.Conn) {
		r := bufio.NewReader(c)
		_, _ = fmt.Fprintf(c, "* OK [CAPABILITY IMAP4rev1 %s] hi\r\n", caps)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			tag, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			verb, _, _ := strings.Cut(rest, " ")
			switch verb {
			case "AUTHENTICATE", "LOGIN":
				_, _ = fmt.Fprintf(c, "%s %s\r\n", tag, result)
			case "CAPABILITY":
				_, _ = fmt.Fprintf(c, "* CAPABILITY IMAP4rev1 %s\r\n%s OK\r\n", caps, tag)
			case "STARTTLS":
				_, _ = fmt.Fprintf(c, "%s BAD what?\r\n", tag)
			case "LIST":
				_, _ = fmt.Fprintf(c, "* LIST () \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" Top\r\n* LIST () \"/\" Claims\r\n%s OK\r\n", tag)
			case "SELECT":
				_, _ = fmt.Fprintf(c, "* 0 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 1] x\r\n%s OK\r\n", tag)
			default:
				_, _ = fmt.Fprintf(c, "%s OK\r\n", tag)
			}
		}
	}
}

// smtpSaying greets, offers auth, and answers AUTH with result.
func smtpSaying(auth, result string) func(net.Conn) {
	return func(c net.Conn) {
		r := bufio.NewReader(c)
		_, _ = fmt.Fprint(c, "220 mx ESMTP\r\n")
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			switch verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " "); verb {
			case "EHLO":
				_, _ = fmt.Fprintf(c, "250-mx\r\n%s250 SIZE 1000\r\n", auth)
			case "AUTH":
				_, _ = fmt.Fprintf(c, "%s\r\n", result)
			case "STARTTLS":
				_, _ = fmt.Fprint(c, "502 5.5.1 no\r\n")
			default:
				_, _ = fmt.Fprint(c, "250 ok\r\n")
			}
		}
	}
}

const offersPlain = "250-AUTH PLAIN LOGIN\r\n"

func silent(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// nothing is a port at which nothing listens.
func nothing(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

func TestWhatStandsInTheWay(t *testing.T) {
	a, strangers := newAuthority(t), newAuthority(t)
	good := a.server(t, "127.0.0.1", -1, 1)
	old := a.server(t, "127.0.0.1", -1, 1)
	old.MaxVersion = tls.VersionTLS11 //nolint:gosec // what an old server speaks
	old.MinVersion = tls.VersionTLS10 //nolint:gosec // the same
	hangUp := func(net.Conn) {}
	say := func(words string) func(net.Conn) { return func(c net.Conn) { _, _ = fmt.Fprint(c, words) } }
	fine := "OK in"
	const no = "NO [AUTHENTICATIONFAILED] "
	for name, c := range map[string]struct {
		secure     *tls.Config
		imap, smtp func(net.Conn) // what listens; nil: nothing does
		mode       mail.TLSMode
		want       mail.Trouble
	}{
		"works":                {good, imapSaying("AUTH=PLAIN SASL-IR", fine), smtpSaying(offersPlain, "235 in"), mail.TLSImplicit, mail.TroubleNone},
		"nothing listens":      {nil, nil, nil, mail.TLSImplicit, mail.PortClosed},
		"silent":               {nil, silent, silent, mail.TLSImplicit, mail.Silent},
		"silent in plain":      {nil, silent, silent, mail.TLSPlain, mail.Silent},
		"hangs up":             {nil, hangUp, hangUp, mail.TLSPlain, mail.HungUp},
		"TLS, not STARTTLS":    {good, imapSaying("", fine), smtpSaying("", "235 in"), mail.TLSStart, mail.WantsTLS},
		"TLS, not plain":       {good, imapSaying("", fine), smtpSaying("", "235 in"), mail.TLSPlain, mail.WantsTLS},
		"plain, not TLS":       {nil, imapSaying("", fine), smtpSaying(offersPlain, "235 in"), mail.TLSImplicit, mail.WantsSTARTTLS},
		"no STARTTLS":          {nil, imapSaying("", fine), smtpSaying(offersPlain, "235 in"), mail.TLSStart, mail.NoSTARTTLS},
		"expired":              {a.server(t, "127.0.0.1", -2, -1), imapSaying("", fine), smtpSaying("", "235 in"), mail.TLSImplicit, mail.CertExpired},
		"not yet valid":        {a.server(t, "127.0.0.1", 1, 2), imapSaying("", fine), smtpSaying("", "235 in"), mail.TLSImplicit, mail.CertEarly},
		"somebody else's":      {a.server(t, "mail.example.org", -1, 1), imapSaying("", fine), smtpSaying("", "235 in"), mail.TLSImplicit, mail.CertHost},
		"nobody knows who":     {strangers.server(t, "127.0.0.1", -1, 1), imapSaying("", fine), smtpSaying("", "235 in"), mail.TLSImplicit, mail.CertAuthority},
		"old TLS":              {old, imapSaying("", fine), smtpSaying("", "235 in"), mail.TLSImplicit, mail.OldTLS},
		"a web server":         {nil, say("HTTP/1.1 400 Bad Request\r\n\r\n"), say("HTTP/1.1 400 Bad Request\r\n\r\n"), mail.TLSPlain, mail.NotMail},
		"wrong password":       {good, imapSaying("AUTH=PLAIN", no+"Invalid credentials (Failure)"), smtpSaying(offersPlain, "535 5.7.8 Username and Password not accepted."), mail.TLSImplicit, mail.WrongPassword},
		"app password":         {good, imapSaying("AUTH=PLAIN", "NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)"), smtpSaying(offersPlain, "534 5.7.9 Application-specific password required."), mail.TLSImplicit, mail.AppPassword},
		"browser":              {good, imapSaying("AUTH=PLAIN", "NO [WEBALERT https://accounts.google.com/x] Web login required."), smtpSaying(offersPlain, "534 5.7.14 Please log in via your web browser"), mail.TLSImplicit, mail.BrowserNeeded},
		"locked":               {good, imapSaying("AUTH=PLAIN", no+"Your account is locked"), smtpSaying(offersPlain, "535 5.7.0 (#AUTH005) Too many bad auth attempts."), mail.TLSImplicit, mail.Locked},
		"switched off":         {good, imapSaying("AUTH=PLAIN", "NO [ALERT] Your account is not enabled for IMAP use."), smtpSaying(offersPlain, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."), mail.TLSImplicit, mail.SwitchedOff},
		"no mechanism":         {good, imapSaying("AUTH=GSSAPI LOGINDISABLED", fine), smtpSaying("250-AUTH GSSAPI NTLM\r\n", "235 in"), mail.TLSImplicit, mail.NoMechanism},
		"later":                {good, imapSaying("AUTH=PLAIN", "NO [UNAVAILABLE] Temporary authentication failure."), smtpSaying(offersPlain, "454 4.7.0 Temporary authentication failure"), mail.TLSImplicit, mail.Later},
		"doesn't speak to us":  {good, say("* BYE not you\r\n"), say("554 5.7.1 not you\r\n"), mail.TLSImplicit, ""},
		"no mail from outside": {nil, imapSaying("", fine), nil, mail.TLSPlain, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}}
			for talk, srv := range map[*func(net.Conn)]*mail.Server{&c.imap: &set.IMAP, &c.smtp: &set.SMTP} {
				*srv = mail.Server{Host: "127.0.0.1", TLS: c.mode, Port: nothing(t)}
				if *talk != nil {
					srv.Port = listen(t, c.secure, *talk)
				}
			}
			r := probe(t, set, a.pool)
			wantIMAP, wantSMTP := c.want, c.want
			switch name {
			case "doesn't speak to us":
				wantIMAP, wantSMTP = mail.Later, mail.ServerRefuses
			case "no mail from outside":
				wantIMAP, wantSMTP = mail.TroubleNone, mail.PortClosed
			}
			if r.IMAP.Trouble != wantIMAP || r.SMTP.Trouble != wantSMTP {
				t.Errorf("IMAP %+v, SMTP %+v; want %q and %q", r.IMAP, r.SMTP, wantIMAP, wantSMTP)
			}
			if name == "works" && (strings.Join(r.Folders, " ") != "Claims" || !r.Labels || r.IMAP.Mechanism != "PLAIN" || r.SMTP.Mechanism != "PLAIN" || !r.Works()) {
				t.Errorf("%+v", r)
			}
		})
	}
}

func probe(t *testing.T, set mail.Settings, roots *x509.CertPool) mail.Report {
	t.Helper()
	cfg := mail.Config{Settings: set, Secrets: maillab.Password("pw"), TLS: &tls.Config{RootCAs: roots}}
	return mail.Probe(t.Context(), cfg, 2*time.Second)
}

func TestTroubleBeforeAnythingIsDialled(t *testing.T) {
	ok := mail.Server{Host: "127.0.0.1", Port: 1, TLS: mail.TLSImplicit}
	set := mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}, IMAP: ok, SMTP: ok}
	outside := set
	outside.SMTP = mail.Server{Host: "mail.example.org", Port: 143, TLS: mail.TLSPlain}
	if r := probe(t, outside, nil); r.IMAP.Trouble != mail.PlainOutside || r.SMTP.Trouble != mail.PlainOutside {
		t.Errorf("plain text outside: %+v", r)
	}
	empty := set
	empty.IMAP.Host = ""
	if r := probe(t, empty, nil); r.IMAP.Trouble != mail.SettingsUnusable {
		t.Errorf("no host: %+v", r.IMAP)
	}
	for err, want := range map[error]mail.Trouble{
		&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}:  mail.HostUnknown,
		&net.OpError{Op: "dial", Err: &net.DNSError{IsTemporary: true}}: mail.NamesSilent,
	} {
		cfg := mail.Config{
			Settings: set, Secrets: maillab.Password("pw"),
			Dial: func(context.Context, string, string) (net.Conn, error) { return nil, err },
		}
		if r := mail.Probe(t.Context(), cfg, 0); r.IMAP.Trouble != want || r.SMTP.Trouble != want {
			t.Errorf("%v: %+v", err, r)
		}
	}
	cfg := mail.Config{Settings: set, Secrets: noKeyring{}}
	if r := mail.Probe(t.Context(), cfg, 0); r.IMAP.Trouble != mail.KeyringSilent || r.SMTP.Trouble != mail.KeyringSilent {
		t.Errorf("keyring: %+v", r)
	}
}

type noKeyring struct{}

func (noKeyring) Secret(context.Context, string) (string, error) {
	return "", desk.E(desk.KindKeyring, "read profile key", nil)
}
