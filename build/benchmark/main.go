package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

// run chooses what is measured by the first argument: line, mail, memory, screen, or
// the store and the window. desk is this program as a child of itself.
func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	parts := map[string]func(context.Context, []string) error{"line": runLine, "mail": runMail, "memory": runMemory, "screen": runScreen, "desk": runDesk}
	if len(os.Args) > 1 {
		if part, ok := parts[os.Args[1]]; ok {
			return part(ctx, os.Args[2:])
		}
	}
	return runStore(ctx)
}

func runStore(ctx context.Context) error {
	sizes := flag.String("sizes", "20000,200000", "conversations in each store, with commas between")
	dir := flag.String("dir", filepath.Join("build", "out", "bench"), "where the stores are kept")
	program := flag.String("program", "", "the program as it ships; its window is measured too")
	withPeer := flag.Bool("peer", false, "let notmuch search the first store's letters too")
	flag.Parse()

	base, err := filepath.Abs(*dir) // the window is given it, and may look from elsewhere
	if err != nil {
		return err
	}
	var t table
	for i, size := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n <= 0 {
			return fmt.Errorf("%q is no number of conversations", size)
		}
		if err := measureSize(ctx, &t, filepath.Join(base, size), n, *program); err != nil {
			return fmt.Errorf("%d conversations: %w", n, err)
		}
		if *withPeer && i == 0 {
			if err := measurePeer(ctx, &t, filepath.Join(base, size), n); err != nil {
				return err
			}
		}
	}
	if *program != "" {
		if err := measureBinary(&t, *program); err != nil {
			return err
		}
	}
	return t.print(os.Stdout)
}

// measureSize fills a store once and measures it.
func measureSize(ctx context.Context, t *table, dir string, n int, program string) error {
	facts, err := prepare(ctx, dir, n)
	if err != nil {
		return err
	}
	t.section(fmt.Sprintf("%d conversations, %d messages, %s", n, facts.messages, megabytes(facts.bytes)))
	if facts.filled > 0 {
		t.add(row{what: "filled", note: fmt.Sprintf("%.0f messages a second, newest first", facts.rate())})
	}
	if err := measureStore(ctx, t, dir); err != nil {
		return err
	}
	if program == "" {
		return nil
	}
	return measureWindow(ctx, t, dir, program)
}
