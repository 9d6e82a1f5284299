package mail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// recordings are what Dovecot, Gmail, Courier, Cyrus, UW, Zoho and iCloud said
// to another client.
const recordings = "../../../../shared/fixtures/imap/mailkit-transcripts"

var taggedLine = regexp.MustCompile(`(?m)^A########[^\n]*\n`)

func recorded(t *testing.T, name string) string {
	t.Helper()
	says, err := os.ReadFile(filepath.Join(recordings, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(says), "\n", "\r\n") // their literals count CRLF
}

// Whatever a server once said, said at any time: no mail is lost over it, and no
// line breaks.
func TestRecordedWordsAtAnyTime(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recordings, "*", "*.txt"))
	if err != nil || len(files) < 270 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	for _, verb := range []string{"LIST", "SELECT", "NOOP", "STATUS", "FETCH"} {
		for _, file := range files {
			name, _ := filepath.Rel(recordings, file)
			if strings.Contains(name, "greeting") {
				continue
			}
			says := taggedLine.ReplaceAllString(recorded(t, name), "")
			l := &liar{
				second: func(items string) (string, error) { return honest(2, items), nil },
				beside: func(v string) string {
					if v == verb {
						return says
					}
					return ""
				},
			}
			heads, texts, resets, lines := l.sync(t)
			for n := 1; n <= 3; n++ {
				id := fmt.Sprint(n)
				if heads[id].Head == nil || texts[id].Body == nil || texts[id].Body.Text != "hello" {
					t.Errorf("%s beside %s: mail %s is missing", name, verb, id)
				}
			}
			if len(resets) > 0 || lines > 0 {
				t.Errorf("%s beside %s: resets %q, %d lines broke", name, verb, resets, lines)
			}
		}
	}
}

// The first words of each kind of server, in their order.
func TestRecordedBeginnings(t *testing.T) {
	for _, c := range []struct{ kind, greeting, signIn, list string }{
		{"gmail", "gmail/greeting.txt", "gmail/authenticate.txt", "gmail/list-all.txt"},
		{"gmail with a warning", "gmail/greeting.txt", "gmail/authenticate+webalert.txt", "gmail/xlist.txt"},
		{"icloud", "icloud/greeting.txt", "icloud/authenticate-plain.txt", "icloud/list-inbox.txt"},
		{"zoho", "zoho/greeting.txt", "zoho/authenticate.txt", "zoho/list-inbox.txt"},
		{"cyrus", "cyrus/greeting.txt", "cyrus/authenticate.txt", "gmail/list-personal.txt"},
		{"courier", "courier/greeting.txt", "courier/capability.txt", "dovecot/list-personal.txt"},
		{"uw", "uw/greeting.txt", "dovecot/authenticate.txt", "dovecot/list-special-use.txt"},
	} {
		said := map[string]string{
			"GREETING":     recorded(t, c.greeting),
			"AUTHENTICATE": taggedLine.ReplaceAllString(recorded(t, c.signIn), ""),
			"LIST":         taggedLine.ReplaceAllString(recorded(t, c.list), ""),
		}
		said["LOGIN"] = said["AUTHENTICATE"]
		l := &liar{
			caps:   " SASL-IR",
			second: func(items string) (string, error) { return honest(2, items), nil },
			beside: func(verb string) string { return said[verb] },
		}
		heads, texts, _, lines := l.sync(t)
		if len(heads) != 3 || len(texts) != 3 || lines != 0 {
			t.Errorf("%s: %d heads, %d texts, %d lines broke", c.kind, len(heads), len(texts), lines)
		}
	}
}

// Gmail's own number of a mail stays whatever folder it is seen in, and its
// servers file what they send.
func TestGmailNumbersItsMails(t *testing.T) {
	numbered := func(uid int, items string) string {
		out := honest(uid, items)
		if strings.Contains(items, "X-GM-MSGID") {
			out = strings.Replace(out, "(UID", "(X-GM-MSGID 127845534423033486"+fmt.Sprint(uid)+" UID", 1)
		}
		return out
	}
	l := &liar{caps: " X-GM-EXT-1", second: func(items string) (string, error) { return numbered(2, items), nil }}
	heads, texts, _, lines := l.sync(t)
	if len(heads) != 3 || len(texts) != 3 || lines != 0 {
		t.Fatalf("%d heads, %d texts, %d lines broke", len(heads), len(texts), lines)
	}
	if got, want := heads["2"].Stable, "gmail/1278455344230334862"; got != want {
		t.Errorf("stable key %q, want %q", got, want)
	}
}
