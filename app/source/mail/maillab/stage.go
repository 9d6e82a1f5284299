package maillab

import (
	"fmt"
	"slices"
)

// Stage is on what servers are set up: a test, which is one as it stands, or
// what OnStage gives to a program. Fatalf ends the run, Cleanups run last first.
type Stage interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// OnStage runs a part of a program on a stage of its own, and cleans up after
// it.
func OnStage(run func(s Stage) error) (err error) {
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

// Stop ends the run of OnStage with an error, from however deep in it.
func Stop(err error) { panic(failure{err}) }

type stage struct{ cleanups []func() }

type failure struct{ error }

func (s *stage) Helper() {}

func (s *stage) Fatalf(format string, args ...any) { Stop(fmt.Errorf(format, args...)) }

func (s *stage) Cleanup(clean func()) { s.cleanups = append(s.cleanups, clean) }
