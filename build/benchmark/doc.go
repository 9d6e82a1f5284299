// Command benchmark measures what an agent waits for, on stores of a size that
// a desk reaches after years, and prints it beside DESIGN.md's budgets:
// list, open, search and write in the store; the time to a visible window and
// to a painted inbox, memory of all processes, and the program's size.
//
// The stores are filled through store.Apply, as intake does it, from a fixed
// seed, and are kept under build/out/bench for the next run. build/bench starts
// it with a display; without one the window's rows are left out.
package main
