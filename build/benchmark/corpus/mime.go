package corpus

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"
)

// mime writes a letter as it comes out of a customer's mail program and through
// two servers.
func (w *Writer) mime(l letter, at time.Time, file int) []byte {
	var b bytes.Buffer
	date := at.Format(time.RFC1123Z)
	mx := w.rng.IntN(9)
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", l.addr)
	fmt.Fprintf(&b, "Received: from mx%d.example.net (mx%d.example.net [192.0.2.%d])\r\n", mx, mx, w.rng.IntN(255))
	fmt.Fprintf(&b, "\tby mail.example.test (Postfix) with ESMTPS id %08X\r\n\tfor <support@example.test>; %s\r\n", w.rng.Uint32(), date)
	fmt.Fprintf(&b, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=s1;\r\n\th=from:to:subject:date; bh=%s;\r\n\tb=%s\r\n",
		w.noise(32), w.noise(192))
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: Support <support@example.test>\r\n", mime.QEncoding.Encode("utf-8", l.sender), l.addr)
	fmt.Fprintf(&b, "Subject: %s\r\nDate: %s\r\nMessage-ID: <%s>\r\n", mime.BEncoding.Encode("utf-8", l.subject), date, l.id)
	if l.replyTo != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: %s\r\n", l.replyTo, strings.ReplaceAll(l.refs, " ", "\r\n "))
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	if file == 0 {
		w.text(&b, l)
		return b.Bytes()
	}
	mark := fmt.Sprintf("mix%d", w.n)
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=%q\r\n\r\n--%s\r\n", mark, mark)
	w.text(&b, l)
	fmt.Fprintf(&b, "\r\n--%s\r\nContent-Type: image/jpeg; name=\"photo%d.jpg\"\r\n", mark, w.n)
	fmt.Fprintf(&b, "Content-Disposition: attachment; filename=\"photo%d.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", w.n)
	lines(&b, w.bytes(file))
	fmt.Fprintf(&b, "\r\n--%s--\r\n", mark)
	return b.Bytes()
}

// text writes the readable part, twice where the customer's program does.
func (w *Writer) text(b *bytes.Buffer, l letter) {
	if !l.html {
		plain(b, l)
		return
	}
	mark := fmt.Sprintf("alt%d", w.n)
	fmt.Fprintf(b, "Content-Type: multipart/alternative; boundary=%q\r\n\r\n--%s\r\n", mark, mark)
	plain(b, l)
	fmt.Fprintf(b, "\r\n--%s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", mark)
	q := quotedprintable.NewWriter(b)
	_, _ = io.WriteString(q, "<html><head><style>p{font-family:Calibri,sans-serif;font-size:11pt;margin:0}</style></head><body>")
	for line := range strings.SplitSeq(l.text, "\r\n") {
		_, _ = fmt.Fprintf(q, "<p class=\"MsoNormal\"><span style=\"color:#1f497d\">%s</span></p>\r\n", html.EscapeString(line))
	}
	_, _ = io.WriteString(q, "</body></html>")
	_ = q.Close()
	fmt.Fprintf(b, "\r\n--%s--\r\n", mark)
}

func plain(b *bytes.Buffer, l letter) {
	if l.tongue.base64 {
		b.WriteString("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
		lines(b, []byte(l.text))
		return
	}
	b.WriteString("Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	q := quotedprintable.NewWriter(b)
	_, _ = io.WriteString(q, l.text)
	_ = q.Close()
	b.WriteString("\r\n")
}

// lines writes base64 as mail does (RFC 2045 6.8).
func lines(b *bytes.Buffer, data []byte) {
	const width = 57 // bytes in a line of 76
	for len(data) > 0 {
		n := min(width, len(data))
		b.WriteString(base64.StdEncoding.EncodeToString(data[:n]) + "\r\n")
		data = data[n:]
	}
}

func (w *Writer) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(w.rng.Uint32())
	}
	return b
}

func (w *Writer) noise(n int) string { return base64.StdEncoding.EncodeToString(w.bytes(n)) }
