package main

import (
	"fmt"
	"slices"
)

// stage is on what a benchmark sets up its servers: what it starts ends with it.
type stage struct{ cleanups []func() }

// failure is what Fatalf ends the run with.
type failure struct{ error }

// onStage runs a benchmark on a fresh stage and cleans up after it.
func onStage(run func(s *stage) error) (err error) {
	s := &stage{}
	defer func() {
		for _, clean := range slices.Backward(s.cleanups) {
			clean()
		}
		if p := recover(); p != nil {
			f, ours := p.(failure)
			if !ours {
				panic(p)
			}
			err = f.error
		}
	}()
	return run(s)
}

// Helper, Fatalf and Cleanup make it a maillab.Stage and a rural.Stage.
func (s *stage) Helper() {}

// Fatalf ends the run.
func (s *stage) Fatalf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// Cleanup is done at the end, the last one first.
func (s *stage) Cleanup(clean func()) { s.cleanups = append(s.cleanups, clean) }
