package app

import "context"

// opening is a desk on its way: the window stands at once, the store may take
// a moment (a migration), and calls from the screen wait here.
type opening struct {
	ctx  context.Context // ends with the program
	done chan struct{}   // closed when desk or err is set
	desk *Desk
	err  error
}

func newOpening(ctx context.Context) *opening {
	return &opening{ctx: ctx, done: make(chan struct{})}
}

func (o *opening) finish(d *Desk, err error) {
	o.desk, o.err = d, err
	close(o.done)
}
