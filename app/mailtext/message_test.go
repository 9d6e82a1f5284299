package mailtext

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func TestMessageReadsCharsets(t *testing.T) {
	for _, c := range []struct {
		label string
		enc   encoding.Encoding
		text  string
	}{
		{"ISO-2022-JP", japanese.ISO2022JP, "返金をお願いします"},
		{"Shift_JIS", japanese.ShiftJIS, "返金をお願いします"},
		{"cp932", japanese.ShiftJIS, "返金をお願いします"},
		{"GB18030", simplifiedchinese.GB18030, "退款请帮助𠮷"},
		{"gb2312", simplifiedchinese.GBK, "退款请帮助"},
		{"Big5", traditionalchinese.Big5, "退款請幫助"},
		{"EUC-KR", korean.EUCKR, "환불 도와주세요"},
		{"ks_c_5601-1987", korean.EUCKR, "환불 도와주세요"},
		{"KOI8-R", charmap.KOI8R, "возврат заказа"},
		{"KOI8-U", charmap.KOI8U, "повернення їжа"},
		{"windows-1251", charmap.Windows1251, "возврат"},
		{"cp1252", charmap.Windows1252, "“Größe” €"},
		{"iso-8859-1", charmap.Windows1252, "Größe"},
		{"windows-1256", charmap.Windows1256, "فاتورة"},
		{"windows-1255", charmap.Windows1255, "שלום"},
		{"iso-8859-8-i", charmap.ISO8859_8, "שלום"},
		{"windows-874", charmap.Windows874, "สวัสดี"},
		{"windows-1258", charmap.Windows1258, "ơn"},
		{`"utf-8"`, encoding.Nop, "Größe 👩‍🔧"},
	} {
		wire, err := c.enc.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.label, err)
		}
		raw := "Subject: =?" + strings.Trim(c.label, `"`) + "?B?" + base64.StdEncoding.EncodeToString(wire) + "?=\r\n" +
			"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=" + c.label + "\r\n\r\n" + string(wire)
		m := Read([]byte(raw))
		h, b := m.Header, m.Body
		if h.Text("Subject") != c.text || b.Text != c.text || len(b.Warnings) > 0 {
			t.Errorf("%s: subject %q, text %q, warnings %q, want %q", c.label, h.Text("Subject"), b.Text, b.Warnings, c.text)
		}
	}
}

func TestMessageReadsWhatOthersGiveUp(t *testing.T) {
	for _, c := range []struct {
		name, raw     string
		subject, text string
		warn          string
	}{
		{"utf-7", "Subject: =?UTF-7?Q?Gr+APYA3w-e?=\nContent-Type: text/plain; charset=utf-7\n\nGr+APYA3w-e", "Größe", "Größe", ""},
		{"raw bytes in the header", "Subject: Gr\xf6\xdfe\nContent-Type: text/plain; charset=iso-8859-1\n\nGr\xf6\xdfe", "Größe", "Größe", ""},
		{"no charset", "Subject: Größe\nContent-Type: text/plain\n\nGröße", "Größe", "Größe", ""},
		{"unknown charset", "Subject: abc\nContent-Type: text/plain; charset=klingon\n\nabc", "abc", "abc", WarnCharset},
		{"wrong charset", "Subject: x\nContent-Type: text/plain; charset=utf-8\n\nGr\xf6\xdfe", "x", "Größe", WarnCharset},
		{"a word split inside a character", "Subject: =?utf-8?B?R3LD?=\n =?utf-8?B?tsOfZQ==?=\n\nx", "Größe", "x", ""},
		{"words beside text", "Subject: A =?utf-8?q?=C3=B6?= b =?utf-8?q?c?=  =?utf-8?q?d?= e\n\nx", "A ö b cd e", "x", ""},
		{"what only looks like a word", "Subject: =?utf-8?X?abc?= =?x 2=2?\n\nx", "=?utf-8?X?abc?= =?x 2=2?", "x", ""},
		{"no closing boundary", "Subject: hi\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nhi", "hi", "hi", ""},
		{"an encoding that doesn't exist", "Subject: hi\nContent-Type: text/plain\nContent-Transfer-Encoding: utf-8\n\nhi", "hi", "hi", ""},
		{"quoted-printable that isn't", "Subject: a=zz b\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\na=zz b", "a=zz b", "a=zz b", ""},
		{"a torn type", "Subject: hi\nContent-Type: text/plain; charset=utf-8; charset=utf-8;;; name=a b.txt\n\nhi", "hi", "hi", ""},
		{"an mbox line", "From a@b Mon Jan 1\nFrom: a@b.c\nSubject: hi\n\nHello", "hi", "Hello", ""},
		{"no boundary named", "Subject: hi\nContent-Type: multipart/mixed\n\nhi", "hi", "hi", ""},
		{"a broken line in the head", "Subject: hi\nthis is no field\nX-A: b\n\nhi", "hi", "hi", ""},
		{"nothing", "", "", "", ""},
		{"a picture alone", "Subject: p\nMIME-Version: 1.0\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA", "p", "", WarnNoText},
	} {
		m := Read([]byte(strings.ReplaceAll(c.raw, "\n", "\r\n")))
		h, b := m.Header, m.Body
		if h.Text("Subject") != c.subject || strings.TrimSpace(b.Text) != c.text {
			t.Errorf("%s: subject %q, text %q, want %q, %q", c.name, h.Text("Subject"), b.Text, c.subject, c.text)
		}
		if c.warn != "" && !slices.Contains(b.Warnings, c.warn) {
			t.Errorf("%s: warnings %q, want %q", c.name, b.Warnings, c.warn)
		}
	}
}

func TestMessageTakesPlainBeforeHTML(t *testing.T) {
	raw := strings.ReplaceAll(`Content-Type: multipart/mixed; boundary=m
MIME-Version: 1.0

--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

Plain.
--a
Content-Type: text/html; charset=utf-8

<p>Rich.</p>
--a--
--m
Content-Type: text/html; charset=utf-8

<p>A footer.</p>
--m
Content-Type: text/plain; name=notes.txt
Content-Disposition: attachment; filename=notes.txt

Not to be read.
--m--
`, "\n", "\r\n")
	b := Read([]byte(raw)).Body
	if b.Text != "Plain.\n\nA footer." {
		t.Errorf("text %q", b.Text)
	}
	if !strings.Contains(b.HTML, "Rich.") || !strings.Contains(b.HTML, "A footer.") {
		t.Errorf("HTML %q", b.HTML)
	}
}

func textOf(kind string) Text { return Text{Piece: &Piece{Type: kind}} }

func TestBodySaysWhatItLeftOut(t *testing.T) {
	b := Body([]Part{{Text: textOf("text/plain"), Data: []byte("Gr\xc3\xb6\xc3"), Cut: true}}, nil)
	if b.Text != "Grö" || !slices.Contains(b.Warnings, WarnCut) {
		t.Errorf("a text cut inside a character: %q %q", b.Text, b.Warnings)
	}
	b = Body([]Part{{Text: textOf("text/html"), Data: []byte(`<p>x<img src="https://track.example/1.gif"></p>`)}}, nil)
	if !slices.Contains(b.Warnings, WarnRemote) || strings.Contains(b.HTML, " src=") || b.Text != "x" {
		t.Errorf("remote picture: %+v", b)
	}
	if b := Body(nil, nil); !b.Missing || !slices.Equal(b.Warnings, []string{WarnNoText}) {
		t.Errorf("no part: %+v", b)
	}
}

func TestBase64ForgivesAndStops(t *testing.T) {
	for in, want := range map[string]string{
		"aGVsbG8=":                          "hello",
		"aGVs*bG8":                          "hello",
		"aGVsbG8=\r\n\r\n-- footer by list": "hello",
		"aGVs\r\nbG8=\r\nIHdvcmxk":          "hello world",
		"":                                  "",
		"=":                                 "",
		"aGVsbG8=d29ybGQ=":                  "helloworld",
	} {
		if got := string(decodeBase64([]byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestUnflow(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"one \ntwo\nthree", "one two\nthree"},
		{"> a \n> b\nc", "> a b\nc"},
		{"> a \nb", "> a \nb"},
		{">> deep \n>> er \n> less", ">> deep er \n> less"},
		{" From here\n >no quote", "From here\n>no quote"},
		{"text \n-- \nAmira", "text \n-- \nAmira"},
		{"", ""},
	} {
		if got := unflow(c.in, false); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
	if got := unflow("返金を \nお願い", true); got != "返金をお願い" {
		t.Errorf("delsp: %q", got)
	}
}
