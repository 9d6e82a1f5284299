package mail_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/app/source/sourcetest"
)

// hasty lets time pass a thousand times as quickly while an answer is awaited.
type hasty struct{ net.Conn }

func (h hasty) SetReadDeadline(t time.Time) error {
	if !t.IsZero() {
		t = time.Now().Add(time.Until(t) / 1000)
	}
	return h.Conn.SetReadDeadline(t)
}

func hastily(set mail.Settings) mail.Config {
	return mail.Config{
		Settings: set, Secrets: maillab.Password("secret"), Blobs: sourcetest.Blobs{},
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, addr)
			return hasty{c}, err
		},
	}
}

// mute says part of an answer and then nothing, some times.
type mute struct {
	net.Conn
	at     string // says nothing from here on
	behind int    // but for so many bytes
	times  *atomic.Int32
}

func (m *mute) Write(b []byte) (int, error) {
	i := bytes.Index(b, []byte(m.at))
	if i < 0 || m.times.Add(-1) < 0 {
		return m.Conn.Write(b)
	}
	_, _ = m.Conn.Write(b[:i+len(m.at)+m.behind])
	_, _ = m.Conn.Read(make([]byte, 1)) // until the other side has had enough
	return 0, net.ErrClosed
}

// A server that falls silent in the middle of a literal is given up by name after
// its time, and what is missing comes on the next line.
func TestSilenceInsideALiteral(t *testing.T) {
	for _, c := range []struct {
		at     string
		behind int
	}{
		{"BODY[1] {7}\r\n", 3}, {"BODY[1] {7}\r\n", 0}, {"BODY[1] {", 1}, {"-TEXT] {", 0}, {"* 3 FETCH (", 0},
	} {
		a := cyrus()
		times := new(atomic.Int32)
		times.Store(1)
		a.wrap = func(c2 net.Conn) net.Conn { return &mute{c2, c.at, c.behind, times} }
		v := visits(t, a)
		_ = v.s.Close()
		v.s = mail.New(hastily(v.set))
		v.Cleanup(func() { _ = v.s.Close() })
		v.open()
		var named []mail.Trouble
		for range 20 {
			p, err := v.s.Pull(t.Context(), source.PullRequest{Cursor: v.cursor, Since: thisYear})
			if err != nil {
				named = append(named, mail.TroubleOf(err))
				v.open()
				continue
			}
			if v.take(p); !p.More {
				break
			}
		}
		v.has(3)
		if times.Load() >= 1 && c.at != "-TEXT] {" {
			t.Errorf("%q: nothing fell silent", c.at)
		}
		if slices.ContainsFunc(named, func(tr mail.Trouble) bool { return tr != mail.Silent }) {
			t.Errorf("%q: named %q", c.at, named)
		}
	}
}

// A literal that is longer or shorter than its number says: the other mails come,
// and nothing waits for ever.
func TestLiteralsOfAnotherLength(t *testing.T) {
	for _, says := range []string{"{5}\r\nhello and more", "{0}\r\nhello", "{40}\r\nhello", "{4000000000}\r\nhello", "{-1}\r\nhello", "{99999999999999999999}\r\nhello"} {
		l := &liar{second: func(items string) (string, error) {
			if strings.Contains(items, "BODY.PEEK[1]") {
				return "* 2 FETCH (UID 2 BODY[1] " + says + ")\r\n", nil
			}
			return honest(2, items), nil
		}}
		srv := l.serve(t)
		s := mail.New(hastily(mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}, IMAP: srv, SMTP: srv}))
		heads, texts, resets, lines := pulled(t, s)
		for _, id := range []string{"1", "3"} {
			if heads[id].Head == nil || texts[id].Body == nil || texts[id].Body.Text != "hello" {
				t.Errorf("%s: mail %s suffered", says, id)
			}
		}
		if heads["2"].Head == nil || texts["2"].Body == nil {
			t.Errorf("%s: the mail isn't even mentioned", says)
		}
		if len(resets) > 0 || lines > 6 {
			t.Errorf("%s: resets %q, %d lines broke", says, resets, lines)
		}
	}
}

// What a server says of a copy it doesn't take: the reply has left all the same,
// the line stays, and a full mailbox is a person's business.
func TestACopyThatIsntTaken(t *testing.T) {
	for _, c := range []struct {
		says, alert string
		verdict     source.Verdict
	}{
		{"NO [OVERQUOTA] Quota exceeded (mailbox for user is full)", "Quota exceeded (mailbox for user is full)", source.Refused},
		{"NO [TRYCREATE] Mailbox doesn't exist: INBOX.Sent", "", source.Refused},
		{"NO [LIMIT] Rate limit hit", "", source.NotApplied},
		{"NO [ALERT] Not today.", "Not today.", source.Refused},
		{"BAD what?", "", source.Refused},
	} {
		a := cyrus()
		a.refuse = func(cmd string) string {
			if strings.HasPrefix(cmd, "APPEND") {
				return c.says
			}
			return ""
		}
		v := visits(t, a)
		_ = v.s.Close()
		var mu sync.Mutex
		var heard []string
		v.s = mail.New(mail.Config{
			Settings: v.set, Secrets: maillab.Password("secret"), Blobs: sourcetest.Blobs{},
			Alert: func(text string) { mu.Lock(); heard = append(heard, text); mu.Unlock() },
		})
		v.Cleanup(func() { _ = v.s.Close() })
		v.open()
		sub := freeze(t, v.s, "It comes on Friday.")
		if out := v.s.Submit(t.Context(), sub, mark(func(context.Context) error { return nil })); out.Verdict != source.Applied {
			t.Fatalf("submit: %+v", out)
		}
		if got := v.s.FileSent(t.Context(), filing(sub)); got != c.verdict {
			t.Errorf("%s: %v, want %s", c.says, got, c.verdict)
		}
		if broken := v.drain(); (broken > 0) != (c.verdict == source.NotApplied) {
			t.Errorf("%s: %d lines broke", c.says, broken)
		}
		v.has(4) // with our own copy
		mu.Lock()
		if got := strings.Join(slices.Compact(heard), "; "); got != c.alert {
			t.Errorf("%s: heard %q, want %q", c.says, got, c.alert)
		}
		mu.Unlock()
	}
}

// The folder of sent mail got another name meanwhile.
func TestTheSentFolderIsRenamed(t *testing.T) {
	a := cyrus()
	v := visits(t, a)
	v.open()
	sub := freeze(t, v.s, "It comes on Friday.")
	a.mu.Lock()
	a.folders["INBOX.Gesendet"] = a.folders["INBOX.Sent"]
	delete(a.folders, "INBOX.Sent")
	a.list[1] = `(\HasNoChildren) "." "INBOX.Gesendet"`
	a.mu.Unlock()
	if got := v.s.FileSent(t.Context(), filing(sub)); got != source.Applied {
		t.Fatal(got)
	}
	if n := a.count("INBOX.Gesendet", string(sub.ID)); n != 1 {
		t.Errorf("%d copies", n)
	}
}

// A mail to ten thousand people is a mail: its head comes in bounded memory, with
// as many names as anybody would look at.
func TestAMailToTenThousand(t *testing.T) {
	var to strings.Builder
	for n := range 10_000 {
		fmt.Fprintf(&to, "%s\"Person %d\" <p%d@customers.example>", map[bool]string{true: ",\r\n ", false: ""}[n > 0], n, n)
	}
	a := cyrus()
	v := visits(t, a)
	a.put("INBOX", 2026, "From: k@customers.example\r\nTo: "+to.String()+"\r\nSubject: to everybody\r\nMessage-ID: <5@x>\r\n", "hello all")
	v.open()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v.drain()
	runtime.ReadMemStats(&after)
	head, body := v.heads["INBOX 5"].Head, v.texts["INBOX 5"].Body
	if head == nil || head.Subject != "to everybody" || body == nil || body.Text != "hello all" {
		t.Fatalf("%+v, %+v", head, body)
	}
	if n := len(head.To); n == 0 || n > 10_000 {
		t.Errorf("%d recipients", n)
	} else {
		t.Logf("%d recipients are kept, %d MB were allocated", n, (after.TotalAlloc-before.TotalAlloc)>>20)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
		t.Errorf("%d bytes were allocated", grown)
	}
	v.has(4)
}
