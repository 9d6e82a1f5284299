package app

import (
	"time"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// inspectedMail is what the app makes of a mail: of its head, its text and what
// came along.
type inspectedMail struct {
	label
	Subject     string            `json:"subject"`
	From        inspectedPerson   `json:"from"`
	To          []inspectedPerson `json:"to"`
	Cc          []inspectedPerson `json:"cc"`
	Date        string            `json:"date"`       // RFC 3339 with its own offset, or ""
	MessageID   string            `json:"message_id"` // without <>, as all ids
	InReplyTo   string            `json:"in_reply_to"`
	References  []string          `json:"references"`
	Language    string            `json:"language"` // "" until it is detected
	Text        string            `json:"text"`     // everything
	Trimmed     string            `json:"trimmed"`  // what the person wrote now
	HTML        string            `json:"html"`     // cleaned
	Attachments []inspectedFile   `json:"attachments"`
	Kind        string            `json:"kind"` // customer, bounce, auto, list
	Warnings    []string          `json:"warnings"`
}

type inspectedPerson struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

type inspectedFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"` // in bytes, decoded
	CID  string `json:"cid"`  // Content-ID without <>
}

func inspectMail(l label, input []byte) (any, error) {
	m := mailtext.Read(input)
	h := m.Header
	out := inspectedMail{
		label:       l,
		Subject:     h.Text("Subject"),
		From:        inspectedOf(h.Sender()),
		To:          inspectedPeople(h.Addresses("To")),
		Cc:          inspectedPeople(h.Addresses("Cc")),
		References:  append([]string{}, h.IDs("References")...),
		Text:        m.Text,
		Trimmed:     m.Body.Text,
		HTML:        m.Body.HTML,
		Attachments: []inspectedFile{},
		Kind:        string(m.Kind),
		Warnings:    append(mailtext.Marks(h, m.Kind, mailtext.Desk{}), m.Body.Warnings...),
	}
	out.Warnings = orEmpty(out.Warnings)
	if m.Kind == desk.KindPerson {
		out.Kind = "customer" // seen from the outside every person is one
	}
	if date := h.Date("Date"); !date.IsZero() {
		out.Date = date.Format(time.RFC3339)
	}
	if ids := h.IDs("Message-ID"); len(ids) > 0 {
		out.MessageID = ids[0]
	}
	if ids := h.IDs("In-Reply-To"); len(ids) > 0 {
		out.InReplyTo = ids[0]
	}
	for _, f := range m.Files {
		out.Attachments = append(out.Attachments, inspectedFile{f.Name, f.Type, f.Size, f.CID})
	}
	return out, nil
}

func inspectedOf(a desk.Address) inspectedPerson { return inspectedPerson{a.Name, a.Addr} }

func inspectedPeople(list []desk.Address) []inspectedPerson {
	out := make([]inspectedPerson, 0, len(list))
	for _, a := range list {
		out = append(out, inspectedOf(a))
	}
	return out
}
