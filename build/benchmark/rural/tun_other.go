//go:build !linux

package rural

import "context"

// Lay gives a line that a relay must make.
func Lay(context.Context, Stage, uint64) *Line { return &Line{Host: "127.0.0.1"} }
