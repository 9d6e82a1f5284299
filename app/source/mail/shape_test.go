package mail

import (
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"fernpost/store/desk"
)

func leaf(kind string, size uint32, params map[string]string, disposition string, dispParams map[string]string) *imap.BodyStructureSinglePart {
	kind, sub, _ := strings.Cut(kind, "/")
	p := &imap.BodyStructureSinglePart{Type: kind, Subtype: sub, Size: size, Params: params, Encoding: "BASE64"}
	if disposition != "" {
		p.Extended = &imap.BodyStructureSinglePartExt{
			Disposition: &imap.BodyStructureDisposition{Value: disposition, Params: dispParams},
		}
	}
	return p
}

func multi(sub string, children ...imap.BodyStructure) *imap.BodyStructureMultiPart {
	return &imap.BodyStructureMultiPart{Subtype: sub, Children: children}
}

func TestReadShape(t *testing.T) {
	plain := leaf("TEXT/PLAIN", 500, map[string]string{"charset": "utf-8"}, "", nil)
	html := leaf("text/html", 4000, nil, "", nil)
	big := leaf("text/html", 90_000, nil, "", nil)
	file := leaf("application/pdf", 70_000, nil, "attachment", map[string]string{"filename": "bill.pdf"})
	logo := leaf("image/png", 900, nil, "inline", nil)
	logo.ID = "<logo@x>"
	for _, c := range []struct {
		name  string
		in    imap.BodyStructure
		texts string
		files string
	}{
		{"plain alone", plain, "1", ""},
		{"both forms", multi("alternative", plain, html), "1 2t", ""},
		{"HTML too large beside plain text", multi("alternative", plain, big), "1", ""},
		{"large HTML alone", big, "1", ""},
		{"an empty stub beside HTML", multi("alternative", leaf("text/plain", 2, nil, "", nil), big), "2", ""},
		{"a file", multi("mixed", plain, file), "1", "2"},
		{"nested", multi("mixed", multi("related", multi("alternative", plain, html), logo), file), "1.1.1 1.1.2t", "1.2 2"},
		{"a text that is a file", multi("mixed", plain, leaf("text/plain", 9, map[string]string{"name": "log.txt"}, "", nil)), "1", "2"},
		{"a text shown inline with a name", multi("mixed", plain, leaf("text/plain", 9, nil, "inline", map[string]string{"filename": "a.txt"})), "1", "2"},
		{"a calendar", multi("alternative", plain, leaf("text/calendar", 9, nil, "", nil)), "1 2", "2"},
		{"a large text, whole as a file", multi("mixed", leaf("text/plain", maxPlain+1, nil, "", nil), file), "1", "1 2"},
		{"a small winmail.dat alone", leaf("application/ms-tnef", 4000, nil, "", nil), "1", "1"},
		{"winmail.dat beside text", multi("mixed", plain, leaf("application/ms-tnef", 4000, nil, "", nil)), "1", "2"},
		{"a large winmail.dat alone", leaf("application/ms-tnef", 900_000, nil, "", nil), "", "1"},
		{"text inside a signature", leaf("application/pkcs7-mime", 9000, map[string]string{"smime-type": "signed-data"}, "", nil), "1", "1"},
		{"a sealed mail", leaf("application/pkcs7-mime", 9000, map[string]string{"smime-type": "enveloped-data"}, "", nil), "", "1"},
		{"more texts than are fetched", multi("mixed", plain, plain, plain, plain, plain, plain, plain), "1 2 3 4 5 6", "7"},
		{"alternatives that have parts", multi("alternative", plain, multi("mixed", html, file, html)), "1 2.1t 2.3t", "2.2"},
		{"a picture alone", logo, "", "1"},
		{"nothing known", nil, "", ""},
	} {
		sh := readShape(c.in)
		texts, files := "", ""
		for _, p := range sh.texts {
			texts += " " + partName(p.Path)
			if p.Twin {
				texts += "t"
			}
		}
		for _, a := range sh.files {
			files += " " + a.Part
		}
		if texts != pad(c.texts) || files != pad(c.files) {
			t.Errorf("%s: texts%s, files%s, want%s and%s", c.name, texts, files, pad(c.texts), pad(c.files))
		}
	}
	sh := readShape(multi("mixed", plain, file, logo))
	want := desk.Attachment{Part: "2", Name: "bill.pdf", Type: "application/pdf", Encoding: "base64", Size: 70_000}
	if sh.files[0] != want {
		t.Errorf("file %+v, want %+v", sh.files[0], want)
	}
	if sh.files[1].CID != "logo@x" || !sh.files[1].Inline {
		t.Errorf("picture %+v", sh.files[1])
	}
	if sh.sizeOf([]int{2}) != 70_000 || sh.sizeOf([]int{1}) != 500 || sh.sizeOf([]int{9}) != -1 {
		t.Error("sizes of parts")
	}
}

func pad(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// A hostile structure of endless nesting must end.
func TestReadShapeEnds(t *testing.T) {
	var bs imap.BodyStructure = leaf("text/plain", 9, nil, "", nil)
	for range 5000 {
		bs = multi("mixed", bs)
	}
	if sh := readShape(bs); len(sh.texts) != 0 {
		t.Errorf("%d texts at a depth nobody means", len(sh.texts))
	}
}

func TestPartNames(t *testing.T) {
	for in, ok := range map[string]bool{"1": true, "1.2.3": true, "": false, "0": false, "1.": false, "a": false, "1.-2": false} {
		path, got := parsePart(in)
		if got != ok || ok && partName(path) != in {
			t.Errorf("%q: %v %v", in, path, got)
		}
	}
}

func TestPickFolders(t *testing.T) {
	box := func(name string, attrs ...imap.MailboxAttr) *imap.ListData {
		return &imap.ListData{Mailbox: name, Delim: '/', Attrs: attrs}
	}
	for _, c := range []struct {
		name string
		all  []*imap.ListData
		set  Settings
		want string
	}{
		{"marked", []*imap.ListData{box("INBOX"), box("Sent"), box("Versendet", imap.MailboxAttrSent), box("Müll", imap.MailboxAttrJunk)}, Settings{}, "INBOX inbox, Versendet sent, Müll junk"},
		{"by name", []*imap.ListData{box("INBOX"), box("INBOX/Gesendete Elemente"), box("[Gmail]/Spam")}, Settings{}, "INBOX inbox, INBOX/Gesendete Elemente sent, [Gmail]/Spam junk"},
		{"chosen", []*imap.ListData{box("INBOX"), box("Sent", imap.MailboxAttrSent), box("Out"), box("Orders")}, Settings{Sent: "Out", Folders: []string{"Orders", "Gone", "INBOX"}}, "INBOX inbox, Out sent, Orders other"},
		{"none", nil, Settings{}, "INBOX inbox"},
	} {
		got := ""
		for i, f := range pickFolders(c.all, c.set) {
			if i > 0 {
				got += ", "
			}
			got += f.name + " " + string(f.role)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestSettings(t *testing.T) {
	good := Settings{
		Username: "amira", Addresses: []string{"amira@example.test"},
		IMAP: Server{"mail.example", 993, TLSImplicit}, SMTP: Server{"mail.example", 587, TLSStart},
	}
	back, err := ParseSettings(good.Marshal())
	if err != nil || back.IMAP != good.IMAP || back.SMTP != good.SMTP || !back.owns("AMIRA@example.test") || back.owns("") ||
		!(Settings{Addresses: []string{"hilfe@größe.example"}}).owns("Hilfe@xn--gre-6ka8i.example") {
		t.Errorf("came back as %+v: %v", back, err)
	}
	for name, c := range map[string]struct {
		spoil func(*Settings)
		want  desk.Kind
	}{
		"no user":             {func(s *Settings) { s.Username = "" }, desk.KindInvalid},
		"no address":          {func(s *Settings) { s.Addresses = nil }, desk.KindInvalid},
		"no port":             {func(s *Settings) { s.IMAP.Port = 0 }, desk.KindInvalid},
		"no protection named": {func(s *Settings) { s.SMTP.TLS = "" }, desk.KindInvalid},
		"plain far away":      {func(s *Settings) { s.SMTP.TLS = TLSPlain }, desk.KindUnsafe},
		"plain that sounds near": {func(s *Settings) {
			s.IMAP = Server{"localhost.example", 143, TLSPlain}
		}, desk.KindUnsafe},
		"plain here": {func(s *Settings) { s.IMAP = Server{"127.0.0.1", 143, TLSPlain} }, ""},
	} {
		s := good
		c.spoil(&s)
		if got := desk.KindOf(s.Check()); got != c.want {
			t.Errorf("%s: kind %q, want %q", name, got, c.want)
		}
	}
	if _, err := ParseSettings([]byte("{")); desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("torn JSON: %v", err)
	}
}
