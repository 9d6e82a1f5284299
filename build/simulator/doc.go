// Package simulator runs the whole inside of Fernpost against a world that goes
// wrong on purpose, and looks after every step whether something was lost or
// sent twice. All of it lies in test files: build/faults builds the test binary
// and runs it, because a bubble of fake time (testing/synctest) needs a test.
//
// One seed is one run. In it everything that keeps promises is real: the store
// on SQLite, intake, outbox, and the mail source, which speaks IMAP and SMTP
// byte by byte. What they lean on is simulated: the disk under SQLite, the
// network, both clocks, the mail server's mailboxes, the customers, the
// colleagues and the agent. The simulated world holds the truth in plain
// structures, so that what the program claims can be compared with what is.
//
// The same seed gives the same run: chance comes from the seed, also the
// system's (testing/cryptotest), one processor is used, nobody is interrupted,
// and everything waits in fake time. What is left are Go's own dice: who of two
// goroutines that may go at the same instant goes first, and which of two ready
// cases a select takes. No caller may care, and nearly no run shows it: of a
// hundred seeds about two take another way when they are run again. So a seed is
// replayed up to five times, and what it showed stands in its trace.
package simulator
