package mail

import (
	"bytes"
	"strings"
	"time"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// composed is a mail (RFC 5322, RFC 2045) with CRLF everywhere, without the
// bytes of its files: holes say where each belongs.
type composed struct {
	text  []byte
	holes []hole
}

// compose writes a mail. Whatever is in the reply, it gives one head and one
// body: no value can begin a new line.
func compose(r source.Reply, messageID string) composed {
	var w letter
	w.field("Date", r.Date.Format(time.RFC1123Z))
	w.field("From", addressList([]desk.Address{r.From}))
	w.field("Reply-To", addressList(r.ReplyTo))
	w.field("To", addressList(r.To))
	w.field("Cc", addressList(r.Cc))
	if len(r.To) == 0 && len(r.Cc) == 0 {
		w.field("To", "undisclosed-recipients:;")
	}
	w.field("Subject", encodeText(r.Subject, len("Subject: ")))
	w.field("Message-ID", "<"+messageID+">")
	if ids := idList([]string{r.InReplyTo}); len(ids) > 0 {
		w.field("In-Reply-To", ids[0])
	}
	w.field("References", strings.Join(shortened(idList(r.References)), " "))
	w.field(tokenHeader, string(r.OpID))
	if languageForm.MatchString(r.Language) {
		w.field("Content-Language", r.Language)
	}
	w.field("MIME-Version", "1.0")
	w.part(body(r, messageID))
	return composed{w.Bytes(), w.holes}
}

// body is the tree of a mail's parts: plain text alone where nothing more is to
// be said, else the text, the same as HTML with its pictures, and the files
// (RFC 2046 5.1, RFC 2387).
func body(r source.Reply, messageID string) part {
	whole := mailtext.RichOf(r.Text)
	rich := r.Rich != ""
	if rich {
		whole = mailtext.ParseRich(r.Rich)
	}
	shown := map[int64]bool{}
	for _, n := range whole.Pictures() {
		shown[n] = true
	}
	var inline, attached []part
	cids := map[int64]string{}
	for _, f := range r.Files {
		if f.Inline && shown[f.Number] && cids[f.Number] == "" {
			cids[f.Number] = contentID(f, messageID)
			inline = append(inline, filePart(f, cids[f.Number]))
		} else {
			attached = append(attached, filePart(f, ""))
		}
	}
	whole = append(whole, below(r.Quote)...)
	text := textPart("plain", whole.Text())
	if rich {
		html := textPart("html", whole.HTML(mailtext.Dress{
			Language: r.Language,
			Picture:  func(n int64) string { return cids[n] },
		}))
		if len(inline) > 0 {
			html = multipart("related", r.OpID, append([]part{html}, inline...))
			html.fields[0].value += `; type="text/html"`
		}
		text = multipart("alternative", r.OpID, []part{text, html})
	}
	if len(attached) > 0 {
		return multipart("mixed", r.OpID, append([]part{text}, attached...))
	}
	return text
}

// below is what stands under the text.
func below(q *source.Quote) mailtext.Rich {
	if q == nil {
		return nil
	}
	r := append(mailtext.Rich{{}}, mailtext.RichOf(q.Head)...)
	if q.PassedOn {
		r = append(r, mailtext.Line{})
	}
	for _, l := range mailtext.RichOf(q.Text) {
		if !q.PassedOn {
			l.Quote = 1
			if len(l.Spans) > 0 { // what was quoted there already is quoted once more
				rest := strings.TrimLeft(l.Spans[0].Text, ">")
				l.Quote += min(len(l.Spans[0].Text)-len(rest), 8)
				l.Spans[0].Text = strings.TrimPrefix(rest, " ")
			}
		}
		r = append(r, l)
	}
	return r
}

// letter is a mail being written.
type letter struct {
	bytes.Buffer
	holes []hole
}

func (w *letter) field(name, value string) {
	if value != "" {
		w.WriteString(fold(name, value))
	}
}

// part writes a part's own fields and what is in it.
func (w *letter) part(p part) {
	for _, f := range p.fields {
		w.WriteString(f.fold())
	}
	w.WriteString("\r\n")
	w.Write(p.text)
	if p.file != nil {
		w.holes = append(w.holes, hole{At: w.Len(), SHA: p.file.SHA, Size: p.file.Size})
	}
	if len(p.parts) == 0 {
		return
	}
	for _, child := range p.parts {
		w.WriteString("--" + p.boundary + "\r\n")
		w.part(child)
	}
	w.WriteString("--" + p.boundary + "--\r\n")
}

// addressList writes addresses with their names (RFC 5322 3.4).
func addressList(list []desk.Address) string {
	var out []string
	for _, a := range list {
		addr, err := wireAddress(a.Addr)
		if err != nil {
			continue // FreezeReply has refused these
		}
		name := encodeName(a.Name)
		if name == "" {
			out = append(out, addr)
		} else {
			out = append(out, name+" <"+addr+">")
		}
	}
	return strings.Join(out, ", ")
}

// idList gives message ids their brackets back and leaves out what is none.
func idList(ids []string) []string {
	var out []string
	for _, id := range ids {
		if id == "" || len(id) > 900 || !isASCII(id) || strings.ContainsFunc(id, func(c rune) bool {
			return c <= ' ' || c == '<' || c == '>' || c == 0x7f
		}) {
			continue
		}
		out = append(out, "<"+id+">")
	}
	return out
}

// shortened keeps the root and the newest of a long line of references.
func shortened(ids []string) []string {
	const most = 21
	if len(ids) <= most {
		return ids
	}
	return append(ids[:1:1], ids[len(ids)-most+1:]...)
}
