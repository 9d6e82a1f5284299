// Command hostile opens what cleaning leaves of hostile HTML in Chromium and in
// WebKitGTK, without the frame's sandbox and without a policy, and touches
// everything in it: cleaning must hold alone. It first opens a few attacks
// uncleaned, which must all be caught: a trap that catches nothing proves
// nothing.
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
const limit = 8 * time.Minute

func main() {
	program := flag.String("program", filepath.Join("build", "bin", "fernpost-plain"), "the program that cleans")
	attacks := flag.String("attacks", filepath.Join("..", "shared", "fixtures", "html-xss"), "the collections of attacks")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := run(ctx, *program, *attacks); err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, folder string) error {
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
		if err := prove(ctx, e, cleaned); err != nil {
			all = append(all, fmt.Errorf("%s: %w", e.name, err))
		}
	}
	if tried == 0 {
		return errors.New("there is no browser that can be driven here")
	}
	return errors.Join(all...)
}

// prove shows in one engine that the trap catches, and that it has nothing to
// catch.
func prove(ctx context.Context, e engine, cleaned []result) error {
	caught, err := e.try(ctx, uncleaned())
	if err != nil {
		return err
	}
	for number, attack := range uncleaned() {
		if len(caught[number]) == 0 {
			return fmt.Errorf("the trap misses %s: %s", attack.name, attack.html)
		}
	}
	caught, err = e.try(ctx, cleaned)
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
			e.name, len(cleaned), len(uncleaned()), len(uncleaned()))
	}
	return errors.Join(all...)
}
