package outbox

import (
	"context"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// Store is what the outbox keeps its book in.
type Store interface {
	Queue
	Journal
	Conversations
	Filings
	Account(ctx context.Context, id desk.AccountID) (desk.Account, error)
	SetAccountState(ctx context.Context, id desk.AccountID, st desk.AccountState) error
	NoteLine(ctx context.Context, e store.LineEvent) error
}

// Queue holds the ops and refuses every illegal step.
type Queue interface {
	Op(ctx context.Context, id desk.OpID) (desk.Op, error)
	ExpiredOps(ctx context.Context, a desk.AccountID, now time.Time) (late []desk.Op, next time.Time, err error)
	DueOps(ctx context.Context, a desk.AccountID, now time.Time, limit int) (due []desk.Op, next time.Time, err error)
	MoveOp(ctx context.Context, m store.Move) (desk.Op, error)
	CancelOp(ctx context.Context, id desk.OpID, drop bool) (desk.Draft, error)
}

// Journal is written before anything is done.
type Journal interface {
	StartAttempt(ctx context.Context, id desk.OpID, boot string) (desk.Op, error)
	MarkFinal(ctx context.Context, id desk.OpID) error
	Attempts(ctx context.Context, id desk.OpID) ([]desk.Attempt, error)
}

// Conversations tell the guard what is new.
type Conversations interface {
	NewSince(ctx context.Context, c desk.ConversationID, base desk.MessageID) ([]desk.Message, error)
	Messages(ctx context.Context, id desk.ConversationID) ([]desk.Message, error)
	ClosedElsewhere(ctx context.Context, op desk.OpID) (bool, error)
}

// Filings remember which sent replies still miss their copy among the sent
// mail, and which copies may be there though nobody saw them.
type Filings interface {
	Unfiled(ctx context.Context, a desk.AccountID, since time.Time, limit int) ([]desk.Op, error)
	BeginFiling(ctx context.Context, id desk.OpID) error
	RetractFiling(ctx context.Context, id desk.OpID) error
	MarkFiled(ctx context.Context, id desk.OpID, c desk.Copy) error
}

var _ Store = (*store.Store)(nil)

// Recoverer settles what the last run left in the middle.
type Recoverer interface {
	RecoverOps(ctx context.Context, boot string) ([]desk.Op, error)
}

// Recover must be called once, before any Run: an attempt that the last run
// didn't finish provably did nothing if it never came to its final mark, and may
// have done everything if it did.
func Recover(ctx context.Context, s Recoverer, boot string) ([]desk.Op, error) {
	return s.RecoverOps(ctx, boot)
}
