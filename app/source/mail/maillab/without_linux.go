package maillab

import (
	"bufio"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// uses tells, by extension, which words of a client would use it.
var uses = map[string]string{
	"CONDSTORE":     `CHANGEDSINCE|CONDSTORE|MODSEQ`,
	"QRESYNC":       `QRESYNC|VANISHED`,
	"ENABLE":        `^\S+ ENABLE`,
	"IDLE":          `^\S+ IDLE`,
	"ESEARCH":       `SEARCH RETURN`,
	"COMPRESS":      `COMPRESS`,
	"SPECIAL-USE":   `SPECIAL-USE`,
	"LIST-EXTENDED": `^\S+ LIST .* RETURN \(`,
	"LIST-STATUS":   `RETURN \(.*STATUS`,
	"BINARY":        `BINARY|~\{`,
	"UTF8":          `UTF8=ACCEPT`,
	"MOVE":          `^\S+ (UID )?MOVE`,
	"UIDPLUS":       `UID EXPUNGE`,
	"LITERAL":       `\{\d+[+-]\}$`,
	"SASL-IR":       `AUTHENTICATE \S+ \S`,
	"ID":            `^\S+ ID `,
	"NAMESPACE":     `^\S+ NAMESPACE`,
	"UNSELECT":      `^\S+ UNSELECT`,
}

// needs are extensions that mean nothing without another.
var needs = map[string][]string{"CONDSTORE": {"QRESYNC"}, "ENABLE": {"QRESYNC", "UTF8"}}

// Without is a Lab on an IMAP server that lacks some extensions: they are neither
// offered nor taken. COMPRESS is always among them, because the words are read
// on their way.
func (s *Servers) Without(t testing.TB, extensions ...string) *Lab {
	t.Helper()
	l := s.newLab(t, "plain")
	hidden := append([]string{"COMPRESS"}, extensions...)
	for _, e := range extensions {
		hidden = append(hidden, needs[e]...)
	}
	l.behind = hiding(t, l.imapAddr, hidden)
	return l.start()
}

// hiding listens for a server that doesn't offer what is hidden.
func hiding(t testing.TB, target string, hidden []string) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	var used []string
	for _, name := range hidden {
		if uses[name] == "" {
			t.Fatalf("no such extension %q", name)
		}
		used = append(used, uses[name])
	}
	forbidden := regexp.MustCompile(strings.Join(used, "|"))
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				_ = client.Close()
				continue
			}
			end := sync.OnceFunc(func() { _, _ = client.Close(), server.Close() })
			wg.Go(func() { defer end(); offerLess(client, server, hidden) })
			wg.Go(func() { defer end(); watchUse(t, server, client, forbidden) })
		}
	})
	t.Cleanup(func() { _ = ln.Close(); wg.Wait() })
	return ln.Addr().String()
}

// offerLess hands on what the server says, its capabilities without the hidden.
func offerLess(to io.Writer, from io.Reader, hidden []string) {
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadString('\n')
		if at := strings.Index(line, "CAPABILITY "); at >= 0 && at < 24 {
			words := strings.Split(line[at:], " ")
			words = slices.DeleteFunc(words, func(w string) bool {
				return slices.ContainsFunc(hidden, func(h string) bool {
					return w == h || strings.HasPrefix(w, h+"=") || h == "LITERAL" && strings.HasPrefix(w, h)
				})
			})
			if line = line[:at] + strings.Join(words, " "); !strings.HasSuffix(line, "\n") {
				line += "\r\n"
			}
		}
		if _, werr := io.WriteString(to, line); err != nil || werr != nil {
			return
		}
	}
}

// watchUse hands on what the client says; what it must not say fails the test.
func watchUse(t testing.TB, to io.Writer, from io.Reader, forbidden *regexp.Regexp) {
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadString('\n')
		if forbidden.MatchString(strings.TrimSpace(line)) {
			t.Errorf("the client uses what isn't offered: %.100q", line)
		}
		if _, werr := io.WriteString(to, line); err != nil || werr != nil {
			return
		}
	}
}
