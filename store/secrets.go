package store

import (
	"context"
	"crypto/rand"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"

	"fernpost/store/desk"
)

const putSecret = `
INSERT INTO secret (name, nonce, box) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET nonce = excluded.nonce, box = excluded.box`

// PutSecret seals value under the profile key with XChaCha20-Poly1305
// (draft-irtf-cfrg-xchacha): a nonce of 24 random bytes needs no counting. The
// name is sealed in, so that one secret can't be put in another's place.
func (s *Store) PutSecret(ctx context.Context, key [32]byte, name, value string) error {
	const doing = "put secret"
	if name == "" {
		return desk.E(desk.KindInvalid, doing, errors.New("no name"))
	}
	seal, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return desk.E(desk.KindInternal, doing, err)
	}
	nonce := make([]byte, seal.NonceSize())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	box := seal.Seal(nil, nonce, []byte(value), []byte(name))
	return s.write(ctx, doing, func(t *tx) error { return t.do(putSecret, name, nonce, box) })
}

const selectSecret = `SELECT nonce, box FROM secret WHERE name = ?1`

// Secret opens a secret: kind not_found when there is none, kind keyring when
// the key is not the one it was sealed under.
func (s *Store) Secret(ctx context.Context, key [32]byte, name string) (string, error) {
	const doing = "open secret"
	type sealed struct{ nonce, box []byte }
	v, err := one(ctx, s.main, selectSecret, []any{name}, func(r scanner) (v sealed, err error) {
		err = r.Scan(&v.nonce, &v.box)
		return v, err
	})
	if err != nil {
		return "", wrap(doing, err)
	}
	seal, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return "", desk.E(desk.KindInternal, doing, err)
	}
	plain, err := seal.Open(nil, v.nonce, v.box, []byte(name))
	if err != nil {
		return "", desk.E(desk.KindKeyring, doing, err)
	}
	return string(plain), nil
}

const deleteSecret = `DELETE FROM secret WHERE name = ?1`

// DropSecret forgets a secret; one that isn't there is no error.
func (s *Store) DropSecret(ctx context.Context, name string) error {
	return s.write(ctx, "drop secret", func(t *tx) error { return t.do(deleteSecret, name) })
}

const hasSecrets = `SELECT EXISTS (SELECT 1 FROM secret)`

// HasSecrets tells whether anything is sealed here: then a missing profile key
// is an error, never a reason for a new one.
func (s *Store) HasSecrets(ctx context.Context) (has bool, err error) {
	err = s.main.row(ctx, hasSecrets, nil, &has)
	return has, wrap("look for secrets", err)
}
