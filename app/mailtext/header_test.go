package mailtext

import (
	"slices"
	"testing"

	"fernpost/store/desk"
)

func TestParseAddresses(t *testing.T) {
	for in, want := range map[string][]desk.Address{
		`a@b.example`: {{Addr: "a@b.example"}},
		`Anna <a@b.example>, "Vogel, Katharina" <k@b.example>`: {
			{Name: "Anna", Addr: "a@b.example"}, {Name: "Vogel, Katharina", Addr: "k@b.example"},
		},
		`=?utf-8?q?J=C3=B6rg?= <j@b.example>`:   {{Name: "Jörg", Addr: "j@b.example"}},
		`"=?utf-8?q?J=C3=B6rg?=" <j@b.example>`: {{Name: "Jörg", Addr: "j@b.example"}},
		`j@b.example (Jörg (der Große))`:        {{Name: "Jörg der Große", Addr: "j@b.example"}},
		`Team: a@b.example, Bo <b@b.example>;`:  {{Addr: "a@b.example"}, {Name: "Bo", Addr: "b@b.example"}},
		`undisclosed-recipients:;`:              nil,
		`"a@b.example" <evil@c.example>`:        {{Name: "a@b.example", Addr: "evil@c.example"}},
		`<@relay.example:a@b.example>`:          {{Addr: "a@b.example"}},
		`"a\"b" <q@b.example>`:                  {{Name: `a"b`, Addr: "q@b.example"}},
		`a@xn--mller-kva.example`:               {{Addr: "a@müller.example"}},
		"x\u202egnp.exe <a@b.example>":          {{Name: "xgnp.exe", Addr: "a@b.example"}},
		`a @ b.example`:                         {{Addr: "a@b.example"}},
		`no address here`:                       nil,
		`<`:                                     nil,
		`"unclosed <a@b.example>`:               {{Name: "unclosed", Addr: "a@b.example"}},
	} {
		got := ParseAddresses(in)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", in, got, want)
		}
	}
}

func TestHeaderIDs(t *testing.T) {
	h := ParseHeader([]byte("References: <a@x>\r\n\t<b@x> <c\r\n @x>garbage<d@x\r\nIn-Reply-To: e@x (your mail)\r\nMessage-ID:   <f@x>  \r\n\r\nbody"))
	for name, want := range map[string][]string{
		"References": {"a@x", "b@x", "c@x"}, "in-reply-to": {"e@x"}, "Message-Id": {"f@x"}, "X-None": nil,
	} {
		if got := h.IDs(name); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestHeaderDate(t *testing.T) {
	for in, ok := range map[string]bool{
		"Mon, 02 Jan 2006 15:04:05 -0700": true,
		"2 Jan 2006 15:04 +0100 (CET)":    true,
		"Wed, 15 Dec 2010    59:10 -0500": false,
		"Mon, 02 Jan 0006 15:04:05 +0000": false,
		"yesterday":                       false,
		"":                                false,
	} {
		if got := !ParseHeader([]byte("Date: " + in + "\r\n")).Date("Date").IsZero(); got != ok {
			t.Errorf("%q: read %v, want %v", in, got, ok)
		}
	}
}

func TestKind(t *testing.T) {
	for _, c := range []struct {
		head, contentType string
		want              desk.MessageKind
	}{
		{"From: a@b.example", "text/plain", desk.KindPerson},
		{"From: a@b.example\r\nAuto-Submitted: no", "", desk.KindPerson},
		{"From: a@b.example\r\nAuto-Submitted: auto-replied; owner-email=x", "", desk.KindAuto},
		{"From: a@b.example\r\nPrecedence: auto_reply", "", desk.KindAuto},
		{"From: a@b.example\r\nX-Autoreply: yes", "", desk.KindAuto},
		{"From: x@b.example", "multipart/report; report-type=delivery-status", desk.KindBounce},
		{"From: x@b.example", "multipart/report; report-type=disposition-notification", desk.KindAuto},
		{"From: Mailer-Daemon@mx.example\r\nReturn-Path: <>", "text/plain", desk.KindBounce},
		{"From: a@b.example\r\nReturn-Path: <>", "text/plain", desk.KindPerson},
		{"From: a@b.example\r\nX-Failed-Recipients: k@c.example", "", desk.KindBounce},
		{"From: a@b.example\r\nList-Id: <news.b.example>", "", desk.KindList},
		{"From: a@b.example\r\nPrecedence: bulk", "", desk.KindList},
	} {
		if got := Kind(ParseHeader([]byte(c.head+"\r\n\r\n")), c.contentType); got != c.want {
			t.Errorf("%q %q: %s, want %s", c.head, c.contentType, got, c.want)
		}
	}
}

func TestFileName(t *testing.T) {
	for _, c := range []struct {
		disposition, contentType map[string]string
		want                     string
	}{
		{map[string]string{"filename": "a.pdf"}, map[string]string{"name": "b.pdf"}, "a.pdf"},
		{nil, map[string]string{"name": "b.pdf"}, "b.pdf"},
		{map[string]string{"filename*": "utf-8'de'Gr%C3%B6%C3%9Fe.pdf", "filename": "Gr__e.pdf"}, nil, "Größe.pdf"},
		{map[string]string{"filename*": "iso-8859-1''Gr%F6%DFe.pdf"}, nil, "Größe.pdf"},
		{map[string]string{"filename*0*": "utf-8''Gr%C3", "filename*1*": "%B6%C3%9Fe", "filename*2": ".pdf"}, nil, "Größe.pdf"},
		{map[string]string{"filename*0": "long ", "filename*1": "name.pdf"}, nil, "long name.pdf"},
		{map[string]string{"filename": "=?utf-8?q?Gr=C3=B6=C3=9Fe=2Epdf?="}, nil, "Größe.pdf"},
		{map[string]string{"filename*": "%"}, nil, "%"},
		{nil, nil, ""},
	} {
		if got := FileName(c.disposition, c.contentType); got != c.want {
			t.Errorf("%v %v: %q, want %q", c.disposition, c.contentType, got, c.want)
		}
	}
}

func FuzzAddresses(f *testing.F) {
	f.Add(`"a" <b@c>, (x) d@e; g: h@i;`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range ParseAddresses(s) {
			for _, c := range a.Addr + a.Name {
				if c == '\r' || c == '\n' || c == 0 {
					t.Fatalf("%q gives %q: a line break in an address", s, a)
				}
			}
		}
	})
}
