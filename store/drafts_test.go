package store

import (
	"fmt"
	"testing"

	"fernpost/store/desk"
)

func TestDraftRevisions(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	c := ts.of(1).ID
	ts.announced()
	d := ts.draft(c, "0")
	for n := range revisionsKept + 10 {
		d.Text = fmt.Sprint(n + 1)
		var err error
		if d, err = ts.SaveDraft(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	all, err := ts.DraftRevisions(t.Context(), d.ID)
	if err != nil || len(all) != revisionsKept || all[0].Text != "60" || all[revisionsKept-1].Text != "11" {
		t.Errorf("%d revisions, %v", len(all), err)
	}
	if got := ts.announced(); len(got) != revisionsKept+11 || len(got[0].Conversations) != 1 {
		t.Errorf("%d changes", len(got))
	}
	same, err := ts.SaveDraft(t.Context(), d)
	if err != nil || same.Revision != d.Revision || len(ts.announced()) != 0 {
		t.Errorf("nothing new was saved: %+v, %v", same, err)
	}
	again, err := ts.SaveDraft(t.Context(), desk.Draft{Conversation: c, Text: "from another screen"})
	if err != nil || again.ID != d.ID || again.Revision != d.Revision+1 {
		t.Errorf("one draft per conversation: %+v, %v", again, err)
	}
}

func TestDraftsKeepWhatWasWritten(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	want := desk.Draft{
		Conversation: ts.of(1).ID, To: []desk.Address{{Name: "Käthe", Addr: "k@x.de"}}, Cc: []desk.Address{{Addr: "c@x.de"}},
		Bcc: []desk.Address{{Addr: "b@x.de"}}, Subject: "Re: x", Text: "שלום\nعربي", Base: ts.of(1).LastMessage,
	}
	saved, err := ts.SaveDraft(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ts.DraftOf(t.Context(), want.Conversation)
	if err != nil || !sameDraft(got, want) || got.ID != saved.ID || got.Account != testAccount || !got.Saved.Equal(ts.at) {
		t.Errorf("got %+v, %v", got, err)
	}
	if ids := ts.inbox(ViewDrafts); len(ids) != 1 || ts.counters().Drafts != 1 || ts.of(1).Mark != desk.MarkDraft {
		t.Errorf("drafts %v", ids)
	}
	if err := ts.DropDraft(t.Context(), saved.ID); err != nil {
		t.Fatal(err)
	}
	if err := ts.DropDraft(t.Context(), saved.ID); err != nil {
		t.Errorf("dropped twice: %v", err)
	}
	if ids := ts.inbox(ViewDrafts); len(ids) != 0 || ts.counters().Drafts != 0 {
		t.Errorf("drafts %v", ids)
	}
	_, err = ts.SaveDraft(t.Context(), saved)
	wantKind(t, err, desk.KindNotFound)
	_, err = ts.SaveDraft(t.Context(), desk.Draft{Conversation: 99})
	wantKind(t, err, desk.KindNotFound)
}
