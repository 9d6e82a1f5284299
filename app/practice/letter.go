package practice

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime/multipart"
	"net/textproto"
	"strings"
	"time"

	"fernpost/app/practice/content"
	"fernpost/store/desk"
)

// letter is a mail before it becomes bytes. The same letter gives the same
// bytes.
type letter struct {
	from    desk.Address
	to, cc  []desk.Address
	date    time.Time // in the writer's zone
	subject string
	id      string   // Message-ID without <>
	refs    []string // Message-IDs, oldest first, the answered one last
	lang    *content.Language
	client  string
	charset string
	text    string
	quoted  *quotation
	files   []content.File
	auto    bool
}

var mailers = map[string]string{
	"outlook":     "X-Mailer: Microsoft Outlook 16.0",
	"htmlonly":    "X-Mailer: Microsoft Outlook 16.0",
	"phone":       "X-Mailer: iPhone Mail (22B91)",
	"thunderbird": "User-Agent: Mozilla Thunderbird",
	"shop":        "X-Mailer: Postwagen Campaigns 4",
}

// messageID makes an id of the shape the client uses, from what the mail is.
func messageID(client, domain string, what ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(what, "\x00")))
	h := hex.EncodeToString(sum[:])
	switch client {
	case "gmail":
		return "CA+" + h[:30] + "@mail." + domain
	case "phone":
		return strings.ToUpper(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32] + "@" + domain)
	case "outlook", "htmlonly":
		return strings.ToUpper("AM0PR"+h[:24]) + "@" + strings.ToUpper(h[24:36]) + ".eurprd." + domain
	default:
		return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32] + "@" + domain
	}
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

func (l *letter) domain() string { return domainOf(l.from.Addr) }

// token stands for the letter where it needs something unique.
func (l *letter) token() string {
	sum := sha256.Sum256([]byte(l.id))
	return hex.EncodeToString(sum[:10])
}

func (l *letter) cid(f content.File) string {
	sum := sha256.Sum256([]byte(f.Name))
	return hex.EncodeToString(sum[:6]) + "." + l.token() + "@" + l.domain()
}

// render writes the mail (RFC 5322, RFC 2045-2047).
func (l *letter) render() []byte {
	var out bytes.Buffer
	head := func(line string) { out.WriteString(fold(line) + "\r\n") }
	head("Return-Path: <" + l.from.Addr + ">")
	head("Date: " + l.date.Format(time.RFC1123Z))
	head("From: " + l.address(l.from))
	head("To: " + l.addresses(l.to))
	if len(l.cc) > 0 {
		head("Cc: " + l.addresses(l.cc))
	}
	if l.subject != "" {
		head("Subject: " + encodeWords(l.subject, l.charset))
	}
	head("Message-ID: <" + l.id + ">")
	if n := len(l.refs); n > 0 {
		head("In-Reply-To: <" + l.refs[n-1] + ">")
		head("References: <" + strings.Join(l.refs, "> <") + ">")
	}
	if l.auto {
		head("Auto-Submitted: auto-replied")
		head("Precedence: bulk")
	}
	if m := mailers[l.client]; m != "" {
		head(m)
	}
	head("Content-Language: " + l.lang.Tag)
	head("MIME-Version: 1.0")
	body := l.body()
	body.write(&out)
	return out.Bytes()
}

func (l *letter) address(a desk.Address) string {
	switch {
	case a.Name == "":
		return a.Addr
	case !isASCII(a.Name):
		return encodeWords(a.Name, l.charset) + " <" + a.Addr + ">"
	case strings.ContainsAny(a.Name, `()<>[]:;@\,."`):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Name) + `" <` + a.Addr + ">"
	default:
		return a.Name + " <" + a.Addr + ">"
	}
}

func (l *letter) addresses(all []desk.Address) string {
	var out []string
	for _, a := range all {
		out = append(out, l.address(a))
	}
	return strings.Join(out, ", ")
}

// part is one node of a MIME tree: either data or children.
type part struct {
	header   textproto.MIMEHeader
	data     []byte
	children []part
	boundary string
}

// body builds mixed(related(alternative(plain, html), pictures), files), as far
// as each is needed.
func (l *letter) body() part {
	var root part
	plain := l.plain()
	if page := l.html(); page == "" {
		root = l.textPart("plain", plain)
	} else if l.client == "htmlonly" {
		root = l.textPart("html", page)
	} else {
		root = l.join("alternative", l.textPart("plain", plain), l.textPart("html", page))
	}
	var pictures, files []part
	for _, f := range l.files {
		if f.Inline {
			pictures = append(pictures, l.filePart(f))
		} else {
			files = append(files, l.filePart(f))
		}
	}
	if len(pictures) > 0 {
		root = l.join("related", append([]part{root}, pictures...)...)
	}
	if len(files) > 0 {
		root = l.join("mixed", append([]part{root}, files...)...)
	}
	return root
}

func (l *letter) join(kind string, children ...part) part {
	boundary := "=_" + kind[:3] + "_" + l.token()
	return part{
		header:   textproto.MIMEHeader{"Content-Type": {"multipart/" + kind + `; boundary="` + boundary + `"`}},
		children: children,
		boundary: boundary,
	}
}

func (l *letter) textPart(kind, text string) part {
	flowed := kind == "plain" && l.client == "thunderbird"
	if flowed {
		text = flow(text)
	}
	data, transfer, charset := encodeBody(text, l.charset)
	contentType := "text/" + kind + "; charset=" + charset
	if flowed {
		contentType += "; format=flowed"
	}
	return part{header: textproto.MIMEHeader{
		"Content-Type":              {contentType},
		"Content-Transfer-Encoding": {transfer},
	}, data: data}
}

func (l *letter) filePart(f content.File) part {
	kind, data := makeFile(f)
	old := l.client == "gmail" || l.client == "outlook"
	disposition := "attachment"
	header := textproto.MIMEHeader{}
	if f.Inline {
		disposition = "inline"
		header["Content-Id"] = []string{"<" + l.cid(f) + ">"}
	}
	header["Content-Type"] = []string{kind + ";\r\n " + fileParam("name", f.Name, old)}
	header["Content-Disposition"] = []string{disposition + ";\r\n " + fileParam("filename", f.Name, old)}
	header["Content-Transfer-Encoding"] = []string{"base64"}
	return part{header: header, data: base64Lines(data)}
}

// write ends the header the part stands under and writes the body.
func (p *part) write(out *bytes.Buffer) {
	for _, key := range []string{"Content-Type", "Content-Disposition", "Content-Id", "Content-Transfer-Encoding"} {
		if v := p.header.Get(key); v != "" {
			out.WriteString(key + ": " + v + "\r\n")
		}
	}
	out.WriteString("\r\n")
	p.writeBody(out)
}

func (p *part) writeBody(out *bytes.Buffer) {
	if p.children == nil {
		out.Write(p.data)
		return
	}
	w := multipart.NewWriter(out)
	_ = w.SetBoundary(p.boundary) // ours are of legal letters
	for _, child := range p.children {
		in, _ := w.CreatePart(child.header) // a buffer never fails
		var buf bytes.Buffer
		child.writeBody(&buf)
		_, _ = in.Write(buf.Bytes())
	}
	_ = w.Close()
}
