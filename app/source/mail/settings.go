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

// The names under which Secrets is asked for passwords. An account without
// SecretSMTP uses SecretIMAP for both.
const (
	SecretIMAP = "imap"
	SecretSMTP = "smtp"
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
	Username  string   `json:"username"`
	Addresses []string `json:"addresses"` // our own, the first is the account's
	IMAP      Server   `json:"imap"`
	SMTP      Server   `json:"smtp"`
	Sent      string   `json:"sent,omitempty"`    // folder names; found by role when ""
	Junk      string   `json:"junk,omitempty"`    //
	Folders   []string `json:"folders,omitempty"` // further ones to bring in
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
	for _, srv := range []Server{s.IMAP, s.SMTP} {
		if srv.Host == "" || srv.Port <= 0 || srv.Port > 65535 {
			return desk.E(desk.KindInvalid, doing, errors.New("no server, or no such port"))
		}
		switch srv.TLS {
		case TLSImplicit, TLSStart:
		case TLSPlain:
			if !isLoopback(srv.Host) {
				return desk.E(desk.KindUnsafe, doing, errors.New("plain text is for this computer alone"))
			}
		default:
			return desk.E(desk.KindInvalid, doing, fmt.Errorf("unknown protection %q", srv.TLS))
		}
	}
	return nil
}

// owns compares as the wire does: without case, the domain in ASCII.
func (s Settings) owns(addr string) bool {
	theirs, err := wireAddress(addr)
	return err == nil && slices.ContainsFunc(s.Addresses, func(own string) bool {
		ours, err := wireAddress(own)
		return err == nil && strings.EqualFold(ours, theirs)
	})
}

func (srv Server) address() string { return net.JoinHostPort(srv.Host, strconv.Itoa(srv.Port)) }

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
