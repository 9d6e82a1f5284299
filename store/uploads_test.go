package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"fernpost/store/desk"
)

func (ts *testStore) put(data []byte) desk.Upload {
	ts.t.Helper()
	u, err := ts.PutUpload(ts.t.Context(), iotest.OneByteReader(bytes.NewReader(data)))
	if err != nil {
		ts.t.Fatal(err)
	}
	return u
}

// attach puts a file into a draft.
func (ts *testStore) attach(d desk.DraftID, u desk.Upload) desk.DraftFile {
	ts.t.Helper()
	f, err := ts.AddDraftFile(ts.t.Context(), d, desk.DraftFile{Name: "a.pdf", Type: "application/pdf", Upload: u})
	if err != nil {
		ts.t.Fatal(err)
	}
	return f
}

// here tells that the bytes of an upload are still to be had.
func (ts *testStore) here(u desk.Upload, data []byte) bool {
	ts.t.Helper()
	r, err := ts.Blob(ts.t.Context(), u.SHA)
	if desk.KindOf(err) == desk.KindNotFound {
		return false
	}
	if err != nil {
		ts.t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, data) {
		ts.t.Fatalf("%d bytes, want %d (%v)", len(got), len(data), err)
	}
	return true
}

func (ts *testStore) sweep() {
	ts.t.Helper()
	if err := ts.SweepUploads(ts.t.Context(), 7*24*time.Hour); err != nil {
		ts.t.Fatal(err)
	}
}

// chunks counts what lies of uploads in blobs.db.
func (ts *testStore) chunks() (n int) {
	ts.t.Helper()
	if err := ts.blobs.row(ts.t.Context(), `SELECT count(*) FROM chunk WHERE id >= 1152921504606846976`, nil, &n); err != nil {
		ts.t.Fatal(err)
	}
	return n
}

func pattern(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i >> 3 * 7)
	}
	return data
}

func TestUploadsKeepTheirBytes(t *testing.T) {
	ts := openTest(t)
	for _, n := range []int{0, 1, chunkSize, chunkSize + 1, uploadStep, uploadStep*2 + 5} {
		data := pattern(n)
		u := ts.put(data)
		if u.Size != int64(n) || u.SHA != sha256.Sum256(data) || !ts.here(u, data) {
			t.Errorf("%d bytes: %+v", n, u)
		}
	}
	before := ts.chunks()
	_, err := ts.PutUpload(t.Context(), io.MultiReader(bytes.NewReader(pattern(uploadStep)), iotest.ErrReader(errors.New("unplugged"))))
	if err == nil || ts.chunks() != before {
		t.Errorf("half a file stays: %v", err)
	}
}

func TestDraftsHaveFiles(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	d := ts.draft(ts.of(1).ID, "see below")
	u := ts.put([]byte("bytes"))
	f := ts.attach(d.ID, u)
	small := ts.put([]byte("byte"))
	f.Original, f.Upload, f.Name, f.Inline = u, small, "b.jpg", true
	if err := ts.SetDraftFile(t.Context(), d.ID, f); err != nil {
		t.Fatal(err)
	}
	d, err := ts.DraftOf(t.Context(), ts.of(1).ID)
	if err != nil || len(d.Files) != 1 || d.Files[0] != f {
		t.Fatalf("%+v, want %+v (%v)", d.Files, f, err)
	}
	d.Rich, d.Quotes, d.PassesOn = "<p><b>see</b></p>", 5, true
	if d, err = ts.SaveDraft(t.Context(), d); err != nil || len(d.Files) != 1 {
		t.Errorf("a saved draft has %d files (%v)", len(d.Files), err)
	}
	if again, err := ts.Draft(t.Context(), d.ID); err != nil || again.Rich != d.Rich || again.Quotes != 5 || !again.PassesOn {
		t.Errorf("%+v, %v", again, err)
	}
	if err := ts.RemoveDraftFile(t.Context(), d.ID, f.ID); err != nil {
		t.Fatal(err)
	}
	wantKind(t, ts.SetDraftFile(t.Context(), d.ID, f), desk.KindNotFound)
	if back, err := ts.AddDraftFile(t.Context(), d.ID, f); err != nil || back.ID != f.ID {
		t.Errorf("put back as %d, want %d (%v)", back.ID, f.ID, err)
	}
}

func TestAMergedDraftKeepsBothTheirFiles(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(2), mail(3))
	one, two := ts.draft(ts.of(2).ID, "one\n<two>"), ts.draft(ts.of(3).ID, "three")
	ts.attach(one.ID, ts.put([]byte("1")))
	ts.attach(two.ID, ts.put([]byte("2")))
	two.Rich = "<p><b>three</b></p>"
	if _, err := ts.SaveDraft(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	ts.apply(mail(4, 2, 3))
	d, err := ts.DraftOf(t.Context(), ts.of(2).ID)
	if err != nil || len(d.Files) != 2 || !strings.Contains(d.Rich, "<p><b>three</b></p>") || !strings.Contains(d.Rich, "<p>one</p><p>&lt;two&gt;</p>") {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestNothingIsQueuedHalf(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	c := ts.of(1).ID
	d := ts.draft(c, "see below")
	whole := ts.attach(d.ID, ts.put([]byte("bytes")))
	coming, err := ts.AddDraftFile(t.Context(), d.ID, desk.DraftFile{Name: "b", Attachment: 7})
	if err != nil {
		t.Fatal(err)
	}
	queue := func(files ...desk.OpFile) error {
		_, err := ts.QueueReply(t.Context(), desk.Op{ID: desk.NewOpID(ts.at), Conversation: c, Draft: d.ID, Payload: []byte("x"), Files: files}, "")
		return err
	}
	file := desk.OpFile{Upload: whole.Upload.ID}
	wantKind(t, queue(file, desk.OpFile{}), desk.KindConflict)
	wantKind(t, queue(file), desk.KindConflict)
	if who, err := ts.DraftsComing(t.Context(), 7); err != nil || len(who) != 1 || who[0] != d.ID {
		t.Errorf("%v wait, %v", who, err)
	}
	if err := ts.RemoveDraftFile(t.Context(), d.ID, coming.ID); err != nil {
		t.Fatal(err)
	}
	if err := queue(file); err != nil {
		t.Fatal(err)
	}
	wantKind(t, ts.RemoveDraftFile(t.Context(), d.ID, whole.ID), desk.KindConflict)
	_, err = ts.AddDraftFile(t.Context(), d.ID, whole)
	wantKind(t, err, desk.KindConflict)
}

func TestUploadsStayAsLongAsTheyAreNeeded(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	c := ts.of(1).ID
	data := pattern(chunkSize + 9)
	d := ts.draft(c, "see below")
	u, unused := ts.put(data), ts.put([]byte("unused"))
	f := ts.attach(d.ID, u)
	ts.sweep()
	if !ts.here(unused, []byte("unused")) {
		t.Error("a file is swept up before it can be put back")
	}
	ts.at = ts.at.Add(2 * uploadKept)
	ts.sweep()
	if ts.here(unused, nil) || !ts.here(u, data) || ts.chunks() != 2 {
		t.Errorf("%d chunks stay", ts.chunks())
	}
	op, err := ts.QueueReply(t.Context(), desk.Op{
		ID: desk.NewOpID(ts.at), Conversation: c, Draft: d.ID, Payload: []byte("x"), Files: []desk.OpFile{{Upload: f.Upload.ID}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	later := func(d time.Duration, want bool, when string) {
		t.Helper()
		ts.at = ts.at.Add(d)
		ts.sweep()
		if ts.here(u, data) != want {
			t.Errorf("%s: here is %v", when, !want)
		}
	}
	later(30*24*time.Hour, true, "a reply that waits a month")
	ts.start(op.ID)
	ts.move(op.ID, desk.OpSending, desk.OpSent)
	later(2*24*time.Hour, true, "sent, its copy not filed")
	if err := ts.MarkFiled(t.Context(), op.ID, desk.CopySeen); err != nil {
		t.Fatal(err)
	}
	later(uploadKept*2, false, "sent and filed")
	if n := ts.chunks(); n != 0 {
		t.Errorf("%d chunks stay", n)
	}
	files, err := ts.OpFiles(t.Context(), op.ID)
	if err != nil || len(files) != 1 || files[0].Name != "a.pdf" || files[0].Size != int64(len(data)) {
		t.Errorf("what was sent isn't told any more: %+v, %v", files, err)
	}
}
