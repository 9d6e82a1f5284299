package intake

import (
	"context"
	"io"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// Source is what intake needs of an account.
type Source interface {
	// Open connects and signs in, and says what the account can do. It is
	// called again after every broken line. An identity other than the stored
	// one is for the caller to refuse.
	Open(ctx context.Context) (source.Session, error)

	// Pull returns the changes after req.Cursor: new heads newest first, then
	// texts newest first, then changed flags and vanished messages, then older
	// heads back to req.Since. Overlap is fine, gaps are not.
	Pull(ctx context.Context, req source.PullRequest) (source.Page, error)

	// Watch blocks and calls hint whenever something may have changed. Hints
	// carry nothing of record: losing or repeating them is harmless. It returns
	// when ctx ends or the line breaks.
	Watch(ctx context.Context, hint func()) error

	// Fetch streams a part's bytes as they lie on the server, from offset, and
	// says how large the part is there.
	Fetch(ctx context.Context, at desk.RemoteRef, part string, offset int64, w io.Writer) (total int64, err error)

	// Close drops the line at once; a later Open makes a new one.
	Close() error
}
