// Package mail is the source that speaks IMAP and SMTP. IMAP names, numbers and
// wire types end here: what leaves are desk's arrivals and source's outcomes.
//
// One lasting IMAP connection serves everything that reads: Pull, Fetch, Locate
// and Watch take turns on it, in pieces small enough that nobody waits long.
// Each Submit of a reply opens a short SMTP connection of its own. Bodies are
// always asked for with BODY.PEEK: reading never marks a message as seen.
//
// Heads are read from chosen header fields, not from ENVELOPE. ENVELOPE would
// say the same again at the price of a fifth more bytes, and one malformed
// ENVELOPE breaks off the whole connection.
package mail
