package mail

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/emersion/go-smtp"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// helloName is what we call ourselves: the computer's own name is nobody's
// business, and submission servers don't look (RFC 6409).
const helloName = "localhost"

// post is one SMTP connection, for one transaction.
type post struct {
	c   *smtp.Client
	top net.Conn // under the client: TLS where there is TLS
	// upgraded is the TLS connection itself where top stands in front of it.
	upgraded net.Conn
	by       string // how it was signed in
	wire     *wire
	sent     atomic.Int64
	once     sync.Once
	blobs    source.Blobs
}

// openPost connects and signs in for submission. Nothing can have happened when
// it fails, so its outcome is never Unknown.
func (s *Source) openPost(ctx context.Context) (*post, source.Outcome, bool) {
	p, err := s.reachPost(ctx)
	if err != nil {
		return nil, notPosted(err), false
	}
	return p, source.Outcome{}, true
}

// notPosted judges an error of reachPost.
func notPosted(err error) source.Outcome {
	var no *smtp.SMTPError
	said := errors.As(err, &no)
	switch desk.KindOf(err) {
	case desk.KindInvalid:
		return refused(desk.ReasonRefused, "")
	case desk.KindSignIn:
		out := source.Outcome{Verdict: source.AuthNeeded, Reason: desk.ReasonSignIn}
		if said {
			out.Detail = words(err)
		}
		return out
	}
	switch {
	case errors.Is(err, errNoSTARTTLS):
		return refused(desk.ReasonRefused, "no STARTTLS")
	case said:
		return judged(err, inHello)
	}
	return notApplied()
}

// reachPost connects and signs in. An error is of kind sign_in where a person
// must act.
func (s *Source) reachPost(ctx context.Context) (*post, error) {
	if err := s.cfg.Settings.Check(); err != nil {
		return nil, desk.E(desk.KindInvalid, "reach the server for outgoing mail", err)
	}
	who, err := s.smtpCredentials(ctx)
	if err != nil {
		return nil, wantsSignIn(err)
	}
	p, err := s.beginPost(ctx, who)
	if errors.Is(err, errLapsed) {
		p, err = s.beginPost(ctx, who)
	}
	return p, err
}

// beginPost makes one connection.
func (s *Source) beginPost(ctx context.Context, who credentials) (*post, error) {
	top, w, err := s.dial(ctx, who.server, "")
	if err != nil {
		return nil, err
	}
	p := &post{top: top, wire: w, blobs: s.cfg.Blobs}
	w.counting(CountReplies)
	w.count = p.counter(w.count)
	stop := context.AfterFunc(ctx, p.drop)
	defer stop()
	if err := s.greetPost(ctx, p, who); err != nil {
		p.drop()
		if ctx.Err() != nil {
			return nil, desk.E(desk.KindCancelled, "reach the server for outgoing mail", context.Cause(ctx))
		}
		return nil, err
	}
	return p, nil
}

func (s *Source) greetPost(ctx context.Context, p *post, who credentials) error {
	if who.server.TLS == TLSStart {
		if err := s.upgrade(ctx, p, who.server); err != nil {
			return err
		}
	}
	p.c = smtp.NewClient(&briefly{Conn: p.top})
	p.c.CommandTimeout, p.c.SubmissionTimeout = stallTimeout, commitWait
	if err := p.c.Hello(helloName); err != nil {
		return err
	}
	err := p.signIn(who)
	if again, ok := s.renewed(ctx, who, err); ok {
		err = p.signIn(again)
	}
	return err
}

// signIn tries the ways to sign in that both sides know, the best first.
func (p *post) signIn(c credentials) error {
	const doing = "sign in to the server for outgoing mail"
	if p.upgraded == nil {
		p.upgraded = p.top
	}
	all := c.mechanisms(p.c.SupportsAuth, p.upgraded)
	if len(all) == 0 {
		if c.server.TLS == TLSPlain && c.only == "" {
			return nil // a server on this computer may not ask
		}
		return desk.E(desk.KindSignIn, doing, errNoMechanism)
	}
	var err error
	for _, m := range all {
		err = p.c.Auth(m)
		if err == nil {
			err = m.settled()
		}
		if err == nil || m.proved() {
			p.by = m.called()
			break
		}
	}
	var no *smtp.SMTPError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errNotTheServer):
		return desk.E(desk.KindUnsafe, doing, err)
	case errors.As(err, &no) && no.Code >= 500:
		return desk.E(desk.KindSignIn, doing, err)
	}
	return desk.E(desk.KindOffline, doing, err)
}

// upgrade speaks up to STARTTLS (RFC 3207) and does the handshake. It is ours
// and not go-smtp's, because the closing dot needs the connection under the
// client. The client waits for a greeting, which after STARTTLS no server
// sends, so it is given one.
func (s *Source) upgrade(ctx context.Context, p *post, srv Server) error {
	text := textproto.NewConn(&briefly{Conn: p.wire})
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
		return desk.E(desk.KindUnsafe, "secure the line to the mail server", errNoSTARTTLS)
	}
	if err := text.PrintfLine("STARTTLS"); err != nil {
		return err
	}
	if _, _, err := text.ReadResponse(220); err != nil {
		return spoken(err)
	}
	if text.R.Buffered() > 0 {
		// Words that came before the handshake are somebody else's.
		return desk.E(desk.KindUnsafe, "secure the line to the mail server", errNoSTARTTLS)
	}
	tc, err := s.handshake(ctx, p.wire, srv, "")
	if err != nil {
		return err
	}
	p.upgraded = tc
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
	no, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		return err
	}
	out := &smtp.SMTPError{Code: no.Code, Message: no.Msg}
	if m := enhancedForm.FindStringSubmatch(no.Msg); m != nil {
		for i := range out.EnhancedCode {
			out.EnhancedCode[i], _ = strconv.Atoi(m[i+1]) // three digits at most
		}
	}
	return out
}

// enhancedForm is RFC 2034's at the beginning of a reply.
var enhancedForm = regexp.MustCompile(`^([245])\.(\d{1,3})\.(\d{1,3})\b`)

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
func (p *post) body(ctx context.Context, m composed, j source.Journal) error {
	const piece = 16 << 10
	w := bufio.NewWriterSize(&progressing{w: p.top, total: m.size(), j: j}, piece)
	err := m.write(ctx, &allBut{&dotted{w: w}, m.size() - int64(len("\r\n"))}, p.blobs)
	if err != nil {
		return err
	}
	return w.Flush()
}

// progressing tells how much has left.
type progressing struct {
	w           io.Writer
	done, total int64
	j           source.Journal
}

// Write implements io.Writer.
func (p *progressing) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	p.done += int64(n)
	if err == nil {
		p.j.Progress(min(p.done, p.total), p.total)
	}
	return n, err
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
