package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mailFixtures are the mails of other projects beside the checkout.
func mailFixtures(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, form := range []string{"*.eml", "*.raw"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "shared", "fixtures", "mime", "*", form))
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

// Every mail gets a line with every field, whatever is wrong with it; no text
// is explained by a warning.
func TestInspectMailAnswersForEveryFixture(t *testing.T) {
	names := mailFixtures(t)
	code, lines := inspect(t, "", append([]string{"mail", "--json"}, names...)...)
	if code != exitDone || len(lines) != len(names) {
		t.Fatalf("exit %d, %d lines for %d mails", code, len(lines), len(names))
	}
	for i, line := range lines {
		if line["file"] != names[i] {
			t.Fatalf("line %d is about %v, want %s", i, line["file"], names[i])
		}
		for _, field := range []string{"to", "cc", "references", "attachments", "warnings"} {
			if _, ok := line[field].([]any); !ok {
				t.Errorf("%s: %s is %v, want an array", names[i], field, line[field])
			}
		}
		for _, field := range []string{
			"subject", "date", "message_id", "in_reply_to", "language", "text", "trimmed", "html", "kind",
		} {
			if _, ok := line[field].(string); !ok {
				t.Errorf("%s: %s is %v, want text", names[i], field, line[field])
			}
		}
		if line["text"] == "" && len(line["warnings"].([]any)) == 0 {
			t.Errorf("%s: no text, and nothing says why", names[i])
		}
	}
}

func TestInspectMailSaysWhatItRead(t *testing.T) {
	raw := strings.ReplaceAll(`From mbox@old.example Mon Jan  1 00:00:00 2024
From: =?utf-8?q?J=C3=B6rg?= <j@b.example>
To: Help <help@shop.example>, "Vogel, K." <k@c.example>
Subject: =?utf-8?b?R3LDtsOfZQ==?=
Date: Tue, 3 Nov 2026 10:20:30 +0100
Message-ID: <1@b.example>
In-Reply-To: <0@b.example>
References: <9@b.example>
 <0@b.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/plain; charset=utf-8

It is too small.

On Mon, 2 Nov 2026, Help wrote:
> Which one?
--m
Content-Type: image/png; name=cup.png
Content-Transfer-Encoding: base64
Content-ID: <cup@b>

iVBORw0KGgo=
--m--
`, "\n", "\r\n")
	file := filepath.Join(t.TempDir(), "a.eml")
	if err := os.WriteFile(file, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	code, lines := inspect(t, "", "mail", "--json", file, file+".not")
	if code != exitDone || len(lines) != 2 {
		t.Fatalf("exit %d, %d lines", code, len(lines))
	}
	if lines[1]["error"] != "not_found" {
		t.Errorf("a file that isn't there: %v", lines[1])
	}
	for field, want := range map[string]string{
		"subject": "Größe", "date": "2026-11-03T10:20:30+01:00", "message_id": "1@b.example",
		"in_reply_to": "0@b.example", "trimmed": "It is too small.", "kind": "customer",
		"text": "It is too small.\n\nOn Mon, 2 Nov 2026, Help wrote:\n> Which one?",
	} {
		if lines[0][field] != want {
			t.Errorf("%s: %q, want %q", field, lines[0][field], want)
		}
	}
	file0 := lines[0]["attachments"].([]any)[0].(map[string]any)
	if file0["name"] != "cup.png" || file0["type"] != "image/png" || file0["size"] != 8.0 || file0["cid"] != "cup@b" {
		t.Errorf("the file: %v", file0)
	}
	from, to := lines[0]["from"].(map[string]any), lines[0]["to"].([]any)
	if from["name"] != "Jörg" || from["address"] != "j@b.example" || len(to) != 2 || to[1].(map[string]any)["name"] != "Vogel, K." {
		t.Errorf("from %v to %v", from, to)
	}
}
