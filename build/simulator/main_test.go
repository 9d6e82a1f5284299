package simulator

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	verbose = flag.Bool("tell", false, "print every run's trace")
	single  = flag.Int64("seed", -1, "replay this seed alone, with its trace where something is broken")
	order   = flag.String("order", "", "a file with what to do, as JSON; what came of it goes to the same name and .out")
)

// calmly keeps the runtime from interrupting whoever has worked for ten
// milliseconds of real time; it is read when a process starts.
const calmly = "asyncpreemptoff=1"

// TestMain leaves one processor: with two, the runs of a seed would differ in
// who is quicker.
func TestMain(m *testing.M) {
	flag.Parse()
	if !strings.Contains(os.Getenv("GODEBUG"), calmly) {
		os.Exit(again())
	}
	runtime.GOMAXPROCS(1)
	os.Exit(m.Run())
}

// again runs this process once more, calmly.
func again() (code int) {
	child := exec.Command(os.Args[0], os.Args[1:]...)
	child.Env = append(os.Environ(), "GODEBUG="+calmly)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := child.Run(); err != nil {
		return 1
	}
	return 0
}

// work is what build/trials orders of one process.
type work struct {
	Seeds    []uint64  `json:"seeds"`
	Stretch  []stretch `json:"stretch"`
	StopSoon bool      `json:"stop_soon"` // at the first broken promise
}

// TestOrder does what build/trials asks for, and is nothing otherwise.
func TestOrder(t *testing.T) {
	if *order == "" {
		TestSeeds(t)
		return
	}
	data, err := os.ReadFile(*order)
	if err != nil {
		t.Fatal(err)
	}
	var w work
	if err := json.Unmarshal(data, &w); err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(*order + ".out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	l, sum := newLab(t), newResult()
	tell := json.NewEncoder(out)
	for _, seed := range w.Seeds {
		_ = tell.Encode(map[string]any{"begun": fmt.Sprint("seed ", seed)})
		sum.add(l.do(t, seed, day))
		sum.Counts["runs"]++
		if w.StopSoon && len(sum.Broken) > 0 {
			break
		}
	}
	for i, s := range w.Stretch {
		if w.StopSoon && len(sum.Broken) > 0 {
			break
		}
		_ = tell.Encode(map[string]any{"begun": fmt.Sprintf("cut %+v", s)})
		sum.add(l.do(t, uint64(1_000_000+i), func(r *run) { r.cuts(s) }))
	}
	_ = tell.Encode(map[string]any{"result": sum})
}

func newResult() result {
	return result{Faults: map[fault]int{}, States: map[string]int{}, Edges: map[string]int{}, Counts: map[string]int{}, Broken: []broken{}}
}

func (r *result) add(o result) {
	for k, n := range o.Faults {
		r.Faults[k] += n
	}
	for _, m := range []struct{ to, from map[string]int }{{r.States, o.States}, {r.Edges, o.Edges}, {r.Counts, o.Counts}} {
		for k, n := range m.from {
			m.to[k] += n
		}
	}
	r.Broken = append(r.Broken, o.Broken...)
}

// TestSeeds runs a few days, or the one that -seed names.
func TestSeeds(t *testing.T) {
	l := newLab(t)
	all := []uint64{1, 2, 3, 5, 8}
	if *single >= 0 {
		const tries = 5 // one in fifty runs takes another way
		all = slices.Repeat([]uint64{uint64(*single)}, tries)
	}
	for _, seed := range all {
		if t.Failed() {
			break
		}
		for _, b := range l.do(t, seed, day).Broken {
			t.Errorf("seed %d: %s: %s", b.Seed, b.Invariant, b.Said)
		}
	}
}

// TestKnownSeeds runs the seeds that once showed a mistake.
func TestKnownSeeds(t *testing.T) {
	data, err := os.ReadFile("testdata/seeds")
	if err != nil {
		t.Fatal(err)
	}
	l := newLab(t)
	for line := range strings.Lines(string(data)) {
		number, what, _ := strings.Cut(strings.TrimSpace(line), " ")
		seed, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range l.do(t, seed, day).Broken {
			t.Errorf("seed %d (%s) again: %s: %s", seed, what, b.Invariant, b.Said)
		}
	}
}

// TestEveryWayOfEnding cuts a few positions in each way.
func TestEveryWayOfEnding(t *testing.T) {
	l := newLab(t)
	for _, service := range []string{"smtp", "imap"} {
		for i := range endings {
			s := stretch{Service: service, Way: i, From: 11, Step: 137, Most: 4}
			for _, b := range l.do(t, uint64(i), func(r *run) { r.cuts(s) }).Broken {
				t.Errorf("%s, %s: %s: %s", service, endings[i].name, b.Invariant, b.Said)
			}
		}
	}
}

// TestSameSeedSameRun runs seeds twice and compares everything that happened.
// Where two of Go's own dice fall otherwise (who of two waiting goroutines goes
// first), a run in fifty takes another way: most must not.
func TestSameSeedSameRun(t *testing.T) {
	l := newLab(t)
	const all, most = 12, 9
	same := 0
	for seed := range uint64(all) {
		if slices.Equal(l.do(t, seed, day).trace, l.do(t, seed, day).trace) {
			same++
		}
	}
	if same < most {
		t.Errorf("of %d seeds %d went the same way twice", all, same)
	}
}
