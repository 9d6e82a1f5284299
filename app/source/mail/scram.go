package mail

import (
	"errors"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"
)

// mostRounds bounds the work a server may ask for: a hostile one could name two
// thousand million rounds and keep the computer busy for an hour. Servers use
// 4,096 to 600,000.
const mostRounds = 2_000_000

// errNotTheServer: the other side let us in without knowing the password.
var errNotTheServer = errors.New("the server doesn't prove that it knows the password")

// scramming is a SCRAM exchange (RFC 5802). It is refused where the server can't
// show that it knows the password as well.
type scramming struct {
	name string
	talk *scram.ClientConversation
	step int
}

// newSCRAM gives nil where the mechanism can't be spoken: -PLUS without a
// binding, or a name or password that SASLprep forbids (RFC 4013).
func newSCRAM(name string, hash scram.HashGeneratorFcn, c credentials, binding *scram.ChannelBinding) mechanism {
	plus := strings.HasSuffix(name, "-PLUS")
	if plus && binding == nil {
		return nil
	}
	client, err := hash.NewClient(c.user, c.secret, "")
	if err != nil {
		return nil
	}
	m := &scramming{name: name}
	if plus {
		m.talk = client.NewConversationWithChannelBinding(*binding)
	} else {
		m.talk = client.NewConversation()
	}
	return m
}

// Start implements sasl.Client.
func (m *scramming) Start() (string, []byte, error) {
	first, err := m.talk.Step("")
	m.step = 1
	return m.name, []byte(first), err
}

// Next implements sasl.Client. The last answer is empty and not nil, which the
// libraries would take for the end.
func (m *scramming) Next(challenge []byte) ([]byte, error) {
	if m.step == 1 && rounds(string(challenge)) > mostRounds {
		return nil, errors.New("the server asks for more work than is sensible")
	}
	answer, err := m.talk.Step(string(challenge))
	switch {
	case err != nil && m.step > 1:
		return nil, errors.Join(errNotTheServer, err)
	case err != nil:
		return nil, err
	}
	m.step++
	return append([]byte{}, answer...), nil
}

// rounds reads i= of the server's first message.
func rounds(challenge string) int {
	for part := range strings.SplitSeq(challenge, ",") {
		if number, ok := strings.CutPrefix(part, "i="); ok {
			n, err := strconv.Atoi(number)
			if err != nil {
				return mostRounds + 1
			}
			return n
		}
	}
	return 0
}

func (m *scramming) called() string { return m.name }

func (m *scramming) proved() bool { return m.step > 1 }

func (m *scramming) settled() error {
	if !m.talk.Valid() {
		return errNotTheServer
	}
	return nil
}
