package intake

import (
	"context"
	"io"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// Source is what intake needs of an account. Open, Pull, Watch and Fetch are
// never called at the same time; Close may be, from anywhere, to end them. Errors
// carry a desk kind: after sign_in the account is paused; after offline, and
// whatever else isn't the server's answer to this one question, the line is
// closed and made again.
type Source interface {
	// Open connects and signs in, and says what the account can do. It is
	// called again after every broken line. An identity other than the stored
	// one is for the caller to refuse.
	Open(ctx context.Context) (source.Session, error)

	// Pull returns the changes after req.Cursor: the texts of req.Focus, new heads
	// newest first, then texts newest first, then changed flags and vanished messages, then older
	// heads back to req.Since. Overlap is fine, gaps are not.
	Pull(ctx context.Context, req source.PullRequest) (source.Page, error)

	// Watch blocks and calls hint whenever something may have changed. Hints
	// carry nothing of record: losing or repeating them is harmless. It returns
	// when ctx ends, which leaves the line good, or when the line breaks.
	Watch(ctx context.Context, hint func()) error

	// Fetch streams a part's bytes as they lie on the server, from offset, and
	// says how large the part is there. When w fails it stops where the next
	// range would begin and leaves the line good. Not found (the message, or the
	// part) is kind not_found.
	Fetch(ctx context.Context, at desk.RemoteRef, part string, offset int64, w io.Writer) (total int64, err error)

	// Close drops the line at once, also when there is none; a later Open makes
	// a new one.
	Close() error
}

// Searcher is a source that can be asked for mail that isn't here. Search is
// never called at the same time as Open, Pull, Watch or Fetch. It makes one step
// at a time; its page is stored like one of Pull's. Refused is what the server
// can't search for.
type Searcher interface {
	Search(ctx context.Context, req source.SearchRequest) (source.SearchPage, error)
}
