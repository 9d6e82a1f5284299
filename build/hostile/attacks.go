package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// result is HTML to open; name says where it comes from.
type result struct{ name, html string }

// uncleaned are attacks that each engine runs when nobody cleans them: each
// stands for a way to run, to load or to go.
func uncleaned() []result {
	all := []string{
		`<script>alert(1)</script>`,
		`<img src=x onerror=alert(1)>`,
		`<svg onload=alert(1)></svg>`,
		`<p onmouseover=alert(1)>touch</p>`,
		`<input autofocus onfocus=alert(1)>`,
		`<a href="javascript:alert(1)">click</a>`,
		`<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>`,
		`<img src="http://elsewhere.example/pixel.gif">`,
		`<img srcset="http://elsewhere.example/set.gif 1x">`,
		`<p style="background:url(http://elsewhere.example/css.gif)">seen</p>`,
		`<style>@import url(http://elsewhere.example/sheet.css);</style>`,
		`<link rel=stylesheet href="http://elsewhere.example/link.css">`,
		`<video src="http://elsewhere.example/film.mp4" autoplay></video>`,
		`<object data="http://elsewhere.example/object"></object>`,
		`<meta http-equiv=refresh content="0;url=/elsewhere">`,
		`<form action="/sent"><button>send</button></form>`,
		`<math><a xlink:href="javascript:alert(1)" href="javascript:alert(1)">click</a></math>`,
	}
	results := make([]result, len(all))
	for i, html := range all {
		results[i] = result{"uncleaned " + strconv.Itoa(i), html}
	}
	return results
}

// readAttacks reads the collections of others: DOMPurify's and html5sec.org's
// payloads, a list of lines, and html5lib's inputs for tokenizers.
func readAttacks(folder string) ([]result, error) {
	var all []result
	var purify []struct{ Payload string }
	if err := readJSON(filepath.Join(folder, "dompurify-expect.json"), &purify); err != nil {
		return nil, err
	}
	for i, p := range purify {
		all = append(all, result{"dompurify " + strconv.Itoa(i), p.Payload})
	}
	var sheet []struct {
		ID   int
		Data string
	}
	if err := readJSON(filepath.Join(folder, "h5sc-vectors.json"), &sheet); err != nil {
		return nil, err
	}
	fill := strings.NewReplacer("%js_uri_alert%", "javascript:alert(1)", "%js_alert%", "alert(1)")
	for _, v := range sheet {
		all = append(all, result{"h5sc " + strconv.Itoa(v.ID), fill.Replace(v.Data)})
	}
	lines, err := os.ReadFile(filepath.Join(folder, "payloadbox-1500.txt"))
	if err != nil {
		return nil, err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(lines)), "\n") {
		all = append(all, result{"payloadbox " + strconv.Itoa(i+1), line})
	}
	names, err := filepath.Glob(filepath.Join(folder, "html5lib", "tokenizer__*.json"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var file struct{ Tests, XMLViolationTests []struct{ Input string } }
		if err := readJSON(name, &file); err != nil {
			return nil, err
		}
		for i, c := range append(file.Tests, file.XMLViolationTests...) {
			all = append(all, result{filepath.Base(name) + " " + strconv.Itoa(i), c.Input})
		}
	}
	return all, nil
}

func readJSON(name string, into any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// clean has the program clean all attacks in one run.
func clean(ctx context.Context, program string, attacks []result) ([]result, error) {
	var in bytes.Buffer
	lines := json.NewEncoder(&in)
	for i, a := range attacks {
		if err := lines.Encode(map[string]string{"id": strconv.Itoa(i), "text": a.html}); err != nil {
			return nil, err
		}
	}
	cmd := exec.CommandContext(ctx, program, "inspect", "html", "--json")
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("clean: %w", err)
	}
	cleaned := make([]result, 0, len(attacks))
	scan := bufio.NewScanner(bytes.NewReader(out))
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		var line struct {
			ID, HTML string
			Blocked  []any
		}
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("read what was cleaned: %w", err)
		}
		if n := len(cleaned); n >= len(attacks) || line.ID != strconv.Itoa(n) || line.Blocked == nil {
			return nil, fmt.Errorf("an answer out of order: %s", scan.Text())
		}
		cleaned = append(cleaned, result{attacks[len(cleaned)].name, line.HTML})
	}
	if len(cleaned) != len(attacks) {
		return nil, fmt.Errorf("%d answers to %d attacks", len(cleaned), len(attacks))
	}
	return cleaned, scan.Err()
}
