package mail

import (
	"slices"
	"testing"
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
