package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxLines is the house's limit; files aim at 250.
const maxLines = 400

// checkFiles looks at what no linter looks at: the length of files, shell, and
// paths that only one machine has.
func checkFiles(ctx context.Context, j *job) error {
	files, err := listFiles(ctx, j)
	if err != nil {
		return err
	}
	found := []error{checkShell(ctx, j, files)}
	for _, name := range files {
		text, err := os.ReadFile(j.path(name))
		if err != nil {
			return err
		}
		if bytes.ContainsRune(text[:min(len(text), 8000)], 0) {
			continue // a picture, a database
		}
		found = append(found, checkLength(name, text), checkPaths(name, text))
	}
	return errors.Join(found...)
}

// written is what people write: Go, TypeScript, Svelte, styles and shell.
var written = regexp.MustCompile(`\.(go|ts|js|cjs|svelte|css|sh)$`)

func checkLength(name string, text []byte) error {
	if !written.MatchString(name) || isGenerated(name, text) {
		return nil
	}
	if n := bytes.Count(text, []byte("\n")); n > maxLines {
		return fmt.Errorf("%s has %d lines: split it before %d", name, n, maxLines)
	}
	return nil
}

func isGenerated(name string, text []byte) bool {
	head := text[:min(len(text), 300)]
	return strings.Contains(name, "/wailsjs/") || bytes.Contains(head, []byte("DO NOT EDIT"))
}

// machinePath matches folders that only the author's machine has. The pieces
// stand apart so that this file doesn't match itself.
var machinePath = regexp.MustCompile(`(^|[\s"'=(:])/(` + `work|root|Users/[a-z]+` + `)/[\w.-]`)

func checkPaths(name string, text []byte) error {
	if strings.Contains(name, "testdata/") {
		return nil
	}
	var found []error
	for i, line := range bytes.Split(text, []byte("\n")) {
		if machinePath.Match(line) {
			found = append(found, fmt.Errorf("%s:%d names a path that only one machine has", name, i+1))
		}
	}
	return errors.Join(found...)
}

// checkShell has bash read every script, and shellcheck too where it is
// installed (build/test installs it).
func checkShell(ctx context.Context, j *job, files []string) error {
	var scripts []string
	for _, name := range files {
		text, err := os.ReadFile(j.path(name))
		if err != nil {
			return err
		}
		if filepath.Ext(name) == ".sh" || bytes.HasPrefix(text, []byte("#!/usr/bin/env bash\n")) {
			scripts = append(scripts, name)
		}
	}
	var found []error
	for _, name := range scripts {
		found = append(found, j.run(ctx, command{line: []string{"bash", "-n", name}}))
	}
	if installed("shellcheck") && len(scripts) > 0 {
		found = append(found, j.run(ctx, command{line: append([]string{"shellcheck", "-x", "--"}, scripts...)}))
	}
	return errors.Join(found...)
}
