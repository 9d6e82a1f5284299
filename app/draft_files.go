package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fernpost/app/mailtext"
	"fernpost/app/picture"
	"fernpost/store"
	"fernpost/store/desk"
)

// Attach asks which files, copies them into the draft, and gives the draft as
// it then is. A file that was moved or changed afterwards changes nothing. The
// call lasts as long as the person looks at the dialog.
func (s *Composer) Attach(draft string) (DraftView, error) {
	return readLong(s.calls, "attach files", func(ctx context.Context, d *Desk) (DraftView, error) {
		id := desk.DraftID(draft)
		if _, err := d.store.Draft(ctx, id); err != nil {
			return DraftView{}, err
		}
		paths, err := s.pick(ctx)
		if err != nil {
			return DraftView{}, err
		}
		for _, path := range paths {
			if err := d.attach(ctx, id, path); err != nil {
				return DraftView{}, err
			}
		}
		return d.draftNow(ctx, id)
	})
}

// Paste puts a picture from the clipboard into a draft's text, as base64.
func (s *Composer) Paste(draft, name, data string) (DraftView, error) {
	const doing = "paste picture"
	return read(s.calls, doing, func(ctx context.Context, d *Desk) (DraftView, error) {
		raw, err := base64.StdEncoding.DecodeString(data)
		if err != nil || !strings.HasPrefix(http.DetectContentType(raw), "image/") {
			return DraftView{}, desk.E(desk.KindInvalid, doing, err)
		}
		id := desk.DraftID(draft)
		f := desk.DraftFile{Name: mailtext.SafeFileName(name), Type: http.DetectContentType(raw), Inline: true}
		if err := d.attachFrom(ctx, id, f, bytes.NewReader(raw)); err != nil {
			return DraftView{}, err
		}
		return d.draftNow(ctx, id)
	})
}

// Detach takes a file out of a draft.
func (s *Composer) Detach(draft, file string) (DraftView, error) {
	return read(s.calls, "remove file", func(ctx context.Context, d *Desk) (DraftView, error) {
		fid, err := desk.ParseDraftFileID(file)
		if err != nil {
			return DraftView{}, err
		}
		id := desk.DraftID(draft)
		if err := d.store.RemoveDraftFile(ctx, id, fid); err != nil {
			return DraftView{}, err
		}
		return d.draftNow(ctx, id)
	})
}

// Shrink makes a picture of a draft small, or takes its original again. The
// original stays until the reply is sent.
func (s *Composer) Shrink(draft, file string, small bool) (DraftView, error) {
	return readLong(s.calls, "scale picture", func(ctx context.Context, d *Desk) (DraftView, error) {
		id := desk.DraftID(draft)
		f, err := d.draftFile(ctx, id, file)
		if err != nil {
			return DraftView{}, err
		}
		if small {
			err = d.shrink(ctx, id, f)
		} else if f.Original.ID != 0 {
			f.Upload, f.Original = f.Original, desk.Upload{}
			f.Name, f.Type = originalName(f.Name, f.Type)
			err = d.store.SetDraftFile(ctx, id, f)
		}
		if err != nil {
			return DraftView{}, err
		}
		return d.draftNow(ctx, id)
	})
}

// Picture gives a picture of a draft as a data: URL, small enough for the
// screen.
func (s *Composer) Picture(draft, file string) (string, error) {
	return readLong(s.calls, "show picture", func(ctx context.Context, d *Desk) (string, error) {
		f, err := d.draftFile(ctx, desk.DraftID(draft), file)
		if err != nil {
			return "", err
		}
		blob, err := d.store.ReadUpload(ctx, f.Upload.ID)
		if err != nil {
			return "", err
		}
		defer func() { _ = blob.Close() }()
		const shown = 480
		var out bytes.Buffer
		if err := picture.Scale(&out, blob, shown); err != nil {
			return "", err
		}
		return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(out.Bytes()), nil
	})
}

// bringBack gives a draft that was dropped and is saved anew its files again, as
// far as their bytes are still here.
func (d *Desk) bringBack(ctx context.Context, draft desk.Draft, files []DraftFileView) (desk.Draft, error) {
	for _, v := range files {
		id, err := desk.ParseDraftFileID(v.ID)
		if err != nil {
			return draft, err
		}
		f := desk.DraftFile{ID: id, Name: mailtext.SafeFileName(v.Name), Type: v.Type, Inline: v.Inline}
		for text, to := range map[string]*desk.Upload{v.Upload: &f.Upload, v.Original: &f.Original} {
			n, _ := strconv.ParseInt(text, 10, 64) // none where it is no number
			if r, err := d.store.ReadUpload(ctx, desk.UploadID(n)); err == nil {
				_ = r.Close()
				to.ID = desk.UploadID(n)
			}
		}
		if f.Coming() {
			continue
		}
		if _, err := d.store.AddDraftFile(ctx, draft.ID, f); err != nil {
			return draft, err
		}
	}
	return d.store.Draft(ctx, draft.ID)
}

func (d *Desk) draftNow(ctx context.Context, id desk.DraftID) (DraftView, error) {
	draft, err := d.store.Draft(ctx, id)
	return draftView(draft), err
}

func (d *Desk) draftFile(ctx context.Context, id desk.DraftID, file string) (desk.DraftFile, error) {
	draft, err := d.store.Draft(ctx, id)
	if err != nil {
		return desk.DraftFile{}, err
	}
	i := slices.IndexFunc(draft.Files, func(f desk.DraftFile) bool { return f.ID.String() == file })
	if i < 0 || draft.Files[i].Coming() {
		return desk.DraftFile{}, desk.E(desk.KindNotFound, "find file of draft", nil)
	}
	return draft.Files[i], nil
}

// attach copies a file of this computer into a draft.
func (d *Desk) attach(ctx context.Context, id desk.DraftID, path string) error {
	const doing = "attach file"
	f, err := os.Open(path)
	if err != nil {
		return desk.E(desk.KindPermission, doing, err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return desk.E(desk.KindPermission, doing, err)
	}
	if !info.Mode().IsRegular() {
		return desk.E(desk.KindInvalid, doing, nil)
	}
	if info.Size() > store.MaxUpload {
		return desk.E(desk.KindTooLarge, doing, nil)
	}
	in := bufio.NewReaderSize(f, 64<<10)
	head, _ := in.Peek(512) // what it can't read, the copy will say
	name := filepath.Base(path)
	return d.attachFrom(ctx, id, desk.DraftFile{Name: mailtext.SafeFileName(name), Type: typeOf(name, head)}, in)
}

// typeOf goes by the name, and by the bytes where that says nothing.
func typeOf(name string, head []byte) string {
	t := mime.TypeByExtension(strings.ToLower(filepath.Ext(name)))
	if t == "" {
		t = http.DetectContentType(head)
	}
	t, _, _ = strings.Cut(t, ";")
	return t
}

func (d *Desk) attachFrom(ctx context.Context, id desk.DraftID, f desk.DraftFile, r io.Reader) (err error) {
	if f.Upload, err = d.store.PutUpload(ctx, r); err != nil {
		return err
	}
	_, err = d.store.AddDraftFile(ctx, id, f)
	return err
}

// smallEnding is added to the name of a picture that became a JPEG and wasn't
// one, so that its original's name can be had again.
const smallEnding = ".jpg"

// originalName undoes smallEnding.
func originalName(name, kind string) (string, string) {
	before := strings.TrimSuffix(name, smallEnding)
	if was := mime.TypeByExtension(filepath.Ext(before)); strings.HasPrefix(was, "image/") {
		return before, was
	}
	return name, kind
}

// shrink replaces a picture by a small one, if that is smaller.
func (d *Desk) shrink(ctx context.Context, id desk.DraftID, f desk.DraftFile) error {
	if f.Original.ID != 0 {
		return nil
	}
	blob, err := d.store.ReadUpload(ctx, f.Upload.ID)
	if err != nil {
		return err
	}
	defer func() { _ = blob.Close() }()
	var out bytes.Buffer
	if err := picture.Scale(&out, blob, picture.Longest); err != nil {
		return err
	}
	if int64(out.Len()) >= f.Upload.Size {
		return nil
	}
	small, err := d.store.PutUpload(ctx, &out)
	if err != nil {
		return err
	}
	f.Original, f.Upload = f.Upload, small
	if f.Type != "image/jpeg" {
		f.Name, f.Type = f.Name+smallEnding, "image/jpeg"
	}
	return d.store.SetDraftFile(ctx, id, f)
}

// bringFiles completes what a draft passes on: from what lies here, else from
// the server. Where the line or the day's bytes don't allow it, the files stay
// marked as coming and the draft can't be sent.
func (d *Desk) bringFiles(ctx context.Context, id desk.DraftID) error {
	draft, err := d.store.Draft(ctx, id)
	if err != nil {
		return err
	}
	for _, f := range draft.Files {
		if !f.Coming() {
			continue
		}
		if err := d.completeFiles(ctx, f.Attachment); err != nil {
			return err
		}
		if a, err := d.store.Attachment(ctx, f.Attachment); err == nil && a.Have < a.Size {
			err = d.fetch(ctx, a.ID, false)
			if err != nil && desk.KindOf(err) != desk.KindAsks {
				return err
			}
		}
	}
	return nil
}

// completeFiles gives the drafts that wait for an attachment its bytes, once
// they are all here.
func (d *Desk) completeFiles(ctx context.Context, id desk.AttachmentID) error {
	drafts, err := d.store.DraftsComing(ctx, id)
	if err != nil || len(drafts) == 0 {
		return err
	}
	a, err := d.store.Attachment(ctx, id)
	if err != nil || a.Have < a.Size {
		return err
	}
	for _, draft := range drafts {
		blob, err := d.store.ReadBlob(ctx, id)
		if err != nil {
			return err
		}
		up, err := d.store.PutUpload(ctx, mailtext.Decoded(a.Encoding, blob))
		_ = blob.Close()
		if err != nil {
			return err
		}
		if err := d.store.FillDraftFile(ctx, draft, id, up); err != nil {
			return err
		}
	}
	return nil
}

// sweepEvery is how often the bytes of files that nobody needs are forgotten.
const sweepEvery = time.Hour

// sweepFiles forgets them until ctx ends, and goes on with what drafts wait for.
func (d *Desk) sweepFiles(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := d.store.SweepUploads(ctx, unfiledKept); err != nil {
			return err
		}
		waiting, err := d.store.DraftsWithComing(ctx)
		if err != nil {
			return err
		}
		for _, id := range waiting {
			_ = d.bringFiles(ctx, id) // the draft shows what is missing, and the next round tries again
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// unfiledKept is how long a sent reply's files stay for its copy among the sent
// mail: a day longer than the outbox tries.
const unfiledKept = 8 * 24 * time.Hour
