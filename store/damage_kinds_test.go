package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fernpost/store/desk"
)

func overwrite(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestEveryKindOfDamageIsMended(t *testing.T) {
	w := makeWork(t)
	for name, c := range map[string]struct {
		harm func(t *testing.T, dir string)
		want func(h Harm) bool
	}{
		"nothing": {func(*testing.T, string) {}, Harm.None},
		"main cut to nothing": {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, mainFile), nil) }, func(h Harm) bool {
			return h.Gone && !h.Broken && h.Drafts == 3 && h.Replies == 6
		}},
		"main cut in a page": {func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, mainFile), 20*pageSize+100); err != nil {
				t.Fatal(err)
			}
		}, func(h Harm) bool { return h.Main != "" && h.Drafts == 3 && h.Replies == 6 && h.Looked == 2 }},
		"another file in main's place": {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, mainFile), noise(100_000)) }, func(h Harm) bool {
			return h.Main != "" && !h.Broken
		}},
		"main gone": {func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, mainFile)); err != nil {
				t.Fatal(err)
			}
		}, func(h Harm) bool { return h.Gone && h.Drafts == 3 }},
		"head of main zeroed": {func(t *testing.T, dir string) {
			damageFile(t, filepath.Join(dir, mainFile), 0, func(page []byte) { clear(page[:100]) })
		}, func(h Harm) bool { return h.Main != "" }},
		"version of main zeroed": {func(t *testing.T, dir string) {
			damageFile(t, filepath.Join(dir, mainFile), 0, func(page []byte) { clear(page[60:64]) })
		}, func(h Harm) bool { return h.Main != "" }},
		"noise in wal":       {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, mainFile+"-wal"), noise(50_000)) }, Harm.None},
		"noise in shm":       {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, mainFile+"-shm"), noise(32768)) }, Harm.None},
		"copy cut":           {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, secondFile), noise(9000)) }, func(h Harm) bool { return h.Second != "" && h.Main == "" }},
		"copy empty":         {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, secondFile), nil) }, Harm.None},
		"noise in copys wal": {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, secondFile+"-wal"), noise(50_000)) }, Harm.None},
		"blobs cut": {func(t *testing.T, dir string) { overwrite(t, filepath.Join(dir, blobsFile), noise(9000)) }, func(h Harm) bool {
			return h.Blobs != "" && h.Main == ""
		}},
		"main and blobs cut": {func(t *testing.T, dir string) {
			overwrite(t, filepath.Join(dir, mainFile), noise(9000))
			overwrite(t, filepath.Join(dir, blobsFile), noise(9000))
		}, func(h Harm) bool { return h.Blobs != "" && h.Main != "" && h.Drafts == 3 }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, w.dir)
			c.harm(t, dir)
			s := w.openHurt(t, dir)
			h, err := s.Harm(t.Context())
			if err != nil || !c.want(h) {
				t.Errorf("told %+v, %v", h, err)
			}
			for _, aside := range []string{h.Main, h.Second, h.Blobs} {
				if aside == "" {
					continue
				}
				if _, err := os.Stat(aside); err != nil {
					t.Errorf("what was damaged must stay: %v", err)
				}
			}
			w.check(t, s)
			if err := s.ForgetHarm(t.Context()); err != nil {
				t.Error(err)
			}
			if h, err := s.Harm(t.Context()); err != nil || !h.None() {
				t.Errorf("forgotten: %+v, %v", h, err)
			}
		})
	}
}

func TestEveryPageOfTheCopyMayBeDamaged(t *testing.T) {
	w := makeWork(t)
	info, err := os.Stat(filepath.Join(w.dir, secondFile))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for at := int64(0); at < info.Size(); at += pageSize {
		dir := copyFolder(t, w.dir)
		harm := []string{"zeroed", "noise", "a bit"}[r.IntN(3)]
		damageFile(t, filepath.Join(dir, secondFile), at, func(page []byte) { harmers[harm](page, r) })
		w.check(t, w.openHurt(t, dir))
		if t.Failed() {
			t.Fatalf("%s, page %d", harm, at/pageSize+1)
		}
	}
}

// Where both are damaged everything that can be read comes back, and whatever
// may have been sent is looked for.
func TestBothDamaged(t *testing.T) {
	w := makeWork(t)
	r := rand.New(rand.NewPCG(7, 8))
	lost, all := 0, 0
	for range 25 {
		dir := copyFolder(t, w.dir)
		for _, name := range []string{mainFile, secondFile} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			page := 1 + r.Int64N(info.Size()/pageSize-1) // their first pages stay: without them there is nothing to read
			damageFile(t, filepath.Join(dir, name), page*pageSize, func(page []byte) { clear(page) })
		}
		s := w.openHurt(t, dir)
		for id, text := range w.drafts {
			all++
			if d, err := s.Draft(t.Context(), id); err != nil || d.Text != text {
				lost++
			}
		}
		for id, was := range w.ops {
			all++
			o, err := s.Op(t.Context(), id)
			if err != nil {
				lost++
				continue
			}
			if was.Final && o.State != desk.OpUncertain {
				t.Errorf("an op that may have been sent is %s", o.State)
			}
		}
	}
	if lost*10 > all {
		t.Errorf("%d of %d drafts and ops are lost", lost, all)
	}
	t.Logf("%d of %d drafts and ops are lost where a page of each is", lost, all)
}

// copyOut takes a database out of a folder as it is now.
func copyOut(t *testing.T, dir, name string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, tail := range tails {
		if b, err := os.ReadFile(filepath.Join(dir, name+tail)); err == nil {
			files[name+tail] = b
		}
	}
	return files
}

func putBack(t *testing.T, dir, name string, files map[string][]byte) {
	t.Helper()
	for _, tail := range tails {
		_ = os.Remove(filepath.Join(dir, name+tail))
	}
	for file, b := range files {
		overwrite(t, filepath.Join(dir, file), b)
	}
}

func TestAnOlderMainLearnsFromTheCopy(t *testing.T) {
	dir := t.TempDir()
	ts := openTestIn(t, dir)
	ts.apply(mail(1), mail(2), mail(3))
	sent, queued := ts.reply(ts.of(1).ID, "sent since"), ts.reply(ts.of(2).ID, "taken back since")
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	old := copyOut(t, dir, mainFile)
	ts = openTestIn(t, dir)
	ts.start(sent.ID)
	ts.move(sent.ID, desk.OpSending, desk.OpSent)
	if _, err := ts.CancelOp(t.Context(), queued.ID, true); err != nil {
		t.Fatal(err)
	}
	ts.apply(mail(4))
	late := ts.draft(ts.of(4).ID, "in a conversation that the old one doesn't know")
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	putBack(t, dir, mainFile, old)
	ts = openTestIn(t, dir)
	if h, err := ts.Harm(t.Context()); err != nil || !h.Behind {
		t.Errorf("%+v, %v", h, err)
	}
	for id, want := range map[desk.OpID]desk.OpState{sent.ID: desk.OpSent, queued.ID: desk.OpCancelled} {
		if o, err := ts.Op(t.Context(), id); err != nil || o.State != want {
			t.Errorf("an op is %s, not %s, %v", o.State, want, err)
		}
	}
	ts.apply(mail(5), mail(4))
	if d, err := ts.DraftOf(t.Context(), ts.of(4).ID); err != nil || d.ID != late.ID {
		t.Errorf("the draft is %+v, %v", d, err)
	}
	if _, err := ts.DraftOf(t.Context(), ts.of(5).ID); desk.KindOf(err) != desk.KindNotFound {
		t.Errorf("a draft stands in another conversation: %v", err)
	}
}

func TestAnOlderCopyLearnsFromMain(t *testing.T) {
	dir := t.TempDir()
	ts := openTestIn(t, dir)
	ts.apply(mail(1))
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	old := copyOut(t, dir, secondFile)
	ts = openTestIn(t, dir)
	d := ts.draft(ts.of(1).ID, "newer than the copy")
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	putBack(t, dir, secondFile, old)
	ts = openTestIn(t, dir)
	if h, err := ts.Harm(t.Context()); err != nil || !h.None() {
		t.Errorf("that is no harm: %+v, %v", h, err)
	}
	if got, err := ts.Draft(t.Context(), d.ID); err != nil || got.Text != d.Text {
		t.Errorf("%+v, %v", got, err)
	}
}

// The mail of a restored conversation comes from the server again, into the
// same conversation, and leaves its draft and its status alone.
func TestMailComesBackToWhatWasRestored(t *testing.T) {
	dir := t.TempDir()
	ts := openTestIn(t, dir)
	ts.apply(mail(1), mail(2, 1), mail(3))
	d, o := ts.draft(ts.of(3).ID, "half an answer"), ts.reply(ts.of(1).ID, "an answer")
	key := ts.of(1).Key
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(dir, mainFile), noise(9000))
	ts = openTestIn(t, dir)
	if n := len(ts.inbox(ViewDrafts)); n != 1 {
		t.Errorf("%d drafts are shown before any mail has come", n)
	}
	ts.apply(mail(3), mail(2, 1), mail(1))
	c := ts.of(1)
	if c.Key != key || ts.subjects(c.ID) != "1 2" || c.Status != desk.StatusWaiting {
		t.Errorf("%+v with %s", c, ts.subjects(c.ID))
	}
	if ops, err := ts.OpsOf(t.Context(), c.ID); err != nil || len(ops) != 1 || ops[0].ID != o.ID {
		t.Errorf("%+v, %v", ops, err)
	}
	if got, err := ts.DraftOf(t.Context(), ts.of(3).ID); err != nil || got.Text != d.Text {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRepliesWhoseFilesAreGoneAreLeftToAPerson(t *testing.T) {
	dir := t.TempDir()
	ts := openTestIn(t, dir)
	ts.apply(mail(1), mail(2), mail(3))
	withFile := func(n int) desk.Draft {
		t.Helper()
		d := ts.draft(ts.of(n).ID, "with a file")
		u, err := ts.PutUpload(t.Context(), strings.NewReader("bytes of a file"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ts.AddDraftFile(t.Context(), d.ID, desk.DraftFile{Name: "a.pdf", Upload: u}); err != nil {
			t.Fatal(err)
		}
		d, err = ts.Draft(t.Context(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := withFile(1)
	op, err := ts.QueueReply(t.Context(), desk.Op{
		ID: desk.NewOpID(ts.at), Conversation: d.Conversation, Draft: d.ID, Payload: []byte("reply"), Files: []desk.OpFile{{Upload: d.Files[0].Upload.ID}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	plain, open := ts.reply(ts.of(2).ID, "no file"), withFile(3)
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(dir, blobsFile), noise(9000))
	ts = openTestIn(t, dir)
	if h, err := ts.Harm(t.Context()); err != nil || h.Files != 2 || h.Blobs == "" {
		t.Errorf("%+v, %v", h, err)
	}
	if o, err := ts.Op(t.Context(), op.ID); err != nil || o.State != desk.OpNeedsYou || o.Reason != desk.ReasonFileGone {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err := ts.Op(t.Context(), plain.ID); err != nil || o.State != desk.OpQueued {
		t.Errorf("a reply without files: %+v, %v", o, err)
	}
	if d, err := ts.Draft(t.Context(), open.ID); err != nil || len(d.Files) != 0 || d.Text != open.Text {
		t.Errorf("%+v, %v", d, err)
	}
	back, err := ts.CancelOp(t.Context(), op.ID, false)
	if err != nil || back.Text != d.Text {
		t.Errorf("to edit it: %+v, %v", back, err)
	}
}
