package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fernpost/store/desk"
	"fernpost/store/question"
)

func TestSearchGoesAlongAnIndex(t *testing.T) {
	ts := openTest(t)
	fits := func(first ...any) []any {
		return append(first, "[]", 0, 0, "[]", "[]", "[]", "[]", 0, 0, "")
	}
	for query, q := range map[string]struct {
		args  []any
		first string
	}{
		walkWords:    {fits(`"a"`, 9, 0, 30), "SCAN f VIRTUAL TABLE"},
		walkMessages: {fits("", 9, 0, 30), "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
		walkStatus:   {fits("open", 9, 9, 30)[:11], "SEARCH c USING INDEX conversation_newest (status=? AND last_at_ms<?)"},
		fewLabelled:  {[]any{"[1]", 9}, "SEARCH conversation_label USING PRIMARY KEY (label=?)"},
		fewStanding:  {[]any{"[]", 9}, "SEARCH conversation USING COVERING INDEX conversation_newest (status=?)"},
		fewDrafts:    {[]any{"", 9}, "SCAN conversation USING INDEX conversation_draft"},
	} {
		var plan []string
		err := ts.main.each(t.Context(), `EXPLAIN QUERY PLAN `+query, q.args, func(r scanner) error {
			var id, parent, unused int
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			plan = append(plan, detail)
			return err
		})
		if all := strings.Join(plan, "; "); err != nil || strings.Contains(all, "TEMP B-TREE") || !strings.Contains(all, q.first) {
			t.Errorf("%s\n%s, %v", query, all, err)
		}
	}
}

// searched is a store with a mail of each kind that an operator tells apart.
func searched(t *testing.T) *testStore {
	ts := openTest(t)
	change := []func(a *desk.Arrival){
		0: func(a *desk.Arrival) {},
		1: func(a *desk.Arrival) { a.Head.From = desk.Address{Name: "María Rossi", Addr: "m.rossi@mail.example"} },
		2: func(a *desk.Arrival) {
			a.Head.Cc = []desk.Address{{Name: "Jörg Ahrens", Addr: "buchhaltung@shop.example"}}
			a.Body.Text = "Maria wrote about this"
		},
		3: func(a *desk.Arrival) { a.Head.Attachments = []desk.Attachment{{Part: "2", Type: "application/pdf"}} },
		4: func(a *desk.Arrival) { a.Head.Attachments = []desk.Attachment{{Part: "2", Type: "image/png"}} },
		5: func(a *desk.Arrival) {
			a.Head.Attachments = []desk.Attachment{{Part: "2", Type: "image/png", Inline: true}}
			a.Body.Language = "pt-BR"
		},
		6: func(a *desk.Arrival) { a.Flags = &desk.Flags{Keywords: []string{"VIP", "angry"}} },
		7: func(a *desk.Arrival) { a.Flags = &desk.Flags{Seen: true, Keywords: []string{"vip"}} },
		8: func(a *desk.Arrival) { a.Head.Folder = desk.RoleJunk },
		9: func(a *desk.Arrival) { a.Head.Subject = "A broken wheel 9"; a.Body.Language = "zh" },
	}
	for n, change := range change {
		a := mail(n)
		a.Head.At = monday.AddDate(0, 0, n)
		change(&a)
		ts.apply(a)
	}
	return ts
}

func (ts *testStore) numbers(text string) string {
	ts.t.Helper()
	var all []string
	for _, h := range ts.find(text) {
		s := h.Conversation.Subject
		all = append(all, s[strings.LastIndexByte(s, ' ')+1:])
	}
	return strings.Join(all, " ")
}

func TestOperators(t *testing.T) {
	ts := searched(t)
	if err := ts.SetStatus(t.Context(), ts.of(1).ID, desk.StatusDone, nil); err != nil {
		t.Fatal(err)
	}
	if err := ts.Snooze(t.Context(), ts.of(2).ID, monday.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := ts.SaveDraft(t.Context(), desk.Draft{Conversation: ts.of(3).ID, Text: "Dear"}); err != nil {
		t.Fatal(err)
	}
	d := func(n int) string { return monday.AddDate(0, 0, n).Format(time.DateOnly) }
	cases := map[string]string{
		"from:maria":                        "1",
		"from:ros":                          "1",
		`from:"ros"`:                        "",
		`from:"maria rossi"`:                "1",
		"from:rossi@mail.example":           "1",
		"from:maria from:kat":               "",
		"-from:kat":                         "1",
		"maria":                             "2 1",
		"maria -from:maria":                 "2",
		"to:jorg":                           "2",
		"to:buchh":                          "2",
		`to:"shop buchhaltung"`:             "",
		`to:"buchhaltung shop"`:             "2",
		"to:maria":                          "",
		"maria to:jörg":                     "2",
		"maria -to:jörg":                    "1",
		"subject:broken":                    "9",
		"subject:text":                      "",
		`subject:"subject 3"`:               "3",
		"-subject:subject":                  "9",
		"text -subject:subject":             "9",
		"-text -maria":                      "",
		"has:file":                          "4 3",
		"has:picture":                       "4",
		"has:file -has:picture":             "3",
		"-has:file after:" + d(5):           "9 8 7 6 5",
		"is:open":                           "9 7 6 5 4 3 0",
		"is:done":                           "1",
		"is:snoozed":                        "2",
		"is:spam":                           "8",
		"is:waiting":                        "",
		"is:done is:snoozed":                "2 1",
		"-is:open":                          "8 2 1",
		"is:draft":                          "3",
		"is:draft is:done":                  "",
		"-is:draft is:open":                 "9 7 6 5 4 0",
		"is:open -is:unread":                "7",
		"is:open is:unread has:file":        "4 3",
		"text is:spam":                      "8",
		"label:vip":                         "7 6",
		"label:VIP label:angry":             "6",
		"label:vip -label:angry":            "7",
		"label:nobody":                      "",
		"-label:nobody is:done":             "1",
		"lang:pt":                           "5",
		"lang:pt-br":                        "5",
		"lang:pt-pt":                        "",
		"lang:zh lang:pt":                   "9 5",
		"text -lang:de":                     "9 5",
		"after:" + d(8):                     "9 8",
		"before:" + d(1):                    "0",
		"-before:" + d(8):                   "9 8",
		"after:" + d(3) + " before:" + d(5): "4 3",
		"text before:" + d(2):               "1 0",
		"is:open before:" + d(5):            "4 3 0",
		"before:1999":                       "",
		"from:":                             "",
		"is:nonsense":                       "",
	}
	for _, few := range []int{mostFew, 0} {
		setFew(t, few)
		for query, want := range cases {
			if got := ts.numbers(query); got != want {
				t.Errorf("%s finds %q, want %q (%d are few)", query, got, want, few)
			}
		}
	}
}

// setFew decides whether conversations are gone through or an index is walked.
func setFew(t *testing.T, few int) {
	was := mostFew
	t.Cleanup(func() { mostFew = was })
	mostFew = few
}

// What only conversations are asked for is found once in each, whatever came in
// between two pages.
func TestOperatorsPage(t *testing.T) {
	for _, few := range []int{mostFew, 0} {
		t.Run(fmt.Sprint(few), func(t *testing.T) { operatorsPage(t, few) })
	}
}

func operatorsPage(t *testing.T, few int) {
	ts := openTest(t)
	for n := range 9 {
		a := mail(n)
		a.Head.At = monday.Add(time.Duration(n/2) * time.Minute) // pairs of one date
		again := mail(n+100, n)
		again.Head.At = a.Head.At.Add(time.Hour)
		ts.apply(a, again)
		if n%3 == 0 {
			if err := ts.SetStatus(t.Context(), ts.of(n).ID, desk.StatusDone, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for query, most := range map[string]int{
		"-is:spam": 9, "is:done is:open": 9, "is:open": 6, "before:2100": 18, "text": 18, "is:open text": 12, "is:open has:file": 0,
	} {
		setFew(t, few)
		seen := map[desk.MessageID]bool{}
		var conversations []desk.ConversationID
		q := SearchQuery{Question: question.Parse(query, monday), Limit: 2}
		for {
			hits, err := ts.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hits {
				if seen[h.Message] || len(seen) > 0 && h.At.After(q.After.Time()) && q.After > 0 {
					t.Errorf("%s: %d once more, or out of order", query, h.Message)
				}
				seen[h.Message] = true
				conversations = append(conversations, h.Conversation.ID)
			}
			if len(hits) < 2 {
				break
			}
			q.After = hits[1].Message
		}
		if len(seen) != most {
			t.Errorf("%s finds %d messages in %v, want %d", query, len(seen), conversations, most)
		}
	}
}

func TestAPageGoesOnWhereItsLastHitIsGone(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1), mail(3))
	q := typed("is:open")
	q.After = desk.FirstMessageID(monday.Add(2 * time.Minute))
	hits, err := ts.Search(t.Context(), q)
	if err != nil || len(hits) != 1 || hits[0].Conversation.Subject != "Subject 1" {
		t.Errorf("%+v, %v", hits, err)
	}
}
