package mail

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/app/source"
)

func TestSearchWords(t *testing.T) {
	for in, want := range map[string][]string{
		"":                                    nil,
		`"" "  "`:                             nil,
		"parcel  late":                        {"parcel", "late"},
		`"where is" „mein Paket“ x`:           {"where is", "mein Paket", "x"},
		`never "closed at all`:                {"never", "closed at all"},
		"a\x00b\nc":                           {"a", "b", "c"},
		`back\slash (OR) NOT {3}`:             {`back\slash`, "(OR)", "NOT", "{3}"},
		"注文番号 12":                             {"注文番号", "12"},
		"1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8": {"1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "1", "2", "3", "4", "5", "6"},
	} {
		if got := searchWords(in); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPlainRuns(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{[]string{"Größe", "Rückzahlung"}, []string{"ckzahlung"}},
		{[]string{"посылка"}, nil},
		{[]string{"42", "посылка"}, []string{"42"}},
		{[]string{"naïveté is"}, []string{"vet"}},
	} {
		if got := plainRuns(c.in); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSearchPlace(t *testing.T) {
	p := searchPlace{2, 4294967295, 80000}
	if got := readSearchPlace(p.String()); got != p {
		t.Errorf("%+v", got)
	}
	if got := readSearchPlace("1/x"); got != (searchPlace{}) {
		t.Errorf("%+v", got)
	}
}

func TestFieldsAtGmail(t *testing.T) {
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		req   source.SearchRequest
		reach time.Time
		want  string
	}{
		{source.SearchRequest{Text: `late "red parcel"`}, time.Time{}, `X-GM-RAW "\"late\" \"red parcel\""`},
		{
			source.SearchRequest{Among: source.Among{From: []string{`ma"ria\`}, To: []string{"a@b.example"}, Subject: []string{"x y"}}},
			time.Time{},
			`FROM "maria" OR TO "a@b.example" CC "a@b.example" SUBJECT "x y"`,
		},
		{source.SearchRequest{Among: source.Among{Since: day, Before: day}}, time.Time{}, "SINCE 24-Nov-2026 BEFORE 26-Nov-2026"},
		{source.SearchRequest{Among: source.Among{Before: day}}, day.AddDate(0, 0, -9), "BEFORE 16-Nov-2026"},
		{source.SearchRequest{Among: source.Among{Before: day}}, day.AddDate(0, 0, 9), "BEFORE 26-Nov-2026"},
		{source.SearchRequest{Text: "x"}, day, `X-GM-RAW "\"x\"" BEFORE 25-Nov-2026`},
	} {
		if got := wantedBy(c.req).beyond(c.reach).atGmail(span{1, 9}); got != "UID SEARCH UID 1:9 "+c.want {
			t.Errorf("%+v: %s, want %s", c.req, got, c.want)
		}
	}
}

func TestWhatNoServerCanBeAsked(t *testing.T) {
	if w := wantedBy(source.SearchRequest{Text: ` "" `}); !w.empty() {
		t.Errorf("%+v", w)
	}
	long := source.Among{From: slices.Repeat([]string{strings.Repeat("é", 2*termRunes)}, 2*searchTerms)}
	w := wantedBy(source.SearchRequest{Among: long})
	if w.empty() || w.plain() || len(w.from) != searchTerms || len([]rune(w.from[0])) != termRunes {
		t.Errorf("%d of %d", len(w.from), len([]rune(w.from[0])))
	}
	if runs := wantedBy(source.SearchRequest{Text: "Größe", Among: source.Among{To: []string{"Jörg Ahrens"}}}).runs(); !slices.Equal(runs.texts(), []string{"rg Ahrens"}) {
		t.Errorf("%q", runs.texts())
	}
}
