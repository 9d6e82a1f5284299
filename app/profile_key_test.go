package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/zalando/go-keyring"

	"fernpost/store/desk"
)

func TestProfileKeyIsMadeOnce(t *testing.T) {
	keyring.MockInit()
	dir := t.TempDir()
	first, err := profileKey(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	second, err := profileKey(dir, true)
	if err != nil || second != first {
		t.Errorf("second read: %v, same key: %v", err, second == first)
	}
	other, err := profileKey(t.TempDir(), false)
	if err != nil || other == first {
		t.Errorf("another folder must have another key (%v)", err)
	}
}

func TestNoNewKeyOverSealedSecrets(t *testing.T) {
	keyring.MockInit()
	if _, err := profileKey(t.TempDir(), true); desk.KindOf(err) != desk.KindKeyring {
		t.Errorf("key gone while secrets are sealed: got %v, want kind keyring", err)
	}
	keyring.MockInitWithError(errors.New("no bus"))
	if _, err := profileKey(t.TempDir(), false); desk.KindOf(err) != desk.KindKeyring {
		t.Errorf("keyring doesn't answer: got %v, want kind keyring", err)
	}
}

func TestPassphraseFile(t *testing.T) {
	dir, phrase := t.TempDir(), filepath.Join(t.TempDir(), "phrase")
	if err := os.WriteFile(phrase, []byte("a long walk in the rain"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseFile, phrase)
	first, err := profileKey(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := profileKey(dir, true); err != nil || again != first {
		t.Errorf("the same phrase and salt: %v, same key: %v", err, again == first)
	}
	if err := os.Remove(filepath.Join(dir, "profile.salt")); err != nil {
		t.Fatal(err)
	}
	if _, err := profileKey(dir, true); desk.KindOf(err) != desk.KindKeyring {
		t.Errorf("salt gone while secrets are sealed: got %v, want kind keyring", err)
	}
}
