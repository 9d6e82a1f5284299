// Kills sends replies through a real Dovecot and a real Exim while the program
// is killed and the line is cut at random moments, and then counts what the
// customer got. It is a part of build/faults: what the simulator proves of our
// own code for thousands of seeds, this proves of the whole, with servers that
// nobody here wrote, in far fewer runs.
package main
