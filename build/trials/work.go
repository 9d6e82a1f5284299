package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// work is what one process is told to do; the simulator's main_test.go reads
// it.
type work struct {
	Seeds    []uint64  `json:"seeds"`
	Stretch  []stretch `json:"stretch"`
	StopSoon bool      `json:"stop_soon"`
}

// stretch is a part of the positions at which an exchange is cut.
type stretch struct {
	Service string `json:"service"`
	Way     int    `json:"way"`
	From    int64  `json:"from"`
	Step    int64  `json:"step"`
	Most    int    `json:"most"`
	Exact   bool   `json:"exact"`
}

const (
	seedsAtOnce     = 200
	positionsAtOnce = 120
	waysOfEnding    = 5
	longestExchange = 6000 // bytes; a stretch behind the end costs one run
)

// plan cuts a size into the work of processes, the longest first.
func plan(s size, known []uint64) []work {
	var all []work
	for _, service := range []string{"smtp", "imap"} {
		for way := range waysOfEnding {
			for from := int64(0); from < longestExchange; from += s.step * positionsAtOnce {
				all = append(all, work{Stretch: []stretch{{Service: service, Way: way, From: from, Step: s.step, Most: positionsAtOnce}}})
			}
		}
	}
	// The closing dot, and what comes after it, where absence can be proved.
	const tail = 14
	all = append(all, work{Stretch: []stretch{{Service: "smtp", From: -tail, Step: 1, Most: tail, Exact: true}}}, work{Seeds: known})
	var seeds []uint64
	for n := range s.seeds {
		if seeds = append(seeds, uint64(n)); len(seeds) == seedsAtOnce {
			all, seeds = append(all, work{Seeds: seeds}), nil
		}
	}
	return append(all, work{Seeds: seeds})
}

// hold runs all of it, as many processes at a time as there are processors.
func (h *hall) hold(ctx context.Context, binary string, all []work) result {
	sum := newResult()
	var mu sync.Mutex
	var wait sync.WaitGroup
	for i, w := range all {
		h.slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-h.slots }()
			r := h.one(ctx, binary, filepath.Base(binary)+"-"+strconv.Itoa(i), w)
			mu.Lock()
			defer mu.Unlock()
			sum.merge(r)
		})
		if ctx.Err() != nil {
			break
		}
	}
	wait.Wait()
	return sum
}

// one runs one process. One that doesn't come to its end has broken a promise
// too: a run ends, whatever happens in it.
func (h *hall) one(ctx context.Context, binary, name string, w work) result {
	r := newResult()
	paper, err := filepath.Abs(filepath.Join(h.dir, name+".json"))
	if err == nil {
		var data []byte
		if data, err = json.Marshal(w); err == nil {
			err = os.WriteFile(paper, data, 0o600)
		}
	}
	if err != nil {
		r.broke("a run ends", 0, err.Error())
		return r
	}
	cmd := h.command(ctx, binary, "-test.run=^TestOrder$", "-order", paper)
	said, err := cmd.CombinedOutput()
	begun, found, ended := readOut(paper + ".out")
	r.merge(found)
	if !ended && ctx.Err() == nil {
		_ = os.WriteFile(paper+".log", said, 0o600)
		seed, _ := strconv.ParseUint(strings.TrimPrefix(begun, "seed "), 10, 64)
		r.broke("a run ends", seed, fmt.Sprintf("%s ended in the middle (%v): %s", begun, err, firstLine(said)))
	}
	return r
}

func firstLine(b []byte) string {
	for line := range bytes.Lines(b) {
		if text := strings.TrimSpace(string(line)); strings.HasPrefix(text, "panic:") || strings.HasPrefix(text, "fatal error:") {
			return text
		}
	}
	return "no word"
}

// readOut reads what a process wrote: what it began last, and what came of all.
func readOut(path string) (begun string, r result, ended bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", r, false
	}
	for line := range bytes.Lines(data) {
		var said struct {
			Begun  string  `json:"begun"`
			Result *result `json:"result"`
		}
		if json.Unmarshal(line, &said) != nil {
			break
		}
		if said.Begun != "" {
			begun = said.Begun
		}
		if said.Result != nil {
			return begun, *said.Result, true
		}
	}
	return begun, r, false
}

// seedsFile holds the seeds that once showed a mistake, each with what it was.
var seedsFile = filepath.Join(simulator, "testdata", "seeds")

func readSeeds() (all []uint64, err error) {
	data, err := os.ReadFile(seedsFile)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(data)) {
		number, _, _ := strings.Cut(line, " ")
		seed, err := strconv.ParseUint(strings.TrimSpace(number), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", seedsFile, err)
		}
		all = append(all, seed)
	}
	return all, nil
}
