package sourcetest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// withFile is a letter with a file of n bytes.
func (b *bench) withFile(letter, n int) (raw, file []byte) {
	file = make([]byte, n)
	for i := range file {
		file[i] = byte(i * 7 >> 3)
	}
	var wire strings.Builder
	for s := base64.StdEncoding.EncodeToString(file); len(s) > 0; {
		k := min(76, len(s))
		wire.WriteString(s[:k] + "\r\n")
		s = s[k:]
	}
	encoded := strings.TrimSuffix(wire.String(), "\r\n")
	raw = []byte(strings.Join([]string{
		"From: Katharina Vogel <" + b.lab.Customer().Addr + ">",
		"To: " + b.lab.Own().Addr,
		"Subject: A photo",
		"Message-ID: <" + letterID(letter) + ">",
		"MIME-Version: 1.0",
		`Content-Type: multipart/mixed; boundary="edge"`,
		"",
		"--edge",
		"Content-Type: text/plain; charset=utf-8",
		"",
		"See the photo.",
		"--edge",
		`Content-Type: image/jpeg; name="broken cup.jpg"`,
		`Content-Disposition: attachment; filename="broken cup.jpg"`,
		"Content-Transfer-Encoding: base64",
		"",
		encoded,
		"--edge--",
		"",
	}, "\r\n"))
	return raw, []byte(encoded)
}

// attached brings a letter with a file and gives where the file is.
func (b *bench) attached(s Source, letter, n int) (desk.RemoteRef, desk.Attachment, []byte) {
	b.Helper()
	raw, wire := b.withFile(letter, n)
	b.lab.Deliver(raw, b.at(letter))
	c := newCopy()
	b.drain(s, c, source.PullRequest{})
	head := c.heads[letterID(letter)]
	if len(head.Attachments) != 1 {
		b.Fatalf("%d files, want one", len(head.Attachments))
	}
	if c.texts[letterID(letter)].Text != "See the photo." {
		b.Errorf("text %q", c.texts[letterID(letter)].Text)
	}
	a := head.Attachments[0]
	if a.Name != "broken cup.jpg" || a.Type != "image/jpeg" || a.Encoding != "base64" || a.Part == "" {
		b.Errorf("file %+v", a)
	}
	return c.where(letterID(letter)), a, wire
}

func fetches(b *bench) {
	s := b.open()
	ref, a, wire := b.attached(s, 1, 90_000)
	for _, offset := range []int{0, 1, 32_767, 32_768, 65_536, len(wire) - 1, len(wire)} {
		var got bytes.Buffer
		total, err := s.Fetch(b.Context(), ref, a.Part, int64(offset), &got)
		if err != nil {
			b.Fatalf("fetch from %d: %v", offset, err)
		}
		if total != int64(len(wire)) || !bytes.Equal(got.Bytes(), wire[offset:]) {
			b.Errorf("fetch from %d: %d bytes of %d, want %d of %d, the same as sent",
				offset, got.Len(), total, len(wire)-offset, len(wire))
		}
	}
	if _, err := s.Fetch(b.Context(), ref, "17.3", 0, &bytes.Buffer{}); desk.KindOf(err) != desk.KindNotFound {
		b.Errorf("a part that isn't there: %v, want kind not_found", err)
	}
	var got bytes.Buffer
	full := fmt.Errorf("disk full")
	if _, err := s.Fetch(b.Context(), ref, a.Part, 0, failing{full}); !errors.Is(err, full) {
		b.Errorf("a writer that fails: %v, want its error", err)
	}
	if _, err := s.Fetch(b.Context(), ref, a.Part, 0, &got); err != nil || !bytes.Equal(got.Bytes(), wire) {
		b.Errorf("the next fetch: %d bytes, %v", got.Len(), err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func fetchResumes(b *bench) {
	s := b.open()
	ref, a, wire := b.attached(s, 1, 200_000)
	var got bytes.Buffer
	for try := 0; got.Len() < len(wire); try++ {
		if try > 20 {
			b.Fatalf("%d of %d bytes after %d cuts", got.Len(), len(wire), try)
		}
		b.lab.CutAfter(60_000)
		_, err := s.Fetch(context.WithoutCancel(b.Context()), ref, a.Part, int64(got.Len()), &got)
		if err == nil && got.Len() < len(wire) {
			b.Fatalf("no error, but %d of %d bytes", got.Len(), len(wire))
		}
		b.lab.Cut()
		b.lab.Restore()
		s = b.open()
	}
	if !bytes.Equal(got.Bytes(), wire) {
		b.Error("the pieces don't make the file")
	}
}

// unreadable delivers mails that break rules, between two that don't.
func unreadable(b *bench) {
	b.deliver(1, 1)
	broken := []string{
		"",
		"\r\n",
		"no header at all, just a sentence\r\n",
		"Subject: =?utf-8?B?not base64 at all\r\nFrom: <<<>>>\r\nMessage-ID: without brackets\r\n\r\nx\r\n",
		"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=nowhere\r\nMIME-Version: 1.0\r\n\r\nno such boundary\r\n",
		"From: a@b.example\r\nContent-Type: multipart/mixed\r\nMIME-Version: 1.0\r\n\r\nno boundary named\r\n",
		"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=klingon\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%\r\n",
		"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n",
		"From: a@b.example\r\nSubject: " + strings.Repeat("long ", 4000) + "\r\n\r\nx\r\n",
	}
	n := 0
	for _, raw := range broken {
		if raw != "" {
			b.lab.Deliver([]byte(raw), b.at(2))
			n++
		}
	}
	b.deliver(3, 3)
	s, c := b.open(), newCopy()
	for more, tries := true, 0; more && tries < 40; tries++ {
		p, err := b.pull(s, c, source.PullRequest{})
		switch {
		case err != nil && desk.KindOf(err) != desk.KindOffline:
			b.Fatalf("pull: %v", err)
		case err != nil:
			b.reopen(s) // a server may hang up over a mail: that costs a line, no more
		default:
			more = p.More
		}
	}
	if len(c.at) != n+2 {
		b.Errorf("%d mails came, want %d", len(c.at), n+2)
	}
	for _, id := range []string{letterID(1), letterID(3)} {
		if c.texts[id].Text == "" {
			b.Errorf("%s lost its text to a broken neighbour", id)
		}
	}
}

func neverSeen(b *bench) {
	b.deliver(1, 3)
	s := b.open()
	ref, a, _ := b.attached(s, 4, 40_000)
	if _, err := s.Fetch(b.Context(), ref, a.Part, 0, &bytes.Buffer{}); err != nil {
		b.Fatal(err)
	}
	if _, err := s.Locate(b.Context(), b.reply(s)); err != nil {
		b.Fatal(err)
	}
	if n := b.lab.Seen(); n != 0 {
		b.Errorf("%d mails are marked as seen", n)
	}
}
