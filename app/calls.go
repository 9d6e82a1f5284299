package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"fernpost/store/desk"
)

// callLimit bounds a call from the screen. The store answers in milliseconds;
// a call that takes this long is a defect, and a lost promise helps nobody.
const callLimit = 15 * time.Second

// calls gives every bound method the desk, once it is open, and a context that
// ends with the program.
type calls struct{ opening *opening }

// begin waits for the desk to be open, or says why it isn't.
func (c calls) begin() (context.Context, context.CancelFunc, *Desk, error) {
	d, err := c.opening.wait()
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, cancel := context.WithTimeout(c.opening.ctx, callLimit)
	return ctx, cancel, d, nil
}

// read answers a call from the screen. A panic in a bound method would leave
// its promise open for ever: it becomes an error here.
func read[T any](c calls, what string, fn func(ctx context.Context, d *Desk) (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("call panicked", "call", what, "stack", string(debug.Stack()))
			err = desk.E(desk.KindInternal, what, nil)
		}
		if err != nil {
			slog.Warn("call failed", "call", what, "kind", string(desk.KindOf(err)))
		}
	}()
	ctx, cancel, d, err := c.begin()
	if err != nil {
		return value, err
	}
	defer cancel()
	return fn(ctx, d)
}

// readLong is read for a call that lasts as long as a person looks at a dialog,
// or as a large file takes.
func readLong[T any](c calls, what string, fn func(ctx context.Context, d *Desk) (T, error)) (T, error) {
	return read(c, what, func(_ context.Context, d *Desk) (T, error) { return fn(c.opening.ctx, d) })
}

// do is read for a call that has nothing to answer.
func do(c calls, what string, fn func(ctx context.Context, d *Desk) error) error {
	_, err := read(c, what, func(ctx context.Context, d *Desk) (struct{}, error) {
		return struct{}{}, fn(ctx, d)
	})
	return err
}

// failure is how an error reaches the screen (Wails' ErrorFormatter).
func failure(err error) any {
	return Failure{Kind: string(desk.KindOf(err)), Op: errorOp(err)}
}

func errorOp(err error) string {
	if e, ok := errors.AsType[*desk.Error](err); ok {
		return e.Op
	}
	return ""
}
