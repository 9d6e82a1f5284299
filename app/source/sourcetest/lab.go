package sourcetest

import (
	"context"
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/app/outbox"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// Source is everything a source offers the engines.
type Source interface {
	intake.Source
	intake.Searcher
	outbox.Sink
	outbox.Freezer
}

// Filer is offered by sources whose server doesn't file sent mail by itself.
type Filer interface {
	FileSent(ctx context.Context, f source.Filing) source.Verdict
}

// Factory makes a fresh account with an empty inbox and an uncut line. What it
// starts ends with the test.
type Factory func(t *testing.T) Lab

// Mumbler is offered by labs whose server now and then says nothing of new mail
// to a session that idles. go-imap's own server does; no real one may.
type Mumbler interface{ Mumbles() bool }

// Lab is a server seen from the other side. Its methods fail the test when the
// server doesn't do what they ask; none goes through the line that Cut cuts.
type Lab interface {
	// New makes a Source on the account, as a new run of the program would.
	New() Source
	// Own is the account's address, Customer one whose mail Received gives,
	// Refuses one that the server refuses for good.
	Own() desk.Address
	Customer() desk.Address
	Refuses() desk.Address

	// Deliver puts a mail (RFC 5322, CRLF) into the inbox, with the server's
	// date.
	Deliver(raw []byte, at time.Time)
	// Received lists the mails that the customer got, whole.
	Received() [][]byte
	// Sent lists the mails in the account's Sent folder, whole.
	Sent() [][]byte
	// Seen counts the inbox's mails that are marked as seen.
	Seen() int
	// Mark sets a keyword on the inbox's mail with the Message-ID (without <>).
	Mark(messageID, keyword string)
	// Expunge removes the inbox's mail with the Message-ID for good.
	Expunge(messageID string)
	// Renumber gives the inbox a new epoch (UIDVALIDITY) with the same mails in
	// it. A server that has no epochs returns false.
	Renumber() bool

	// Cut breaks the line and keeps it broken until Restore.
	Cut()
	// CutAfter cuts the line when n more bytes have passed.
	CutAfter(n int64)
	// Mute loses everything the server says from now on, while what it is told
	// still arrives, until Restore.
	Mute()
	Restore()
	// Traffic is how many bytes have passed the line, both ways.
	Traffic() int64
}
