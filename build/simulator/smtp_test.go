package simulator

import (
	"io"
	"log"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func (w *world) smtp() *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &submission{w: w}, nil }))
	s.Domain, s.AllowInsecureAuth, s.ErrorLog = "mx.world.example", true, log.New(io.Discard, "", 0)
	s.MaxMessageBytes = 10 << 20
	return s
}

// submission is one SMTP connection of the program.
type submission struct {
	w      *world
	signed bool
	to     []string
}

// AuthMechanisms implements smtp.AuthSession.
func (s *submission) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (s *submission) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if user != ownAddress || pass != password || s.w.locked.Load() {
			return smtp.ErrAuthFailed
		}
		s.signed = true
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (s *submission) Mail(string, *smtp.MailOptions) error {
	if !s.signed {
		return smtp.ErrAuthRequired
	}
	return s.w.refuses("mail")
}

// Rcpt implements smtp.Session.
func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.w.refuses("rcpt"); err != nil {
		return err
	}
	s.to = append(s.to, strings.ToLower(to))
	return nil
}

// Data implements smtp.Session.
func (s *submission) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		s.w.mu.Lock()
		s.w.compare(opOf(raw), raw, false)
		s.w.mu.Unlock()
		return err
	}
	if err := s.w.refuses("data"); err != nil {
		return err
	}
	s.w.mu.Lock()
	lags := s.w.lags
	s.w.mu.Unlock()
	if lags > 0 {
		time.Sleep(lags) // a server that takes its time, and takes the mail in the end
	}
	s.w.accept(s.to, raw)
	s.w.mu.Lock()
	then := s.w.then
	s.w.then = nil
	s.w.mu.Unlock()
	if then != nil {
		then()
	}
	return nil
}

// Reset implements smtp.Session.
func (s *submission) Reset() { s.to = nil }

// Logout implements smtp.Session.
func (s *submission) Logout() error { return nil }

// refuses gives the next no that was ordered for a stage.
func (w *world) refuses(stage string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, r := range w.says {
		if r.stage != stage {
			continue
		}
		w.says = append(w.says[:i:i], w.says[i+1:]...)
		return &smtp.SMTPError{
			Code: r.code, EnhancedCode: smtp.EnhancedCode{r.code / 100, 3, 0}, Message: "not now",
		}
	}
	return nil
}
