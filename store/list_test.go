package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fernpost/store/desk"
)

func TestListsGoAlongTheirIndex(t *testing.T) {
	ts := openTest(t)
	for name, query := range map[string]string{
		"newest": listNewest, "newest of": listNewestOf, "longest": listLongest, "longest of": listLongestOf,
		"drafts": listDrafts, "drafts of": listDraftsOf,
	} {
		var plan []string
		err := ts.main.each(t.Context(), `EXPLAIN QUERY PLAN `+query, []any{"open", "desk", 1, 1, 50}, func(r scanner) error {
			var id, parent, unused int
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			plan = append(plan, detail)
			return err
		})
		all := strings.Join(plan, "; ")
		// The drafts of all accounts are the whole of their partial index.
		scan := strings.HasPrefix(all, "SCAN") && name != "drafts"
		if err != nil || len(plan) != 1 || scan || strings.Contains(all, "TEMP") || !strings.Contains(all, "USING INDEX conversation_") {
			t.Errorf("%s: %s, %v", name, all, err)
		}
	}
}

func TestOtherQuestionsUseAnIndexToo(t *testing.T) {
	ts := openTest(t)
	for name, q := range map[string]struct {
		query string
		args  []any
	}{
		"messages": {selectMessages, []any{1}}, "new since": {selectNewSince, []any{1, 1}}, "parts": {selectParts, []any{1}},
		"attachments": {hasAttachments, []any{1}}, "due": {selectDueOps, []any{"desk", 1, 10}}, "next due": {selectNextDue, []any{"desk", 1}},
		"here": {selectHere, []any{1}}, "expired": {selectExpired, []any{"desk", 1}}, "next end": {selectNextEnd, []any{"desk", 1}},
		"ops of": {selectOpsOf, []any{1}}, "sent": {selectSentSince, []any{1}}, "unfiled": {selectUnfiled, []any{"desk", 1, 1}},
		"open draft": {selectOpenDraft, []any{1}}, "stable": {selectKnownStable, []any{"desk", "s", "h"}}, "remote": {selectKnownRemote, []any{1, "1"}},
		"key": {selectKey, []any{"k", "desk"}}, "line": {selectLine, []any{"desk", 1}}, "top id": {selectTopID, []any{1, 2}},
	} {
		err := ts.main.each(t.Context(), `EXPLAIN QUERY PLAN `+q.query, q.args, func(r scanner) error {
			var id, parent, unused int
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			if strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "CONSTANT ROW") && !strings.Contains(detail, "(subquery") && name != "oldest" {
				t.Errorf("%s: %s", name, detail)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestListsPage(t *testing.T) {
	ts := openTest(t)
	ts.addAccount("other")
	for n := range 25 {
		a := mail(n)
		a.Head.At = monday.Add(time.Duration(n/2) * time.Minute) // pairs of one date
		ts.account = testAccount
		if n%4 == 3 {
			ts.account = "other"
		}
		ts.apply(a)
		if n%3 == 0 {
			answer := ours(100+n, n)
			answer.Head.At = a.Head.At.Add(-time.Second) // the customer has the last word: it stays in the inbox
			ts.apply(answer)
		}
	}
	rows, err := many(t.Context(), ts.main, `SELECT `+conversationColumns+` FROM conversation`, nil, ts.plainConversation)
	if err != nil {
		t.Fatal(err)
	}
	newest, longest := sorted(rows, newestFirst), sorted(rows, longestFirst)
	for order, want := range map[Order][]string{OrderNewest: newest, OrderLongest: longest} {
		for _, limit := range []int{1, 3, 25, 100} {
			got, pages := ts.walk(ListQuery{View: ViewInbox, Order: order, Limit: limit})
			if !slices.Equal(got, want) {
				t.Errorf("%s by %d: %v, want %v", order, limit, got, want)
			}
			if most := (25 + limit - 1) / limit; pages != most {
				t.Errorf("%s by %d: %d pages", order, limit, pages)
			}
		}
		one, _ := ts.walk(ListQuery{View: ViewInbox, Order: order, Limit: 2, Account: "other"})
		if len(one) != 6 {
			t.Errorf("%s of one account: %v", order, one)
		}
	}
}

func sorted(rows []desk.Conversation, order func(a, b desk.Conversation) int) (ids []string) {
	for _, c := range slices.SortedFunc(slices.Values(rows), order) {
		ids = append(ids, c.ID.String())
	}
	return ids
}

func newestFirst(a, b desk.Conversation) int {
	return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(b.ID, a.ID))
}

func longestFirst(a, b desk.Conversation) int {
	switch wa, wb := !a.WaitingSince.IsZero(), !b.WaitingSince.IsZero(); {
	case wa && wb:
		return cmp.Or(a.WaitingSince.Compare(b.WaitingSince), cmp.Compare(a.ID, b.ID))
	case wa:
		return -1
	case wb:
		return 1
	}
	return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(a.ID, b.ID))
}

// walk gives the ids of all pages.
func (ts *testStore) walk(q ListQuery) (ids []string, pages int) {
	ts.t.Helper()
	for {
		p, err := ts.List(ts.t.Context(), q)
		if err != nil {
			ts.t.Fatal(err)
		}
		pages++
		for _, c := range p.Rows {
			ids = append(ids, c.ID.String())
		}
		if want := map[bool]int{true: 25, false: 6}[q.Account == ""]; p.Total != want {
			ts.t.Errorf("total %d, want %d", p.Total, want)
		}
		if p.Next == "" {
			return ids, pages
		}
		q.After = p.Next
	}
}

func TestCountersAlwaysAgreeWithCounting(t *testing.T) {
	ts := openTest(t)
	for n := range 12 {
		a := mail(n)
		a.Body.Language = []string{"de", "zh", ""}[n%3]
		ts.apply(a)
	}
	for n, st := range []desk.Status{desk.StatusDone, desk.StatusWaiting, desk.StatusSnoozed, desk.StatusSpam, desk.StatusBin, desk.StatusOpen} {
		if err := ts.SetStatus(t.Context(), ts.of(n).ID, st, nil); err != nil {
			t.Fatal(err)
		}
	}
	ts.draft(ts.of(0).ID, "x")
	ts.reply(ts.of(7).ID, "y")
	if err := ts.MarkRead(t.Context(), ts.of(8).ID); err != nil {
		t.Fatal(err)
	}
	ts.apply(mail(20, 9, 10), desk.Arrival{Kind: desk.ArrivalGone, Remote: mail(11).Remote})
	ts.announced()
	if err := ts.MarkRead(t.Context(), ts.of(8).ID); err != nil || len(ts.announced()) != 0 {
		t.Error("read twice is announced once")
	}
	counted := Counters{Languages: map[string]int{}}
	rows, err := many(t.Context(), ts.main, `SELECT `+conversationColumns+` FROM conversation WHERE shown = 1`, nil, ts.plainConversation)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rows {
		switch c.Status {
		case desk.StatusOpen:
			counted.Inbox++
			counted.InboxUnread += min(c.Unread, 1)
			if c.Language != "" {
				counted.Languages[c.Language]++
			}
		case desk.StatusWaiting:
			counted.Waiting++
		case desk.StatusSnoozed:
			counted.Snoozed++
		case desk.StatusDone:
			counted.Done++
		}
		if c.DraftID != "" {
			counted.Drafts++
		}
	}
	counted.Outbox = 1
	if got := ts.counters(); fmt.Sprint(got) != fmt.Sprint(counted) {
		t.Errorf("kept %+v, counted %+v", got, counted)
	}
}
