package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// tally counts tests, and keeps what the failed ones said.
type tally struct {
	passed, failed, skipped int
	failures                []string // lines to show
}

func (t tally) plus(u tally) tally {
	return tally{passed: t.passed + u.passed, failed: t.failed + u.failed, skipped: t.skipped + u.skipped}
}

// String is the line that a whole run ends with.
func (t tally) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", t.passed, t.failed, t.skipped)
}

// of says how many tests a step had; nothing for a single check.
func (t tally) of(s step) string {
	if s.count == nil {
		return ""
	}
	return fmt.Sprintf(" (%s)", t)
}

// goEvent is a line of `go test -json` (cmd/test2json).
type goEvent struct {
	Action, Package, Test, Output string
	ImportPath                    string // of a build's output
}

const failureLines = 40 // shown of one failed test

// countGo reads the output of `go test -json`. A package that doesn't build or
// that fails outside a test counts as one failure.
func countGo(r io.Reader) (tally, error) {
	var t tally
	said := map[string][]string{} // by package and test
	failedIn := map[string]bool{} // packages with a failed test
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		raw, err := lines.ReadBytes('\n')
		if len(raw) > 0 {
			var e goEvent
			if json.Unmarshal(raw, &e) == nil {
				t.take(e, said, failedIn)
			}
		}
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, err
		}
	}
}

func (t *tally) take(e goEvent, said map[string][]string, failedIn map[string]bool) {
	key := e.Package + e.ImportPath + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		said[key] = append(said[key], strings.TrimRight(e.Output, "\n"))
		return
	case "pass":
		if e.Test != "" {
			t.passed++
		}
	case "skip":
		if e.Test != "" { // a package without tests is no skipped test
			t.skipped++
		}
	case "fail":
		if e.Test == "" && failedIn[e.Package] {
			return // its tests are counted
		}
		t.failed++
		failedIn[e.Package] = true
		t.failures = append(t.failures, "--- "+strings.TrimSpace(key))
		t.failures = append(t.failures, said[key][max(0, len(said[key])-failureLines):]...)
	case "build-fail":
		t.failures = append(t.failures, said[key]...)
	}
	delete(said, key)
}

// countVitest reads vitest's JSON report (the shape of Jest's).
func countVitest(path string) (tally, error) {
	var report struct {
		NumPassedTests, NumFailedTests, NumPendingTests, NumTodoTests int
		TestResults                                                   []struct {
			Name, Message    string
			AssertionResults []struct {
				FullName, Status string
				FailureMessages  []string
			}
		}
	}
	if err := readJSON(path, &report); err != nil {
		return tally{}, err
	}
	t := tally{
		passed: report.NumPassedTests, failed: report.NumFailedTests,
		skipped: report.NumPendingTests + report.NumTodoTests,
	}
	for _, file := range report.TestResults {
		if file.Message != "" {
			t.failures = append(t.failures, file.Name+": "+file.Message)
		}
		for _, test := range file.AssertionResults {
			if test.Status == "failed" {
				t.failures = append(t.failures, "--- "+test.FullName)
				t.failures = append(t.failures, test.FailureMessages...)
			}
		}
	}
	return t, nil
}

// playwrightSuite is a part of Playwright's JSON report.
type playwrightSuite struct {
	Title  string
	Suites []playwrightSuite
	Specs  []struct {
		Title string
		Tests []struct {
			Status  string // expected, unexpected, flaky, skipped
			Results []struct {
				Errors []struct{ Message string }
			}
		}
	}
}

// countPlaywright reads Playwright's JSON report. A test that passed only at a
// second try counts as failed: it hides a race.
func countPlaywright(path string) (tally, error) {
	var report struct {
		Suites []playwrightSuite
		Errors []struct{ Message string }
	}
	if err := readJSON(path, &report); err != nil {
		return tally{}, err
	}
	var t tally
	for _, e := range report.Errors {
		t.failures = append(t.failures, e.Message)
	}
	for _, s := range report.Suites {
		t.takePlaywright(s)
	}
	return t, nil
}

func (t *tally) takePlaywright(s playwrightSuite) {
	for _, spec := range s.Specs {
		for _, test := range spec.Tests {
			switch test.Status {
			case "expected":
				t.passed++
			case "skipped":
				t.skipped++
			default:
				t.failed++
				t.failures = append(t.failures, fmt.Sprintf("--- %s: %s (%s)", s.Title, spec.Title, test.Status))
				for _, r := range test.Results {
					for _, e := range r.Errors {
						t.failures = append(t.failures, e.Message)
					}
				}
			}
		}
	}
	for _, inner := range s.Suites {
		t.takePlaywright(inner)
	}
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
