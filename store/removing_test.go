package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fernpost/store/desk"
)

// everything counts the rows of each table that names an account or hangs on
// one that does; the tables that belong to the whole desk aside.
func (ts *testStore) everything() map[string]int {
	ts.t.Helper()
	desks := map[string]bool{"setting": true, "migration": true, "search": true, "search_word": true}
	rows := map[string]int{}
	for _, b := range []*base{ts.main, ts.blobs} {
		names, err := many(ts.t.Context(), b, `
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'`,
			nil, scanOf[string])
		if err != nil {
			ts.t.Fatal(err)
		}
		for _, name := range names {
			if desks[name] {
				continue
			}
			var n int
			if err := b.row(ts.t.Context(), `SELECT count(*) FROM "`+name+`"`, nil, &n); err != nil {
				ts.t.Fatal(err)
			}
			if n > 0 {
				rows[name] = n
			}
		}
	}
	return rows
}

func TestARemovedAccountLeavesNothing(t *testing.T) {
	ts := openTest(t)
	fillFrozen(t, ts)
	before := fmt.Sprint(ts.everything())

	const other = desk.AccountID("other")
	ts.addAccount(other)
	ts.account = other
	for n := range 120 {
		a := mail(1000 + n)
		a.Head.Attachments = []desk.Attachment{{Part: "2", Name: "a.txt", Size: 5}}
		ts.apply(a)
	}
	ts.append(ts.messagesOf(ts.of(1000).ID)[0].Attachments[0].ID, 0, []byte("bytes"), 0)
	sent := ts.opIn(desk.OpSent)
	ts.draft(ts.of(1001).ID, "half an answer")
	waits := ts.opIn(desk.OpNeedsYou)
	for _, err := range []error{
		ts.PutSecret(t.Context(), [32]byte{1}, "other/imap", "secret"),
		ts.NoteLine(t.Context(), LineEvent{other, monday, "answered"}),
		ts.CountBytes(t.Context(), other, "text", 5),
		ts.PutIdentities(t.Context(), other, []desk.Identity{{
			Address: desk.Address{Addr: "help@shop.example"}, Signatures: map[string]string{"": "Amira"},
		}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if sent.ID == waits.ID {
		t.Fatal("one op")
	}

	wantKind(t, ts.RemoveAccount(t.Context(), other, Left{Drafts: 1}), desk.KindConflict)
	if l, err := ts.LeftOf(t.Context(), other); err != nil || l != (Left{Replies: 1, Drafts: 1}) {
		t.Errorf("left %+v, %v", l, err)
	}
	if _, err := ts.CancelOp(t.Context(), waits.ID, true); err != nil {
		t.Fatal(err)
	}
	wantKind(t, ts.RemoveAccount(t.Context(), other, Left{}), desk.KindConflict)
	if err := ts.RemoveAccount(t.Context(), other, Left{Drafts: 1}); err != nil {
		t.Fatal(err)
	}
	if all, err := ts.Accounts(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%d accounts, %v", len(all), err)
	}
	_, err := ts.Account(t.Context(), other)
	wantKind(t, err, desk.KindNotFound)
	if err := ts.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := fmt.Sprint(ts.everything()); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	ts.account = testAccount
	checkFrozen(t, ts)
}

// TestARemovedAccountSendsNothing: whatever state its replies are in, a person
// who gives them up knows how many, and none can be sent afterwards.
func TestARemovedAccountSendsNothing(t *testing.T) {
	ts := openTest(t)
	const other = desk.AccountID("other")
	ts.addAccount(other)
	ts.account = other
	var ops []desk.OpID
	open := 0
	for _, st := range desk.OpStates {
		op := ts.opIn(st)
		ops = append(ops, op.ID)
		if !st.Ended() {
			open++
		}
	}
	final := ts.reply(ts.of(1).ID, "all of it was handed over")
	ts.move(ops[0], desk.OpQueued, desk.OpCancelled)
	ts.start(final.ID)
	if err := ts.MarkFinal(t.Context(), final.ID); err != nil {
		t.Fatal(err)
	}
	ops = append(ops, final.ID)
	l, err := ts.LeftOf(t.Context(), other)
	if err != nil || l.Replies != open {
		t.Fatalf("left %+v of %d, %v", l, open, err)
	}
	wantKind(t, ts.RemoveAccount(t.Context(), other, Left{Replies: l.Replies - 1, Drafts: l.Drafts}), desk.KindConflict)
	if err := ts.RemoveAccount(t.Context(), other, l); err != nil {
		t.Fatal(err)
	}
	for _, id := range ops {
		if op, err := ts.Op(t.Context(), id); err != nil || !op.State.Ended() {
			t.Errorf("%s is %s, %v", id, op.State, err)
		}
	}
	if all, err := ts.OpenOps(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%d replies may still leave, %v", len(all), err)
	}
	if err := ts.Purge(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestIdentities(t *testing.T) {
	ts := openTest(t)
	account := desk.Account{ID: testAccount, Kind: desk.AccountMail, Address: desk.Address{Name: "Amira", Addr: "help@shop.example"}}
	if err := ts.PutAccount(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	read := func() []desk.Identity {
		t.Helper()
		all, err := ts.Identities(t.Context(), testAccount)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := read(); len(all) != 1 || all[0].Address != account.Address || all[0].ID != 0 {
		t.Errorf("of an account that has none set: %+v", all)
	}
	help := desk.Identity{Address: desk.Address{Name: "Shop help", Addr: "help@shop.example"}, Signatures: map[string]string{"": "Amira", "de": "Viele Grüße\nAmira"}}
	returns := desk.Identity{Address: desk.Address{Addr: "returns@shop.example"}}
	put := func(all ...desk.Identity) error { return ts.PutIdentities(t.Context(), testAccount, all) }
	if err := put(help, returns); err != nil {
		t.Fatal(err)
	}
	all := read()
	if len(all) != 2 || all[0].Signatures["de"] != "Viele Grüße\nAmira" || all[1].Address.Addr != "returns@shop.example" || len(all[1].Signatures) != 0 {
		t.Fatalf("%+v", all)
	}
	if a, err := ts.Account(t.Context(), testAccount); err != nil || a.Address.Name != "Shop help" {
		t.Errorf("the account's name: %+v, %v", a, err)
	}
	ts.apply(mail(1))
	d, err := ts.SaveDraft(t.Context(), desk.Draft{Conversation: ts.of(1).ID, Text: "x", Identity: all[1].ID})
	if err != nil || d.Identity != all[1].ID {
		t.Fatalf("%+v, %v", d, err)
	}
	all[1].Signatures = map[string]string{"sw": "Asante"}
	if err := put(all[1]); err != nil {
		t.Fatal(err)
	}
	if left := read(); len(left) != 1 || left[0].ID != all[1].ID || left[0].Signatures["sw"] != "Asante" {
		t.Errorf("%+v", left)
	}
	wantKind(t, put(), desk.KindInvalid)
	wantKind(t, put(all[0]), desk.KindConflict)
	wantKind(t, ts.PutIdentities(t.Context(), "nobody", all), desk.KindNotFound)
}

// A table that somebody adds and that belongs to an account is taken away too,
// by name or with the row it hangs on.
func TestPurgeNamesEveryTable(t *testing.T) {
	ts := openTest(t)
	tables, err := many(t.Context(), ts.main, `
SELECT DISTINCT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT IN (
  SELECT t.name FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f.on_delete = 'CASCADE')
AND c.name IN ('account', 'conversation', 'message', 'op', 'draft', 'identity') AND m.name NOT LIKE 'sqlite_%'`,
		nil, scanOf[string])
	if err != nil || len(tables) < 12 {
		t.Fatalf("%v, %v", tables, err)
	}
	statements := strings.Join(slices.Concat(purgeConversation, purgeAccount, []string{deleteOp, deleteAttempts}), "\n") + "\n"
	for _, table := range tables {
		if !strings.Contains(statements, "DELETE FROM "+table+" WHERE") {
			t.Errorf("nothing takes %s away", table)
		}
	}
}
