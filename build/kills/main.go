package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "kills:", err)
		os.Exit(1)
	}
}

// errViolated is returned after the violations were printed.
var errViolated = errors.New("something was lost, sent twice, or not true")

// run does the part named by the first argument and prints what came of it.
// child and writer are this program as a child of itself.
func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) < 2 {
		return errors.New("say what to do: sends, resets, books or full")
	}
	children := map[string]func(context.Context, []string) error{"child": runChild, "writer": runWriter}
	if do, ok := children[os.Args[1]]; ok {
		return do(ctx, os.Args[2:])
	}
	parts := map[string]func(context.Context, plan) (*report, error){"sends": killSends, "resets": resetSends, "books": killBooks, "full": fillDisk}
	part, ok := parts[os.Args[1]]
	if !ok {
		return fmt.Errorf("%q is nothing this program does", os.Args[1])
	}
	var p plan
	flags := flag.NewFlagSet(os.Args[1], flag.ContinueOnError)
	flags.IntVar(&p.times, "n", 200, "how many kills, or cuts of the line")
	flags.Uint64Var(&p.seed, "seed", uint64(time.Now().UnixNano()), "of the random moments") //nolint:gosec // any number is one
	if err := flags.Parse(os.Args[2:]); err != nil {
		return err
	}
	r, err := part(ctx, p)
	if err != nil {
		return err
	}
	r.print(os.Stdout)
	if len(r.Violations) > 0 {
		return errViolated
	}
	return nil
}

// plan is what is to be done. Real processes are not driven by a seed: it only
// makes the same moments be tried again.
type plan struct {
	times int
	seed  uint64
}

// report is what came of it.
type report struct {
	What       string
	Seed       uint64
	Times      int            // kills, or cuts
	Moments    map[string]int // what the program had last said of the reply then
	Ops        map[string]int // how the replies ended, by state
	Delivered  int            // mails the customer got
	Unproved   int            // "you decide" without a final mark: must be 0
	Keystrokes int            // acknowledged, all of them still there
	Violations []string
}

func newReport(what string, p plan) *report {
	return &report{What: what, Seed: p.seed, Moments: map[string]int{}, Ops: map[string]int{}, Violations: []string{}}
}

func (r *report) violated(format string, args ...any) {
	r.Violations = append(r.Violations, fmt.Sprintf(format, args...))
}
