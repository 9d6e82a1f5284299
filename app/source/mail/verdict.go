package mail

import (
	"bufio"
	"errors"
	"net"
	"net/textproto"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// phase is where in an SMTP transaction a server spoke: the same code means
// another thing elsewhere (RFC 5321 4.3.2).
type phase int

const (
	inHello phase = iota // greeting, EHLO, STARTTLS, AUTH
	inMail
	inRcpt
	inData // DATA itself, and the mail on its way
	inDot  // behind the closing dot
)

// judged says what an error of a phase means. Before the closing dot a line
// that breaks has done nothing; behind it only the server's own refusal proves
// that.
func judged(err error, at phase) source.Outcome {
	var no *smtp.SMTPError
	if !errors.As(err, &no) || no.Code < 400 || no.Code > 599 {
		if at == inDot {
			return source.Outcome{Verdict: source.Unknown}
		}
		return notApplied()
	}
	switch {
	case wantsPerson(no):
		return source.Outcome{Verdict: source.AuthNeeded, Reason: desk.ReasonSignIn, Detail: words(no)}
	case at == inRcpt && is(no, 5, 3): // also 452 4.5.3: it won't be better in five minutes
		return refused(desk.ReasonTooMany, words(no))
	case no.Code < 500:
		return source.Outcome{
			Verdict: source.Throttled, Reason: desk.ReasonThrottled, After: askedPatience, Detail: words(no),
		}
	}
	return refused(reasonOf(no, at), words(no))
}

// wantsPerson tells of a refusal that only signing in again can change (RFC 4954
// 6, RFC 5248).
func wantsPerson(no *smtp.SMTPError) bool {
	switch no.Code {
	case 432, 530, 534, 535, 538:
		return true
	}
	return is(no, 7, 8) || is(no, 7, 9) || is(no, 7, 11) || is(no, 7, 12) || is(no, 7, 13)
}

// is compares the subject and the detail of an enhanced code (RFC 3463), whatever
// its class.
func is(no *smtp.SMTPError, subject, detail int) bool {
	return no.EnhancedCode[0] > 0 && no.EnhancedCode[1] == subject && no.EnhancedCode[2] == detail
}

// about tells of an enhanced code of a subject; 0 stands for no code at all.
func about(no *smtp.SMTPError, subject int) bool {
	if no.EnhancedCode[0] <= 0 {
		return subject == 0
	}
	return no.EnhancedCode[1] == subject
}

// reasonOf chooses the sentence for a refusal for good: by the enhanced code
// (RFC 3463 and what is registered since), else by the code and its phase.
func reasonOf(no *smtp.SMTPError, at phase) desk.Reason {
	switch {
	case is(no, 4, 5), is(no, 1, 90), is(no, 2, 121), is(no, 2, 122): // Gmail's, and Exchange's
		return desk.ReasonLimit
	case is(no, 5, 3):
		return desk.ReasonTooMany
	case is(no, 3, 4), is(no, 2, 3):
		return desk.ReasonTooLarge
	case is(no, 2, 2):
		return desk.ReasonFull
	case is(no, 1, 7), is(no, 1, 8), is(no, 7, 60), is(no, 7, 27), is(no, 2, 252):
		return desk.ReasonSender
	case is(no, 6, 7), at == inRcpt && (about(no, 1) || about(no, 2)):
		return desk.ReasonRecipient
	case about(no, 7):
		return desk.ReasonPolicy
	case about(no, 0):
		return plainReason(no.Code, at)
	}
	return desk.ReasonRefused
}

// plainReason is for servers that say no enhanced code.
func plainReason(code int, at phase) desk.Reason {
	switch {
	case code == 552 && at == inRcpt:
		return desk.ReasonFull
	case code == 552:
		return desk.ReasonTooLarge
	case at == inMail && code == 553:
		return desk.ReasonSender
	case at != inRcpt:
		return desk.ReasonRefused
	}
	switch code {
	case 501, 550, 551, 553, 556:
		return desk.ReasonRecipient
	case 554:
		return desk.ReasonPolicy
	}
	return desk.ReasonRefused
}

// fewestRecipients is how many every server must take (RFC 5321 4.5.3.1.8).
const fewestRecipients = 100

// full tells of a server that may mean "too many recipients" (RFC 5321
// 4.5.3.1.10), having taken as many as it must.
func full(err error) bool {
	var no *smtp.SMTPError
	return errors.As(err, &no) && (no.Code == 452 || no.Code == 552) && (about(no, 0) || about(no, 5) || about(no, 3))
}

// lastWords is how long a server that broke off may take to say why.
const lastWords = 2 * time.Second

// whyBroken listens once more when the mail couldn't be written to its end: a
// server that has enough of it says so and hangs up.
func (p *post) whyBroken() source.Outcome {
	p.wire.expect(lastWords)
	code, said, err := textproto.NewReader(bufio.NewReader(&briefly{Conn: p.top})).ReadResponse(250)
	if err != nil && code >= 400 {
		return judged(spoken(&textproto.Error{Code: code, Msg: said}), inData)
	}
	return notApplied()
}

// briefly bounds what a server says in one SMTP connection: there is nothing of
// it that we want much of, and a reply of many lines is read into memory. What
// doesn't begin with a digit is no mail server, and may leave us waiting for ever
// for the end of its words ("SSH-2.0" looks like a line that others follow).
type briefly struct {
	net.Conn
	heard int
}

const mostWords = 1 << 20

var errTooManyWords = errors.New("the server talks without end")

func (b *briefly) Read(p []byte) (int, error) {
	if b.heard >= mostWords {
		return 0, errTooManyWords
	}
	n, err := b.Conn.Read(p)
	if n > 0 && b.heard == 0 && (p[0] < '0' || p[0] > '9') {
		return 0, errNotMail
	}
	b.heard += n
	return n, err
}

// words are the server's own, for the agent.
func words(err error) string {
	var no *smtp.SMTPError
	if !errors.As(err, &no) {
		return ""
	}
	return withoutAddresses(no.Message)
}

// withoutAddresses takes what may be a person's address out of a server's
// words, which reach logs and reports, and what isn't text.
func withoutAddresses(s string) string {
	fields := strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(c rune) bool { return c <= ' ' || c >= 0x7f && c < 0xa0 })
	for i, f := range fields {
		if strings.Contains(f, "@") {
			fields[i] = "…"
		}
	}
	const longest = 300
	s = strings.Join(fields, " ")
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}
