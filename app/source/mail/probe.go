package mail

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// probeLimit is how long each server may take in a test. A server on a 2G line
// with 2 s a round trip needs about 15 s to sign in.
const probeLimit = 40 * time.Second

// unaskedLimit bounds the second question to a silent server: does it wait for
// TLS?
const unaskedLimit = 10 * time.Second

// Report is what a test of both servers found.
type Report struct {
	IMAP, SMTP Finding
	Folders    []string // what can be brought in beside inbox, sent mail and junk
	Server     string   // what the IMAP server calls itself
	Labels     bool     // it keeps what a desk says of a conversation
	SavesSent  bool     // it files what is sent by itself
}

// Works tells that mail comes and goes.
func (r Report) Works() bool { return r.IMAP.Trouble == TroubleNone && r.SMTP.Trouble == TroubleNone }

// Finding is what a test found of one server.
type Finding struct {
	Trouble   Trouble
	Words     string // the server's own
	Mechanism string // how we signed in, "" for not at all
}

// Probe signs in to both servers as the account will, and says what is in the
// way. It sends no mail and changes nothing. A server gets limit to answer; 0 is
// the usual.
func Probe(ctx context.Context, cfg Config, limit time.Duration) Report {
	if limit == 0 {
		limit = probeLimit
	}
	var r Report
	var both sync.WaitGroup
	both.Go(func() { r.probeIMAP(ctx, New(cfg), limit) })
	both.Go(func() { r.SMTP = probeSMTP(ctx, New(cfg), limit) })
	both.Wait()
	return r
}

func (r *Report) probeIMAP(ctx context.Context, s *Source, limit time.Duration) {
	defer func() { _ = s.Close() }()
	within, cancel := context.WithTimeoutCause(ctx, limit, errSilent)
	defer cancel()
	session, err := s.Open(within)
	if err != nil {
		r.IMAP = s.finding(ctx, err, s.cfg.Settings.IMAP, limit)
		return
	}
	l := s.current()
	if l == nil {
		r.IMAP = Finding{Trouble: HungUp}
		return
	}
	r.IMAP.Mechanism = l.by
	r.Labels = session.Caps.Can(source.Tags)
	r.SavesSent = session.Caps.Can(source.SavesSent)
	_, r.Server, _ = strings.Cut(strings.TrimSuffix(session.Identity, ")"), " (")
	err = s.speak(within, l, CountLooking, func() (err error) {
		r.Folders, err = l.listNames(s.cfg.Settings)
		return err
	})
	if err != nil {
		r.IMAP = s.finding(ctx, err, s.cfg.Settings.IMAP, limit)
	}
}

func probeSMTP(ctx context.Context, s *Source, limit time.Duration) Finding {
	within, cancel := context.WithTimeoutCause(ctx, limit, errSilent)
	defer cancel()
	p, err := s.reachPost(within)
	if err != nil {
		return s.finding(ctx, err, s.cfg.Settings.SMTP, limit)
	}
	defer p.close()
	p.quit()
	return Finding{Mechanism: p.by}
}

// finding says what an error is about. A server that stays silent where its
// words were awaited may wait for TLS to begin: it is asked.
func (s *Source) finding(ctx context.Context, err error, srv Server, limit time.Duration) Finding {
	f := Finding{Trouble: TroubleOf(err), Words: Words(err)}
	if f.Trouble == WrongPassword && s.cfg.Settings.Authority != nil {
		f.Trouble = TokenEnded
	}
	if (f.Trouble == Silent || f.Trouble == HungUp || f.Trouble == NotMail) && srv.TLS != TLSImplicit && s.answersTLS(ctx, srv, limit) {
		f.Trouble = WantsTLS
	}
	return f
}

// answersTLS tells whether a handshake, and not a greeting, is what srv waits
// for. A bad certificate is an answer as well.
func (s *Source) answersTLS(ctx context.Context, srv Server, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, min(limit, unaskedLimit))
	defer cancel()
	srv.TLS = TLSImplicit
	conn, _, err := s.dial(ctx, srv, "")
	if err == nil {
		_ = conn.Close()
		return true
	}
	switch TroubleOf(err) {
	case CertExpired, CertEarly, CertHost, CertAuthority, CertOther, OldTLS:
		return !errors.Is(err, context.DeadlineExceeded) && desk.KindOf(err) != desk.KindCancelled
	}
	return false
}
