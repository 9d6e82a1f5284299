package mail_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/app/source/sourcetest"
	"fernpost/store/desk"
)

var personalities = []struct {
	name      string
	make      func() *actor
	sent      string
	savesSent bool
	tags      bool
}{
	{"Exchange", outlook, "Sent Items", true, false},
	{"Yahoo", yahoo, "Sent", false, false},
	{"Cyrus", cyrus, "INBOX.Sent", false, true},
	{"Gmail", gmail, "[Gmail]/Messages envoy&AOk-s", true, true},
}

// visit is one journey's hold on an actor.
type visit struct {
	*testing.T
	a      *actor
	set    mail.Settings
	s      *mail.Source
	cursor source.Cursor
	heads  map[string]desk.Arrival // by subject
	texts  map[string]desk.Arrival // by place
	flags  map[string]desk.Flags
	gone   int
}

var thisYear = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)

// visits makes the journeys' mailbox: one old mail, and three of this year.
func visits(t *testing.T, a *actor) *visit {
	t.Helper()
	a.folders["INBOX"] = []*letterOf{}
	for n, text := range []string{"an old needle in it", "hello 2", "hello \"3\" \\o/", "hello 4"} {
		year := 2026
		if n == 0 {
			year = 2024
		}
		a.put("INBOX", year, fmt.Sprintf("From: Katharina <k@customers.example>\r\nTo: amira@example.test\r\nSubject: mail %d\r\n"+
			"Message-ID: <%d@customers.example>\r\nDate: Thu, 01 Oct %d 10:00:00 +0000\r\n", n+1, n+1, year), text)
	}
	set := a.start(t)
	v := &visit{T: t, a: a, set: set, heads: map[string]desk.Arrival{}, texts: map[string]desk.Arrival{}, flags: map[string]desk.Flags{}}
	v.s = mail.New(mail.Config{Settings: set, Secrets: maillab.Password("secret"), Blobs: sourcetest.Blobs{}})
	t.Cleanup(func() { _ = v.s.Close() })
	return v
}

// drain pulls until nothing is left; a broken line is opened again.
func (v *visit) drain() (broken int) {
	v.Helper()
	for range 60 {
		p, err := v.s.Pull(v.Context(), source.PullRequest{Cursor: v.cursor, Since: thisYear})
		if desk.KindOf(err) == desk.KindOffline {
			if broken++; broken > 20 {
				v.Fatalf("the line never stands: %v", err)
			}
			_, _ = v.s.Open(v.Context())
			continue
		}
		if err != nil {
			v.Fatalf("pull: %v", err)
		}
		v.take(p)
		if !p.More {
			return broken
		}
	}
	v.Fatal("60 pages, and still more")
	return 0
}

func (v *visit) take(p source.Page) {
	v.cursor = p.Next
	if len(p.Reset) > 0 {
		v.Errorf("reset %q", p.Reset)
	}
	for _, item := range p.Items {
		where := item.Remote.Scope + " " + item.Remote.ID
		if item.Head != nil {
			v.heads[where] = item
		}
		if item.Body != nil {
			v.texts[where] = item
		}
		if item.Kind == desk.ArrivalGone {
			v.gone++
		}
		if item.Flags != nil {
			v.flags[where] = *item.Flags
		}
	}
}

func (v *visit) open() source.Session {
	v.Helper()
	session, err := v.s.Open(v.Context())
	if err != nil {
		v.Fatalf("open: %v", err)
	}
	return session
}

// has checks that mails 2 to 4 are here with their texts, and nothing else is.
func (v *visit) has(inbox int) {
	v.Helper()
	for n := 2; n <= 4; n++ {
		at := fmt.Sprint("INBOX ", n)
		head, body := v.heads[at].Head, v.texts[at].Body
		want := map[int]string{2: "hello 2", 3: `hello "3" \o/`, 4: "hello 4"}[n]
		if head == nil || head.Subject != fmt.Sprint("mail ", n) || body == nil || body.Text != want {
			v.Errorf("mail %d: %+v, %+v", n, head, body)
		}
	}
	got := 0
	for at := range v.heads {
		if strings.HasPrefix(at, "INBOX ") {
			got++
		}
	}
	if got != inbox || v.gone > 0 {
		v.Errorf("%d mails in the inbox, want %d; %d went", got, inbox, v.gone)
	}
}

func TestPersonalities(t *testing.T) {
	for _, p := range personalities {
		t.Run(p.name, func(t *testing.T) {
			v := visits(t, p.make())
			session := v.open()
			if got := session.Caps.Can(source.SavesSent); got != p.savesSent {
				t.Errorf("saves sent: %v", got)
			}
			if got := session.Caps.Can(source.Tags); got != p.tags {
				t.Errorf("keeps keywords: %v", got)
			}
			v.drain()
			v.has(3)
			v.flagsAndStatus(p.tags)
			v.sends(p.sent, p.savesSent)
			v.searches()
			if v.drain() > 0 {
				t.Error("the line broke")
			}
		})
	}
}

// flagsAndStatus: what another program did comes in, and a status goes out where
// the server keeps keywords.
func (v *visit) flagsAndStatus(tags bool) {
	v.Helper()
	v.a.change("INBOX", 3, `\Seen`, `\Answered`)
	v.a.change("INBOX", 4, `\Seen`)
	again := mail.New(mail.Config{Settings: v.set, Secrets: maillab.Password("secret"), Blobs: sourcetest.Blobs{}})
	_ = v.s.Close()
	v.s = again // as after a restart: a server without CONDSTORE is asked again
	v.Cleanup(func() { _ = again.Close() })
	v.open()
	v.drain()
	if f := v.flags["INBOX 3"]; !f.Seen || !f.Answered {
		v.Errorf("flags of mail 3: %+v", f)
	}
	frozen, err := v.s.FreezeStatus(source.StatusChange{
		OpID: desk.NewOpID(time.Now()), Messages: []desk.RemoteRef{v.heads["INBOX 4"].Remote}, Status: desk.StatusDone,
	})
	if err != nil {
		v.Fatal(err)
	}
	out := v.s.Submit(v.Context(), source.Submission{Kind: desk.OpStatus, Payload: frozen.Payload}, mark(func(context.Context) error { return nil }))
	if out.Verdict != source.Applied || (out.Receipt.Detail == "local") == tags {
		v.Errorf("status: %+v", out)
	}
}

// sends a reply and finds it, once in the sent folder whoever put it there.
func (v *visit) sends(sent string, saves bool) {
	v.Helper()
	sub := freeze(v.T, v.s, "It comes on Friday.")
	if out := v.s.Submit(v.Context(), sub, mark(func(context.Context) error { return nil })); out.Verdict != source.Applied {
		v.Fatalf("submit: %+v", out)
	}
	for range 2 { // a second time, as after a lost answer
		if got := v.s.FileSent(v.Context(), filing(sub)); got != source.Applied {
			v.Errorf("file: %v", got)
		}
	}
	token := "X-Fernpost-Op: " + string(sub.ID)
	if n := v.a.count(sent, token); n != 1 {
		v.Errorf("%d copies in %s", n, sent)
	}
	if f, err := v.s.Locate(v.Context(), sub); err != nil || f.State != source.Found {
		v.Errorf("locate: %+v, %v", f, err)
	}
	v.drain()
	own := 0
	for _, a := range v.heads {
		if a.Head.OpID == sub.ID {
			own++
		}
	}
	if own != 2 { // our own copy, and the filed one
		v.Errorf("%d copies are known for ours", own)
	}
	if saves && slices.ContainsFunc(v.a.heard, func(cmd string) bool { return strings.HasPrefix(cmd, "APPEND") }) {
		v.Error("a server that files by itself got an APPEND")
	}
}

// searches for old mail on the server.
func (v *visit) searches() {
	v.Helper()
	req := source.SearchRequest{Text: "old needle", Limit: 10}
	hits := 0
	for range 10 {
		req.Cursor = v.cursor
		p, err := v.s.Search(v.Context(), req)
		if err != nil {
			v.Fatalf("search: %v", err)
		}
		v.take(p.Page)
		hits += p.Hits
		if req.Place = p.Place; p.Place == "" {
			break
		}
	}
	if hits != 1 || v.heads["INBOX 1"].Head == nil || v.texts["INBOX 1"].Body == nil {
		v.Errorf("%d hits, %+v", hits, v.heads["INBOX 1"].Head)
	}
}

// filing is a first try to file what was sent.
func filing(sub source.Submission) source.Filing {
	return source.Filing{Submission: sub, Begin: func(context.Context) error { return nil }}
}
