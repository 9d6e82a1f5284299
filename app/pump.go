package app

import (
	"context"
	"sync"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// pumpPause is how long the pump collects before it tells the screen: short
// enough to feel at once, long enough that a page of 100 mails is one event.
const pumpPause = 40 * time.Millisecond

// pump turns commits and changes of the line into coalesced "changed" events.
// The screen subscribes first, then takes its snapshot, and re-reads what an
// event names; losing nothing depends on that order alone.
type pump struct {
	mu            sync.Mutex
	seq           int64
	conversations map[desk.ConversationID]bool
	event         Event
	dirty         chan struct{}
}

func newPump() *pump {
	return &pump{conversations: map[desk.ConversationID]bool{}, dirty: make(chan struct{}, 1)}
}

// committed takes a store's change; it is called on the committing goroutine
// and must not block.
func (p *pump) committed(c store.Change) {
	p.note(func(e *Event) {
		for _, id := range c.Conversations {
			p.conversations[id] = true
		}
		e.Lists = e.Lists || len(c.Conversations) > 0 || c.Ops
		e.Outbox = e.Outbox || c.Ops
		e.Line = e.Line || c.Accounts || c.Ops
		e.Settings = e.Settings || c.Settings
	})
}

// lineChanged tells that an account's line or the day's meter moved.
func (p *pump) lineChanged() { p.note(func(e *Event) { e.Line = true }) }

// everything tells that nothing the screen has read can be relied on.
func (p *pump) everything() {
	p.note(func(e *Event) { e.Lists, e.Outbox, e.Line, e.Settings = true, true, true, true })
}

// searchChanged tells that the search on the servers moved.
func (p *pump) searchChanged() { p.note(func(e *Event) { e.Search = true }) }

// outboxChanged tells that a running op moved forward.
func (p *pump) outboxChanged() { p.note(func(e *Event) { e.Outbox = true }) }

func (p *pump) note(change func(*Event)) {
	p.mu.Lock()
	change(&p.event)
	p.mu.Unlock()
	select {
	case p.dirty <- struct{}{}:
	default:
	}
}

// Run emits until ctx ends; emit may block until then.
func (p *pump) Run(ctx context.Context, emit func(context.Context, Event)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-p.dirty:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pumpPause):
		}
		emit(ctx, p.take())
	}
}

func (p *pump) take() Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.event
	p.seq++
	e.Seq = p.seq
	e.Conversations = make([]string, 0, len(p.conversations))
	for id := range p.conversations {
		e.Conversations = append(e.Conversations, id.String())
	}
	p.event = Event{}
	clear(p.conversations)
	return e
}
