package store

import (
	"bytes"
	"crypto/rand"
	"io"
	"testing"
	"testing/iotest"

	"fernpost/store/desk"
)

// withFile gives the id of an attachment of a new mail.
func (ts *testStore) withFile(size int64) desk.AttachmentID {
	ts.t.Helper()
	a := mail(1)
	a.Head.Attachments = []desk.Attachment{{Part: "2", Name: "a.pdf", Type: "application/pdf", Encoding: "base64", Size: size}, {Part: "3", CID: "x", Inline: true}}
	ts.apply(a)
	if c := ts.of(1); c.Files != 1 {
		ts.t.Errorf("%d files: a picture in the text is none", c.Files)
	}
	return ts.messagesOf(ts.of(1).ID)[0].Attachments[0].ID
}

func (ts *testStore) append(id desk.AttachmentID, offset int64, b []byte, total int64) {
	ts.t.Helper()
	if err := ts.AppendBlob(ts.t.Context(), id, offset, b, total); err != nil {
		ts.t.Fatal(err)
	}
}

func (ts *testStore) blob(id desk.AttachmentID) io.ReadSeekCloser {
	ts.t.Helper()
	r, err := ts.ReadBlob(ts.t.Context(), id)
	if err != nil {
		ts.t.Fatal(err)
	}
	return r
}

func TestBlobsArriveInPieces(t *testing.T) {
	ts := openTest(t)
	want := make([]byte, 5*chunkSize+1234)
	_, _ = rand.Read(want)
	id := ts.withFile(9)
	at := 0
	for _, n := range []int{1, chunkSize - 1, 7, chunkSize, 3 * chunkSize, 0, len(want)} {
		n = min(n, len(want)-at)
		ts.append(id, int64(at), want[at:at+n], int64(len(want)))
		at += n
		a, err := ts.Attachment(t.Context(), id)
		if err != nil || a.Have != int64(at) || a.Size != int64(len(want)) {
			t.Fatalf("%d of %d: %+v, %v", at, len(want), a, err)
		}
		if err := iotest.TestReader(ts.blob(id), want[:at]); err != nil {
			t.Errorf("%d bytes: %v", at, err)
		}
	}
	if m := ts.messagesOf(ts.of(1).ID)[0]; m.Attachments[0].Have != int64(len(want)) {
		t.Errorf("%+v", m.Attachments)
	}
	r := ts.blob(id)
	if _, err := r.Seek(-1, io.SeekStart); desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("before the beginning: %v", err)
	}
	_, err := ts.ReadBlob(t.Context(), 99)
	wantKind(t, err, desk.KindNotFound)
	wantKind(t, ts.AppendBlob(t.Context(), 99, 0, []byte("x"), 0), desk.KindNotFound)
}

func TestACrashBetweenTheTwoDatabases(t *testing.T) {
	ts := openTest(t)
	id := ts.withFile(100)
	ts.append(id, 0, []byte("0123456789"), 0)
	apart := func() {
		t.Helper()
		if err := ts.sql(`UPDATE attachment SET have = 3`); err != nil { // blobs.db committed, main.db didn't
			t.Fatal(err)
		}
	}
	listed := func() int64 { return ts.messagesOf(ts.of(1).ID)[0].Attachments[0].Have }
	apart()
	if a, err := ts.Attachment(t.Context(), id); err != nil || a.Have != 10 {
		t.Errorf("blobs.db is the truth: %+v, %v", a, err)
	}
	wantKind(t, ts.AppendBlob(t.Context(), id, 3, []byte("3456"), 0), desk.KindConflict)
	if n := listed(); n != 10 {
		t.Errorf("a conflict puts the copy right: %d", n)
	}
	ts.append(id, 10, []byte("ab"), 0)
	if got, err := io.ReadAll(ts.blob(id)); err != nil || !bytes.Equal(got, []byte("0123456789ab")) {
		t.Errorf("%q, %v", got, err)
	}
	apart()
	ts.unclean.Store(true)
	if err := ts.Check(t.Context()); err != nil || listed() != 12 {
		t.Errorf("checked after a crash: %d, %v", listed(), err)
	}
}
