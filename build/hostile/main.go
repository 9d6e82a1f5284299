// Command hostile opens what cleaning leaves of hostile HTML in Chromium and in
// WebKitGTK, without the frame's sandbox and without a policy, and touches
// everything in it: cleaning must hold alone. Then it opens the attacks uncleaned
// in a frame as the program's: it must hold alone, too. Before each it opens a
// few attacks that must all be caught: a trap that catches nothing proves nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// limit is for both engines together.
const limit = 35 * time.Minute

func main() {
	program := flag.String("program", filepath.Join("build", "bin", "fernpost-plain"), "the program that cleans")
	views := flag.String("views", filepath.Join("frontend", "src", "views"), "where the frame of a mail is written down")
	attacks := flag.String("attacks", filepath.Join("..", "shared", "fixtures", "html-xss"), "the collections of attacks")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := run(ctx, *program, *attacks, *views); err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, folder, views string) error {
	real, err := readFraming(views)
	if err != nil {
		return err
	}
	attacks, err := readAttacks(folder)
	if err != nil {
		return err
	}
	cleaned, err := clean(ctx, program, attacks)
	if err != nil {
		return err
	}
	var all []error
	tried := 0
	for _, e := range engines() {
		if _, err := exec.LookPath(e.driver); err != nil {
			fmt.Printf("%s: left out, there is no %s here\n", e.name, e.driver)
			continue
		}
		tried++
		t := func(results []result, in *framing) (map[int][]string, error) { return e.try(ctx, results, in) }
		uncleaned := attacksOnly(attacks)
		if err := errors.Join(prove(t, e.name, cleaned), proveFrame(t, uncleaned, real)); err != nil {
			all = append(all, fmt.Errorf("%s: %w", e.name, err))
			continue
		}
		fmt.Printf("%s: %d attacks uncleaned in the frame, nothing runs by its sandbox alone, nothing loads or goes with its policy\n", e.name, len(uncleaned))
	}
	if tried == 0 {
		return errors.New("there is no browser that can be driven here")
	}
	return errors.Join(all...)
}

// prove shows in one engine that the trap catches, and that it has nothing to
// catch.
func prove(t tryer, engine string, cleaned []result) error {
	caught, err := t(uncleaned(), nil)
	if err != nil {
		return err
	}
	for number, attack := range uncleaned() {
		if len(caught[number]) == 0 {
			return fmt.Errorf("the trap misses %s: %s", attack.name, attack.html)
		}
	}
	caught, err = t(cleaned, nil)
	if err != nil {
		return err
	}
	var all []error
	for number, what := range caught {
		name, html := "the run", ""
		if number >= 0 {
			name, html = cleaned[number].name, cleaned[number].html
		}
		all = append(all, fmt.Errorf("%s: %q: %q", name, what, html))
	}
	if len(all) == 0 {
		fmt.Printf("%s: %d attacks cleaned, nothing runs or loads; %d of %d uncleaned are caught\n",
			engine, len(cleaned), len(uncleaned()), len(uncleaned()))
	}
	return errors.Join(all...)
}
