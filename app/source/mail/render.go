package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// hole is where the bytes of a file belong in a frozen mail, as base64.
type hole struct {
	At   int // offset in the mail without files
	SHA  [32]byte
	Size int64
}

type holeJSON struct {
	At   int    `json:"at"`
	SHA  string `json:"sha"`
	Size int64  `json:"size"`
}

// MarshalJSON writes the digest in hexadecimal.
func (h hole) MarshalJSON() ([]byte, error) {
	return json.Marshal(holeJSON{h.At, hex.EncodeToString(h.SHA[:]), h.Size})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (h *hole) UnmarshalJSON(b []byte) error {
	var v holeJSON
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	sha, err := hex.DecodeString(v.SHA)
	if err != nil || len(sha) != len(h.SHA) || v.Size < 0 {
		return errors.New("not a file of a frozen reply")
	}
	h.At, h.Size = v.At, v.Size
	copy(h.SHA[:], sha)
	return nil
}

// size is how many bytes the whole mail has.
func (m composed) size() int64 {
	n := int64(len(m.text))
	for _, h := range m.holes {
		n += base64Size(h.Size)
	}
	return n
}

// checkHoles refuses a mail whose files don't stand in order within it.
func (m composed) checkHoles() error {
	last := 0
	for _, h := range m.holes {
		if h.At < last || h.At >= len(m.text) {
			return errors.New("a file outside its mail")
		}
		last = h.At
	}
	return nil
}

// write gives the whole mail, the same bytes every time, and holds little of
// it. A file that isn't what was frozen ends it with kind unreadable.
func (m composed) write(ctx context.Context, w io.Writer, blobs source.Blobs) error {
	at := 0
	for _, h := range m.holes {
		if _, err := w.Write(m.text[at:h.At]); err != nil {
			return err
		}
		at = h.At
		if err := h.fill(ctx, w, blobs); err != nil {
			return err
		}
	}
	_, err := w.Write(m.text[at:])
	return err
}

func (h hole) fill(ctx context.Context, w io.Writer, blobs source.Blobs) error {
	const doing = "read a file of a frozen reply"
	if blobs == nil {
		return desk.E(desk.KindUnreadable, doing, errors.New("nobody has it"))
	}
	blob, err := blobs.Blob(ctx, h.SHA)
	if err != nil {
		return desk.E(desk.KindUnreadable, doing, err)
	}
	defer func() { _ = blob.Close() }()
	in := &digested{r: io.LimitReader(blob, h.Size+1), sum: sha256.New()}
	if err := base64Lines(w, in); err != nil && in.err == nil {
		return err // of the line
	}
	switch {
	case in.err != nil:
		return desk.E(desk.KindUnreadable, doing, in.err)
	case in.n != h.Size || [32]byte(in.sum.Sum(nil)) != h.SHA:
		return desk.E(desk.KindUnreadable, doing, errors.New("other bytes than were frozen"))
	}
	return nil
}

// digested counts and digests what is read, and keeps apart what is the
// reader's error and what the writer's.
type digested struct {
	r   io.Reader
	sum hash.Hash
	n   int64
	err error
}

// Read implements io.Reader.
func (d *digested) Read(b []byte) (int, error) {
	n, err := d.r.Read(b)
	d.n += int64(n)
	_, _ = d.sum.Write(b[:n]) // a hash takes everything
	if err != nil && !errors.Is(err, io.EOF) {
		d.err = err
	}
	return n, err
}

// dotted writes as DATA wants it: a dot before a dot that begins a line (RFC
// 5321 4.5.2).
type dotted struct {
	w   io.Writer
	mid bool // in the middle of a line
}

// Write implements io.Writer.
func (d *dotted) Write(b []byte) (int, error) {
	all := len(b)
	for len(b) > 0 {
		if !d.mid && b[0] == '.' {
			if _, err := d.w.Write([]byte(".")); err != nil {
				return 0, err
			}
		}
		line := b
		at := bytes.IndexByte(b, '\n')
		if at >= 0 {
			line = b[:at+1]
		}
		d.mid = at < 0
		if _, err := d.w.Write(line); err != nil {
			return 0, err
		}
		b = b[len(line):]
	}
	return all, nil
}

// allBut lets so many bytes through and keeps the rest back.
type allBut struct {
	w    io.Writer
	rest int64
}

// Write implements io.Writer.
func (a *allBut) Write(b []byte) (int, error) {
	now := b[:min(int64(len(b)), a.rest)]
	a.rest -= int64(len(now))
	if _, err := a.w.Write(now); err != nil {
		return 0, err
	}
	return len(b), nil
}
