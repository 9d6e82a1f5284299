//go:build !windows

package app

// attachConsole is only needed on Windows.
func attachConsole() {}
