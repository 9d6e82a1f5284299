package intake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

// A first sync may be killed anywhere, and comes to the same in the end.

// death is when a run of the program ends.
type death int

const (
	beforeApply death = iota // a page came and isn't stored
	afterApply               // it is stored, and nothing was done since
	inPull                   // the server's answer to the second question is lost
	lineCut                  // the line breaks in the middle of a page, and then the program ends
	deaths
)

var errKilled = errors.New("killed")

// run is one run of the program: what it dies of, and how.
type run struct {
	dies death
	kill context.CancelFunc
}

// mortal is its store.
type mortal struct {
	*store.Store
	run
}

func (m mortal) Apply(ctx context.Context, p store.Page) (store.Applied, error) {
	if m.dies == beforeApply {
		m.kill()
		return store.Applied{}, desk.E(desk.KindInternal, "apply", errKilled)
	}
	applied, err := m.Store.Apply(ctx, p)
	if m.dies == afterApply || m.dies == lineCut {
		m.kill()
	}
	return applied, err
}

// lastly is its source.
type lastly struct {
	intake.Source
	run
	pulls int
}

func (l *lastly) Pull(ctx context.Context, req source.PullRequest) (source.Page, error) {
	page, err := l.Source.Pull(ctx, req)
	if l.pulls++; l.dies == inPull && l.pulls == 2 {
		l.kill()
		return source.Page{}, desk.E(desk.KindOffline, "pull", errKilled)
	}
	return page, err
}

// live runs the program once, until it dies or everything is here.
func (s *shop) live(dies death) (whole bool) {
	s.Helper()
	ctx, kill := context.WithCancel(s.Context())
	defer kill()
	box := mail.New(s.lab.Config())
	defer box.Close()
	r := run{dies, kill}
	in := intake.New(intake.Options{Account: account, Source: &lastly{Source: box, run: r}, Store: mortal{s.store, r}, Clock: time.Now})
	ended := make(chan struct{})
	go func() { defer close(ended); _ = in.Run(ctx) }()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		select {
		case <-ended:
			return false
		default:
		}
		st := in.Status()
		if st.Line == intake.LineAnswered && !st.Importing {
			kill()
			<-ended
			return true
		}
		if time.Now().After(end) {
			s.Fatalf("neither dead nor done: %+v", st)
		}
	}
}

// letters are mails of every shape: threads, HTML beside text, files.
func (s *shop) letters(n int) {
	s.Helper()
	var raws [][]byte
	for i := range n {
		head := fmt.Sprintf("From: Customer %d <c%d@customer.example>\r\nTo: %s\r\nSubject: Order %d\r\nMessage-ID: <i-%d@customer.example>\r\nMIME-Version: 1.0\r\n",
			i/3, i/3, s.lab.Own().Addr, i/3, i)
		if i%3 > 0 {
			head += fmt.Sprintf("References: <i-%d@customer.example>\r\n", i-1)
		}
		text := strings.Repeat(fmt.Sprintf("Where is number %d of order %d? ", i, i*7919), 1+i%40)
		switch i % 5 {
		case 0:
			head += "Content-Type: multipart/alternative; boundary=e\r\n\r\n--e\r\nContent-Type: text/plain\r\n\r\n" + text +
				"\r\n--e\r\nContent-Type: text/html\r\n\r\n<p>" + text + "</p>\r\n--e--\r\n"
		case 1:
			head += "Content-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\nContent-Type: text/plain\r\n\r\n" + text +
				fmt.Sprintf("\r\n--e\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=p%d.png\r\n\r\n%s\r\n--e--\r\n", i, text)
		default:
			head += "Content-Type: text/plain\r\n\r\n" + text + "\r\n"
		}
		raws = append(raws, []byte(head))
	}
	s.lab.AppendAll(raws, time.Now())
}

// everything writes down what the store knows of its mails, without the numbers
// that are its own.
func (s *shop) everything() (all []string) {
	s.Helper()
	page, err := s.store.List(s.Context(), store.ListQuery{View: store.ViewInbox, Limit: 1000})
	if err != nil {
		s.Fatal(err)
	}
	for _, c := range page.Rows {
		messages, err := s.store.Messages(s.Context(), c.ID)
		if err != nil {
			s.Fatal(err)
		}
		told := fmt.Sprintf("%s %s %s %v %d", c.Subject, c.Status, c.Customer, c.LastAt.Unix(), len(messages))
		for _, m := range messages {
			places, err := s.store.Remotes(s.Context(), m.ID)
			if err != nil {
				s.Fatal(err)
			}
			told += fmt.Sprintf("\n  %s %v %s %q %q %v", m.HeaderID, m.At.UnixMilli(), m.TextState, m.Text, m.HTML, places)
			for _, f := range m.Attachments {
				told += fmt.Sprintf("\n    %s %s %d %d", f.Part, f.Name, f.Size, f.Have)
			}
		}
		all = append(all, told)
	}
	slices.Sort(all)
	return all
}

func TestAFirstSyncMayBeKilledAnywhere(t *testing.T) {
	lab := maillab.Dovecot(t, mail.TLSPlain)
	calm, killed := newShop(t, lab), newShop(t, lab)
	calm.letters(260)
	lab.IMAP.Slow(0, 60*time.Millisecond) // each page is stored by itself, as on a bad line
	if !calm.live(deaths) {
		t.Fatal("the calm one died")
	}
	want := calm.everything()
	if text := strings.Join(want, "\n"); len(want) != 87 || strings.Count(text, string(desk.TextHere)) < 260 || strings.Contains(text, string(desk.TextComing)) {
		t.Fatalf("%d conversations, and not all of their texts", len(want))
	}
	lives, stalled := 0, 0
	for dies := death(0); ; dies = (dies + 1) % deaths {
		if dies == lineCut {
			lab.IMAP.CutAfter(int64(1500 + 1009*lives))
		}
		before := killed.everything()
		whole := killed.live(dies)
		lab.IMAP.Restore()
		if whole {
			break
		}
		if lives++; slices.Equal(before, killed.everything()) {
			stalled++
		}
		if lives > 200 {
			t.Fatal("it never comes to an end")
		}
	}
	t.Logf("%d lives, %d of them in vain", lives, stalled)
	if got := killed.everything(); !slices.Equal(got, want) {
		for i, told := range want {
			if i >= len(got) || got[i] != told {
				t.Fatalf("after %d lives:\n%s\nwant\n%s", lives, slices.Concat(got, []string{""})[min(i, len(got))], told)
			}
		}
		t.Fatalf("%d conversations, want %d", len(got), len(want))
	}
	if lives < 8 {
		t.Errorf("only %d lives: not every page had its end", lives)
	}
}
