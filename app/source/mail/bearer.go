package mail

import (
	"strconv"

	"github.com/emersion/go-sasl"
)

// bearer signs in with a token: OAUTHBEARER (RFC 7628), or XOAUTH2 as Google and
// Microsoft describe it. A server that refuses says why in a challenge, and
// waits for a word before it says NO: the libraries' own clients don't give it.
type bearer struct {
	name  string
	first string
	sent  bool
}

func newBearer(c credentials) mechanism {
	return &bearer{name: sasl.OAuthBearer, first: "n,a=" + saslName(c.user) + ",\x01host=" + c.server.Host +
		"\x01port=" + strconv.Itoa(c.server.Port) + "\x01auth=Bearer " + c.secret + "\x01\x01"}
}

func newXOAuth2(c credentials) mechanism {
	return &bearer{name: xoauth2, first: "user=" + c.user + "\x01auth=Bearer " + c.secret + "\x01\x01"}
}

// saslName escapes what parts a GS2 header (RFC 5801 4).
func saslName(name string) string {
	out := make([]byte, 0, len(name))
	for i := range len(name) {
		switch name[i] {
		case ',':
			out = append(out, "=2C"...)
		case '=':
			out = append(out, "=3D"...)
		default:
			out = append(out, name[i])
		}
	}
	return string(out)
}

// Start implements sasl.Client.
func (b *bearer) Start() (string, []byte, error) {
	b.sent = true
	return b.name, []byte(b.first), nil
}

// Next implements sasl.Client: the word after a refusal (RFC 7628 3.2.3).
func (b *bearer) Next([]byte) ([]byte, error) { return []byte{1}, nil }

func (b *bearer) called() string { return b.name }
func (b *bearer) proved() bool   { return b.sent }
func (b *bearer) settled() error { return nil }
