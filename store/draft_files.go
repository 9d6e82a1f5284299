package store

import (
	"context"
	"errors"

	"fernpost/store/desk"
)

const draftFileColumns = `f.id, f.name, f.type, f.attachment, f.inline,
  coalesce(u.id, 0), coalesce(u.sha, x''), coalesce(u.size, 0), coalesce(o.id, 0), coalesce(o.sha, x''), coalesce(o.size, 0),
  coalesce(a.size, 0), coalesce(a.have, 0), coalesce(a.encoding, '')`

const draftFileTables = `
FROM draft_file f
LEFT JOIN upload u ON u.id = f.upload
LEFT JOIN upload o ON o.id = f.original
LEFT JOIN attachment a ON a.id = f.attachment`

const (
	selectDraftFiles = `SELECT ` + draftFileColumns + draftFileTables + ` WHERE f.draft = ?1 ORDER BY f.id`
	selectDraftFile  = `SELECT ` + draftFileColumns + draftFileTables + ` WHERE f.draft = ?1 AND f.id = ?2`
)

func scanDraftFile(r scanner) (f desk.DraftFile, err error) {
	var sha, original []byte
	err = r.Scan(&f.ID, &f.Name, &f.Type, &f.Attachment, &f.Inline, &f.Upload.ID, &sha, &f.Upload.Size,
		&f.Original.ID, &original, &f.Original.Size, &f.Size, &f.Have, &f.Encoding)
	copy(f.Upload.SHA[:], sha)
	copy(f.Original.SHA[:], original)
	return f, err
}

const (
	insertDraftFile = `
INSERT INTO draft_file (id, draft, name, type, upload, original, attachment, inline)
VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8)`
	updateDraftFile = `
UPDATE draft_file SET name = ?2, type = ?3, upload = ?4, original = ?5, inline = ?6 WHERE id = ?1`
	deleteDraftFile = `DELETE FROM draft_file WHERE draft = ?1 AND id = ?2`
	moveDraftFiles  = `UPDATE draft_file SET draft = ?2 WHERE draft = ?1`
)

// AddDraftFile puts a file into a draft. With an ID of its own it is one that
// was there before the draft was dropped. Kind conflict when an op holds the
// draft.
func (s *Store) AddDraftFile(ctx context.Context, id desk.DraftID, f desk.DraftFile) (desk.DraftFile, error) {
	err := s.changeDraftFiles(ctx, "add file to draft", id, func(t *tx) error {
		n, err := t.insert(insertDraftFile, f.ID, id, f.Name, f.Type, f.Upload.ID, f.Original.ID, f.Attachment, bit(f.Inline))
		f.ID = desk.DraftFileID(n)
		return err
	})
	return f, err
}

// SetDraftFile gives a file of a draft other bytes, or another name. Kind
// not_found when it was removed.
func (s *Store) SetDraftFile(ctx context.Context, id desk.DraftID, f desk.DraftFile) error {
	return s.changeDraftFiles(ctx, "change file of draft", id, func(t *tx) error {
		if _, err := oneOf(t, selectDraftFile, []any{id, f.ID}, scanDraftFile); err != nil {
			return err
		}
		return t.do(updateDraftFile, f.ID, f.Name, f.Type, f.Upload.ID, f.Original.ID, bit(f.Inline))
	})
}

// RemoveDraftFile takes a file out of a draft; one that is gone is no error.
func (s *Store) RemoveDraftFile(ctx context.Context, id desk.DraftID, file desk.DraftFileID) error {
	return s.changeDraftFiles(ctx, "remove file from draft", id, func(t *tx) error {
		return t.do(deleteDraftFile, id, file)
	})
}

func (s *Store) changeDraftFiles(ctx context.Context, doing string, id desk.DraftID, change func(*tx) error) error {
	return s.writeWork(ctx, doing, func(t *tx) error {
		d, err := oneOf(t, selectDraft, []any{id}, scanDraft)
		if err != nil {
			return err
		}
		if d.Op != "" {
			return desk.E(desk.KindConflict, "edit draft", errors.New("an op holds it"))
		}
		t.changed.conversation(int64(d.Conversation))
		return change(t)
	})
}

const selectComing = `SELECT draft FROM draft_file WHERE attachment = ?1 AND upload = 0`

// DraftsComing names the drafts that wait for an attachment's bytes.
func (s *Store) DraftsComing(ctx context.Context, a desk.AttachmentID) ([]desk.DraftID, error) {
	all, err := many(ctx, s.main, selectComing, []any{a}, scanOf[desk.DraftID])
	return all, wrap("read waiting drafts", err)
}

const (
	insertOpFile  = `INSERT INTO op_file (op, place, name, type, size, upload, inline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	selectOpFiles = `SELECT name, type, size, upload, inline FROM op_file WHERE op = ?1 ORDER BY place`
)

// carryFiles gives an op the files of its draft. They are what its payload
// names, or it is refused: what is queued is whole.
func (t *tx) carryFiles(op desk.Op) error {
	files, err := manyOf(t, selectDraftFiles, []any{op.Draft}, scanDraftFile)
	if err != nil {
		return err
	}
	if len(files) != len(op.Files) {
		return desk.E(desk.KindConflict, "take files", errors.New("others than were frozen"))
	}
	for i, f := range files {
		if f.Coming() || f.Upload.ID != op.Files[i].Upload {
			return desk.E(desk.KindConflict, "take files", errors.New("one isn't here"))
		}
		if err := t.do(insertOpFile, op.ID, i, f.Name, f.Type, f.Upload.Size, f.Upload.ID, bit(op.Files[i].Inline)); err != nil {
			return err
		}
	}
	return nil
}

// OpFiles lists what an op carries.
func (s *Store) OpFiles(ctx context.Context, id desk.OpID) ([]desk.OpFile, error) {
	all, err := many(ctx, s.main, selectOpFiles, []any{id}, func(r scanner) (f desk.OpFile, err error) {
		err = r.Scan(&f.Name, &f.Type, &f.Size, &f.Upload, &f.Inline)
		return f, err
	})
	return all, wrap("read files of op", err)
}

const (
	fillDraftFile    = `UPDATE draft_file SET upload = ?3 WHERE draft = ?1 AND attachment = ?2 AND upload = 0`
	selectIncomplete = `SELECT DISTINCT draft FROM draft_file WHERE upload = 0`
)

// FillDraftFile gives a draft the bytes of an attachment it waited for.
func (s *Store) FillDraftFile(ctx context.Context, id desk.DraftID, a desk.AttachmentID, u desk.Upload) error {
	return s.changeDraftFiles(ctx, "complete file of draft", id, func(t *tx) error {
		return t.do(fillDraftFile, id, a, u.ID)
	})
}

// DraftsWithComing names every draft that waits for bytes.
func (s *Store) DraftsWithComing(ctx context.Context) ([]desk.DraftID, error) {
	all, err := many(ctx, s.main, selectIncomplete, nil, scanOf[desk.DraftID])
	return all, wrap("read waiting drafts", err)
}
