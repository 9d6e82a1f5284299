package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/store/desk"
)

// A file is asked for in pieces, between which others may speak: as much as the
// line brought in chunkTime last, so that a slow line isn't held for long and a
// quick one doesn't wait for a round trip at every piece.
const (
	firstChunk = 32 << 10
	leastChunk = 16 << 10
	mostChunk  = 1 << 20
	chunkTime  = 6 * time.Second
)

// paced is the next piece after one of n bytes that took so long. It grows to
// twice the size at most: one quick moment is no quick line.
func paced(size, n int64, took time.Duration) int64 {
	if took <= 0 || n < size {
		return size
	}
	fits := int64(float64(n) * float64(chunkTime) / float64(took))
	return min(max(fits, leastChunk), mostChunk, 2*size)
}

// Fetch streams a part as it lies on the server (desk.Attachment.Encoding says
// how to read it), from offset. Every chunk that arrived whole has been written
// to w when it returns, so the caller can go on from there. Several FETCHes of
// one message at a time hang in go-imap: chunks go one after another.
func (s *Source) Fetch(ctx context.Context, ref desk.RemoteRef, part string, offset int64, w io.Writer) (int64, error) {
	const doing = "fetch a file"
	at, ok := placeOf(ref)
	path, okPart := parsePart(part)
	if !ok || !okPart || offset < 0 {
		return 0, desk.E(desk.KindInvalid, doing, fmt.Errorf("no such part %q", part))
	}
	total, err := s.partSize(ctx, at, path)
	if err != nil {
		return 0, err
	}
	size := int64(firstChunk)
	for offset < total {
		began := time.Now()
		n, err := s.fetchChunk(ctx, at, &imap.FetchItemBodySection{
			Part: path, Peek: true, Partial: &imap.SectionPartial{Offset: offset, Size: size},
		}, w)
		offset += n
		if err != nil {
			return total, err
		}
		if n < size {
			break // the part ends here, whatever its structure said
		}
		size = paced(size, n, time.Since(began))
	}
	return offset, nil
}

// atPlace runs an exchange with the folder of a message selected.
func (s *Source) atPlace(ctx context.Context, at place, kind string, exchange func(l *line) error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.release()
	l, err := s.connected(ctx)
	if err != nil {
		return err
	}
	return s.speak(ctx, l, kind, func() error {
		if err := l.choose(at.folder); err != nil {
			return err
		}
		if l.chosen.UIDValidity != at.epoch {
			return desk.E(desk.KindNotFound, "find a mail", errors.New("the folder was renumbered"))
		}
		return exchange(l)
	})
}

// partSize asks for the structure, unless it is remembered.
func (s *Source) partSize(ctx context.Context, at place, path []int) (int64, error) {
	size := int64(-1)
	err := s.atPlace(ctx, at, CountFiles, func(l *line) error {
		sh, ok := s.memory.shapes[at]
		if !ok {
			got, err := l.gather(l.c.Fetch(imap.UIDSetNum(imap.UID(at.uid)), &imap.FetchOptions{
				UID: true, BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
			}))
			if err != nil {
				return err
			}
			if len(got) == 0 || got[0].structure == nil {
				return desk.E(desk.KindNotFound, "fetch a file", errors.New("the mail is gone"))
			}
			sh = readShape(got[0].structure)
			remember(s.memory.shapes, at, sh)
		}
		size = sh.sizeOf(path)
		return nil
	})
	if err == nil && size < 0 {
		err = desk.E(desk.KindNotFound, "fetch a file", errors.New("the mail has no such part"))
	}
	return size, err
}

func (s shape) sizeOf(path []int) int64 {
	for _, f := range s.files {
		if f.Part == partName(path) {
			return f.Size
		}
	}
	for _, t := range s.texts {
		if slices.Equal(t.Path, path) {
			return t.Size
		}
	}
	return -1
}

func (s *Source) fetchChunk(ctx context.Context, at place, piece *imap.FetchItemBodySection, w io.Writer) (n int64, err error) {
	err = s.atPlace(ctx, at, CountFiles, func(l *line) error {
		cmd := l.c.Fetch(imap.UIDSetNum(imap.UID(at.uid)), &imap.FetchOptions{
			UID: true, BodySection: []*imap.FetchItemBodySection{piece},
		})
		var failed error
		n, failed = l.copySection(cmd, w)
		if err := cmd.Close(); err != nil {
			return l.fail("fetch a file", err)
		}
		return failed
	})
	return n, err
}

// copySection writes the one section of the one answer to w, also when only its
// beginning came. An error of w doesn't break off the reading, or the line would
// be lost with it.
func (l *line) copySection(cmd *imapclient.FetchCommand, w io.Writer) (n int64, failed error) {
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil || failed != nil {
				continue
			}
			data, broken := readLiteral(body.Literal, mostChunk)
			k, err := w.Write(data)
			n += int64(k)
			failed = err
			if broken != nil {
				l.end()
				return n, broken
			}
		}
	}
	return n, failed
}
