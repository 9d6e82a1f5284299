package mail_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// liar is an IMAP server with three mails in its inbox that says of the second
// what a test wants.
type liar struct {
	// second answers a FETCH of the second mail: lines to send, or an error
	// that hangs up, or refuses with its text.
	second func(items string) (string, error)
	caps   string // beside IMAP4rev1
	// beside is what it says besides, before it answers a command; behind the
	// messages of a FETCH. "GREETING" stands for its greeting.
	beside func(verb string) string
	// selected is UIDVALIDITY by how often the inbox was selected.
	selected func(n int) int

	mu      sync.Mutex
	selects int
}

var (
	errHangUp = errors.New("hang up")
	errRefuse = errors.New("can't read that")
)

func (l *liar) serve(t *testing.T) mail.Server {
	t.Helper()
	return onLoopback(t, l.talk)
}

func (l *liar) talk(c net.Conn) {
	r := bufio.NewReader(c)
	greeting := fmt.Sprintf("* OK [CAPABILITY IMAP4rev1%s] here\r\n", l.caps)
	if said := l.said("GREETING"); said != "" {
		greeting = said
	}
	_, _ = fmt.Fprint(c, greeting)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		tag, cmd, _ := strings.Cut(strings.TrimSpace(line), " ")
		out, err := l.reply(cmd)
		verb, rest, _ := strings.Cut(cmd, " ")
		if verb == "UID" {
			verb, _, _ = strings.Cut(rest, " ")
		}
		if verb == "FETCH" {
			out += l.said(verb)
		} else {
			out = l.said(verb) + out
		}
		switch {
		case errors.Is(err, errHangUp):
			_, _ = fmt.Fprint(c, out)
			return
		case err != nil:
			out += tag + " NO " + err.Error() + "\r\n"
		default:
			out += tag + " OK done\r\n"
		}
		if _, err := fmt.Fprint(c, out); err != nil {
			return
		}
	}
}

func (l *liar) said(verb string) string {
	if l.beside == nil {
		return ""
	}
	return l.beside(verb)
}

func (l *liar) reply(cmd string) (string, error) {
	verb, _, _ := strings.Cut(cmd, " ")
	switch {
	case verb == "CAPABILITY":
		return "* CAPABILITY IMAP4rev1" + l.caps + "\r\n", nil
	case verb == "COMPRESS":
		return "* 3 EXISTS\r\n", errRefuse
	case verb == "LIST":
		return "* LIST () \"/\" INBOX\r\n", nil
	case verb == "SELECT":
		l.mu.Lock()
		l.selects++
		n := l.selects
		l.mu.Unlock()
		validity := 7
		if l.selected != nil {
			validity = l.selected(n)
		}
		return fmt.Sprintf("* 3 EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n* OK [UIDNEXT 4] x\r\n", validity), nil
	case verb == "STATUS":
		return "* STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 7)\r\n", nil
	case strings.HasPrefix(cmd, "UID SEARCH"):
		return "* SEARCH 1 2 3\r\n", nil
	case strings.HasPrefix(cmd, "UID FETCH"):
		return l.fetch(cmd)
	}
	return "", nil
}

func (l *liar) fetch(cmd string) (string, error) {
	_, rest, _ := strings.Cut(cmd, "UID FETCH ")
	set, items, _ := strings.Cut(rest, " ")
	var out string
	for uid := 1; uid <= 3; uid++ {
		if !named(set, uid) {
			continue
		}
		if uid != 2 {
			out += honest(uid, items)
			continue
		}
		said, err := l.second(items)
		out += said
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// named tells whether a sequence-set holds a UID.
func named(set string, uid int) bool {
	for piece := range strings.SplitSeq(set, ",") {
		lo, hi, ranged := strings.Cut(piece, ":")
		a, _ := strconv.Atoi(lo)
		b := a
		if ranged {
			b, _ = strconv.Atoi(hi)
		}
		if a <= uid && uid <= b {
			return true
		}
	}
	return false
}

// honest answers every item there is of a mail.
func honest(uid int, items string) string {
	out := fmt.Sprintf("* %d FETCH (UID %d", uid, uid)
	for item, value := range map[string]string{
		"FLAGS":         "FLAGS ()",
		"INTERNALDATE":  fmt.Sprintf(`INTERNALDATE "0%d-Jan-2026 10:00:00 +0000"`, uid),
		"RFC822.SIZE":   "RFC822.SIZE 100",
		"BODYSTRUCTURE": `BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") "<1>" NIL "7BIT" 5 1)`,
	} {
		if strings.Contains(items, item) {
			out += " " + value
		}
	}
	head := fmt.Sprintf("From: a@b.example\r\nSubject: mail %d\r\nMessage-ID: <%d@x>\r\nDate: Thu, 0%d Jan 2026 09:00:00 +0000\r\n\r\n", uid, uid, uid)
	switch {
	case strings.Contains(items, "HEADER.FIELDS"):
		_, fields, _ := strings.Cut(items, "BODY.PEEK[")
		fields, _, _ = strings.Cut(fields, "]")
		out += fmt.Sprintf(" BODY[%s] {%d}\r\n%s", fields, len(head), head)
	case strings.Contains(items, "BODY.PEEK[1]"):
		out += " BODY[1] {5}\r\nhello"
	case strings.Contains(items, "BODY.PEEK[]"):
		whole := head + "whole"
		out += fmt.Sprintf(" BODY[]<0> {%d}\r\n%s", len(whole), whole)
	}
	return out + ")\r\n"
}

// sync pulls until nothing is left, as intake would: a broken line is opened
// again.
func (l *liar) sync(t *testing.T) (heads, texts map[string]desk.Arrival, resets []string, lines int) {
	t.Helper()
	srv := l.serve(t)
	return pulled(t, mail.New(mail.Config{
		Settings: mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}, IMAP: srv, SMTP: srv},
		Secrets:  maillab.Password("secret"),
	}))
}

func pulled(t *testing.T, s *mail.Source) (heads, texts map[string]desk.Arrival, resets []string, lines int) {
	t.Helper()
	defer s.Close()
	heads, texts = map[string]desk.Arrival{}, map[string]desk.Arrival{}
	var cursor source.Cursor
	if _, err := s.Open(t.Context()); err != nil {
		t.Fatalf("open: %v", err)
	}
	for range 40 {
		p, err := s.Pull(t.Context(), source.PullRequest{Cursor: cursor})
		if err != nil {
			if desk.KindOf(err) != desk.KindOffline {
				t.Fatalf("pull: %v", err)
			}
			lines++
			if _, err := s.Open(t.Context()); err != nil {
				t.Fatalf("open again: %v", err)
			}
			continue
		}
		cursor, resets = p.Next, append(resets, p.Reset...)
		for _, a := range p.Items {
			if a.Head != nil {
				heads[a.Remote.ID] = a
			}
			if a.Body != nil {
				texts[a.Remote.ID] = a
			}
		}
		if !p.More {
			return heads, texts, resets, lines
		}
	}
	t.Fatalf("40 pages, and still more: heads %d, texts %d", len(heads), len(texts))
	return nil, nil, nil, 0
}

func TestOneBadMailNeverStopsTheRest(t *testing.T) {
	without := func(bad string, say func(items string) (string, error)) func(string) (string, error) {
		return func(items string) (string, error) {
			if strings.Contains(items, bad) {
				return say(items)
			}
			return honest(2, items), nil
		}
	}
	for _, c := range []struct {
		name    string
		second  func(items string) (string, error)
		subject string // of the second mail, as far as it can be had
		text    string
	}{
		{"torn structure", without("BODYSTRUCTURE", func(string) (string, error) {
			return "* 2 FETCH (UID 2 BODYSTRUCTURE (((\"TEXT\"\r\n", nil
		}), "mail 2", "whole"},
		{"empty multipart", without("BODYSTRUCTURE", func(string) (string, error) {
			return "* 2 FETCH (UID 2 BODYSTRUCTURE (\"MIXED\" NIL ()))\r\n", nil
		}), "mail 2", "whole"},
		{"no structure", without("BODYSTRUCTURE", func(items string) (string, error) {
			return honest(2, strings.ReplaceAll(items, "BODYSTRUCTURE", "")), nil
		}), "mail 2", "whole"},
		{"a date that is none", without("INTERNALDATE", func(string) (string, error) {
			return "* 2 FETCH (UID 2 INTERNALDATE \"99-Foo-2026 10:00:00 +0000\" FLAGS ())\r\n", nil
		}), "mail 2", ""},
		{"flags that are none", without("FLAGS", func(string) (string, error) {
			return "* 2 FETCH (UID 2 FLAGS (\\Seen ]) RFC822.SIZE 5)\r\n", nil
		}), "mail 2", ""},
		{"NIL for the header", without("HEADER.FIELDS", func(items string) (string, error) {
			_, fields, _ := strings.Cut(items, "BODY.PEEK[")
			fields, _, _ = strings.Cut(fields, "]")
			return "* 2 FETCH (UID 2 FLAGS () BODY[" + fields + "] NIL)\r\n", nil
		}), "", ""},
		{"a server that refuses", func(string) (string, error) { return "", errRefuse }, "", ""},
		{"a server that refuses the text", without("BODY.PEEK[1]", func(string) (string, error) { return "", errRefuse }), "mail 2", "whole"},
		{"a server that crashes", func(string) (string, error) { return "", errHangUp }, "", ""},
		{"a server that crashes over the structure", without("BODYSTRUCTURE", func(string) (string, error) {
			return "* 2 FETCH (UID 2 ", errHangUp
		}), "mail 2", "whole"},
		{"a server that crashes over the text", without("BODY.PEEK[1]", func(string) (string, error) {
			return "* 2 FETCH (UID 2 BODY[1] {500}\r\nhel", errHangUp
		}), "mail 2", "whole"},
	} {
		t.Run(c.name, func(t *testing.T) {
			heads, texts, resets, lines := (&liar{second: c.second}).sync(t)
			for _, id := range []string{"1", "3"} {
				if heads[id].Head == nil || heads[id].Head.Subject != "mail "+id || texts[id].Body == nil || texts[id].Body.Text != "hello" {
					t.Errorf("mail %s suffered: %+v", id, heads[id].Head)
				}
			}
			if heads["2"].Head == nil {
				t.Fatal("the bad mail isn't even mentioned")
			}
			if got := heads["2"].Head.Subject; got != c.subject {
				t.Errorf("subject %q, want %q", got, c.subject)
			}
			body := texts["2"].Body
			switch {
			case body == nil:
				t.Error("nothing was said about its text")
			case body.Text != c.text:
				t.Errorf("text %q, want %q", body.Text, c.text)
			case c.text == "" && (!body.Missing || len(body.Warnings) == 0):
				t.Errorf("no warning: %+v", body)
			}
			if len(resets) > 0 || lines > 3 {
				t.Errorf("resets %q, %d lines broke", resets, lines)
			}
		})
	}
}

// A mail that the server lists and never gives must not be asked for without end.
func TestAMailThatIsNeverGiven(t *testing.T) {
	heads, texts, _, _ := (&liar{second: func(string) (string, error) { return "", nil }}).sync(t)
	if len(heads) != 2 || len(texts) != 2 {
		t.Errorf("%d heads, %d texts, want two", len(heads), len(texts))
	}
}

// What the server says beside its refusal must reach the reader.
func TestAServerThatDoesntSqueeze(t *testing.T) {
	heads, texts, _, lines := (&liar{
		caps:   " COMPRESS=DEFLATE",
		second: func(items string) (string, error) { return honest(2, items), nil },
	}).sync(t)
	if len(heads) != 3 || len(texts) != 3 || lines != 0 {
		t.Errorf("%d heads, %d texts, %d lines broke", len(heads), len(texts), lines)
	}
}

func TestRenumberedInTheMiddle(t *testing.T) {
	l := &liar{
		second:   func(items string) (string, error) { return honest(2, items), nil },
		selected: func(int) int { return 7 },
	}
	srv := l.serve(t)
	cfg := mail.Config{
		Settings: mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}, IMAP: srv, SMTP: srv},
		Secrets:  maillab.Password("secret"),
	}
	s := mail.New(cfg)
	defer s.Close()
	if _, err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := s.Pull(t.Context(), source.PullRequest{})
	if err != nil || len(p.Items) != 3 {
		t.Fatalf("heads: %d, %v", len(p.Items), err)
	}
	// Between heads and texts the line breaks and the server is restored.
	_ = s.Close()
	l.selected = func(int) int { return 8 }
	again := mail.New(cfg)
	defer again.Close()
	if _, err := again.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err = again.Pull(t.Context(), source.PullRequest{Cursor: p.Next})
	if err != nil || len(p.Reset) != 1 || p.Reset[0] != "INBOX" || !p.More || len(p.Items) > 0 {
		t.Fatalf("reset %q, %d items, more %v, %v; want the inbox reset and nothing else", p.Reset, len(p.Items), p.More, err)
	}
	p, err = again.Pull(t.Context(), source.PullRequest{Cursor: p.Next})
	if err != nil || len(p.Items) != 3 || p.Items[0].Remote.Epoch != "8" {
		t.Errorf("after the reset: %d items, %v", len(p.Items), err)
	}
}
