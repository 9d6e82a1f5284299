package mailbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

var day = time.Date(2025, 11, 20, 14, 2, 0, 0, time.FixedZone("", 3600))

func seedTwo(b *Batch) error {
	b.Box("INBOX", 77)
	b.Box("Sent", 77, imap.MailboxAttrSent)
	b.Mail("INBOX", day, letter(0), imap.FlagSeen)
	return b.Note("hello", "world", []byte("body of the note"))
}

func letter(n int) []byte {
	return fmt.Appendf(nil, "Subject: %d\r\nMessage-ID: <%d@test.example>\r\n\r\n%s\r\n", n, n, strings.Repeat("x", n*7))
}

func mustOpen(t *testing.T, path string) (*Store, []Note) {
	t.Helper()
	var notes []Note
	s, err := Open(path, seedTwo, func(n Note) { notes = append(notes, n) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, notes
}

// look lists what a store holds, in words that compare.
func look(t *testing.T, s *Store) (all []string) {
	t.Helper()
	for _, b := range s.boxes {
		all = append(all, fmt.Sprint(b.name, b.special, b.uidValidity, b.uidNext))
		for _, m := range b.mails {
			raw, err := s.Read(m.body)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%d %v %v %q", m.uid, m.at, m.flags, raw))
		}
	}
	return all
}

func TestReplayIsEqual(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "mailbox.log")
	s, notes := mustOpen(t, path)
	if len(notes) != 1 || notes[0].Type != "hello" {
		t.Fatalf("notes of a new mailbox: %v", notes)
	}
	if body, err := s.Read(notes[0].Body); err != nil || string(body) != "body of the note" {
		t.Errorf("%q, %v", body, err)
	}
	var b Batch
	b.Mail("INBOX", day.Add(time.Hour), letter(1), "$Label")
	b.Mail("Sent", day, letter(2))
	b.Mail("INBOX", day, letter(3))
	b.changes = append(b.changes,
		change{Kind: kindFlags, Box: "INBOX", Set: "1:2", Op: int(imap.StoreFlagsAdd), Flags: []string{"$label", "$Other"}},
		change{Kind: kindFlags, Box: "INBOX", Set: "1", Op: int(imap.StoreFlagsDel), Flags: []string{`\seen`}},
		change{Kind: kindExpunge, Box: "INBOX", Set: "3"})
	if err := s.Commit(&b); err != nil {
		t.Fatal(err)
	}
	before := look(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, _ := mustOpen(t, path)
	if after := look(t, again); !reflect.DeepEqual(before, after) {
		t.Errorf("before %v\nafter  %v", before, after)
	}
	inbox := again.box("inbox")
	if inbox == nil || inbox.uidNext != 4 || inbox.uidValidity != 77 {
		t.Errorf("the UID of an expunged mail is given again: %+v", inbox)
	}
	if got := fmt.Sprint(inbox.mails[0].flags, inbox.mails[1].flags); got != "[$label $Other] [$Label $Other]" {
		t.Errorf("flags %s", got)
	}
}

// Wherever a kill tears the last record, what came before it stands, and what
// is written next is read again.
func TestATornTail(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mailbox.log")
	s, _ := mustOpen(t, path)
	before := look(t, s)
	start := s.size
	var b Batch
	b.Mail("INBOX", day, letter(5))
	if err := s.Commit(&b); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := start; cut < int64(len(whole)); cut++ {
		for name, tail := range map[string][]byte{
			"short": nil,
			"zeros": make([]byte, int64(len(whole))-cut+512),
		} {
			if name == "zeros" && bytes.Equal(bytes.Trim(whole[cut:], "\x00"), nil) {
				continue
			}
			torn := filepath.Join(dir, fmt.Sprint("torn-", name, cut))
			if err := os.WriteFile(torn, append(bytes.Clone(whole[:cut]), tail...), fileMode); err != nil {
				t.Fatal(err)
			}
			s, err := Open(torn, seedTwo, func(Note) {})
			if err != nil {
				t.Fatal(err)
			}
			if after := look(t, s); !reflect.DeepEqual(before, after) {
				t.Errorf("%s at %d: %v", name, cut, after)
			}
			var b Batch
			b.Mail("INBOX", day, letter(6))
			if err := s.Commit(&b); err != nil {
				t.Fatal(err)
			}
			now := look(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := Open(torn, seedTwo, func(Note) {})
			if err != nil {
				t.Fatal(err)
			}
			if after := look(t, again); !reflect.DeepEqual(now, after) {
				t.Errorf("%s at %d, then written on: %v", name, cut, after)
			}
			if err := again.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A byte that changed in the middle leaves numbers that nobody can trust: a
// new mailbox begins, and the old file is kept for whoever asks.
func TestDamageIsPutAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mailbox.log")
	s, _ := mustOpen(t, path)
	var b Batch
	b.Mail("INBOX", day, letter(5))
	if err := s.Commit(&b); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(magic)+headLen+20] ^= 1
	if err := os.WriteFile(path, whole, fileMode); err != nil {
		t.Fatal(err)
	}
	fresh := func(b *Batch) error { b.Box("INBOX", 78); return nil }
	notes := 0
	again, err := Open(path, fresh, func(Note) { notes++ })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	if again.box("INBOX").uidValidity != 78 || again.box("Sent") != nil || notes != 0 {
		t.Errorf("%v, %d notes of the damaged log", look(t, again), notes)
	}
	if kept, err := os.ReadFile(path + ".damaged"); err != nil || !bytes.Equal(kept, whole) {
		t.Errorf("the damaged log isn't kept: %v", err)
	}
}

func TestAFaultOfTheDiskStopsWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mailbox.log")
	s, _ := mustOpen(t, path)
	before := look(t, s)
	readOnly, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := s.file
	s.file = readOnly
	var b Batch
	b.Mail("INBOX", day, letter(9))
	if err := s.Commit(&b); err == nil {
		t.Fatal("a write to a read-only file works")
	}
	_ = readOnly.Close()
	s.file = whole
	if err := s.Commit(&b); err == nil {
		t.Error("writing goes on after a write that ended in doubt")
	}
	if after := look(t, s); !reflect.DeepEqual(before, after) {
		t.Errorf("what wasn't written shows: %v", after)
	}
}

const killEnv = "FERNPOST_TEST_MAILBOX"

// TestMain lets the test binary be the process that gets killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(killEnv); path != "" {
		writeUntilKilled(path)
	}
	os.Exit(m.Run())
}

func writeUntilKilled(path string) {
	s, err := Open(path, seedTwo, func(Note) {})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for n := 1; ; n++ {
		var b Batch
		b.Mail("INBOX", day, letter(n))
		if err := s.Commit(&b); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

// Whatever was acknowledged before a real kill is there after it, and nothing
// stands twice.
func TestKill(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "mailbox.log")
	known := 0
	for round := range 5 {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), killEnv+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		acked := 0
		for lines.Scan() {
			if acked, err = strconv.Atoi(lines.Text()); err != nil {
				t.Fatalf("the writer says %q", lines.Text())
			}
			if acked == 20+7*round {
				_ = cmd.Process.Kill()
			}
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) {
			t.Fatalf("the writer ended by itself: %v", err)
		}
		s, err := Open(path, seedTwo, func(Note) {})
		if err != nil {
			t.Fatal(err)
		}
		mails := s.box("INBOX").mails
		if got := len(mails) - 1 - known; got < acked {
			t.Errorf("round %d: %d mails acknowledged, %d there", round, acked, got)
		}
		for i, m := range mails {
			if int(m.uid) != i+1 {
				t.Errorf("round %d: mail %d has UID %d", round, i+1, m.uid)
			}
		}
		known = len(mails) - 1
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
