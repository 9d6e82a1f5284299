package outbox

import (
	"context"

	"fernpost/app/source"
)

// Sink is what the outbox needs of an account. Its methods are called for
// different ops at the same time, never twice at once for the same op. One that
// also is a Filer is asked to file copies.
type Sink interface {
	// Submit makes exactly one attempt to produce the submission's effect. It
	// answers Unknown whenever the effect may have happened, NotApplied only
	// when it provably did not. It calls j.Final before the point of no return.
	Submit(ctx context.Context, s source.Submission, j source.Journal) source.Outcome

	// Locate looks for the submission's effect without causing it.
	Locate(ctx context.Context, s source.Submission) (source.Finding, error)
}

// Freezer makes payloads; it needs no network. Rendering a payload gives the
// same bytes at every attempt, on every later version of the program.
type Freezer interface {
	FreezeReply(r source.Reply) (source.Frozen, error)
	FreezeStatus(c source.StatusChange) (source.Frozen, error)
}

// Head brings the newest heads of an account in before a reply leaves, so that
// the guard judges by what stands on the server now. Intake does it.
type Head interface {
	CatchUp(ctx context.Context) error
}
