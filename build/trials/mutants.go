package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// mutant is a deliberate fault: a text of a file that must stand there exactly
// once, and what stands in its place. Some need several, because more than one
// wall keeps what they break.
type mutant struct {
	name  string
	edits []edit
}

type edit struct {
	file, old, new string
}

// tryMutants builds and tries deliberate faults, as many at a time as there are
// processors, and says which were not caught.
func (h *hall) tryMutants(ctx context.Context, all []mutant, said bool) (caught int) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, m := range all {
		h.slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-h.slots }()
			by, err := h.try(ctx, m)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				fmt.Printf("mutant %q: %v\n", m.name, err)
			case by == "":
				fmt.Printf("mutant %q was NOT caught\n", m.name)
			default:
				caught++
				if said {
					fmt.Printf("%-44s caught by: %s\n", m.name, by)
				}
			}
		})
	}
	wait.Wait()
	return caught
}

func (h *hall) tryNamed(ctx context.Context, name string) error {
	all := slices.DeleteFunc(slices.Clone(mutants), func(m mutant) bool { return !strings.Contains(m.name, name) })
	caught := h.tryMutants(ctx, all, true)
	fmt.Printf("mutants caught %d/%d\n", caught, len(all))
	if caught < len(all) {
		return errFound
	}
	return nil
}

// try gives the promise that a deliberate fault broke; "" when none did.
func (h *hall) try(ctx context.Context, m mutant) (by string, err error) {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, strings.ToLower(m.name))
	dir := filepath.Join(h.dir, "mutant-"+name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	replace := map[string]string{}
	for i, e := range m.edits {
		source, target := e.file, filepath.Join(dir, fmt.Sprintf("%d-%s.txt", i, filepath.Base(e.file)))
		for before, after := range replace {
			if same, _ := filepath.Abs(e.file); before == same {
				source, target = after, after // a second edit of one file
			}
		}
		if err := apply(e, source, target); err != nil {
			return "", err
		}
		from, err := filepath.Abs(e.file)
		if err != nil {
			return "", err
		}
		if replace[from], err = filepath.Abs(target); err != nil {
			return "", err
		}
	}
	overlay := filepath.Join(dir, "overlay.json")
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(overlay, data, 0o600)
	}
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, name+".test")
	if err := build(ctx, binary, overlay); err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(binary) }()
	return h.caughtBy(ctx, binary, name, m), nil
}

func apply(e edit, source, target string) error {
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), e.old); n != 1 {
		return fmt.Errorf("%s has %d times what is to be changed: %q", e.file, n, e.old)
	}
	return os.WriteFile(target, []byte(strings.Replace(string(text), e.old, e.new, 1)), 0o600)
}

// seedsPerMutant is how many days a deliberate fault has to hide in.
const seedsPerMutant = 3000

// showed are days that showed faults which few days show: they are tried first.
var showed = map[string]uint64{
	"cancel after uncertain":                634,
	"file without searching":                1657,
	"remove an account with unsent replies": 400,
}

// caughtBy runs the seeds of a short trial, and then more, until a promise is
// broken.
func (h *hall) caughtBy(ctx context.Context, binary, name string, m mutant) string {
	w := work{Seeds: slices.Clone(h.known), StopSoon: true}
	if seed, ok := showed[m.name]; ok {
		w.Seeds = slices.Insert(w.Seeds, 0, seed)
	}
	for n := range uint64(seedsPerMutant) {
		w.Seeds = append(w.Seeds, n)
	}
	for _, service := range []string{"smtp", "imap"} {
		for way := range waysOfEnding {
			w.Stretch = append(w.Stretch, stretch{Service: service, Way: way, From: 5, Step: 60, Most: positionsAtOnce})
		}
	}
	r := h.one(ctx, binary, name, w)
	if len(r.Broken) == 0 {
		return ""
	}
	return fmt.Sprintf("%s (day %d)", r.Broken[0].Invariant, r.Broken[0].Seed)
}
