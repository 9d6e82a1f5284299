package app

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"fernpost/i18n"
)

// inspect runs the command and gives its exit code and its lines.
func inspect(t *testing.T, in string, args ...string) (code int, lines []map[string]any) {
	t.Helper()
	words, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	var out, complaints bytes.Buffer
	code = runInspect(terminal{in: strings.NewReader(in), out: &out, err: &complaints, words: words}, args)
	for line := range strings.SplitSeq(strings.TrimSpace(out.String()), "\n") {
		if line == "" {
			continue
		}
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("not a line of JSON: %q", line)
		}
		lines = append(lines, v)
	}
	return code, lines
}

func TestInspectWantsAKnownKind(t *testing.T) {
	for _, args := range [][]string{{}, {"nothing"}} {
		if code, _ := inspect(t, "", args...); code != exitUsage {
			t.Errorf("%q: exit %d, want %d", args, code, exitUsage)
		}
	}
}
