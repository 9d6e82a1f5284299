package signin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"fernpost/store/desk"
)

// early is how long before its end a token counts as ended: a bad line may take
// that long to show it to the server.
const early = 2 * time.Minute

// Fresh tells that a token can be shown to a server at now.
func Fresh(t *oauth2.Token, now time.Time) bool {
	return t.AccessToken != "" && (t.Expiry.IsZero() || now.Add(early).Before(t.Expiry))
}

// Refresh gets another access token. What it gives replaces t as a whole: many
// authorities give each refresh token for one use (RFC 6749 6), so it has to be
// kept before anything else. Kind sign_in: the person must sign in again.
func Refresh(ctx context.Context, web *http.Client, a Authority, t *oauth2.Token) (*oauth2.Token, error) {
	const doing = "refresh the token"
	if t.RefreshToken == "" {
		return nil, desk.E(desk.KindSignIn, doing, errors.New("no refresh token"))
	}
	ctx, cancel := context.WithTimeout(ctx, exchangeLimit)
	defer cancel()
	ended := &oauth2.Token{RefreshToken: t.RefreshToken, Expiry: time.Unix(1, 0)}
	fresh, err := a.config("").TokenSource(within(ctx, web), ended).Token()
	if err != nil {
		return nil, judged(doing, err)
	}
	return fresh, nil
}

func within(ctx context.Context, web *http.Client) context.Context {
	if web == nil {
		web = &http.Client{}
	}
	only := *web
	// A token endpoint that sends us elsewhere would be told the code there.
	only.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return context.WithValue(ctx, oauth2.HTTPClient, &only)
}

// judged sorts what a token endpoint answered (RFC 6749 5.2).
func judged(doing string, err error) error {
	said, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return desk.E(desk.KindOffline, doing, withoutURL(err))
	}
	switch said.ErrorCode {
	case "invalid_grant", "interaction_required", "consent_required", "login_required":
		return desk.E(desk.KindSignIn, doing, errors.New(said.ErrorCode))
	case "invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type", "invalid_scope":
		return desk.E(desk.KindInvalid, doing, ErrClient)
	}
	if said.Response != nil && said.Response.StatusCode >= 400 && said.Response.StatusCode < 500 &&
		said.Response.StatusCode != http.StatusTooManyRequests && said.ErrorCode != "" {
		return desk.E(desk.KindSignIn, doing, errors.New("refused"))
	}
	return desk.E(desk.KindOffline, doing, errors.New("the authority gives no usable answer"))
}

// withoutURL keeps addresses and answers out of what may be logged.
func withoutURL(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return errors.New("the authority doesn't answer")
}
