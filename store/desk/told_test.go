package desk

import "testing"

func TestToldByInAnyOrder(t *testing.T) {
	for want, keywords := range map[Status][][]string{
		"":            {nil, {"urgent"}},
		StatusWaiting: {{"urgent", KeywordWaiting}},
		StatusDone:    {{KeywordDone}, {KeywordWaiting, KeywordDone}, {KeywordDone, "urgent", KeywordWaiting}},
	} {
		for _, k := range keywords {
			if got := ToldBy(k); got != want {
				t.Errorf("%q tell %q, want %q", k, got, want)
			}
		}
	}
}
