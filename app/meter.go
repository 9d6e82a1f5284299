package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fernpost/app/source/mail"
	"fernpost/store"
	"fernpost/store/desk"
)

// meterPause is how long bytes are added up before the day's meter is written:
// a busy line moves thousands of packets a minute, and each commit is synced.
const meterPause = 5 * time.Second

// meterMost is how much is added up at most, so that a sudden end forgets little
// of a fast line.
const meterMost = 512 << 10

// meter adds up bytes and writes them now and then. It is a picture, not a
// record: where it can't be kept, the work goes on.
type meter struct {
	store *store.Store
	told  func() // after each writing
	mu    sync.Mutex
	sums  map[meterKey]int64
	full  chan struct{}

	speeds speeds
}

type meterKey struct {
	account desk.AccountID
	kind    string
}

func newMeter(s *store.Store, told func()) *meter {
	return &meter{
		store: s, told: told, sums: map[meterKey]int64{}, full: make(chan struct{}, 1),
		speeds: speeds{all: map[desk.AccountID]*speed{}},
	}
}

func (m *meter) add(a desk.AccountID, kind string, n int64) {
	if kind != mail.CountReplies {
		m.speeds.add(a, n, time.Now())
	}
	if m.put(meterKey{a, kind}, n) < meterMost {
		return
	}
	select {
	case m.full <- struct{}{}:
	default:
	}
}

func (m *meter) put(key meterKey, n int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sums[key] += n
	return m.sums[key]
}

// budget gives how an account's day stands, with what isn't written yet.
func (m *meter) budget(ctx context.Context, a desk.AccountID) (store.Budget, error) {
	b, err := m.store.Budget(ctx, a)
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, n := range m.sums {
		if key.account == a {
			b.Used += n
		}
	}
	return b, err
}

// spent tells that an account's day is used up. A budget that can't be read
// stops nobody.
func (m *meter) spent(ctx context.Context, a desk.AccountID) bool {
	b, err := m.budget(ctx, a)
	return err == nil && b.Spent()
}

// Run writes until ctx ends, and once more then.
func (m *meter) Run(ctx context.Context) error {
	tick := time.NewTicker(meterPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			m.write(context.WithoutCancel(ctx))
			return ctx.Err()
		case <-tick.C:
			m.write(ctx)
		case <-m.full:
			m.write(ctx)
		}
	}
}

// write loses nothing: what can't be written is added up again.
func (m *meter) write(ctx context.Context) {
	m.mu.Lock()
	sums := m.sums
	m.sums = map[meterKey]int64{}
	m.mu.Unlock()
	for key, n := range sums {
		if err := m.store.CountBytes(ctx, key.account, key.kind, n); err != nil {
			slog.Warn("bytes not counted", "kind", string(desk.KindOf(err)))
			m.put(key, n) // not add: a full disk would have us try without a pause
		}
	}
	if err := m.speeds.keep(ctx, m.store); err != nil {
		slog.Warn("speed of the line not kept", "kind", string(desk.KindOf(err)))
	}
	if len(sums) > 0 {
		m.told()
	}
}
