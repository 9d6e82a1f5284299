package mail_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/xdg-go/scram"

	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// gate is an IMAP and SMTP server that lets people in by SASL and counts what it
// was shown.
type gate struct {
	offers []string
	check  func(c net.Conn, mechanism string) exchange

	mu    sync.Mutex
	tried []string
}

// exchange answers one SASL message: the next challenge, or whether it is over
// and well.
type exchange func(message string) (challenge string, done, ok bool)

func (g *gate) note(mechanism string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tried = append(g.tried, mechanism)
}

// sasl speaks an exchange; first is the initial response, "" for none yet.
func (g *gate) sasl(c net.Conn, r *bufio.Reader, words []string, ask string) bool {
	g.note(words[0])
	step := g.check(c, words[0])
	var message string
	if len(words) > 1 {
		message = words[1]
	} else {
		message = g.next(c, r, ask, "")
	}
	for {
		if message == "*" {
			return false
		}
		raw, err := base64.StdEncoding.DecodeString(strings.Trim(message, "="))
		if err != nil {
			raw, _ = base64.StdEncoding.DecodeString(message)
		}
		challenge, done, ok := step(string(raw))
		if done {
			return ok
		}
		message = g.next(c, r, ask, base64.StdEncoding.EncodeToString([]byte(challenge)))
	}
}

func (g *gate) next(c net.Conn, r *bufio.Reader, ask, challenge string) string {
	_, _ = fmt.Fprintf(c, "%s %s\r\n", ask, challenge)
	line, err := r.ReadString('\n')
	if err != nil {
		return "*"
	}
	return strings.TrimRight(line, "\r\n")
}

func (g *gate) imap(c net.Conn) {
	r := bufio.NewReader(c)
	caps := "IMAP4rev1 SASL-IR"
	for _, m := range g.offers {
		caps += " AUTH=" + m
	}
	_, _ = fmt.Fprintf(c, "* OK [CAPABILITY %s] hi\r\n", caps)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		words := strings.Fields(line)
		switch tag := words[0]; words[1] {
		case "AUTHENTICATE":
			if g.sasl(c, r, words[2:], "+") {
				_, _ = fmt.Fprintf(c, "%s OK in\r\n", tag)
			} else {
				_, _ = fmt.Fprintf(c, "%s NO [AUTHENTICATIONFAILED] no\r\n", tag)
			}
		case "LOGIN":
			g.note("command LOGIN")
			_, _ = fmt.Fprintf(c, "%s NO [AUTHENTICATIONFAILED] no\r\n", tag)
		case "CAPABILITY":
			_, _ = fmt.Fprintf(c, "* CAPABILITY %s\r\n%s OK\r\n", caps, tag)
		case "SELECT":
			_, _ = fmt.Fprintf(c, "* 0 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 1] x\r\n%s OK\r\n", tag)
		default:
			_, _ = fmt.Fprintf(c, "%s OK\r\n", tag)
		}
	}
}

func (g *gate) smtp(c net.Conn) {
	r := bufio.NewReader(c)
	_, _ = fmt.Fprint(c, "220 mx\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch words := strings.Fields(line); words[0] {
		case "EHLO":
			_, _ = fmt.Fprintf(c, "250-mx\r\n250 AUTH %s\r\n", strings.Join(g.offers, " "))
		case "AUTH":
			if g.sasl(c, r, words[1:], "334") {
				_, _ = fmt.Fprint(c, "235 in\r\n")
			} else {
				_, _ = fmt.Fprint(c, "535 5.7.8 no\r\n")
			}
		default:
			_, _ = fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

// knows makes a SCRAM server that knows amira's password, and one for PLAIN.
func knows(t *testing.T, password string) func(net.Conn, string) exchange {
	t.Helper()
	lookup := func(hash scram.HashGeneratorFcn) scram.CredentialLookup {
		return func(user string) (scram.StoredCredentials, error) {
			if user != "amira" {
				return scram.StoredCredentials{}, fmt.Errorf("no %s", user)
			}
			client, err := hash.NewClient(user, password, "")
			if err != nil {
				return scram.StoredCredentials{}, err
			}
			return client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt of tests", Iters: 4096})
		}
	}
	return func(c net.Conn, mechanism string) exchange {
		hash := scram.SHA256
		switch {
		case mechanism == "PLAIN":
			return func(m string) (string, bool, bool) { return "", true, m == "\x00amira\x00"+password }
		case strings.HasPrefix(mechanism, "SCRAM-SHA-1"):
			hash = scram.SHA1
		}
		server, err := hash.NewServer(lookup(hash))
		if err != nil {
			t.Error(err)
		}
		talk := server.NewConversation()
		if strings.HasSuffix(mechanism, "-PLUS") {
			state := c.(*tls.Conn).ConnectionState()
			binding, err := scram.NewTLSExporterBinding(&state)
			if err != nil {
				t.Error(err)
			}
			talk = server.NewConversationWithChannelBindingRequired(binding)
		}
		return func(m string) (string, bool, bool) {
			if talk.Done() {
				return "", true, talk.Valid() && m == ""
			}
			reply, err := talk.Step(m)
			return reply, err != nil, false
		}
	}
}

// enter runs a probe against a gate on both protocols, under TLS.
func (g *gate) enter(t *testing.T, set mail.Settings, secrets interface {
	Secret(context.Context, string) (string, error)
},
) mail.Report {
	t.Helper()
	a := newAuthority(t)
	secure := a.server(t, "127.0.0.1", -1, 1)
	set.Username, set.Addresses = "amira", []string{"amira@example.test"}
	set.IMAP = mail.Server{Host: "127.0.0.1", Port: listen(t, secure, g.imap), TLS: mail.TLSImplicit}
	set.SMTP = mail.Server{Host: "127.0.0.1", Port: listen(t, secure, g.smtp), TLS: mail.TLSImplicit}
	return mail.Probe(t.Context(), mail.Config{Settings: set, Secrets: secrets, TLS: &tls.Config{RootCAs: a.pool}}, 0)
}

type word string

func (w word) Secret(context.Context, string) (string, error) { return string(w), nil }

func TestTheBestWayIn(t *testing.T) {
	for name, c := range map[string]struct {
		offers   string
		only     string
		want     string
		password string
		trouble  mail.Trouble
		tried    string // on each side, "" for what is wanted, " " for nothing
	}{
		"bound":          {offers: "PLAIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS", want: "SCRAM-SHA-256-PLUS"},
		"bound, SHA-1":   {offers: "PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS", want: "SCRAM-SHA-1-PLUS"},
		"SHA-256":        {offers: "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256", want: "SCRAM-SHA-256"},
		"SHA-1":          {offers: "PLAIN SCRAM-SHA-1", want: "SCRAM-SHA-1"},
		"plain":          {offers: "PLAIN", want: "PLAIN"},
		"a person's own": {offers: "PLAIN SCRAM-SHA-256", only: "PLAIN", want: "PLAIN"},
		"not offered":    {offers: "PLAIN", only: "SCRAM-SHA-256", trouble: mail.NoMechanism, tried: " "},
		"wrong, SCRAM":   {offers: "PLAIN SCRAM-SHA-256", password: "wrong", trouble: mail.WrongPassword, tried: "SCRAM-SHA-256"},
		"wrong, plain":   {offers: "PLAIN", password: "wrong", trouble: mail.WrongPassword, tried: "PLAIN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &gate{offers: strings.Fields(c.offers), check: knows(t, "correct horse")}
			if c.password == "" {
				c.password = "correct horse"
			}
			r := g.enter(t, mail.Settings{Mechanism: c.only}, word(c.password))
			if r.IMAP.Trouble != c.trouble || r.SMTP.Trouble != c.trouble || r.IMAP.Mechanism != c.want || r.SMTP.Mechanism != c.want {
				t.Errorf("%+v", r)
			}
			if c.tried == "" {
				c.tried = c.want
			}
			var once []string // by IMAP and by SMTP
			if way := strings.TrimSpace(c.tried); way != "" {
				once = []string{way, way}
			}
			if !slices.Equal(g.tried, once) {
				t.Errorf("tried %q", g.tried)
			}
		})
	}
}

// A server whose stored password is no use for SCRAM refuses before anything was
// proved; the password goes by the next way, once.
func TestAMechanismThatFailsBeforeTheProof(t *testing.T) {
	right := knows(t, "pw")
	g := &gate{offers: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}, check: func(c net.Conn, m string) exchange {
		if m == "PLAIN" {
			return right(c, m)
		}
		return func(string) (string, bool, bool) { return "", true, false }
	}}
	if r := g.enter(t, mail.Settings{}, word("pw")); !r.Works() || r.IMAP.Mechanism != "PLAIN" || r.SMTP.Mechanism != "PLAIN" {
		t.Errorf("%+v", r)
	}
}

// Whoever doesn't know the password can't answer SCRAM's last question.
func TestAServerThatKnowsNothingIsRefused(t *testing.T) {
	for name, last := range map[string]exchange{
		"a wrong signature": func(string) (string, bool, bool) {
			return "v=" + base64.StdEncoding.EncodeToString(make([]byte, 32)), false, false
		},
		"no signature": func(string) (string, bool, bool) { return "", true, true },
	} {
		t.Run(name, func(t *testing.T) {
			g := &gate{offers: []string{"SCRAM-SHA-256"}, check: func(net.Conn, string) exchange {
				first := true
				return func(m string) (string, bool, bool) {
					if !first {
						return last(m)
					}
					first = false
					_, nonce, _ := strings.Cut(m, "r=")
					return "r=" + nonce + "x,s=c2FsdA==,i=4096", false, false
				}
			}}
			if r := g.enter(t, mail.Settings{}, word("pw")); r.IMAP.Trouble != mail.NotTheServer || r.SMTP.Trouble != mail.NotTheServer {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestAServerThatAsksForTooMuchWork(t *testing.T) {
	for _, rounds := range []string{"2147483647", "99999999999999999999", "1"} {
		g := &gate{offers: []string{"SCRAM-SHA-256"}, check: func(net.Conn, string) exchange {
			return func(m string) (string, bool, bool) {
				_, nonce, _ := strings.Cut(m, "r=")
				return "r=" + nonce + "x,s=c2FsdA==,i=" + rounds, false, false
			}
		}}
		if r := g.enter(t, mail.Settings{}, word("pw")); r.IMAP.Trouble == mail.TroubleNone || r.SMTP.Trouble == mail.TroubleNone {
			t.Errorf("%s rounds: %+v", rounds, r)
		}
	}
}

// tokens gives a token, and another one when the first is refused.
type tokens struct {
	mu      sync.Mutex
	now     string
	next    string
	renewed int
	err     error
}

func (s *tokens) Secret(_ context.Context, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name != mail.SecretToken {
		return "", desk.E(desk.KindNotFound, "find secret", nil)
	}
	return s.now, s.err
}

func (s *tokens) Renew(_ context.Context, _, refused string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.renewed++
	if refused == s.now {
		s.now = s.next
	}
	return s.now, nil
}

// bearerGate takes one token. A refusal goes as RFC 7628 3.2.3 has it: a
// challenge, a word of the client, and then the end.
func bearerGate(offers, good string) *gate {
	return &gate{offers: strings.Fields(offers), check: func(_ net.Conn, m string) exchange {
		refused := false
		return func(message string) (string, bool, bool) {
			if refused {
				return "", true, false
			}
			token := "auth=Bearer " + good + "\x01"
			user := "user=amira\x01"
			if m == "OAUTHBEARER" {
				user = "n,a=amira,\x01host=127.0.0.1\x01"
			}
			if strings.HasPrefix(message, user) && strings.Contains(message, token) && strings.HasSuffix(message, "\x01\x01") {
				return "", true, true
			}
			refused = true
			return `{"status":"invalid_token","scope":"mail"}`, false, false
		}
	}}
}

func TestSignInByToken(t *testing.T) {
	byToken := mail.Settings{Authority: &mail.Authority{Provider: "google", Client: "client"}}
	for _, c := range []struct{ offers, want string }{
		{"PLAIN XOAUTH2", "XOAUTH2"}, {"PLAIN XOAUTH2 OAUTHBEARER", "OAUTHBEARER"},
	} {
		r := bearerGate(c.offers, "good").enter(t, byToken, &tokens{now: "good"})
		if !r.Works() || r.IMAP.Mechanism != c.want || r.SMTP.Mechanism != c.want {
			t.Errorf("%s: %+v", c.offers, r)
		}
		s := &tokens{now: "taken back", next: "good"}
		if r := bearerGate(c.offers, "good").enter(t, byToken, s); !r.Works() || s.renewed == 0 {
			t.Errorf("%s, a token taken back: %+v", c.offers, r)
		}
		s = &tokens{now: "taken back", next: "no good either"}
		if r := bearerGate(c.offers, "good").enter(t, byToken, s); r.IMAP.Trouble != mail.TokenEnded || r.SMTP.Trouble != mail.TokenEnded {
			t.Errorf("%s, no token is taken: %+v", c.offers, r)
		}
	}
	if r := bearerGate("PLAIN", "good").enter(t, byToken, &tokens{now: "good"}); r.IMAP.Trouble != mail.NoMechanism || r.SMTP.Trouble != mail.NoMechanism {
		t.Errorf("no mechanism for tokens: %+v", r)
	}
	gone := &tokens{err: desk.E(desk.KindSignIn, "renew token", nil)}
	if r := bearerGate("XOAUTH2", "good").enter(t, byToken, gone); r.IMAP.Trouble != mail.TokenEnded {
		t.Errorf("revoked: %+v", r)
	}
}
