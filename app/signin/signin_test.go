package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"fernpost/store/desk"
)

// house is an authority that plays what a test wants of it.
type house struct {
	*httptest.Server
	t *testing.T
	// denies answers the person's request with this error.
	denies string
	// token answers the token endpoint; nil: as it should be.
	token http.HandlerFunc

	mu        sync.Mutex
	challenge string
	refresh   string // the one that is good now
	turns     int
	asked     url.Values
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, refresh: "refresh-0"}
	mux := http.NewServeMux()
	mux.HandleFunc("/authorize", h.authorize)
	mux.HandleFunc("/token", h.tokens)
	h.Server = httptest.NewTLSServer(mux)
	t.Cleanup(h.Close)
	return h
}

func (h *house) authority(provider string) Authority {
	return Authority{Provider: provider, Client: "client-1", AuthURL: h.URL + "/authorize", TokenURL: h.URL + "/token"}
}

func (h *house) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	h.mu.Lock()
	h.asked, h.challenge = q, q.Get("code_challenge")
	h.mu.Unlock()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}, "code": {"code-1"}}
	if h.denies != "" {
		answer = url.Values{"state": {q.Get("state")}, "error": {h.denies}}
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (h *house) tokens(w http.ResponseWriter, r *http.Request) {
	if h.token != nil {
		h.token(w, r)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		if r.PostFormValue("code") != "code-1" || base64.RawURLEncoding.EncodeToString(sum[:]) != h.challenge {
			problem(w, "invalid_grant")
			return
		}
	case "refresh_token":
		if r.PostFormValue("refresh_token") != h.refresh {
			problem(w, "invalid_grant")
			return
		}
	}
	h.turns++
	h.refresh = fmt.Sprint("refresh-", h.turns)
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"access_token":"access-%d","token_type":"Bearer","expires_in":3600,"refresh_token":%q}`, h.turns, h.refresh)
}

func problem(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = fmt.Fprintf(w, `{"error":%q,"error_description":"for amira@example.test"}`, code)
}

// browser goes where it is sent, and gives the last page.
func (h *house) browser(address string) (string, int) {
	client := &http.Client{Transport: h.Client().Transport}
	resp, err := client.Get(address)
	if err != nil {
		h.t.Errorf("browser: %v", err)
		return "", 0
	}
	defer resp.Body.Close()
	page := make([]byte, 100)
	n, _ := resp.Body.Read(page)
	return string(page[:n]), resp.StatusCode
}

// flow opens the browser with what open does to the address first.
func (h *house) flow(visit func(address string)) Flow {
	return Flow{
		Open: func(address string) { go visit(address) },
		Page: func(ok bool) string { return map[bool]string{true: "done", false: "not done"}[ok] },
		Web:  h.Client(),
	}
}

func TestSignIn(t *testing.T) {
	for _, provider := range []string{"google", "microsoft"} {
		h := newHouse(t)
		pages := make(chan string, 1)
		token, err := h.flow(func(address string) {
			page, _ := h.browser(address)
			pages <- page
		}).Run(t.Context(), h.authority(provider), "amira@example.test")
		if err != nil || token.AccessToken != "access-1" || token.RefreshToken != "refresh-1" {
			t.Fatalf("%s: %+v, %v", provider, token, err)
		}
		if page := <-pages; page != "done" {
			t.Errorf("the browser shows %q", page)
		}
		if h.asked.Get("login_hint") != "amira@example.test" || h.asked.Get("client_id") != "client-1" ||
			h.asked.Get("scope") != strings.Join(scopes[provider], " ") || len(h.asked.Get("state")) < 20 {
			t.Errorf("asked %v", h.asked)
		}
	}
}

func TestSignInThatComesToNothing(t *testing.T) {
	for name, c := range map[string]struct {
		denies string
		token  http.HandlerFunc
		kind   desk.Kind
		why    error
	}{
		"denied":                {denies: "access_denied", kind: desk.KindRefused, why: ErrDenied},
		"the authority is down": {denies: "temporarily_unavailable", kind: desk.KindOffline},
		"an unknown program":    {denies: "unauthorized_client", kind: desk.KindInvalid, why: ErrClient},
		"an expired code":       {token: func(w http.ResponseWriter, _ *http.Request) { problem(w, "invalid_grant") }, kind: desk.KindSignIn},
		"a wrong client":        {token: func(w http.ResponseWriter, _ *http.Request) { problem(w, "invalid_client") }, kind: desk.KindInvalid, why: ErrClient},
		"a web page": {token: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<html>sign in to the hotel</html>")
		}, kind: desk.KindOffline},
		"lies about its type": {token: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, "access_token=x&refresh_token=y")
		}, kind: desk.KindOffline},
		"no refresh token": {token: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, `{"access_token":"a","token_type":"Bearer","expires_in":3600}`)
		}, kind: desk.KindInvalid},
		"huge": {token: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"access_token":%q}`, strings.Repeat("a", 3<<20))
		}, kind: desk.KindOffline},
		"cut": {token: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, kind: desk.KindOffline},
		"sent elsewhere": {token: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/authorize", http.StatusTemporaryRedirect)
		}, kind: desk.KindOffline},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.denies, h.token = c.denies, c.token
			token, err := h.flow(func(address string) { h.browser(address) }).Run(t.Context(), h.authority("google"), "amira@example.test")
			if token != nil || desk.KindOf(err) != c.kind || c.why != nil && !errors.Is(err, c.why) {
				t.Errorf("%+v, %v (%s)", token, err, desk.KindOf(err))
			}
			if err != nil && strings.Contains(err.Error(), "amira") {
				t.Errorf("an address in an error: %v", err)
			}
		})
	}
}

// Whoever guesses the port ends nothing and learns nothing.
func TestStrangersAtTheDoor(t *testing.T) {
	h := newHouse(t)
	token, err := h.flow(func(address string) {
		asked, _ := url.Parse(address)
		door := asked.Query().Get("redirect_uri")
		for _, knock := range []string{"/", "/?code=evil", "/?state=wrong&code=evil", "/?state=&code=evil", "/favicon.ico?state=" + asked.Query().Get("state")} {
			if page, status := h.browser(door + knock); status != http.StatusNotFound {
				t.Errorf("%s: %d %q", knock, status, page)
			}
		}
		h.browser(address)
	}).Run(t.Context(), h.authority("google"), "")
	if err != nil || token.AccessToken != "access-1" {
		t.Errorf("%+v, %v", token, err)
	}
	token, err = h.flow(func(address string) {
		asked, _ := url.Parse(address)
		h.browser(asked.Query().Get("redirect_uri") + "/?state=" + asked.Query().Get("state"))
	}).Run(t.Context(), h.authority("google"), "")
	if token != nil || desk.KindOf(err) != desk.KindUnsafe || !errors.Is(err, ErrStrange) {
		t.Errorf("without a code: %+v, %v", token, err)
	}
}

func TestAPersonWhoGoesAway(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	token, err := h.flow(func(string) { cancel() }).Run(ctx, h.authority("google"), "")
	if token != nil || desk.KindOf(err) != desk.KindCancelled {
		t.Errorf("%+v, %v", token, err)
	}
}

func TestIncompleteAuthority(t *testing.T) {
	for _, a := range []Authority{
		{},
		{Provider: "google"},
		{Provider: "other", Client: "x"},
		{Provider: "microsoft", Client: "x", Tenant: "a/b"},
		{Provider: "microsoft", Client: "x", Tenant: "evil.example/../x"},
	} {
		if a.Complete() {
			t.Errorf("%+v passes", a)
		}
		if _, err := (Flow{}).Run(t.Context(), a, ""); desk.KindOf(err) != desk.KindInvalid {
			t.Errorf("%+v: %v", a, err)
		}
	}
	m := Authority{Provider: "microsoft", Client: "x", Tenant: "shop.example"}
	if at := m.config("").Endpoint.AuthURL; at != "https://login.microsoftonline.com/shop.example/oauth2/v2.0/authorize" || !m.Complete() {
		t.Error(at)
	}
}

func TestRefresh(t *testing.T) {
	h := newHouse(t)
	a := h.authority("google")
	token := &oauth2.Token{AccessToken: "old", RefreshToken: "refresh-0", Expiry: time.Now().Add(time.Hour)}
	for n := 1; n <= 3; n++ { // each refresh token is good once
		fresh, err := Refresh(t.Context(), h.Client(), a, token)
		if err != nil || fresh.AccessToken != fmt.Sprint("access-", n) || fresh.RefreshToken != fmt.Sprint("refresh-", n) {
			t.Fatalf("%d: %+v, %v", n, fresh, err)
		}
		token = fresh
	}
	token.RefreshToken = "refresh-1"
	if _, err := Refresh(t.Context(), h.Client(), a, token); desk.KindOf(err) != desk.KindSignIn {
		t.Errorf("taken back: %v", err)
	}
	if _, err := Refresh(t.Context(), h.Client(), a, &oauth2.Token{}); desk.KindOf(err) != desk.KindSignIn {
		t.Errorf("none: %v", err)
	}
	h.token = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	if _, err := Refresh(t.Context(), h.Client(), a, token); desk.KindOf(err) != desk.KindOffline {
		t.Errorf("down: %v", err)
	}
	h.Close()
	if _, err := Refresh(t.Context(), h.Client(), a, token); desk.KindOf(err) != desk.KindOffline {
		t.Errorf("cut: %v", err)
	}
}

func TestFresh(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		token oauth2.Token
		want  bool
	}{
		{oauth2.Token{}, false},
		{oauth2.Token{AccessToken: "x"}, true},
		{oauth2.Token{AccessToken: "x", Expiry: now.Add(time.Hour)}, true},
		{oauth2.Token{AccessToken: "x", Expiry: now.Add(time.Minute)}, false},
		{oauth2.Token{AccessToken: "x", Expiry: now.Add(-time.Minute)}, false},
	} {
		if got := Fresh(&c.token, now); got != c.want {
			t.Errorf("%+v: %v", c.token, got)
		}
	}
}
