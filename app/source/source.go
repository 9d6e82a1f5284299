// Package source holds the words that every source shares: what comes in
// (pages of arrivals), what goes out (ops and their outcomes), and what an
// account can do. A source is the code that speaks to one kind of account
// (mail, later helpdesks). The interfaces stand with their callers, in intake
// and outbox; the contract suite in sourcetest is what every source must pass.
//
// The engines own durability, order, retries, timers and secrets. A source
// owns one thing: turning one call into one exchange with the server, and
// saying honestly what is known afterwards. Every method returns promptly when
// its context ends, and none repeats a write by itself.
package source

import (
	"context"
	"io"
	"time"

	"fernpost/store/desk"
)

// Flag is one thing an account can do, learnt at Open and never assumed from
// the kind of account: two IMAP servers differ more than IMAP and JMAP.
type Flag uint64

// The flags.
const (
	Push        Flag = 1 << iota // Watch gives hints; otherwise intake polls
	LocateExact                  // Locate can prove absence
	RangeFetch                   // Fetch honours its offset
	Tags                         // keywords are kept by the server
	SavesSent                    // the server itself files what we send
)

// Caps is what this account can do today.
type Caps struct {
	Has        Flag
	Settle     time.Duration // after this, Absent from Locate is final (with LocateExact)
	CommitWait time.Duration // how long Submit may wait for the final answer
	MaxUpload  int64         // bytes, 0 when the server doesn't say
}

// Can tells whether the account has every flag of f.
func (c Caps) Can(f Flag) bool { return c.Has&f == f }

// Session is what Open learnt.
type Session struct {
	Caps     Caps
	Identity string // who the server says this mailbox is; another one is refused
}

// The keywords that carry a conversation's status on a server with Tags. Every
// agent's Fernpost reads and sets the same ones.
const (
	KeywordDone    = desk.KeywordDone
	KeywordWaiting = desk.KeywordWaiting
)

// Secrets gives passwords and tokens by name, unsealed only for the call.
type Secrets interface {
	Secret(ctx context.Context, name string) (string, error)
}

// Cursor says how far Pull has come. Only its source can read it.
type Cursor []byte

// PullRequest asks for the next page after Cursor.
type PullRequest struct {
	Cursor Cursor
	// Focus is the conversation on screen: its texts come first.
	Focus []desk.RemoteRef
	// HeadsOnly asks for what is new and nothing else: the look before a reply
	// leaves. It costs a few hundred bytes when nothing is new.
	HeadsOnly bool
	// Since is the horizon: older messages are not asked for. Zero means all.
	Since time.Time
	// TextOnly leaves HTML out where there is plain text beside it.
	TextOnly bool
	// Limit bounds the arrivals of one page; 0 lets the source choose.
	Limit int
	// TextHere gives those of some stable keys (desk.Arrival.Stable) whose text
	// is here: after a new numbering, or for the second copy of a mail, it isn't
	// fetched again. nil knows of none. It is asked while Pull runs.
	TextHere func(stable []string) map[string]bool
}

// SearchRequest asks the server for mail that lies there and isn't here.
type SearchRequest struct {
	Cursor Cursor
	Text   string // words and "phrases", all of which must be there
	Among  Among  // what else must hold
	Limit  int    // how many are still wanted
	Place  string // where to go on, from the page before; "" from the newest
	// TextOnly leaves HTML out where there is plain text beside it.
	TextOnly bool
}

// Among narrows a search: every text must stand in its field (To: or in Cc).
// Servers count days in their own time zones, so that a day more may be found at
// either end.
type Among struct {
	From, To, Subject []string
	Since, Before     time.Time // zero for any
}

// Empty tells that nothing else must hold.
func (a Among) Empty() bool {
	return len(a.From)+len(a.To)+len(a.Subject) == 0 && a.Since.IsZero() && a.Before.IsZero()
}

// SearchPage is what one step of a search brought: heads with their texts, to be
// stored like any other page.
type SearchPage struct {
	Page
	Hits  int
	Place string // for the next request, "" at the end
}

// Page is what came. The engine stores Items and Next in one transaction.
// Pull is at-least-once: overlap is fine, gaps are not.
type Page struct {
	Items []desk.Arrival
	Next  Cursor
	More  bool // call again at once
	// Reach is back to which day everything within Since is here, and Left how
	// many heads are still to come. Zero: unknown, or nothing is left.
	Reach time.Time
	Left  int
	// Reset names scopes whose epoch is gone (UIDVALIDITY changed, folder
	// vanished, server restored). The engine forgets their remote ids, binds
	// again by Stable, and deletes no local work.
	Reset []string
}

// Verdict is what is known after one attempt.
type Verdict string

// The verdicts. When in doubt a source says Unknown.
const (
	Applied    Verdict = "applied"     // the server said yes
	NotApplied Verdict = "not_applied" // provably nothing happened: safe to repeat
	Unknown    Verdict = "unknown"     // it may have happened: look before anything else
	Conflict   Verdict = "conflict"    // a guard on the server failed; nothing happened
	Refused    Verdict = "refused"     // the server said no for good; a person must act
	AuthNeeded Verdict = "auth_needed" // the person must sign in; nothing happened
	Throttled  Verdict = "throttled"   // nothing happened; After says when
)

// Outcome is the answer of Submit.
type Outcome struct {
	Verdict Verdict
	Reason  desk.Reason // for Refused: which sentence the screen says
	Receipt desk.Receipt
	After   time.Duration // for Throttled
	Detail  string        // the server's own words, for the agent; no address in it
	Bytes   int64         // that went over the wire
}

// FindState is the answer of Locate.
type FindState string

// The find states. NotSeen proves nothing.
const (
	Found   FindState = "found"
	Absent  FindState = "absent" // proof, only with LocateExact and after Settle
	NotSeen FindState = "not_seen"
)

// Finding is what Locate saw.
type Finding struct {
	State   FindState
	Receipt desk.Receipt
}

// Submission is one frozen op on its way. Payload is what Freeze made: the
// same bytes at every attempt.
type Submission struct {
	ID       desk.OpID
	Kind     desk.OpKind
	Payload  []byte
	FirstTry time.Time // when the first attempt began: where a search starts
	LastTry  time.Time // when the newest attempt began: what Settle counts from
}

// Journal is how a source tells the outbox where an attempt stands, while it
// runs. If Final returns an error the source must break off without sending
// the last byte: nothing may happen that isn't written down first.
type Journal interface {
	// Final is called once, just before the act that can't be taken back (in
	// SMTP: the closing dot). It returns when the mark is synced to disk.
	Final(ctx context.Context) error
	// Progress may be called often; it costs nothing.
	Progress(done, total int64)
}

// Filing is a try to put a reply's copy among the sent mail. The server can't
// tell two copies of one mail apart, so that one whose end nobody saw is only
// looked for.
type Filing struct {
	Submission
	// Begun says that an earlier try came to the act that can't be taken back,
	// and that nobody saw how it ended.
	Begun bool
	// Begin is called just before that act (in IMAP: the last bytes of an APPEND,
	// or a COPY), a second time only after the server said no, and never where
	// Begun is set. It returns when the mark is synced to disk; if it fails the
	// source must break off.
	Begin func(ctx context.Context) error
}

// Reply is what an agent wants to have sent, before it is frozen.
type Reply struct {
	OpID        desk.OpID
	Date        time.Time
	From        desk.Address
	ReplyTo     []desk.Address // where answers go, when not to From
	To, Cc, Bcc []desk.Address
	Subject     string
	Text        string
	Rich        string // the same text with its form, as mailtext.Rich writes it; "" when it has none
	Quote       *Quote // the mail below the text, nil for none
	Files       []File
	InReplyTo   string   // Message-ID without <>, "" for a new conversation
	References  []string // without <>, oldest first, ending in InReplyTo
	Language    string
}

// Quote is a mail that stands below the text of another.
type Quote struct {
	Head     string // the lines above it: "On … wrote:"
	Text     string
	PassedOn bool // a forwarded mail: its text isn't marked as quoted
}

// File leaves with a reply. Its bytes are read at every attempt, by their
// digest: they must stay as long as the op may need them.
type File struct {
	SHA    [32]byte // SHA-256
	Size   int64
	Name   string
	Type   string // media type
	Number int64  // as Rich names it, when it is a picture in the text
	Inline bool
}

// Blobs gives the bytes of files by their digest.
type Blobs interface {
	Blob(ctx context.Context, sha [32]byte) (io.ReadCloser, error)
}

// StatusChange is what a status op carries, before it is frozen.
type StatusChange struct {
	OpID     desk.OpID
	Messages []desk.RemoteRef // the newest customer message, in all its places
	Status   desk.Status
}

// Frozen is a payload and what the outbox shows of it.
type Frozen struct {
	Payload []byte
	Bytes   int64 // roughly what it will cost on the wire
}
