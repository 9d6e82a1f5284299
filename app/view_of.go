package app

import (
	"slices"
	"strconv"
	"time"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// Domain values turned into what crosses to the screen.

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant is milli's inverse.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func mapped[A, B any](in []A, fn func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, v := range in {
		out = append(out, fn(v))
	}
	return out
}

func orEmpty(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}

func person(a desk.Address) Person { return Person{Name: a.Name, Address: a.Addr} }

func address(p Person) desk.Address { return desk.Address{Name: p.Name, Addr: p.Address} }

func row(c desk.Conversation) Row {
	return Row{
		ID: c.ID.String(), Account: string(c.Account), Customer: person(c.Customer), Subject: c.Subject, Preview: c.Preview,
		Language: c.Language, Status: string(c.Status), LastAt: milli(c.LastAt),
		WaitingSince: milli(c.WaitingSince), Messages: c.Messages, Unread: c.Unread,
		Files: c.Files, Mark: string(c.Mark), SnoozedUntil: milli(c.SnoozedUntil),
	}
}

func messageView(m desk.Message) MessageView {
	return MessageView{
		ID: m.ID.String(), Direction: string(m.Direction), Kind: string(m.Kind),
		From: person(m.From), To: mapped(m.To, person), Cc: mapped(m.Cc, person), ReplyTo: mapped(m.ReplyTo, person),
		At: milli(m.At), Subject: m.Subject, Language: m.Language,
		Text: m.Text, Quoted: m.Quoted, Forwarded: mailtext.Forwarded(m.Quoted), HTML: m.HTML, TextState: string(m.TextState),
		Seen: m.Seen, Files: mapped(m.Attachments, fileView), Warnings: orEmpty(m.Warnings),
		Mine: m.OpID != "", Customer: person(m.Customer), Via: string(m.Via), Marks: orEmpty(m.Marks), Deliveries: []DeliveryView{},
	}
}

func fileView(a desk.Attachment) FileView {
	return FileView{
		ID: a.ID.String(), Name: mailtext.AttachmentName(a.Name, a.Type), Type: a.Type,
		Size: decodedSize(a.Encoding, a.Size), Have: decodedSize(a.Encoding, a.Have),
		Inline: a.Inline, Risky: mailtext.Risky(a.Name, a.Type), Packed: mailtext.Packed(a.Name, a.Type), Inside: []InsideView{},
	}
}

// decodedSize reckons what a part holds once decoded: base64 puts 57 bytes on
// a line of 76 characters and a line end (RFC 2045 6.8).
func decodedSize(encoding string, wire int64) int64 {
	if encoding == "base64" {
		return wire * 57 / 78
	}
	return wire
}

func draftView(d desk.Draft) DraftView {
	v := DraftView{
		ID: string(d.ID), To: mapped(d.To, person), Cc: mapped(d.Cc, person), Bcc: mapped(d.Bcc, person),
		Subject: d.Subject, Text: d.Text, Rich: d.Rich, PassesOn: d.PassesOn, Files: mapped(d.Files, draftFileView), Revision: d.Revision, SavedAt: milli(d.Saved),
	}
	if d.Conversation != 0 {
		v.Conversation = d.Conversation.String()
	}
	if d.Identity != 0 {
		v.Identity = d.Identity.String()
	}
	if d.Quotes != 0 {
		v.Quotes = d.Quotes.String()
	}
	if d.Base != 0 {
		v.Base = d.Base.String()
	}
	return v
}

func draftFileView(f desk.DraftFile) DraftFileView {
	v := DraftFileView{
		ID: f.ID.String(), Name: f.Name, Type: f.Type, Size: f.Upload.Size, Have: f.Upload.Size, Was: f.Original.Size,
		Picture: slices.Contains(scalable, f.Type), Inline: f.Inline, Risky: mailtext.Risky(f.Name, f.Type),
		Upload: strconv.FormatInt(int64(f.Upload.ID), 10), Original: strconv.FormatInt(int64(f.Original.ID), 10),
	}
	if f.Coming() {
		v.Size, v.Have, v.Picture = decodedSize(f.Encoding, f.Size), decodedSize(f.Encoding, f.Have), false
		v.Have = min(v.Have, max(v.Size-1, 0)) // not here before it can be sent
	}
	return v
}

// scalable are the types that picture reads.
var scalable = []string{"image/jpeg", "image/png", "image/webp"}
