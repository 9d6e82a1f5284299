package app

import (
	"bytes"
	"context"
	"sync"

	"fernpost/app/source"
	"fernpost/app/source/mail"
)

// lasting keeps what a mail source learnt of its servers from one run to the
// next, sealed like the account's passwords: there are TLS tickets in it. It goes
// when the account goes.
type lasting struct{ of *sealed }

const secretLasting = "lasting"

// keeperOf gives none to an account whose secrets aren't stored.
func keeperOf(secrets source.Secrets) mail.Keeper {
	if s, ok := secrets.(*sealed); ok {
		return lasting{s}
	}
	return nil
}

// Kept implements mail.Keeper.
func (l lasting) Kept(ctx context.Context) ([]byte, error) {
	data, err := l.of.read(ctx, secretLasting)
	return []byte(data), err
}

// Keep implements mail.Keeper.
func (l lasting) Keep(ctx context.Context, data []byte) error {
	key, err := profileKey(l.of.dir, true)
	if err != nil {
		return err
	}
	return l.of.store.PutSecret(ctx, key, secretName(l.of.account, secretLasting), string(data))
}

// tried keeps what the newest test of a mailbox learnt, for the start of the
// mailbox that is then connected: it resumes, and knows how to open the line.
// What other settings or another password taught is neither of use to it nor of harm.
type tried struct {
	mu   sync.Mutex
	data []byte
}

// Kept implements mail.Keeper.
func (t *tried) Kept(context.Context) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.data, nil
}

// Keep implements mail.Keeper.
func (t *tried) Keep(_ context.Context, data []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = bytes.Clone(data)
	return nil
}

// handOver gives it to a new account, once.
func (t *tried) handOver(ctx context.Context, box *sealed) error {
	t.mu.Lock()
	data := t.data
	t.data = nil
	t.mu.Unlock()
	if len(data) == 0 {
		return nil
	}
	return lasting{box}.Keep(ctx, data)
}
