package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	mailsource "fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// huntFor searches the servers to the end.
func huntFor(t *testing.T, inbox *Inbox, text string, anyway bool) ServerSearchView {
	t.Helper()
	if err := inbox.SearchServer(text, anyway); err != nil {
		t.Fatal(err)
	}
	var view ServerSearchView
	await(t, "search on the server", func() bool {
		var err error
		if view, err = inbox.ServerSearch(); err != nil {
			t.Error(err)
		}
		return view.State != "running" && view.State != "waits"
	})
	return view
}

func TestThePracticeServerIsSearched(t *testing.T) {
	_, c := practiceDesk(t)
	inbox := &Inbox{c}
	before, err := inbox.Counts()
	if err != nil {
		t.Fatal(err)
	}
	here, err := inbox.Search(SearchRequest{Text: "Teleskop"})
	if err != nil || len(here.Hits) != 0 || !here.Beyond || here.Since == 0 {
		t.Fatalf("before: %+v, %v", here, err)
	}
	if view := huntFor(t, inbox, "Teleskop", false); view.State != "done" || view.Found == 0 {
		t.Fatalf("%+v", view)
	}
	found, err := inbox.Search(SearchRequest{Text: "Teleskop"})
	if err != nil || len(found.Hits) == 0 || !found.Hits[0].Server || found.Hits[0].Row.Status != "done" {
		t.Fatalf("after: %+v, %v", found, err)
	}
	if found.Since != here.Since {
		t.Error("what was found doesn't mean that everything since is here")
	}
	after, err := inbox.Counts()
	if err != nil || after.Inbox != before.Inbox || after.Done <= before.Done {
		t.Errorf("counts %+v before, %+v after, %v", before, after, err)
	}
	if view := huntFor(t, inbox, "Teleskop", false); view.State != "done" || view.Found != 0 {
		t.Errorf("found again: %+v", view)
	}
}

func TestOperatorsHereAndOnThePracticeServer(t *testing.T) {
	_, c := practiceDesk(t)
	inbox := &Inbox{c}
	find := func(text string) []HitView {
		t.Helper()
		view, err := inbox.Search(SearchRequest{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return view.Hits
	}
	unread := find("is:open is:unread")
	if len(unread) == 0 || unread[0].Row.Unread == 0 || unread[0].Row.Status != "open" {
		t.Fatalf("%+v", unread)
	}
	for _, h := range find("-is:unread") {
		if h.Row.Unread > 0 {
			t.Errorf("%+v", h.Row)
		}
	}
	if view := huntFor(t, inbox, "is:done -x", false); view.State != "failed" || view.Kind != "refused" {
		t.Errorf("nothing that a server knows: %+v", view)
	}
	here := len(find("Teleskop"))
	for text, want := range map[string]bool{
		"Teleskop from:nobody@elsewhere.example": false, "Teleskop after:2100": false, "Teleskop is:done before:today": true,
	} {
		view := huntFor(t, inbox, text, false)
		if view.State != "done" || view.Text != text || !want && view.Found > 0 {
			t.Errorf("%s: %+v", text, view)
		}
		if hits := find(text); want && (view.Found == 0 || len(hits) <= here || !hits[0].Server) {
			t.Errorf("%s: %+v, %d hits", text, view, len(hits))
		}
	}
}

func TestDovecotIsSearchedAndWhatWasFoundStays(t *testing.T) {
	lab := maillab.Dovecot(t, mailsource.TLSPlain)
	old := func(n int, days int, text string) {
		raw := fmt.Sprintf("From: Katharina Vogt <%s>\r\nTo: %s\r\nSubject: Old matter %d\r\nMessage-ID: <old-%d@customer.example>\r\n"+
			"Date: Tue, 17 Nov 2020 09:12:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"+
			"Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n", lab.Customer().Addr, lab.Own().Addr, n, n, text)
		lab.Deliver([]byte(raw), time.Now().Add(-time.Duration(days)*24*time.Hour))
	}
	old(1, 700, "The wheelbarrow came without a wheel.")
	old(2, 400, "Die Schubkarre kam ohne Räder.")
	old(3, 3, "A new matter about a wheelbarrow.")

	o := newOpening(t.Context())
	d, err := openDesk(t.Context(), deskOptions{dir: t.TempDir(), clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	o.finish(d, nil)
	account := desk.Account{
		ID: "help", Kind: desk.AccountMail, Address: lab.Own(), State: desk.AccountOK,
		Settings: lab.Settings().Marshal(), Created: time.Now(),
	}
	if err := d.store.PutAccount(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	d.begin(d.newStation(account, lab.Settings(), lab.Config().Secrets))
	inbox := &Inbox{calls{o}}
	hits := func(text string) int {
		t.Helper()
		view, err := inbox.Search(SearchRequest{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return len(view.Hits)
	}
	await(t, "first sync", func() bool { return hits("wheelbarrow") == 1 })
	await(t, "end of the first sync", func() bool {
		a := theAccount(t, calls{o})
		return a.ID == "help" && !a.Importing && a.Line == "answered"
	})
	if view := huntFor(t, inbox, "wheelbarrow", false); view.Found != 1 || hits("wheelbarrow") != 2 {
		t.Errorf("%+v, %d hits", view, hits("wheelbarrow"))
	}
	if view := huntFor(t, inbox, "Räder", false); view.Found != 1 || hits("Räder") != 1 {
		t.Errorf("%+v, %d hits", view, hits("Räder"))
	}
	// The next rounds leave it alone, until it is deleted on the server.
	st, err := d.station("help")
	if err != nil {
		t.Fatal(err)
	}
	within(t, "another round", func(ctx context.Context) error { return st.intake.CatchUp(ctx) })
	if hits("wheelbarrow") != 2 {
		t.Error("what was found is gone after the next look")
	}
	lab.Expunge("old-1@customer.example")
	await(t, "the loss of what was found", func() bool {
		st.intake.Wake()
		return hits("wheelbarrow") == 1
	})
}
