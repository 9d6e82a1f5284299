// Package intake brings everything in: server → store. One loop per account
// pulls pages from a source and stores each together with its cursor. Nothing
// else writes what a server said.
package intake
