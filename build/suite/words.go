package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sourceLocale is the catalogue that the others are translated from.
const sourceLocale = "en"

// checkCatalogues has go-i18n merge the catalogues and looks whether anything
// is left to translate.
func checkCatalogues(ctx context.Context, j *job) error {
	files, err := filepath.Glob(j.path("i18n", "locales", "*.json"))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(files, func(f string) bool { return filepath.Base(f) == sourceLocale+".json" }) {
		return fmt.Errorf("there is no %s.json in i18n/locales", sourceLocale)
	}
	dir, err := os.MkdirTemp(j.logs, "words-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	line := []string{toolPath(j, "goi18n"), "merge", "-sourceLanguage", sourceLocale, "-format", "json", "-outdir", dir}
	if err := j.run(ctx, command{line: append(line, files...)}); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(dir, "translate.*.json"))
	if err != nil {
		return err
	}
	var found []error
	for _, f := range left {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if text = bytes.TrimSpace(text); len(text) > 0 && string(text) != "{}" {
			locale := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "translate."), ".json")
			found = append(found, fmt.Errorf("left to translate into %s:\n%s", locale, text))
		}
	}
	return errors.Join(found...)
}
