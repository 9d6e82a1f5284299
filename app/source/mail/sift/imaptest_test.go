package sift

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// scripts are imaptest's: what servers have to answer, with variables for what
// every server says in its own way.
var scripts = []string{
	"../../../../../shared/fixtures/imap/imaptest/*",
	"../../../../../shared/fixtures/imap/imaptest/broken/*",
}

var (
	scriptLine     = regexp.MustCompile(`(?m)^(?:\d+ )?[*!] `)
	scriptVariable = regexp.MustCompile(`\$\{?!?(\w+)\}?(=[^ )]*)?`)
	scriptLiteral  = regexp.MustCompile(`(?s)(~?)\{\{\{\n?(.*?)\}\}\}`)
	scriptUID      = regexp.MustCompile(`(?i)[( ]UID \d+[ )]`)
	// handedOn are the responses that go-imap gets to hear, as we ask for them.
	handedOn = []string{"FETCH", "SEARCH", "LIST", "ESEARCH", "EXPUNGE", "STATUS", "OK", "NO", "BAD", "BYE", "EXISTS", "FLAGS", "CAPABILITY", "ENABLED", "ID"}
	// ourItems are what of a FETCH is handed on.
	ourItems = regexp.MustCompile(`(?i)[( ](UID|FLAGS|BODY|BODYSTRUCTURE|INTERNALDATE|RFC822\.SIZE|MODSEQ)[ \[]`)
)

// responses writes a script's untagged answers as a server would.
func responses(script string) (out []string) {
	for _, at := range scriptLine.FindAllStringIndex(script, -1) {
		line := script[at[1]:]
		end := strings.IndexByte(line, '\n')
		for end >= 0 && strings.Count(line[:end], "{{{") > strings.Count(line[:end], "}}}") {
			more := strings.IndexByte(line[end+1:], '\n')
			if more < 0 {
				break
			}
			end += 1 + more
		}
		if end >= 0 {
			line = line[:end]
		}
		line = scriptLiteral.ReplaceAllStringFunc(line, func(s string) string {
			m := scriptLiteral.FindStringSubmatch(s)
			text := strings.ReplaceAll(m[2], "\n", "\r\n")
			return fmt.Sprintf("%s{%d}\r\n%s", m[1], len(text), text)
		})
		out = append(out, "* "+scriptVariable.ReplaceAllStringFunc(line, valueOf))
	}
	return out
}

// valueOf gives a variable a value of its kind.
func valueOf(variable string) string {
	name := strings.TrimRight(strings.Trim(scriptVariable.FindStringSubmatch(variable)[1], "{}"), "0123456789")
	switch {
	case strings.HasPrefix(variable, "$!"):
		return ""
	case slices.Contains([]string{"hdr", "full", "body", "hello", "world"}, name):
		return "{7}\r\na)b\r\n(\""
	case name == "sep", name == "inboxsep":
		return "/"
	case name == "root", name == "mailbox", name == "mail_url":
		return "box"
	case name == "date", name == "intdate":
		return `" 2-Jan-2026 10:00:00 +0000"`
	case name == "tag", name == "searchtag":
		return `"T1"`
	}
	return "7"
}

// Everything that servers are tested to say comes through, and nothing else: each
// answer is handed on once if it is one that we ask for, and go-imap lives with it.
func TestWhatServersAreTestedToSay(t *testing.T) {
	files, played := 0, 0
	for _, pattern := range scripts {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if info, err := os.Stat(name); err != nil || info.IsDir() || strings.HasSuffix(name, ".mbox") {
				continue
			}
			script, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			says := responses(string(script))
			files, played = files+1, played+len(says)
			for _, said := range says {
				comesThrough(t, filepath.Base(name), said)
			}
			whole := []byte(strings.Join(says, "\r\n") + "\r\n")
			whole = slices.Concat(bytes.ReplaceAll(whole, []byte("* BYE"), []byte("* OK")))
			want := len(scriptUID.FindAll(whole, -1))
			if got := replayed(t, filepath.Base(name), whole, want); got != want {
				t.Errorf("%s: %d messages were told of, want %d", filepath.Base(name), got, want)
			}
		}
	}
	if files < 58 || played < 599 {
		t.Errorf("only %d scripts with %d answers were there", files, played)
	}
}

// comesThrough plays one answer, in a folder of many messages.
func comesThrough(t *testing.T, name, said string) {
	t.Helper()
	words := strings.Fields(said)
	number := len(words) > 2 && strings.Trim(words[1], "0123456789") == ""
	verb := strings.ToUpper(words[1])
	if number {
		verb = strings.ToUpper(words[2])
	}
	const before, after = "* 99 EXISTS\r\n", "* 98 EXISTS\r\n"
	got := sifted(t, before+said+"\r\n"+after, "T1 SEARCH ALL")
	middle, begins := strings.CutPrefix(got, before)
	middle, ends := strings.CutSuffix(middle, after)
	if !begins || !ends {
		t.Errorf("%s: %q took more than itself: %q", name, said, got)
		return
	}
	want := slices.Contains(handedOn, verb) && (verb != "FETCH" || ourItems.MatchString(said))
	if verb == "LIST" && strings.HasSuffix(said, `""`) {
		want = false // a folder without a name can't be opened
	}
	head := "* " + verb + " "
	if number {
		head = "* " + words[1] + " " + verb
	}
	if came := strings.HasPrefix(middle, strings.TrimSpace(head)); came != want || !want && middle != "" {
		t.Errorf("%s: %q became %q", name, said, middle)
	}
	if verb == "SEARCH" && want && strings.TrimSpace(middle) != strings.ToUpper(strings.TrimSpace(said)) {
		t.Errorf("%s: %q became %q", name, said, middle)
	}
}
