package mail

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"fernpost/store/desk"
)

// TLSMode says how a connection is protected.
type TLSMode string

// The modes. Plain is for this computer alone: servers on loopback.
const (
	TLSImplicit TLSMode = "tls"
	TLSStart    TLSMode = "starttls"
	TLSPlain    TLSMode = "plain"
)

// The names under which Secrets is asked. An account without SecretSMTP uses
// SecretIMAP for both; one with an Authority uses SecretToken alone: an access
// token, good for now.
const (
	SecretIMAP  = "imap"
	SecretSMTP  = "smtp"
	SecretToken = "token"
)

// Server is where one protocol answers.
type Server struct {
	Host string  `json:"host"`
	Port int     `json:"port"`
	TLS  TLSMode `json:"tls"`
}

// Settings is what an account keeps, as JSON, in desk.Account.Settings. It
// never holds a secret.
type Settings struct {
	Username     string `json:"username"`
	SMTPUsername string `json:"smtp_username,omitempty"` // where it differs
	// Authority gives the tokens the account signs in with; nil: a password.
	Authority *Authority `json:"authority,omitempty"`
	// Mechanism is the only one to sign in with; "" leaves it to what is offered.
	Mechanism string   `json:"mechanism,omitempty"`
	Addresses []string `json:"addresses"` // our own, the first is the account's
	IMAP      Server   `json:"imap"`
	SMTP      Server   `json:"smtp"`
	Sent      string   `json:"sent,omitempty"`     // folder names; found by role when ""
	Junk      string   `json:"junk,omitempty"`     //
	Folders   []string `json:"folders,omitempty"`  // further ones to bring in
	AuthServ  string   `json:"authserv,omitempty"` // as whom our server gives Authentication-Results; guessed when ""
}

// Authority names who lets the account sign in by browser, and as which
// program: an administrator's choice.
type Authority struct {
	Provider string `json:"provider"` // google, microsoft
	Client   string `json:"client"`   // the client id an administrator registered
	Tenant   string `json:"tenant,omitempty"`
}

// ParseSettings reads what Marshal wrote and checks it.
func ParseSettings(data []byte) (Settings, error) {
	var s Settings
	if err := json.Unmarshal(data, &s); err != nil {
		return Settings{}, desk.E(desk.KindInvalid, "read mail settings", err)
	}
	return s, s.Check()
}

// Marshal gives the JSON for desk.Account.Settings.
func (s Settings) Marshal() []byte {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return data
}

// Check tells what makes the settings unusable, without any network.
func (s Settings) Check() error {
	const doing = "check mail settings"
	if s.Username == "" || len(s.Addresses) == 0 {
		return desk.E(desk.KindInvalid, doing, errors.New("no user name or no address"))
	}
	if s.Mechanism != "" && !slices.Contains(Mechanisms, s.Mechanism) {
		return desk.E(desk.KindInvalid, doing, errors.New("no such mechanism"))
	}
	if strings.ContainsFunc(s.AuthServ, notOfAName) {
		return desk.E(desk.KindInvalid, doing, errors.New("no such name in Authentication-Results"))
	}
	for _, srv := range []Server{s.IMAP, s.SMTP} {
		if srv.Host == "" || srv.Port <= 0 || srv.Port > 65535 {
			return desk.E(desk.KindInvalid, doing, errors.New("no server, or no such port"))
		}
		switch srv.TLS {
		case TLSImplicit, TLSStart:
		case TLSPlain:
			if !isLoopback(srv.Host) {
				return desk.E(desk.KindUnsafe, doing, errPlainOutside)
			}
		default:
			return desk.E(desk.KindInvalid, doing, fmt.Errorf("unknown protection %q", srv.TLS))
		}
	}
	return nil
}

// notOfAName tells what stands in no name that servers give themselves (RFC 8601
// 2.2: a value, which we don't take in quotes).
func notOfAName(r rune) bool { return r <= ' ' || strings.ContainsRune(`();="<>@,`, r) }

// owns compares as the wire does: without case, the domain in ASCII.
func (s Settings) owns(addr string) bool {
	theirs, err := wireAddress(addr)
	return err == nil && slices.ContainsFunc(s.Addresses, func(own string) bool {
		ours, err := wireAddress(own)
		return err == nil && strings.EqualFold(ours, theirs)
	})
}

// Address is host and port as they are dialled.
func (srv Server) Address() string { return net.JoinHostPort(srv.Host, strconv.Itoa(srv.Port)) }

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
