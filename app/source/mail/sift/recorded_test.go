package sift

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// recordings are what Dovecot, Gmail, Courier, Cyrus, UW, Zoho and iCloud said
// to another client.
const recordings = "../../../../../shared/fixtures/imap/mailkit-transcripts/*/*.txt"

var (
	recordedTag = regexp.MustCompile(`(?m)^A########`)
	recordedUID = regexp.MustCompile(`[( ]UID \d+[ )]`)
)

func TestRecordedAnswersDontEndTheLine(t *testing.T) {
	files, err := filepath.Glob(recordings)
	if err != nil || len(files) < 270 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		says, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		says = bytes.ReplaceAll(says, []byte("\n"), []byte("\r\n")) // their literals count CRLF
		want := len(recordedUID.FindAll(says, -1))
		if got := replayed(t, name, says, want); got != want {
			t.Errorf("%s: %d messages were told of, want %d", name, got, want)
		}
	}
}

// replayed lets go-imap hear a recording, as the greeting or as the answer to a
// command, and counts the messages it heard of; it waits for so many.
func replayed(t *testing.T, name string, says []byte, want int) int {
	t.Helper()
	client, server := net.Pipe()
	served := make(chan struct{})
	go func() {
		defer close(served)
		defer server.Close()
		answer(server, name, says)
	}()
	var mu sync.Mutex
	var told int
	c := imapclient.New(New(client, nil), &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Fetch: func(m *imapclient.FetchMessageData) {
				for item := m.Next(); item != nil; item = m.Next() {
					switch item := item.(type) {
					case imapclient.FetchItemDataUID:
						mu.Lock()
						told++
						mu.Unlock()
					case imapclient.FetchItemDataBodySection:
						if item.Literal != nil {
							_, _ = io.Copy(io.Discard, item.Literal)
						}
					}
				}
			},
		},
	})
	defer func() { _ = c.Close(); <-served }()
	if err := c.WaitGreeting(); err != nil {
		t.Errorf("%s: greeting: %v", name, err)
		return 0
	}
	_ = c.Noop().Wait() // what was recorded may be a refusal
	if err := c.Noop().Wait(); err != nil {
		t.Errorf("%s: the next command: %v", name, err)
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		mu.Lock()
		n := told
		mu.Unlock()
		if n >= want {
			break
		}
	}
	mu.Lock()
	defer mu.Unlock()
	return told
}

// answer is the server: the recording first, then nothing but OK.
func answer(c net.Conn, name string, says []byte) {
	greets := strings.Contains(name, "greeting")
	if !greets {
		_, _ = io.WriteString(c, "* OK [CAPABILITY IMAP4rev1] here\r\n")
	} else {
		_, _ = c.Write(says)
	}
	r := bufio.NewReader(c)
	for played := greets; ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		tag, verb, _ := strings.Cut(strings.TrimSpace(line), " ")
		if verb == "CAPABILITY" {
			_, _ = io.WriteString(c, "* CAPABILITY IMAP4rev1\r\n")
		}
		if verb == "NOOP" && !played {
			played = true
			_, _ = c.Write(recordedTag.ReplaceAll(says, []byte(tag)))
			if recordedTag.Match(says) {
				continue
			}
		}
		_, _ = io.WriteString(c, tag+" OK done\r\n")
	}
}
