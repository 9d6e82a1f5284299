package store

import (
	"testing"

	"fernpost/store/desk"
)

func TestTheRealCustomer(t *testing.T) {
	kat := desk.Address{Name: "Kat", Addr: "kat@home.example"}
	named := func(via desk.Via) *desk.Origin { return &desk.Origin{Address: kat, Via: via} }
	for _, c := range []struct {
		name   string
		head   func(*desk.Head)
		origin *desk.Origin
		want   string
		via    desk.Via
	}{
		{"From, whatever the text says", func(*desk.Head) {}, named(desk.ViaForm), "kat@example.com", desk.ViaDirect},
		{"the head", func(h *desk.Head) { h.Customer, h.Via = kat, desk.ViaList }, nil, "kat@home.example", desk.ViaList},
		{"a form's text", func(h *desk.Head) { h.Ask = desk.ViaForm }, named(desk.ViaForm), "kat@home.example", desk.ViaForm},
		{"a form that names nobody", func(h *desk.Head) { h.Ask = desk.ViaForm }, nil, "kat@example.com", desk.ViaDirect},
		{"what was passed on", func(h *desk.Head) { h.Ask = desk.ViaForwarded }, named(desk.ViaForwarded), "kat@home.example", desk.ViaForwarded},
		{"a form's line in what was passed on", func(h *desk.Head) { h.Ask = desk.ViaForwarded }, named(desk.ViaForm), "kat@example.com", desk.ViaDirect},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, textLater := range []bool{false, true} {
				ts := openTest(t)
				a := mail(1)
				c.head(a.Head)
				a.Body.Origin = c.origin
				if textLater {
					text := desk.Arrival{Kind: desk.ArrivalText, Remote: a.Remote, Body: a.Body}
					a.Body = nil
					ts.apply(a, text)
				} else {
					ts.apply(a)
				}
				row, m := ts.of(1), ts.messagesOf(ts.of(1).ID)[0]
				if row.Customer.Addr != c.want || m.Customer.Addr != c.want || m.Via != c.via || m.From.Addr != "kat@example.com" {
					t.Errorf("customer %+v of %+v", row.Customer, m)
				}
				with, err := ts.ConversationsWith(t.Context(), testAccount, c.want, 5)
				if err != nil || len(with) != 1 || with[0].ID != row.ID {
					t.Errorf("with them: %+v, %v", with, err)
				}
			}
		})
	}
}

func TestMarksStayWhenTheTextComes(t *testing.T) {
	ts := openTest(t)
	a := mail(1)
	a.Head.Marks = []string{"unproven"}
	a.Body.Warnings = []string{"cut"}
	ts.apply(a)
	if m := ts.messagesOf(ts.of(1).ID)[0]; len(m.Marks) != 1 || m.Marks[0] != "unproven" || len(m.Warnings) != 1 {
		t.Errorf("%+v", m)
	}
}
