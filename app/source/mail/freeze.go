package mail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// frozenReply is the payload of a reply: one line of JSON for the envelope, then
// the mail, byte for byte as it leaves. Nothing is composed at a later attempt,
// so no later version of the program can compose it otherwise: of a mail with
// files only their base64 is filled in, whose form RFC 2045 leaves no choice in
// once the lines' length is set.
type frozenReply struct {
	Version   int       `json:"v"`
	ID        desk.OpID `json:"id"`
	MessageID string    `json:"message_id"` // without <>
	From      string    `json:"from"`
	To        []string  `json:"to"`  // all customer recipients, Bcc among them
	Own       string    `json:"own"` // for the proof copy, "" when among To
	UTF8      bool      `json:"utf8,omitempty"`
	Files     []hole    `json:"files,omitempty"`
	mail      composed
}

// A payload without files is as it always was.
const (
	frozenPlain = 1
	frozenFiles = 2
)

// FreezeReply renders a reply. The same reply gives the same bytes.
func (s *Source) FreezeReply(r source.Reply) (source.Frozen, error) {
	const doing = "freeze a reply"
	f := frozenReply{Version: frozenPlain, ID: r.OpID}
	if r.OpID == "" || strings.ContainsAny(string(r.OpID), " <>@\r\n\x00") {
		return source.Frozen{}, desk.E(desk.KindInvalid, doing, errors.New("no usable id"))
	}
	from, err := wireAddress(r.From.Addr)
	if err != nil {
		return source.Frozen{}, desk.E(desk.KindInvalid, doing, err)
	}
	f.From, f.Own = from, from
	if err := f.receivers(r.To, r.Cc, r.Bcc); err != nil {
		return source.Frozen{}, desk.E(desk.KindInvalid, doing, err)
	}
	for _, a := range append([]string{f.From}, f.To...) {
		f.UTF8 = f.UTF8 || !isASCII(a)
	}
	f.MessageID = string(r.OpID) + "@" + from[strings.LastIndexByte(from, '@')+1:]
	f.mail = compose(r, f.MessageID)
	if f.Files = f.mail.holes; len(f.Files) > 0 {
		f.Version = frozenFiles
	}

	head, err := json.Marshal(f)
	if err != nil {
		return source.Frozen{}, desk.E(desk.KindInternal, doing, err)
	}
	payload := bytes.Join([][]byte{head, f.mail.text}, []byte("\n"))
	const talk = 1200 // greeting, handshake, sign-in and envelope
	return source.Frozen{Payload: payload, Bytes: f.mail.size() + talk}, nil
}

// receivers fills in the envelope: every address once, whatever its case.
func (f *frozenReply) receivers(lists ...[]desk.Address) error {
	seen := map[string]bool{}
	for _, list := range lists {
		for _, a := range list {
			to, err := wireAddress(a.Addr)
			if err != nil {
				return err
			}
			if folded := strings.ToLower(to); !seen[folded] {
				seen[folded] = true
				f.To = append(f.To, to)
			}
		}
	}
	if len(f.To) == 0 {
		return errors.New("nobody to send to")
	}
	if seen[strings.ToLower(f.Own)] {
		f.Own = ""
	}
	return nil
}

// thawReply reads what FreezeReply made.
func thawReply(sub source.Submission) (*frozenReply, error) {
	const doing = "read a frozen reply"
	head, mail, ok := bytes.Cut(sub.Payload, []byte("\n"))
	var f frozenReply
	if err := json.Unmarshal(head, &f); !ok || err != nil {
		return nil, desk.E(desk.KindUnreadable, doing, err)
	}
	f.mail = composed{mail, f.Files}
	if f.Version < frozenPlain || f.Version > frozenFiles || f.ID != sub.ID || len(f.To) == 0 || !bytes.HasSuffix(mail, []byte("\r\n")) {
		return nil, desk.E(desk.KindUnreadable, doing, errors.New("not a reply of this op"))
	}
	if err := f.mail.checkHoles(); err != nil {
		return nil, desk.E(desk.KindUnreadable, doing, err)
	}
	return &f, nil
}

// wireAddress gives an address as SMTP wants it: the domain in ASCII (RFC 5890),
// the local part as it is. What could end a header line or an SMTP command is
// refused, never repaired: an address means exactly one mailbox.
func wireAddress(addr string) (string, error) {
	at := strings.LastIndexByte(addr, '@')
	if at <= 0 || at == len(addr)-1 || len(addr) > 320 {
		return "", errors.New("not an address")
	}
	local, domain := addr[:at], addr[at+1:]
	for _, c := range local {
		if c <= ' ' || c == 0x7f || strings.ContainsRune(`<>()[]:;@\,"`, c) || c == 0xfffd {
			return "", errors.New("a character that stands in no address")
		}
	}
	domain, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return "", fmt.Errorf("not a domain: %w", err)
	}
	for _, c := range domain {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return "", errors.New("not a domain")
		}
	}
	return local + "@" + domain, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
