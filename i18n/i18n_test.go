package i18n

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"testing"

	"fernpost/store/desk"
)

func TestMatch(t *testing.T) {
	for want, wanted := range map[string][]string{
		"de": {"de_AT.UTF-8", "en"},
		"en": {"en-GB"},
	} {
		if got := Match(wanted...); got != want {
			t.Errorf("Match(%q) = %q, want %q", wanted, got, want)
		}
	}
	if got := Match("tlh"); got != "en" {
		t.Errorf("no catalogue for Klingon: got %q, want en", got)
	}
}

func TestEveryErrorKindHasASentence(t *testing.T) {
	for _, locale := range Locales {
		c := catalogue(t, locale)
		for _, kind := range desk.Kinds {
			if _, ok := c["error."+string(kind)]; !ok {
				t.Errorf("%s: no sentence for error kind %q", locale, kind)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{\.[A-Za-z]+\}\}`)

func TestCataloguesAgree(t *testing.T) {
	english := catalogue(t, "en")
	for _, locale := range Locales {
		c := catalogue(t, locale)
		for key, text := range english {
			other, ok := c[key]
			if !ok {
				t.Errorf("%s lacks %q", locale, key)
				continue
			}
			if want, got := names(text), names(other); !slices.Equal(want, got) {
				t.Errorf("%s %q: placeholders %v, English has %v", locale, key, got, want)
			}
		}
		for key := range c {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %q, English doesn't", locale, key)
			}
		}
	}
}

func names(message any) []string {
	found := map[string]bool{}
	switch m := message.(type) {
	case string:
		for _, p := range placeholder.FindAllString(m, -1) {
			found[p] = true
		}
	case map[string]any:
		for _, form := range m {
			for _, p := range names(form) {
				found[p] = true
			}
		}
	}
	delete(found, "{{.Count}}") // a form for "one" may leave the number out
	return slices.Sorted(maps.Keys(found))
}

func catalogue(t *testing.T, locale string) map[string]any {
	t.Helper()
	raw, err := files.ReadFile(path.Join("locales", locale+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatalf("%s: %v", locale, err)
	}
	return c
}
