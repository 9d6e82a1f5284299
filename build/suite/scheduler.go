package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	atOnce    = 2                // the machines this is drawn for have two cores
	stepLimit = 40 * time.Minute // a step that takes longer hangs; with nothing compiled yet, race takes 20
	tailLines = 60               // of a failed step's log
)

// scheduler runs steps as soon as what they need is there.
type scheduler struct {
	root, logs string
	out        io.Writer
	ended      map[string]result
	sum        tally
}

// result is what became of a step.
type result struct {
	step    step
	ok      bool
	skipped string
	tally   tally
	err     error
	took    time.Duration
}

func newScheduler(root, logs string, out io.Writer) *scheduler {
	return &scheduler{root: root, logs: logs, out: out, ended: map[string]result{}}
}

// work runs all steps and gives their sum.
func (s *scheduler) work(ctx context.Context, todo []step) tally {
	results := make(chan result)
	running := 0
	for len(todo) > 0 || running > 0 {
		for running < atOnce {
			i := slices.IndexFunc(todo, s.ready)
			if i < 0 {
				break
			}
			next := todo[i]
			todo = slices.Delete(todo, i, i+1)
			if reason := s.blocked(ctx, next); reason != "" {
				s.end(result{step: next, skipped: reason, tally: tally{skipped: 1}})
				continue
			}
			running++
			go func() { results <- s.perform(ctx, next) }()
		}
		if running == 0 {
			break
		}
		running--
		s.end(<-results)
	}
	return s.sum
}

// ready tells whether everything before a step has ended, well or not.
func (s *scheduler) ready(next step) bool {
	before := slices.Concat(next.needs, next.after)
	return !slices.ContainsFunc(before, func(name string) bool {
		_, ended := s.ended[name]
		return !ended
	})
}

// blocked says why a step can't run, "" when it can.
func (s *scheduler) blocked(ctx context.Context, next step) string {
	if ctx.Err() != nil {
		return "stopped"
	}
	for _, need := range next.needs {
		if !s.ended[need].ok {
			return "it needs " + need
		}
	}
	return ""
}

func (s *scheduler) perform(ctx context.Context, next step) result {
	began := time.Now()
	j := &job{root: s.root, logs: s.logs, name: next.name}
	file, err := os.Create(j.out(".log"))
	if err != nil {
		return result{step: next, err: err, tally: tally{failed: 1}}
	}
	defer func() { _ = file.Close() }()
	j.log = file

	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	err = next.do(ctx, j)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("not done after %s: %w", stepLimit, err)
	}
	r := result{step: next, err: err, ok: err == nil, skipped: j.skipped, took: time.Since(began)}
	r.tally, r.err = r.counted(j)
	r.ok = r.ok && r.err == nil && r.tally.failed == 0
	return r
}

// counted gives the tally of a step. A suite that failed without a failed test
// (it didn't compile, it never began) counts as one failure.
func (r result) counted(j *job) (tally, error) {
	switch {
	case r.skipped != "":
		return tally{skipped: 1}, r.err
	case r.step.count != nil:
		t, err := r.step.count(j)
		err = errors.Join(r.err, err)
		if err != nil && t.failed == 0 {
			t.failed = 1
		}
		if err == nil && t.passed+t.skipped == 0 && t.failed == 0 {
			return tally{failed: 1}, errors.New("no test ran")
		}
		return t, err
	case r.err != nil:
		return tally{failed: 1}, r.err
	default:
		return tally{passed: 1}, nil
	}
}

// end reports a step and adds it up.
func (s *scheduler) end(r result) {
	s.ended[r.step.name] = r
	s.sum = s.sum.plus(r.tally)
	switch {
	case r.skipped != "":
		_, _ = fmt.Fprintf(s.out, "skip  %-12s %s: %s\n", r.step.name, r.step.what, r.skipped)
	case r.ok:
		_, _ = fmt.Fprintf(s.out, "ok    %-12s %s%s, %s\n", r.step.name, r.step.what, r.tally.of(r.step), roundTime(r.took))
	default:
		_, _ = fmt.Fprintf(s.out, "FAIL  %-12s %s%s, %s\n", r.step.name, r.step.what, r.tally.of(r.step), roundTime(r.took))
		s.show(r)
	}
}

// colour is what some programs put around words even into a file.
var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// show prints what a failed step had to say.
func (s *scheduler) show(r result) {
	lines := r.tally.failures
	if r.err != nil {
		lines = append([]string{r.err.Error()}, lines...)
	}
	// A program that failed has said why in the log; a check of our own says it
	// in its error.
	var exit *exec.ExitError
	if len(r.tally.failures) == 0 && errors.As(r.err, &exit) {
		log, err := os.ReadFile((&job{logs: s.logs, name: r.step.name}).out(".log"))
		if err == nil {
			tail := strings.Split(string(bytes.TrimSpace(log)), "\n")
			lines = append(lines, tail[max(0, len(tail)-tailLines):]...)
		}
	}
	said := colour.ReplaceAllString(strings.Join(lines, "\n"), "")
	for line := range strings.SplitSeq(said, "\n") {
		_, _ = fmt.Fprintf(s.out, "      | %s\n", line)
	}
}

func roundTime(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}
