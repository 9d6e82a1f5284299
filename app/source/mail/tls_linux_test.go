package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"sync"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// goodBye is at most what a server says after QUIT, which nobody reads.
const goodBye = 200

func TestEveryProtection(t *testing.T) {
	servers := maillab.NewServers(t)
	for _, mode := range []mail.TLSMode{mail.TLSPlain, mail.TLSStart, mail.TLSImplicit} {
		t.Run(string(mode), func(t *testing.T) {
			lab := servers.Lab(t, mode)
			counts := &counter{kinds: map[string]int64{}}
			cfg := lab.Config()
			cfg.Count = counts.add
			s := mail.New(cfg)
			defer s.Close()
			if _, err := s.Open(t.Context()); err != nil {
				t.Fatalf("open: %v", err)
			}
			sub := freezeTo(t, s, lab.Own(), lab.Customer())
			out := s.Submit(t.Context(), sub, mark(func(context.Context) error { return nil }))
			if out.Verdict != source.Applied {
				t.Fatalf("submit: %+v", out)
			}
			waitFor(t, "the mail", func() bool { return len(lab.Received()) == 1 })
			if got := s.FileSent(t.Context(), filing(sub)); got != source.Applied {
				t.Fatalf("file: %v", got)
			}
			if _, err := s.Pull(t.Context(), source.PullRequest{}); err != nil {
				t.Fatalf("pull: %v", err)
			}
			if total, wire := counts.total(), lab.Traffic(); total > wire || wire-total > goodBye {
				t.Errorf("counted %d bytes of %d on the wire", total, wire)
			}
			for _, kind := range []string{mail.CountReplies, mail.CountText, mail.CountLooking} {
				if counts.of(kind) == 0 {
					t.Errorf("nothing counted as %s", kind)
				}
			}
		})
	}
}

// A certificate that nobody vouches for is somebody else answering.
func TestAForeignCertificate(t *testing.T) {
	servers := maillab.NewServers(t)
	for _, mode := range []mail.TLSMode{mail.TLSStart, mail.TLSImplicit} {
		for name, cfg := range map[string]*tls.Config{
			"unknown to us":        {RootCAs: x509.NewCertPool()},
			"verifying turned off": {RootCAs: x509.NewCertPool(), InsecureSkipVerify: true},
			"expired":              {RootCAs: servers.Lab(t, mode).Config().TLS.RootCAs, Time: func() time.Time { return time.Now().AddDate(1, 0, 0) }},
		} {
			lab := servers.Lab(t, mode)
			c := lab.Config()
			c.TLS = cfg
			s := mail.New(c)
			if _, err := s.Open(t.Context()); desk.KindOf(err) != desk.KindUnsafe {
				t.Errorf("%s, %s: open: %v, want kind unsafe", mode, name, err)
			}
			out := s.Submit(t.Context(), freezeTo(t, s, lab.Own(), lab.Customer()), mark(func(context.Context) error {
				t.Error("the last mark was set for a stranger")
				return nil
			}))
			if out.Verdict != source.NotApplied {
				t.Errorf("%s, %s: submit: %s", mode, name, out.Verdict)
			}
			_ = s.Close()
		}
	}
}

func TestAWrongPassword(t *testing.T) {
	lab := maillab.NewServers(t).Lab(t, mail.TLSStart)
	c := lab.Config()
	c.Secrets = maillab.Password("not the password")
	s := mail.New(c)
	defer s.Close()
	if _, err := s.Open(t.Context()); desk.KindOf(err) != desk.KindSignIn {
		t.Errorf("open: %v, want kind sign_in", err)
	}
	out := s.Submit(t.Context(), freezeTo(t, s, lab.Own(), lab.Customer()), mark(func(context.Context) error { return nil }))
	if out.Verdict != source.AuthNeeded || out.Reason != desk.ReasonSignIn {
		t.Errorf("submit: %s %s, want auth_needed", out.Verdict, out.Reason)
	}
}

// counter is told bytes from several goroutines.
type counter struct {
	mu    sync.Mutex
	kinds map[string]int64
}

func (c *counter) add(kind string, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kinds[kind] += n
}

func (c *counter) of(kind string) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kinds[kind]
}

func (c *counter) total() (n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.kinds {
		n += k
	}
	return n
}
