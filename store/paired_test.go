package store

import (
	"testing"

	"fernpost/store/desk"
)

// split gives a mail as a head and, for behind it, its text.
func split(whole desk.Arrival) (head, text desk.Arrival) {
	head = whole
	head.Body = nil
	return head, desk.Arrival{Kind: desk.ArrivalText, Remote: whole.Remote, Body: whole.Body}
}

func TestATextBehindItsHeadInOnePage(t *testing.T) {
	one, two := openTest(t), openTest(t)
	var heads, texts []desk.Arrival
	for n := 1; n <= 3; n++ {
		whole := mail(n, 1)
		whole.Flags = &desk.Flags{Seen: n > 1, Keywords: []string{"urgent"}}
		whole.Body.Origin = &desk.Origin{Address: desk.Address{Addr: "named@example.com"}, Via: desk.ViaForm}
		head, text := split(whole)
		heads, texts = append(heads, head), append(texts, text)
	}
	got := one.apply(append(append([]desk.Arrival{}, heads...), texts...)...)
	if got.New != 3 || got.Texts != 3 || got.Changed != 0 {
		t.Errorf("together: %+v", got)
	}
	two.apply(heads...)
	two.apply(texts...)
	a, b := one.of(1), two.of(1)
	if a.Preview != "Text 3" || a.Preview != b.Preview || a.Language != b.Language || a.Unread != b.Unread || a.Customer != b.Customer {
		t.Errorf("together %+v\nafter each other %+v", a, b)
	}
	for i, m := range one.messagesOf(a.ID) {
		other := two.messagesOf(b.ID)[i]
		if m.Text != other.Text || m.TextState != other.TextState || m.Seen != other.Seen || m.Text == "" {
			t.Errorf("together %+v\nafter each other %+v", m, other)
		}
	}
	if len(one.find("text")) != len(two.find("text")) {
		t.Error("another search index")
	}
	if again := one.apply(append(heads, texts...)...); again.New != 0 || again.Texts != 0 || again.Changed != 0 {
		t.Errorf("replay: %+v", again)
	}
}

func TestWhatComesBetweenAHeadAndItsTextKeepsItsPlace(t *testing.T) {
	ts := openTest(t)
	head, text := split(mail(1))
	gone := desk.Arrival{Kind: desk.ArrivalGone, Remote: head.Remote}
	if got := ts.apply(head, gone, text); got.New != 1 || got.Texts != 0 {
		t.Errorf("%+v", got)
	}
	head, text = split(mail(2))
	other := text
	other.Body = &desk.Body{Text: "a second text of the same mail", Language: "en"}
	ts.apply(head, text, other)
	if m := ts.messagesOf(ts.of(2).ID)[0]; m.Text != other.Body.Text {
		t.Errorf("the first text stands: %q", m.Text)
	}
}

func TestAPersonIsCountedOncePerMail(t *testing.T) {
	ts := openTest(t)
	first, second := mail(1), mail(2)
	first.Head.From.Name, second.Head.From.Name = "Katharina", "Kat"
	second.Head.From.Addr = "KAT@example.com"
	ts.apply(second, first)
	ts.apply(first, mail(3))
	all, err := ts.Contacts(t.Context(), testAccount, "kat", 10)
	if err != nil || len(all) != 1 || all[0].Mails != 3 || all[0].Address.Name != "Katharina" {
		t.Errorf("%+v, %v", all, err)
	}
}
