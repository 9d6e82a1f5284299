package app

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"fernpost/store/desk"
)

// openWait is how long a call from the screen waits for the store: longer than
// it takes to open, shorter than a person looks at an empty window.
const openWait = 2 * time.Second

// mendings is how often a store is mended in one run: a disk that damages it more
// often can't be worked on, and each time costs its mail once over the line.
const mendings = 3

// opening is a desk on its way: the window stands at once, the store may take
// a moment (a migration), and calls from the screen wait here. A store that
// turns out to be damaged is closed and opened again, which mends it.
type opening struct {
	ctx   context.Context // ends with the program
	mu    sync.Mutex
	round *round
	part  atomic.Int64 // of the migration that runs, in thousandths
}

// round is one opening.
type round struct {
	done chan struct{} // closed when desk or err is set
	desk *Desk
	err  error
}

func newOpening(ctx context.Context) *opening {
	return &opening{ctx: ctx, round: &round{done: make(chan struct{})}}
}

func (o *opening) current() *round {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.round
}

func (o *opening) finish(d *Desk, err error) {
	r := o.current()
	r.desk, r.err = d, err
	close(r.done)
}

// keep opens the desk, and again whenever its store is damaged, until stop is
// closed. It closes what it has opened.
func (o *opening) keep(open func() (*Desk, error), stop <-chan struct{}) error {
	for mended := 0; ; mended++ {
		if mended > mendings {
			err := desk.E(desk.KindDamaged, "open store", nil)
			o.finish(nil, err)
			return err
		}
		d, err := open()
		if err != nil {
			slog.Error("desk does not open", "kind", string(desk.KindOf(err)), "doing", errorOp(err))
		}
		o.finish(d, err)
		if err != nil {
			return err
		}
		select {
		case <-stop:
			return d.Close()
		case <-d.store.Hurt():
		}
		o.mu.Lock()
		o.round = &round{done: make(chan struct{})}
		o.part.Store(0)
		o.mu.Unlock()
		if err := d.Close(); err != nil { // a damaged database may not close well
			slog.Warn("close desk", "kind", string(desk.KindOf(err)))
		}
	}
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
	r := o.current()
	timer := time.NewTimer(openWait)
	defer timer.Stop()
	select {
	case <-r.done:
		return r.desk, r.err
	case <-o.ctx.Done():
		return nil, desk.E(desk.KindCancelled, doing, o.ctx.Err())
	case <-timer.C:
		return nil, desk.E(desk.KindOpening, doing, nil)
	}
}

// now gives the desk when it is open, nil when it isn't; it never waits.
func (o *opening) now() *Desk {
	r := o.current()
	select {
	case <-r.done:
		return r.desk
	default:
		return nil
	}
}

// view tells the screen how far it is; it never waits.
func (o *opening) view() OpeningView {
	select {
	case <-o.current().done:
		return OpeningView{Done: true, Part: 1}
	default:
		return OpeningView{Part: float64(o.part.Load()) / 1000}
	}
}
