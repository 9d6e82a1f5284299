package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// step is one thing to check, or to build for those that come after it.
type step struct {
	name  string
	what  string   // one line for --list and the report
	needs []string // names of steps whose result it uses
	after []string // names of steps that must have ended, well or not
	when  when
	do    func(ctx context.Context, j *job) error
	// count reads what do left behind; nil: the step counts as one check.
	count func(j *job) (tally, error)
}

// when says on which occasions a step runs.
type when int

const (
	always    when = iota // before a commit too
	inTests               // build/test, --quick too
	inFull                // build/test without --quick
	onlyQuick             // build/test --quick, in place of something slow
	onDemand              // only when another step needs it
)

func (s step) fits(c choice) bool {
	switch {
	case len(c.names) > 0:
		return false // those that were named, and nothing else
	case c.commit:
		return s.when == always
	case c.quick:
		return s.when == always || s.when == inTests || s.when == onlyQuick
	default:
		return s.when == always || s.when == inTests || s.when == inFull
	}
}

// job is a step at work: where it runs and where its words go.
type job struct {
	root    string // of the checkout
	logs    string
	name    string
	log     io.Writer
	skipped string // why there was nothing to check; set by do
}

// path makes a path below the checkout's root.
func (j *job) path(parts ...string) string {
	return filepath.Join(append([]string{j.root}, parts...)...)
}

// out is the file of this step with the given ending, in build/out/suite.
func (j *job) out(ending string) string { return filepath.Join(j.logs, j.name+ending) }

// command is one program that a step runs: dir is below the root, env comes on
// top of the environment, out takes stdout in place of the log.
type command struct {
	dir  string
	env  []string
	out  io.Writer
	line []string
}

const longestLine = 500 // of a command in the log: some name every file

// run runs a program to its end and puts what it says into the log.
func (j *job) run(ctx context.Context, c command) error {
	cmd := exec.CommandContext(ctx, c.line[0], c.line[1:]...)
	cmd.Dir = j.path(c.dir)
	cmd.Env = append(append(os.Environ(), "NO_COLOR=1", "FORCE_COLOR=0"), c.env...)
	cmd.Stdout, cmd.Stderr = j.log, j.log
	if c.out != nil {
		cmd.Stdout = c.out
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	said := cmd.String()
	_, _ = fmt.Fprintf(j.log, "$ %s\n", said[:min(len(said), longestLine)])
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(c.line[0]), err)
	}
	return nil
}

// goCommand runs the go command in the root.
func (j *job) goCommand(ctx context.Context, env []string, args ...string) error {
	return j.run(ctx, command{env: env, line: append([]string{"go"}, args...)})
}

// npm runs a script of the screen's package.
func (j *job) npm(ctx context.Context, script string, args ...string) error {
	line := []string{"npm", "run", "--silent", script}
	if len(args) > 0 {
		line = append(append(line, "--"), args...)
	}
	return j.run(ctx, command{dir: "frontend", line: line})
}
