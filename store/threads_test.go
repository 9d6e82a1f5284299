package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fernpost/store/desk"
)

func TestALateParentMerges(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(5, 3))
	ts.apply(mail(4, 2))
	five, four := ts.of(5).ID, ts.of(4).ID
	if five == four {
		t.Fatal("nothing links them yet")
	}
	if key := ts.of(4).Key; key != desk.SharedKey(headerOf(2)) {
		t.Errorf("key %q: the root that is referred to, not the mail itself", key)
	}
	d := ts.draft(four, "half an answer")
	op := ts.reply(five, "an answer")
	ts.announced()
	ts.apply(mail(3, 1), mail(2, 1))
	c := ts.of(1)
	if ts.of(5).ID != c.ID || ts.of(4).ID != c.ID || c.Messages != 4 || c.Key != desk.SharedKey(headerOf(1)) {
		t.Errorf("merged: %+v", c)
	}
	for _, key := range []int{1, 2, 3, 4, 5} {
		if ts.of(key).ID != c.ID {
			t.Errorf("key %d leads elsewhere", key)
		}
	}
	for _, id := range []desk.ConversationID{five, four} {
		if got, err := ts.Conversation(t.Context(), id); err != nil || got.ID != c.ID {
			t.Errorf("id %d leads to %d, %v", id, got.ID, err)
		}
		if n := len(ts.messagesOf(id)); n != 4 {
			t.Errorf("id %d shows %d messages", id, n)
		}
	}
	if got, err := ts.DraftOf(t.Context(), c.ID); err != nil || got.ID != d.ID || got.Text != "half an answer" {
		t.Errorf("draft %+v, %v", got, err)
	}
	if ops, err := ts.OpsOf(t.Context(), four); err != nil || len(ops) != 1 || ops[0].ID != op.ID {
		t.Errorf("ops %+v, %v", ops, err)
	}
	if changes := ts.announced(); len(changes) != 1 || len(changes[0].Conversations) != 2 {
		t.Errorf("both ids changed, announced was %+v", changes)
	}
	if c.Mark != desk.MarkWaits || c.DraftID != d.ID {
		t.Errorf("mark %q, draft %q", c.Mark, c.DraftID)
	}
	n := ts.counters()
	if n.Inbox+n.Waiting != 1 || n.Drafts != 1 || n.Outbox != 1 {
		t.Errorf("counters %+v", n)
	}
}

func TestTwoDraftsOfMergedConversationsBecomeOne(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(4, 2), mail(5, 3))
	a := ts.draft(ts.of(4).ID, "first")
	ts.draft(ts.of(5).ID, "second")
	ts.apply(mail(6, 2, 3))
	d, err := ts.DraftOf(t.Context(), ts.of(6).ID)
	if err != nil || !strings.Contains(d.Text, "first") || !strings.Contains(d.Text, "second") {
		t.Errorf("draft %+v, %v", d, err)
	}
	if n := ts.counters().Drafts; n != 1 {
		t.Errorf("%d drafts counted", n)
	}
	revisions, err := ts.DraftRevisions(t.Context(), d.ID)
	if err != nil || len(revisions) != 2 {
		t.Errorf("revisions %+v (first was %s), %v", revisions, a.ID, err)
	}
}

func TestMergingNeverHidesAWaitingCustomer(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(9, 8), mail(4, 3)) // apart until 8 refers to 3
	if err := ts.SetStatus(t.Context(), ts.of(9).ID, desk.StatusDone, nil); err != nil {
		t.Fatal(err)
	}
	ts.apply(mail(8, 3))
	if c := ts.of(4); c.Status != desk.StatusOpen || !c.WaitingSince.Equal(monday.Add(4*time.Minute)) {
		t.Errorf("%+v", c)
	}
}

func TestOurCopies(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	op := ts.reply(ts.of(1).ID, "an answer")
	copied := copyOf(op, 2, 1)
	if a := ts.apply(at(copied, "Elsewhere", "1", "1")); len(a.OpsSeen) != 0 {
		t.Error("an op that was never tried can't have been seen")
	}
	ts = openTest(t)
	ts.apply(mail(1))
	op = ts.reply(ts.of(1).ID, "an answer")
	ts.start(op.ID)
	inbox := at(copyOf(op, 2, 1), "INBOX", "1", "50")
	inbox.Stable = "the proof copy has another head"
	inbox.Head.OpID = ""
	a := ts.apply(copyOf(op, 2, 1), inbox)
	if a.New != 1 || !slices.Equal(a.OpsSeen, []desk.OpID{op.ID}) {
		t.Errorf("applied %+v", a)
	}
	all := ts.messagesOf(ts.of(1).ID)
	if len(all) != 2 || all[1].Direction != desk.FromUs || all[1].OpID != op.ID {
		t.Fatalf("messages %+v", all)
	}
	if refs, _ := ts.Remotes(t.Context(), all[1].ID); len(refs) != 2 {
		t.Errorf("places %v", refs)
	}
	if ops, _ := ts.OpsOf(t.Context(), ts.of(1).ID); len(ops) != 0 {
		t.Errorf("a message shows the op, but it is still listed: %+v", ops)
	}
	if got, err := ts.NewSince(t.Context(), ts.of(1).ID, op.Base); err != nil || len(got) != 0 {
		t.Errorf("our own reply is no news: %+v, %v", got, err)
	}
}

func TestAStrangerCantTakeAnOp(t *testing.T) {
	for _, c := range []struct {
		name   string
		forged func(*desk.Arrival)
	}{
		{"our Message-ID", func(a *desk.Arrival) { a.Head.OpID = "" }},
		{"our token", func(a *desk.Arrival) { a.Head.HeaderID = headerOf(2) }},
		{"both", func(*desk.Arrival) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ts := openTest(t)
			ts.apply(mail(1))
			op := ts.reply(ts.of(1).ID, "an answer")
			ts.start(op.ID)
			a := copyOf(op, 2, 1)
			a.Head.FromUs, a.Stable = false, "forged"
			c.forged(&a)
			if got := ts.apply(a); len(got.OpsSeen) != 0 || got.New != 1 {
				t.Errorf("applied %+v", got)
			}
			genuine := copyOf(op, 3, 1)
			if got := ts.apply(genuine); len(got.OpsSeen) != 1 || got.New != 1 {
				t.Errorf("ours: %+v", got)
			}
			all := ts.messagesOf(ts.of(1).ID)
			if len(all) != 3 || all[1].Direction != desk.FromCustomer || all[1].OpID != "" || all[2].OpID != op.ID {
				t.Errorf("messages %+v", all)
			}
			if got, _ := ts.NewSince(t.Context(), ts.of(1).ID, op.Base); len(got) != 1 {
				t.Errorf("the stranger's mail is news: %+v", got)
			}
		})
	}
}

// An answer names only our reply, whose own copy never came.
func TestAnAnswerToAReplyWithoutCopy(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	op := ts.reply(ts.of(1).ID, "an answer")
	ts.start(op.ID)
	answer := mail(3)
	answer.Head.References = []string{string(op.ID) + "@shop.example"}
	ts.apply(answer)
	if ts.of(3).ID != ts.of(1).ID {
		t.Error("it belongs to the conversation of our reply")
	}
}

func TestAnEndlessChainOfReferences(t *testing.T) {
	ts := openTest(t)
	a := mail(1)
	for n := range 10_000 {
		a.Head.References = append(a.Head.References, fmt.Sprintf("r%d@example.com", n))
	}
	ts.apply(a)
	var keys int64
	if err := ts.main.row(t.Context(), `SELECT count(*) FROM conversation_key`, nil, &keys); err != nil || keys > 200 {
		t.Errorf("%d keys, %v", keys, err)
	}
}

// desktop is what a store shows of an account, without local ids.
type desktop struct {
	conversations []string
	counters      map[string]int64
}

func (ts *testStore) desktop() desktop {
	d := desktop{counters: map[string]int64{}}
	rows, err := many(ts.t.Context(), ts.main, `SELECT `+conversationColumns+` FROM conversation WHERE account = ?1`,
		[]any{ts.account}, ts.plainConversation)
	if err != nil {
		ts.t.Fatal(err)
	}
	for _, c := range rows {
		var heads []string
		for _, m := range ts.messagesOf(c.ID) {
			heads = append(heads, m.HeaderID+"/"+m.Subject+"/"+string(m.Direction))
		}
		slices.Sort(heads)
		c.ID, c.LastMessage = 0, 0
		d.conversations = append(d.conversations, fmt.Sprintf("%+v %q", c, heads))
	}
	slices.Sort(d.conversations)
	err = ts.main.each(ts.t.Context(), `SELECT name, value FROM counter WHERE account = ?1 AND value <> 0`, []any{ts.account}, func(r scanner) error {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		d.counters[name] = n
		return err
	})
	if err != nil {
		ts.t.Fatal(err)
	}
	return d
}

// drawMails makes a set of mails that refer to each other in every odd way:
// parents that aren't there, loops, one Message-ID twice, the same mail in two
// folders, everything within a few seconds.
func drawMails(t *rapid.T) []desk.Arrival {
	count := rapid.IntRange(1, 14).Draw(t, "mails")
	var all []desk.Arrival
	for n := range count {
		var refs []int
		for range rapid.IntRange(0, 3).Draw(t, "references") {
			refs = append(refs, rapid.IntRange(0, count+3).Draw(t, "reference"))
		}
		a := mail(n, refs...)
		if rapid.IntRange(0, 3).Draw(t, "ours") == 0 {
			a = ours(n, refs...)
		}
		a.Head.At = monday.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "second")) * time.Second)
		a.Head.Kind = rapid.SampledFrom([]desk.MessageKind{desk.KindPerson, desk.KindPerson, desk.KindBounce, desk.KindAuto}).Draw(t, "kind")
		a.Body.Language = rapid.SampledFrom([]string{"", "de", "zh"}).Draw(t, "language")
		a.Flags = &desk.Flags{Seen: rapid.Bool().Draw(t, "seen")}
		a.Flags.Keywords = rapid.SampledFrom([][]string{nil, nil, nil, {"urgent"}, {desk.KeywordDone}}).Draw(t, "keywords")
		switch rapid.IntRange(0, 7).Draw(t, "oddity") {
		case 0:
			a.Head.HeaderID = headerOf(rapid.IntRange(0, count).Draw(t, "the same Message-ID"))
		case 1:
			a.Head.HeaderID = ""
		case 2:
			a.Head.Folder = desk.RoleJunk
		case 3:
			all = append(all, at(a, "Archive", "7", a.Remote.ID))
		}
		all = append(all, a)
	}
	return all
}

func TestAnyOrderOfArrivalGivesTheSame(t *testing.T) {
	ts := openTest(t)
	accounts := 0
	rapid.Check(t, func(rt *rapid.T) {
		all := drawMails(rt)
		var want desktop
		for round := range 3 {
			accounts++
			ts.account = desk.AccountID(fmt.Sprint("account ", accounts))
			ts.addAccount(ts.account)
			order := all
			if round > 0 {
				order = rapid.Permutation(all).Draw(rt, "order")
			}
			for len(order) > 0 {
				n := rapid.IntRange(1, len(order)).Draw(rt, "page")
				p := Page{Items: order[:n], Cursor: fmt.Append(nil, len(order))}
				ts.page(p)
				if rapid.Bool().Draw(rt, "replay") {
					ts.announced()
					ts.page(p)
					if got := ts.announced(); len(got) > 0 {
						rt.Fatalf("a replay announced %+v", got)
					}
				}
				order = order[n:]
			}
			got := ts.desktop()
			for i := range got.conversations {
				got.conversations[i] = strings.ReplaceAll(got.conversations[i], string(ts.account), "")
			}
			if round == 0 {
				want = got
				continue
			}
			if !slices.Equal(got.conversations, want.conversations) || !maps.Equal(got.counters, want.counters) {
				rt.Fatalf("%s\n%v\nin another order\n%s\n%v", strings.Join(want.conversations, "\n"), want.counters,
					strings.Join(got.conversations, "\n"), got.counters)
			}
		}
	})
}
