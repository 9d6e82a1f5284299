package corpus_test

import (
	"bytes"
	"net/mail"
	"testing"
	"time"

	"fernpost/build/benchmark/corpus"
)

func TestTheSameSeedGivesTheSameMails(t *testing.T) {
	from := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC)
	a, err := corpus.New(3, from)
	if err != nil {
		t.Fatal(err)
	}
	b, err := corpus.New(3, from)
	if err != nil {
		t.Fatal(err)
	}
	answered := 0
	for i := range 500 {
		one, other := a.Next(), b.Next()
		if !bytes.Equal(one.Raw, other.Raw) || !one.At.Equal(other.At) || one.Seen != other.Seen {
			t.Fatalf("mail %d differs", i)
		}
		m, err := mail.ReadMessage(bytes.NewReader(one.Raw))
		if err != nil {
			t.Fatalf("mail %d: %v", i, err)
		}
		if m.Header.Get("References") != "" {
			answered++
		}
	}
	if answered < 150 || answered > 300 {
		t.Errorf("%d of 500 mails answer another", answered)
	}
}
