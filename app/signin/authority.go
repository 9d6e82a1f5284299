package signin

import (
	"net"
	"regexp"
	"strconv"

	"golang.org/x/oauth2"
)

// Authority is who lets people in, and as which program. An administrator
// registers the program and gets the client id; Fernpost ships none.
type Authority struct {
	Provider string // google, microsoft
	Client   string
	// Secret is what Google calls the client secret of a desktop app. It is no
	// secret (RFC 8252 8.5), but Google wants to be told it.
	Secret string
	Tenant string // Microsoft's; "" is for accounts of any organisation

	// AuthURL and TokenURL stand in for the provider's own, for tests.
	AuthURL, TokenURL string
}

// Scopes for reading and sending mail.
var scopes = map[string][]string{
	"google": {"https://mail.google.com/"},
	"microsoft": {
		"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access",
	},
}

// tenantName is a GUID, a domain, or one of Microsoft's own words.
var tenantName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,253}$`)

// Complete tells whether enough is known to sign in.
func (a Authority) Complete() bool {
	_, known := scopes[a.Provider]
	return known && a.Client != "" && (a.Tenant == "" || tenantName.MatchString(a.Tenant))
}

// redirect is where the browser comes back to. Microsoft takes any port at
// localhost, and 127.0.0.1 only where a manifest was edited by hand; Google takes
// any at 127.0.0.1.
func (a Authority) redirect(port int) string {
	host := "127.0.0.1"
	if a.Provider == "microsoft" {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
}

// options ask for a refresh token; Google gives one at a fresh consent alone, and
// at Microsoft many people may not consent by themselves.
func (a Authority) options() []oauth2.AuthCodeOption {
	if a.Provider == "google" {
		return []oauth2.AuthCodeOption{oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent")}
	}
	return []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("prompt", "select_account")}
}

func (a Authority) config(redirect string) *oauth2.Config {
	c := &oauth2.Config{ClientID: a.Client, ClientSecret: a.Secret, RedirectURL: redirect, Scopes: scopes[a.Provider]}
	switch a.Provider {
	case "google":
		c.Endpoint = oauth2.Endpoint{
			AuthURL: "https://accounts.google.com/o/oauth2/v2/auth", TokenURL: "https://oauth2.googleapis.com/token",
		}
	case "microsoft":
		tenant := a.Tenant
		if tenant == "" {
			tenant = "common"
		}
		at := "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/"
		c.Endpoint = oauth2.Endpoint{AuthURL: at + "authorize", TokenURL: at + "token"}
	}
	if a.AuthURL != "" {
		c.Endpoint = oauth2.Endpoint{AuthURL: a.AuthURL, TokenURL: a.TokenURL}
	}
	c.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	return c
}
