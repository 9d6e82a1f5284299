package intake_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

// shop is a store that takes its mail from a real server.
type shop struct {
	*testing.T
	lab   *maillab.Lab
	store *store.Store
	lost  bool // mails may lie where nobody looks

	mu    sync.Mutex
	texts int64 // bytes counted as text since the last look
}

func newShop(t *testing.T, lab *maillab.Lab) *shop {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	err = s.PutAccount(t.Context(), desk.Account{
		ID: account, Kind: desk.AccountMail, Address: lab.Own(), State: desk.AccountOK,
		Settings: lab.Settings().Marshal(), Created: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &shop{T: t, lab: lab, store: s}
}

// sync brings everything in and hangs up, as a run of the program does.
func (s *shop) sync() {
	s.Helper()
	s.mu.Lock()
	s.texts = 0
	s.mu.Unlock()
	cfg := s.lab.Config()
	cfg.Count = func(kind string, n int64) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if kind == mail.CountText {
			s.texts += n
		}
	}
	box := mail.New(cfg)
	in := intake.New(intake.Options{Account: account, Source: box, Search: box, Store: s.store, Clock: time.Now})
	ctx, cancel := context.WithCancel(s.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = in.Run(ctx) }()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		st := in.Status()
		if st.Line == intake.LineAnswered && !st.Importing {
			break
		}
		if time.Now().After(end) {
			s.Fatalf("the mail never came in: %+v", st)
		}
	}
	cancel()
	<-ended
	_ = box.Close()
}

// has checks which mails are shown, each once and with its text.
func (s *shop) has(want ...int) {
	s.Helper()
	var rows []desk.Conversation
	for _, view := range []store.View{store.ViewInbox, store.ViewWaiting, store.ViewDone} {
		page, err := s.store.List(s.Context(), store.ListQuery{View: view, Limit: 100})
		if err != nil {
			s.Fatal(err)
		}
		rows = append(rows, page.Rows...)
	}
	var got []int
	for _, row := range rows {
		messages, err := s.store.Messages(s.Context(), row.ID)
		if err != nil {
			s.Fatal(err)
		}
		for _, m := range messages {
			var n int
			_, _ = fmt.Sscanf(m.Subject, "Matter %d", &n)
			got = append(got, n)
			if m.TextState != desk.TextHere {
				s.Errorf("mail %d has no text", n)
			}
			if at, err := s.store.Remotes(s.Context(), m.ID); err != nil || len(at) == 0 && !s.lost {
				s.Errorf("mail %d lies nowhere: %v", n, err)
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		s.Errorf("mails %d, want %d", got, want)
	}
}

func (s *shop) arrive(folder string, numbers ...int) {
	answers := ""
	if folder != "INBOX" {
		answers = "In-Reply-To: <m-1@customer.example>\r\n"
	}
	for _, n := range numbers {
		raw := fmt.Sprintf("From: Katharina <k%d@customer.example>\r\nTo: %s\r\nSubject: Matter %d\r\nMessage-ID: <m-%d@customer.example>\r\n"+
			"Date: Tue, 17 Nov 2020 09:12:00 +0100\r\n"+answers+"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%064d\r\n",
			n, s.lab.Own().Addr, n, n, n)
		s.lab.Append(folder, []byte(raw), time.Now().Add(time.Duration(n-100)*time.Minute))
	}
}

// spared wants fewer bytes than before: the texts are here.
func (s *shop) spared(before int64) {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts >= before {
		s.Errorf("%d bytes of heads and texts, as much as the first time (%d)", s.texts, before)
	}
}

func TestARenumberedFolder(t *testing.T) {
	s := newShop(t, maillab.Dovecot(t, mail.TLSPlain))
	s.arrive("INBOX", 1, 2, 3, 4, 5)
	s.sync()
	s.has(1, 2, 3, 4, 5)
	first := s.texts
	s.lab.Renumber()
	s.sync()
	s.has(1, 2, 3, 4, 5)
	s.spared(first)
}

// The server's disk is put back as it was: a mail is gone that was here, and its
// number belongs to another.
func TestAServerPutBack(t *testing.T) {
	s := newShop(t, maillab.Dovecot(t, mail.TLSPlain))
	s.arrive("INBOX", 1, 2, 3)
	s.sync()
	restore := s.lab.Backup()
	s.arrive("INBOX", 4, 5)
	s.sync()
	s.has(1, 2, 3, 4, 5)
	restore()
	s.sync()
	s.arrive("INBOX", 6, 4) // 6 under the number that 4 had, and 4 comes again
	s.sync()
	page, err := s.store.List(t.Context(), store.ListQuery{View: store.ViewInbox, Limit: 100})
	if err != nil || len(page.Rows) != 6 {
		t.Fatalf("%d conversations, %v; want all six: 5 is here alone now, and nothing twice", len(page.Rows), err)
	}
}

func TestARenamedFolder(t *testing.T) {
	lab := maillab.Dovecot(t, mail.TLSPlain)
	s := newShop(t, lab)
	s.arrive("INBOX", 1, 2)
	s.arrive("Sent", 3)
	s.sync()
	lab.Rename("Sent", "Gesendet")
	s.lost = true // Dovecot makes another Sent at once, which is what we look into
	s.sync()
	s.sync()
	s.has(1, 2, 3)
}
