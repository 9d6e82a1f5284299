// Package i18n holds every word that a person reads, one catalogue a locale, as
// go-i18n JSON. The Go side reads them here; the screen bundles the same files.
// A key that a locale lacks falls back to English on both sides.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales/*.json
var files embed.FS

// Locales lists the locales that have a catalogue, English first.
var Locales = locales()

func locales() []string {
	entries, err := fs.ReadDir(files, "locales")
	if err != nil {
		panic(err) // embedded: a defect of the build
	}
	all := []string{"en"}
	for _, e := range entries {
		if tag := strings.TrimSuffix(e.Name(), ".json"); tag != "en" {
			all = append(all, tag)
		}
	}
	return all
}

// Words says things in one locale.
type Words struct {
	localizer *i18n.Localizer
}

// New gives the words of the best catalogue for the wanted locales (BCP 47 or
// POSIX form, most wanted first).
func New(wanted ...string) (*Words, error) {
	bundle := i18n.NewBundle(language.English)
	best := Match(wanted...)
	for _, tag := range slices.Compact([]string{"en", best}) {
		if _, err := bundle.LoadMessageFileFS(files, path.Join("locales", tag+".json")); err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", tag, err)
		}
	}
	return &Words{localizer: i18n.NewLocalizer(bundle, best, "en")}, nil
}

// Say gives the text of a key with its placeholders filled in. A key that no
// catalogue has comes back as itself, so that a person can report it.
func (w *Words) Say(key string, data map[string]any) string {
	text, err := w.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
	if err != nil && text == "" {
		return key
	}
	return text
}

// Match picks the catalogue that fits the wanted locales best, "en" when none does.
func Match(wanted ...string) string {
	var tags []language.Tag
	for _, w := range wanted {
		if tag, err := language.Parse(posix(w)); err == nil {
			tags = append(tags, tag)
		}
	}
	have := make([]language.Tag, len(Locales))
	for i, l := range Locales {
		have[i] = language.MustParse(l)
	}
	// The index counts: the tag that Match returns gains extensions.
	_, i, confidence := language.NewMatcher(have).Match(tags...)
	if confidence == language.No {
		return "en"
	}
	return Locales[i]
}

// posix turns "de_AT.UTF-8@euro" into "de-AT".
func posix(locale string) string {
	locale, _, _ = strings.Cut(locale, ".")
	locale, _, _ = strings.Cut(locale, "@")
	return strings.ReplaceAll(locale, "_", "-")
}

// System gives the locale the system's environment names, "" when it names
// none; the screen then asks the web view.
func System() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" && v != "C" && v != "POSIX" && !strings.HasPrefix(v, "C.") {
			return posix(v)
		}
	}
	return ""
}
