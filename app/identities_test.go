package app

import (
	"testing"

	"fernpost/store/desk"
)

func TestSignatureOfTheCustomersLanguage(t *testing.T) {
	i := desk.Identity{Signatures: map[string]string{"": "any", "pt": "pt", "zh-Hant": "hant", "de": "de"}}
	for language, want := range map[string]string{
		"de": "de", "DE-AT": "de", "pt-BR": "pt", "zh-Hant-TW": "hant", "zh-Hans": "any", "": "any", "d": "any",
	} {
		if got := signatureFor(i, language); got != want {
			t.Errorf("%q: %q, want %q", language, got, want)
		}
	}
	if got := signatureFor(desk.Identity{}, "de"); got != "" {
		t.Errorf("without any: %q", got)
	}
}
