package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// authorityOfTests lets everybody in. Each refresh token is good once.
type authorityOfTests struct {
	*httptest.Server
	mu      sync.Mutex
	turns   int
	good    string
	lasts   int // seconds
	revoked bool
}

func newAuthorityOfTests(t *testing.T) *authorityOfTests {
	t.Helper()
	a := &authorityOfTests{lasts: 1} // every token is old at once, and asks to be renewed
	mux := http.NewServeMux()
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		back := q.Get("redirect_uri") + "?" + url.Values{"state": {q.Get("state")}, "code": {"code"}}.Encode()
		http.Redirect(w, r, back, http.StatusFound)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if a.revoked || r.PostFormValue("grant_type") == "refresh_token" && r.PostFormValue("refresh_token") != a.good {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant"}`)
			return
		}
		a.turns++
		a.good = fmt.Sprint("refresh-", a.turns)
		_, _ = fmt.Fprintf(w, `{"access_token":"access-%d","token_type":"Bearer","expires_in":%d,"refresh_token":%q}`, a.turns, a.lasts, a.good)
	})
	a.Server = httptest.NewTLSServer(mux)
	t.Cleanup(a.Close)
	return a
}

// browsed is a desk whose person has signed in with the browser and not connected
// the mailbox yet, whose servers are nowhere.
type browsed struct {
	*Desk
	accounts  *Accounts
	authority *authorityOfTests
	setup     MailboxSetup
	ticket    string
}

func browse(t *testing.T, provider string) browsed {
	t.Helper()
	a := newAuthorityOfTests(t)
	d, accounts, _ := accountsDesk(t, outside{web: a.Client(), authority: a.URL})
	accounts.open = func(page string) {
		go func() {
			resp, err := a.Client().Get(page)
			if err == nil {
				_ = resp.Body.Close()
			}
		}()
	}
	nowhere := ServerView{Host: "127.0.0.1", Port: 1, TLS: "tls"}
	setup := MailboxSetup{
		Address: "amira@shop.example", Username: "amira@shop.example", IMAP: nowhere, SMTP: nowhere,
		SignIn: provider, Client: "client-1", Folders: []string{},
	}
	ticket, err := accounts.Browse("1", setup, MailboxSecrets{})
	if err != nil || ticket == "" {
		t.Fatalf("%q, %v", ticket, err)
	}
	return browsed{d, accounts, a, setup, ticket}
}

func TestTokensAreKeptFreshAndSealed(t *testing.T) {
	d := browse(t, "google")
	accounts, a, setup, ticket := d.accounts, d.authority, d.setup, d.ticket
	if _, err := accounts.Connect(setup, MailboxSecrets{Ticket: "made up"}); desk.KindOf(err) != desk.KindSignIn {
		t.Errorf("a ticket nobody gave: %v", err)
	}
	id, err := accounts.Connect(setup, MailboxSecrets{Ticket: ticket, ClientSecret: "told to all"})
	if err != nil {
		t.Fatal(err)
	}
	st, err := d.station(desk.AccountID(id))
	if err != nil {
		t.Fatal(err)
	}
	st.end() // its own looks would renew the token too

	settings := settingsOf(setup)
	box := d.sealedOf(desk.AccountID(id), settings)
	before := a.turns
	a.lasts = 3600
	var all sync.WaitGroup
	for range 8 { // as many as want it at once, and one of them asks
		all.Go(func() {
			if token, err := box.Secret(t.Context(), mail.SecretToken); err != nil || token != fmt.Sprint("access-", before+1) {
				t.Errorf("%q, %v", token, err)
			}
		})
	}
	all.Wait()
	if a.turns != before+1 {
		t.Errorf("renewed %d times", a.turns-before)
	}
	again := d.sealedOf(desk.AccountID(id), settings) // as after a restart
	if token, err := again.Renew(t.Context(), mail.SecretToken, fmt.Sprint("access-", before+1)); err != nil || token != fmt.Sprint("access-", before+2) {
		t.Errorf("after a refusal: %q, %v", token, err)
	}
	looks := d.sealedOf(desk.AccountID(id), settings)
	looks.looking, looks.clock = true, func() time.Time { return time.Now().Add(24 * time.Hour) }
	if _, err := looks.Secret(t.Context(), mail.SecretToken); desk.KindOf(err) != desk.KindCancelled {
		t.Errorf("doctor renews nothing: %v", err)
	}
	a.revoked = true
	if _, err := again.Renew(t.Context(), mail.SecretToken, fmt.Sprint("access-", before+2)); desk.KindOf(err) != desk.KindSignIn {
		t.Errorf("taken back: %v", err)
	}
}

// An account whose sign-in was taken back waits for its person; nothing is lost.
func TestATakenBackSignInPausesTheAccount(t *testing.T) {
	d := browse(t, "microsoft")
	accounts, a, setup, ticket := d.accounts, d.authority, d.setup, d.ticket
	a.mu.Lock()
	a.revoked = true
	a.mu.Unlock()
	id, err := accounts.Connect(setup, MailboxSecrets{Ticket: ticket})
	if err != nil {
		t.Fatal(err)
	}
	d.eventually(t, "sign-in is asked for", d.stateIs(id, desk.AccountSignIn))
	all, err := accounts.List()
	if err != nil || len(all) != 2 || all[1].State != "sign_in" || all[1].Setup.SignIn != "microsoft" || all[1].Setup.Client != "client-1" {
		t.Errorf("%+v, %v", all, err)
	}
}
