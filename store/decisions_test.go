package store

import (
	"testing"
	"time"

	"fernpost/store/desk"
)

// about gives a mail a subject and a day.
func about(a desk.Arrival, subject string, day int) desk.Arrival {
	a.Head.Subject = subject
	a.Head.At = a.Head.At.Add(time.Duration(day) * 24 * time.Hour)
	return a
}

func TestAnswersWithoutReferences(t *testing.T) {
	const scanner = "The scanner is broken"
	other := func(a desk.Arrival) desk.Arrival {
		a.Head.From.Addr = "tom@example.com"
		return a
	}
	kind := func(a desk.Arrival, k desk.MessageKind) desk.Arrival {
		a.Head.Kind = k
		return a
	}
	for _, c := range []struct {
		name          string
		first, second desk.Arrival
		one           bool
	}{
		{"an answer", about(mail(1), scanner, 0), about(mail(2), "Re: "+scanner, 1), true},
		{"to our mail", about(ours(1), scanner, 0), about(mail(2), "AW: "+scanner, 13), true},
		{"another case, a tag and spaces", about(mail(1), "[#4711] the  Scanner is broken.", 0), about(mail(2), "RE: [EXT] Re[2]: the scanner is broken", 1), true},
		{"in Chinese", about(mail(1), "扫描仪坏了怎么办", 0), about(mail(2), "回复：扫描仪坏了怎么办", 1), true},
		{"refers to what nobody knows", about(mail(1), scanner, 0), about(mail(2, 77), scanner, 1), true},
		{"no sign of an answer", about(mail(1), scanner, 0), about(mail(2), scanner, 1), false},
		{"passed on", about(mail(1), scanner, 0), about(mail(2), "Fwd: "+scanner, 1), false},
		{"too late", about(mail(1), scanner, 0), about(mail(2), "Re: "+scanner, 15), false},
		{"somebody else", about(mail(1), scanner, 0), other(about(mail(2), "Re: "+scanner, 1)), false},
		{"what everybody writes", about(mail(1), "My order", 0), about(mail(2), "Re: My order", 1), false},
		{"nothing", about(mail(1), "", 0), about(mail(2), "Re:", 1), false},
		{"a list", kind(about(mail(1), scanner, 0), desk.KindList), about(mail(2), "Re: "+scanner, 1), false},
		{"a machine", about(mail(1), scanner, 0), kind(about(mail(2), "Re: "+scanner, 1), desk.KindAuto), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, newestFirst := range []bool{false, true} {
				ts := openTest(t)
				if newestFirst {
					ts.apply(c.second)
					ts.apply(c.first)
				} else {
					ts.apply(c.first, c.second)
				}
				if got := ts.of(1).ID == ts.of(2).ID; got != c.one {
					t.Errorf("one conversation: %v, newest first: %v", got, newestFirst)
				}
			}
		})
	}
}

// What a mail names counts more than what it sounds like, also when it comes
// last: then the mail leaves again.
func TestAParentThatComesLastTakesItsAnswer(t *testing.T) {
	ts := openTest(t)
	ts.apply(about(mail(1), "The scanner is broken", 0), about(mail(3, 2), "Re: The scanner is broken", 2))
	if ts.of(3).ID != ts.of(1).ID {
		t.Fatal("nothing better is known yet")
	}
	d := ts.draft(ts.of(3).ID, "an answer to the newest")
	d.Base = ts.messagesOf(ts.of(3).ID)[1].ID
	if _, err := ts.SaveDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	ts.apply(about(mail(2), "Something else", 1))
	c := ts.of(3)
	if c.ID != ts.of(2).ID || c.ID == ts.of(1).ID || ts.of(1).Messages != 1 {
		t.Errorf("3 lies with %+v", c)
	}
	if got, err := ts.DraftOf(t.Context(), c.ID); err != nil || got.ID != d.ID {
		t.Errorf("draft %+v, %v", got, err)
	}
	if ts.of(1).DraftID != "" || c.DraftID != d.ID {
		t.Error("the draft is shown where it isn't")
	}
}

func TestSplit(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), ours(2, 1), mail(3, 1, 2), mail(4, 1, 3))
	whole := ts.of(1)
	all := ts.messagesOf(whole.ID)
	op := ts.reply(whole.ID, "an answer to the newest")
	ts.announced()
	d, err := ts.SplitConversation(t.Context(), whole.ID, all[2].ID)
	if err != nil {
		t.Fatal(err)
	}
	first, second := ts.of(1), ts.of(3)
	if first.ID != whole.ID || second.ID != d.Conversation || ts.subjects(first.ID) != "1 2" || ts.subjects(second.ID) != "3 4" {
		t.Fatalf("%q and %q", ts.subjects(first.ID), ts.subjects(second.ID))
	}
	if first.Key != whole.Key || second.Key != desk.SharedKey(headerOf(3)) {
		t.Errorf("keys %q and %q", first.Key, second.Key)
	}
	if ops, err := ts.OpsOf(t.Context(), second.ID); err != nil || len(ops) != 1 || ops[0].ID != op.ID || second.Mark == "" || first.Mark != "" {
		t.Errorf("the reply is where its question is: %+v, %v", ops, err)
	}
	if got := ts.announced(); len(got) != 1 || len(got[0].Conversations) != 2 {
		t.Errorf("announced %+v", got)
	}
	ts.apply(mail(5, 1, 4), mail(6, 1, 2), at(mail(3, 1, 2), "Archive", "1", "3"))
	if ts.of(5).ID != second.ID || ts.of(6).ID != first.ID {
		t.Error("an answer goes to the half that it answers")
	}
	ts.apply(mail(7, 0), mail(0), func() desk.Arrival { // the root comes late, and names all
		a := mail(8, 0, 1)
		return a
	}())
	if ts.of(0).ID != ts.of(7).ID || ts.of(0).ID != first.ID {
		t.Error("what comes above stays with the first half")
	}
	if n := ts.counters(); n.Inbox+n.Waiting != 2 {
		t.Errorf("counters %+v", n)
	}
	undone, err := ts.UndoDecision(t.Context(), d.ID)
	if err != nil || undone.Conversation != ts.of(1).ID || ts.of(3).ID != ts.of(1).ID || ts.of(5).ID != ts.of(1).ID {
		t.Errorf("undone: %+v, %v", undone, err)
	}
	if c, err := ts.Conversation(t.Context(), second.ID); err != nil || c.ID != ts.of(1).ID {
		t.Errorf("the second half's id leads to %+v, %v", c, err)
	}
	_, err = ts.UndoDecision(t.Context(), d.ID)
	wantKind(t, err, desk.KindConflict)
	_, err = ts.SplitConversation(t.Context(), ts.of(1).ID, ts.messagesOf(ts.of(1).ID)[0].ID)
	wantKind(t, err, desk.KindInvalid)
}

func TestMergeByAPerson(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2), mail(3, 2))
	one, two := ts.of(1), ts.of(2)
	draft := ts.draft(two.ID, "half an answer")
	d, err := ts.MergeConversations(t.Context(), one.ID, two.ID)
	if err != nil {
		t.Fatal(err)
	}
	c := ts.of(1)
	if ts.subjects(c.ID) != "1 2 3" || d.Conversation != c.ID || c.Key != desk.SharedKey(headerOf(1)) || c.DraftID != draft.ID {
		t.Fatalf("%+v", c)
	}
	ts.apply(mail(4, 3), mail(5, 1))
	if ts.subjects(c.ID) != "1 2 3 4 5" {
		t.Errorf("later answers: %q", ts.subjects(c.ID))
	}
	if _, err := ts.UndoDecision(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	if ts.subjects(ts.of(1).ID) != "1 5" || ts.subjects(ts.of(2).ID) != "2 3 4" {
		t.Errorf("undone: %q and %q", ts.subjects(ts.of(1).ID), ts.subjects(ts.of(2).ID))
	}
	_, err = ts.MergeConversations(t.Context(), ts.of(1).ID, ts.of(1).ID)
	wantKind(t, err, desk.KindInvalid)
	one = ts.of(1)
	ts.addAccount("other")
	ts.account = "other"
	ts.apply(at(mail(9), "INBOX", "9", "9"))
	strange, err := ts.ConversationByKey(t.Context(), "other", desk.SharedKey(headerOf(9)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = ts.MergeConversations(t.Context(), one.ID, strange.ID)
	wantKind(t, err, desk.KindInvalid)
}

// The later decision on a message counts; the other stays for what it alone
// names.
func TestDecisionsOnTopOfEachOther(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2, 1), mail(3, 2), mail(4))
	all := ts.messagesOf(ts.of(1).ID)
	if _, err := ts.SplitConversation(t.Context(), ts.of(1).ID, all[1].ID); err != nil {
		t.Fatal(err)
	}
	merge, err := ts.MergeConversations(t.Context(), ts.of(4).ID, ts.of(1).ID)
	if err != nil {
		t.Fatal(err)
	}
	if ts.subjects(ts.of(1).ID) != "1 4" || ts.subjects(ts.of(2).ID) != "2 3" {
		t.Errorf("%q and %q", ts.subjects(ts.of(1).ID), ts.subjects(ts.of(2).ID))
	}
	again, err := ts.MergeConversations(t.Context(), ts.of(2).ID, ts.of(1).ID)
	if err != nil || ts.subjects(again.Conversation) != "1 2 3 4" {
		t.Errorf("%q, %v", ts.subjects(again.Conversation), err)
	}
	for _, id := range []int64{again.ID, merge.ID} {
		if _, err := ts.UndoDecision(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if ts.subjects(ts.of(1).ID) != "1" || ts.subjects(ts.of(2).ID) != "2 3" || ts.subjects(ts.of(4).ID) != "4" {
		t.Error("the split is still there")
	}
}

// Two conversations that people merged, each with others, have one parent.
func TestALateParentOfMergedConversations(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(2, 1), mail(3), mail(4, 1, 1), mail(5, 0), mail(6))
	for _, pair := range [][2]int{{2, 3}, {5, 6}} {
		if _, err := ts.MergeConversations(t.Context(), ts.of(pair[0]).ID, ts.of(pair[1]).ID); err != nil {
			t.Fatal(err)
		}
	}
	ts.apply(mail(1, 0), mail(0))
	if ts.of(6).ID != ts.of(3).ID || ts.subjects(ts.of(0).ID) != "0 1 2 3 4 5 6" {
		t.Errorf("%q", ts.subjects(ts.of(0).ID))
	}
}

func TestAStandingThatASplitMustNotHide(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), ours(2, 1))
	if err := ts.SetStatus(t.Context(), ts.of(1).ID, desk.StatusDone, nil); err != nil {
		t.Fatal(err)
	}
	ts.apply(mail(3), mail(4))
	if _, err := ts.MergeConversations(t.Context(), ts.of(1).ID, ts.of(3).ID); err != nil {
		t.Fatal(err)
	}
	if c := ts.of(1); c.Status != desk.StatusOpen || c.WaitingSince.IsZero() {
		t.Errorf("somebody waits in it: %+v", c)
	}
}
