package mailtext

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSafeFileName(t *testing.T) {
	for in, want := range map[string]string{
		"invoice.pdf":                     "invoice.pdf",
		"Größe 42.pdf":                    "Größe 42.pdf",
		"../../etc/passwd":                "passwd",
		`C:\Windows\system32\x.dll`:       "x.dll",
		"CON":                             "_CON",
		"con.txt":                         "_con.txt",
		"COM1.log":                        "_COM1.log",
		"com10.log":                       "com10.log",
		"lpt³.txt":                        "_lpt³.txt",
		"nul .txt":                        "_nul.txt",
		"a\u202egnp.exe":                  "agnp.exe",
		"a\x00b\r\n.txt":                  "ab.txt",
		"name. . .":                       "name",
		".hidden":                         "hidden",
		"":                                "file",
		"...":                             "file",
		"a<b>c:d|e?f*g\".txt":             "a_b_c_d_e_f_g_.txt",
		"файл.docx":                       "файл.docx",
		"php://foo":                       "foo",
		strings.Repeat("x", 400) + ".pdf": strings.Repeat("x", 176) + ".pdf",
	} {
		if got := SafeFileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestRisky(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		want       bool
	}{
		{"invoice.pdf", "application/pdf", false},
		{"photo.jpg", "image/jpeg", false},
		{"invoice.pdf.exe", "application/octet-stream", true},
		{"invoice.EXE ", "", true},
		{"invoice.exe.", "", true},
		{"a\u202efdp.scr", "", true},
		{"page.html", "text/plain", true},
		{"letter.docm", "", true},
		{"letter.docx", "", false},
		{"readme", "application/x-msdownload", true},
		{"photo.png", "text/html; charset=utf-8", true},
		{"x.lnk", "", true},
	} {
		if got := Risky(c.name, c.kind); got != c.want {
			t.Errorf("%q %q: %v, want %v", c.name, c.kind, got, c.want)
		}
	}
}

func FuzzSafeFileName(f *testing.F) {
	f.Add("../a b.txt")
	f.Add("CON")
	f.Fuzz(func(t *testing.T, s string) {
		got := SafeFileName(s)
		if got == "" || len(got) > maxFileName+1 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\:\x00\r\n<>|?*\"") ||
			strings.HasPrefix(got, ".") || strings.HasSuffix(got, ".") || strings.HasSuffix(got, " ") {
			t.Fatalf("%q became %q", s, got)
		}
		if SafeFileName(got) != got {
			t.Fatalf("%q became %q, and that %q", s, got, SafeFileName(got))
		}
		_ = Risky(s, s)
	})
}
