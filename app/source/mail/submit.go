package mail

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-smtp"

	"fernpost/app/source"
	"fernpost/store/desk"
)

const (
	// commitWait is how long the answer to the closing dot may take (RFC 5321
	// 4.5.3.2.6).
	commitWait = 10 * time.Minute
	// askedPatience is the pause after a temporary refusal that names none.
	askedPatience = 5 * time.Minute
)

// Submit makes one attempt. See outbox.Sink for what its verdicts promise.
func (s *Source) Submit(ctx context.Context, sub source.Submission, j source.Journal) source.Outcome {
	switch sub.Kind {
	case desk.OpReply:
		return s.submitReply(ctx, sub, j)
	case desk.OpStatus:
		return s.submitStatus(ctx, sub, j)
	}
	return refused(desk.ReasonUnreadable, "")
}

func (s *Source) submitReply(ctx context.Context, sub source.Submission, j source.Journal) source.Outcome {
	r, err := thawReply(sub)
	if err != nil {
		return refused(desk.ReasonUnreadable, "")
	}
	p, out, ok := s.openPost(ctx)
	if !ok {
		return out
	}
	defer p.close()
	stop := context.AfterFunc(ctx, p.drop)
	defer stop()
	if limit, ok := p.c.MaxMessageSize(); ok {
		s.limit.Store(int64(limit))
	}
	out = p.send(ctx, r, j)
	out.Bytes = p.bytes()
	if out.Verdict == source.Applied {
		out.Receipt.RemoteID = r.MessageID
		out.Receipt.At = s.cfg.Clock()
		p.quit()
	}
	return out
}

// send goes through the phases of one SMTP transaction (RFC 5321 3.3). Until
// the closing dot leaves, a broken line means that nothing happened.
func (p *post) send(ctx context.Context, r *frozenReply, j source.Journal) source.Outcome {
	if out, ok := p.envelope(r); !ok {
		return out
	}
	data, err := p.c.Data()
	if err != nil {
		return judged(err, inData)
	}
	if err := p.body(ctx, r.mail, j); err != nil {
		if desk.KindOf(err) == desk.KindUnreadable {
			p.drop() // no dot: the server throws away what it has
			return refused(desk.ReasonUnreadable, "")
		}
		return p.whyBroken()
	}
	if ctx.Err() != nil {
		return notApplied()
	}
	if err := j.Final(ctx); err != nil {
		p.drop() // no dot: the server throws away what it has
		return notApplied()
	}
	p.wire.expect(commitWait)
	// What is left is CRLF, the dot and CRLF: DataCommand writes exactly these,
	// because everything else went past it.
	resp, err := data.CloseWithResponse()
	if err != nil {
		return judged(err, inDot)
	}
	return source.Outcome{Verdict: source.Applied, Receipt: desk.Receipt{Detail: withoutAddresses(resp.StatusText)}}
}

// envelope says who sends and who receives. A customer who is refused stops the
// transaction; our own copy isn't worth that.
func (p *post) envelope(r *frozenReply) (source.Outcome, bool) {
	if r.UTF8 {
		if ok, _ := p.c.Extension("SMTPUTF8"); !ok {
			return refused(desk.ReasonRecipient, "SMTPUTF8"), false
		}
	}
	if limit, ok := p.c.MaxMessageSize(); ok && limit > 0 && r.mail.size() > int64(limit) {
		return refused(desk.ReasonTooLarge, ""), false
	}
	if err := p.c.Mail(r.From, &smtp.MailOptions{Size: r.mail.size(), UTF8: r.UTF8}); err != nil {
		return judged(err, inMail), false
	}
	for i, to := range r.To {
		if err := p.c.Rcpt(to, nil); err != nil {
			if i >= fewestRecipients && full(err) {
				return refused(desk.ReasonTooMany, words(err)), false
			}
			return judged(err, inRcpt), false
		}
	}
	if r.Own != "" {
		var no *smtp.SMTPError
		if err := p.c.Rcpt(r.Own, nil); err != nil && !errors.As(err, &no) {
			return judged(err, inRcpt), false
		}
	}
	return source.Outcome{}, true
}

func notApplied() source.Outcome {
	return source.Outcome{Verdict: source.NotApplied, Reason: desk.ReasonLineTooShort}
}

func refused(reason desk.Reason, detail string) source.Outcome {
	return source.Outcome{Verdict: source.Refused, Reason: reason, Detail: detail}
}
