package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

// The accounts screen's services on real servers.

// accountsDesk is a desk whose passphrase lies in a file and which trusts the
// lab's servers.
func accountsDesk(t *testing.T, o outside) (*Desk, *Accounts, calls) {
	t.Helper()
	phrase := filepath.Join(t.TempDir(), "phrase")
	if err := os.WriteFile(phrase, []byte("rain on the tin roof"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseFile, phrase)
	opening := newOpening(t.Context())
	d, err := openDesk(t.Context(), deskOptions{dir: t.TempDir(), clock: time.Now, undo: tourUndo, outside: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	opening.finish(d, nil)
	return d, &Accounts{calls: calls{opening}, open: func(string) {}}, calls{opening}
}

func setupOf(lab *maillab.Lab) MailboxSetup {
	s := lab.Settings()
	return MailboxSetup{
		Address: lab.Own().Addr, Name: "Amira", Username: s.Username, IMAP: serverView(s.IMAP), SMTP: serverView(s.SMTP),
		SignIn: signInPassword, Horizon: 30, Folders: []string{},
	}
}

func labPassword(t *testing.T, lab *maillab.Lab) string {
	t.Helper()
	password, err := lab.Config().Secrets.Secret(t.Context(), mail.SecretIMAP)
	if err != nil {
		t.Fatal(err)
	}
	return password
}

// eventually waits for a state of the account.
func (d *Desk) eventually(t *testing.T, what string, is func(ctx context.Context) (bool, error)) {
	t.Helper()
	within(t, what, func(ctx context.Context) error {
		return until(ctx, func() (bool, error) { return is(ctx) })
	})
}

func (d *Desk) stateIs(id string, want desk.AccountState) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		a, err := d.store.Account(ctx, desk.AccountID(id))
		return a.State == want, err
	}
}

func listed(t *testing.T, accounts *Accounts) []MailboxView {
	t.Helper()
	views, err := accounts.List()
	if err != nil {
		t.Fatal(err)
	}
	return views
}

// customerMail is in the account's inbox once it has come with its text.
func (d *Desk) customerMail(t *testing.T, account, words string) (found desk.Conversation) {
	t.Helper()
	d.eventually(t, "the customer's mail", func(ctx context.Context) (bool, error) {
		page, err := d.store.List(ctx, store.ListQuery{Account: desk.AccountID(account), View: store.ViewInbox, Limit: 50})
		if err != nil {
			return false, err
		}
		for _, c := range page.Rows {
			messages, err := d.store.Messages(ctx, c.ID)
			if err == nil && len(messages) > 0 && strings.Contains(messages[0].Text, words) {
				found = c
				return true, nil
			}
		}
		return false, nil
	})
	return found
}

// A line's most costly opening is its first: the test makes it, and the start of
// the mailbox resumes.
func TestTheFirstStartGoesOnFromTheTest(t *testing.T) {
	lab := maillab.NewServers(t).Lab(t, mail.TLSImplicit)
	lab.Deliver(fmt.Appendf(nil, journeyQuestion, lab.Customer().Addr, lab.Own().Addr), time.Now())
	resumed := make(chan bool, 100)
	roots := lab.Config().TLS
	roots.VerifyConnection = func(c tls.ConnectionState) error {
		resumed <- c.DidResume
		return nil
	}
	d, accounts, _ := accountsDesk(t, outside{roots: roots})
	setup, secrets := setupOf(lab), MailboxSecrets{Password: labPassword(t, lab)}
	if v, err := accounts.Test("1", "", setup, secrets); err != nil || !v.Works {
		t.Fatalf("test: %+v, %v", v, err)
	}
	for range len(resumed) {
		if <-resumed {
			t.Error("the test resumed something")
		}
	}
	before := lab.IMAP.Traffic()
	id, err := accounts.Connect(setup, secrets)
	if err != nil {
		t.Fatal(err)
	}
	d.customerMail(t, id, "84,90 €")
	if !<-resumed {
		t.Error("the first start began from nothing")
	}
	t.Logf("the first start with one mail: %d bytes", lab.IMAP.Traffic()-before)
}

func TestConnectAnswerSignInAgainAndRemove(t *testing.T) {
	servers := maillab.NewServers(t)
	lab := servers.Lab(t, mail.TLSImplicit)
	lab.Deliver(fmt.Appendf(nil, journeyQuestion, lab.Customer().Addr, "returns@example.test"), time.Now())
	d, accounts, c := accountsDesk(t, outside{roots: lab.Config().TLS})
	setup, right := setupOf(lab), MailboxSecrets{Password: labPassword(t, lab)}

	if v, err := accounts.Test("1", "", setup, MailboxSecrets{Password: "wrong"}); err != nil || v.Works || v.IMAP.Trouble != string(mail.WrongPassword) || v.SMTP.Trouble != string(mail.WrongPassword) {
		t.Fatalf("a wrong password: %+v, %v", v, err)
	}
	v, err := accounts.Test("2", "", setup, right)
	if err != nil || !v.Works || v.Server != "dovecot" || !v.Labels || v.SavesSent || len(v.Folders) != 0 {
		t.Fatalf("test: %+v, %v", v, err)
	}
	id, err := accounts.Connect(setup, right)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := accounts.Connect(setup, right); desk.KindOf(err) != desk.KindConflict {
		t.Errorf("the same mailbox twice: %v", err)
	}
	err = accounts.SetIdentities(id, []IdentityView{
		{Name: "Amira", Address: lab.Own().Addr},
		{Name: "Shop returns", Address: "returns@example.test", Signatures: []SignatureView{{"", "Shop returns"}, {"de", "Viele Grüße\nIhr Laden"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	question := d.customerMail(t, id, "84,90 €")
	d.eventually(t, "state", d.stateIs(id, desk.AccountOK))

	// The password is changed elsewhere; a reply waits until it is known here.
	if err := accounts.Change(id, setup, MailboxSecrets{Password: "wrong"}); err != nil {
		t.Fatal(err)
	}
	d.eventually(t, "sign-in is asked for", d.stateIs(id, desk.AccountSignIn))
	composer := &Composer{calls: c}
	draft, err := composer.Start(question.ID.String())
	if err != nil || !strings.HasSuffix(draft.Text, "-- \nViele Grüße\nIhr Laden") {
		t.Fatalf("the reply begins with %q, %v", draft.Text, err)
	}
	if other, err := composer.WriteAs(draft, listed(t, accounts)[1].Identities[0].ID); err != nil || other.Text != "" {
		t.Errorf("as somebody without a signature: %q, %v", other.Text, err)
	}
	if _, err := composer.WriteAs(draft, "4711"); desk.KindOf(err) != desk.KindNotFound {
		t.Errorf("as nobody: %v", err)
	}
	draft.Text = "Guten Tag,\ndie Erstattung ging heute hinaus.\n" + draft.Text
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	if _, err := composer.Send(SendRequest{Draft: draft.ID, Then: "waiting"}); err != nil {
		t.Fatal(err)
	}
	if err := accounts.Remove(id, 0, 9); desk.KindOf(err) != desk.KindConflict {
		t.Errorf("removed while a reply waits: %v", err)
	}
	if err := errors.Join(accounts.Rename(id, " The  shop "), accounts.Raise(id)); err != nil {
		t.Error(err)
	}
	line, err := (&Line{calls: c}).Status()
	if err != nil || line.Accounts[0].ID != id || line.Accounts[0].Name != "The shop" || listed(t, accounts)[0].Name != "The shop" {
		t.Errorf("renamed and raised: %+v, %v", line.Accounts, err)
	}
	if err := errors.Join(accounts.Rename(id, " "), accounts.Raise(string(practiceID))); err != nil || listed(t, accounts)[1].Name != lab.Own().Addr {
		t.Errorf("its own name and place again: %v", err)
	}
	all, err := accounts.List()
	if err != nil || len(all) != 2 || all[1].Replies != 1 || all[1].State != "sign_in" || all[1].Setup.Horizon != 30 || len(all[1].Identities) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	if n := len(lab.Received()); n != 0 {
		t.Errorf("the customer got %d mails already", n)
	}
	if v, err := accounts.Test("3", id, setup, right); err != nil || !v.Works {
		t.Errorf("%+v, %v", v, err)
	}
	if err := accounts.Change(id, setup, right); err != nil {
		t.Fatal(err)
	}
	d.eventually(t, "the reply arrives", func(context.Context) (bool, error) { return len(lab.Received()) == 1, nil })
	got := parseMail(t, lab.Received()[0])
	if from := got.Header.Get("From"); !strings.Contains(from, "Shop returns") || !strings.Contains(from, "<returns@example.test>") {
		t.Errorf("from %q", from)
	}
	d.eventually(t, "nothing waits", func(ctx context.Context) (bool, error) {
		left, err := d.store.LeftOf(ctx, desk.AccountID(id))
		return left.Replies == 0, err
	})

	if err := accounts.Remove(id, 0, 0); err != nil {
		t.Fatal(err)
	}
	d.eventually(t, "all of it is gone", func(ctx context.Context) (bool, error) {
		page, err := d.store.List(ctx, store.ListQuery{View: store.ViewWaiting, Limit: 50})
		for _, c := range page.Rows {
			if c.Account == desk.AccountID(id) {
				return false, err
			}
		}
		return true, err
	})
	if all, err := accounts.List(); err != nil || len(all) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if n := len(lab.Inbox()); n == 0 {
		t.Error("the mail on the server is gone too")
	}
}

// A mailbox that can't be reached stops no other.
func TestABrokenAccountStopsNoOther(t *testing.T) {
	servers := maillab.NewServers(t)
	good, bad := servers.Lab(t, mail.TLSStart), servers.Lab(t, mail.TLSStart)
	d, accounts, _ := accountsDesk(t, outside{roots: good.Config().TLS})
	bad.Cut()
	for _, lab := range []*maillab.Lab{bad, good} {
		if _, err := accounts.Connect(setupOf(lab), MailboxSecrets{Password: labPassword(t, lab)}); err != nil {
			t.Fatal(err)
		}
	}
	good.Deliver(fmt.Appendf(nil, journeyQuestion, good.Customer().Addr, good.Own().Addr), time.Now())
	all, err := accounts.List()
	if err != nil || len(all) != 3 {
		t.Fatalf("%+v, %v", all, err)
	}
	d.customerMail(t, all[2].ID, "84,90 €")
}

func TestWithoutAKeyring(t *testing.T) {
	lab := maillab.Memory(t)
	d, accounts, _ := accountsDesk(t, outside{})
	t.Setenv(passphraseFile, filepath.Join(t.TempDir(), "gone"))
	if _, err := accounts.Connect(setupOf(lab), MailboxSecrets{Password: "pw-amira"}); desk.KindOf(err) != desk.KindKeyring {
		t.Errorf("%v", err)
	}
	if all, err := d.store.Accounts(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("an account without its password stayed: %+v, %v", all, err)
	}
}
