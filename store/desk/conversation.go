package desk

import (
	"strings"
	"time"
)

// Status is where a conversation stands for the desk.
type Status string

// The statuses. Waiting means waiting for the customer, and is set by sending.
const (
	StatusOpen    Status = "open"
	StatusWaiting Status = "waiting"
	StatusSnoozed Status = "snoozed"
	StatusDone    Status = "done"
	StatusSpam    Status = "spam"
	StatusBin     Status = "bin"
)

// OnlyHere says that no server is told of the status: it stands on this computer
// alone, and nothing a server tells takes it away.
func (s Status) OnlyHere() bool { return s == StatusSpam || s == StatusBin }

// The keywords by which desks tell each other a status through the server,
// where it keeps keywords: they stand on the newest message of the customer.
// They are compared without regard to case (RFC 3501 2.3.2).
const (
	KeywordDone    = "$FernpostDone"
	KeywordWaiting = "$FernpostWaiting"
)

// ToldBy reads a status from a message's keywords, "" where they tell none. Where
// two desks told at the same moment it is done, in whatever order the server
// lists them: every desk must read the same.
func ToldBy(keywords []string) (told Status) {
	for _, k := range keywords {
		switch {
		case strings.EqualFold(k, KeywordDone):
			return StatusDone
		case strings.EqualFold(k, KeywordWaiting):
			told = StatusWaiting
		}
	}
	return told
}

// Conversation is one matter with one customer, as a list shows it: the
// preview and the counts stand here so that a list never reads messages.
type Conversation struct {
	ID           ConversationID
	Account      AccountID
	Key          SharedKey
	Subject      string
	Customer     Address
	Language     string // BCP 47 of the customer's newest message, "" when unknown
	Status       Status
	SnoozedUntil time.Time
	Labels       []string
	WaitingSince time.Time // since when the customer waits for us; zero when they don't
	LastAt       time.Time // server's date of the newest message
	LastMessage  MessageID
	Preview      string // of the newest message, ≤200 characters
	Messages     int
	Unread       int
	Files        int
	DraftID      DraftID // this device's open draft, "" when none
	Mark         Mark    // the most urgent thing about outgoing work here
}

// Mark is what a list row says about outgoing work, most urgent first in
// DESIGN.md's order.
type Mark string

// The marks. MarkWaits is a queued reply whose time to take back has passed.
const (
	MarkNone      Mark = ""
	MarkDraft     Mark = "draft"
	MarkQueued    Mark = "queued"
	MarkWaits     Mark = "waits"
	MarkSending   Mark = "sending"
	MarkUncertain Mark = "uncertain"
	MarkHeld      Mark = "held"
	MarkNeedsYou  Mark = "needs_you"
)

// Same compares two addresses as mail systems do: without regard to case, in
// practice also in the local part (RFC 5321 2.4 allows otherwise, nobody does).
func (a Address) Same(b Address) bool {
	return a.Addr != "" && strings.EqualFold(a.Addr, b.Addr)
}
