package app

import (
	"context"
	"io"
	"os"

	"fernpost/store/desk"
)

// Files fetches attachments when somebody taps them, and saves them.
type Files struct {
	calls calls
	ask   func(ctx context.Context, name string) (string, error) // "save as"; "" when the person changed their mind
}

// Fetch starts or goes on fetching; kind asks_first where that would cost what
// the person wants to save, kind paused where the account may not be used. How far it is stands in the conversation,
// which changes as chunks arrive.
func (s *Files) Fetch(id string) error {
	return s.fetch(id, false)
}

// FetchAnyway fetches also where only text is to come, or today's bytes are
// used up: the person was asked.
func (s *Files) FetchAnyway(id string) error { return s.fetch(id, true) }

func (s *Files) fetch(id string, anyway bool) error {
	return do(s.calls, "fetch file", func(ctx context.Context, d *Desk) error {
		aid, err := desk.ParseAttachmentID(id)
		if err != nil {
			return err
		}
		return d.fetch(ctx, aid, anyway)
	})
}

// Save asks where and writes the file there; the path, or "" when the person
// changed their mind. The call lasts as long as the person looks at the dialog.
func (s *Files) Save(id string) (string, error) {
	_, cancel, d, err := s.calls.begin()
	if err != nil {
		return "", err
	}
	cancel() // the limit of an ordinary call is too short for a dialog
	ctx := s.calls.opening.ctx
	name, content, err := d.toSave(ctx, id)
	if err != nil {
		return "", err
	}
	defer func() { _ = content.Close() }()
	path, err := s.ask(ctx, name)
	if err != nil || path == "" {
		return "", err
	}
	return path, saveFile(content, path)
}

// fetch runs in the background, once a file however often it is tapped.
func (d *Desk) fetch(ctx context.Context, id desk.AttachmentID, anyway bool) error {
	a, err := d.store.Attachment(ctx, id)
	if err != nil {
		return err
	}
	m, err := d.store.Message(ctx, a.Message)
	if err != nil {
		return err
	}
	st, err := d.station(m.Account)
	if err != nil {
		return err
	}
	if err := d.mayFetch(ctx, st, anyway); err != nil {
		return err
	}
	if _, running := d.fetching.LoadOrStore(id, true); running {
		return nil
	}
	st.runner.Go("fetch file", func(ctx context.Context) error {
		defer d.fetching.Delete(id)
		err := st.intake.Fetch(ctx, id, anyway)
		if desk.KindOf(err) == desk.KindAsks {
			return nil // the day's bytes ran out on the way; what came is kept
		}
		if err == nil {
			err = d.completeFiles(ctx, id)
		}
		return err
	})
	return nil
}

func (d *Desk) mayFetch(ctx context.Context, st *station, anyway bool) error {
	a, err := d.store.Account(ctx, st.account.ID)
	switch {
	case err != nil:
		return err
	case a.State == desk.AccountPaused:
		return desk.E(desk.KindPaused, "fetch file", nil)
	case anyway:
		return nil
	}
	return st.intake.MayFetch(ctx)
}

// saveFile marks the file as come from outside, so that the system warns before
// a program in it runs.
func saveFile(content io.Reader, path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return desk.E(desk.KindPermission, "save file", err)
	}
	_, err = io.Copy(f, content)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return desk.E(desk.KindDiskFull, "save file", err)
	}
	return markFromOutside(path)
}
