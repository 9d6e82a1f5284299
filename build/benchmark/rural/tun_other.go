//go:build !linux

package rural

// Lay gives a line that a relay must make.
func Lay(Stage, uint64) *Line { return &Line{Host: "127.0.0.1"} }
