package intake

import (
	"context"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// Store is what intake keeps things in.
type Store interface {
	Accounts
	Pages
	Texts
	Files
}

// Accounts tells whether an account may be used, and which mailbox it is.
type Accounts interface {
	Account(ctx context.Context, id desk.AccountID) (desk.Account, error)
	PutAccount(ctx context.Context, a desk.Account) error
	SetAccountState(ctx context.Context, id desk.AccountID, st desk.AccountState) error
	LineChoice(ctx context.Context, id desk.AccountID) (desk.LineChoice, error)
}

// Pages stores what came, each page with its cursor in one transaction.
type Pages interface {
	Cursor(ctx context.Context, a desk.AccountID) (cursor []byte, verified time.Time, err error)
	Apply(ctx context.Context, p store.Page) (store.Applied, error)
	NoteLine(ctx context.Context, e store.LineEvent) error
}

// Texts tells which texts a conversation still waits for.
type Texts interface {
	Messages(ctx context.Context, id desk.ConversationID) ([]desk.Message, error)
	Remotes(ctx context.Context, id desk.MessageID) ([]desk.RemoteRef, error)
	TextsHere(ctx context.Context, account desk.AccountID, stable []string) (map[string]bool, error)
}

// Files holds attachments, as far as they are here.
type Files interface {
	Attachment(ctx context.Context, id desk.AttachmentID) (desk.Attachment, error)
	AppendBlob(ctx context.Context, id desk.AttachmentID, offset int64, b []byte, total int64) error
}

var _ Store = (*store.Store)(nil)
