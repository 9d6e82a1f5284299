package app

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mailsource "fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

// The whole journey on real servers: mail in, read, an answer written with the
// line cut, the program killed, started again, the line back, and exactly one
// mail at the customer. The program is this test's own binary, started again.

const (
	journeyPart   = "FERNPOST_JOURNEY"
	journeyDir    = "FERNPOST_JOURNEY_DIR"
	journeyLimit  = time.Minute
	journeyAnswer = "Hello Ms Vogt,\nthe refund of 84,90 € left us today.\nAmira\n"
)

func TestMain(m *testing.M) {
	part := os.Getenv(journeyPart)
	if part == "" {
		os.Exit(m.Run())
	}
	ctx, cancel := context.WithTimeout(context.Background(), journeyLimit)
	defer cancel()
	if err := playPart(ctx, part); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}

const journeyQuestion = "From: Katharina Vogt <%s>\r\nTo: %s\r\nSubject: Wo bleibt meine Erstattung?\r\n" +
	"Message-ID: <question-1@customer.example>\r\nDate: Tue, 17 Nov 2026 09:12:00 +0100\r\n" +
	"Content-Language: de\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" +
	"Content-Transfer-Encoding: 8bit\r\n\r\nGuten Tag,\r\nich warte auf 84,90 €.\r\nKatharina Vogt\r\n"

func TestJourneyOnRealServers(t *testing.T) {
	lab := maillab.Dovecot(t, mailsource.TLSStart)
	dir := journeyFolder(t, lab)
	lab.Deliver(fmt.Appendf(nil, journeyQuestion, lab.Customer().Addr, lab.Own().Addr), time.Now())

	first := startPart(t, "write", dir, lab)
	first.hear("read")
	lab.Cut()
	first.say("cut")
	first.hear("queued")
	first.kill()
	if n := len(lab.Received()); n != 0 {
		t.Fatalf("the customer got %d mails over a cut line", n)
	}

	lab.Restore()
	second := startPart(t, "send", dir, lab)
	second.hear("sent")
	second.hear("copied")
	second.leave()

	received, sent := lab.Received(), lab.Sent()
	if len(received) != 1 || len(sent) != 1 {
		t.Fatalf("the customer got %d, Sent holds %d; want one each", len(received), len(sent))
	}
	got, filed := parseMail(t, received[0]), parseMail(t, sent[0])
	if a, b := got.Header.Get("Message-Id"), filed.Header.Get("Message-Id"); a == "" || a != b {
		t.Errorf("the customer's mail is %q, the one in Sent %q", a, b)
	}
	for _, name := range []string{"In-Reply-To", "References"} {
		if v := got.Header.Get(name); v != "<question-1@customer.example>" {
			t.Errorf("%s: %q", name, v)
		}
	}
}

func journeyFolder(t *testing.T, lab *maillab.Lab) string {
	t.Helper()
	dir, phrase := t.TempDir(), filepath.Join(t.TempDir(), "phrase")
	if err := os.WriteFile(phrase, []byte("rain on the tin roof"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseFile, phrase)
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{Dir: dir, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	settings, password := lab.Settings(), lab.Config().Secrets
	secret, err := password.Secret(ctx, mailsource.SecretIMAP)
	if err != nil {
		t.Fatal(err)
	}
	err = connectMailbox(ctx, s, dir, desk.Account{
		ID: "help", Kind: desk.AccountMail, Name: "Help", Address: lab.Own(),
		State: desk.AccountOK, Settings: settings.Marshal(), Created: time.Now(),
	}, secret)
	if closeErr := s.Close(); err != nil || closeErr != nil {
		t.Fatal(err, closeErr)
	}
	return dir
}

// connectMailbox stores a mailbox on a server and seals its password, as the
// set-up will. Its loops start with the next opening of the desk.
func connectMailbox(ctx context.Context, s *store.Store, dir string, a desk.Account, password string) error {
	has, err := s.HasSecrets(ctx)
	if err != nil {
		return err
	}
	key, err := profileKey(dir, has)
	if err != nil {
		return err
	}
	if err := s.PutSecret(ctx, key, secretName(a.ID, mailsource.SecretIMAP), password); err != nil {
		return err
	}
	return s.PutAccount(ctx, a)
}

func parseMail(t *testing.T, raw []byte) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// part is the program, started for one part of the journey.
type part struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startPart(t *testing.T, name, dir string, lab *maillab.Lab) *part {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), journeyPart+"="+name, journeyDir+"="+dir, "SSL_CERT_FILE="+lab.RootsFile)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &part{t: t, cmd: cmd, in: in, lines: bufio.NewScanner(out)}
}

func (p *part) say(word string) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.in, word); err != nil {
		p.t.Fatal(err)
	}
}

func (p *part) hear(word string) {
	p.t.Helper()
	if !p.lines.Scan() || p.lines.Text() != word {
		p.t.Fatalf("waited for %q, heard %q", word, p.lines.Text())
	}
}

func (p *part) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		p.t.Fatalf("the program ended by itself: %v", err)
	}
}

func (p *part) leave() {
	p.t.Helper()
	_ = p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatal(err)
	}
}

// playPart is the program's side.
func playPart(ctx context.Context, name string) error {
	d, err := openDesk(ctx, deskOptions{dir: os.Getenv(journeyDir), clock: time.Now, undo: tourUndo})
	if err != nil {
		return err
	}
	said := bufio.NewScanner(os.Stdin)
	if name == "write" {
		err = d.playWriting(ctx, said)
	} else {
		err = d.playSending(ctx)
	}
	if err != nil {
		return err
	}
	said.Scan() // until the test has seen enough
	return d.Close()
}

func (d *Desk) helpQuestion(ctx context.Context) (found desk.Conversation, err error) {
	err = until(ctx, func() (bool, error) {
		page, err := d.store.List(ctx, store.ListQuery{Account: "help", View: store.ViewInbox, Limit: 1})
		if err != nil || len(page.Rows) == 0 {
			return false, err
		}
		found = page.Rows[0]
		messages, err := d.store.Messages(ctx, found.ID)
		return err == nil && strings.Contains(messages[0].Text, "84,90 €"), err
	})
	return found, err
}

// helpAnswer writes the answer and queues it.
func (d *Desk) helpAnswer(ctx context.Context, c desk.ConversationID) error {
	draft, err := d.freshDraft(ctx, c)
	if err != nil {
		return err
	}
	draft.Text = journeyAnswer
	if draft, err = d.store.SaveDraft(ctx, draft); err != nil {
		return err
	}
	_, err = d.queueReply(ctx, draft, desk.StatusWaiting, leaving{})
	return err
}

func (d *Desk) playWriting(ctx context.Context, said *bufio.Scanner) error {
	c, err := d.helpQuestion(ctx)
	if err != nil {
		return err
	}
	fmt.Println("read")
	said.Scan()
	st, err := d.station("help")
	if err != nil {
		return err
	}
	st.intake.Wake()
	if err := until(ctx, func() (bool, error) { return !st.intake.Status().LostSince.IsZero(), nil }); err != nil {
		return err
	}
	if err := d.helpAnswer(ctx, c.ID); err != nil {
		return err
	}
	fmt.Println("queued")
	return nil
}

func (d *Desk) playSending(ctx context.Context) error {
	var sent desk.Op
	err := until(ctx, func() (bool, error) {
		ops, err := d.store.SentSince(ctx, time.Now().Add(-journeyLimit))
		if len(ops) == 1 {
			sent = ops[0]
		}
		return len(ops) == 1, err
	})
	if err != nil {
		return err
	}
	fmt.Println("sent")
	err = until(ctx, func() (bool, error) {
		messages, err := d.store.Messages(ctx, sent.Conversation)
		if err != nil || len(messages) != 2 {
			return false, err
		}
		unfiled, err := d.store.Unfiled(ctx, sent.Account, time.Time{}, 1)
		return messages[1].OpID == sent.ID && len(unfiled) == 0, err
	})
	if err == nil {
		fmt.Println("copied")
	}
	return err
}
