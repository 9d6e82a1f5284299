package mailbox

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const multipart = "From: =?iso-8859-1?Q?J=FCrgen?= <j@test.example>\r\n" +
	"Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\nMessage-ID: <m@test.example>\r\nDate: Thu, 20 Nov 2025 14:02:00 +0100\r\n" +
	"Content-Type: multipart/mixed; boundary=B\r\n\r\n" +
	"--B\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n" +
	"--B\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n0123456789\r\n--B--\r\n"

// serve gives a store, and dials it over real sockets.
func serve(t *testing.T) (s *Store, dial func(o *imapclient.Options) *imapclient.Client, addr string) {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "mailbox.log"), func(b *Batch) error {
		b.Box("INBOX", 7)
		b.Box("Sent", 7, imap.MailboxAttrSent)
		b.Box("Junk", 7, imap.MailboxAttrJunk)
		b.Mail("INBOX", day, letter(1), imap.FlagSeen, "$Old")
		b.Mail("INBOX", day.AddDate(0, 0, 1), []byte(multipart))
		b.Mail("INBOX", day.AddDate(0, 0, 2), letter(3))
		return nil
	}, func(Note) {})
	if err != nil {
		t.Fatal(err)
	}
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := s.Server("me", "secret", func() time.Time { return day })
	done := make(chan error, 1)
	go func() { done <- server.Serve(in) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		_ = s.Close()
	})
	return s, func(o *imapclient.Options) *imapclient.Client {
		t.Helper()
		c, err := imapclient.DialInsecure(in.Addr().String(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if err := c.Login("me", "secret").Wait(); err != nil {
			t.Fatal(err)
		}
		return c
	}, in.Addr().String()
}

func choose(t *testing.T, c *imapclient.Client, box string) *imap.SelectData {
	t.Helper()
	d, err := c.Select(box, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSelectAndList(t *testing.T) {
	_, dial, _ := serve(t)
	c := dial(nil)
	d := choose(t, c, "inbox")
	if d.NumMessages != 3 || d.UIDValidity != 7 || d.UIDNext != 4 || !slices.Contains(d.PermanentFlags, imap.FlagWildcard) {
		t.Errorf("%+v", d)
	}
	boxes, err := c.List("", "*", &imap.ListOptions{ReturnStatus: &imap.StatusOptions{NumMessages: true, NumUnseen: true}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]bool{}
	for _, b := range boxes {
		for _, a := range b.Attrs {
			roles[b.Mailbox+string(a)] = true
		}
		if b.Mailbox == "INBOX" && (b.Status == nil || *b.Status.NumUnseen != 2) {
			t.Errorf("%+v", b.Status)
		}
	}
	if len(boxes) != 3 || !roles[`Sent\Sent`] || !roles[`Junk\Junk`] {
		t.Errorf("%v", roles)
	}
	if _, err := c.Select("Nowhere", nil).Wait(); err == nil {
		t.Error("a folder that isn't there opens")
	}
}

func TestSearch(t *testing.T) {
	_, dial, _ := serve(t)
	c := dial(nil)
	choose(t, c, "INBOX")
	header := func(k, v string) *imap.SearchCriteria {
		return &imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: k, Value: v}}}
	}
	for name, test := range map[string]struct {
		criteria *imap.SearchCriteria
		want     string
	}{
		"message-id":   {header("Message-ID", "3@test.example"), "3"},
		"decoded":      {header("Subject", "grüße"), "2"},
		"name":         {header("From", "jürgen"), "2"},
		"absent":       {header("X-None", ""), ""},
		"keyword":      {&imap.SearchCriteria{Flag: []imap.Flag{"$OLD"}}, "1"},
		"not keyword":  {&imap.SearchCriteria{NotFlag: []imap.Flag{"$Old"}}, "2:3"},
		"since":        {&imap.SearchCriteria{Since: day.AddDate(0, 0, 1)}, "2:3"},
		"before":       {&imap.SearchCriteria{Before: day.AddDate(0, 0, 1)}, "1"},
		"sent since":   {&imap.SearchCriteria{SentSince: day}, "2"},
		"body":         {&imap.SearchCriteria{Body: []string{"Grüße"}}, "2"},
		"text":         {&imap.SearchCriteria{Text: []string{"xxxxxxxxxxxxx"}}, "3"},
		"larger":       {&imap.SearchCriteria{Larger: 200}, "2"},
		"last":         {&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 3, Stop: 0}}}}, "3"},
		"beyond last":  {&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 9, Stop: 0}}}}, "3"},
		"or":           {&imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{*header("Subject", "1"), *header("Subject", "3")}}}, "1,3"},
		"not":          {&imap.SearchCriteria{Not: []imap.SearchCriteria{*header("Subject", "3")}}, "1:2"},
		"sequence":     {&imap.SearchCriteria{SeqNum: []imap.SeqSet{{{Start: 2, Stop: 2}}}}, "2"},
		"seen and old": {&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}, Since: day.AddDate(0, 0, 1)}, ""},
	} {
		d, err := c.UIDSearch(test.criteria, nil).Wait()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := imap.UIDSetNum(d.AllUIDs()...).String(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	d, err := c.UIDSearch(&imap.SearchCriteria{}, &imap.SearchOptions{ReturnMin: true, ReturnMax: true, ReturnCount: true, ReturnAll: true}).Wait()
	if err != nil || d.Min != 1 || d.Max != 3 || d.Count != 3 || d.All.String() != "1:3" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestFetchParts(t *testing.T) {
	_, dial, _ := serve(t)
	c := dial(nil)
	choose(t, c, "INBOX")
	section := func(s imap.FetchItemBodySection) string {
		t.Helper()
		s.Peek = true
		all, err := c.Fetch(imap.UIDSetNum(2), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{&s}}).Collect()
		if err != nil || len(all) != 1 {
			t.Fatalf("%d mails, %v", len(all), err)
		}
		return string(all[0].BodySection[0].Bytes)
	}
	for want, s := range map[string]imap.FetchItemBodySection{
		multipart:                              {},
		"Gr=FC=DFe":                            {Part: []int{1}},
		"0123456789":                           {Part: []int{2}},
		"3456":                                 {Part: []int{2}, Partial: &imap.SectionPartial{Offset: 3, Size: 4}},
		"9":                                    {Part: []int{2}, Partial: &imap.SectionPartial{Offset: 9, Size: 100}},
		"Message-ID: <m@test.example>\r\n\r\n": {Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Message-ID"}},
	} {
		if got := section(s); strings.TrimSuffix(got, "\r\n") != strings.TrimSuffix(want, "\r\n") {
			t.Errorf("%+v: %q", s, got)
		}
	}
	all, err := c.Fetch(imap.UIDSetNum(2), &imap.FetchOptions{
		Envelope: true, Flags: true, InternalDate: true, RFC822Size: true,
		BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
	}).Collect()
	if err != nil || len(all) != 1 {
		t.Fatalf("%d mails, %v", len(all), err)
	}
	m := all[0]
	if m.Envelope.MessageID != "m@test.example" || m.RFC822Size != int64(len(multipart)) || !m.InternalDate.Equal(day.AddDate(0, 0, 1)) || len(m.Flags) != 0 {
		t.Errorf("%+v", m)
	}
	if tree, ok := m.BodyStructure.(*imap.BodyStructureMultiPart); !ok || len(tree.Children) != 2 {
		t.Errorf("%+v", m.BodyStructure)
	}
}

func TestSeenAndReadOnly(t *testing.T) {
	_, dial, _ := serve(t)
	c := dial(nil)
	if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		t.Fatal(err)
	}
	read := func() []imap.Flag {
		t.Helper()
		all, err := c.Fetch(imap.UIDSetNum(3), &imap.FetchOptions{Flags: true, BodySection: []*imap.FetchItemBodySection{{}}}).Collect()
		if err != nil || len(all) != 1 {
			t.Fatalf("%d mails, %v", len(all), err)
		}
		return all[0].Flags
	}
	if flags := read(); len(flags) != 0 {
		t.Errorf("EXAMINE and reading set %v", flags)
	}
	set := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{"$X"}}
	if err := c.Store(imap.UIDSetNum(3), set, nil).Close(); err == nil {
		t.Error("EXAMINE lets flags be stored")
	}
	choose(t, c, "INBOX")
	if flags := read(); !slices.Contains(flags, imap.FlagSeen) {
		t.Errorf("reading without PEEK leaves %v", flags)
	}
}

func TestAppendCopyMoveExpunge(t *testing.T) {
	s, dial, _ := serve(t)
	c := dial(nil)
	choose(t, c, "INBOX")
	raw := letter(8)
	cmd := c.Append("Sent", int64(len(raw)), &imap.AppendOptions{Time: day, Flags: []imap.Flag{imap.FlagSeen}})
	if _, err := cmd.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		t.Fatal(err)
	}
	if d, err := cmd.Wait(); err != nil || d.UID != 1 || d.UIDValidity != 7 {
		t.Fatalf("%+v, %v", d, err)
	}
	if d, err := c.Copy(imap.UIDSetNum(1, 2), "Junk").Wait(); err != nil || d.SourceUIDs.String() != "1:2" || d.DestUIDs.String() != "1:2" {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := c.Move(imap.UIDSetNum(2), "Sent").Wait(); err != nil {
		t.Fatal(err)
	}
	if err := c.Store(imap.UIDSetNum(1), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}, Silent: true}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if gone, err := c.UIDExpunge(imap.UIDSetNum(1, 3)).Collect(); err != nil || !slices.Equal(gone, []uint32{1}) {
		t.Fatalf("expunged %v, %v", gone, err)
	}
	got := strings.Join(look(t, s), "\n")
	for _, want := range []string{"INBOX[] 7 4\n3 ", "Sent[\\Sent] 7 3\n1 ", "Junk[\\Junk] 7 3\n1 "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if err := c.Delete("Junk").Wait(); err == nil {
		t.Error("a fixed folder can be deleted")
	}
	if err := c.Create("Mine", nil).Wait(); err != nil || s.box("Mine") == nil {
		t.Errorf("create: %v", err)
	}
}

// What one connection does, another one sees at once while it idles.
func TestOthersHear(t *testing.T) {
	s, dial, _ := serve(t)
	heard := make(chan string, 16)
	watcher := dial(&imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				heard <- fmt.Sprint("exists ", *d.NumMessages)
			}
		},
		Expunge: func(n uint32) { heard <- fmt.Sprint("expunge ", n) },
		Fetch: func(m *imapclient.FetchMessageData) {
			if b, err := m.Collect(); err == nil {
				heard <- fmt.Sprint("flags ", b.SeqNum, " ", b.Flags)
			}
		},
	}})
	choose(t, watcher, "INBOX")
	idle, err := watcher.Idle()
	if err != nil {
		t.Fatal(err)
	}
	wait := func(want string) {
		t.Helper()
		select {
		case got := <-heard:
			if got != want {
				t.Errorf("heard %q, want %q", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("heard nothing of %q", want)
		}
	}
	var b Batch
	b.Mail("INBOX", day, letter(4))
	if err := s.Commit(&b); err != nil {
		t.Fatal(err)
	}
	wait("exists 4")
	c := dial(nil)
	choose(t, c, "INBOX")
	if err := c.Store(imap.UIDSetNum(3), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{"$Claim"}, Silent: true}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	wait("flags 3 [$Claim]")
	if _, err := c.Move(imap.UIDSetNum(2), "Junk").Wait(); err != nil {
		t.Fatal(err)
	}
	wait("expunge 2")
	if err := idle.Close(); err != nil {
		t.Fatal(err)
	}
}

// A command by UID finds a mail that came since the session last heard, so
// that what SEARCH names FETCH also gives.
func TestNewMailByUID(t *testing.T) {
	s, dial, _ := serve(t)
	c := dial(nil)
	choose(t, c, "INBOX")
	var b Batch
	b.Mail("INBOX", day, letter(4))
	if err := s.Commit(&b); err != nil {
		t.Fatal(err)
	}
	d, err := c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 4, Stop: 0}}}}, nil).Wait()
	if err != nil || len(d.AllUIDs()) != 1 {
		t.Fatalf("%v, %v", d.AllUIDs(), err)
	}
	b = Batch{}
	b.Mail("INBOX", day, letter(5))
	if err := s.Commit(&b); err != nil {
		t.Fatal(err)
	}
	all, err := c.Fetch(imap.UIDSet{{Start: 4, Stop: 0}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
	if err != nil || len(all) != 2 || all[1].SeqNum != 5 || !bytes.Equal(all[1].BodySection[0].Bytes, letter(5)) {
		t.Errorf("%+v, %v", all, err)
	}
}

// A caller that reads nothing holds up nobody else.
func TestASlowReaderBlocksNobody(t *testing.T) {
	s, dial, addr := serve(t)
	var b Batch
	b.Mail("INBOX", day, append(letter(1), bytes.Repeat([]byte("0123456789abcdef\r\n"), 1<<19)...))
	if err := s.Commit(&b); err != nil {
		t.Fatal(err)
	}
	slow, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	if _, err := io.WriteString(slow, "a LOGIN me secret\r\nb SELECT INBOX\r\nc UID FETCH 4 BODY.PEEK[]\r\n"); err != nil {
		t.Fatal(err)
	}
	// It reads until the mail begins, and then no more.
	for lines := bufio.NewScanner(slow); lines.Scan() && !strings.Contains(lines.Text(), "FETCH"); {
	}
	c := dial(nil)
	choose(t, c, "INBOX")
	if err := c.Store(imap.UIDSetNum(1), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{"$Quick"}, Silent: true}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if m := s.box("INBOX").mails[0]; !m.has("$quick") {
		t.Error("the flag isn't there")
	}
}
