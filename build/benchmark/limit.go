package main

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"time"

	"fernpost/app/source/mail/maillab"
	"fernpost/build/benchmark/rural"
)

// What a start costs on any account: TLS 1.3 with a small certificate and two
// tickets, the sign-in with the server's capabilities, and the folders.
const (
	startBytes = 2400
	roundTrips = 5 // TCP, TLS, sign in and open the inbox, heads, texts
)

// physical is how long the texts of these mails need at least on the rural line:
// what must come down, in one DEFLATE stream at its best, at the line's rate, and
// the round trips that no order of questions saves. What must come of a mail is
// the part of its head that a desk shows and threads by, and its plain text as it
// lies on the server. TCP, IP and lost packets are left out.
func physical(raws [][]byte) (limit time.Duration, why string) {
	var z bytes.Buffer
	w, err := flate.NewWriter(&z, flate.BestCompression)
	if err != nil {
		maillab.Stop(err)
	}
	for _, raw := range raws {
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			maillab.Stop(err)
		}
		for _, name := range []string{"Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References"} {
			if v := m.Header.Get(name); v != "" {
				_, _ = fmt.Fprintf(w, "%s: %s\r\n", name, v)
			}
		}
		_, _ = w.Write(plainOf(m.Header.Get("Content-Type"), m.Body))
	}
	_ = w.Close()
	n := startBytes + z.Len()
	limit = time.Duration(n)*time.Second/rural.Rate + roundTrips*2*rural.Delay
	return limit, fmt.Sprintf("%s at %d kbit/s, %d round trips", kilobytes(int64(n)), rural.Rate*8/1000, roundTrips)
}

// plainOf gives the first part of a mail that is plain text, undecoded.
func plainOf(kind string, body io.Reader) []byte {
	t, params, err := mime.ParseMediaType(kind)
	if err == nil && strings.HasPrefix(t, "multipart/") {
		part, err := multipart.NewReader(body, params["boundary"]).NextRawPart()
		if err != nil {
			maillab.Stop(err)
		}
		return plainOf(part.Header.Get("Content-Type"), part)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		maillab.Stop(err)
	}
	return text
}
