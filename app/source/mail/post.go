package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// helloName is what we call ourselves: the computer's own name is nobody's
// business, and submission servers don't look (RFC 6409).
const helloName = "localhost"

// post is one SMTP connection, for one transaction.
type post struct {
	c    *smtp.Client
	top  net.Conn // under the client: TLS where there is TLS
	wire *wire
	sent atomic.Int64
	once sync.Once
}

// openPost connects and signs in for submission. Nothing can have happened when
// it fails, so its outcome is never Unknown.
func (s *Source) openPost(ctx context.Context) (*post, source.Outcome, bool) {
	if err := s.cfg.Settings.Check(); err != nil {
		return nil, refused(desk.ReasonRefused, ""), false
	}
	password, err := s.smtpPassword(ctx)
	if err != nil {
		return nil, source.Outcome{Verdict: source.AuthNeeded, Reason: desk.ReasonSignIn}, false
	}
	srv := s.cfg.Settings.SMTP
	top, w, err := s.dial(ctx, srv, "")
	if err != nil {
		return nil, notApplied(), false
	}
	p := &post{top: top, wire: w}
	w.counting(CountReplies)
	w.count = p.counter(w.count)
	stop := context.AfterFunc(ctx, p.drop)
	defer stop()
	if srv.TLS == TLSStart {
		if err := s.upgrade(ctx, p, srv); err != nil {
			p.drop()
			return nil, before(err, desk.ReasonRefused), false
		}
	}
	p.c = smtp.NewClient(p.top)
	p.c.CommandTimeout, p.c.SubmissionTimeout = stallTimeout, commitWait
	if err := p.c.Hello(helloName); err != nil {
		p.drop()
		return nil, before(err, desk.ReasonRefused), false
	}
	if out, ok := p.signIn(s.cfg.Settings.Username, password, srv.TLS); !ok {
		p.drop()
		return nil, out, false
	}
	return p, source.Outcome{}, true
}

// smtpPassword asks for SMTP's own password, then for the one of IMAP.
func (s *Source) smtpPassword(ctx context.Context) (string, error) {
	password, err := s.cfg.Secrets.Secret(ctx, SecretSMTP)
	if err == nil && password != "" {
		return password, nil
	}
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return "", err
	}
	return s.cfg.Secrets.Secret(ctx, SecretIMAP)
}

func (p *post) signIn(user, password string, mode TLSMode) (source.Outcome, bool) {
	var auth sasl.Client
	switch {
	case p.c.SupportsAuth(sasl.Plain):
		auth = sasl.NewPlainClient("", user, password)
	case p.c.SupportsAuth(sasl.Login):
		auth = sasl.NewLoginClient(user, password)
	case mode == TLSPlain:
		return source.Outcome{}, true // a server on this computer may not ask
	default:
		return source.Outcome{Verdict: source.AuthNeeded, Reason: desk.ReasonSignIn}, false
	}
	err := p.c.Auth(auth)
	var no *smtp.SMTPError
	switch {
	case err == nil:
		return source.Outcome{}, true
	case errors.As(err, &no) && no.Code >= 500:
		return source.Outcome{Verdict: source.AuthNeeded, Reason: desk.ReasonSignIn, Detail: words(no)}, false
	}
	return before(err, desk.ReasonRefused), false
}

// upgrade speaks up to STARTTLS (RFC 3207) and does the handshake. It is ours
// and not go-smtp's, because the closing dot needs the connection under the
// client. The client waits for a greeting, which after STARTTLS no server
// sends, so it is given one.
func (s *Source) upgrade(ctx context.Context, p *post, srv Server) error {
	text := textproto.NewConn(p.wire)
	if _, _, err := text.ReadResponse(220); err != nil {
		return spoken(err)
	}
	if err := text.PrintfLine("EHLO %s", helloName); err != nil {
		return err
	}
	_, lines, err := text.ReadResponse(250)
	if err != nil {
		return spoken(err)
	}
	if !offers(lines, "STARTTLS") {
		return &smtp.SMTPError{Code: 554, Message: "no STARTTLS"}
	}
	if err := text.PrintfLine("STARTTLS"); err != nil {
		return err
	}
	if _, _, err := text.ReadResponse(220); err != nil {
		return spoken(err)
	}
	if text.R.Buffered() > 0 {
		// Words that came before the handshake are somebody else's.
		return &smtp.SMTPError{Code: 554, Message: "words before TLS"}
	}
	tc, err := s.handshake(ctx, p.wire, srv, "")
	if err != nil {
		return err
	}
	p.top = &greeted{Conn: tc, first: bytes.NewReader([]byte("220 secured\r\n"))}
	return nil
}

func offers(lines, name string) bool {
	for line := range strings.SplitSeq(lines, "\n") {
		if word, _, _ := strings.Cut(line, " "); strings.EqualFold(word, name) {
			return true
		}
	}
	return false
}

// spoken makes a server's refusal look as go-smtp's do.
func spoken(err error) error {
	if no, ok := errors.AsType[*textproto.Error](err); ok {
		return &smtp.SMTPError{Code: no.Code, Message: no.Msg}
	}
	return err
}

// greeted is a connection on which something was said already.
type greeted struct {
	net.Conn
	first *bytes.Reader
}

func (g *greeted) Read(b []byte) (int, error) {
	if g.first.Len() > 0 {
		return g.first.Read(b)
	}
	return g.Conn.Read(b)
}

// body writes everything but the closing CRLF, dot and CRLF. It goes past
// go-smtp's buffer, so that all of it has left when the journal's mark is set.
func (p *post) body(mail []byte, j source.Journal) error {
	mail = bytes.TrimSuffix(mail, []byte("\r\n"))
	stuffed := bytes.ReplaceAll(mail, []byte("\n."), []byte("\n.."))
	if bytes.HasPrefix(stuffed, []byte(".")) {
		stuffed = append([]byte("."), stuffed...)
	}
	const piece = 16 << 10
	total := int64(len(stuffed))
	for done := int64(0); done < total; {
		n, err := p.top.Write(stuffed[done:min(done+piece, total)])
		done += int64(n)
		if err != nil {
			return err
		}
		j.Progress(done, total)
	}
	return nil
}

func (p *post) counter(outer func(string, int64)) func(string, int64) {
	return func(kind string, n int64) {
		p.sent.Add(n)
		outer(kind, n)
	}
}

func (p *post) bytes() int64 { return p.sent.Load() }

// quit says good-bye; the mail is accepted whatever becomes of that.
func (p *post) quit() { _, _ = io.WriteString(p.top, "QUIT\r\n") }

func (p *post) close() { p.drop() }

func (p *post) drop() { p.once.Do(func() { _ = p.wire.Close() }) }
