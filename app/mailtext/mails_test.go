package mailtext

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"fernpost/store/desk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden is what is held of a mail.
type golden struct {
	Subject  string
	From     desk.Address
	To       []desk.Address
	Date     string
	Text     string
	HTML     string
	Files    []File
	Warnings []string
}

// The hardest mails we could think of, each with what a person should get of it.
func TestGoldenMails(t *testing.T) {
	names, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(names) < 12 {
		t.Fatalf("%d mails: %v", len(names), err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m := Read(raw)
		got, err := json.MarshalIndent(golden{
			Subject: m.Header.Text("Subject"), From: m.Header.Sender(), To: m.Header.Addresses("To"),
			Date: m.Header.Date("Date").Format("2006-01-02T15:04:05Z07:00"),
			Text: m.Text, HTML: m.Body.HTML, Files: m.Files, Warnings: m.Body.Warnings,
		}, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		file := strings.TrimSuffix(name, ".eml") + ".json"
		if *update {
			if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(bytes.TrimSpace(want), got) {
			t.Errorf("%s: %v\n got %s\nwant %s", name, err, got, want)
		}
	}
}

// fixtures are the mails of other projects beside the checkout.
func fixtures(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, form := range []string{"*.eml", "*.raw"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "fixtures", "mime", "*", form))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, found...)
	}
	if len(out) < 400 {
		t.Fatalf("%d mails among the fixtures", len(out))
	}
	return out
}

// Where enmime finds the same number of files we must agree on what they are:
// two readers that know nothing of each other are seldom wrong together. It
// changes the characters of text files, so their sizes aren't compared; where it
// is wrong, the list says how.
func TestAgreesWithEnmime(t *testing.T) {
	differ := map[string]string{
		"mail-parser/legacy__016.eml":                                  "a raw 8-bit name is guessed here, replaced there",
		"mail-parser/legacy__023.eml":                                  "a raw 8-bit name is guessed here, replaced there",
		"mail-parser/legacy__026.eml":                                  "a raw 8-bit name is guessed here, replaced there",
		"mail-parser/legacy__017.eml":                                  "uuencoded files are decoded here",
		"mail-parser/legacy__048.eml":                                  "uuencoded files are decoded here",
		"mail-parser/malformed__017.eml":                               "a missing semicolon hides the parts from enmime",
		"webklex/attachment_long_filename.eml":                         "enmime loses the beginning of a name in RFC 2231's form",
		"webklex/boolean_decoded_content.eml":                          "enmime gives up at the first character that is no base64",
		"ruby-mail/attachment_emails__attachment_content_location.eml": "a name from Content-Location",
		"ruby-mail/error_emails__missing_content_disposition.eml":      "enmime loses the name",
	}
	compared := 0
	for _, name := range fixtures(t) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
		if err != nil {
			continue
		}
		m := Read(raw)
		theirs := append(append(env.Attachments, env.Inlines...), env.OtherParts...)
		if len(theirs) != len(m.Files) {
			continue
		}
		short := filepath.Base(filepath.Dir(name)) + "/" + filepath.Base(name)
		same := true
		for _, p := range theirs {
			ok := slices.ContainsFunc(m.Files, func(f File) bool { return sameFile(f, p) })
			if same = same && ok; !ok && differ[short] == "" {
				t.Errorf("%s: %q of %s, %d bytes, is not among %+v", short, p.FileName, p.ContentType, len(p.Content), m.Files)
			}
			compared++
		}
		if same && differ[short] != "" {
			t.Errorf("%s: no different any more (%s)", short, differ[short])
		}
	}
	if compared < 150 {
		t.Errorf("only %d files compared", compared)
	}
}

// sameFile compares what enmime says; of files without a type or a name it has
// guesses of its own.
func sameFile(f File, p *enmime.Part) bool {
	named := p.FileName == f.Name || p.FileName == "" && (f.Name == "" || strings.HasSuffix(f.Name, ".eml") || strings.HasPrefix(f.Type, "text/"))
	typed := p.ContentType == f.Type || p.ContentType == "" || p.ContentType == anyType
	return named && typed && (int64(len(p.Content)) == f.Size || strings.HasPrefix(f.Type, "text/"))
}

// Stalwart's parser says what it reads in its own mails. It is held against what
// both must find: subject, sender, date and plain text.
func TestAgreesWithStalwart(t *testing.T) {
	const kept = "nothing of a mail whose borders are wrong is thrown away here"
	differ := map[string]string{
		"malformed__001": kept, "malformed__002": kept, "malformed__003": kept, "malformed__004": kept, "malformed__005": kept,
		"malformed__006": kept, "malformed__008": kept, "malformed__009": kept, "malformed__016": kept, "malformed__019": kept,
		"malformed__020":  "two types in one head: the first, which has parts, counts",
		"malformed__021":  "two types in one head: the first, which has parts, counts",
		"rfc__000":        "text/enriched is text",
		"thirdparty__000": "a NUL is no character",
		"thirdparty__002": "what can't be base64 is shown as it came",
		"thirdparty__005": "a border in the middle of a line is none",
	}
	dir := filepath.Join("..", "..", "..", "shared", "fixtures", "mime")
	names, err := filepath.Glob(filepath.Join(dir, "mail-parser-expected", "*.json"))
	if err != nil || len(names) < 40 {
		t.Fatalf("%d expectations: %v", len(names), err)
	}
	for _, name := range names {
		short := strings.TrimSuffix(filepath.Base(name), ".json")
		raw, err := os.ReadFile(filepath.Join(dir, "mail-parser", short+".eml"))
		if err != nil {
			continue // not every expectation has its mail
		}
		var want stalwart
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m := Read(raw)
		text := strings.Join(strings.Fields(m.Text), " ")
		plain, all := want.text()
		same := !all || text == strings.Join(strings.Fields(plain), " ")
		if reason, known := differ[short]; known == same {
			t.Errorf("%s (%s):\n got %q\nwant %q", short, reason, text, plain)
		}
		if got := m.Header.Text("Subject"); got != want.subject() {
			t.Errorf("%s: subject %q, want %q", short, got, want.subject())
		}
	}
}

// stalwart is the part of its answer that is compared.
type stalwart struct {
	Text  []int `json:"text_body"`
	Parts []struct {
		Headers []struct{ Name, Value json.RawMessage }
		Body    json.RawMessage
	}
}

// text joins the plain texts; all is false when something else is among them.
func (s stalwart) text() (text string, all bool) {
	for _, i := range s.Text {
		var body struct{ Text *string }
		if json.Unmarshal(s.Parts[i].Body, &body) != nil || body.Text == nil {
			return "", false
		}
		text += *body.Text + "\n"
	}
	return text, true
}

func (s stalwart) subject() string {
	for _, h := range s.Parts[0].Headers {
		var value struct{ Text string }
		if string(h.Name) == `"subject"` && json.Unmarshal(h.Value, &value) == nil {
			return value.Text
		}
	}
	return ""
}
