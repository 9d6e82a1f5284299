package maillab

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// Memory starts an embedded IMAP server (go-imap's imapmemserver: no CONDSTORE,
// no special folders, no IDLE surprises) and a small SMTP server that delivers
// into it.
func Memory(t Stage) *Lab {
	t.Helper()
	own := User{"amira", "amira@example.test", "pw-amira"}
	customer := User{"kunde", "kunde@example.test", "pw-kunde"}
	boxes := imapmemserver.New()
	users := map[string]*imapmemserver.User{}
	for _, u := range []User{own, customer} {
		mu := imapmemserver.NewUser(u.Address, u.Password)
		for _, folder := range []string{"INBOX", "Sent", "Junk"} {
			if err := mu.Create(folder, nil); err != nil {
				t.Fatalf("create %s: %v", folder, err)
			}
		}
		boxes.AddUser(mu)
		users[u.Address] = mu
	}
	l := &Lab{
		t: t, mode: mail.TLSPlain, own: own, customer: customer,
		refuses: desk.Address{Addr: "refused@example.test"}, mumbles: true,
	}
	quiet := log.New(io.Discard, "", 0)
	im := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return boxes.NewSession(), nil, nil
		},
		Caps: imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapESearch: {}, imap.CapNamespace: {}, imap.CapMove: {},
		},
		InsecureAuth: true,
		Logger:       quiet,
	})
	sm := smtp.NewServer(memoryPost{users, own})
	sm.AllowInsecureAuth, sm.Domain, sm.ErrorLog = true, "mx.example.test", quiet
	sm.MaxMessageBytes = 50 << 20
	l.imapAddr = serve(t, im.Serve, im.Close)
	l.smtpAddr = serve(t, sm.Serve, sm.Close)
	l.renumber = func() bool {
		keep := l.Inbox()
		u := users[own.Address]
		if err := errors.Join(u.Delete("INBOX"), u.Create("INBOX", nil)); err != nil {
			t.Fatalf("renumber the inbox: %v", err)
		}
		for _, raw := range keep {
			l.Deliver(raw, time.Now())
		}
		return true
	}
	return l.start()
}

func serve(t Stage, run func(net.Listener) error, stop func() error) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = run(ln) // ends when stopped
	}()
	t.Cleanup(func() {
		_ = stop()
		<-done
	})
	return ln.Addr().String()
}

// memoryPost is the SMTP side of the embedded server.
type memoryPost struct {
	users map[string]*imapmemserver.User
	own   User
}

func (m memoryPost) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &memoryLetter{post: m}, nil
}

// memoryLetter is one session of it.
type memoryLetter struct {
	post memoryPost
	in   bool
	to   []string
}

func (s *memoryLetter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *memoryLetter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.post.own.Address || password != s.post.own.Password {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}

func (s *memoryLetter) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *memoryLetter) Rcpt(to string, _ *smtp.RcptOptions) error {
	to = strings.ToLower(to)
	local, _, _ := strings.Cut(to, "@")
	switch {
	case local == "later":
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "try again later"}
	case s.post.users[to] == nil:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no mailbox <" + to + "> here"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *memoryLetter) Data(r io.Reader) error {
	raw, err := copyAll(r)
	if err != nil {
		return err
	}
	for _, to := range s.to {
		lit := literal{bytes.NewReader(raw), int64(len(raw))}
		if _, err := s.post.users[to].Append("INBOX", lit, &imap.AppendOptions{}); err != nil {
			return err
		}
	}
	return nil
}

func (s *memoryLetter) Reset() { s.to = nil }

func (s *memoryLetter) Logout() error { return nil }

type literal struct {
	*bytes.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }
