package app

import (
	"strings"
	"testing"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

func TestASignatureAloneIsNoReply(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, " \n": true, signed("Amira"): true, "-- \nAmira": true,
		"Hello" + signed("Amira"): false, "Hello\n--\nAmira": false, "a -- b": false,
	} {
		if got := nothingWritten(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if signed(" \n") != "" {
		t.Error("an empty signature has a mark")
	}
}

func TestAnotherSenderSigns(t *testing.T) {
	amira, shop := "Viele Grüße\nAmira", "Regards\n\nThe shop"
	senders := []desk.Identity{
		{ID: 1, Signatures: map[string]string{"": "Amira", "de": amira}},
		{ID: 2, Signatures: map[string]string{"": shop}},
		{ID: 3},
	}
	for name, c := range map[string]struct {
		text      string
		had       bool
		signature string
		want      string // "=" leaves it
	}{
		"nothing written yet":        {signed(amira), true, shop, signed(shop)},
		"below a text":               {"Hello" + signed(amira), true, shop, "Hello" + signed(shop)},
		"in another language":        {"Hello" + signed("Amira"), true, shop, "Hello" + signed(shop)},
		"the same again":             {"Hello" + signed(shop), true, shop, "Hello" + signed(shop)},
		"blank lines after it":       {"Hello" + signed(amira) + "\n\n", true, shop, "Hello" + signed(shop)},
		"spaces that don't break":    {"Hello\n\n--\u00a0\nViele\u00a0Grüße\nAmira", true, shop, "Hello" + signed(shop)},
		"to one who has none":        {"Hello" + signed(amira), true, "", "Hello"},
		"to none, nothing written":   {signed(amira), true, "", ""},
		"from one who has none":      {"Hello", false, shop, "Hello" + signed(shop)},
		"from none, nothing written": {"", false, shop, signed(shop)},
		"edited":                     {"Hello" + signed(amira+" B."), true, shop, "="},
		"written below it":           {"Hello" + signed(amira) + "\nP.S. thanks", true, shop, "="},
		"taken out":                  {"Hello", true, shop, "="},
		"a person's own":             {"Hello\n-- \nme", false, shop, "="},
	} {
		got, changed := signedAnew(mailtext.RichOf(c.text), senders, c.had, c.signature)
		if want := c.want; changed != (want != "=") || changed && got.Text() != want {
			t.Errorf("%s: %q, %v; want %q", name, got.Text(), changed, want)
		}
		again, _ := signedAnew(got, senders, c.signature != "", c.signature)
		if again.Text() != got.Text() {
			t.Errorf("%s: done twice it is %q", name, again.Text())
		}
	}
}

func TestAnotherSenderKeepsTheForm(t *testing.T) {
	senders := []desk.Identity{{Signatures: map[string]string{"": "Amira"}}, {Signatures: map[string]string{"": "Shop"}}}
	text := mailtext.ParseRich("<p>Hello <b>you</b></p><ul><li>one</li></ul><p></p><p>-- </p><p>Amira</p>")
	got, changed := signedAnew(text, senders, true, "Shop")
	if want := "<p>Hello <b>you</b></p><ul><li>one</li></ul><p></p><p>-- </p><p>Shop</p>"; !changed || got.String() != want {
		t.Errorf("%v %s, want %s", changed, got, want)
	}
	bold := mailtext.ParseRich(strings.Replace(text.String(), "Amira", "<b>Amira</b>", 1))
	if got, changed := signedAnew(bold, senders, true, "Shop"); changed {
		t.Errorf("a formatted signature was taken out: %s", got)
	}
}
