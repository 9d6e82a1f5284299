package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"fernpost/build/window"
)

// DESIGN.md's budgets for the window.
const (
	visibleBudget = 500 * time.Millisecond
	paintedBudget = 700 * time.Millisecond
	memoryBudget  = 250_000_000
	binaryBudget  = 30_000_000
	windowRounds  = 7
)

// settle is how long a window is left alone before its memory is read.
const settle = 4 * time.Second

func measureBinary(t *table, program string) error {
	info, err := os.Stat(program)
	if err != nil {
		return err
	}
	t.section("The program")
	t.add(row{what: "size on disk", note: against(info.Size(), binaryBudget)})
	return nil
}

// measureWindow opens the window on the store again and again.
func measureWindow(ctx context.Context, t *table, dir, program string) error {
	if os.Getenv("DISPLAY") == "" {
		t.add(row{what: "window", note: "not measured: no display"})
		return nil
	}
	var visible, painted samples
	var memory int64
	for range windowRounds + 1 { // the first one warms the caches and adds the practice account
		m, err := openOnce(ctx, dir, program)
		if err != nil {
			return fmt.Errorf("open the window: %w", err)
		}
		visible, painted = append(visible, m.visible), append(painted, m.painted)
		memory = max(memory, m.memory)
	}
	t.times("window: from start to visible", visible[1:], visibleBudget)
	t.times("window: from start to painted inbox", painted[1:], paintedBudget)
	t.add(row{what: "memory of all processes (PSS, worst)", note: against(memory, memoryBudget)})
	return nil
}

// opened is what one opening showed.
type opened struct {
	visible, painted time.Duration
	memory           int64
}

func openOnce(ctx context.Context, dir, program string) (m opened, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	p, err := window.Start(ctx, program, dir)
	if err != nil {
		return m, err
	}
	defer func() {
		if said := p.Stop(); err != nil {
			err = fmt.Errorf("%w; the program said: %s", err, said)
		}
	}()
	if m.visible, err = p.Visible(ctx); err != nil {
		return m, err
	}
	page, err := p.Page(ctx)
	if err != nil {
		return m, err
	}
	defer func() { _ = page.Close() }()
	if err := page.Wait(ctx, window.InboxPainted); err != nil {
		return m, err
	}
	m.painted = time.Since(p.Started)
	select {
	case <-ctx.Done():
		return m, ctx.Err()
	case <-time.After(settle):
	}
	m.memory, err = p.Memory()
	return m, err
}
