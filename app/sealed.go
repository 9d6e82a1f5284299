package app

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"sync"

	"golang.org/x/oauth2"

	"fernpost/app/signin"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/find"
	"fernpost/store"
	"fernpost/store/desk"
)

// Names of an account's secrets beside the mail source's own.
const (
	secretTokens = "oauth"  // access and refresh token, as JSON
	secretClient = "client" // what Google calls a client secret
)

func secretName(a desk.AccountID, name string) string { return string(a) + "/" + name }

// sealed unseals an account's secrets for the moment of use, and keeps its
// tokens fresh.
type sealed struct {
	store     *store.Store
	dir       string
	account   desk.AccountID
	authority *mail.Authority // nil: a password
	clock     desk.Clock
	looking   bool // never renew: nothing can be kept
	outside   outside

	// renewing lets one ask for a new token at a time: where each refresh token
	// is good once, the second would be taken for a thief.
	renewing sync.Mutex
}

// outside puts a scripted authority and a resolver in the places of the real ones,
// for tests.
type outside struct {
	web       *http.Client // nil: the usual
	authority string       // where the scripted one lives, "" for the real ones
	finder    find.Finder
	roots     *tls.Config
}

func (o outside) at(a signin.Authority) signin.Authority {
	if o.authority != "" {
		a.AuthURL, a.TokenURL = o.authority+"/authorize", o.authority+"/token"
	}
	return a
}

// Secret implements source.Secrets.
func (s *sealed) Secret(ctx context.Context, name string) (string, error) {
	if name != mail.SecretToken {
		return s.read(ctx, name)
	}
	return s.token(ctx, "")
}

// Renew gives another token for one that the server refused.
func (s *sealed) Renew(ctx context.Context, _, refused string) (string, error) {
	return s.token(ctx, refused)
}

func (s *sealed) token(ctx context.Context, refused string) (string, error) {
	const doing = "get a token"
	s.renewing.Lock()
	defer s.renewing.Unlock()
	text, err := s.read(ctx, secretTokens)
	if err != nil {
		return "", err
	}
	var t oauth2.Token
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return "", desk.E(desk.KindSignIn, doing, nil)
	}
	if t.AccessToken != refused && signin.Fresh(&t, s.clock()) {
		return t.AccessToken, nil
	}
	if s.looking {
		return "", desk.E(desk.KindCancelled, doing, nil)
	}
	a, err := s.whoLetsIn(ctx)
	if err != nil {
		return "", err
	}
	// Asked and kept whatever becomes of the caller: from the moment the
	// authority has answered, the old token may be good no more.
	fresh, err := signin.Refresh(context.WithoutCancel(ctx), s.outside.web, s.outside.at(a), &t)
	if err != nil {
		return "", err
	}
	if err := s.keepToken(context.WithoutCancel(ctx), fresh); err != nil {
		return "", err
	}
	return fresh.AccessToken, nil
}

func (s *sealed) whoLetsIn(ctx context.Context) (signin.Authority, error) {
	client, err := s.read(ctx, secretClient)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return signin.Authority{}, err
	}
	a := signin.Authority{Secret: client}
	if s.authority != nil {
		a.Provider, a.Client, a.Tenant = s.authority.Provider, s.authority.Client, s.authority.Tenant
	}
	return a, nil
}

func (s *sealed) read(ctx context.Context, name string) (string, error) {
	key, err := profileKey(s.dir, true)
	if err != nil {
		return "", err
	}
	return s.store.Secret(ctx, key, secretName(s.account, name))
}

func (s *sealed) keepToken(ctx context.Context, t *oauth2.Token) error {
	text, err := json.Marshal(t)
	if err != nil {
		return desk.E(desk.KindInternal, "keep a token", err)
	}
	return s.put(ctx, map[string]string{secretTokens: string(text)})
}

// put seals what isn't empty. The profile key is made by the first secret of all.
func (s *sealed) put(ctx context.Context, secrets map[string]string) error {
	has, err := s.store.HasSecrets(ctx)
	if err != nil {
		return err
	}
	key, err := profileKey(s.dir, has)
	if err != nil {
		return err
	}
	for name, value := range secrets {
		if value == "" {
			continue
		}
		if err := s.store.PutSecret(ctx, key, secretName(s.account, name), value); err != nil {
			return err
		}
	}
	return nil
}
