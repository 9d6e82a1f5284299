package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"fernpost/app/practice"
	"fernpost/store/desk"
)

// tourLimit bounds a whole tour; it takes a few seconds.
const tourLimit = 2 * time.Minute

// tourStep is one line of the tour.
type tourStep struct {
	Name string `json:"name"`
	MS   int64  `json:"ms"`
	OK   bool   `json:"ok"`
	Why  string `json:"why,omitempty"` // when it isn't OK: what was being done, and the kind
	Op   string `json:"op,omitempty"`  // between the stages: which reply
}

// tourReport is what --json prints.
type tourReport struct {
	Steps    []tourStep `json:"steps"`
	SentOnce bool       `json:"sent_once"`
}

// runTour does the main job on the practice account, with no window, in a
// folder of its own, and kills itself in the middle: a child process works
// until a reply waits behind a cut line, is killed, and a second child must
// find everything again and send it once.
func runTour(t terminal, args []string) int {
	flags, data := t.flags("tour")
	asJSON := flags.Bool("json", false, "")
	stage := flags.String("stage", "", "") // the child's part; only the tour itself says it
	op := flags.String("op", "", "")
	if code, ok := t.parse(flags, args); !ok {
		return code
	}
	if flags.NArg() > 0 {
		t.help()
		return exitUsage
	}
	ctx, cancel := context.WithTimeout(context.Background(), tourLimit)
	defer cancel()
	if *stage != "" {
		return runStage(ctx, t.out, *stage, tourFolder{dir: *data, op: desk.OpID(*op)})
	}
	dir, err := os.MkdirTemp("", "fernpost-tour-")
	if err != nil {
		t.complain(desk.E(desk.KindPermission, "make tour folder", err))
		return exitFailed
	}
	defer func() { _ = os.RemoveAll(dir) }()

	g := guide{t: t, dir: dir, quiet: *asJSON}
	report := g.lead(ctx)
	if *asJSON {
		_ = json.NewEncoder(t.out).Encode(report)
	} else {
		fmt.Fprintln(t.out, t.words.Say(map[bool]string{true: "cli.tour.once", false: "cli.tour.failed"}[report.SentOnce], nil))
	}
	if !report.SentOnce {
		return exitFailed
	}
	return exitDone
}

// guide leads the tour from outside: it starts and kills the children and
// counts in the practice server's mailbox at the end.
type guide struct {
	t     terminal
	dir   string
	quiet bool
	steps []tourStep
}

func (g *guide) lead(ctx context.Context) tourReport {
	op, ok := g.untilKilled(ctx)
	ok = ok && g.secondChild(ctx, op)
	started := time.Now()
	once, why := false, "nothing to count"
	if ok {
		once, why = g.countOnce(op)
	}
	g.add(tourStep{Name: "count", MS: time.Since(started).Milliseconds(), OK: once, Why: why})
	all := once
	for _, s := range g.steps {
		all = all && s.OK
	}
	return tourReport{Steps: g.steps, SentOnce: all}
}

// untilKilled runs the first child until its reply waits, and kills it there.
func (g *guide) untilKilled(ctx context.Context) (op string, ok bool) {
	child, lines, err := g.child(ctx, stageBefore, "")
	if err != nil {
		g.add(tourStep{Name: "start", Why: err.Error()})
		return "", false
	}
	ok = true
	for ok && op == "" {
		step, more := <-lines
		if !more {
			ok = false
			break
		}
		op, ok = step.Op, step.OK
		step.Op = ""
		g.add(step)
	}
	started := time.Now()
	err = child.Process.Kill()
	_ = child.Wait() // "signal: killed" is the point
	for range lines {
		continue // drained: the reader ends with the child
	}
	g.add(tourStep{Name: "kill", MS: time.Since(started).Milliseconds(), OK: err == nil && ok})
	return op, ok && err == nil
}

// secondChild restarts on the same folder and lets the reply leave.
func (g *guide) secondChild(ctx context.Context, op string) bool {
	child, lines, err := g.child(ctx, stageAfter, op)
	if err != nil {
		g.add(tourStep{Name: "restart", Why: err.Error()})
		return false
	}
	ok := true
	for step := range lines {
		ok = ok && step.OK
		g.add(step)
	}
	return child.Wait() == nil && ok
}

// child starts this program again for one stage and reads its steps.
func (g *guide) child(ctx context.Context, stage, op string) (*exec.Cmd, <-chan tourStep, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, self, "tour", "--stage", stage, "--data", g.dir, "--op", op)
	cmd.Stderr = g.t.err
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	lines := make(chan tourStep)
	go readSteps(out, lines)
	return cmd, lines, nil
}

func readSteps(out io.Reader, lines chan<- tourStep) {
	defer close(lines)
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		var step tourStep
		if json.Unmarshal(scanner.Bytes(), &step) == nil {
			lines <- step
		}
	}
}

// countOnce opens the practice server's mailbox, a third process' worth of
// restarts later, and counts.
func (g *guide) countOnce(op string) (bool, string) {
	server, err := practice.Open(practice.Options{Dir: practiceFolder(g.dir), Clock: time.Now})
	if err != nil {
		return false, err.Error()
	}
	defer func() { _ = server.Close() }()
	if n := server.Delivered(op); n != 1 {
		return false, fmt.Sprintf("the customer got %d", n)
	}
	return true, ""
}

func (g *guide) add(s tourStep) {
	g.steps = append(g.steps, s)
	if g.quiet {
		return
	}
	mark := "✓"
	if !s.OK {
		mark = "✗"
	}
	fmt.Fprintf(g.t.out, "%s %s %s\n", mark, g.t.words.Say("cli.tour.step", map[string]any{
		"Step": g.t.words.Say("cli.tour."+s.Name, nil), "MS": s.MS,
	}), s.Why)
}
