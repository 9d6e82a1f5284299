// Command suite runs the project's checks, two at a time, and counts them. It
// stands behind build/test and build/check: those see that the machine has what
// is needed, this knows what there is to check and in which order.
//
// Every step writes its own log to build/out/suite. A step that fails doesn't
// stop the others, only those that need its result; those count as skipped. The
// last line says how many tests and checks passed, failed and were skipped, and
// the exit code is 1 when any failed.
package main
