package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCountGo(t *testing.T) {
	cases := []struct {
		name   string
		events string
		want   string
		shows  string
	}{
		{
			"passes, skips and fails", `{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestC"}
{"Action":"fail","Package":"p"}`, "1 passed, 1 failed, 1 skipped", "got 1, want 2",
		},
		{"a package without tests is no test", `{"Action":"skip","Package":"p"}
{"Action":"pass","Package":"q"}`, "0 passed, 0 failed, 0 skipped", ""},
		{
			"a package that doesn't build", `{"ImportPath":"p [p.test]","Action":"build-output","Output":"p.go:1: undefined: x\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"output","Package":"p","Output":"FAIL p [build failed]\n"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`, "0 passed, 1 failed, 0 skipped", "undefined: x",
		},
		{
			"a package that ends outside a test", `{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"panic: after the tests\n"}
{"Action":"fail","Package":"p"}`, "1 passed, 1 failed, 0 skipped", "panic: after the tests",
		},
		{"lines that are no events", "go: downloading x\n" + `{"Action":"pass","Package":"p","Test":"TestA"}`, "1 passed, 0 failed, 0 skipped", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := countGo(strings.NewReader(c.events))
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if !strings.Contains(strings.Join(got.failures, "\n"), c.shows) {
				t.Errorf("%q doesn't show %q", got.failures, c.shows)
			}
		})
	}
}

func TestCountScreenReports(t *testing.T) {
	cases := []struct {
		name   string
		count  func(path string) (tally, error)
		report string
		want   string
		shows  string
	}{
		{
			"vitest", countVitest, `{"numPassedTests":3,"numFailedTests":1,"numPendingTests":1,"numTodoTests":0,
"testResults":[{"name":"a.test.ts","assertionResults":[
{"fullName":"list scrolls","status":"failed","failureMessages":["expected 1 to be 2"]}]}]}`,
			"3 passed, 1 failed, 1 skipped", "expected 1 to be 2",
		},
		{
			"playwright: flaky is failed", countPlaywright, `{"suites":[{"title":"a.spec.ts","specs":[],"suites":[
{"title":"inbox","specs":[{"title":"opens","tests":[{"status":"expected"}]},
{"title":"sends","tests":[{"status":"flaky","results":[{"errors":[{"message":"was slow"}]}]}]},
{"title":"later","tests":[{"status":"skipped"}]}]}]}]}`,
			"1 passed, 1 failed, 1 skipped", "was slow",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "report.json")
			if err := os.WriteFile(path, []byte(c.report), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := c.count(path)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if !strings.Contains(strings.Join(got.failures, "\n"), c.shows) {
				t.Errorf("%q doesn't show %q", got.failures, c.shows)
			}
		})
	}
}
