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
// system's (testing/cryptotest), one processor is used, and everything waits in
// fake time. Where Go itself throws dice, in the order of a map and of a select
// with two answers, no caller may care; the trace of a run is hashed, and a test
// compares the hashes of two runs.
package simulator
