package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// framing is how the program shows mail: read out of its own source, so that
// what is tried here is what agents have.
type framing struct {
	sandbox string // the attribute of the frame
	policy  string // the Content-Security-Policy in the frame's page; "": none
	reports bool   // a policy that stops nothing tells of everything
}

var (
	sandboxAttribute = regexp.MustCompile(`(?s)<iframe\b[^>]*\bsandbox="([^"]*)"`)
	policyConstant   = regexp.MustCompile(`const policy =\s*"([^"]*)";`)
)

func readFraming(views string) (framing, error) {
	frame, err1 := os.ReadFile(filepath.Join(views, "MailFrame.svelte"))
	page, err2 := os.ReadFile(filepath.Join(views, "mailPage.ts"))
	if err := errors.Join(err1, err2); err != nil {
		return framing{}, err
	}
	sandbox, policy := sandboxAttribute.FindSubmatch(frame), policyConstant.FindSubmatch(page)
	if sandbox == nil || policy == nil {
		return framing{}, fmt.Errorf("%s: the frame of a mail or its policy isn't where it was", views)
	}
	f := framing{sandbox: string(sandbox[1]), policy: string(policy[1])}
	if strings.Contains(f.sandbox, "script") {
		return framing{}, fmt.Errorf("the frame of a mail is sandbox=%q", f.sandbox)
	}
	return f, nil
}

// head is what stands before a result in its page: the policy that is tried, and
// the trap. A script in a frame
// that may run none never sees the trap, so the page around looks for it.
func (f framing) head() string {
	head := `<meta charset="utf-8"><script src="/trap.js"></script>`
	if f.policy != "" {
		head = fmt.Sprintf(`<meta http-equiv="Content-Security-Policy" content=%q>`, f.policy) + head
	}
	return head
}

// attacksOnly leaves out what tries tokenizers and not browsers.
func attacksOnly(all []result) []result {
	var kept []result
	for _, r := range all {
		if !strings.HasPrefix(r.name, "tokenizer__") {
			kept = append(kept, r)
		}
	}
	return kept
}

// proveFrame shows in one engine that the frame holds what nobody cleaned: its
// sandbox alone lets nothing run, and with the policy nothing loads or goes.
func proveFrame(t tryer, attacks []result, real framing) error {
	// With scripts allowed and no policy the trap must catch every one.
	caught, err := t(uncleaned(), &framing{sandbox: real.sandbox + " allow-scripts allow-forms allow-modals", reports: true})
	if err != nil {
		return err
	}
	for number, attack := range uncleaned() {
		if len(caught[number]) == 0 {
			return fmt.Errorf("in a frame that allows it, the trap misses %s: %s", attack.name, attack.html)
		}
	}
	var all []error
	for _, wall := range []struct {
		name string
		framing
	}{{"by its sandbox alone", framing{sandbox: real.sandbox}}, {"with its policy", real}} {
		caught, err := t(attacks, &wall.framing)
		if err != nil {
			return err
		}
		for number, what := range caught {
			if number < 0 && wall.policy == "" {
				continue // without the policy pictures load
			}
			name, html := "the run", ""
			if number >= 0 {
				name, html = attacks[number].name, attacks[number].html
			}
			all = append(all, fmt.Errorf("in the frame, %s: %s: %q: %q", wall.name, name, what, html))
		}
	}
	return errors.Join(all...)
}

// tryer opens results in an engine, in frames of that kind or (nil) as cleaned
// results are.
type tryer func(results []result, in *framing) (map[int][]string, error)
