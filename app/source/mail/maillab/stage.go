package maillab

// Stage is on what servers are set up: a test, which is one as it stands, or the
// run of a benchmark. Cleanups run last first.
type Stage interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}
