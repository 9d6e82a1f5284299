package mail_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// Every class of reply in every phase, as servers word it.
func TestEveryReplyInEveryPhase(t *testing.T) {
	const (
		later  = source.Throttled
		person = source.Refused
		signIn = source.AuthNeeded
		again  = source.NotApplied
		unsure = source.Unknown
	)
	for _, c := range []struct {
		phase, says string
		want        source.Verdict
		reason      desk.Reason
	}{
		{"greeting", "220-hello\r\n220-there\r\n220 at last", source.Applied, ""},
		{"greeting", "421 4.3.2 closing", later, desk.ReasonThrottled},
		{"greeting", "450 4.7.1 too many connections", later, desk.ReasonThrottled},
		{"greeting", "521 5.3.2 takes no mail", person, desk.ReasonRefused},
		{"greeting", "554-5.7.1 your network\r\n554 5.7.1 is not liked", person, desk.ReasonPolicy},
		{"greeting", "* OK this is IMAP", again, desk.ReasonLineTooShort},
		{"greeting", "SSH-2.0-OpenSSH", again, desk.ReasonLineTooShort},
		{"EHLO", "421 4.3.0 no", later, desk.ReasonThrottled},
		{"EHLO", "550 5.7.1 bad name", person, desk.ReasonPolicy},
		{"EHLO", "501 syntax", person, desk.ReasonRefused},
		{"EHLO", "250-a\r\n", again, desk.ReasonLineTooShort}, // and then nothing
		{"AUTH", "535-5.7.8 not accepted\r\n535 5.7.8 see our pages", signIn, desk.ReasonSignIn},
		{"AUTH", "534 5.7.9 too weak", signIn, desk.ReasonSignIn},
		{"AUTH", "538 5.7.11 encrypt first", signIn, desk.ReasonSignIn},
		{"AUTH", "530 5.7.0 STARTTLS first", signIn, desk.ReasonSignIn},
		{"AUTH", "454 4.7.0 temporary", later, desk.ReasonThrottled},
		{"AUTH", "421 4.7.0 too many attempts", later, desk.ReasonThrottled},
		{"AUTH", "200 what", again, desk.ReasonLineTooShort},
		{"MAIL", "530 5.7.57 not authenticated", signIn, desk.ReasonSignIn},
		{"MAIL", "535 5.7.8 expired", signIn, desk.ReasonSignIn},
		{"MAIL", "452 4.3.1 no room", later, desk.ReasonThrottled},
		{"MAIL", "451 4.3.0 local error", later, desk.ReasonThrottled},
		{"MAIL", "421 closing", later, desk.ReasonThrottled},
		{"MAIL", "550 5.7.60 may not send as", person, desk.ReasonSender},
		{"MAIL", "554 5.2.252 SendAsDenied", person, desk.ReasonSender},
		{"MAIL", "553 5.7.1 sender isn't yours", person, desk.ReasonPolicy},
		{"MAIL", "553 not your address", person, desk.ReasonSender},
		{"MAIL", "550 5.4.5 daily limit", person, desk.ReasonLimit},
		{"MAIL", "552 too large", person, desk.ReasonTooLarge},
		{"MAIL", "552 5.2.3 too large for us", person, desk.ReasonTooLarge},
		{"MAIL", "554 5.3.4 too large", person, desk.ReasonTooLarge},
		{"MAIL", "501 5.5.4 parameters", person, desk.ReasonRefused},
		{"MAIL", "503 5.5.1 order", person, desk.ReasonRefused},
		{"MAIL", "555 5.5.4 SIZE", person, desk.ReasonRefused},
		{"RCPT", "550 5.1.1 nobody <katharina@customers.example>", person, desk.ReasonRecipient},
		{"RCPT", "550 nobody", person, desk.ReasonRecipient},
		{"RCPT", "501 5.1.3 no address", person, desk.ReasonRecipient},
		{"RCPT", "551 moved", person, desk.ReasonRecipient},
		{"RCPT", "553 5.1.2 no such domain", person, desk.ReasonRecipient},
		{"RCPT", "556 5.1.10 takes no mail", person, desk.ReasonRecipient},
		{"RCPT", "550 5.2.1 disabled", person, desk.ReasonRecipient},
		{"RCPT", "552 5.2.2 mailbox full", person, desk.ReasonFull},
		{"RCPT", "552 full", person, desk.ReasonFull},
		{"RCPT", "550 5.7.1 relaying denied", person, desk.ReasonPolicy},
		{"RCPT", "554 relay access denied", person, desk.ReasonPolicy},
		{"RCPT", "550 5.7.23 SPF", person, desk.ReasonPolicy},
		{"RCPT", "552 5.5.3 too many recipients", person, desk.ReasonTooMany},
		{"RCPT", "452 4.5.3 too many recipients", person, desk.ReasonTooMany},
		{"RCPT", "452 4.2.2 mailbox full", later, desk.ReasonThrottled},
		{"RCPT", "450 4.2.0 greylisted", later, desk.ReasonThrottled},
		{"RCPT", "451 4.7.1 greylisted", later, desk.ReasonThrottled},
		{"RCPT", "421 4.7.0 slow down", later, desk.ReasonThrottled},
		{"RCPT", "530 5.7.0 sign in", signIn, desk.ReasonSignIn},
		{"RCPT", "99 bottles", again, desk.ReasonLineTooShort},
		{"own", "421 enough", again, desk.ReasonLineTooShort}, // nobody is there to hear DATA
		{"own", "450 4.2.0 greylisted", source.Applied, ""},
		{"DATA", "451 4.3.0 local error", later, desk.ReasonThrottled},
		{"DATA", "421 4.3.2 closing", later, desk.ReasonThrottled},
		{"DATA", "554 5.5.1 no valid recipients", person, desk.ReasonRefused},
		{"DATA", "503 order", person, desk.ReasonRefused},
		{"DATA", "250 what?", again, desk.ReasonLineTooShort},
		{"dot", "250-2.0.0 Ok:\r\n250 2.0.0 queued as <x@y>", source.Applied, ""},
		{"dot", "550 5.7.1 looks like spam", person, desk.ReasonPolicy},
		{"dot", "550-5.7.26 unauthenticated\r\n550 5.7.26 sender", person, desk.ReasonPolicy},
		{"dot", "552 5.3.4 too large", person, desk.ReasonTooLarge},
		{"dot", "552 too large", person, desk.ReasonTooLarge},
		{"dot", "552 5.2.2 mailbox full", person, desk.ReasonFull},
		{"dot", "554 5.6.0 malformed", person, desk.ReasonRefused},
		{"dot", "550 5.4.5 daily limit", person, desk.ReasonLimit},
		{"dot", "451 4.7.1 try again", later, desk.ReasonThrottled},
		{"dot", "452 4.3.1 no room", later, desk.ReasonThrottled},
		{"dot", "421 4.3.2 closing", later, desk.ReasonThrottled},
		{"dot", "999 queued", unsure, ""},
		{"dot", "250-and then nothing\r\n", unsure, ""},
		{"dot", "\x00\xff\xfe", unsure, ""},
		{"dot", "354 go on", unsure, ""},
		{"QUIT", "500 what?", source.Applied, ""},
		{"QUIT", "421 closing", source.Applied, ""},
	} {
		t.Run(fmt.Sprintf("%s %.20s", c.phase, c.says), func(t *testing.T) {
			script := &postScript{says: map[string]string{c.phase: c.says}, size: "1000000", thenGone: strings.HasSuffix(c.says, "\r\n")}
			s := postSource(script.serve(t))
			finals := 0
			out := s.Submit(t.Context(), freeze(t, s, "Hello."), mark(func(context.Context) error { finals++; return nil }))
			if out.Verdict != c.want || out.Reason != c.reason {
				t.Errorf("%s %s (%s), want %s %s", out.Verdict, out.Reason, out.Detail, c.want, c.reason)
			}
			if late := c.phase == "dot" || out.Verdict == source.Applied; late != (finals == 1) {
				t.Errorf("the last mark was set %d times", finals)
			}
			if strings.ContainsAny(out.Detail+out.Receipt.Detail, "@\x00\n\r") {
				t.Errorf("words that mustn't be shown: %q %q", out.Detail, out.Receipt.Detail)
			}
			if c.want == later && out.After < time.Minute {
				t.Errorf("asked again after %v", out.After)
			}
			if n := strings.Count(script.taken(), "\r\n.\r\n"); n > 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

// A server that takes only so many recipients is no matter of patience: a mail
// goes to all of them or to none, because one answer must stand for all.
func TestTenThousandRecipients(t *testing.T) {
	for name, c := range map[string]struct {
		rcpt   func(n int) string
		want   source.Verdict
		reason desk.Reason
	}{
		"taken":              {func(int) string { return "250 ok" }, source.Applied, ""},
		"a limit":            {limitedTo(100, "452 4.5.3 too many"), source.Refused, desk.ReasonTooMany},
		"a limit, said so":   {limitedTo(500, "452 too many"), source.Refused, desk.ReasonTooMany},
		"an old server":      {limitedTo(100, "552 too many"), source.Refused, desk.ReasonTooMany},
		"one of them is bad": {limitedTo(5000, "550 5.1.1 nobody"), source.Refused, desk.ReasonRecipient},
		"one of them waits":  {limitedTo(50, "450 4.2.0 greylisted"), source.Throttled, desk.ReasonThrottled},
		"no room just now":   {limitedTo(50, "452 4.3.1 no room"), source.Throttled, desk.ReasonThrottled},
	} {
		script := &postScript{size: "10000000", rcpt: c.rcpt}
		s := postSource(script.serve(t))
		r := source.Reply{OpID: desk.NewOpID(time.Now()), Date: time.Now(), From: desk.Address{Addr: "amira@example.test"}, Text: "Hello."}
		for i := range 10_000 {
			r.To = append(r.To, desk.Address{Addr: fmt.Sprintf("customer-%d@customers.example", i)})
		}
		frozen, err := s.FreezeReply(r)
		if err != nil {
			t.Fatal(err)
		}
		out := s.Submit(t.Context(), source.Submission{ID: r.OpID, Kind: desk.OpReply, Payload: frozen.Payload},
			mark(func(context.Context) error { return nil }))
		if out.Verdict != c.want || out.Reason != c.reason {
			t.Errorf("%s: %s %s, want %s %s", name, out.Verdict, out.Reason, c.want, c.reason)
		}
		if sent := script.taken() != ""; sent != (c.want == source.Applied) {
			t.Errorf("%s: sent %v", name, sent)
		}
	}
}

func limitedTo(most int, says string) func(int) string {
	return func(n int) string {
		if n <= most {
			return "250 ok"
		}
		return says
	}
}

// A server that has had enough says so in the middle and hangs up.
func TestAServerThatStopsTheMail(t *testing.T) {
	script := &postScript{size: "100000000", says: map[string]string{"middle": "552 5.3.4 that is too much"}}
	s := postSource(script.serve(t))
	finals := 0
	out := s.Submit(t.Context(), freeze(t, s, strings.Repeat("A long line of text.\n", 200_000)), mark(func(context.Context) error { finals++; return nil }))
	if out.Verdict != source.Refused && out.Verdict != source.NotApplied || finals != 0 {
		t.Errorf("%s %s, %d marks", out.Verdict, out.Reason, finals)
	}
}

func TestAServerThatTalksWithoutEnd(t *testing.T) {
	script := &postScript{size: "1000", says: map[string]string{"greeting": strings.Repeat("220-"+strings.Repeat("x", 1000)+"\r\n", 5000) + "220 here"}}
	s := postSource(script.serve(t))
	out := s.Submit(t.Context(), freeze(t, s, "Hello."), mark(func(context.Context) error { return nil }))
	if out.Verdict != source.NotApplied {
		t.Errorf("%s %s, want not_applied", out.Verdict, out.Reason)
	}
}
