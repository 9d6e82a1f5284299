package question

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// now is an evening in Berlin on which it is already the next day in Kolkata.
var now = time.Date(2026, 11, 25, 23, 30, 0, 0, berlin)

var berlin = time.FixedZone("Berlin", 3600)

func on(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, berlin) }

func whole(texts ...string) (all []Text) {
	for _, t := range texts {
		all = append(all, Text{Text: t})
	}
	return all
}

func begun(text string) []Text { return []Text{{Text: text, Begun: true}} }

func TestParse(t *testing.T) {
	for typed, want := range map[string]Question{
		"":                           {},
		` - -- "" ! `:                {},
		"red parcel":                 {Words: append(whole("red"), begun("parcel")...)},
		`"red  parcel"`:              {Words: whole("red parcel")},
		`„red parcel“ br`:            {Words: append(whole("red parcel"), begun("br")...)},
		`"red par`:                   {Words: begun("red par")},
		"parcel -red":                {Words: []Text{{Text: "parcel", Begun: true}, {Text: "red", Not: true}}},
		`-"red parcel" x`:            {Words: []Text{{Text: "red parcel", Not: true}, {Text: "x", Begun: true}}},
		"a - b":                      {Words: append(whole("a"), begun("b")...)},
		"from:maria":                 {From: begun("maria")},
		"FROM:Maria refund":          {From: begun("Maria"), Words: begun("refund")},
		"from：王":                     {From: begun("王")},
		`from:"Maria Rossi" -from:x`: {From: []Text{{Text: "Maria Rossi"}, {Text: "x", Begun: true, Not: true}}},
		`to:a@b.example subject:"where is`: {
			To: begun("a@b.example"), Subject: whole("where is"),
		},
		"refund from:":             {Words: begun("refund")},
		"from: maria":              {Words: begun("maria")},
		`from:"" -to:"`:            {},
		`is:"no such"`:             {Words: whole("is: no such")},
		"from:!!":                  {Words: begun("from:!!")},
		`"from:maria"`:             {Words: whole("from:maria")},
		"body:refund":              {Words: begun("body:refund")},
		"https://shop.example/a":   {Words: begun("https://shop.example/a")},
		"is:unread is:open":        {Unread: With, Status: Choice{Any: []string{"open"}}},
		"-is:unread -is:Done":      {Unread: Without, Status: Choice{None: []string{"done"}}},
		"is:open is:waiting":       {Status: Choice{Any: []string{"open", "waiting"}}},
		"is:snoozed is:spam is:":   {Status: Choice{Any: []string{"snoozed", "spam"}}},
		"is:bin is:draft":          {Status: Choice{Any: []string{"bin"}}, Draft: With},
		"is:unr":                   {Words: begun("is:unr")},
		"has:file":                 {File: With},
		"has:attachment":           {File: With},
		"-has:picture":             {Picture: Without},
		"has:teeth":                {Words: begun("has:teeth")},
		`label:vip -label:"a b"`:   {Label: []Text{{Text: "vip"}, {Text: "a b", Not: true}}},
		"lang:de lang:pt-br":       {Language: Choice{Any: []string{"de", "pt-BR"}}},
		"-lang:EN":                 {Language: Choice{None: []string{"en"}}},
		"lang:klingonisch":         {Words: begun("lang:klingonisch")},
		"after:2026-11-25":         {Since: on(2026, 11, 25)},
		"before:2026-11":           {Before: on(2026, 11, 1)},
		"before:2026 -before:2025": {Before: on(2026, 1, 1), Since: on(2025, 1, 1)},
		"-after:2026-3-7":          {Before: on(2026, 3, 7)},
		"after:today":              {Since: on(2026, 11, 25)},
		"before:Yesterday":         {Before: on(2026, 11, 24)},
		"after:2026 after:2025":    {Since: on(2026, 1, 1)},
		"before:2026 before:2025":  {Before: on(2025, 1, 1)},
		"before:2026-02-30":        {Words: begun("before:2026-02-30")},
		"before:26":                {Words: begun("before:26")},
		"after:1969":               {Words: begun("after:1969")},
		"x\x00y\xff":               {Words: append(whole("x"), begun("y")...)},
	} {
		if got := Parse(typed, now); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", typed, got, want)
		}
	}
}

func TestDaysAreTheAgents(t *testing.T) {
	there := now.In(time.FixedZone("Kolkata", 5*3600+1800))
	q := Parse("after:today before:2027", there)
	if got := q.Since.UTC().String(); got != "2026-11-25 18:30:00 +0000 UTC" {
		t.Errorf("today begins at %s", got)
	}
	if got := q.Before.UTC().String(); got != "2026-12-31 18:30:00 +0000 UTC" {
		t.Errorf("2027 begins at %s", got)
	}
}

func TestWhatIsAskedOf(t *testing.T) {
	for typed, want := range map[string]string{
		"":            "nothing",
		"is:unread":   "conversations",
		"label:vip":   "conversations",
		"lang:de":     "conversations",
		"-is:draft":   "conversations",
		"is:open x":   "messages",
		"from:a":      "messages",
		"has:file":    "messages",
		"has:picture": "messages",
		"after:2026":  "messages",
		"before:2026": "messages",
	} {
		q := Parse(typed, now)
		got := "conversations"
		switch {
		case q.Empty():
			got = "nothing"
		case q.OfMessages():
			got = "messages"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}

func TestPlainWords(t *testing.T) {
	for typed, want := range map[string]string{
		"is:open":                     "",
		`late -"red parcel" from:a x`: `"late" "x"`,
		`"where is" my "from:a"`:      `"where is" "my" "from:a"`,
	} {
		q := Parse(typed, now)
		if got := q.Plain(); got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}

func TestMuchIsCut(t *testing.T) {
	q := Parse(strings.Repeat("from:a b ", 500), now)
	if len(q.Words) != most || len(q.From) != most {
		t.Errorf("%d words, %d senders", len(q.Words), len(q.From))
	}
	if q := Parse(strings.Repeat("退", 10_000), now); len(q.Words[0].Text) > longest || !utf8.ValidString(q.Words[0].Text) {
		t.Errorf("%d bytes", len(q.Words[0].Text))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`a -b "c d`, `from:"x`, "-is:open", "before:2026-11", "from：", "lang:-", `-"`, "退退"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		q := Parse(typed, now)
		for _, all := range [][]Text{q.Words, q.From, q.To, q.Subject, q.Label} {
			for _, x := range all {
				if x.Text == "" || strings.Contains(x.Text, `"`) || !utf8.ValidString(x.Text) {
					t.Errorf("%q gives %q", typed, x.Text)
				}
			}
		}
		// What is plain asks for the same again.
		if again := Parse(q.Plain(), now); len(again.From)+len(again.To)+len(again.Subject) > 0 {
			t.Errorf("%q: %q asks for more than words", typed, q.Plain())
		}
	})
}
