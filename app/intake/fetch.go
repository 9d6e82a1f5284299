package intake

import (
	"context"
	"errors"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// chunkSize is what is asked for and stored at a time; between two chunks
// everything else may overtake a file.
const chunkSize = 32 << 10

// Fetch downloads an attachment from where it stands until it is whole. It
// makes way for everything else on the line, waits out a broken line, and may
// be stopped by ctx and called again; what came is kept. Two calls for one file
// share the work. Unless the person said so (anyway), it stops where MayFetch
// would ask.
func (in *Intake) Fetch(ctx context.Context, id desk.AttachmentID, anyway bool) error {
	release, err := in.claimFile(ctx, id)
	if err != nil {
		return err
	}
	defer release()
	failures := 0
	for {
		back := in.returned()
		whole, err := in.fetchTurn(ctx, id, anyway)
		switch {
		case ctx.Err() != nil:
			return desk.E(desk.KindCancelled, "fetch file", ctx.Err())
		case err == nil && whole:
			return nil
		case err == nil:
			failures = 0 // it made way
			continue
		case !mayPass(err):
			return err
		}
		failures++
		select {
		case <-ctx.Done():
		case <-back:
		case <-time.After(source.Patience(failures)):
		}
	}
}

// mayPass tells an error that waiting mends from one that it doesn't.
func mayPass(err error) bool {
	if errors.Is(err, errNotInUse) {
		return true
	}
	switch desk.KindOf(err) {
	case desk.KindOffline, desk.KindInternal:
		return true
	default:
		return false
	}
}

// claimFile keeps two downloads of one file from writing over each other.
func (in *Intake) claimFile(ctx context.Context, id desk.AttachmentID) (release func(), err error) {
	for {
		in.mu.Lock()
		busy, taken := in.files[id]
		if !taken {
			mine := make(chan struct{})
			in.files[id] = mine
			in.mu.Unlock()
			return func() {
				in.mu.Lock()
				delete(in.files, id)
				in.mu.Unlock()
				close(mine)
			}, nil
		}
		in.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, desk.E(desk.KindCancelled, "fetch file", ctx.Err())
		}
	}
}

// fetchTurn goes on with the file while nobody else wants the line.
func (in *Intake) fetchTurn(ctx context.Context, id desk.AttachmentID, anyway bool) (whole bool, err error) {
	if !anyway {
		if err := in.MayFetch(ctx); err != nil {
			return false, err
		}
	}
	t, err := in.line.take(ctx, forFile)
	if err != nil {
		return false, err
	}
	defer t.give()
	file, err := in.o.Store.Attachment(ctx, id)
	if err != nil {
		return false, err
	}
	if file.Have > 0 && file.Have >= file.Size {
		return true, nil
	}
	places, err := in.o.Store.Remotes(ctx, file.Message)
	if err != nil {
		return false, err
	}
	if err := in.connect(ctx); err != nil {
		return false, err
	}
	err = desk.E(desk.KindNotFound, "fetch file", nil)
	for _, at := range places {
		if whole, err = in.fetchFrom(ctx, &chunks{in: in, ctx: ctx, turn: t, anyway: anyway}, at, file); desk.KindOf(err) != desk.KindNotFound {
			break
		}
	}
	return whole, err
}

// errMadeWay is what our own writer breaks a download off with.
var errMadeWay = errors.New("somebody more urgent needs the line")

// fetchFrom streams the file from one of the places it lies at.
func (in *Intake) fetchFrom(ctx context.Context, w *chunks, at desk.RemoteRef, file desk.Attachment) (bool, error) {
	w.file, w.have = file.ID, file.Have
	from := file.Have
	if w.resumes = in.caps.Can(source.RangeFetch); !w.resumes {
		w.skip, from = file.Have, 0
	}
	var total int64
	err := in.shielded("fetch file", func() (err error) {
		total, err = in.o.Source.Fetch(ctx, at, file.Part, from, w)
		return err
	})
	if keep := w.flush(); err == nil {
		err = keep
	}
	switch {
	case errors.Is(w.failed, errSpent):
		return false, w.failed
	case w.failed != nil && !errors.Is(w.failed, errMadeWay):
		return false, in.cantStore("store file", w.failed)
	case w.failed != nil:
		return false, nil
	case err == nil:
		if err := in.o.Store.AppendBlob(ctx, file.ID, w.have, nil, max(total, w.have)); err != nil {
			return false, in.cantStore("store file", err)
		}
		if in.answered(ctx, in.now(), keptNothing) {
			in.Wake()
		}
		return true, nil
	case ctx.Err() == nil && !mayPass(err):
		return false, err // an answer, if not a good one: the line is whole
	default:
		return false, in.broken(ctx, "fetch file", err)
	}
}

// chunks stores what is written to it in whole chunks and breaks off between
// two of them when somebody more urgent waits.
type chunks struct {
	in      *Intake
	ctx     context.Context
	turn    *turn
	file    desk.AttachmentID
	have    int64 // what is stored
	skip    int64 // what lies here already and comes again
	resumes bool
	anyway  bool // whatever it costs
	buf     []byte
	failed  error // why it was broken off here
}

// Write implements io.Writer.
func (c *chunks) Write(b []byte) (int, error) {
	n := len(b)
	if c.failed != nil {
		return 0, c.failed
	}
	if c.skip > 0 {
		cut := min(c.skip, int64(len(b)))
		c.skip -= cut
		b = b[cut:]
	}
	c.buf = append(c.buf, b...)
	if len(c.buf) < chunkSize {
		return n, nil
	}
	if err := c.flush(); err != nil {
		return 0, err
	}
	if !c.anyway && c.in.spent(c.ctx) {
		c.failed = errSpent
		return 0, c.failed
	}
	// Without a resumable source making way would mean to begin again.
	if c.resumes && c.turn.mustYield() {
		c.failed = errMadeWay
		return 0, c.failed
	}
	return n, nil
}

// flush stores what is held, also when the download was stopped: it was paid
// for.
func (c *chunks) flush() error {
	if len(c.buf) == 0 {
		return nil
	}
	err := c.in.o.Store.AppendBlob(context.WithoutCancel(c.ctx), c.file, c.have, c.buf, 0)
	if err != nil {
		c.failed, c.buf = err, nil
		return err
	}
	c.have += int64(len(c.buf))
	c.buf = c.buf[:0]
	return nil
}
