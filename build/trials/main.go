// Trials tries the simulator's seeds, cuts exchanges at every byte, tries
// whether deliberate faults of the engines are caught, and prints what came of
// it. It is the larger part of build/faults.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "trials:", err)
		os.Exit(1)
	}
}

// errFound is returned after the findings were printed.
var errFound = errors.New("a promise was broken, or a deliberate fault wasn't caught")

// size is how much is tried.
type size struct {
	seeds   int
	step    int64 // between two positions of a cut
	mutants int   // of the table; 0 is all
}

var sizes = map[string]size{
	"short":   {seeds: 45, step: 130, mutants: 2},
	"default": {seeds: 10_000, step: 1},
	"long":    {seeds: 400_000, step: 1},
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	name := flag.String("size", "default", "short, default or long")
	seed := flag.Int64("seed", -1, "replay one seed, with its trace")
	seeds := flag.Int("seeds", 0, "how many seeds, in place of the size's")
	only := flag.String("mutant", "", "try the deliberate faults with this in their name alone")
	flag.Parse()
	s, ok := sizes[*name]
	if !ok {
		return fmt.Errorf("no size is called %q", *name)
	}
	if *seeds > 0 {
		s.seeds = *seeds
	}
	h, err := newHall(ctx)
	if err != nil {
		return err
	}
	switch {
	case *seed >= 0:
		return h.replay(ctx, *seed)
	case *only != "":
		return h.tryNamed(ctx, *only)
	}
	return h.tryAll(ctx, s)
}

// hall is where trials are held: the simulator, built, and a place for papers.
type hall struct {
	dir   string // build/out/faults
	built string // the simulator's test binary
	slots chan struct{}
	known []uint64 // seeds that once showed a mistake
}

const simulator = "build/simulator"

func newHall(ctx context.Context) (*hall, error) {
	h := &hall{dir: filepath.Join("build", "out", "faults"), slots: make(chan struct{}, runtime.NumCPU())}
	if err := os.RemoveAll(h.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(h.dir, 0o755); err != nil {
		return nil, err
	}
	h.built = filepath.Join(h.dir, "simulator.test")
	if err := build(ctx, h.built, ""); err != nil {
		return nil, err
	}
	var err error
	h.known, err = readSeeds()
	return h, err
}

// build compiles the simulator; overlay names a file of go build's -overlay.
func build(ctx context.Context, to, overlay string) error {
	args := []string{"test", "-c", "-ldflags=-s -w", "-o", to} // thirty are linked: without tables for debuggers
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+simulator)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the simulator: %w\n%s", err, out)
	}
	return nil
}

func (h *hall) replay(ctx context.Context, seed int64) error {
	cmd := h.command(ctx, h.built, "-test.run=^TestSeeds$", "-tell", "-seed", strconv.FormatInt(seed, 10))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
	return cmd.Run()
}

// command runs a binary as the runs are the same in: one processor, and nobody
// interrupted by the time that passes outside.
func (h *hall) command(ctx context.Context, binary string, args ...string) *exec.Cmd {
	full, err := filepath.Abs(binary)
	if err != nil {
		full = binary
	}
	cmd := exec.CommandContext(ctx, full, append([]string{"-test.timeout=0"}, args...)...)
	cmd.Dir = simulator
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=off", "GOMEMLIMIT=256MiB", "GODEBUG=asyncpreemptoff=1")
	const quick = "/dev/shm" // the store's marks lie on a real disk, and none of ours is to wear out
	if _, err := os.Stat(quick); err == nil {
		cmd.Env = append(cmd.Env, "TMPDIR="+quick)
	}
	return cmd
}

// tryAll goes through a size and prints the table.
func (h *hall) tryAll(ctx context.Context, s size) error {
	began := time.Now()
	sum := newResult()
	sum.merge(h.hold(ctx, h.built, plan(s, h.known)))
	all := mutants
	if s.mutants > 0 {
		all = all[:s.mutants]
	}
	caught, tried := h.tryMutants(ctx, all, false), len(all)
	printTable(os.Stdout, sum, caught, tried, time.Since(began))
	h.keep(ctx, sum)
	missing := len(sum.missing()) > 0 && s.mutants == 0 // a short trial can't be sure to reach all
	if len(sum.Broken) > 0 || caught < tried || missing {
		return errFound
	}
	return ctx.Err()
}
