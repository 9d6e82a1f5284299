package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is what runs saw.
type result struct {
	Faults map[string]int `json:"faults"`
	States map[string]int `json:"states"`
	Edges  map[string]int `json:"edges"`
	Counts map[string]int `json:"counts"`
	Broken []broken       `json:"broken"`
}

type broken struct {
	Invariant string `json:"invariant"`
	Seed      uint64 `json:"seed"`
	Said      string `json:"said"`
}

func newResult() result {
	return result{Faults: map[string]int{}, States: map[string]int{}, Edges: map[string]int{}, Counts: map[string]int{}}
}

func (r *result) merge(o result) {
	for _, m := range []struct{ to, from map[string]int }{
		{r.Faults, o.Faults}, {r.States, o.States}, {r.Edges, o.Edges}, {r.Counts, o.Counts},
	} {
		for k, n := range m.from {
			m.to[k] += n
		}
	}
	r.Broken = append(r.Broken, o.Broken...)
}

func (r *result) broke(invariant string, seed uint64, said string) {
	r.Broken = append(r.Broken, broken{invariant, seed, said})
}

// edges is DESIGN.md's picture of an op, as the database's trigger op_moves
// has it.
var edges = []string{
	"queued>sending", "queued>held", "queued>needs_you", "queued>cancelled",
	"sending>queued", "sending>sent", "sending>uncertain", "sending>needs_you",
	"uncertain>reconciled", "uncertain>queued", "uncertain>needs_you",
	"held>queued", "held>cancelled",
	"needs_you>reconciled", "needs_you>sent", "needs_you>queued", "needs_you>cancelled",
}

// missing lists the edges that no run went.
func (r *result) missing() (all []string) {
	for _, e := range edges {
		if r.Edges[e] == 0 {
			all = append(all, e)
		}
	}
	return all
}

func printTable(w io.Writer, r result, caught, tried int, took time.Duration) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
	say("runs of a day        %d\n", r.Counts["runs"])
	say("cuts                 smtp %d, imap %d (every byte counts once in each of five ways)\n", r.Counts["cuts of smtp"], r.Counts["cuts of imap"])
	say("what people did      %s\n", list(r.Counts, "replies", "keystrokes saved", "statuses", "decisions", "taken back"))
	say("idle                 %d bytes an hour\n", r.Counts["idle bytes"]/max(r.Counts["idle hours"], 1))
	say("\nfaults\n")
	for _, k := range slices.Sorted(maps.Keys(r.Faults)) {
		say("  %-36s %8d\n", k, r.Faults[k])
	}
	say("\nstates reached       %s\n", list(r.States, slices.Sorted(maps.Keys(r.States))...))
	say("\nedges reached\n")
	for _, e := range edges {
		say("  %-36s %8d\n", e, r.Edges[e])
	}
	if none := r.missing(); len(none) > 0 {
		say("NOT REACHED          %s\n", strings.Join(none, ", "))
	}
	for i, b := range r.Broken {
		if i == 20 {
			say("… and %d more\n", len(r.Broken)-i)
			break
		}
		say("BROKEN %s: seed %d: %s\n", b.Invariant, b.Seed, b.Said)
	}
	say("\nviolations %d\nmutants caught %d/%d\n%.0f s\n", len(r.Broken), caught, tried, took.Seconds())
}

func list(m map[string]int, keys ...string) string {
	var parts []string
	for _, k := range keys {
		parts = append(parts, k+" "+strconv.Itoa(m[k]))
	}
	return strings.Join(parts, ", ")
}

// keep writes the seeds that broke something down, prints how to replay each,
// and the end of the first one's trace.
func (h *hall) keep(ctx context.Context, r result) {
	const positions = 1_000_000 // a cut of an exchange has a number from here on
	var fresh []broken
	for _, b := range r.Broken {
		same := func(o broken) bool { return o.Seed == b.Seed }
		if b.Seed < positions && !slices.Contains(h.known, b.Seed) && !slices.ContainsFunc(fresh, same) {
			fresh = append(fresh, b)
		}
	}
	if len(fresh) == 0 {
		return
	}
	f, err := os.OpenFile(seedsFile, os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "trials: seeds not kept:", err)
		return
	}
	defer func() { _ = f.Close() }()
	for i, b := range fresh {
		if i == 5 {
			break // the others are of the same days, mostly
		}
		_, _ = fmt.Fprintf(f, "%d %s\n", b.Seed, b.Invariant)
		_, _ = fmt.Printf("replay with: build/faults --seed %d\n", b.Seed)
	}
	_ = h.replay(ctx, int64(fresh[0].Seed))
}
