package app

import (
	"context"
	"crypto/rand"
	"sync"

	"golang.org/x/oauth2"

	"fernpost/app/signin"
	"fernpost/app/source/mail"
	"fernpost/i18n"
	"fernpost/store/desk"
)

// tickets stand for tokens that the browser brought and that belong to no
// account yet: the screen holds the ticket and never sees the token.
type tickets struct {
	mu  sync.Mutex
	all map[string]*oauth2.Token
}

func (t *tickets) put(token *oauth2.Token) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[string]*oauth2.Token{}
	}
	name := rand.Text()
	t.all[name] = token
	return name
}

func (t *tickets) token(name string) (*oauth2.Token, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if token, ok := t.all[name]; ok {
		return token, nil
	}
	return nil, desk.E(desk.KindSignIn, "find the sign-in", nil)
}

func (t *tickets) drop(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, name)
}

// typed are the secrets of a test: what the person typed, else what is stored.
type typed struct {
	secrets MailboxSecrets
	tickets *tickets
	stored  *sealed // nil for a mailbox that isn't connected yet
}

// Secret implements source.Secrets.
func (t *typed) Secret(ctx context.Context, name string) (string, error) {
	switch {
	case name == mail.SecretToken && t.secrets.Ticket != "":
		token, err := t.tickets.token(t.secrets.Ticket)
		if err != nil {
			return "", err
		}
		return token.AccessToken, nil
	case name == mail.SecretIMAP && t.secrets.Password != "":
		return t.secrets.Password, nil
	case name == mail.SecretSMTP && t.secrets.SMTPPassword != "":
		return t.secrets.SMTPPassword, nil
	case t.stored == nil:
		return "", desk.E(desk.KindNotFound, "find secret", nil)
	}
	return t.stored.Secret(ctx, name)
}

// browse has the person sign in with the browser and gives a ticket.
func (d *Desk) browse(ctx context.Context, open func(string), setup MailboxSetup, secrets MailboxSecrets) (string, error) {
	settings := settingsOf(setup)
	if settings.Authority == nil {
		return "", desk.E(desk.KindInvalid, "sign in with the browser", nil)
	}
	words, err := d.words(ctx)
	if err != nil {
		return "", err
	}
	flow := signin.Flow{Open: open, Web: d.outside.web, Page: func(ok bool) string {
		if ok {
			return words.Say("cli.signin.done", nil)
		}
		return words.Say("cli.signin.notDone", nil)
	}}
	token, err := flow.Run(ctx, d.outside.at(signin.Authority{
		Provider: settings.Authority.Provider, Client: settings.Authority.Client,
		Tenant: settings.Authority.Tenant, Secret: secrets.ClientSecret,
	}), settings.Addresses[0])
	if err != nil {
		return "", err
	}
	return d.tickets.put(token), nil
}

// words are in the language the agent chose.
func (d *Desk) words(ctx context.Context) (*i18n.Words, error) {
	locale, err := d.store.Setting(ctx, settingLocale, "")
	if err != nil {
		return nil, err
	}
	if locale == "" {
		locale = i18n.System()
	}
	return i18n.New(locale)
}
