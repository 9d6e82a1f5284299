package store

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"fernpost/store/desk"
)

func TestReplayChangesAndAnnouncesNothing(t *testing.T) {
	ts := openTest(t)
	flagged := mail(2, 1)
	flagged.Flags = &desk.Flags{Seen: true, Keywords: []string{"urgent"}}
	flagged.Head.Attachments = []desk.Attachment{{Part: "2", Name: "a.pdf", Size: 10}}
	p := Page{Items: []desk.Arrival{flagged, mail(1), ours(3, 1, 2)}, Cursor: []byte("here"), Verified: monday}
	first := ts.page(p)
	if first.New != 3 || first.Texts != 3 {
		t.Errorf("first time: %+v", first)
	}
	if got := ts.announced(); len(got) != 1 {
		t.Fatalf("one page is one change, not %d", len(got))
	}
	before := ts.messagesOf(ts.of(1).ID)
	if again := ts.page(p); again.New != 0 || again.Texts != 0 || again.Changed != 0 {
		t.Errorf("replay: %+v", again)
	}
	if got := ts.announced(); len(got) != 0 {
		t.Errorf("replay announced %+v", got)
	}
	after := ts.messagesOf(ts.of(1).ID)
	if len(before) != 3 || len(after) != 3 || before[1].Attachments[0].ID != after[1].Attachments[0].ID {
		t.Errorf("before %+v after %+v", before, after)
	}
	cursor, verified, err := ts.Cursor(t.Context(), testAccount)
	if err != nil || !bytes.Equal(cursor, []byte("here")) || !verified.Equal(monday) {
		t.Errorf("cursor %q, verified %v, %v", cursor, verified, err)
	}
}

func TestAFailedPageLeavesNothing(t *testing.T) {
	ts := openTest(t)
	bad := mail(2)
	bad.Remote.ID = ""
	_, err := ts.Apply(t.Context(), Page{Account: testAccount, Items: []desk.Arrival{mail(1), bad}, Cursor: []byte("x")})
	wantKind(t, err, desk.KindInvalid)
	if n := ts.counters().Inbox; n != 0 {
		t.Errorf("%d conversations from a page that failed", n)
	}
	if cursor, _, _ := ts.Cursor(t.Context(), testAccount); cursor != nil {
		t.Error("the cursor moved without its page")
	}
	_, err = ts.Apply(t.Context(), Page{Account: "nobody"})
	wantKind(t, err, desk.KindNotFound)
}

func TestHeadThenTextThenFlags(t *testing.T) {
	ts := openTest(t)
	whole := mail(1)
	head := whole
	head.Body = nil
	ts.apply(head)
	c := ts.of(1)
	if c.Preview != "" || c.Language != "" || ts.messagesOf(c.ID)[0].TextState != desk.TextComing {
		t.Errorf("a head alone: %+v", c)
	}
	text := desk.Arrival{Kind: desk.ArrivalText, Remote: whole.Remote, Body: &desk.Body{Text: "Wo ist mein Paket?", Language: "de"}}
	if a := ts.apply(text); a.Texts != 1 {
		t.Errorf("text: %+v", a)
	}
	if c = ts.of(1); c.Preview != "Wo ist mein Paket?" || c.Language != "de" {
		t.Errorf("with text: %+v", c)
	}
	if hits := ts.find("paket"); len(hits) != 1 {
		t.Errorf("%d hits for a text that came later", len(hits))
	}
	flags := desk.Arrival{Kind: desk.ArrivalFlags, Remote: whole.Remote, Flags: &desk.Flags{Seen: true, Answered: true}}
	ts.apply(flags)
	if m := ts.messagesOf(c.ID)[0]; !m.Seen || !m.Answered || ts.of(1).Unread != 0 {
		t.Errorf("with flags: %+v", m)
	}
	ts.apply(desk.Arrival{Kind: desk.ArrivalText, Remote: desk.RemoteRef{Scope: "INBOX", Epoch: "1", ID: "99"}, Body: text.Body})
	missing := mail(2)
	missing.Body = &desk.Body{Missing: true, Warnings: []string{"encrypted"}}
	ts.apply(missing)
	if m := ts.messagesOf(ts.of(2).ID)[0]; m.TextState != desk.TextNone || len(m.Warnings) != 1 {
		t.Errorf("without a text: %+v", m)
	}
}

func TestTheSameMailInTwoFolders(t *testing.T) {
	ts := openTest(t)
	twice := at(mail(1), "All Mail", "9", "70")
	ts.apply(mail(1), twice)
	all := ts.messagesOf(ts.of(1).ID)
	if len(all) != 1 {
		t.Fatalf("%d messages", len(all))
	}
	refs, err := ts.Remotes(t.Context(), all[0].ID)
	if err != nil || len(refs) != 2 || refs[1] != twice.Remote {
		t.Errorf("places %v, %v", refs, err)
	}
	// The same Message-ID on another mail is another message.
	other := at(mail(1), "INBOX", "1", "2")
	other.Stable, other.Head.Subject = "another digest", "Subject other"
	ts.apply(other)
	if got := ts.subjects(ts.of(1).ID); got != "1 other" {
		t.Errorf("messages %q", got)
	}
}

func TestAStrangersCopyNeverChangesAText(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	copied := at(mail(1), "INBOX", "1", "2")
	copied.Body = &desk.Body{Text: "send the money elsewhere"}
	ts.apply(copied)
	all := ts.messagesOf(ts.of(1).ID)
	if len(all) != 1 || all[0].Text != "Text 1" {
		t.Errorf("got %+v", all)
	}
	// The place it came from may say it better.
	better := mail(1)
	better.Kind, better.Head, better.Body = desk.ArrivalText, nil, &desk.Body{Text: "Text one", Language: "de"}
	if a := ts.apply(better); a.Changed != 1 || ts.messagesOf(ts.of(1).ID)[0].Text != "Text one" {
		t.Errorf("from its own place: %+v", a)
	}
}

func TestAMailWithoutMessageID(t *testing.T) {
	ts := openTest(t)
	bare := mail(1)
	bare.Head.HeaderID = ""
	ts.apply(bare, at(bare, "Archive", "1", "5"))
	c, err := ts.ConversationByKey(t.Context(), testAccount, "stable:stable 1")
	if err != nil || c.Messages != 1 || c.Key != "stable:stable 1" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestANewNumberingBindsAgain(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(2, 1))
	op := ts.reply(ts.of(1).ID, "answer")
	d := ts.draft(ts.of(1).ID, "more")
	before := ts.messagesOf(ts.of(1).ID)
	a := ts.page(Page{Reset: []string{"INBOX"}, Items: []desk.Arrival{at(mail(1), "INBOX", "2", "11"), at(mail(2, 1), "INBOX", "2", "12")}})
	if a.New != 0 {
		t.Errorf("new messages: %+v", a)
	}
	after := ts.messagesOf(ts.of(1).ID)
	if len(after) != 2 || after[0].ID != before[0].ID || after[1].ID != before[1].ID {
		t.Errorf("before %v after %v", before, after)
	}
	refs, _ := ts.Remotes(t.Context(), after[0].ID)
	if len(refs) != 1 || refs[0] != (desk.RemoteRef{Scope: "INBOX", Epoch: "2", ID: "11"}) {
		t.Errorf("places %v", refs)
	}
	if o, err := ts.Op(t.Context(), op.ID); err != nil || o.State != desk.OpQueued {
		t.Errorf("op %+v, %v", o, err)
	}
	if got, err := ts.Draft(t.Context(), d.ID); err != nil || got.Text != "more" {
		t.Errorf("draft %+v, %v", got, err)
	}
	// A scope that vanished altogether deletes nothing either.
	ts.page(Page{Reset: []string{"INBOX"}})
	if n := len(ts.messagesOf(ts.of(1).ID)); n != 2 {
		t.Errorf("%d messages after a reset", n)
	}
}

func TestGone(t *testing.T) {
	ts := openTest(t)
	gone := func(a desk.Arrival) desk.Arrival {
		return desk.Arrival{Kind: desk.ArrivalGone, Remote: a.Remote}
	}
	elsewhere := at(mail(1), "Archive", "1", "5")
	ts.apply(mail(1), elsewhere, mail(2))
	id := ts.of(1).ID
	ts.apply(gone(mail(1)))
	if n := len(ts.messagesOf(id)); n != 1 {
		t.Fatalf("it still lies elsewhere, but %d are shown", n)
	}
	ts.apply(gone(elsewhere))
	if n := len(ts.messagesOf(id)); n != 0 || len(ts.inbox(ViewInbox)) != 1 || len(ts.find("text")) != 1 {
		t.Errorf("%d messages shown of a mail that lies nowhere", n)
	}
	if a := ts.apply(gone(elsewhere)); a.Changed != 0 {
		t.Error("gone twice")
	}
	ts.apply(elsewhere)
	if n := len(ts.messagesOf(id)); n != 1 || len(ts.inbox(ViewInbox)) != 2 || len(ts.find("text")) != 2 {
		t.Errorf("%d messages shown of a mail that came back", n)
	}
	ts.draft(id, "half an answer")
	ts.apply(gone(elsewhere))
	if n := len(ts.messagesOf(id)); n != 1 {
		t.Errorf("a mail that is being answered was hidden")
	}
}

func TestIDsSortByTimeAndNeverMeet(t *testing.T) {
	ts := openTest(t)
	var items []desk.Arrival
	for n := range 10 {
		a := mail(n)
		a.Head.At = monday
		items = append(items, a)
	}
	first := int64(desk.FirstMessageID(monday))
	// The millisecond is nearly full already.
	if _, err := ts.main.writer.ExecContext(t.Context(), `INSERT INTO conversation (account) VALUES ('desk');
		INSERT INTO message (id, account, conversation, root, direction, kind, at_ms) VALUES (?1, 'desk', 1, 'r', 'in', 'person', 0)`,
		first+idsPerMilli-4); err != nil {
		t.Fatal(err)
	}
	ts.apply(items...)
	var ids []int64
	for n := range 10 {
		ids = append(ids, int64(ts.messagesOf(ts.of(n).ID)[0].ID))
	}
	if ids[2] != first+idsPerMilli-1 || ids[3] != first+idsPerMilli || !slices.IsSorted(ids) {
		t.Errorf("ids %v from %d", ids, first)
	}
	if m := ts.messagesOf(ts.of(9).ID)[0]; !m.At.Equal(monday) {
		t.Errorf("the id carried into the next millisecond, but the date must not: %v", m.At)
	}
}

func TestReopening(t *testing.T) {
	for _, c := range []struct {
		name   string
		set    desk.Status
		mail   func(*desk.Arrival)
		status desk.Status
	}{
		{"customer, waiting", desk.StatusWaiting, func(*desk.Arrival) {}, desk.StatusOpen},
		{"customer, snoozed", desk.StatusSnoozed, func(*desk.Arrival) {}, desk.StatusOpen},
		{"customer, done", desk.StatusDone, func(*desk.Arrival) {}, desk.StatusOpen},
		{"customer, bin", desk.StatusBin, func(*desk.Arrival) {}, desk.StatusOpen},
		{"customer, spam", desk.StatusSpam, func(*desk.Arrival) {}, desk.StatusSpam},
		{"bounce", desk.StatusDone, func(a *desk.Arrival) { a.Head.Kind = desk.KindBounce }, desk.StatusDone},
		{"automatic", desk.StatusWaiting, func(a *desk.Arrival) { a.Head.Kind = desk.KindAuto }, desk.StatusWaiting},
		{"list", desk.StatusDone, func(a *desk.Arrival) { a.Head.Kind = desk.KindList }, desk.StatusDone},
		{"ours", desk.StatusDone, func(a *desk.Arrival) { a.Head.FromUs = true }, desk.StatusDone},
		{"older, found late", desk.StatusDone, func(a *desk.Arrival) { a.Head.At = monday.Add(-time.Hour) }, desk.StatusDone},
	} {
		t.Run(c.name, func(t *testing.T) {
			ts := openTest(t)
			ts.apply(mail(1))
			id := ts.of(1).ID
			if err := ts.SetStatus(t.Context(), id, c.set, nil); err != nil {
				t.Fatal(err)
			}
			if w := ts.of(1).WaitingSince; !w.IsZero() {
				t.Errorf("a customer who was dealt with waits since %v", w)
			}
			a := mail(2, 1)
			c.mail(&a)
			ts.apply(a)
			got := ts.of(1)
			if got.Status != c.status {
				t.Errorf("status %s, want %s", got.Status, c.status)
			}
			if c.status == desk.StatusOpen && !got.WaitingSince.Equal(a.Head.At) {
				t.Errorf("waiting since %v, want %v", got.WaitingSince, a.Head.At)
			}
		})
	}
}

func TestWaitingSince(t *testing.T) {
	ts := openTest(t)
	since := func(want time.Time) {
		t.Helper()
		if got := ts.of(1).WaitingSince; !got.Equal(want) {
			t.Errorf("waiting since %v, want %v", got, want)
		}
	}
	minute := func(n int) time.Time { return monday.Add(time.Duration(n) * time.Minute) }
	ts.apply(mail(1))
	since(minute(1))
	ts.apply(mail(2, 1)) // still since the first
	since(minute(1))
	ts.apply(ours(3, 1, 2))
	since(time.Time{})
	bounce := mail(4, 3)
	bounce.Head.Kind = desk.KindBounce
	ts.apply(bounce)
	since(time.Time{})
	ts.apply(mail(5, 3))
	since(minute(5))
}

func TestJunk(t *testing.T) {
	ts := openTest(t)
	junk := func(n int, refs ...int) desk.Arrival {
		a := at(mail(n, refs...), "Junk", "1", mail(n).Remote.ID)
		a.Head.Folder = desk.RoleJunk
		return a
	}
	ts.apply(junk(1), mail(2), junk(3, 2))
	if c := ts.of(1); c.Status != desk.StatusSpam {
		t.Errorf("junk that begins a conversation is %s", c.Status)
	}
	if c := ts.of(2); c.Status != desk.StatusOpen || c.Messages != 2 {
		t.Errorf("junk in a conversation makes it %+v", c)
	}
	if len(ts.inbox(ViewSpam)) != 1 {
		t.Error("the spam view")
	}
	ts.apply(mail(1)) // somebody moved it to the inbox
	if c := ts.of(1); c.Status != desk.StatusOpen {
		t.Errorf("a mail that lies in the inbox too is %s", c.Status)
	}
	ts.apply(junk(4))
	if err := ts.SetStatus(t.Context(), ts.of(4).ID, desk.StatusOpen, nil); err != nil {
		t.Fatal(err)
	}
	ts.apply(junk(5, 4))
	if c := ts.of(4); c.Status != desk.StatusOpen {
		t.Errorf("a person said it isn't spam, but it is %s", c.Status)
	}
}
