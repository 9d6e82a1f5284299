package app

import (
	"context"
	"sync/atomic"
	"time"

	"fernpost/store/desk"
)

// openWait is how long a call from the screen waits for the store: longer than
// it takes to open, shorter than a person looks at an empty window.
const openWait = 2 * time.Second

// opening is a desk on its way: the window stands at once, the store may take
// a moment (a migration), and calls from the screen wait here.
type opening struct {
	ctx  context.Context // ends with the program
	done chan struct{}   // closed when desk or err is set
	desk *Desk
	err  error
	part atomic.Int64 // of the migration that runs, in thousandths
}

func newOpening(ctx context.Context) *opening {
	return &opening{ctx: ctx, done: make(chan struct{})}
}

func (o *opening) finish(d *Desk, err error) {
	o.desk, o.err = d, err
	close(o.done)
}

// migrating takes how far a migration is.
func (o *opening) migrating(_ string, done, total int64) {
	if total > 0 {
		o.part.Store(min(done*1000/total, 1000))
	}
}

// wait gives the desk once it is open, the error if it can't be opened, or kind
// opening while an update still changes the store.
func (o *opening) wait() (*Desk, error) {
	const doing = "wait for the store"
	timer := time.NewTimer(openWait)
	defer timer.Stop()
	select {
	case <-o.done:
		return o.desk, o.err
	case <-o.ctx.Done():
		return nil, desk.E(desk.KindCancelled, doing, o.ctx.Err())
	case <-timer.C:
		return nil, desk.E(desk.KindOpening, doing, nil)
	}
}

// view tells the screen how far it is; it never waits.
func (o *opening) view() OpeningView {
	select {
	case <-o.done:
		return OpeningView{Done: true, Part: 1}
	default:
		return OpeningView{Part: float64(o.part.Load()) / 1000}
	}
}
