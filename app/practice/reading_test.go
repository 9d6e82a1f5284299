package practice

import (
	"context"
	"strings"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// received is a mail as the mail source hands it over.
type received struct {
	desk.Head
	desk.Body
	desk.Flags
}

// pullAll reads a running account through the mail source, as the app does.
func pullAll(t *testing.T, s *Server) map[string]received {
	t.Helper()
	o := s.Settings()
	server := func(port int) mail.Server { return mail.Server{Host: o.Host, Port: port, TLS: mail.TLSPlain} }
	m := mail.New(mail.Config{
		Settings: mail.Settings{
			Username: o.User, Addresses: []string{o.Address.Addr}, Folders: o.Folders,
			IMAP: server(o.IMAPPort), SMTP: server(o.SMTPPort),
		},
		Secrets: password(o.Password),
	})
	defer func() { _ = m.Close() }()
	if _, err := m.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, at := map[string]received{}, map[desk.RemoteRef]string{}
	var cursor source.Cursor
	for more := true; more; {
		page, err := m.Pull(t.Context(), source.PullRequest{Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Items {
			if a.Head != nil {
				at[a.Remote] = a.Head.HeaderID
			}
			r := all[at[a.Remote]]
			if a.Head != nil {
				r.Head = *a.Head
			}
			if a.Body != nil {
				r.Body = *a.Body
			}
			if a.Flags != nil {
				r.Flags = *a.Flags
			}
			all[at[a.Remote]] = r
		}
		cursor, more = page.Next, page.More
	}
	return all
}

type password string

func (p password) Secret(context.Context, string) (string, error) { return string(p), nil }

// words compares texts without regard to where lines break: mail programs wrap
// as they like.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// Every mail of every customer reads as its author wrote it: charset, transfer
// encoding, HTML and quotes of every mail program included.
func TestTheMailSourceReadsEveryCustomer(t *testing.T) {
	s, err := Open(Options{Dir: t.TempDir(), Clock: time.Now, Seed: testSeed, Trickle: -1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	all := pullAll(t, s)
	languages := map[string]bool{}
	for _, c := range s.library.Conversations {
		if c.Later {
			continue
		}
		for i, w := range s.script(c, s.state.start) {
			got, ok := all[w.id]
			turn := c.Turns[i]
			switch {
			case !ok:
				t.Errorf("%s: mail %d isn't there", c.ID, i+1)
				continue
			case turn.Bounce:
				if got.Kind != desk.KindBounce {
					t.Errorf("%s: a bounce is a %s", c.ID, got.Kind)
				}
				continue
			case turn.Agent != "" != got.FromUs:
				t.Errorf("%s: mail %d from us: %v", c.ID, i+1, got.FromUs)
			case turn.Auto != (got.Kind == desk.KindAuto):
				t.Errorf("%s: mail %d is a %s", c.ID, i+1, got.Kind)
			}
			if text := got.Text + " " + got.Quoted; !strings.Contains(words(text), words(turn.Text)) {
				t.Errorf("%s: mail %d reads %.300q", c.ID, i+1, text)
			}
			if got.Head.Language != c.Language.Tag {
				t.Errorf("%s: language %q", c.ID, got.Head.Language)
			}
			if turn.Agent == "" && (got.From != c.From || i == 0 && got.Subject != c.Subject) {
				t.Errorf("%s: from %q, subject %q", c.ID, got.From, got.Subject)
			}
			names := map[string]bool{}
			for _, f := range got.Attachments {
				names[f.Name] = true
			}
			for _, f := range turn.Files {
				if !names[f.Name] {
					t.Errorf("%s: mail %d has no file %q, only %v", c.ID, i+1, f.Name, names)
				}
			}
			languages[got.Head.Language] = true
		}
	}
	if len(languages) < 30 {
		t.Errorf("only %d languages came through", len(languages))
	}
	checkHard(t, s, all)
}

// checkHard counts, at the receiver's end, what each hard mail promises.
func checkHard(t *testing.T, s *Server, all map[string]received) {
	t.Helper()
	of := func(id string) received {
		return all[s.script(s.scripts[id], s.state.start)[0].id]
	}
	if n := len(of("hard-labels-12").Keywords); n != 12 {
		t.Errorf("%d labels", n)
	}
	if n := len(of("hard-files-30").Attachments); n != 30 {
		t.Errorf("%d files", n)
	}
	if n := len(of("hard-cc-25").Cc); n != 25 {
		t.Errorf("%d in copy", n)
	}
	if m := of("hard-quote-30-pages"); strings.Count(m.Text+m.Quoted, "\n") < 30*linesAPage {
		t.Errorf("the quote has %d lines", strings.Count(m.Text+m.Quoted, "\n"))
	}
	if m := of("de-katharina-vogt"); len(m.Keywords) != 0 {
		t.Errorf("an open conversation is marked %v", m.Keywords)
	}
}
