package practice

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-message"

	"fernpost/app/practice/content"
	"fernpost/app/practice/line"
	"fernpost/app/source"
)

const reply = `From: Birkpay help <help@birkpay.example>
To: Katharina Vogt <katharina.vogt@postfach.example>
Subject: AW: Mahnung trotz bestätigter Retoure
Message-ID: <op-1@birkpay.example>
In-Reply-To: <%s>
References: <%s>
Date: Thu, 20 Nov 2025 10:00:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Sehr geehrte Frau Vogt,

die Mahnung ist gestoppt.
`

// newest gives the Message-ID of the last mail from an address, and how many
// mails the inbox has.
func newest(a *account, from string) (id string, n int) {
	a.t.Helper()
	_, all := a.box("INBOX")
	for _, m := range slices.Backward(all) {
		head := readHead([]byte(m.Raw))
		if strings.Contains(m.Raw, "<"+from+">") {
			return head.id, len(all)
		}
	}
	a.t.Fatalf("no mail from %s", from)
	return "", 0
}

func answering(id string) string { return strings.ReplaceAll(reply, "%s", id) }

const katharina = "katharina.vogt@postfach.example"

func TestTheMailboxIsFilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		now := time.Now()
		want := map[string]int{}
		for _, c := range a.library.Conversations {
			if !c.Later {
				for _, turn := range c.Turns {
					if turn.Agent == "" {
						want[c.Folder]++
					} else {
						want["Sent"]++
					}
				}
			}
		}
		for name, n := range want {
			_, all := a.box(name)
			if len(all) != n {
				t.Errorf("%s has %d mails, not %d", name, len(all), n)
			}
			for i, m := range all {
				if m.At.After(now) || now.Sub(m.At) > 14*24*time.Hour && now.Sub(m.At) < 120*24*time.Hour {
					t.Errorf("%s: mail %d is of %v", name, m.UID, m.At)
				}
				if i > 0 && m.At.Before(all[i-1].At) {
					t.Errorf("%s: mail %d came before the one above it", name, m.UID)
				}
				checkMail(t, m.Raw)
			}
		}
	})
}

// checkMail reads a mail as a strict program would.
func checkMail(t *testing.T, raw string) {
	t.Helper()
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes, or a bare line end, in %.60q", len(line), raw)
		}
	}
	e, err := message.Read(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %.200q", err, raw)
	}
	for _, key := range []string{"From", "To", "Date", "Message-Id"} {
		if e.Header.Get(key) == "" {
			t.Errorf("no %s in %.200q", key, raw)
		}
	}
	if e.Header.Get("Content-Language") == "" && e.Header.Get("Auto-Submitted") == "" {
		t.Errorf("no language in %.200q", raw)
	}
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		kind, _, _ := part.Header.ContentType()
		if err != nil || strings.HasPrefix(kind, "multipart/") {
			return err
		}
		var buf bytes.Buffer
		_, err = buf.ReadFrom(part.Body)
		if strings.HasPrefix(kind, "text/") && strings.ContainsRune(buf.String(), '\ufffd') {
			t.Errorf("letters that don't decode in %.200q", raw)
		}
		return err
	})
	if err != nil {
		t.Errorf("%v in %.200q", err, raw)
	}
}

func TestARestartChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		c := a.imap()
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen, "$Mine"}, Silent: true}
		if err := c.Store(imap.UIDSetNum(3, 5), flags, nil).Close(); err != nil {
			t.Fatal(err)
		}
		id, _ := newest(a, katharina)
		if err := a.send(answering(id), katharina); err != nil {
			t.Fatal(err)
		}
		if err := a.SetLine(line.ThreeG); err != nil {
			t.Fatal(err)
		}
		type folder struct {
			validity uint32
			mails    []stored
		}
		read := func(a *account) map[string]folder {
			all := map[string]folder{}
			for _, name := range []string{"INBOX", "Sent", "Junk", "Drafts", "Trash", HardFolder} {
				validity, mails := a.box(name)
				all[name] = folder{validity, mails}
			}
			return all
		}
		before, password := read(a), a.Settings().Password
		a = a.again()
		if after := read(a); !reflect.DeepEqual(before, after) {
			t.Error("the mailbox differs after a restart")
		}
		if a.Line() != line.ThreeG {
			t.Errorf("the line is %s after a restart", a.Line())
		}
		if a.Settings().Password == password {
			t.Error("the password is the same after a restart")
		}
		if n := a.Delivered("op-1"); n != 1 {
			t.Errorf("delivered %d times after a restart", n)
		}
	})
}

func TestACustomerAnswersInTheThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		id, n := newest(a, katharina)
		if err := a.send(answering(id), katharina); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		came := a.inboxSince(n)
		if len(came) != 1 || !strings.Contains(came[0].Raw, "<op-1@birkpay.example>") {
			t.Fatalf("%d mails at once, want our own copy only", len(came))
		}
		if a.Delivered("op-1") != 1 || a.Delivered("<op-1@birkpay.example>") != 1 || a.Delivered("op") != 0 {
			t.Error("the count of deliveries is wrong")
		}
		// The program dies before the customer has written.
		a = a.again()
		time.Sleep(5 * time.Minute)
		came = a.inboxSince(n + 1)
		if len(came) != 1 {
			t.Fatalf("%d answers", len(came))
		}
		raw := came[0].Raw
		checkMail(t, raw)
		head := readHead([]byte(raw))
		if !slices.Equal(head.refs, []string{id, "op-1@birkpay.example"}) {
			t.Errorf("references %q", head.refs)
		}
		if head.subject != "AW: Mahnung trotz bestätigter Retoure" || !strings.Contains(raw, "Content-Language: de\r\n") {
			t.Errorf("subject %q", head.subject)
		}
		text := readText([]byte(raw))
		if !strings.Contains(text, "Vielen Dank für die schnelle Antwort") ||
			!strings.Contains(text, "schrieb Birkpay help <help@birkpay.example>") || !strings.Contains(text, "> die Mahnung ist gestoppt.") {
			t.Errorf("text %q", text)
		}
	})
}

func TestCustomersFallSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		id, n := newest(a, katharina)
		for i := range 5 {
			raw := strings.ReplaceAll(answering(id), "op-1", "op-"+string(rune('1'+i)))
			if err := a.send(raw, katharina); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Minute)
		}
		// Five copies of ours, and the two answers that this customer has.
		if came := a.inboxSince(n); len(came) != 7 {
			t.Errorf("%d mails came, want 7", len(came))
		}
	})
}

func TestOneAnswerToADouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		id, n := newest(a, katharina)
		for range 2 {
			if err := a.send(answering(id), katharina); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Minute)
		if a.Delivered("op-1") != 2 {
			t.Errorf("delivered %d times, the double must show", a.Delivered("op-1"))
		}
		if came := a.inboxSince(n); len(came) != 3 {
			t.Errorf("%d mails came, want two copies and one answer", len(came))
		}
		got, err := a.CustomerMail(katharina)
		if err != nil || len(got) != 2 || !bytes.Contains(got[0].Raw, []byte("gestoppt")) {
			t.Errorf("the customer has %d mails, %v", len(got), err)
		}
	})
}

// Neither the copy to ourselves nor a machine's mail is answered.
func TestNothingGoesInCircles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		id, n := newest(a, katharina)
		if err := a.send(answering(id)); err != nil {
			t.Fatal(err)
		}
		if err := a.send("Auto-Submitted: auto-replied\n"+strings.ReplaceAll(answering(id), "op-1", "op-2"), katharina); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if came := a.inboxSince(n); len(came) != 2 {
			t.Errorf("%d mails came, want our two copies", len(came))
		}
	})
}

func TestABounce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		_, all := a.box("INBOX")
		if err := a.send(answering("x@y.example"), "h.brinkmann@altepost.example"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		came := a.inboxSince(len(all))
		if len(came) != 2 {
			t.Fatalf("%d mails came, want our copy and a report", len(came))
		}
		report := came[1].Raw
		checkMail(t, report)
		for _, want := range []string{"report-type=delivery-status", "Final-Recipient: rfc822; h.brinkmann@altepost.example", "Status: 5.1.1", "Message-ID: <op-1@birkpay.example>"} {
			if !strings.Contains(report, want) {
				t.Errorf("no %q in the report", want)
			}
		}
		if a.Delivered("op-1") != 0 {
			t.Error("a mail that bounced counts as delivered")
		}
	})
}

func TestTheSameSeedGivesTheSameDay(t *testing.T) {
	day := func() (all []stored) {
		synctest.Test(t, func(t *testing.T) {
			a := open(t, t.TempDir(), func(o *Options) { o.Trickle = 20 * time.Minute })
			id, _ := newest(a, katharina)
			if err := a.send(answering(id), katharina); err != nil {
				t.Fatal(err)
			}
			time.Sleep(8 * time.Hour)
			_, all = a.box("INBOX")
		})
		return all
	}
	one, two := day(), day()
	if !reflect.DeepEqual(one, two) {
		t.Error("two days with one seed differ")
	}
	later := 0
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range library.Conversations {
		if c.Later {
			later++
			if n := countFrom(one, c.From.Addr); n != 1 {
				t.Errorf("%s wrote %d times in 8 hours", c.ID, n)
			}
		}
	}
	if later == 0 {
		t.Error("nobody comes later")
	}
}

func countFrom(all []stored, address string) (n int) {
	for _, m := range all {
		if strings.Contains(m.Raw, "Return-Path: <"+address+">") {
			n++
		}
	}
	return n
}

func TestNobodyIsForgottenByARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trickle := func(o *Options) { o.Trickle = 20 * time.Minute }
		a := open(t, t.TempDir(), trickle)
		_, before := a.box("INBOX")
		time.Sleep(time.Hour)
		a = a.again(trickle)
		time.Sleep(8 * time.Hour)
		seen := map[string]int{}
		for _, m := range a.inboxSince(len(before)) {
			seen[readHead([]byte(m.Raw)).id]++
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s came %d times", id, n)
			}
		}
	})
}

func TestTheStateKeywordsAreTheSources(t *testing.T) {
	if stateKeywords["done"] != source.KeywordDone || stateKeywords["waiting"] != source.KeywordWaiting {
		t.Errorf("%v", stateKeywords)
	}
}

func TestALineThatIsNoneIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		if err := a.SetLine("5g"); err == nil || a.Line() != line.Good {
			t.Errorf("%v, line %s", err, a.Line())
		}
	})
}
