package mailtext

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/store/desk"
)

// vectors reads a table of header values beside the checkout: what stands in a
// mail, and what stalwart's parser makes of it. Where we differ, the reason
// stands in the test's list.
func vectors[V any](t *testing.T, name string) []vector[V] {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "mime", "headers", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []vector[V]
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) < 5 {
		t.Fatalf("%d vectors in %s", len(out), name)
	}
	return out
}

type vector[V any] struct {
	Header   string `json:"header"`
	Expected V      `json:"expected"`
}

// field reads the vector as a whole field, as it would stand in a mail.
func (v vector[V]) field(name string) Header { return ParseHeader([]byte(name + ":" + v.Header)) }

type person struct{ Name, Address string }

type addressList struct {
	List  []person
	Group []struct{ Addresses []person }
}

func TestAddressVectors(t *testing.T) {
	differ := exceptions{
		"Pete(A nice":                     "a comment is no part of the name",
		"A Group(Some people)":            "a comment is no part of the name",
		"(Empty list)(start)":             "a comment is no recipient",
		"Mary Smith <@node.test":          "the route of RFC 5322 4.4 is no part of the address, nor is white space",
		"John Doe <jdoe@machine(comment)": "nor is a comment",
		"\"Nathaniel Borenstein":          "a comment is no part of the name",
		"Nathaniel Borenstein":            "a comment is no part of the name",
		"<http":                           "a web address is no mailbox",
		"<mailto":                         "mailto: is no part of the address",
		"(Use this":                       "mailto: is no part of the address",
		"<ftp":                            "a web address is no mailbox",
		"NO (":                            "no mailbox",
		"\"  James Smythe\"":              "white space around a name is no part of it",
		"Name (comment)":                  "a comment is no part of the name",
	}
	for _, v := range vectors[addressList](t, "address.json") {
		var want []desk.Address
		for _, p := range v.Expected.List {
			want = append(want, desk.Address{Name: p.Name, Addr: p.Address})
		}
		for _, g := range v.Expected.Group {
			for _, p := range g.Addresses {
				want = append(want, desk.Address{Name: p.Name, Addr: p.Address})
			}
		}
		got := v.field("To").Addresses("To")
		differ.check(t, v.Header, slices.Equal(got, want), got, want)
	}
}

// exceptions are the beginnings of values that are read otherwise here, and why.
type exceptions map[string]string

// check holds a result against the table, unless the list says why we
// differ; an entry of the list that isn't needed is an error, too.
func (differ exceptions) check(t *testing.T, in string, same bool, got, want any) {
	t.Helper()
	reason := ""
	for begin, why := range differ {
		if strings.HasPrefix(strings.TrimSpace(in), begin) {
			reason = why
		}
	}
	switch {
	case reason == "" && !same:
		t.Errorf("%q:\n got %+v\nwant %+v", in, got, want)
	case reason != "" && same:
		t.Errorf("%q: no different any more (%s)", in, reason)
	}
}

type contentType struct {
	Type       string      `json:"c_type"`
	Subtype    string      `json:"c_subtype"`
	Attributes [][2]string `json:"attributes"`
}

func TestContentTypeVectors(t *testing.T) {
	differ := exceptions{
		"image/jpeg;\n   name=\"=?":  "space between encoded words is none (RFC 2047 6.2), in quotes too",
		"test/encoded;":              "a continuation begins with 0 or 1, and a NUL is no character of a name",
		"malicious/attempt; 1*2*=a;": "none of these is a parameter",
	}
	for _, v := range vectors[*contentType](t, "content_type.json") {
		kind, params := readMedia(v.field("Content-Type").Raw("Content-Type"))
		want := ""
		same := true
		if v.Expected != nil {
			want = strings.ToLower(v.Expected.Type)
			if v.Expected.Subtype != "" {
				want += "/" + strings.ToLower(v.Expected.Subtype)
			}
			for _, a := range v.Expected.Attributes {
				if strings.HasSuffix(a[0], "-language") {
					continue
				}
				same = same && param(params, a[0]) == strings.TrimSpace(a[1])
			}
		}
		if strings.HasPrefix(kind, "/") {
			kind = MediaType(kind)
		}
		same = same && strings.TrimSuffix(kind, "/") == want
		differ.check(t, v.Header, same, [2]any{kind, params}, [2]any{want, v.Expected})
	}
}

type dateVector struct {
	Year, Month, Day, Hour, Minute, Second int
	Before                                 bool `json:"tz_before_gmt"`
	ZoneHour                               int  `json:"tz_hour"`
	ZoneMinute                             int  `json:"tz_minute"`
}

func TestDateVectors(t *testing.T) {
	differ := exceptions{
		"4 8 15 16 23 42":            "numbers are no date",
		"Tue, 1 Jul 2003 ((invalid)": "the comment has no end, and the date stands before it",
	}
	for _, v := range vectors[*dateVector](t, "date.json") {
		got := v.field("Date").Date("Date")
		var want time.Time
		if e := v.Expected; e != nil {
			east := e.ZoneHour*3600 + e.ZoneMinute*60
			if e.Before {
				east = -east
			}
			want = time.Date(e.Year, time.Month(e.Month), e.Day, e.Hour, e.Minute, e.Second, 0, time.FixedZone("", east))
		}
		differ.check(t, v.Header, got.Equal(want), got, want)
	}
}

func TestIDVectors(t *testing.T) {
	differ := exceptions{
		"<1234   @": "white space is what folding left in it",
	}
	for _, v := range vectors[[]string](t, "id.json") {
		got := v.field("Message-ID").IDs("Message-ID")
		differ.check(t, v.Header, slices.Equal(got, v.Expected), got, v.Expected)
	}
}

func TestTextVectors(t *testing.T) {
	differ := exceptions{
		"[SUSPECTED SPAM]=?": "nobody wrote a space there",
	}
	for _, v := range vectors[string](t, "unstructured.json") {
		got := strings.Join(strings.Fields(v.field("Subject").Text("Subject")), " ")
		want := strings.Join(strings.Fields(v.Expected), " ")
		differ.check(t, v.Header, got == want, got, want)
	}
}
