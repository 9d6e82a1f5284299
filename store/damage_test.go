package store

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fernpost/store/desk"
)

// workFolder is a data folder with work of every kind in it, closed.
type workFolder struct {
	dir    string
	drafts map[desk.DraftID]string // text that was acknowledged last
	ops    map[desk.OpID]desk.Op
}

const inMemory = "/dev/shm"

const password = "secret of the desk"

func makeWork(t *testing.T) workFolder {
	t.Helper()
	if _, err := os.Stat(inMemory); err == nil {
		t.Setenv("TMPDIR", inMemory) // a hundred folders: no disk need sync them
	}
	w := workFolder{dir: t.TempDir(), drafts: map[desk.DraftID]string{}, ops: map[desk.OpID]desk.Op{}}
	ts := openTestIn(t, w.dir)
	for n := 1; n <= 12; n++ {
		ts.apply(mail(n))
	}
	ts.mails = 12
	for n, size := range []int{10, 3000, 40_000} { // the last on pages of its own
		c := ts.of(n + 1).ID
		for _, text := range []string{"first words", strings.Repeat("draft ", size/6)} {
			d := ts.draft(c, text+fmt.Sprint(n))
			w.drafts[d.ID] = d.Text
		}
	}
	for _, state := range desk.OpStates {
		if state != desk.OpSending {
			ts.opIn(state)
		}
	}
	ts.start(ts.reply(ts.of(11).ID, "on its way").ID)
	final := ts.start(ts.reply(ts.of(12).ID, strings.Repeat("reply ", 5000)).ID)
	if err := ts.MarkFinal(t.Context(), final.ID); err != nil {
		t.Fatal(err)
	}
	open, err := ts.OpenOps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range open {
		w.ops[o.ID] = o
	}
	if err := ts.PutSecret(t.Context(), [32]byte{1}, "desk/password", password); err != nil {
		t.Fatal(err)
	}
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

// copyFolder copies a closed folder, so that each case damages its own.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// openHurt opens a damaged folder as the program does: where the damage shows
// only later, it is closed and opened once more.
func (w workFolder) openHurt(t *testing.T, dir string) *Store {
	t.Helper()
	for range 3 {
		s, err := Open(t.Context(), Options{Dir: dir})
		if err != nil {
			t.Fatalf("it must open: %v", err)
		}
		_, _ = s.RecoverOps(t.Context(), "another boot")
		for id := range w.drafts {
			_, _ = s.Draft(t.Context(), id)
		}
		_ = s.Check(t.Context())
		select {
		case <-s.Hurt():
			if err := s.Close(); err != nil {
				t.Logf("closed with %v", err)
			}
			continue
		default:
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	t.Fatal("it stays damaged")
	return nil
}

// checkWork looks whether all work is there, and none can be sent twice.
func (w workFolder) check(t *testing.T, s *Store) {
	t.Helper()
	ctx := context.Background()
	for id, text := range w.drafts {
		if d, err := s.Draft(ctx, id); err != nil || d.Text != text {
			t.Errorf("draft %s: %d bytes instead of %d, %v", id, len(d.Text), len(text), err)
		}
	}
	for id, was := range w.ops {
		o, err := s.Op(ctx, id)
		if err != nil || string(o.Payload) != string(was.Payload) {
			t.Errorf("op that was %s: %v", was.State, err)
			continue
		}
		legal := map[desk.OpState][]desk.OpState{
			desk.OpQueued: {desk.OpQueued}, desk.OpUncertain: {desk.OpUncertain}, desk.OpHeld: {desk.OpHeld}, desk.OpNeedsYou: {desk.OpNeedsYou},
			desk.OpSending: {desk.OpQueued},
		}[was.State]
		if was.Final {
			legal = []desk.OpState{desk.OpUncertain}
		}
		if !slices.Contains(legal, o.State) {
			t.Errorf("op that was %s, final %v, is %s", was.State, was.Final, o.State)
		}
	}
	open, err := s.OpenOps(ctx)
	if err != nil || len(open) != len(w.ops) {
		t.Errorf("%d unfinished ops instead of %d, %v", len(open), len(w.ops), err)
	}
	if v, err := s.Secret(ctx, [32]byte{1}, "desk/password"); err != nil || v != password {
		t.Errorf("secret %q, %v", v, err)
	}
	checkCopied(t, s)
}

const pageSize = 4096

// harmers damage the page at offset.
var harmers = map[string]func(page []byte, r *rand.Rand){
	"zeroed": func(page []byte, _ *rand.Rand) { clear(page) },
	"noise": func(page []byte, r *rand.Rand) {
		for i := range page {
			page[i] = byte(r.Uint32())
		}
	},
	"a bit": func(page []byte, r *rand.Rand) { page[r.IntN(len(page))] ^= 1 << r.IntN(8) },
}

func TestEveryPageOfMainMayBeDamaged(t *testing.T) {
	w := makeWork(t)
	info, err := os.Stat(filepath.Join(w.dir, mainFile))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for at := int64(0); at < info.Size(); at += pageSize {
		for _, name := range slices.Sorted(maps.Keys(harmers)) {
			harm := harmers[name]
			if name != "zeroed" && r.IntN(4) > 0 {
				continue
			}
			t.Run(fmt.Sprint(name, " in page ", at/pageSize+1), func(t *testing.T) {
				dir := copyFolder(t, w.dir)
				damageFile(t, filepath.Join(dir, mainFile), at, func(page []byte) { harm(page, r) })
				w.check(t, w.openHurt(t, dir))
			})
		}
	}
}

func damageFile(t *testing.T, path string, at int64, harm func(page []byte)) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	page := make([]byte, pageSize)
	n, _ := f.ReadAt(page, at)
	harm(page[:n])
	if _, err := f.WriteAt(page[:n], at); err != nil {
		t.Fatal(err)
	}
}
