// Package mailbox is the practice account's mail store and its IMAP face. One
// append-only log holds everything: folders, mails, flags, and notes of the
// server above it. A change is written and synced before anybody sees it, so
// a killed process comes back with the same UIDVALIDITY, UIDs, flags and dates,
// and a record torn by the kill never counted.
//
// Mails stay in the log and are read from it when asked for; memory holds only
// where they lie.
package mailbox
