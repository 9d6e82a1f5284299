package store

import (
	"slices"
	"strings"
	"testing"

	"fernpost/store/desk"
)

func TestLanguageAndPreview(t *testing.T) {
	ts := openTest(t)
	a, b, c := mail(1), mail(2, 1), ours(3, 1)
	a.Body.Language, b.Body.Language, c.Body.Language = "de", "fr", "en"
	b.Body.Text = "Où est\r\n\r\n   mon\tcolis ?"
	ts.apply(a, b)
	if got := ts.of(1); got.Language != "fr" || got.Preview != "Où est mon colis ?" {
		t.Errorf("%+v", got)
	}
	ts.apply(c)
	if got := ts.of(1); got.Language != "fr" || got.Preview != "Text 3" || got.Subject != "Subject 1" || got.Customer.Addr != "kat@example.com" {
		t.Errorf("our answer: %+v", got)
	}
	d := mail(4)
	d.Body.Language, d.Head.Language = "", "pt"
	ts.apply(d)
	if got := ts.of(4); got.Language != "pt" {
		t.Errorf("the sender declared pt, got %q", got.Language)
	}
}

func TestPreviewEndsBetweenCharacters(t *testing.T) {
	for _, c := range []struct{ name, unit string }{
		{"plain", "a"},
		{"accent apart", "e\u0301"},
		{"hindi", "कि"},
		{"thai", "กี่"},
		{"flag", "🇩🇪"},
		{"family", "👩‍👩‍👧"},
		{"hangul letters", "\u1112\u116A\u11AB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := preview("x" + strings.Repeat(c.unit, 300))
			rest := strings.TrimPrefix(got, "x")
			if n := len([]rune(got)); n > previewRunes || n < previewRunes-len([]rune(c.unit)) {
				t.Errorf("%d code points", n)
			}
			if strings.ReplaceAll(rest, c.unit, "") != "" {
				t.Errorf("cut inside a character: …%q", rest[max(0, len(rest)-20):])
			}
		})
	}
	if got := preview(" a\n\n b\tc "); got != "a b c" {
		t.Errorf("white space: %q", got)
	}
	if got := []rune(preview(strings.Repeat("ж", 500))); len(got) != previewRunes {
		t.Errorf("%d runes, want %d", len(got), previewRunes)
	}
	if got := preview(" a\x00\n\n\tb\xff \u00a0"); got != "a b\uFFFD" {
		t.Errorf("got %q", got)
	}
}

func TestLabelsAreWhatPeopleGave(t *testing.T) {
	ts := openTest(t)
	a := mail(1)
	a.Flags = &desk.Flags{Keywords: []string{"$Forwarded", "urgent", "NonJunk", "Fragile", `\Flagged`}}
	ts.apply(a)
	if got := ts.of(1).Labels; !slices.Equal(got, []string{"Fragile", "urgent"}) {
		t.Errorf("labels %q", got)
	}
	a.Flags = &desk.Flags{Keywords: []string{"urgent"}}
	ts.apply(a)
	var linked int64
	if err := ts.main.row(t.Context(), `SELECT count(*) FROM conversation_label`, nil, &linked); err != nil || linked != 1 {
		t.Errorf("%d links, %v", linked, err)
	}
}

func TestContacts(t *testing.T) {
	ts := openTest(t)
	older, newer, out, list := mail(1), mail(2), ours(3, 1), mail(4)
	older.Head.From = desk.Address{Name: "Kat", Addr: "KAT@example.com"}
	newer.Head.From = desk.Address{Name: "Katharina Öz", Addr: "kat@example.com"}
	out.Head.To = []desk.Address{{Name: "Jörg", Addr: "joerg@example.net"}}
	list.Head.Kind, list.Head.From = desk.KindList, desk.Address{Addr: "news@example.org"}
	p := Page{Items: []desk.Arrival{newer, older, out, list}}
	ts.page(p)
	ts.page(p)
	for _, prefix := range []string{"kat", "KATHARINA ö", ""} {
		all, err := ts.Contacts(t.Context(), testAccount, prefix, 10)
		if err != nil || len(all) == 0 || all[0].Address.Name != "Katharina Öz" || all[0].Mails != 2 {
			t.Errorf("%q: %+v, %v", prefix, all, err)
		}
	}
	if all, _ := ts.Contacts(t.Context(), testAccount, "", 10); len(all) != 2 {
		t.Errorf("%+v", all)
	}
}
