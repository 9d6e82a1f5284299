package store

import (
	"testing"
)

func (ts *testStore) find(text string) []Hit {
	ts.t.Helper()
	hits, err := ts.Search(ts.t.Context(), SearchQuery{Text: text})
	if err != nil {
		ts.t.Fatalf("search %q: %v", text, err)
	}
	return hits
}

var _ = testing.Short
