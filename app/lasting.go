package app

import (
	"context"

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
