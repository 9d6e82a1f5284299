package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"fernpost/build/window"
)

// Budgets for the screen in the shipped engine, at 200,000 conversations.
const (
	paintBudget  = 50 * time.Millisecond
	letterBudget = 16 * time.Millisecond
)

//go:embed screen.js
var screenScript string

const (
	opensMeasured   = 60
	lettersMeasured = 200
	rowsScrolled    = 10_000
	rowsPerFrame    = 5
	screenLimit     = 10 * time.Minute
)

// runScreen measures what an agent does all day, in the window as it ships.
func runScreen(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("screen", flag.ContinueOnError)
	size := flags.Int("size", 200_000, "conversations in the store")
	dir := flags.String("dir", filepath.Join("build", "out", "bench"), "where the stores are kept")
	program := flags.String("program", filepath.Join("build", "bin", "fernpost"), "the program as it ships")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if os.Getenv("DISPLAY") == "" {
		return errors.New("there is no display; build/bench screen brings one")
	}
	base, err := filepath.Abs(filepath.Join(*dir, strconv.Itoa(*size)))
	if err != nil {
		return err
	}
	facts, err := prepare(ctx, base, *size)
	if err != nil {
		return err
	}
	var t table
	t.section(fmt.Sprintf("The screen, %d conversations, %d messages", *size, facts.messages))
	if err := measureScreen(ctx, &t, base, *program); err != nil {
		return err
	}
	return t.print(os.Stdout)
}

func measureScreen(ctx context.Context, t *table, dir, program string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, screenLimit)
	defer cancel()
	p, err := window.Start(ctx, program, dir)
	if err != nil {
		return err
	}
	defer func() {
		if said := p.Stop(); err != nil {
			err = fmt.Errorf("%w; the program said: %s", err, said)
		}
	}()
	page, err := p.Page(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = page.Close() }()
	if err := page.Wait(ctx, window.InboxPainted); err != nil {
		return err
	}
	time.Sleep(settle) // what a start brings along is not what is measured
	var ready bool
	if err := page.Eval(ctx, screenScript, &ready); err != nil {
		return err
	}
	opened, err := acted[[]float64](ctx, page, "'open', "+strconv.Itoa(opensMeasured))
	if err != nil {
		return err
	}
	t.times("open a conversation, to painted", inTime(opened), paintBudget)
	if err := page.Eval(ctx, pressReply, &ready); err != nil {
		return err
	}
	if err := page.Wait(ctx, `document.querySelector('[contenteditable]')`); err != nil {
		return err
	}
	typed, err := acted[[]float64](ctx, page, "'type', "+strconv.Itoa(lettersMeasured))
	if err != nil {
		return err
	}
	t.times("type a letter, to painted, saving on", inTime(typed), letterBudget)
	type scrolled struct {
		Times               []float64
		Blank, Waited, Rows int
	}
	s, err := acted[scrolled](ctx, page, fmt.Sprintf("'scroll', %d, %d", rowsScrolled, rowsPerFrame))
	if err != nil {
		return err
	}
	t.times(fmt.Sprintf("a frame of scrolling, %d rows each", rowsPerFrame), inTime(s.Times), 0)
	t.add(row{what: "scrolled", note: fmt.Sprintf("%d rows, %d blank frames, %d frames waited for rows", s.Rows, s.Blank, s.Waited)})
	return nil
}

const pressReply = `(() => {
	(document.activeElement ?? document.body).dispatchEvent(
		new KeyboardEvent('keydown', { key: 'r', code: 'KeyR', bubbles: true, cancelable: true }));
	return true;
})()`

// acted has the script do something, and gives what it measured.
func acted[T any](ctx context.Context, page *window.Page, act string) (what T, err error) {
	var begun bool
	if err := page.Eval(ctx, "window.measure("+act+")", &begun); err != nil {
		return what, err
	}
	if err := page.Wait(ctx, "window.bench.done !== null || window.bench.failed !== ''"); err != nil {
		return what, err
	}
	var failed string
	if err := page.Eval(ctx, "window.bench.failed", &failed); err != nil {
		return what, err
	}
	if failed != "" {
		return what, fmt.Errorf("the page: %s", failed)
	}
	return what, page.Eval(ctx, "window.bench.done", &what)
}

func inTime(ms []float64) samples {
	s := make(samples, len(ms))
	for i, n := range ms {
		s[i] = time.Duration(n * float64(time.Millisecond))
	}
	return s
}
