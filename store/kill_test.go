package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/store/desk"
)

// The test binary is its own child: with this variable it does the named work
// in a data folder until somebody kills it.
const (
	childEnv    = "FERNPOST_STORE_TEST_CHILD"
	childDirEnv = "FERNPOST_STORE_TEST_DIR"
)

func child() {
	work := map[string]func(context.Context, string) error{"write": childWrites, "migrate": childMigrates}[os.Getenv(childEnv)]
	if err := work(context.Background(), os.Getenv(childDirEnv)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runChild hands every line the child says to said, kills it when that returns
// true, and comes back when it is gone.
func runChild(t *testing.T, work, dir string, said func(line string) (kill bool)) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+work, childDirEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said(lines.Text()) {
			_ = cmd.Process.Kill() // what it said before is still in the pipe
		}
	}
	_ = cmd.Wait() // its locks end with it
}

// childWrites writes drafts, queues replies and tries to send them, and says
// what it did once the store has said so.
func childWrites(ctx context.Context, dir string) error {
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	rows, err := s.List(ctx, ListQuery{View: ViewInbox})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		c := rows.Rows[n%len(rows.Rows)].ID
		text := fmt.Sprintf("text %d of %d", n, os.Getpid())
		d, err := s.SaveDraft(ctx, desk.Draft{Conversation: c, Text: text})
		if err != nil {
			return err
		}
		fmt.Println("draft", d.ID, text)
		op, err := s.QueueReply(ctx, desk.Op{ID: desk.NewOpID(time.Now()), Conversation: c, Draft: d.ID, Payload: []byte(text), Text: text}, "")
		if err != nil {
			return err
		}
		fmt.Println("queued", op.ID, text)
		if op, err = s.StartAttempt(ctx, op.ID, "child"); err != nil {
			return err
		}
		if err = s.MarkFinal(ctx, op.ID); err != nil {
			return err
		}
		fmt.Println("final", op.ID, text)
		if _, err = s.MoveOp(ctx, Move{ID: op.ID, From: desk.OpSending, To: desk.OpSent}); err != nil {
			return err
		}
		fmt.Println("sent", op.ID, text)
	}
}

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	ts := openTestIn(t, dir)
	ts.apply(mail(1), mail(2), mail(3))
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 8))
	for round := range 20 {
		said := map[string][2]string{} // text → what was said of it last, and the id
		stop := 1 + r.IntN(40)
		runChild(t, "write", dir, func(line string) bool {
			what, rest, _ := strings.Cut(line, " ")
			id, text, _ := strings.Cut(rest, " ")
			said[text] = [2]string{what, id}
			stop--
			return stop == 0
		})
		if len(said) == 0 {
			t.Fatalf("round %d: the child did nothing", round)
		}
		alone := copyFolder(t, dir)
		s, err := Open(t.Context(), Options{Dir: dir})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if h, err := s.Health(t.Context(), false); err != nil || !h.Unclean {
			t.Errorf("round %d: a kill is an unclean exit: %+v, %v", round, h, err)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if _, err := s.RecoverOps(t.Context(), "test"); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		for text, last := range said {
			checkSaid(t, s, last[1], last[0], text)
		}
		finishAll(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		// The second copy alone knows as much: nothing was acknowledged before it
		// was in both.
		overwrite(t, filepath.Join(alone, mainFile), noise(9000))
		if s, err = Open(t.Context(), Options{Dir: alone}); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if _, err := s.RecoverOps(t.Context(), "test"); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		for text, last := range said {
			checkSaid(t, s, last[1], last[0], text)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// checkSaid looks whether the store remembers what it acknowledged. It may know
// more: a kill can fall between a commit and its acknowledgement.
func checkSaid(t *testing.T, s *Store, id, what, text string) {
	t.Helper()
	if what == "draft" {
		d, err := s.Draft(t.Context(), desk.DraftID(id))
		if err != nil && !wasQueued(t, s, text) || err == nil && d.Text != text {
			t.Errorf("draft %s: %+v, %v", id, d, err)
		}
		return
	}
	o, err := s.Op(t.Context(), desk.OpID(id))
	if err != nil || string(o.Payload) != text {
		t.Errorf("op %s: %+v, %v", id, o, err)
		return
	}
	legal := map[string][]desk.OpState{
		"queued": {desk.OpQueued, desk.OpUncertain, desk.OpSent},
		"final":  {desk.OpUncertain, desk.OpSent},
		"sent":   {desk.OpSent},
	}[what]
	if slices.Contains(legal, o.State) {
		return
	}
	t.Errorf("op %s was acknowledged as %s and is %s", id, what, o.State)
}

func wasQueued(t *testing.T, s *Store, text string) bool {
	t.Helper()
	var n int
	if err := s.main.row(t.Context(), `SELECT count(*) FROM op WHERE body = ?1`, []any{text}, &n); err != nil {
		t.Fatal(err)
	}
	return n == 1
}

// finishAll ends what the killed child left, so that the next begins anew.
func finishAll(t *testing.T, s *Store) {
	t.Helper()
	open, err := s.OpenOps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range open {
		if o.State == desk.OpUncertain {
			_, err = s.MoveOp(t.Context(), Move{ID: o.ID, From: o.State, To: desk.OpReconciled})
		} else {
			_, err = s.CancelOp(t.Context(), o.ID, true)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestCleanAndUncleanExits(t *testing.T) {
	dir := t.TempDir()
	ts := openTestIn(t, dir)
	unclean := func() bool {
		t.Helper()
		h, err := ts.Health(t.Context(), true)
		if err != nil || h.Check != "ok" || !h.Private || h.Schema != released.main.version || h.FreeBytes == 0 || h.MainBytes == 0 {
			t.Errorf("%+v, %v", h, err)
		}
		return h.Unclean
	}
	if unclean() {
		t.Error("a new store was never closed uncleanly")
	}
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	if ts = openTestIn(t, dir); unclean() {
		t.Error("it was closed")
	}
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, runningFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if ts = openTestIn(t, dir); !unclean() {
		t.Error("the mark of a run that never ended")
	}
	if err := ts.Close(); err != nil {
		t.Fatal(err)
	}
	if ts = openTestIn(t, dir); !unclean() {
		t.Error("nobody has checked yet")
	}
	if err := ts.Check(t.Context()); err != nil || unclean() {
		t.Errorf("checked: %v", err)
	}
}
