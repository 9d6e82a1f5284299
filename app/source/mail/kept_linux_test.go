package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"slices"
	"testing"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// shelf is a Keeper that outlives a source, as the store outlives a program.
type shelf struct{ data []byte }

func (s *shelf) Kept(context.Context) ([]byte, error) { return s.data, nil }

func (s *shelf) Keep(_ context.Context, data []byte) error {
	s.data = bytes.Clone(data)
	return nil
}

// start opens a source as a fresh run of the program does, and tells whether TLS
// was resumed and what it cost to see that nothing is new.
func start(t *testing.T, lab *maillab.Lab, kept *shelf, cfg mail.Config) (resumed bool, cost int64, err error) {
	t.Helper()
	shakes := 0
	defer func() {
		if shakes > 2 { // a refusal may need the long way to be told in words
			t.Errorf("%d connections for one start", shakes)
		}
	}()
	cfg.Keeper = kept
	cfg.TLS.VerifyConnection = func(s tls.ConnectionState) error {
		resumed = s.DidResume
		shakes++
		return nil
	}
	s := mail.New(cfg)
	defer s.Close()
	before := lab.Traffic()
	if _, err := s.Open(t.Context()); err != nil {
		return resumed, 0, err
	}
	_, err = s.Pull(t.Context(), source.PullRequest{})
	return resumed, lab.Traffic() - before, err
}

func TestARestartedProgramResumesTheSession(t *testing.T) {
	servers := maillab.NewServers(t)
	for _, mode := range []mail.TLSMode{mail.TLSImplicit, mail.TLSStart} {
		lab, kept := servers.Lab(t, mode), &shelf{}
		resumed, first, err := start(t, lab, kept, lab.Config())
		if err != nil || resumed {
			t.Fatalf("%s: the first start resumed %v, %v", mode, resumed, err)
		}
		resumed, again, err := start(t, lab, kept, lab.Config())
		if err != nil || !resumed {
			t.Errorf("%s: the second start resumed %v, %v", mode, resumed, err)
		}
		t.Logf("%s: %d bytes at first, %d resumed", mode, first, again)
		if again >= first {
			t.Errorf("%s: %d bytes at first, %d resumed", mode, first, again)
		}
		// A refusal on the short way is told in words too.
		c := lab.Config()
		c.Secrets = maillab.Password("not the password")
		if _, _, err = start(t, lab, kept, c); desk.KindOf(err) != desk.KindSignIn {
			t.Errorf("%s: with a wrong password: %v", mode, err)
		}
	}
}

// Another password than before forgets the session, and a cut line is no refusal.
func TestAnotherPasswordForgetsTheSession(t *testing.T) {
	lab := maillab.NewServers(t).Lab(t, mail.TLSImplicit)
	kept := &shelf{}
	if _, _, err := start(t, lab, kept, lab.Config()); err != nil {
		t.Fatal(err)
	}
	had := kept.data
	c := lab.Config()
	c.Secrets = maillab.Password("not the password")
	lab.Cut()
	if _, _, err := start(t, lab, kept, c); desk.KindOf(err) != desk.KindOffline {
		t.Errorf("open on a cut line: %v, want kind offline", err)
	}
	if !bytes.Contains(had, []byte(`"ticket"`)) || bytes.Contains(kept.data, []byte(`"ticket"`)) {
		t.Error("the session outlived the password")
	}
	lab.Restore()
	if _, _, err := start(t, lab, kept, lab.Config()); err != nil {
		t.Error(err)
	}
}

// A ticket that the server no longer takes costs a second connection, and
// neither the start nor what a person sees.
func TestASessionThatLapsedIsBegunAnew(t *testing.T) {
	a := newAuthority(t)
	secure := a.server(t, "127.0.0.1", -1, 1)
	g := &gate{offers: []string{"PLAIN"}, check: knows(t, "correct horse")}
	at := mail.Server{Host: "127.0.0.1", Port: listen(t, secure, g.imap), TLS: mail.TLSImplicit}
	var resumed []bool
	s := mail.New(mail.Config{
		Settings: mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}, IMAP: at, SMTP: at},
		Secrets:  maillab.Password("correct horse"),
		TLS: &tls.Config{RootCAs: a.pool, VerifyConnection: func(c tls.ConnectionState) error {
			resumed = append(resumed, c.DidResume)
			return nil
		}},
	})
	for key := range byte(3) {
		if key != 1 {
			secure.SetSessionTicketKeys([][32]byte{{key}})
		}
		if _, err := s.Open(t.Context()); err != nil {
			t.Fatalf("start %d: %v", key, err)
		}
		_ = s.Close()
	}
	if !slices.Equal(resumed, []bool{false, true, false}) {
		t.Errorf("resumed: %v", resumed)
	}
}
