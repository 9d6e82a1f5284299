package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

// What the wire-order test's line carries.
const (
	wireRate   = 80_000 // bytes a second, each way
	wireDelay  = 50 * time.Millisecond
	wireFile   = 5_000_000
	wireOthers = 40     // new mails
	wireText   = 12_000 // of text each, which no compression makes much smaller
)

// noise is text of which nothing repeats.
func noise(n int) (text string, raw []byte) {
	raw = make([]byte, n)
	rng := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = rng.Read(raw)
	var b strings.Builder
	for coded := base64.StdEncoding.EncodeToString(raw); coded != ""; {
		cut := min(76, len(coded))
		b.WriteString(coded[:cut] + "\r\n")
		coded = coded[cut:]
	}
	return b.String(), raw
}

// wireLetter is a customer's mail; file is base64, "" for none.
func wireLetter(lab *maillab.Lab, n int, text, file string) []byte {
	head := fmt.Sprintf("From: Customer %d <%s>\r\nTo: %s\r\nSubject: Order %d\r\n"+
		"Message-ID: <wire-%d@customer.example>\r\nMIME-Version: 1.0\r\n", n, lab.Customer().Addr, lab.Own().Addr, n, n)
	if file == "" {
		return []byte(head + "Content-Type: text/plain\r\n\r\n" + text)
	}
	return []byte(head + "Content-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\nContent-Type: text/plain\r\n\r\n" + text +
		"\r\n--edge\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=bill.pdf\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + file + "\r\n--edge--\r\n")
}

// subjects gives the account's conversations by their subject.
func (d *Desk) subjects(ctx context.Context, account string) (map[string]desk.Conversation, error) {
	page, err := d.store.List(ctx, store.ListQuery{Account: desk.AccountID(account), View: store.ViewInbox, Limit: 100})
	all := map[string]desk.Conversation{}
	for _, c := range page.Rows {
		all[c.Subject] = c
	}
	return all, err
}

// textsOf counts how many of them have their text.
func (d *Desk) textsOf(ctx context.Context, all map[string]desk.Conversation) (n int, err error) {
	for _, c := range all {
		messages, err := d.store.Messages(ctx, c.ID)
		if err != nil {
			return 0, err
		}
		if len(messages) > 0 && messages[0].TextState == desk.TextHere {
			n++
		}
	}
	return n, nil
}

// DESIGN's order on the wire, on a real server: while a large file comes down, a
// reply leaves and the conversation that is opened gets its text, before other
// texts and before the rest of the file.
func TestAReplyAndWhatIsOpenedOvertakeALargeFile(t *testing.T) {
	lab := maillab.NewServers(t).Lab(t, mail.TLSImplicit)
	coded, raw := noise(wireFile)
	lab.Deliver(wireLetter(lab, 0, "The bill is with this.", coded), time.Now().Add(-time.Hour))
	d, accounts, c := accountsDesk(t, outside{roots: lab.Config().TLS})
	account, err := accounts.Connect(setupOf(lab), MailboxSecrets{Password: labPassword(t, lab)})
	if err != nil {
		t.Fatal(err)
	}
	first := d.customerMail(t, account, "The bill is with this.")
	messages, err := d.store.Messages(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	file := messages[0].Attachments[0]
	here := func() int64 {
		a, err := d.store.Attachment(t.Context(), file.ID)
		if err != nil {
			t.Fatal(err)
		}
		return a.Have
	}
	lab.IMAP.Slow(wireRate, wireDelay)
	lab.SMTP.Slow(wireRate, wireDelay)
	files, composer, inbox := &Files{calls: c}, &Composer{calls: c}, &Inbox{calls: c}
	if err := files.Fetch(file.ID.String()); err != nil {
		t.Fatal(err)
	}
	d.eventually(t, "the file comes down", func(context.Context) (bool, error) { return here() > 0, nil })

	for n := 1; n <= wireOthers; n++ {
		text, _ := noise(wireText + n)
		lab.Deliver(wireLetter(lab, n, text, ""), time.Now().Add(time.Duration(n-wireOthers)*time.Second))
	}
	draft, err := composer.Start(first.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	draft.Text = "We got your bill.\n"
	if draft, err = composer.Save(draft); err != nil {
		t.Fatal(err)
	}
	if _, err := composer.Send(SendRequest{Draft: draft.ID, Then: "waiting"}); err != nil {
		t.Fatal(err)
	}
	var all map[string]desk.Conversation
	d.eventually(t, "the look before the reply brings the new heads", func(ctx context.Context) (_ bool, err error) {
		all, err = d.subjects(ctx, account)
		return len(all) >= wireOthers, err
	})
	oldest := all["Order 1"]
	if _, err := inbox.Open(oldest.ID.String()); err != nil {
		t.Fatal(err)
	}
	d.eventually(t, "its text", func(ctx context.Context) (bool, error) {
		messages, err := d.store.Messages(ctx, oldest.ID)
		return err == nil && messages[0].TextState == desk.TextHere, err
	})
	others, err := d.textsOf(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	if others > wireOthers/2 {
		t.Errorf("what is on screen came after %d other texts of %d", others, wireOthers)
	}
	if got := here(); got > file.Size/2 {
		t.Errorf("the text came after %d bytes of a file of %d", got, file.Size)
	}
	d.eventually(t, "the reply leaves", func(ctx context.Context) (bool, error) {
		left, err := d.store.LeftOf(ctx, desk.AccountID(account))
		return left.Replies == 0, err
	})
	if got := here(); got > file.Size/2 {
		t.Errorf("the reply left after %d bytes of a file of %d", got, file.Size)
	}

	lab.IMAP.Slow(0, 0)
	d.eventually(t, "the whole file", func(context.Context) (bool, error) { return here() >= file.Size, nil })
	r, err := d.store.ReadBlob(t.Context(), file.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, r))
	if err != nil || !bytes.Equal(got, raw) {
		t.Errorf("%d bytes of %d came, %v", len(got), len(raw), err)
	}
}
