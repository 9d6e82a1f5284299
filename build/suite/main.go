package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

var errFailed = errors.New("some checks failed")

func main() {
	err := run(os.Args[1:])
	if err == nil {
		return
	}
	if !errors.Is(err, errFailed) { // the last line said that one
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}

func run(args []string) error {
	flags := flag.NewFlagSet("build/test", flag.ExitOnError)
	quick := flags.Bool("quick", false, "leave out the race detector and everything that opens a window")
	before := flags.Bool("commit", false, "only what belongs before a commit: format, lint, vet, types")
	list := flags.Bool("list", false, "list the steps and end")
	if err := flags.Parse(args); err != nil {
		return err
	}
	all := steps()
	if *list {
		for _, s := range all {
			fmt.Printf("%-12s %s\n", s.name, s.what)
		}
		return nil
	}
	chosen, err := choose(all, choice{quick: *quick, commit: *before, names: flags.Args()})
	if err != nil {
		return err
	}
	root, err := findRoot()
	if err != nil {
		return err
	}
	logs := filepath.Join(root, "build", "out", "suite")
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	began := time.Now()
	sum := newScheduler(root, logs, os.Stdout).work(ctx, chosen)
	fmt.Printf("\nTook %s. Logs are in %s.\n", roundTime(time.Since(began)), filepath.Join("build", "out", "suite"))
	fmt.Println(sum)
	if sum.failed > 0 {
		return errFailed
	}
	return nil
}

// choice says which of the steps are wanted.
type choice struct {
	quick, commit bool
	names         []string
}

// choose gives the wanted steps and those they need, in their order.
func choose(all []step, c choice) ([]step, error) {
	wanted := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		i := slices.IndexFunc(all, func(s step) bool { return s.name == name })
		if i < 0 {
			return fmt.Errorf("there is no step %q; build/test --list names them", name)
		}
		if wanted[name] {
			return nil
		}
		wanted[name] = true
		for _, need := range slices.Concat(all[i].needs, all[i].after) {
			if err := add(need); err != nil {
				return err
			}
		}
		return nil
	}
	for _, s := range all {
		if !s.fits(c) {
			continue
		}
		if err := add(s.name); err != nil {
			return nil, err
		}
	}
	for _, name := range c.names {
		if err := add(name); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s step) bool { return !wanted[s.name] }), nil
}

// findRoot goes up to the folder that has wails.json, so that the suite works
// from any folder of the checkout.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "wails.json")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("%s is not inside a checkout of Fernpost", strings.TrimSpace(dir))
		}
		dir = up
	}
}
