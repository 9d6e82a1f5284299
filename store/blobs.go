package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"fernpost/store/desk"
)

// Attachments lie in blobs.db, in chunks of 32 KiB. blobs.db is the truth about
// how much of a file is here; main.db has a copy of that number for lists, and
// where a crash between the two left them apart, the copy is put right.

const (
	chunkSize    = 32 << 10
	chunksOfFile = 1 << 20 // a file's chunks have ids from its own id times this on
)

const selectAttachment = `SELECT ` + attachmentColumns + ` FROM attachment WHERE id = ?1`

// Attachment gives one attachment with what is truly here of it.
func (s *Store) Attachment(ctx context.Context, id desk.AttachmentID) (desk.Attachment, error) {
	const doing = "read attachment"
	a, err := one(ctx, s.main, selectAttachment, []any{id}, scanAttachment)
	if err != nil {
		return a, wrap(doing, err)
	}
	a.Have, err = s.have(ctx, id)
	return a, wrap(doing, err)
}

const selectHave = `SELECT coalesce((SELECT have FROM file WHERE attachment = ?1), 0)`

func (s *Store) have(ctx context.Context, id desk.AttachmentID) (n int64, err error) {
	err = s.blobs.row(ctx, selectHave, []any{id}, &n)
	return n, err
}

const (
	putFile            = `INSERT INTO file (attachment, have) VALUES (?1, ?2) ON CONFLICT (attachment) DO UPDATE SET have = excluded.have`
	selectChunk        = `SELECT data FROM chunk WHERE id = ?1`
	putChunk           = `INSERT INTO chunk (id, data) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET data = excluded.data`
	attachmentsMessage = `SELECT m.conversation FROM attachment a JOIN message m ON m.id = a.message WHERE a.id = ?1`
)

// AppendBlob appends bytes at offset and counts up Have. total, if not 0,
// corrects Size. Kind conflict when offset isn't what is here: read the
// attachment again and go on from its Have.
func (s *Store) AppendBlob(ctx context.Context, id desk.AttachmentID, offset int64, b []byte, total int64) error {
	const doing = "append to attachment"
	if err := s.fetching(doing); err != nil {
		return err
	}
	var conversation int64
	if err := s.main.row(ctx, attachmentsMessage, []any{id}, &conversation); err != nil {
		return wrap(doing, err)
	}
	var have int64
	err := s.blobs.begin(ctx, s.now(), func(t *tx) error {
		if err := t.row(selectHave, []any{id}, &have); err != nil {
			return err
		}
		if offset != have {
			return desk.E(desk.KindConflict, "find the end", fmt.Errorf("%d bytes are here, not %d", have, offset))
		}
		if have+int64(len(b)) > chunkSize*chunksOfFile {
			return desk.E(desk.KindTooLarge, "append", fmt.Errorf("over %d bytes", int64(chunkSize)*chunksOfFile))
		}
		if err := t.appendChunks(int64(id), have, b); err != nil {
			return err
		}
		have += int64(len(b))
		return t.do(putFile, id, have)
	}, func(*tx) {})
	if err != nil && desk.KindOf(err) != desk.KindConflict {
		err = wrap(doing, err)
		s.noteFull(err)
		return err
	}
	return errors.Join(wrap(doing, err), s.copyHave(ctx, id, have, total))
}

// appendChunks fills the last chunk up and goes on with new ones.
func (t *tx) appendChunks(file, have int64, b []byte) error {
	for len(b) > 0 {
		id, used := file*chunksOfFile+have/chunkSize, have%chunkSize
		var data []byte
		if used > 0 {
			if err := t.row(selectChunk, []any{id}, &data); err != nil {
				return err
			}
			if int64(len(data)) != used {
				return desk.E(desk.KindDamaged, "read chunk", fmt.Errorf("%d bytes, not %d", len(data), used))
			}
		}
		n := min(len(b), int(chunkSize-used))
		if err := t.do(putChunk, id, append(data, b[:n]...)); err != nil {
			return err
		}
		have += int64(n)
		b = b[n:]
	}
	return nil
}

const updateHave = `
UPDATE attachment SET have = ?2, size = CASE WHEN ?3 > 0 THEN ?3 ELSE size END
WHERE id = ?1 AND (have <> ?2 OR ?3 > 0 AND size <> ?3)`

func (s *Store) copyHave(ctx context.Context, id desk.AttachmentID, have, total int64) error {
	return s.write(ctx, "count attachment", func(t *tx) error {
		n, err := t.exec(updateHave, id, have, total)
		if err != nil || n == 0 {
			return err
		}
		var conversation int64
		if err := t.row(attachmentsMessage, []any{id}, &conversation); err != nil {
			return err
		}
		t.changed.conversation(conversation)
		return nil
	})
}

const selectFiles = `SELECT attachment, have FROM file`

// repairHaves puts main.db's copies right after a crash, and forgets the files of
// mail that a main.db had which is gone.
func (s *Store) repairHaves(ctx context.Context) error {
	type file struct {
		id   desk.AttachmentID
		have int64
	}
	all, err := many(ctx, s.blobs, selectFiles, nil, func(r scanner) (f file, err error) {
		err = r.Scan(&f.id, &f.have)
		return f, err
	})
	if err != nil {
		return err
	}
	for _, f := range all {
		a, err := one(ctx, s.main, selectAttachment, []any{f.id}, scanAttachment)
		if errors.Is(err, sql.ErrNoRows) && f.id < firstUpload {
			if err := s.deleteBytes(ctx, []int64{int64(f.id)}); err != nil {
				return err
			}
		}
		if err != nil || a.Have == f.have {
			continue
		}
		if err := s.copyHave(ctx, f.id, f.have, 0); err != nil {
			return err
		}
	}
	return nil
}

// ReadBlob reads what is here, as it lay on the wire. What is appended later is
// not part of it.
func (s *Store) ReadBlob(ctx context.Context, id desk.AttachmentID) (io.ReadSeekCloser, error) {
	a, err := s.Attachment(ctx, id)
	if err != nil {
		return nil, err
	}
	return &blobReader{ctx: ctx, base: s.blobs, file: int64(id), size: a.Have, chunk: -1}, nil
}

// blobReader keeps one chunk in memory.
type blobReader struct {
	ctx   context.Context
	base  *base
	file  int64
	size  int64
	at    int64
	chunk int64 // number of the chunk in data, -1 for none
	data  []byte
}

func (r *blobReader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if n := r.at / chunkSize; n != r.chunk {
		data, err := one(r.ctx, r.base, selectChunk, []any{r.file*chunksOfFile + n}, scanOf[[]byte])
		if err != nil {
			return 0, wrap("read attachment", err)
		}
		r.chunk, r.data = n, data
	}
	from := r.at % chunkSize
	if from >= int64(len(r.data)) {
		return 0, desk.E(desk.KindDamaged, "read attachment", io.ErrUnexpectedEOF)
	}
	n := copy(p, r.data[from:min(int64(len(r.data)), from+r.size-r.at)])
	r.at += int64(n)
	return n, nil
}

func (r *blobReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, desk.E(desk.KindInvalid, "seek attachment", fmt.Errorf("to %d", offset))
	}
	r.at = offset
	return offset, nil
}

func (r *blobReader) Close() error { r.data, r.chunk = nil, -1; return nil }
