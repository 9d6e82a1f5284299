package practice

import (
	"crypto/subtle"
	"errors"
	"io"
	"log"
	"log/slog"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"fernpost/app/practice/line"
	"fernpost/app/practice/mailbox"
	"fernpost/store/desk"
)

const (
	recipientsMax = 100
	// patient is long enough for the largest mail on the slowest line.
	patient = time.Hour
)

func (s *Server) newSMTP() *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &submission{server: s, conn: c}, nil
	}))
	server.Domain = "mx.birkpay.example"
	server.MaxMessageBytes = mailbox.AppendMax
	server.MaxRecipients = recipientsMax
	server.AllowInsecureAuth = true // loopback only
	server.ReadTimeout = patient
	server.WriteTimeout = patient
	server.ErrorLog = log.New(io.Discard, "", 0) // lines break here on purpose
	return server
}

// submission is one SMTP connection of the agent's program.
type submission struct {
	server *Server
	conn   *smtp.Conn
	signed bool
	from   string
	to     []string
}

var _ smtp.AuthSession = (*submission)(nil)

var (
	errSignIn   = &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	errSender   = &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Send as the account's own address"}
	errDomain   = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 2}, Message: "No such domain in the practice account"}
	errAddress  = &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 3}, Message: "That is no address"}
	errStorage  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The mailbox can't be written"}
	errCutShort = errors.New("the line was cut on purpose")
)

func (u *submission) AuthMechanisms() []string { return []string{sasl.Plain} }

func (u *submission) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		want := u.server.settings
		if subtle.ConstantTimeCompare([]byte(user), []byte(want.User))&
			subtle.ConstantTimeCompare([]byte(password), []byte(want.Password)) != 1 {
			return smtp.ErrAuthFailed
		}
		u.signed = true
		return nil
	}), nil
}

func (u *submission) Reset() { u.from, u.to = "", nil }

func (u *submission) Logout() error { return nil }

func (u *submission) Mail(from string, _ *smtp.MailOptions) error {
	if !u.signed {
		return errSignIn
	}
	if !strings.EqualFold(from, Own.Addr) {
		return errSender
	}
	u.from = from
	return nil
}

func (u *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	to = strings.ToLower(to)
	local, domain, ok := strings.Cut(to, "@")
	switch {
	case !ok || local == "":
		return errAddress
	case to != Own.Addr && !u.server.domains[domain]:
		return errDomain
	}
	if no := u.server.takeRefusal(inRcpt); no != nil {
		return no
	}
	u.to = append(u.to, to)
	return nil
}

func (u *submission) Data(r io.Reader) error {
	raw, err := u.read(r)
	if err != nil {
		return err
	}
	if no := u.server.takeRefusal(inData); no != nil {
		return no
	}
	lost := u.server.takeLoss()
	if !lost.forgets {
		if err := u.server.accept(u.to, raw); err != nil {
			slog.Error("practice server took no mail", "kind", string(desk.KindOf(err)))
			return errStorage
		}
	}
	if !lost.afterDot {
		return nil
	}
	if lost.stays {
		u.server.line.Set(line.Off)
	}
	u.reset()
	return errCutShort
}

// read takes the mail in; a cut that a test ordered ends it before its end.
func (u *submission) read(r io.Reader) ([]byte, error) {
	limit := u.server.takeCutBytes()
	if limit < 0 {
		return io.ReadAll(r)
	}
	if _, err := io.Copy(io.Discard, io.LimitReader(r, limit)); err != nil {
		return nil, err
	}
	u.reset()
	return nil, errCutShort
}

// reset breaks this connection as a dropped line does.
func (u *submission) reset() {
	if c, ok := u.conn.Conn().(*line.Conn); ok {
		c.Reset()
	}
}

// cut is what a test or the tour ordered to go wrong. Server.mu guards it.
type cut struct {
	afterDot   bool
	forgets    bool // with afterDot: the mail is not kept
	stays      bool // with afterDot: and the line is off
	duringData bool
	bytes      int64
	refusal    *smtp.SMTPError // of the next mail, at
	at         place
}

// place is where in an SMTP exchange something happens.
type place string

const (
	inRcpt place = "rcpt"
	inData place = "data"
)

// CutAfterFinalDot breaks the line once, after the next mail was taken and
// before the server could say so: the case in which nobody knows.
func (s *Server) CutAfterFinalDot() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut.afterDot = true
}

// CutDuringData breaks the line once, after n bytes of the next mail, which is
// not taken.
func (s *Server) CutDuringData(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut.duringData, s.cut.bytes = true, max(n, 0)
}

// takeLoss gives what is to happen after the closing dot, once.
func (s *Server) takeLoss() cut {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.cut
	s.cut.afterDot, s.cut.forgets, s.cut.stays = false, false, false
	return c
}

// takeRefusal gives what is to be answered there, once; nil for what is usual.
func (s *Server) takeRefusal(at place) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	no := s.cut.refusal
	if no == nil || s.cut.at != at {
		return nil
	}
	s.cut.refusal = nil
	return no
}

func (s *Server) takeCut(which *bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	on := *which
	*which = false
	return on
}

// takeCutBytes gives how many bytes may come, -1 for all.
func (s *Server) takeCutBytes() int64 {
	if !s.takeCut(&s.cut.duringData) {
		return -1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cut.bytes
}

// accept takes responsibility for a mail: when it returns nil, everything that
// follows from the mail is on disk, in one batch.
func (s *Server) accept(to []string, raw []byte) error {
	s.act.Lock()
	defer s.act.Unlock()
	now := s.options.Clock()
	head := readHead(raw)
	note := outNote{At: now, ID: head.id, To: []string{}}
	var b mailbox.Batch
	var gone []string
	for _, address := range to {
		switch {
		case address == Own.Addr:
			b.Mail("INBOX", now, raw)
		case s.bounces[address]:
			gone = append(gone, address)
		default:
			note.To = append(note.To, address)
		}
	}
	if err := b.Note(noteOut, note, raw); err != nil {
		return err
	}
	for _, d := range s.reactions(head, note.To, gone, now) {
		if err := b.Note(noteDue, d, nil); err != nil {
			return err
		}
	}
	if owner := s.ownerOf(head, note.To); owner != nil && head.id != "" {
		if err := b.Note(noteSaid, saidNote{Conversation: owner.ID, ID: head.id}, nil); err != nil {
			return err
		}
	}
	if err := s.mailbox.Commit(&b); err != nil {
		return err
	}
	s.nudge()
	return nil
}

func (s *Server) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
