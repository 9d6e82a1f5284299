package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
)

// testGo runs `go test -json` and keeps its events for countGoTests.
func testGo(ctx context.Context, j *job, args []string) error {
	events, err := os.Create(j.out(".json"))
	if err != nil {
		return err
	}
	defer func() { _ = events.Close() }()
	line := append([]string{"go", "test", "-json", "-timeout", "10m"}, args...)
	return j.run(ctx, command{out: events, line: line})
}

func countGoTests(j *job) (tally, error) {
	events, err := os.Open(j.out(".json"))
	if err != nil {
		return tally{}, err
	}
	defer func() { _ = events.Close() }()
	return countGo(events)
}

// otherPackages lists the packages that the race step leaves out.
func otherPackages(ctx context.Context, j *job) ([]string, error) {
	list := func(patterns []string) ([]string, error) {
		var found bytes.Buffer
		err := j.run(ctx, command{out: &found, line: append([]string{"go", "list"}, patterns...)})
		return strings.Fields(found.String()), err
	}
	everything, err := list(append(append([]string{}, product...), tools...))
	if err != nil {
		return nil, err
	}
	raced, err := list(concurrent)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(everything, func(p string) bool { return slices.Contains(raced, p) }), nil
}
