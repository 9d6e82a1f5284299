package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

func nothing(context.Context, *job) error { return nil }

func broken(context.Context, *job) error { return errors.New("it broke") }

func work(t *testing.T, todo []step) (tally, string) {
	t.Helper()
	var out strings.Builder
	return newScheduler(t.TempDir(), t.TempDir(), &out).work(t.Context(), todo), out.String()
}

func TestFailureStopsOnlyWhatNeedsIt(t *testing.T) {
	sum, said := work(t, []step{
		{name: "build", do: broken},
		{name: "drive", needs: []string{"build"}, do: nothing},
		{name: "look", after: []string{"build"}, do: nothing},
		{name: "alone", do: nothing},
	})
	if want := "2 passed, 1 failed, 1 skipped"; sum.String() != want {
		t.Errorf("got %s, want %s", sum, want)
	}
	for _, want := range []string{"it broke", "it needs build"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q isn't said:\n%s", want, said)
		}
	}
}

func TestStepsWaitForWhatTheyNeed(t *testing.T) {
	var mu sync.Mutex
	var order []string
	note := func(_ context.Context, j *job) error {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, j.name)
		return nil
	}
	work(t, []step{
		{name: "last", needs: []string{"middle"}, do: note},
		{name: "middle", after: []string{"first"}, do: note},
		{name: "first", do: note},
	})
	if want := []string{"first", "middle", "last"}; !slices.Equal(order, want) {
		t.Errorf("ran %v, want %v", order, want)
	}
}

func TestSuiteThatFailsWithoutATestIsAFailure(t *testing.T) {
	cases := []struct {
		name  string
		do    func(context.Context, *job) error
		count tally
		want  string
	}{
		{"never began", broken, tally{}, "0 passed, 1 failed, 0 skipped"},
		{"no test ran", nothing, tally{}, "0 passed, 1 failed, 0 skipped"},
		{"broke after its tests", broken, tally{passed: 3}, "3 passed, 1 failed, 0 skipped"},
		{"one test failed", broken, tally{passed: 3, failed: 1}, "3 passed, 1 failed, 0 skipped"},
		{"well", nothing, tally{passed: 3, skipped: 1}, "3 passed, 0 failed, 1 skipped"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sum, _ := work(t, []step{{name: "s", do: c.do, count: func(*job) (tally, error) { return c.count, nil }}})
			if sum.String() != c.want {
				t.Errorf("got %s, want %s", sum, c.want)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	cases := []struct {
		name   string
		choice choice
		has    []string
		hasNot []string
	}{
		{"everything", choice{}, []string{"lint", "race", "e2e", "smoke", "tour"}, []string{"all-tests"}},
		{"quick", choice{quick: true}, []string{"lint", "all-tests", "tour"}, []string{"race", "e2e", "smoke", "window"}},
		{"before a commit", choice{commit: true}, []string{"format", "lint", "types", "vet-mac"}, []string{"race", "all-tests", "tour"}},
		{"by name, with what it needs", choice{names: []string{"e2e"}}, []string{"modules", "screen", "dev", "e2e"}, []string{"lint"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			chosen, err := choose(steps(), c.choice)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, s := range chosen {
				names = append(names, s.name)
			}
			for _, name := range c.has {
				if !slices.Contains(names, name) {
					t.Errorf("%s is missing from %v", name, names)
				}
			}
			for _, name := range c.hasNot {
				if slices.Contains(names, name) {
					t.Errorf("%s is not wanted in %v", name, names)
				}
			}
		})
	}
	if _, err := choose(steps(), choice{names: []string{"nonsense"}}); err == nil {
		t.Error("a step that doesn't exist was accepted")
	}
}

func TestStepsNeedOnlyStepsThatAre(t *testing.T) {
	all := steps()
	for _, s := range all {
		for _, need := range slices.Concat(s.needs, s.after) {
			if !slices.ContainsFunc(all, func(o step) bool { return o.name == need }) {
				t.Errorf("%s needs %s, which doesn't exist", s.name, need)
			}
		}
	}
}
