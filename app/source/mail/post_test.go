package mail_test

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// postScript is an SMTP server that says what a test wants, by the phase: the
// command's first word, "greeting", "own" (RCPT for our own copy) and "dot".
type postScript struct {
	says     map[string]string
	size     string             // after SIZE in the answer to EHLO
	rcpt     func(n int) string // answers the nth RCPT, where it isn't nil
	thenGone bool               // hangs up behind what says holds

	mu    sync.Mutex
	data  bytes.Buffer // after DATA, as it came
	cmds  []string
	rcpts int
}

const hangUp = "" // what a server says that is gone

func (s *postScript) answer(phase, otherwise string) string {
	if said, ok := s.says[phase]; ok {
		return said
	}
	return otherwise
}

func (s *postScript) serve(t *testing.T) mail.Server {
	t.Helper()
	return onLoopback(t, s.talk)
}

func (s *postScript) talk(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	say := func(line string) bool {
		if s.thenGone && strings.HasSuffix(line, "\r\n") {
			_, _ = c.Write([]byte(line))
			return false
		}
		_, err := c.Write([]byte(line + "\r\n"))
		return err == nil && line != hangUp && !strings.HasPrefix(line, "421")
	}
	if !say(s.answer("greeting", "220 here")) {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		s.mu.Lock()
		s.cmds = append(s.cmds, line)
		s.mu.Unlock()
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		if !say(s.reply(verb, line)) {
			return
		}
		if words := s.answer("middle", ""); verb == "DATA" && words != "" {
			_, _ = r.Discard(100_000)
			say(words)
			return
		}
		if verb == "DATA" && strings.HasPrefix(s.answer("DATA", "354"), "354") {
			if !s.take(r) || !say(s.answer("dot", "250 queued for <katharina@customers.example>")) {
				return
			}
		}
	}
}

func (s *postScript) reply(verb, line string) string {
	switch {
	case verb == "EHLO":
		return s.answer("EHLO", "250-here\r\n250-8BITMIME\r\n250-SIZE "+s.size+"\r\n250 AUTH PLAIN")
	case verb == "AUTH":
		return s.answer("AUTH", "235 in")
	case verb == "RCPT" && s.rcpt != nil:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.rcpts++
		return s.rcpt(s.rcpts)
	case verb == "RCPT" && strings.Contains(line, "amira@"):
		return s.answer("own", "250 ok")
	case verb == "DATA":
		return s.answer("DATA", "354 go on")
	case verb == "QUIT":
		return s.answer("QUIT", "221 bye")
	}
	return s.answer(verb, "250 ok")
}

// take reads up to the closing dot.
func (s *postScript) take(r *bufio.Reader) bool {
	for {
		line, err := r.ReadString('\n')
		s.mu.Lock()
		s.data.WriteString(line)
		s.mu.Unlock()
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			return true
		}
	}
}

func (s *postScript) taken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data.String()
}

type mark func(context.Context) error

func (m mark) Final(ctx context.Context) error { return m(ctx) }
func (mark) Progress(int64, int64)             {}

func freeze(t *testing.T, s *mail.Source, text string) source.Submission {
	t.Helper()
	return freezeText(t, s, desk.Address{Addr: "amira@example.test"}, desk.Address{Addr: "katharina@customers.example"}, text)
}

func freezeTo(t *testing.T, s *mail.Source, from, to desk.Address) source.Submission {
	t.Helper()
	return freezeText(t, s, from, to, "Hello.")
}

func freezeText(t *testing.T, s *mail.Source, from, to desk.Address, text string) source.Submission {
	t.Helper()
	id := desk.NewOpID(time.Now())
	f, err := s.FreezeReply(source.Reply{
		OpID: id, Date: time.Now(), From: from, To: []desk.Address{to}, Subject: "Re: cup", Text: text,
	})
	if err != nil {
		t.Fatal(err)
	}
	return source.Submission{ID: id, Kind: desk.OpReply, Payload: f.Payload}
}

func postSource(srv mail.Server) *mail.Source {
	return mail.New(mail.Config{
		Settings: mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}, IMAP: srv, SMTP: srv},
		Secrets:  maillab.Password("secret"),
	})
}

func TestSubmitJudgesEveryPhase(t *testing.T) {
	for _, c := range []struct {
		phase, says string
		want        source.Verdict
		reason      desk.Reason
		final       bool
	}{
		{"greeting", "421 too busy", source.Throttled, desk.ReasonThrottled, false},
		{"greeting", "554 go away", source.Refused, desk.ReasonRefused, false},
		{"greeting", hangUp, source.NotApplied, desk.ReasonLineTooShort, false},
		{"greeting", "what?", source.NotApplied, desk.ReasonLineTooShort, false},
		{"AUTH", "535 5.7.8 wrong password", source.AuthNeeded, desk.ReasonSignIn, false},
		{"AUTH", "454 4.7.0 later", source.Throttled, desk.ReasonThrottled, false},
		{"AUTH", hangUp, source.NotApplied, desk.ReasonLineTooShort, false},
		{"MAIL", "530 sign in first", source.AuthNeeded, desk.ReasonSignIn, false},
		{"MAIL", "552 5.3.4 too large", source.Refused, desk.ReasonTooLarge, false},
		{"MAIL", "550 not you", source.Refused, desk.ReasonRefused, false},
		{"MAIL", "451 later", source.Throttled, desk.ReasonThrottled, false},
		{"RCPT", "550 5.1.1 nobody <katharina@customers.example>", source.Refused, desk.ReasonRecipient, false},
		{"RCPT", "552 5.2.2 mailbox full", source.Refused, desk.ReasonFull, false},
		{"RCPT", "450 4.7.1 greylisted", source.Throttled, desk.ReasonThrottled, false},
		{"RCPT", hangUp, source.NotApplied, desk.ReasonLineTooShort, false},
		{"own", "550 not to yourself", source.Applied, "", true},
		{"own", hangUp, source.NotApplied, desk.ReasonLineTooShort, false},
		{"DATA", "554 no", source.Refused, desk.ReasonRefused, false},
		{"DATA", hangUp, source.NotApplied, desk.ReasonLineTooShort, false},
		{"dot", "250 ok", source.Applied, "", true},
		{"dot", "554 5.6.0 spam", source.Refused, desk.ReasonRefused, true},
		{"dot", "451 4.3.0 later", source.Throttled, desk.ReasonThrottled, true},
		{"dot", hangUp, source.Unknown, "", true},
		{"dot", "perhaps", source.Unknown, "", true},
		{"dot", "220 hello again", source.Unknown, "", true},
		{"QUIT", hangUp, source.Applied, "", true},
		{"greeting", "421-4.3.2 not\r\n421 4.3.2 now", source.Throttled, desk.ReasonThrottled, false},
		{"EHLO", "421-4.7.0 too many\r\n421 4.7.0 connections", source.Throttled, desk.ReasonThrottled, false},
		{"AUTH", "421-4.7.0 later\r\n421 4.7.0 please", source.Throttled, desk.ReasonThrottled, false},
		{"MAIL", "452-4.3.1 no\r\n452 4.3.1 room", source.Throttled, desk.ReasonThrottled, false},
		{"MAIL", "552-5.3.4 too\r\n552 5.3.4 large", source.Refused, desk.ReasonTooLarge, false},
		{"MAIL", "421-4.3.2 good\r\n421 4.3.2 bye", source.Throttled, desk.ReasonThrottled, false},
		{"RCPT", "452-4.2.2 over\r\n452 4.2.2 quota", source.Throttled, desk.ReasonThrottled, false},
		{"RCPT", "552-5.2.2 over\r\n552 5.2.2 quota", source.Refused, desk.ReasonFull, false},
		{"RCPT", "552-over\r\n552 quota", source.Refused, desk.ReasonFull, false},
		{"RCPT", "421-4.3.2 good\r\n421 4.3.2 bye", source.Throttled, desk.ReasonThrottled, false},
		{"DATA", "452-4.3.1 no\r\n452 4.3.1 room", source.Throttled, desk.ReasonThrottled, false},
		{"DATA", "552-5.3.4 too\r\n552 5.3.4 large", source.Refused, desk.ReasonTooLarge, false},
		{"DATA", "421-4.3.2 good\r\n421 4.3.2 bye", source.Throttled, desk.ReasonThrottled, false},
		{"dot", "452-4.3.1 no\r\n452 4.3.1 room", source.Throttled, desk.ReasonThrottled, true},
		{"dot", "552-5.2.3 too\r\n552 5.2.3 large", source.Refused, desk.ReasonTooLarge, true},
		{"dot", "421-4.3.2 good\r\n421 4.3.2 bye", source.Throttled, desk.ReasonThrottled, true},
	} {
		t.Run(c.phase+" "+c.says, func(t *testing.T) {
			script := &postScript{says: map[string]string{c.phase: c.says}, size: "1000000"}
			s := postSource(script.serve(t))
			final := false
			out := s.Submit(t.Context(), freeze(t, s, "Hello."), mark(func(context.Context) error { final = true; return nil }))
			if out.Verdict != c.want || out.Reason != c.reason || final != c.final {
				t.Errorf("%s %s, final %v; want %s %s, final %v", out.Verdict, out.Reason, final, c.want, c.reason, c.final)
			}
			if strings.Contains(out.Detail+out.Receipt.Detail, "@") {
				t.Errorf("an address among the server's words: %q %q", out.Detail, out.Receipt.Detail)
			}
		})
	}
}

// When the last mark is set, everything has left but the end of data. A server
// that has less must throw it away.
func TestSubmitHoldsBackTheDotAlone(t *testing.T) {
	for name, text := range map[string]string{
		"short":     "Hello.",
		"long":      strings.Repeat("A line of a long answer.\n", 20_000),
		"dots":      ".\n..\n.a\n",
		"all dots":  strings.Repeat(".\n", 3000),
		"non-ascii": strings.Repeat("返金 ", 5000),
	} {
		script := &postScript{size: "100000000"}
		s := postSource(script.serve(t))
		sub := freeze(t, s, text)
		_, frozen, _ := bytes.Cut(sub.Payload, []byte("\n"))
		out := s.Submit(t.Context(), sub, mark(func(context.Context) error {
			want := len(stuffed(frozen)) - len("\r\n")
			waitFor(t, name+": the bytes before the mark", func() bool { return len(script.taken())+lastLine(frozen) >= want })
			if strings.Contains(script.taken(), "\r\n.\r\n") {
				t.Errorf("%s: the end of data left before the mark", name)
			}
			return nil
		}))
		if out.Verdict != source.Applied {
			t.Fatalf("%s: %s", name, out.Verdict)
		}
		got, ok := strings.CutSuffix(script.taken(), ".\r\n")
		if !ok || got != string(stuffed(frozen)) {
			t.Errorf("%s: the server has %d bytes, frozen were %d", name, len(got), len(frozen))
		}
		if strings.Count(script.taken(), "\r\n.\r\n") != 1 {
			t.Errorf("%s: the end of data stands inside the mail", name)
		}
	}
}

// stuffed is a mail as DATA carries it (RFC 5321 4.5.2).
func stuffed(mail []byte) []byte {
	lines := strings.SplitAfter(string(mail), "\r\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") {
			lines[i] = "." + l
		}
	}
	return []byte(strings.Join(lines, ""))
}

// lastLine is how much of the mail the server's line reader may still hold.
func lastLine(mail []byte) int {
	mail = bytes.TrimSuffix(mail, []byte("\r\n"))
	return len(mail) - bytes.LastIndexByte(mail, '\n')
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Errorf("%s didn't come", what)
}

func TestSubmitKnowsTheLimitBeforehand(t *testing.T) {
	script := &postScript{size: "900"}
	s := postSource(script.serve(t))
	out := s.Submit(t.Context(), freeze(t, s, strings.Repeat("long ", 1000)), mark(func(context.Context) error { return nil }))
	if out.Verdict != source.Refused || out.Reason != desk.ReasonTooLarge {
		t.Errorf("%s %s, want refused as too large", out.Verdict, out.Reason)
	}
	for _, cmd := range script.cmds {
		if strings.HasPrefix(cmd, "MAIL") {
			t.Error("it was tried all the same")
		}
	}
}

func TestSubmitStopsWithItsContext(t *testing.T) {
	for _, when := range []string{"before the mark", "after the mark"} {
		script := &postScript{size: "1000000", says: map[string]string{"dot": "150 wait"}}
		s := postSource(script.serve(t))
		ctx, cancel := context.WithCancel(t.Context())
		want := source.Unknown
		var out source.Outcome
		if when == "before the mark" {
			want = source.NotApplied
			out = s.Submit(ctx, freeze(t, s, "x"), mark(func(ctx context.Context) error { cancel(); return ctx.Err() }))
		} else {
			out = s.Submit(ctx, freeze(t, s, "x"), mark(func(context.Context) error { cancel(); return nil }))
		}
		if out.Verdict != want {
			t.Errorf("%s: %s, want %s", when, out.Verdict, want)
		}
		cancel()
	}
}

func TestSubmitRefusesWhatItCantRead(t *testing.T) {
	s := postSource(mail.Server{Host: "127.0.0.1", Port: 1, TLS: mail.TLSPlain})
	for _, sub := range []source.Submission{
		{ID: "x", Kind: desk.OpReply, Payload: []byte("{")},
		{ID: "x", Kind: desk.OpStatus, Payload: []byte("nonsense")},
		{ID: "x", Kind: "unheard of"},
	} {
		out := s.Submit(t.Context(), sub, mark(func(context.Context) error { return nil }))
		if out.Verdict != source.Refused || out.Reason != desk.ReasonUnreadable {
			t.Errorf("%s: %s %s, want refused as unreadable", sub.Kind, out.Verdict, out.Reason)
		}
	}
}
