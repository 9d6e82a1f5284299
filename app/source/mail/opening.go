package mail

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"

	"fernpost/store/desk"
)

const (
	// longestLine bounds a line of the server while nobody is signed in: a
	// stranger may be on the other side.
	longestLine = 64 << 10
	// mostLines bounds what may come before an answer.
	mostLines = 1000
)

// opening is an IMAP connection until somebody is signed in. It is spoken here
// and not by go-imap, which ends a SCRAM exchange with a word that servers
// don't take, and doesn't say how an exchange stood when it broke off.
type opening struct {
	conn net.Conn
	r    *bufio.Reader
	caps map[string]bool // as the server last told; nil: not yet, or no longer true
	tag  int
	by   string // the mechanism that worked
	ir   bool   // its first word rode on the command (RFC 4959)
	pre  bool   // the server took us for somebody already

	alert func(text string) // nil: nobody
}

func newOpening(c net.Conn) *opening {
	return &opening{conn: c, r: bufio.NewReaderSize(c, 4<<10)}
}

// readLine gives the next line without its end.
func (o *opening) readLine() (string, error) {
	var line []byte
	for {
		piece, err := o.r.ReadSlice('\n')
		line = append(line, piece...)
		if len(line) > longestLine {
			return "", errNotMail
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return strings.Trim(string(line), "\r\n\x00"), err // some servers pad their lines
	}
}

// errNotMail: something answers, but it isn't a mail server.
var errNotMail = errors.New("the answer isn't a mail server's")

// greeting reads the server's first words (RFC 9051 7.1).
func (o *opening) greeting() error {
	line, err := o.readLine()
	if err != nil {
		return err
	}
	rest, ok := strings.CutPrefix(line, "* ")
	if !ok {
		return errNotMail
	}
	st := status(rest)
	o.hear(st)
	switch st.Type {
	case imap.StatusResponseTypeOK:
	case imap.StatusResponseTypePreAuth:
		o.pre = true
	case imap.StatusResponseTypeBye:
		return (*imap.Error)(&st)
	default:
		return errNotMail
	}
	return nil
}

// command sends a line under a fresh tag.
func (o *opening) command(line string) (tag string, err error) {
	o.tag++
	tag = fmt.Sprintf("F%d", o.tag)
	_, err = io.WriteString(o.conn, tag+" "+line+"\r\n")
	return tag, err
}

// answer reads up to the tagged answer. Each "+" goes to asked, whose reply is
// sent; a nil asked gives the exchange up.
func (o *opening) answer(tag string, asked func(challenge string) (string, error)) error {
	for range mostLines {
		line, err := o.readLine()
		if err != nil {
			return err
		}
		first, rest, _ := strings.Cut(line, " ")
		switch first {
		case tag:
			st := status(rest)
			o.hear(st)
			if st.Type != imap.StatusResponseTypeOK {
				return (*imap.Error)(&st)
			}
			return nil
		case "+":
			if asked == nil {
				return errNotMail
			}
			reply, err := asked(rest)
			if err != nil {
				return err
			}
			if _, err := io.WriteString(o.conn, reply+"\r\n"); err != nil {
				return err
			}
		case "*":
			if err := o.skipLiterals(rest); err != nil {
				return err
			}
			if err := o.untagged(rest); err != nil {
				return err
			}
		default:
			return errNotMail
		}
	}
	return errNotMail
}

// untagged takes what is worth knowing; the rest can be asked for again.
func (o *opening) untagged(rest string) error {
	if list, ok := cutPrefixFold(rest, "CAPABILITY "); ok {
		o.take(list)
		return nil
	}
	st := status(rest)
	o.tell(st)
	if st.Type == imap.StatusResponseTypeBye {
		return (*imap.Error)(&st)
	}
	return nil
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// ask learns what the server can do, unless it has said so.
func (o *opening) ask() error {
	if o.caps != nil {
		return nil
	}
	tag, err := o.command("CAPABILITY")
	if err == nil {
		err = o.answer(tag, nil)
	}
	if err == nil && o.caps == nil {
		err = errNotMail
	}
	return err
}

// secure speaks STARTTLS (RFC 9051 6.2.1) and does the handshake. It is never
// left out, whatever the server offers, and what it said in clear counts for
// nothing afterwards.
func (o *opening) secure(ctx context.Context, s *Source, w *wire, srv Server) error {
	const doing = "secure the line to the mail server"
	if o.pre { // RFC 9051 6.2.1: somebody in between could have said it
		return desk.E(desk.KindUnsafe, doing, errNoSTARTTLS)
	}
	tag, err := o.command("STARTTLS")
	if err != nil {
		return err
	}
	err = o.answer(tag, nil)
	var no *imap.Error
	if errors.As(err, &no) || err == nil && o.r.Buffered() > 0 {
		return desk.E(desk.KindUnsafe, doing, errNoSTARTTLS)
	}
	if err != nil {
		return err
	}
	tc, err := s.handshake(ctx, w, srv, "imap")
	if err != nil {
		return err
	}
	*o = *newOpening(tc)
	return nil
}

// errNoSTARTTLS: the server doesn't protect the line though it is asked to.
var errNoSTARTTLS = errors.New("no STARTTLS")

// signIn tries the ways to sign in that both sides know, the best first.
func (o *opening) signIn(c credentials) error {
	if o.pre {
		return nil
	}
	if err := o.ask(); err != nil {
		return err
	}
	var last error
	for _, m := range c.mechanisms(o.offer, o.conn) {
		err := o.authenticate(m)
		if err == nil {
			return nil
		}
		var no *imap.Error
		if !errors.As(err, &no) || m.proved() || no.Type == imap.StatusResponseTypeBye {
			return err
		}
		last = err
	}
	if !c.token && (c.only == "" || c.only == sasl.Login) && !o.caps["LOGINDISABLED"] {
		return o.login(c)
	}
	if last == nil {
		last = errNoMechanism
	}
	return last
}

// offer tells whether the server takes a mechanism. LOGIN is left to the command
// of that name, which costs two round trips less.
func (o *opening) offer(mechanism string) bool {
	return mechanism != sasl.Login && o.caps["AUTH="+mechanism]
}

// authenticate speaks one AUTHENTICATE exchange (RFC 9051 6.2.2), in one line
// where the server allows that (RFC 4959).
func (o *opening) authenticate(m mechanism) error {
	name, first, err := m.Start()
	if err != nil {
		return err
	}
	line := "AUTHENTICATE " + name
	if o.ir = o.caps["SASL-IR"]; o.ir {
		line, first = line+" "+inBase64(first, "="), nil
	}
	err = o.exchange(line, func(challenge string) (string, error) {
		if first != nil {
			word := inBase64(first, "")
			first = nil
			return word, nil
		}
		said, err := base64.StdEncoding.DecodeString(strings.TrimSpace(challenge))
		if err != nil {
			return "", errNotMail
		}
		reply, err := m.Next(said)
		if err != nil && !m.proved() {
			return "*", nil // breaks the exchange off, and the line stays good
		}
		return inBase64(reply, ""), err
	})
	if err == nil {
		err = m.settled()
	}
	if err == nil {
		o.by = name
	}
	return err
}

// exchange is a command that changes what the server can do, if it succeeds.
func (o *opening) exchange(line string, asked func(string) (string, error)) error {
	before := o.caps
	o.caps = nil
	tag, err := o.command(line)
	if err == nil {
		err = o.answer(tag, asked)
	}
	if err != nil && o.caps == nil {
		o.caps = before
	}
	return err
}

func inBase64(b []byte, empty string) string {
	if len(b) == 0 {
		return empty
	}
	return base64.StdEncoding.EncodeToString(b)
}

// login is the LOGIN command (RFC 9051 6.2.3).
func (o *opening) login(c credentials) error {
	var pieces []string
	line := "LOGIN"
	for _, word := range []string{c.user, c.secret} {
		if strings.ContainsRune(word, 0) {
			return errNoMechanism
		}
		if quoted, ok := inQuotes(word); ok {
			line += " " + quoted
			continue
		}
		pieces = append(pieces, line+fmt.Sprintf(" {%d}", len(word)))
		line = word
	}
	pieces = append(pieces, line)
	err := o.exchange(pieces[0], func(string) (string, error) {
		if len(pieces) < 2 {
			return "", errNotMail
		}
		pieces = pieces[1:]
		return pieces[0], nil
	})
	if err == nil {
		o.by = sasl.Login
	}
	return err
}

// inQuotes writes a quoted string (RFC 9051 4.3); others are sent as literals.
func inQuotes(word string) (string, bool) {
	if strings.ContainsFunc(word, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", false
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`, true
}

// handOver gives the connection to go-imap, behind a greeting that says that
// somebody is signed in and what the server can do now.
func (o *opening) handOver() (net.Conn, error) {
	if err := o.ask(); err != nil {
		return nil, err
	}
	rest, err := o.r.Peek(o.r.Buffered())
	if err != nil {
		return nil, err
	}
	first := append([]byte("* PREAUTH [CAPABILITY "+strings.Join(o.names(), " ")+"] signed in\r\n"), rest...)
	return &greeted{Conn: o.conn, first: bytes.NewReader(first)}, nil
}

// names lists what the server can do.
func (o *opening) names() []string { return slices.Sorted(maps.Keys(o.caps)) }
