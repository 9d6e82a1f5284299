package sourcetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// Blobs are the files that the suite's replies carry. A lab gives them to its
// sources.
type Blobs struct{}

// Blob implements source.Blobs.
func (Blobs) Blob(_ context.Context, sha [32]byte) (io.ReadCloser, error) {
	for _, data := range [][]byte{photo(), report()} {
		if sha256.Sum256(data) == sha {
			return io.NopCloser(bytes.NewReader(data)), nil
		}
	}
	return nil, errors.New("no such file")
}

func photo() []byte { return bytes.Repeat([]byte("a picture\n"), 500) }

// report is more than any buffer on the way holds.
func report() []byte {
	data := make([]byte, 300_001)
	for i := range data {
		data[i] = byte(i * 31 >> 4)
	}
	return data
}

func (b *bench) fileOf(name, kind string, data []byte) source.File {
	return source.File{SHA: sha256.Sum256(data), Size: int64(len(data)), Name: name, Type: kind}
}

// replyWithFiles freezes an answer to letter 1 with a picture in its text and a
// large file.
func (b *bench) replyWithFiles(s Source) source.Submission {
	b.Helper()
	id := desk.NewOpID(time.Now())
	inline := b.fileOf("étiquette.png", "image/png", photo())
	inline.Number, inline.Inline = 1, true
	f, err := s.FreezeReply(source.Reply{
		OpID: id, Date: b.now, From: b.lab.Own(), To: []desk.Address{b.lab.Customer()}, Subject: "Re: Where is my parcel? 1",
		Rich:  `<p>The <b>label</b>: <img data-file="1" alt="label"></p>`,
		Quote: &source.Quote{Head: "On 4 March 2026 at 15:06, Katharina Vogel wrote:", Text: "I have been waiting."},
		Files: []source.File{inline, b.fileOf("発注書.pdf", "application/pdf", report())}, InReplyTo: letterID(1), Language: "en",
	})
	if err != nil {
		b.Fatalf("freeze: %v", err)
	}
	if len(f.Payload) > 20_000 || f.Bytes < int64(len(report())) {
		b.Errorf("%d bytes are frozen of %d", len(f.Payload), f.Bytes)
	}
	return source.Submission{ID: id, Kind: desk.OpReply, Payload: f.Payload, FirstTry: b.now, LastTry: time.Now()}
}

func sendsFiles(b *bench) {
	b.deliver(1, 1)
	s := b.open()
	sub := b.replyWithFiles(s)
	b.submit(s, sub, &journal{final: func() error { return errNotWritten }}, source.NotApplied)
	b.received(0)
	before := b.lab.Traffic()
	b.submit(s, sub, &journal{}, source.Applied)
	took := b.lab.Traffic() - before
	b.carries(b.received(1)[0], report())

	// Our own copy comes back with its text and files as they were written.
	c := newCopy()
	var at desk.RemoteRef
	b.await(s, c, "our own copy", func() bool {
		for id, h := range c.heads {
			if h.OpID == sub.ID {
				at = c.where(id)
				_, here := c.texts[id]
				return here
			}
		}
		return false
	})
	head, text := c.heads[c.at[at]], c.texts[c.at[at]]
	if text.Text != "The label: [label]" || !strings.Contains(text.HTML, "<b>label</b>") || !strings.Contains(text.Quoted, "> I have been waiting.") {
		b.Errorf("text %q, quoted %q, HTML %q", text.Text, text.Quoted, text.HTML)
	}
	for _, a := range head.Attachments {
		want := map[string][]byte{"étiquette.png": photo(), "発注書.pdf": report()}[a.Name]
		var wire bytes.Buffer
		if _, err := s.Fetch(b.Context(), at, a.Part, 0, &wire); err != nil {
			b.Fatalf("fetch %s: %v", a.Part, err)
		}
		got, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, &wire))
		if err != nil || want == nil || !bytes.Equal(got, want) {
			b.Errorf("%q came back with %d bytes, want %d (%v)", a.Name, len(got), len(want), err)
		}
	}
	if len(head.Attachments) != 2 {
		b.Errorf("files %+v", head.Attachments)
	}
	b.filesCheaply(s, sub, took)
}

// filesCheaply checks that the copy among the sent mail doesn't cost the line
// what the mail did.
func (b *bench) filesCheaply(s Source, sub source.Submission, took int64) {
	b.Helper()
	before := b.lab.Traffic()
	if filer, ok := s.(Filer); ok {
		for range 2 {
			if got := filer.FileSent(b.Context(), b.filing(sub)); got != source.Applied {
				b.Fatalf("file: %v", got)
			}
		}
	}
	if cost := b.lab.Traffic() - before; cost > took/4 {
		b.Errorf("filing took %d bytes, sending %d", cost, took)
	}
	sent := b.lab.Sent()
	if len(sent) != 1 {
		b.Fatalf("%d copies in Sent, want one", len(sent))
	}
	b.carries(sent[0], report())
}

// carries checks that a mail holds a file whole.
func (b *bench) carries(mail, file []byte) {
	b.Helper()
	plain := strings.NewReplacer("\r", "", "\n", "").Replace(string(mail))
	if !strings.Contains(plain, base64.StdEncoding.EncodeToString(file)) {
		b.Error("the file isn't whole in the mail")
	}
}
