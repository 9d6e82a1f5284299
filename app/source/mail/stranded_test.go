package mail

import (
	"net"
	"testing"
)

// from is a connection that says it stands on an address.
type from struct {
	net.Conn
	at net.Addr
}

func (f from) LocalAddr() net.Addr { return f.at }

func TestStranded(t *testing.T) {
	for name, c := range map[string]struct {
		at   net.Addr
		want bool
	}{
		"this computer's":          {&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, false},
		"another loopback":         {&net.TCPAddr{IP: net.IPv4(127, 8, 8, 8)}, false},
		"an address nobody has":    {&net.TCPAddr{IP: net.ParseIP("192.0.2.77")}, true}, // RFC 5737
		"an IPv6 one nobody has":   {&net.TCPAddr{IP: net.ParseIP("2001:db8::77")}, true},
		"no address that is known": {&net.TCPAddr{}, false},
		"a pipe":                   {&net.UnixAddr{}, false},
	} {
		if got := stranded(from{at: c.at}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (&Source{}).Stranded() {
		t.Error("no line can't be stranded")
	}
}
