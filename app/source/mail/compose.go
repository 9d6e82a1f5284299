package mail

import (
	"bytes"
	"encoding/base64"
	"mime/quotedprintable"
	"strings"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// compose renders a mail (RFC 5322, RFC 2045) with CRLF everywhere. Whatever is
// in the reply, it gives one head and one text: no value can begin a new line.
func compose(r source.Reply, messageID string) []byte {
	var b bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			b.WriteString(fold(name, value))
		}
	}
	field("Date", r.Date.Format(time.RFC1123Z))
	field("From", addressList([]desk.Address{r.From}))
	field("To", addressList(r.To))
	field("Cc", addressList(r.Cc))
	if len(r.To) == 0 && len(r.Cc) == 0 {
		field("To", "undisclosed-recipients:;")
	}
	field("Subject", encodeText(r.Subject, len("Subject: ")))
	field("Message-ID", "<"+messageID+">")
	if ids := idList([]string{r.InReplyTo}); len(ids) > 0 {
		field("In-Reply-To", ids[0])
	}
	field("References", strings.Join(shortened(idList(r.References)), " "))
	field(tokenHeader, string(r.OpID))
	if languageForm.MatchString(r.Language) {
		field("Content-Language", r.Language)
	}
	field("MIME-Version", "1.0")
	text, flowed := flow(r.Text)
	encoding, body := encodeBody(text)
	charset := "utf-8"
	if isASCII(text) {
		charset = "us-ascii"
	}
	kind := "text/plain; charset=" + charset
	if flowed {
		kind += "; format=flowed"
	}
	field("Content-Type", kind)
	field("Content-Transfer-Encoding", encoding)
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
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

// flowWidth is where format=flowed breaks lines (RFC 3676 4.2 wants at most 78).
const flowWidth = 74

// flow makes format=flowed of a text: paragraphs are broken at spaces that stay
// at the lines' ends, so that every screen may join them again. A text without
// a paragraph to break isn't flowed at all.
func flow(text string) (out string, flowed bool) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.Map(func(c rune) rune {
		switch {
		case c == '\r':
			return '\n'
		case c == '\n' || c == '\t':
			return c
		case c < ' ' || c == 0x7f:
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "\uFFFD"))
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n "), "\n") {
		if line != "-- " {
			line = strings.TrimRight(line, " ")
		}
		for i, piece := range wrap(line) {
			if i > 0 {
				flowed = true
				b.WriteString(" \r\n")
			}
			if needsStuffing(piece, i == 0) {
				flowed = true
				b.WriteByte(' ')
			}
			b.WriteString(piece)
		}
		b.WriteString("\r\n")
	}
	return b.String(), flowed
}

// needsStuffing finds lines that a reader of format=flowed, or an old mailbox
// file, would take for something else. A > that the agent typed at a line's
// start is meant as a quote.
func needsStuffing(line string, first bool) bool {
	return strings.HasPrefix(line, " ") || strings.HasPrefix(line, "From ") || !first && strings.HasPrefix(line, ">")
}

// wrap breaks a line at spaces. Quoted lines stay as they are: broken, their
// second half would lose its >.
func wrap(line string) []string {
	if len(line) <= flowWidth || strings.HasPrefix(line, ">") {
		return []string{line}
	}
	var out []string
	for columns(line) > flowWidth {
		at := breakAt(line)
		if at < 0 {
			break
		}
		out = append(out, line[:at])
		line = line[at+1:]
	}
	return append(out, line)
}

// breakAt finds the last space within the width, or the first after it. A space
// beside another space can't be one: the reader couldn't tell them apart.
func breakAt(line string) int {
	best, column := -1, 0
	for i, c := range line {
		if c == ' ' && i > 0 && line[i-1] != ' ' && i+1 < len(line) && line[i+1] != ' ' {
			if column > flowWidth && best >= 0 {
				return best
			}
			best = i
			if column > flowWidth {
				return best
			}
		}
		column++
	}
	return best
}

func columns(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}

// maxBodyLine is how long a line may be without an encoding (RFC 5322 2.1.1).
const maxBodyLine = 998

// encodeBody chooses how the text travels, always in seven bits: not every
// server on the way takes eight, and a changed byte breaks signatures.
func encodeBody(text string) (name string, body []byte) {
	foreign, longest, line := 0, 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\n':
			longest, line = max(longest, line), 0
			continue
		case c >= 0x80:
			foreign++
		}
		line++
	}
	if foreign == 0 && max(longest, line) <= maxBodyLine {
		return "7bit", []byte(text)
	}
	// Quoted-printable triples every foreign byte, base64 takes a third for all.
	if foreign*6 < len(text) {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(text)) // a buffer takes everything
		_ = w.Close()
		return "quoted-printable", b.Bytes()
	}
	return "base64", base64Lines([]byte(text))
}

// base64Lines breaks after 76 characters (RFC 2045 6.8).
func base64Lines(data []byte) []byte {
	const width = 76
	s := base64.StdEncoding.EncodeToString(data)
	var b bytes.Buffer
	for len(s) > 0 {
		n := min(width, len(s))
		b.WriteString(s[:n])
		b.WriteString("\r\n")
		s = s[n:]
	}
	return b.Bytes()
}
