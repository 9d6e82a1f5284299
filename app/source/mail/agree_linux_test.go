package mail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// What a server tells of a mail's structure, and what is then fetched of it, must
// read as the whole mail does: the same text, the same files. Only where a mail
// is broken may Dovecot and we take it apart differently.
func TestStructureReadsAsTheWholeMail(t *testing.T) {
	raws := map[string][]byte{}
	for _, pattern := range []string{
		"../../mailtext/testdata/mails/*.eml",
		"../../../../shared/fixtures/mime/mail-parser/legacy__*.eml",
		"../../../../shared/fixtures/mime/webklex/*.eml",
	} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) < 12 {
			t.Fatalf("%d mails at %s: %v", len(names), pattern, err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			raws[filepath.Base(name)] = raw
		}
	}
	differ := map[string]string{
		"legacy__035.eml files":       "Dovecot drops the backslashes of a path",
		"legacy__039.eml files":       "Dovecot drops the backslashes of a path",
		"legacy__049.eml text":        "a file in the text stays there, or it would be lost",
		"legacy__049.eml files":       "a file in the text stays there, or it would be lost",
		"files-in-the-text.eml text":  "a file in the text stays there, or it would be lost",
		"files-in-the-text.eml files": "a file in the text stays there, or it would be lost",
		"torn-borders.eml files":      "Dovecot gives up on the structure; the text is read from the whole",
		"signature-around.eml files":  "what a signature holds comes out when it is saved",
		"mbox.eml text":               "no server keeps a mail with the marks of an mbox file",
	}
	lab := maillab.Dovecot(t, mail.TLSPlain)
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	byDate := map[int64]string{}
	for name, raw := range raws {
		lab.Append("INBOX", raw, at)
		byDate[at.Unix()] = name
		at = at.Add(time.Minute)
	}
	heads, bodies := pullAll(t, lab)
	if len(heads) != len(raws) {
		t.Fatalf("%d heads of %d mails", len(heads), len(raws))
	}
	for id, head := range heads {
		name := byDate[head.At.Unix()]
		whole := mailtext.Read(raws[name])
		body := bodies[id]
		if body == nil {
			t.Errorf("%s: no text came", name)
			continue
		}
		held(t, differ, name+" text", flat(body.Text), flat(whole.Body.Text))
		var got, want []string
		for _, a := range head.Attachments {
			got = append(got, a.Name+" "+a.Type)
		}
		for _, f := range whole.Files {
			want = append(want, f.Name+" "+f.Type)
		}
		held(t, differ, name+" files", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// held compares, and wants no excuse where none is needed.
func held(t *testing.T, differ map[string]string, what, got, want string) {
	t.Helper()
	if reason, known := differ[what]; known == (got == want) {
		t.Errorf("%s (%s):\n got %q\nwant %q", what, reason, got, want)
	}
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// pullAll brings everything, heads and texts by the server's name for each mail.
func pullAll(t *testing.T, lab *maillab.Lab) (map[string]*desk.Head, map[string]*desk.Body) {
	t.Helper()
	s := mail.New(lab.Config())
	defer s.Close()
	if _, err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	heads, bodies := map[string]*desk.Head{}, map[string]*desk.Body{}
	var cursor source.Cursor
	for range 500 {
		page, err := s.Pull(t.Context(), source.PullRequest{Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		cursor = page.Next
		for _, a := range page.Items {
			id := fmt.Sprint(a.Remote)
			if a.Head != nil {
				heads[id] = a.Head
			}
			if a.Body != nil {
				bodies[id] = a.Body
			}
		}
		if !page.More {
			return heads, bodies
		}
	}
	t.Fatal("the mailbox has no end")
	return nil, nil
}
