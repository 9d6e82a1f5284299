package mail_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"fernpost/app/source/mail"
)

// actor is a mail server that plays one of the large ones: it says what that one
// was seen to say, and keeps folders of its own so that whole journeys can be made.
type actor struct {
	greeting  string
	before    string   // capabilities, before somebody is signed in
	after     string   // and afterwards
	id        string   // the list of its ID
	list      []string // LIST responses without "* LIST "
	flags     string   // FLAGS, and PERMANENTFLAGS without what is below
	permanent string   // what PERMANENTFLAGS has besides
	selected  string   // further lines of SELECT
	chatter   string   // untagged lines before every answer but that to a FETCH
	strange   string   // the BODYSTRUCTURE of the second mail
	modSeq    bool     // every FETCH and SELECT has one
	quoted    bool     // short texts come as quoted strings
	files     string   // where it files what is submitted, "" when it doesn't
	rewrites  bool     // another Message-ID on submitted mail
	refuse    func(command string) string
	wrap      func(net.Conn) net.Conn

	mu      sync.Mutex
	folders map[string][]*letterOf
	heard   []string
	nexts   map[string]int // the highest UID by folder
	tick    uint64
	sent    map[string]int // Message-ID: how often it came by SMTP
}

// letterOf is a mail of an actor.
type letterOf struct {
	uid, year  int
	flags      []string
	head, text string
	modSeq     uint64
	gmail      uint64
}

func (a *actor) put(folder string, year int, head, text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.add(folder, &letterOf{year: year, head: head + "\r\n", text: text})
}

func (a *actor) add(folder string, m *letterOf) {
	a.tick++
	all := a.folders[folder]
	if a.nexts == nil {
		a.nexts = map[string]int{}
	}
	a.nexts[folder]++
	m.uid, m.modSeq = a.nexts[folder], a.tick
	if m.gmail == 0 {
		m.gmail = 1278455344230334800 + a.tick
	}
	a.folders[folder] = append(all, m)
}

// change sets the flags of a mail, as another program would.
func (a *actor) change(folder string, uid int, flags ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.folders[folder] {
		if m.uid == uid {
			a.tick++
			m.flags, m.modSeq = flags, a.tick
		}
	}
}

func (a *actor) count(folder, words string) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.folders[folder] {
		if strings.Contains(m.head, words) {
			n++
		}
	}
	return n
}

func (a *actor) start(t *testing.T) mail.Settings {
	t.Helper()
	a.sent = map[string]int{}
	imap := onLoopback(t, a.talk)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	post := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &actorPost{a: a}, nil }))
	post.AllowInsecureAuth, post.Domain = true, "smtp.example.test"
	done := make(chan struct{})
	go func() { defer close(done); _ = post.Serve(ln) }()
	t.Cleanup(func() { _ = post.Close(); <-done })
	return mail.Settings{
		Username: "amira@example.test", Addresses: []string{"amira@example.test"}, IMAP: imap,
		SMTP: mail.Server{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, TLS: mail.TLSPlain},
	}
}

var literalAhead = regexp.MustCompile(`\{(\d+)(\+?)\}$`)

// readCommand reads a command with its literals.
func readCommand(r *bufio.Reader, c io.Writer) (string, error) {
	var whole string
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", err
		}
		whole += strings.TrimRight(line, "\r\n")
		m := literalAhead.FindStringSubmatch(whole)
		if m == nil {
			return whole, nil
		}
		if m[2] == "" {
			_, _ = fmt.Fprint(c, "+ go ahead\r\n")
		}
		n, _ := strconv.Atoi(m[1])
		literal := make([]byte, n)
		if _, err := io.ReadFull(r, literal); err != nil {
			return "", err
		}
		whole += "\r\n" + string(literal)
	}
}

func (a *actor) talk(c net.Conn) {
	r := bufio.NewReader(c)
	if a.wrap != nil {
		c = a.wrap(c)
	}
	_, _ = fmt.Fprint(c, a.greeting+"\r\n")
	in, folder := false, ""
	for {
		whole, err := readCommand(r, c)
		if err != nil {
			return
		}
		tag, cmd, _ := strings.Cut(whole, " ")
		a.mu.Lock()
		a.heard = append(a.heard, cmd)
		a.mu.Unlock()
		if a.refuse != nil {
			if no := a.refuse(cmd); strings.HasPrefix(no, "* BYE") {
				_, _ = fmt.Fprint(c, no+"\r\n")
				return
			} else if no != "" {
				_, _ = fmt.Fprint(c, tag+" "+no+"\r\n")
				continue
			}
		}
		verb, rest, _ := strings.Cut(cmd, " ")
		out, end := "", "OK done"
		switch verb {
		case "CAPABILITY":
			caps := a.before
			if in {
				caps = a.after
			}
			out = "* CAPABILITY " + caps + "\r\n"
		case "LOGIN", "AUTHENTICATE":
			in = true
		case "ID":
			out = "* ID " + a.id + "\r\n"
		case "COMPRESS":
			end = "NO not now"
		case "LIST":
			a.mu.Lock()
			for _, l := range a.list {
				out += "* LIST " + l + "\r\n"
			}
			a.mu.Unlock()
		case "SELECT":
			name := unquoted(rest)
			if out, end = a.state(name); out != "" {
				folder = name
			}
		case "NOOP":
			a.mu.Lock()
			if all, there := a.folders[folder]; there {
				out = fmt.Sprintf("* %d EXISTS\r\n", len(all))
			}
			a.mu.Unlock()
		case "STATUS":
			out, end = a.status(unquoted(rest))
		case "APPEND":
			end = a.append(rest)
		case "UID":
			out, end = a.byUID(folder, rest)
		case "IDLE":
			_, _ = fmt.Fprint(c, "+ idling\r\n")
			if _, err := r.ReadString('\n'); err != nil {
				return
			}
		}
		if a.chatter != "" && in && !strings.HasPrefix(rest, "FETCH") {
			out = a.chatter + "\r\n" + out
		}
		_, _ = fmt.Fprint(c, out+tag+" "+end+"\r\n")
	}
}

// unquoted takes the first string of a command's arguments.
func unquoted(s string) string {
	if strings.HasPrefix(s, `"`) {
		s, _, _ = strings.Cut(s[1:], `"`)
		return s
	}
	s, _, _ = strings.Cut(s, " ")
	return s
}

// actorPost takes mail in.
type actorPost struct {
	a   *actor
	own bool
}

func (p *actorPost) AuthMechanisms() []string { return []string{sasl.Plain} }

func (p *actorPost) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(string, string, string) error { return nil }), nil
}
func (p *actorPost) Mail(string, *smtp.MailOptions) error { return nil }
func (p *actorPost) Reset()                               {}
func (p *actorPost) Logout() error                        { return nil }

func (p *actorPost) Rcpt(to string, _ *smtp.RcptOptions) error {
	p.own = p.own || strings.HasPrefix(to, "amira@")
	return nil
}

var messageID = regexp.MustCompile(`(?i)(Message-ID: )<([^>]*)>`)

func (p *actorPost) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	head, text, _ := strings.Cut(string(raw), "\r\n\r\n")
	p.a.mu.Lock()
	defer p.a.mu.Unlock()
	if m := messageID.FindStringSubmatch(head); m != nil {
		p.a.sent[m[2]]++
	}
	if p.a.rewrites {
		head = messageID.ReplaceAllString(head, "$1<AM0PR0102MB@EURPR01.prod.outlook.example>\r\nX-MS-Exchange-MessageSentRepresentingType: 1")
	}
	m := letterOf{year: 2026, head: head + "\r\n\r\n", text: text, gmail: 1278455344230339999}
	if p.own {
		own := m
		p.a.add("INBOX", &own)
	}
	if p.a.files != "" {
		filed := m
		p.a.add(p.a.files, &filed)
	}
	return nil
}
