package mailtext

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What evidence.go finds by hand, as expressions.
var (
	aDate  = regexp.MustCompile(`(?:^|[^0-9])(?:(?:19|20|25|13|14)[0-9]{2}(?:[^0-9]|$)|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2})`)
	aTime  = regexp.MustCompile(`[0-9]{1,2}\s?(?:[:.h時时点시]|시\s)[0-9]{2}|[0-9]\s?(?:am|pm|a\.m|p\.m|uhr)`)
	anAt   = regexp.MustCompile(`[^\s<>"(]@[^\s<>"]`)
	byHand = []struct {
		name string
		has  func(string) bool
		as   *regexp.Regexp
	}{{"date", hasDate, aDate}, {"time", hasTime, aTime}, {"address", hasAddress, anAt}}
)

func TestEvidenceIsWhatTheExpressionsSay(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"0", "1", "20", "19", "25", "999", ".", "/", "-", ":", "h", "시", "時", "点", " ", "\t", "\v", "\n", "am", "pm", "p.m", "uhr",
		"@", "<", ">", "(", "\"", "a", "é", "a@b", "12:30", "2025", "\xff",
	})
	found := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(piece, 0, 9).Draw(t, "s"), "")
		for _, e := range byHand {
			want := e.as.MatchString(s)
			if got := e.has(s); got != want {
				t.Fatalf("%s in %q: %v", e.name, s, got)
			}
			if want {
				found[e.name]++
			}
		}
	})
	if len(found) < len(byHand) {
		t.Errorf("found only %v", found)
	}
}
