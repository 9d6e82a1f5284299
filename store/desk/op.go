package desk

import "time"

// OpKind says what an op does on the server.
type OpKind string

// The kinds of op.
const (
	OpReply  OpKind = "reply"  // a public message to the customer
	OpStatus OpKind = "status" // the desk's status of a conversation, as a keyword
)

// Lane keeps order: within one conversation ops of one lane leave in the order
// they were queued, and lanes don't wait for each other.
type Lane string

// The lanes.
const (
	LanePublic   Lane = "public"
	LaneInternal Lane = "internal"
	LaneState    Lane = "state"
)

// OpState is what is known of an op. The database itself refuses any move that
// Next doesn't allow.
type OpState string

// The states; DESIGN.md "What can become of a reply" has the picture.
const (
	OpQueued     OpState = "queued"
	OpSending    OpState = "sending"
	OpUncertain  OpState = "uncertain"  // it may have arrived: look, never resend
	OpSent       OpState = "sent"       // the server said yes
	OpReconciled OpState = "reconciled" // found on the server after an unknown end
	OpHeld       OpState = "held"       // something new stands in the conversation
	OpNeedsYou   OpState = "needs_you"  // only a person can decide
	OpCancelled  OpState = "cancelled"
)

// OpStates lists every state, for tables and tests.
var OpStates = []OpState{
	OpQueued, OpSending, OpUncertain, OpSent, OpReconciled, OpHeld, OpNeedsYou, OpCancelled,
}

// Next lists the legal moves out of a state.
func (s OpState) Next() []OpState {
	switch s {
	case OpQueued:
		return []OpState{OpSending, OpHeld, OpNeedsYou, OpCancelled}
	case OpSending:
		return []OpState{OpQueued, OpSent, OpUncertain, OpNeedsYou}
	case OpUncertain:
		return []OpState{OpReconciled, OpQueued, OpNeedsYou}
	case OpHeld:
		return []OpState{OpQueued, OpCancelled}
	case OpNeedsYou:
		// Found late, a person says it arrived, sends again, or drops it.
		return []OpState{OpReconciled, OpSent, OpQueued, OpCancelled}
	default:
		return nil
	}
}

// Ended tells that nothing more will become of the op.
func (s OpState) Ended() bool { return len(s.Next()) == 0 }

// Reason says why an op is held or needs a person. The screen has a sentence
// for each ("op.reason.<reason>").
type Reason string

// The reasons.
const (
	ReasonNone              Reason = ""
	ReasonColleagueAnswered Reason = "colleague_answered"
	ReasonCustomerWrote     Reason = "customer_wrote"
	ReasonClosed            Reason = "closed"     // a colleague set it to done
	ReasonRefused           Reason = "refused"    // the server said no, for good
	ReasonRecipient         Reason = "recipient"  // the customer's address was refused
	ReasonFull              Reason = "full"       // the customer's mailbox is full
	ReasonSender            Reason = "sender"     // the account may not write as this address
	ReasonPolicy            Reason = "policy"     // against the server's rules
	ReasonLimit             Reason = "limit"      // the account has sent all it may for now
	ReasonTooMany           Reason = "too_many"   // more recipients than the server takes at once
	ReasonUnreadable        Reason = "unreadable" // the frozen op can't be rendered
	ReasonNotSeen           Reason = "not_seen"   // looked for, not found, nothing proves its loss
	ReasonSignIn            Reason = "sign_in"    // waits for the person to sign in
	ReasonTooLarge          Reason = "too_large"  // over the server's limit
	ReasonLineTooShort      Reason = "line"       // last attempt: the line broke, provably before the end
	ReasonThrottled         Reason = "throttled"  // the server asked for patience
	ReasonExpired           Reason = "expired"    // its time was over before it could leave
	ReasonFileGone          Reason = "file_gone"  // a file of it was on a part of the disk that is damaged
)

// Op is one durable outgoing operation. Payload and ID are frozen when it is
// queued: every attempt sends the same bytes under the same identity.
type Op struct {
	ID           OpID
	Account      AccountID
	Conversation ConversationID
	Lane         Lane
	Seq          int64
	Kind         OpKind
	Payload      []byte
	PayloadSHA   [32]byte
	Base         MessageID // newest message the agent had on screen
	Draft        DraftID   // what it was made from; given back when taken back
	State        OpState
	Reason       Reason
	Detail       string // the server's own words, redacted
	Attempts     int
	Looks        int  // how often an uncertain op was looked for
	PersonOK     bool // a person said to send it over what is new, or again
	Final        bool // the journal holds `final` for the running attempt
	UndoUntil    time.Time
	NextAt       time.Time
	SendAt       time.Time // it doesn't leave before; zero: at once
	Until        time.Time // it doesn't leave after; zero: whenever the line allows
	Created      time.Time
	Changed      time.Time
	Receipt      Receipt
	Copy         Copy // its copy among the sent mail
	Filing       bool // such a copy was begun, and nobody saw how that ended
	// For the screen, so that the outbox never decodes a payload.
	To      Address
	Subject string
	Preview string
	Text    string
	Bytes   int64
	Files   []OpFile // what it is queued with; afterwards the store lists them
}

// Copy says how it stands with a reply's copy among the sent mail.
type Copy int

// The copies.
const (
	CopyDue     Copy = iota // to be looked for, and put there
	CopySeen                // nothing is left to do
	CopyMissing             // none was seen, and none is tried any more
)

// Receipt is what the server said of an op's effect.
type Receipt struct {
	RemoteID string
	Version  string
	Detail   string
	At       time.Time
}

// Phase is a journalled point of an attempt.
type Phase string

// The phases, in order.
const (
	PhaseSending Phase = "sending" // before anything leaves
	PhaseFinal   Phase = "final"   // synced, just before the closing dot
	PhaseEnd     Phase = "end"     // what is known afterwards
)

// Attempt is one row of an op's journal.
type Attempt struct {
	Op     OpID
	N      int
	Phase  Phase
	Boot   string // which run of the program
	At     time.Time
	Result string
	Detail string
}
