package simulator

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

var (
	verbose = flag.Bool("tell", false, "print every run's trace")
	single  = flag.Int64("seed", -1, "replay this seed alone, with its trace where something is broken")
	order   = flag.String("order", "", "a file with what to do, as JSON; what came of it goes to the same name and .out")
)

// TestMain leaves one processor: with two, the runs of a seed would differ in
// who is quicker.
func TestMain(m *testing.M) {
	flag.Parse()
	runtime.GOMAXPROCS(1)
	os.Exit(m.Run())
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
		all = []uint64{uint64(*single)}
	}
	for _, seed := range all {
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
func TestSameSeedSameRun(t *testing.T) {
	l := newLab(t)
	for seed := range uint64(4) {
		a, b := l.do(t, seed, day), l.do(t, seed, day)
		if a.Hash != b.Hash {
			t.Errorf("seed %d went two ways", seed)
		}
	}
}
