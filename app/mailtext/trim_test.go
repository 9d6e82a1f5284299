package mailtext

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const trimCases = "../../../shared/fixtures/reply-trim/discourse"

// kept are the cases of trimCases where we read a mail in another way on
// purpose.
var kept = map[string]string{
	"forwarded_message.txt": "a mail that is only passed on keeps the head it came with: it says who wrote it",
	"spam_1.txt":            "where nothing is one's own, the quotes are shown: an empty message would hide what came",
}

// The share of cases that are trimmed as expected, white space aside.
func TestTrim(t *testing.T) {
	names, err := filepath.Glob(trimCases + "/emails/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	equal, elided := 0, 0
	for _, name := range names {
		base := filepath.Base(name)
		own, quoted := Fold(readCase(t, name))
		want := readCase(t, filepath.Join(trimCases, "trimmed", base))
		same := slices.Equal(strings.Fields(own), strings.Fields(want))
		why, listed := kept[base]
		switch {
		case same && listed:
			t.Errorf("%s is trimmed as expected now: take it off the list (%s)", base, why)
		case !same && !listed:
			t.Errorf("%s: got\n%s\nwant\n%s", base, own, want)
		}
		if same {
			equal++
		}
		if slices.Equal(strings.Fields(quoted), strings.Fields(readCase(t, filepath.Join(trimCases, "elided", base)))) {
			elided++
		}
	}
	t.Logf("%d of %d trimmed as expected, %d folded as expected", equal, len(names), elided)
	if equal*100 < 95*len(names) {
		t.Errorf("%d of %d are trimmed as expected: fewer than 95 %%", equal, len(names))
	}
}

func readCase(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
