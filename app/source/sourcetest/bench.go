package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// patience is how long a real server may take for what it does by itself.
const patience = 20 * time.Second

// bench is one case at work.
type bench struct {
	*testing.T
	lab Lab
	now time.Time
}

func newBench(t *testing.T, make Factory) *bench {
	return &bench{T: t, lab: make(t), now: time.Now().Truncate(time.Second)}
}

// open gives a connected source.
func (b *bench) open() Source {
	b.Helper()
	s := b.lab.New()
	b.reopen(s)
	return s
}

func (b *bench) reopen(s Source) {
	b.Helper()
	if _, err := s.Open(b.Context()); err != nil {
		b.Fatalf("open: %v", err)
	}
}

// letter is a customer's mail. n makes it unlike the others.
func (b *bench) letter(n int, more ...string) []byte {
	head := []string{
		"From: Katharina Vogel <" + b.lab.Customer().Addr + ">",
		"To: " + b.lab.Own().Addr,
		fmt.Sprintf("Subject: Where is my parcel? %d", n),
		fmt.Sprintf("Message-ID: <letter-%d@customers.example>", n),
		"Date: " + b.at(n).Format(time.RFC1123Z),
	}
	head = append(head, more...)
	head = append(head, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit")
	return []byte(strings.Join(head, "\r\n") + fmt.Sprintf("\r\n\r\nI have been waiting for %d days. Größe 42.\r\n", n))
}

// at is when letter n came: the higher, the newer.
func (b *bench) at(n int) time.Time { return b.now.Add(-time.Hour).Add(time.Duration(n) * time.Minute) }

// deliver puts letters 1 to n into the inbox.
func (b *bench) deliver(from, to int) {
	b.Helper()
	for i := from; i <= to; i++ {
		b.lab.Deliver(b.letter(i), b.at(i))
	}
}

func letterID(n int) string { return fmt.Sprintf("letter-%d@customers.example", n) }

// copyOf is what an engine's store would know after the pages it got.
type copyOf struct {
	heads  map[string]desk.Head // by Message-ID
	texts  map[string]desk.Body
	flags  map[string]desk.Flags
	gone   []string
	resets []string
	at     map[desk.RemoteRef]string
	order  []string // what came, as "head <id>" or "text <id>"
	cursor source.Cursor
}

func newCopy() *copyOf {
	return &copyOf{
		heads: map[string]desk.Head{}, texts: map[string]desk.Body{}, flags: map[string]desk.Flags{},
		at: map[desk.RemoteRef]string{},
	}
}

// apply stores a page as an engine would: with its cursor.
func (c *copyOf) apply(p source.Page) {
	for _, scope := range p.Reset {
		c.resets = append(c.resets, scope)
		for ref := range c.at {
			if ref.Scope == scope {
				delete(c.at, ref)
			}
		}
	}
	for _, a := range p.Items {
		if a.Head != nil {
			id := a.Head.HeaderID
			c.at[a.Remote], c.heads[id] = id, *a.Head
			c.order = append(c.order, "head "+id)
		}
		id := c.at[a.Remote]
		if a.Body != nil {
			c.texts[id] = *a.Body
			c.order = append(c.order, "text "+id)
		}
		if a.Flags != nil {
			c.flags[id] = *a.Flags
		}
		if a.Kind == desk.ArrivalGone {
			c.gone = append(c.gone, id)
			delete(c.at, a.Remote)
		}
	}
	c.cursor = p.Next
}

func (c *copyOf) where(id string) desk.RemoteRef {
	for ref, known := range c.at {
		if known == id {
			return ref
		}
	}
	return desk.RemoteRef{}
}

// pull brings one page.
func (b *bench) pull(s Source, c *copyOf, req source.PullRequest) (source.Page, error) {
	req.Cursor = c.cursor
	p, err := s.Pull(b.Context(), req)
	if err == nil {
		c.apply(p)
	}
	return p, err
}

// maxPages is more than any case needs.
const maxPages = 500

// drain pulls until nothing is left.
func (b *bench) drain(s Source, c *copyOf, req source.PullRequest) {
	b.Helper()
	for range maxPages {
		p, err := b.pull(s, c, req)
		if err != nil {
			b.Fatalf("pull: %v", err)
		}
		if !p.More {
			return
		}
	}
	b.Fatalf("pulled %d pages and there is still more", maxPages)
}

// await pulls until ok is true.
func (b *bench) await(s Source, c *copyOf, what string, ok func() bool) {
	b.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		b.drain(s, c, source.PullRequest{})
		if ok() {
			return
		}
	}
	b.Fatalf("%s didn't come", what)
}

// has checks that letters 1 to n are there, with their texts.
func (b *bench) has(c *copyOf, n int) {
	b.Helper()
	for i := 1; i <= n; i++ {
		head, ok := c.heads[letterID(i)]
		if !ok {
			b.Fatalf("letter %d of %d is missing", i, n)
		}
		if want := fmt.Sprintf("Where is my parcel? %d", i); head.Subject != want {
			b.Errorf("letter %d: subject %q, want %q", i, head.Subject, want)
		}
		if !head.At.Equal(b.at(i)) {
			b.Errorf("letter %d: at %v, want the server's date %v", i, head.At, b.at(i))
		}
		if want := fmt.Sprintf("I have been waiting for %d days. Größe 42.", i); c.texts[letterID(i)].Text != want {
			b.Errorf("letter %d: text %q, want %q", i, c.texts[letterID(i)].Text, want)
		}
	}
}

// descending gives the ids of letters from..to, newest first, with a word.
func descending(word string, from, to int) []string {
	var out []string
	for i := from; i >= to; i-- {
		out = append(out, word+" "+letterID(i))
	}
	return out
}

func (b *bench) equal(what string, got, want []string) {
	b.Helper()
	if !slices.Equal(got, want) {
		b.Fatalf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// journal is the outbox's side of an attempt.
type journal struct {
	finals int
	final  func() error
}

func (j *journal) Final(context.Context) error {
	j.finals++
	if j.final != nil {
		return j.final()
	}
	return nil
}

func (j *journal) Progress(int64, int64) {}

var errNotWritten = errors.New("the disk is full")

// reply freezes an answer to letter 1.
func (b *bench) reply(s Source, to ...desk.Address) source.Submission {
	b.Helper()
	if len(to) == 0 {
		to = []desk.Address{b.lab.Customer()}
	}
	id := desk.NewOpID(time.Now())
	f, err := s.FreezeReply(source.Reply{
		OpID: id, Date: b.now, From: b.lab.Own(), To: to,
		Subject: "Re: Where is my parcel? 1", Text: "Your parcel is on its way.\nIt comes on Friday. 您好 👩‍🔧",
		InReplyTo: letterID(1), References: []string{letterID(1)}, Language: "en",
	})
	if err != nil {
		b.Fatalf("freeze: %v", err)
	}
	return source.Submission{ID: id, Kind: desk.OpReply, Payload: f.Payload, FirstTry: b.now}
}

// submit makes one attempt and checks its verdict.
func (b *bench) submit(s Source, sub source.Submission, j *journal, want source.Verdict) source.Outcome {
	b.Helper()
	out := s.Submit(b.Context(), sub, j)
	if out.Verdict != want {
		b.Fatalf("submit: %s (%s %q), want %s", out.Verdict, out.Reason, out.Detail, want)
	}
	return out
}

// received waits until the customer got n mails, and a little for one more.
func (b *bench) received(n int) [][]byte {
	b.Helper()
	var got [][]byte
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if got = b.lab.Received(); len(got) >= n {
			break
		}
	}
	if n == 0 {
		time.Sleep(300 * time.Millisecond) // a mail that shouldn't come would by now
		got = b.lab.Received()
	}
	if len(got) != n {
		b.Fatalf("the customer got %d mails, want %d", len(got), n)
	}
	return got
}
