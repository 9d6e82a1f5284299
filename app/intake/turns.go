package intake

import (
	"context"
	"slices"
	"sync"

	"fernpost/store/desk"
)

// urgency is who goes first on an account's line.
type urgency int

// The urgencies, DESIGN.md's order on the wire.
const (
	forReply urgency = iota // the head of a conversation that is about to be answered
	forPull                 // heads and texts
	forFile                 // attachments
	forWatch                // waiting for hints
	urgencies
)

// turns hands the line to one caller at a time, the most urgent first and
// equals in the order they came. Nobody is interrupted; who holds the line for
// long watches pressed and gives it back early.
type turns struct {
	mu      sync.Mutex
	holder  *turn
	waiting [urgencies][]*turn
	hushed  int // while above 0 no file gets a turn
}

// turn is the right to use the line, until give.
type turn struct {
	of      *turns
	urgency urgency
	granted chan struct{}
	pressed chan struct{} // closed when somebody more urgent waits
	isPress bool
}

func newTurns() *turns { return &turns{} }

// take waits for the line; it fails only when ctx ends.
func (ts *turns) take(ctx context.Context, u urgency) (*turn, error) {
	t := &turn{of: ts, urgency: u, granted: make(chan struct{}), pressed: make(chan struct{})}
	ts.mu.Lock()
	ts.waiting[u] = append(ts.waiting[u], t)
	ts.next()
	if h := ts.holder; h != nil && h != t && u < h.urgency {
		h.press()
	}
	ts.mu.Unlock()
	select {
	case <-t.granted:
		return t, nil
	case <-ctx.Done():
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if ts.holder == t { // granted in the same moment
		ts.holder = nil
		ts.next()
	} else {
		ts.waiting[u] = slices.DeleteFunc(ts.waiting[u], func(w *turn) bool { return w == t })
	}
	return nil, desk.E(desk.KindCancelled, "wait for the line", ctx.Err())
}

// give passes the line on.
func (t *turn) give() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.of.holder = nil
	t.of.next()
}

func (ts *turns) hush() {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.hushed++
	if h := ts.holder; h != nil && h.urgency == forFile {
		h.press()
	}
}

func (ts *turns) unhush() {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.hushed--
	ts.next()
}

// next grants the free line. The caller holds mu.
func (ts *turns) next() {
	if ts.holder != nil {
		return
	}
	for u := range urgencies {
		if len(ts.waiting[u]) == 0 || (u == forFile && ts.hushed > 0) {
			continue
		}
		t := ts.waiting[u][0]
		ts.waiting[u] = ts.waiting[u][1:]
		ts.holder = t
		close(t.granted)
		return
	}
}

// press tells the holder that somebody waits. The caller holds mu.
func (t *turn) press() {
	if !t.isPress {
		t.isPress = true
		close(t.pressed)
	}
}

// mustYield tells whether somebody more urgent waits.
func (t *turn) mustYield() bool {
	select {
	case <-t.pressed:
		return true
	default:
		return false
	}
}
