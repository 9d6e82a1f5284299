// Package practice is the account a new user starts with: an IMAP and an SMTP
// server inside the process, on loopback, with the mail of an invented payments
// company and customers who answer. The rest of the program reaches it through
// the ordinary mail source and can't tell it from a real server, so that what
// is tried here is what happens there. Its line can be cut and slowed, and
// nothing ever leaves this computer.
package practice
