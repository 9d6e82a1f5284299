package practice

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

func TestSMTPRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		for name, test := range map[string]struct {
			do   func(c *smtp.Client) error
			code int
			enh  smtp.EnhancedCode
		}{
			"unknown domain": {func(c *smtp.Client) error { return c.Rcpt("a@nowhere.test", nil) }, 550, smtp.EnhancedCode{5, 1, 2}},
			"spammer":        {func(c *smtp.Client) error { return c.Rcpt("winner@birkpay-rewards.example", nil) }, 550, smtp.EnhancedCode{5, 1, 2}},
			"foreign sender": {func(c *smtp.Client) error { _ = c.Reset(); return c.Mail("me@postfach.example", nil) }, 553, smtp.EnhancedCode{5, 7, 1}},
			"too large":      {func(c *smtp.Client) error { _ = c.Reset(); return c.Mail(Own.Addr, &smtp.MailOptions{Size: 26 << 20}) }, 552, smtp.EnhancedCode{5, 3, 4}},
		} {
			c := a.smtp()
			if err := c.Mail(Own.Addr, nil); err != nil {
				t.Fatal(err)
			}
			if n, enh := code(test.do(c)); n != test.code || enh != test.enh {
				t.Errorf("%s: %d %v", name, n, enh)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
		c := smtp.NewClient(a.x.opened[1].dial(t))
		if n, _ := code(c.Mail(Own.Addr, nil)); n != 530 {
			t.Errorf("without signing in: %d", n)
		}
		_ = c.Close()
		i := imapclient.New(a.x.opened[0].dial(t), nil)
		if err := i.Login(a.Settings().User, "wrong").Wait(); err == nil {
			t.Error("a wrong password signs in")
		}
		_ = i.Close()
	})
}

func TestCutAfterFinalDot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		id, n := newest(a, katharina)
		a.CutAfterFinalDot()
		err := a.send(answering(id), katharina)
		if c, _ := code(err); err == nil || c != 0 {
			t.Fatalf("the cut answered %v", err)
		}
		if a.Delivered("op-1") != 1 || len(a.inboxSince(n)) != 1 {
			t.Error("the mail must have arrived although nobody said so")
		}
		if err := a.send(strings.ReplaceAll(answering(id), "op-1", "op-2"), katharina); err != nil {
			t.Errorf("the cut happens once: %v", err)
		}
	})
}

func TestCutDuringData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		id, n := newest(a, katharina)
		a.CutDuringData(200)
		err := a.send(answering(id), katharina)
		if c, _ := code(err); err == nil || c != 0 {
			t.Fatalf("the cut answered %v", err)
		}
		if a.Delivered("op-1") != 0 || len(a.inboxSince(n)) != 0 {
			t.Error("half a mail must not arrive")
		}
	})
}
