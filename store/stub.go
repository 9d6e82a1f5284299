package store

// SIGNATURES agreed between the packages. The store's builder moves each into
// its own file with its real body and deletes this file.

import (
	"context"
	"io"
	"time"

	"fernpost/store/desk"
)

// --- open.go, migrate.go, lock.go, folder.go, backup.go

type Options struct {
	Dir      string
	Clock    desk.Clock                           // nil: time.Now
	Progress func(step string, done, total int64) // during migrations; may be nil
	ReadOnly bool                                 // doctor and inspect beside a running window: no lock, no migration, no writer
}
type Store struct{}

// Open locks DIR (kind locked if taken), creates or migrates main.db and
// blobs.db, and runs quick_check in the background after an unclean exit.
func Open(ctx context.Context, o Options) (*Store, error) { panic("stub") }
func (s *Store) Close() error                             { panic("stub") }

// DefaultDir is where data lies: FERNPOST_DATA, XDG data, %LOCALAPPDATA%, Application Support.
func DefaultDir() (string, error) { panic("stub") }

// FolderWarning says why DIR is a poor place ("network", "cloud"), or "".
func FolderWarning(dir string) string { panic("stub") }

// Health is what doctor reads.
type Health struct {
	Dir, Warning                     string
	Schema                           int
	MainBytes, BlobBytes, FreeBytes  int64
	Conversations, Messages, OpsOpen int64
	Check                            string // "ok", or SQLite's first finding; only when deep
	Unclean                          bool
	Private                          bool // mode 0700 (always true on Windows)
}

func (s *Store) Health(ctx context.Context, deep bool) (Health, error) { panic("stub") }
func (s *Store) BackupTo(ctx context.Context, path string) error       { panic("stub") }

// --- change.go: every commit that a screen could see is announced, after the commit.

// Change names what a commit touched. Ops: the outbox changed. Accounts: an account or the line's facts changed.
type Change struct {
	Seq                     int64
	Conversations           []desk.ConversationID
	Ops, Accounts, Settings bool
}

// Subscribe calls fn after each commit, in order, on the committing goroutine: fn must not block or call the store.
func (s *Store) Subscribe(fn func(Change)) (cancel func()) { panic("stub") }

// --- accounts.go
func (s *Store) PutAccount(ctx context.Context, a desk.Account) error                 { panic("stub") }
func (s *Store) Account(ctx context.Context, id desk.AccountID) (desk.Account, error) { panic("stub") }
func (s *Store) Accounts(ctx context.Context) ([]desk.Account, error)                 { panic("stub") }
func (s *Store) SetAccountState(ctx context.Context, id desk.AccountID, st desk.AccountState) error {
	panic("stub")
}

// --- settings.go, secrets.go (secrets sealed with XChaCha20-Poly1305 under the profile key; name and account as associated data)
func (s *Store) Setting(ctx context.Context, key, fallback string) (string, error) { panic("stub") }
func (s *Store) PutSetting(ctx context.Context, key, value string) error           { panic("stub") }
func (s *Store) PutSecret(ctx context.Context, key [32]byte, name, value string) error {
	panic("stub")
}
func (s *Store) Secret(ctx context.Context, key [32]byte, name string) (string, error) {
	panic("stub")
}

// --- cursors.go and incoming.go

// Cursor gives the stored cursor (nil at first) and when the account last answered.
func (s *Store) Cursor(ctx context.Context, a desk.AccountID) (cursor []byte, verified time.Time, err error) {
	panic("stub")
}

// Page is what intake stores in one transaction with its cursor.
type Page struct {
	Account  desk.AccountID
	Items    []desk.Arrival
	Cursor   []byte
	Reset    []string  // scopes whose epoch is gone
	Verified time.Time // when the server answered
}

// Apply stores a page: upserts messages, binds remote ids, threads and merges
// conversations (any order of arrival gives the same result), reopens waiting,
// snoozed and done for a customer's message (not for bounce/auto/list), marks
// ops reconciled-by-copy (links op to message by OpID or HeaderID), moves the
// cursor. Replaying a page changes nothing and announces nothing.
func (s *Store) Apply(ctx context.Context, p Page) (Applied, error) { panic("stub") }

type Applied struct {
	New     int // messages that were not here before
	Texts   int
	Changed int
	OpsSeen []desk.OpID // ops whose copy was seen on the server in this page
}

// --- conversations.go

type View string

const (
	ViewInbox   View = "inbox"
	ViewWaiting View = "waiting"
	ViewSnoozed View = "snoozed"
	ViewDone    View = "done"
	ViewDrafts  View = "drafts"
	ViewSpam    View = "spam"
)

type Order string

const (
	OrderLongest Order = "longest" // longest waiting customer first, then the others newest first
	OrderNewest  Order = "newest"
)

type ListQuery struct {
	Account desk.AccountID // "" for all
	View    View
	Order   Order
	After   string // opaque place in the list, from ListPage.Next
	Limit   int
}
type ListPage struct {
	Rows  []desk.Conversation
	Next  string // "" at the end
	Total int    // from the counters, not from counting
}

func (s *Store) List(ctx context.Context, q ListQuery) (ListPage, error) { panic("stub") }
func (s *Store) Conversation(ctx context.Context, id desk.ConversationID) (desk.Conversation, error) {
	panic("stub")
}

// ConversationByKey follows aliases.
func (s *Store) ConversationByKey(ctx context.Context, a desk.AccountID, key desk.SharedKey) (desk.Conversation, error) {
	panic("stub")
}

// Messages of a conversation, oldest first, with attachments.
func (s *Store) Messages(ctx context.Context, id desk.ConversationID) ([]desk.Message, error) {
	panic("stub")
}
func (s *Store) Message(ctx context.Context, id desk.MessageID) (desk.Message, error) {
	panic("stub")
}

// Remotes gives all places of a message on its server.
func (s *Store) Remotes(ctx context.Context, id desk.MessageID) ([]desk.RemoteRef, error) {
	panic("stub")
}

// MarkRead sets read here (never \Seen on the server).
func (s *Store) MarkRead(ctx context.Context, id desk.ConversationID) error { panic("stub") }

// Counters of the views, and ops that wait or need a person.
type Counters struct {
	Inbox, InboxUnread, Waiting, Snoozed, Done, Drafts, Outbox, NeedYou int
	Languages                                                           map[string]int // open conversations per language
}

func (s *Store) Counters(ctx context.Context) (Counters, error) { panic("stub") }

// SetStatus sets the desk's status locally and queues its op, in one transaction (op may be nil: no server keeps it).
func (s *Store) SetStatus(ctx context.Context, id desk.ConversationID, st desk.Status, op *desk.Op) error {
	panic("stub")
}

// --- drafts.go (50 revisions kept)

// SaveDraft writes a revision. d.ID "" makes a new draft (one per conversation and device); it returns the stored draft. Kind conflict when an op holds it.
func (s *Store) SaveDraft(ctx context.Context, d desk.Draft) (desk.Draft, error) { panic("stub") }
func (s *Store) Draft(ctx context.Context, id desk.DraftID) (desk.Draft, error)  { panic("stub") }

// DraftOf gives this device's open draft of a conversation (kind not_found when none).
func (s *Store) DraftOf(ctx context.Context, c desk.ConversationID) (desk.Draft, error) {
	panic("stub")
}
func (s *Store) DropDraft(ctx context.Context, id desk.DraftID) error { panic("stub") }
func (s *Store) DraftRevisions(ctx context.Context, id desk.DraftID) ([]desk.Draft, error) {
	panic("stub")
}

// --- ops.go, attempts.go

// QueueReply inserts the op (state queued), hands it the draft, and sets the conversation's status, in one transaction. Seq is assigned here.
func (s *Store) QueueReply(ctx context.Context, op desk.Op, then desk.Status) (desk.Op, error) {
	panic("stub")
}
func (s *Store) Op(ctx context.Context, id desk.OpID) (desk.Op, error) { panic("stub") }

// OpenOps gives every unfinished op, most urgent first (needs_you, held, uncertain, sending, queued), then by age.
func (s *Store) OpenOps(ctx context.Context) ([]desk.Op, error) { panic("stub") }

// OpsOf gives a conversation's ops that no message shows yet.
func (s *Store) OpsOf(ctx context.Context, c desk.ConversationID) ([]desk.Op, error) { panic("stub") }

// SentSince gives ops that were sent or reconciled since t, newest first.
func (s *Store) SentSince(ctx context.Context, t time.Time) ([]desk.Op, error) { panic("stub") }

// DueOps gives what may move now for an account: queued ops past UndoUntil and NextAt with no earlier unfinished op
// of the same conversation and lane, and uncertain ops past NextAt; oldest first. next is when the next one falls due (zero: none).
func (s *Store) DueOps(ctx context.Context, a desk.AccountID, now time.Time, limit int) (due []desk.Op, next time.Time, err error) {
	panic("stub")
}

// Move is one legal step of an op. From must be the present state, else kind conflict.
type Move struct {
	ID       desk.OpID
	From, To desk.OpState
	Reason   desk.Reason
	Detail   string
	NextAt   time.Time
	Receipt  desk.Receipt
	PersonOK bool           // set (never cleared) by a person's decision
	Base     desk.MessageID // moved forward when a person agrees to what is new; 0 keeps it
	Look     bool           // counts one more look
}

// MoveOp makes the step; a running attempt gets its end row in the same transaction.
func (s *Store) MoveOp(ctx context.Context, m Move) (desk.Op, error) { panic("stub") }

// StartAttempt moves queued → sending and journals the phase, in one synced transaction.
func (s *Store) StartAttempt(ctx context.Context, id desk.OpID, boot string) (desk.Op, error) {
	panic("stub")
}

// MarkFinal journals `final` for the running attempt, synced.
func (s *Store) MarkFinal(ctx context.Context, id desk.OpID) error { panic("stub") }

// RecoverOps, at start: sending without final → queued; with final → uncertain, due at once. Gives the ops it moved.
func (s *Store) RecoverOps(ctx context.Context, boot string) ([]desk.Op, error) { panic("stub") }

// CancelOp takes a queued op back, or drops a held or needs_you one (drop), and gives the draft back (unless dropped). Kind too_late once sending began.
func (s *Store) CancelOp(ctx context.Context, id desk.OpID, drop bool) (desk.Draft, error) {
	panic("stub")
}
func (s *Store) Attempts(ctx context.Context, id desk.OpID) ([]desk.Attempt, error) { panic("stub") }

// NewSince gives messages of the conversation newer than base that are not the effect of op: the guard's question.
func (s *Store) NewSince(ctx context.Context, c desk.ConversationID, base desk.MessageID) ([]desk.Message, error) {
	panic("stub")
}

// --- search.go

type SearchQuery struct {
	Text  string
	After desk.MessageID // only older than this; 0 from the newest
	Limit int
}
type Hit struct {
	Message      desk.MessageID
	Conversation desk.Conversation
	Snippet      string // plain text; marked words stand between U+0002 and U+0003
	At           time.Time
}

func (s *Store) Search(ctx context.Context, q SearchQuery) ([]Hit, error) { panic("stub") }

// --- blobs.go: chunks of 32 KiB in blobs.db, written in order, resumable at Have.
func (s *Store) Attachment(ctx context.Context, id desk.AttachmentID) (desk.Attachment, error) {
	panic("stub")
}

// AppendBlob appends bytes at offset (must equal Have) and counts up Have. total corrects Size.
func (s *Store) AppendBlob(ctx context.Context, id desk.AttachmentID, offset int64, b []byte, total int64) error {
	panic("stub")
}

// ReadBlob reads what is here, as it lay on the wire.
func (s *Store) ReadBlob(ctx context.Context, id desk.AttachmentID) (io.ReadSeekCloser, error) {
	panic("stub")
}

// --- line.go: the line's day (answered / no answer / sent) and bytes per day and kind.
type LineEvent struct {
	Account desk.AccountID
	At      time.Time
	Kind    string // answered, lost, sent
}

func (s *Store) NoteLine(ctx context.Context, e LineEvent) error { panic("stub") }
func (s *Store) LineSince(ctx context.Context, a desk.AccountID, t time.Time) ([]LineEvent, error) {
	panic("stub")
}

// CountBytes adds to today's meter. kind: replies, text, looking, files.
func (s *Store) CountBytes(ctx context.Context, a desk.AccountID, kind string, n int64) error {
	panic("stub")
}
func (s *Store) BytesToday(ctx context.Context) (map[string]int64, error) { panic("stub") }

// Oldest gives the server's date of the oldest message here (zero: none): how far back search reaches.
func (s *Store) Oldest(ctx context.Context) (time.Time, error) { panic("stub") }

// HasSecrets tells whether anything is sealed here: then a missing profile key is an error, never a reason for a new one.
func (s *Store) HasSecrets(ctx context.Context) (bool, error) { panic("stub") }
