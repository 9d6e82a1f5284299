package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"fernpost/store/desk"
)

// smallDisk mounts a file system of so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("none", dir, "tmpfs", 0, fmt.Sprint("size=", size)); err != nil {
		t.Fatalf("this test fills a disk of its own and must be allowed to mount it: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// fillDisk leaves not a byte, and gives what makes room again.
func fillDisk(t *testing.T, dir string) (empty func()) {
	t.Helper()
	path := filepath.Join(dir, "something large")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
	_ = f.Close()
	return func() { _ = os.Remove(path) }
}

func TestAFullDiskTakesWhatAPersonWrites(t *testing.T) {
	dir := smallDisk(t, 32<<20)
	ts := openTestIn(t, dir)
	ts.apply(mail(1), mail(2), mail(3))
	if err := ts.Care(t.Context()); err != nil || ts.Full() {
		t.Fatalf("full %v, %v", ts.Full(), err)
	}
	told := 0
	ts.room = func() { told++ }
	op := ts.start(ts.reply(ts.of(1).ID, "on its way").ID)
	empty := fillDisk(t, dir)

	words := strings.Repeat("what she writes ", 4000)
	for n := range 20 {
		d := ts.draft(ts.of(2).ID, words+fmt.Sprint(n))
		if d, err := ts.Draft(t.Context(), d.ID); err != nil || d.Text != words+fmt.Sprint(n) {
			t.Fatalf("draft %d: %v", n, err)
		}
	}
	if !ts.Full() || told != 1 {
		t.Errorf("full %v, told %d times", ts.Full(), told)
	}
	if err := ts.MarkFinal(t.Context(), op.ID); err != nil {
		t.Error(err)
	}
	ts.move(op.ID, desk.OpSending, desk.OpSent)
	if o := ts.reply(ts.of(3).ID, "queued on a full disk"); o.State != desk.OpQueued {
		t.Errorf("%+v", o)
	}
	_, err := ts.Apply(t.Context(), Page{Account: testAccount, Items: []desk.Arrival{mail(4)}, Cursor: []byte("next")})
	wantKind(t, err, desk.KindDiskFull)
	_, err = ts.PutUpload(t.Context(), strings.NewReader("a file"))
	wantKind(t, err, desk.KindDiskFull)

	empty()
	if ts.apply(mail(4)); ts.Full() || told != 2 {
		t.Errorf("with room again: full %v, told %d times", ts.Full(), told)
	}
	if info, err := os.Stat(filepath.Join(dir, reserveFile)); err != nil || info.Size() != reserveSize {
		t.Errorf("the reserve: %v, %v", info, err)
	}
}

func TestADiskWithoutAByteLosesNothing(t *testing.T) {
	dir := smallDisk(t, 32<<20)
	ts := openTestIn(t, dir)
	ts.apply(mail(1))
	if err := ts.Care(t.Context()); err != nil {
		t.Fatal(err)
	}
	saved, empty := "", func() {}
	for n := 0; ; n++ {
		text := fmt.Sprint(n, strings.Repeat(" words", 20_000))
		d, err := ts.SaveDraft(t.Context(), desk.Draft{Conversation: ts.of(1).ID, Text: text})
		if err != nil {
			wantKind(t, err, desk.KindDiskFull)
			break
		}
		saved = d.Text
		if n%10 == 5 { // what the store gives up somebody else takes
			empty = fillDisk(t, dir)
		}
	}
	see := func(s *Store) {
		t.Helper()
		if d, err := s.DraftOf(t.Context(), ts.of(1).ID); err != nil || d.Text != saved {
			t.Errorf("%d bytes of a draft instead of %d, %v", len(d.Text), len(saved), err)
		}
	}
	see(ts.Store)
	empty()
	saved = ts.draft(ts.of(1).ID, "there is room again").Text
	see(ts.Store)
	if err := ts.Care(t.Context()); err != nil || ts.Full() {
		t.Errorf("full %v, %v", ts.Full(), err)
	}
}

// The copy is on a disk of its own here, so that it alone can't be written.
func TestACopyThatCantBeWrittenStopsNothing(t *testing.T) {
	dir, disk := t.TempDir(), smallDisk(t, 12<<20)
	if err := os.Symlink(filepath.Join(disk, secondFile), filepath.Join(dir, secondFile)); err != nil {
		t.Fatal(err)
	}
	ts := openTestIn(t, dir)
	ts.apply(mail(1), mail(2))
	first := ts.start(ts.reply(ts.of(1).ID, "sent with the copy").ID)
	empty := fillDisk(t, disk)
	words := strings.Repeat("words that don't fit ", 50_000)
	for n := range 3 {
		ts.draft(ts.of(2).ID, words+fmt.Sprint(n))
	}
	if err := ts.MarkFinal(t.Context(), first.ID); err != nil {
		t.Error(err)
	}
	if !ts.main.second.lost.Load() {
		t.Error("the copy is still joined")
	}
	empty()
	if err := ts.Care(t.Context()); err != nil || ts.main.second.lost.Load() {
		t.Errorf("with room again: %v", err)
	}
}
