package app

import (
	"strings"
	"testing"

	"fernpost/app/source/mail"
	"fernpost/i18n"
)

func TestEveryTroubleHasItsWords(t *testing.T) {
	for _, locale := range i18n.Locales {
		words, err := i18n.New(locale)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]mail.Trouble{}
		for _, trouble := range mail.Troubles {
			for _, key := range []string{"trouble." + string(trouble), "trouble." + string(trouble) + ".next"} {
				said := words.Say(key, map[string]any{"Host": "mail.example.org", "Port": 993})
				if said == key || said == "" || strings.Contains(said, "<no value>") {
					t.Errorf("%s: %s says %q", locale, key, said)
				}
				if other, twice := seen[said]; twice {
					t.Errorf("%s: %s and %s say the same", locale, trouble, other)
				}
				seen[said] = trouble
			}
		}
	}
}
