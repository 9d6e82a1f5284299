package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// print writes a report for people.
func (r *report) print(w io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("\n%s", r.What)
	say("  %-12s %d (seed %d); the last word before: %s", "times", r.Times, r.Seed, counts(r.Moments))
	say("  %-12s %s", "replies", counts(r.Ops))
	if r.Delivered > 0 {
		say("  %-12s %d, each once; \"you decide\" without a final mark: %d", "delivered", r.Delivered, r.Unproved)
	}
	if r.Keystrokes > 0 {
		say("  %-12s %d acknowledged and kept", "keystrokes", r.Keystrokes)
	}
	say("  %-12s %d", "violations", len(r.Violations))
	for _, v := range r.Violations {
		say("    %s", v)
	}
}

func counts(all map[string]int) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		parts = append(parts, fmt.Sprintf("%s %d", key, all[key]))
	}
	return strings.Join(parts, ", ")
}
