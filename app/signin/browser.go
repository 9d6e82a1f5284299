package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"fernpost/store/desk"
)

// Waits of a sign-in.
const (
	// PersonLimit is how long a person may take in the browser: passwords are
	// looked up, phones are fetched.
	PersonLimit   = 10 * time.Minute
	exchangeLimit = 30 * time.Second
	pageLimit     = 10 * time.Second
)

// Why a sign-in came to nothing, beside what desk's kinds say.
var (
	// ErrDenied: the person, or their organisation, said no.
	ErrDenied = errors.New("access was denied")
	// ErrClient: the authority doesn't know the program: a wrong client id,
	// tenant or redirect.
	ErrClient = errors.New("the authority doesn't know this program")
	// ErrStrange: what came back doesn't belong to what was asked.
	ErrStrange = errors.New("the answer doesn't belong to the question")
)

// Flow is what a sign-in needs of its surroundings.
type Flow struct {
	Open func(url string) // hands a page to the system's browser
	// Page is the text the browser shows at the end; ok: it may be closed.
	Page func(ok bool) string
	Web  *http.Client // nil: the usual
}

// Run opens the browser, waits for the person, and gives the tokens. address is
// who should sign in; the authority fills it in. Kinds: cancelled, refused
// (ErrDenied), invalid (ErrClient), unsafe (ErrStrange), offline.
func (f Flow) Run(ctx context.Context, a Authority, address string) (*oauth2.Token, error) {
	const doing = "sign in with the browser"
	if !a.Complete() {
		return nil, desk.E(desk.KindInvalid, doing, ErrClient)
	}
	ctx, cancel := context.WithTimeout(ctx, PersonLimit)
	defer cancel()
	// The port is random and the address a number: no name can be made to lead
	// elsewhere (RFC 8252 8.3).
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, desk.E(desk.KindInternal, doing, err)
	}
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	config := a.config(a.redirect(ln.Addr().(*net.TCPAddr).Port))
	wait := &redirect{state: state, page: f.Page, came: make(chan answer, 1)}
	server := &http.Server{Handler: wait, ReadHeaderTimeout: pageLimit, MaxHeaderBytes: 32 << 10}
	go func() { _ = server.Serve(ln) }() // ends with Shutdown below
	defer func() {
		ending, done := context.WithTimeout(context.WithoutCancel(ctx), time.Second) // the page is still being read
		defer done()
		if server.Shutdown(ending) != nil {
			_ = server.Close()
		}
	}()
	f.Open(config.AuthCodeURL(state, append(a.options(),
		oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("login_hint", address))...))
	select {
	case got := <-wait.came:
		if got.err != nil {
			return nil, got.err
		}
		return exchange(ctx, f.Web, config, got.code, verifier)
	case <-ctx.Done():
		return nil, desk.E(desk.KindCancelled, doing, ctx.Err())
	}
}

// answer is what the browser brought back.
type answer struct {
	code string
	err  error
}

// redirect is the page on this computer to which the authority sends the
// browser back. Only the first answer with the right state counts; whatever else
// asks this port gets nothing.
type redirect struct {
	state string
	page  func(ok bool) string
	came  chan answer
}

func (r *redirect) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	const doing = "sign in with the browser"
	q := req.URL.Query()
	ours := subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(r.state)) == 1
	if req.Method != http.MethodGet || req.URL.Path != "/" || !ours {
		http.NotFound(w, req) // another program's, or somebody guessing: it ends nothing
		return
	}
	got := answer{code: q.Get("code")}
	switch reason := q.Get("error"); {
	case reason == "access_denied" || reason == "consent_required":
		got.err = desk.E(desk.KindRefused, doing, ErrDenied)
	case reason == "temporarily_unavailable" || reason == "server_error":
		got.err = desk.E(desk.KindOffline, doing, errors.New("the authority is not available"))
	case reason != "":
		got.err = desk.E(desk.KindInvalid, doing, ErrClient)
	case got.code == "":
		got.err = desk.E(desk.KindUnsafe, doing, ErrStrange)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write([]byte(r.page(got.err == nil)))
	select {
	case r.came <- got:
	default: // the page was loaded again
	}
}

func exchange(ctx context.Context, web *http.Client, config *oauth2.Config, code, verifier string) (*oauth2.Token, error) {
	const doing = "exchange the code for a token"
	ctx, cancel := context.WithTimeout(ctx, exchangeLimit)
	defer cancel()
	token, err := config.Exchange(within(ctx, web), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return nil, judged(doing, err)
	}
	if token.RefreshToken == "" { // it would end in an hour
		return nil, desk.E(desk.KindInvalid, doing, errors.New("no refresh token"))
	}
	return token, nil
}
