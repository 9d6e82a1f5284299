// Command benchmark measures what an agent waits for, on stores of a size that
// a desk reaches after years, and prints it beside DESIGN.md's budgets:
// list, open, search and write in the store; the time to a visible window and
// to a painted inbox, memory of all processes, and the program's size.
//
// The stores are filled through store.Apply, as intake does it, from a fixed
// seed, and are kept under build/out/bench for the next run. build/bench starts
// it with a display; without one the window's rows are left out.
//
// With "mail" it measures the first sync of a mailbox of 20,000 mails from a
// real Dovecot, with "line" what the program does on a rural line; both beside
// the programs that people use otherwise. With "memory" it is a mailbox of a
// million mails that is made up. With "screen" it is the shipped window at work:
// opening conversations, typing, scrolling. In the mail parts our own way from
// the server to the store runs as a child process ("desk"), so that its CPU can
// be told apart.
package main
