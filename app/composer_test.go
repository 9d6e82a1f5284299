package app

import (
	"slices"
	"testing"

	"fernpost/store/desk"
)

func TestThreadingAnswersWhatWasOnScreen(t *testing.T) {
	messages := []desk.Message{
		{ID: 1, HeaderID: "root@c.example", Kind: desk.KindPerson},
		{ID: 2, HeaderID: "ours@b.example", References: []string{"root@c.example"}, Kind: desk.KindPerson},
		{ID: 3, HeaderID: "away@c.example", Kind: desk.KindAuto},
		{ID: 4, HeaderID: "late@c.example", References: []string{"root@c.example", "ours@b.example"}, Kind: desk.KindPerson},
	}
	for name, c := range map[string]struct {
		base      desk.MessageID
		inReplyTo string
		refs      []string
	}{
		"an automatic reply is no parent": {3, "ours@b.example", []string{"root@c.example", "ours@b.example"}},
		"what came later is no parent":    {2, "ours@b.example", []string{"root@c.example", "ours@b.example"}},
		"the newest":                      {4, "late@c.example", []string{"root@c.example", "ours@b.example", "late@c.example"}},
		"base unknown":                    {0, "late@c.example", []string{"root@c.example", "ours@b.example", "late@c.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			parent, refs := threading(messages, c.base)
			if parent != c.inReplyTo || !slices.Equal(refs, c.refs) {
				t.Errorf("got %q %q", parent, refs)
			}
		})
	}
	if parent, refs := threading(nil, 0); parent != "" || refs != nil {
		t.Errorf("nothing to answer: got %q %q", parent, refs)
	}
}

// A bounce and an automatic reply stand in the conversation, and nobody answers
// them.
func TestMachinesAreNotAnswered(t *testing.T) {
	messages := []desk.Message{
		{ID: 1, Direction: desk.FromCustomer, Kind: desk.KindPerson},
		{ID: 2, Direction: desk.FromUs, Kind: desk.KindPerson},
		{ID: 3, Direction: desk.FromCustomer, Kind: desk.KindAuto},
		{ID: 4, Direction: desk.FromCustomer, Kind: desk.KindBounce},
	}
	if m, ok := newestByPerson(messages); !ok || m.ID != 1 {
		t.Errorf("message %d would be answered", m.ID)
	}
	if m, ok := newestIncoming(messages); !ok || m.ID != 4 {
		t.Errorf("message %d is the newest that came in", m.ID)
	}
	if _, ok := newestByPerson(messages[1:]); ok {
		t.Error("a machine would be answered")
	}
}

func TestNoTextIsHiddenByANewOne(t *testing.T) {
	_, c := practiceDesk(t)
	composer := &Composer{calls: c}
	page, err := (&Inbox{c}).List(ListRequest{View: "inbox", Order: "newest", Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	fresh := func(text string) DraftView {
		t.Helper()
		v, err := composer.Save(DraftView{Conversation: page.Rows[0].ID, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := fresh("One")
	if v := fresh("One goes on"); v.ID != first.ID || v.Text != "One goes on" {
		t.Errorf("the same draft, whose first save was answered to nobody: %+v", v)
	}
	if v := fresh("Two"); v.ID != first.ID || v.Text != "Two\n\nOne goes on" {
		t.Errorf("two texts in one conversation: %+v", v)
	}
}

func TestTheScreenKnowsWhereASenderWantsAnswers(t *testing.T) {
	elsewhere := desk.Address{Name: "Ines", Addr: "ines@home.example"}
	v := messageView(desk.Message{ID: 1, ReplyTo: []desk.Address{elsewhere}})
	if !slices.Equal(v.ReplyTo, []Person{{Name: "Ines", Address: "ines@home.example"}}) {
		t.Errorf("answers go to %+v", v.ReplyTo)
	}
	if v := messageView(desk.Message{ID: 1}); v.ReplyTo == nil {
		t.Error("a list is null on the bridge")
	}
}
