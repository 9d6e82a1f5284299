package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// meterPause is how long bytes are added up before the day's meter is written:
// a busy line moves thousands of packets a minute, and each commit is synced.
const meterPause = 5 * time.Second

// meter adds up bytes and writes them now and then. It is a picture, not a
// record: where it can't be kept, the work goes on.
type meter struct {
	store *store.Store
	told  func() // after each writing
	mu    sync.Mutex
	sums  map[meterKey]int64
}

type meterKey struct {
	account desk.AccountID
	kind    string
}

func newMeter(s *store.Store, told func()) *meter {
	return &meter{store: s, told: told, sums: map[meterKey]int64{}}
}

func (m *meter) add(a desk.AccountID, kind string, n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sums[meterKey{a, kind}] += n
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
			m.add(key.account, key.kind, n)
		}
	}
	if len(sums) > 0 {
		m.told()
	}
}
