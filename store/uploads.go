package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"fernpost/store/desk"
)

// Uploads lie in blobs.db beside the attachments, with ids of their own above
// these.

const (
	firstUpload = 1 << 40
	// uploadStep is how much is written in one transaction.
	uploadStep = 32 * chunkSize
	// MaxUpload is more than any mail server takes.
	MaxUpload = 150 << 20
	// uploadKept is how long bytes stay that nobody needs: a file that was just
	// removed, or a draft dropped, can be put back.
	uploadKept = time.Hour
)

const (
	insertUpload = `INSERT INTO upload (made_ms) VALUES (?1)`
	finishUpload = `UPDATE upload SET sha = ?2, size = ?3 WHERE id = ?1`
	deleteUpload = `DELETE FROM upload WHERE id = ?1`
)

// PutUpload copies everything that r gives. Kind too_large over MaxUpload;
// whatever ends it early leaves nothing.
func (s *Store) PutUpload(ctx context.Context, r io.Reader) (u desk.Upload, err error) {
	const doing = "copy file"
	if err := s.fetching(doing); err != nil {
		return desk.Upload{}, err
	}
	err = s.write(ctx, doing, func(t *tx) error {
		id, err := t.insert(insertUpload, millis(t.now))
		u.ID = desk.UploadID(id)
		return err
	})
	if err != nil {
		return desk.Upload{}, err
	}
	if u.SHA, u.Size, err = s.fillUpload(ctx, u.ID, r); err == nil {
		err = s.write(ctx, doing, func(t *tx) error { return t.do(finishUpload, u.ID, u.SHA[:], u.Size) })
	}
	if err != nil {
		forget := context.WithoutCancel(ctx) // what can't be forgotten now is swept up later
		if s.write(forget, doing, func(t *tx) error { return t.do(deleteUpload, u.ID) }) == nil {
			_ = s.deleteBytes(forget, []int64{firstUpload + int64(u.ID)})
		}
		return desk.Upload{}, wrap(doing, err)
	}
	return u, nil
}

func (s *Store) fillUpload(ctx context.Context, id desk.UploadID, r io.Reader) (sha [32]byte, size int64, err error) {
	sum, buf := sha256.New(), make([]byte, uploadStep)
	for {
		n, err := io.ReadFull(r, buf)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return sha, size, err
		}
		if size+int64(n) > MaxUpload {
			return sha, size, desk.E(desk.KindTooLarge, "copy", errors.New("over the limit"))
		}
		_, _ = sum.Write(buf[:n]) // a hash takes everything
		file := firstUpload + int64(id)
		errWrite := s.blobs.begin(ctx, s.now(), func(t *tx) error {
			if err := t.appendChunks(file, size, buf[:n]); err != nil {
				return err
			}
			return t.do(putFile, file, size+int64(n))
		}, func(*tx) {})
		if errWrite != nil {
			return sha, size, errWrite
		}
		size += int64(n)
		if err != nil {
			return [32]byte(sum.Sum(nil)), size, nil
		}
	}
}

const (
	selectUpload      = `SELECT size FROM upload WHERE id = ?1 AND sha <> x''`
	selectUploadBySHA = `SELECT id FROM upload WHERE sha = ?1 ORDER BY id DESC LIMIT 1`
)

// ReadUpload reads a file that lies here to leave.
func (s *Store) ReadUpload(ctx context.Context, id desk.UploadID) (io.ReadSeekCloser, error) {
	var size int64
	if err := s.main.row(ctx, selectUpload, []any{id}, &size); err != nil {
		return nil, wrap("read file", err)
	}
	return &blobReader{ctx: ctx, base: s.blobs, file: firstUpload + int64(id), size: size, chunk: -1}, nil
}

// Blob reads a file that lies here to leave, by its SHA-256.
func (s *Store) Blob(ctx context.Context, sha [32]byte) (io.ReadCloser, error) {
	var id desk.UploadID
	if err := s.main.row(ctx, selectUploadBySHA, []any{sha[:]}, &id); err != nil {
		return nil, wrap("find file", err)
	}
	return s.ReadUpload(ctx, id)
}

// An upload is needed by its draft, by an op that may still be sent, and after
// that as long as its copy among the sent mail is missing.
const (
	selectUseless = `
SELECT id FROM upload u WHERE made_ms < ?1
  AND NOT EXISTS (SELECT 1 FROM draft_file f WHERE f.upload = u.id OR f.original = u.id)
  AND NOT EXISTS (SELECT 1 FROM op_file f JOIN op o ON o.id = f.op WHERE f.upload = u.id
    AND (o.state NOT IN ('sent', 'reconciled', 'cancelled') OR o.changed_ms >= ?1
      OR o.state IN ('sent', 'reconciled') AND o.filed = 0 AND o.changed_ms >= ?2))`
	selectUploadBytes = `SELECT attachment FROM file WHERE attachment >= ?1`
	uploadThere       = `SELECT EXISTS (SELECT 1 FROM upload WHERE id = ?1)`
)

// SweepUploads forgets what nobody needs. A copy that is missing is filed for
// unfiled at most.
func (s *Store) SweepUploads(ctx context.Context, unfiled time.Duration) error {
	const doing = "sweep files"
	err := s.write(ctx, doing, func(t *tx) error {
		ids, err := manyOf(t, selectUseless, []any{millis(t.now.Add(-uploadKept)), millis(t.now.Add(-unfiled))}, scanOf[int64])
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := t.do(deleteUpload, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	files, err := many(ctx, s.blobs, selectUploadBytes, []any{firstUpload}, scanOf[int64])
	if err != nil {
		return wrap(doing, err)
	}
	var gone []int64
	for _, id := range files {
		var there bool
		if err := s.main.row(ctx, uploadThere, []any{id - firstUpload}, &there); err != nil {
			return wrap(doing, err)
		}
		if !there {
			gone = append(gone, id)
		}
	}
	return wrap(doing, s.deleteBytes(ctx, gone))
}

// deleteBytes takes files out of blobs.db.
func (s *Store) deleteBytes(ctx context.Context, files []int64) error {
	if len(files) == 0 {
		return nil
	}
	return s.blobs.begin(ctx, s.now(), func(t *tx) error {
		for _, id := range files {
			if err := errors.Join(
				t.do(deleteChunks, id*chunksOfFile, (id+1)*chunksOfFile-1),
				t.do(deleteFile, id),
			); err != nil {
				return err
			}
		}
		return nil
	}, func(*tx) {})
}
