package mail

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"

	"fernpost/store/desk"
)

// ahead is a connection on which the sign-in has left and its answer isn't here:
// what follows a sign-in leaves with it (RFC 9051 5.5), which saves a rural line
// two round trips. go-imap gets a greeting that says what the server could do
// last time; its reader comes by the real greeting and the answer here, and sees
// neither. What the server can do today is handed to it as an untagged answer.
//
// Whoever opens the line asks refusal once go-imap says that it broke.
type ahead struct {
	net.Conn
	o     *opening
	tag   string
	first bytes.Reader // the made-up greeting; then what the server can do
	greet bool         // the server's greeting is still to come
	open  bool         // the answer came, and was yes

	why atomic.Pointer[error]
}

// openAhead signs in by the plan; false means that this sign-in needs answers in
// between.
func openAhead(o *opening, who credentials, p *plan, greet bool) (*ahead, bool, error) {
	line, ok := aheadLine(o, who, p)
	if !ok {
		return nil, false, nil
	}
	tag, err := o.command(line)
	if err != nil {
		return nil, true, err
	}
	a := &ahead{Conn: o.conn, o: o, tag: tag, greet: greet}
	a.first.Reset([]byte("* PREAUTH [CAPABILITY " + strings.Join(p.Caps, " ") + "] as before\r\n"))
	return a, true, nil
}

// aheadLine writes the sign-in as one command, where the mechanism is one of
// those whose first word is all there is.
func aheadLine(o *opening, who credentials, p *plan) (string, bool) {
	if p.By == sasl.Login {
		user, okU := inQuotes(who.user)
		secret, okS := inQuotes(who.secret)
		return "LOGIN " + user + " " + secret, okU && okS && !who.token
	}
	if !p.Short || !slices.Contains([]string{sasl.Plain, sasl.OAuthBearer, xoauth2}, p.By) {
		return "", false
	}
	for _, m := range who.mechanisms(func(name string) bool { return name == p.By }, o.conn) {
		name, first, err := m.Start()
		return "AUTHENTICATE " + name + " " + inBase64(first, "="), err == nil
	}
	return "", false
}

// Read gives go-imap what comes after the sign-in.
func (a *ahead) Read(b []byte) (int, error) {
	for {
		if a.first.Len() > 0 {
			return a.first.Read(b)
		}
		if a.open {
			return a.o.r.Read(b)
		}
		if err := a.answered(); err != nil {
			a.why.Store(&err)
			return 0, err
		}
	}
}

// answered reads up to the answer to the sign-in.
func (a *ahead) answered() error {
	if a.greet {
		if err := a.o.greeting(); err != nil {
			return err
		}
	}
	a.o.caps = nil
	if err := a.tagged(); err != nil {
		return err
	}
	a.open = true
	if a.o.caps != nil {
		a.first.Reset([]byte("* CAPABILITY " + strings.Join(a.o.names(), " ") + "\r\n"))
	}
	return nil
}

// tagged is opening.answer with nothing to say when the server asks: it took the
// command that followed for our word, and says no anyhow (RFC 7628 3.2.3).
func (a *ahead) tagged() error {
	early := false // an answer to what followed came before ours
	for range mostLines {
		line, err := a.o.readLine()
		if err != nil && early {
			return errNotMail
		}
		var slow net.Error
		if err != nil && !(errors.As(err, &slow) && slow.Timeout()) {
			return errors.Join(errCutShort, err)
		}
		if err != nil {
			return err
		}
		first, rest, _ := strings.Cut(line, " ")
		switch first {
		case a.tag:
			st := status(rest)
			a.o.hear(st)
			if st.Type != imap.StatusResponseTypeOK {
				return (*imap.Error)(&st)
			}
			if early {
				return errNotMail
			}
			return nil
		case "*":
			if err := a.o.skipLiterals(rest); err != nil {
				return errors.Join(errCutShort, err)
			}
			if err := a.o.untagged(rest); err != nil && !early {
				return err
			}
		case "+":
		default:
			// Dovecot refuses what follows before it refuses us, and may hang up
			// over it. Then only asking in turn tells what was wrong.
			early = true
		}
	}
	return errNotMail
}

// errCutShort: the line ended before the sign-in was answered. It may be a bad
// line, or a server that hangs up over what follows a refused sign-in: asked in
// turn it says which.
var errCutShort = errors.New("the line ended before the answer")

// refusal is why the sign-in failed, nil when it didn't or isn't answered. The
// reader must have ended.
func (a *ahead) refusal() error {
	if why := a.why.Load(); why != nil {
		return *why
	}
	return nil
}

// misled tells that a line opened by a plan failed over the plan and not over
// the network or the password: then it is worth asking in turn at once.
func misled(err error) bool {
	if errors.Is(err, errNotMail) {
		return true
	}
	no, ok := errors.AsType[*imap.Error](err)
	return ok && (no.Type == imap.StatusResponseTypeBad || desk.KindOf(err) == desk.KindRefused || desk.KindOf(err) == desk.KindNotFound)
}
