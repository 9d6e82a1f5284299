package app

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/argon2"

	"fernpost/store/desk"
)

// passphraseFile names a file whose content makes the profile key, for machines
// without a keyring.
const passphraseFile = "FERNPOST_PASSPHRASE_FILE"

// argon2id as RFC 9106 4 recommends for little memory: 64 MiB, three passes.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	saltLength   = 16
)

const keyringService = "fernpost"

// profileKey gives the key that every secret of a data folder lies sealed
// under. It is made once. Where secrets are sealed already, a missing key is an
// error and so is every error of the keyring: a new key would lock them away
// for good.
func profileKey(dir string, sealed bool) ([32]byte, error) {
	if path := os.Getenv(passphraseFile); path != "" {
		return passphraseKey(path, filepath.Join(dir, "profile.salt"), sealed)
	}
	name := "profile-" + folderTag(dir)
	stored, err := keyring.Get(keyringService, name)
	switch {
	case err == nil:
		return decodeKey(stored)
	case !errors.Is(err, keyring.ErrNotFound) || sealed:
		return [32]byte{}, desk.E(desk.KindKeyring, "read profile key", err)
	}
	key := [32]byte(randomBytes(32))
	if err := keyring.Set(keyringService, name, base64.StdEncoding.EncodeToString(key[:])); err != nil {
		return [32]byte{}, desk.E(desk.KindKeyring, "store profile key", err)
	}
	return key, nil
}

// keyringState tells doctor what stands there, and makes nothing.
func keyringState(dir string) error {
	if os.Getenv(passphraseFile) != "" {
		return nil
	}
	_, err := keyring.Get(keyringService, "profile-"+folderTag(dir))
	if err == nil || errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return desk.E(desk.KindKeyring, "read profile key", err)
}

func decodeKey(stored string) ([32]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(stored)
	if err != nil || len(raw) != 32 {
		return [32]byte{}, desk.E(desk.KindKeyring, "read profile key", err)
	}
	return [32]byte(raw), nil
}

func passphraseKey(path, saltPath string, sealed bool) ([32]byte, error) {
	phrase, err := os.ReadFile(path)
	if err != nil || len(phrase) == 0 {
		return [32]byte{}, desk.E(desk.KindKeyring, "read passphrase file", err)
	}
	salt, err := os.ReadFile(saltPath)
	if errors.Is(err, fs.ErrNotExist) && !sealed {
		salt = randomBytes(saltLength)
		err = os.WriteFile(saltPath, salt, 0o600)
	}
	if err != nil || len(salt) != saltLength {
		return [32]byte{}, desk.E(desk.KindKeyring, "read profile salt", err)
	}
	return [32]byte(argon2.IDKey(phrase, salt, argonTime, argonMemory, argonThreads, 32)), nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}
