package practice

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	"fernpost/store/desk"
)

// mailHead is what a customer's side reads of a mail.
type mailHead struct {
	id      string
	refs    []string // References, else In-Reply-To; oldest first
	subject string
	date    time.Time
	to      []desk.Address
	auto    bool
}

func readHead(raw []byte) mailHead {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) {
		return mailHead{auto: true} // nobody answers what they can't read
	}
	h := mail.Header{Header: e.Header}
	var head mailHead
	head.id, _ = h.MessageID()
	head.refs, _ = h.MsgIDList("References")
	if answered, _ := h.MsgIDList("In-Reply-To"); len(answered) > 0 && !slices.Contains(head.refs, answered[0]) {
		head.refs = append(head.refs, answered[0])
	}
	head.subject, _ = h.Subject()
	head.date, _ = h.Date()
	to, _ := h.AddressList("To")
	for _, a := range to {
		head.to = append(head.to, desk.Address{Name: a.Name, Addr: a.Address})
	}
	submitted := h.Get("Auto-Submitted")
	head.auto = submitted != "" && !strings.EqualFold(submitted, "no") || h.Get("Precedence") != ""
	return head
}

// readText gives the first plain text of a mail, with "\n" line ends.
func readText(raw []byte) (text string) {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) {
		return ""
	}
	_ = e.Walk(func(_ []int, part *message.Entity, err error) error {
		kind, _, _ := part.Header.ContentType()
		if err != nil || text != "" || kind != "text/plain" {
			return nil
		}
		data, _ := io.ReadAll(part.Body)
		text = strings.TrimSpace(strings.ReplaceAll(string(data), "\r\n", "\n"))
		return nil
	})
	return text
}
