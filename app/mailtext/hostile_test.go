package mailtext

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const plainHead = "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"

// A mail that means harm costs what its length costs: each of these took minutes
// or gigabytes with one careless loop, and the suite's own time limit tells.
func TestHostileMailsEnd(t *testing.T) {
	const many = 1 << 17
	repeat := strings.Repeat
	mixed := plainHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
	for name, raw := range map[string]string{
		"borders of nobody":         mixed + repeat("--\r\n", many),
		"multiparts without parts":  mixed + repeat("--x\r\nContent-Type: multipart/mixed; boundary=no\r\n\r\nhi\r\n", 10_000),
		"colons as addresses":       "To: " + repeat(":", many) + "\r\n\r\n",
		"brackets as addresses":     "To: " + repeat("<(", many) + "\r\n\r\n",
		"quotes as addresses":       "To: " + repeat("\",", many) + "\r\n\r\n",
		"words without end":         "Subject: " + repeat("=?a?q?", many) + "\r\nTo: " + repeat("=?utf-8?b?", many) + "\r\n\r\n",
		"comments without end":      "Date: " + repeat("(", many) + "\r\n\r\n",
		"a field of folds":          "Subject: x\r\n" + repeat(" y\r\n", many) + "\r\n",
		"lines that are no fields":  "From: a@b.example\r\n" + repeat("this is no field\r\n", many) + "\r\n",
		"quotes as parameters":      plainHead + "Content-Type: multipart/mixed; boundary=" + repeat(`"a" `, many) + "\r\n\r\n",
		"parameters without values": plainHead + "Content-Type: text/plain; name=" + repeat("a b ", many) + "\r\n\r\n",
		"uuencoded files":           plainHead + "\r\n" + repeat("begin 644 a\r\n#0V%T\r\n`\r\nend\r\n", many/8),
		"files that begin":          plainHead + "\r\n" + repeat("begin 644 a\r\n", many),
		"introductions":             plainHead + "\r\n" + repeat("On Mon, 1 Jan 2024 at 10:00, A <a@b.c> wrote:\r\n", many/8),
		"quotes in turn":            plainHead + "\r\n" + repeat("> a\r\nb\r\n", many),
		"tables in tables":          plainHead + "Content-Type: text/html\r\n\r\n" + repeat("<table><tr><td>", many/4),
		"quotes in HTML":            plainHead + "Content-Type: text/html\r\n\r\n" + repeat("<div><blockquote>", many/4),
		"appointments":              plainHead + "Content-Type: text/calendar\r\n\r\n" + repeat("BEGIN:VEVENT\r\nSUMMARY:x\r\n", many),
		"signatures in signatures":  plainHead + "Content-Type: application/pkcs7-mime\r\n\r\n" + repeat("\x30\x80", many),
		"armour":                    plainHead + "\r\n" + repeat(pgpSigned+"x\r\n", many/8),
		"enriched brackets":         plainHead + "Content-Type: text/enriched\r\n\r\n" + repeat("<", many),
		"flowing quotes":            plainHead + "Content-Type: text/plain; format=flowed\r\n\r\n" + repeat(repeat(">", 900)+" \r\n", 1000),
		"zeros":                     repeat("\x00", many),
		"carriage returns":          repeat("\r", many),
	} {
		m := Read([]byte(raw))
		_, _, _ = m.Header.Addresses("To"), m.Header.Text("Subject"), m.Header.Date("Date")
		if len(m.Text) > maxText || len(m.Files) > maxPieces {
			t.Errorf("%s: %d bytes of text, %d files", name, len(m.Text), len(m.Files))
		}
	}
}

func TestDeepMailIsRead(t *testing.T) {
	var raw strings.Builder
	raw.WriteString(plainHead)
	const deep = 1000
	for i := range deep {
		fmt.Fprintf(&raw, "Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", i, i)
	}
	raw.WriteString("Content-Type: text/plain\r\n\r\nthe bottom\r\n")
	for i := deep - 1; i >= 0; i-- {
		fmt.Fprintf(&raw, "--b%d--\r\n", i)
	}
	if m := Read([]byte(raw.String())); m.Text != "the bottom" {
		t.Errorf("text %q, warnings %q", m.Text, m.Body.Warnings)
	}
}

func TestManyPartsAreAllThere(t *testing.T) {
	raw := plainHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n" +
		strings.Repeat("--x\r\nContent-Type: application/pdf; name=f.pdf\r\n\r\nabc\r\n", 10_000) + "--x--\r\n"
	if m := Read([]byte(raw)); len(m.Files) != 10_000 || m.Files[9999].Size != 3 {
		t.Errorf("%d files", len(m.Files))
	}
	if m := Read([]byte(strings.Replace(raw, "--x--", strings.Repeat("--x\r\n\r\nt\r\n", maxPieces), 1))); !slices.Contains(m.Body.Warnings, WarnParts) {
		t.Errorf("warnings %q", m.Body.Warnings)
	}
}

func TestManyRecipientsAreAllThere(t *testing.T) {
	raw := "To: " + strings.Repeat("\"User, A\" <user@example.com>,\r\n ", 10_000) + "last@example.com\r\n\r\nhi"
	to := Read([]byte(raw)).Header.Addresses("To")
	if len(to) != 10_001 || to[10_000].Addr != "last@example.com" || to[0].Name != "User, A" {
		t.Errorf("%d recipients", len(to))
	}
}

// A text beyond all measure comes with its beginning, and whole as a file.
func TestLargeTextIsOffered(t *testing.T) {
	raw := plainHead + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.Repeat("Größe 42. ", 1<<20)
	m := Read([]byte(raw))
	if len(m.Text) == 0 || len(m.Text) > maxText || !slices.Equal(m.Body.Warnings, []string{WarnCut}) {
		t.Errorf("%d bytes of text, warnings %q", len(m.Text), m.Body.Warnings)
	}
	if len(m.Files) != 1 || m.Files[0].Size != 12<<20 || m.Files[0].Type != "text/plain" {
		t.Errorf("files %+v", m.Files)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Subject: =?utf-8?q?a?=\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a--"))
	f.Add([]byte("Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+"))
	f.Add([]byte("Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\x00\x00\x02\x90\x06"))
	f.Add([]byte("Content-Type: application/pkcs7-mime\r\n\r\n\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"))
	f.Add([]byte("Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\nDTSTART:20260101\r\nDURATION:P1D\r\nEND:VEVENT"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Read(raw)
		for _, file := range m.Files {
			if file.Size < 0 || strings.ContainsAny(file.Name, "\r\n\x00") {
				t.Fatalf("a file of %+v", file)
			}
		}
		if strings.ContainsAny(m.Text, "\r\x00\x1e\x1f") {
			t.Fatalf("controls in %q", m.Text)
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte("From: a@b\r\n c\r\nReferences: <a> <b\r\nDate: 1 Jan 26 10:00 +1\r\nContent-Type: a/b; c*0*=d''e; f=\"g\\\"\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h := ParseHeader(raw)
		_, _, _ = h.Sender(), h.IDs("References"), h.Date("Date")
		kind, params := readMedia(h.Raw("Content-Type"))
		if name := FileName(params, params); strings.ContainsAny(name, "\r\n\x00") {
			t.Fatalf("%q names %q", kind, name)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("=?utf-8?q?a=C3?= =?utf-8?q?=B6?= =?iso-2022-jp?b?GyRC?=", "utf-7")
	f.Fuzz(func(t *testing.T, s, charset string) {
		if got := DecodeWords(s); strings.ContainsAny(got, "\r\n\x00") {
			t.Fatalf("%q became %q", s, got)
		}
		_, _ = decode([]byte(s), charset)
	})
}

func FuzzTNEF(f *testing.F) {
	f.Add(packTNEF("text", tnefFile{"a.txt", "text/plain", []byte("x")}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, ok := readTNEF(raw); ok {
			_ = rtfText(p.rtf)
			for _, file := range p.files {
				if file.Size < 0 || file.Size > int64(len(raw)) {
					t.Fatalf("%d bytes in a file of %d", file.Size, len(raw))
				}
			}
		}
		_ = rtfText(string(raw))
		_, _ = insideSignature(raw)
		_ = bytes.Equal(decodeQP(raw), decodeTransfer(raw, "base64"))
	})
}
