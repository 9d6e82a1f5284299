package store

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"fernpost/store/desk"
)

func TestAccounts(t *testing.T) {
	ts := openTest(t)
	want := desk.Account{
		ID: "b", Kind: desk.AccountPractice, Name: "Practice", Address: desk.Address{Name: "Help", Addr: "help@x.example"},
		Identity: "imap x", State: desk.AccountOK, Settings: []byte(`{"a":1}`), Created: monday.Add(time.Hour),
	}
	if err := ts.PutAccount(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	ts.announced()
	if err := ts.PutAccount(t.Context(), want); err != nil || len(ts.announced()) != 0 {
		t.Errorf("the same again is no change: %v", err)
	}
	got, err := ts.Account(t.Context(), "b")
	if err != nil || got.Name != want.Name || got.Address != want.Address || !bytes.Equal(got.Settings, want.Settings) || !got.Created.Equal(want.Created) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := ts.SetAccountState(t.Context(), "b", desk.AccountSignIn); err != nil {
		t.Fatal(err)
	}
	if c := ts.announced(); len(c) != 1 || !c[0].Accounts {
		t.Errorf("announced %+v", c)
	}
	if err := ts.SetAccountState(t.Context(), "b", desk.AccountSignIn); err != nil || len(ts.announced()) != 0 {
		t.Errorf("the same state again: %v", err)
	}
	wantKind(t, ts.SetAccountState(t.Context(), "none", desk.AccountOK), desk.KindNotFound)
	all, err := ts.Accounts(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != testAccount || all[1].State != desk.AccountSignIn {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAnAccountIsRaised(t *testing.T) {
	ts := openTest(t)
	order := func() (ids string) {
		all, err := ts.Accounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all[1:] {
			ids += string(a.ID)
		}
		return ids
	}
	for _, id := range []desk.AccountID{"a", "b", "c", "d"} {
		if err := ts.PutAccount(t.Context(), desk.Account{ID: id, Kind: desk.AccountMail}); err != nil {
			t.Fatal(err)
		}
	}
	if err := ts.RemoveAccount(t.Context(), "c", Left{}); err != nil {
		t.Fatal(err)
	}
	ts.announced()
	for _, c := range []struct{ raised, want string }{{"d", "adb"}, {"b", "abd"}, {"d", "adb"}, {"d", "dab"}} {
		if err := ts.RaiseAccount(t.Context(), desk.AccountID(c.raised)); err != nil || order() != c.want {
			t.Errorf("%s raised: %s, %v; want %s", c.raised, order(), err, c.want)
		}
	}
	if c := ts.announced(); len(c) != 4 || !c[0].Accounts {
		t.Errorf("announced %+v", c)
	}
	if err := ts.RaiseAccount(t.Context(), testAccount); err != nil || order() != "dab" || len(ts.announced()) != 0 {
		t.Errorf("the first one raised: %s, %v", order(), err)
	}
	wantKind(t, ts.RaiseAccount(t.Context(), "c"), desk.KindNotFound)
}

func TestSettings(t *testing.T) {
	ts := openTest(t)
	if v, err := ts.Setting(t.Context(), "theme", "system"); err != nil || v != "system" {
		t.Errorf("%q, %v", v, err)
	}
	for range 2 {
		if err := ts.PutSetting(t.Context(), "theme", "dark"); err != nil {
			t.Fatal(err)
		}
	}
	if c := ts.announced(); len(c) != 1 || !c[0].Settings {
		t.Errorf("announced %+v", c)
	}
	if v, err := ts.Setting(t.Context(), "theme", "system"); err != nil || v != "dark" {
		t.Errorf("%q, %v", v, err)
	}
}

func TestSecrets(t *testing.T) {
	ts := openTest(t)
	key, other := [32]byte{1}, [32]byte{2}
	if has, err := ts.HasSecrets(t.Context()); err != nil || has {
		t.Errorf("%v, %v", has, err)
	}
	long := strings.Repeat("token ", 1000)
	for _, v := range []string{"first", long} {
		if err := ts.PutSecret(t.Context(), key, "desk/password", v); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := ts.Secret(t.Context(), key, "desk/password"); err != nil || v != long {
		t.Errorf("%d bytes, %v", len(v), err)
	}
	_, err := ts.Secret(t.Context(), other, "desk/password")
	wantKind(t, err, desk.KindKeyring)
	_, err = ts.Secret(t.Context(), key, "none")
	wantKind(t, err, desk.KindNotFound)
	if err := ts.sql(`UPDATE secret SET name = 'moved'`); err != nil {
		t.Fatal(err)
	}
	_, err = ts.Secret(t.Context(), key, "moved")
	wantKind(t, err, desk.KindKeyring) // the name is sealed in
	if has, err := ts.HasSecrets(t.Context()); err != nil || !has {
		t.Errorf("%v, %v", has, err)
	}
	var box []byte
	if err := ts.main.row(t.Context(), `SELECT box FROM secret`, nil, &box); err != nil || bytes.Contains(box, []byte("token")) {
		t.Errorf("it stands there in clear, %v", err)
	}
	if err := ts.DropSecret(t.Context(), "moved"); err != nil {
		t.Error(err)
	}
}

func TestTheLinesDay(t *testing.T) {
	ts := openTest(t)
	old := monday.Add(-lineKept - time.Hour)
	for _, e := range []LineEvent{{testAccount, old, "lost"}, {testAccount, monday, "answered"}, {"x", monday, "lost"}, {testAccount, monday.Add(time.Second), "sent"}} {
		if err := ts.NoteLine(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	all, err := ts.LineSince(t.Context(), testAccount, old)
	if err != nil || len(all) != 2 || all[0].Kind != "answered" || all[1].Kind != "sent" {
		t.Errorf("%+v, %v", all, err)
	}
	count := func(kind string, n int64) {
		t.Helper()
		if err := ts.CountBytes(t.Context(), testAccount, kind, n); err != nil {
			t.Fatal(err)
		}
	}
	count("text", 10)
	count("text", 5)
	count("files", 7)
	today, err := ts.BytesToday(t.Context())
	if err != nil || len(today) != 2 || today["text"] != 15 || today["files"] != 7 {
		t.Errorf("%v, %v", today, err)
	}
	ts.at = ts.at.Add(24 * time.Hour)
	if today, _ = ts.BytesToday(t.Context()); len(today) != 0 {
		t.Errorf("a new day: %v", today)
	}
}

func TestSubscribe(t *testing.T) {
	ts := openTest(t)
	var seqs []int64
	cancel := ts.Subscribe(func(c Change) { seqs = append(seqs, c.Seq) })
	ts.apply(mail(1))
	ts.apply(mail(1))
	ts.apply(mail(2))
	cancel()
	ts.apply(mail(3))
	if len(seqs) != 2 || seqs[1] != seqs[0]+1 {
		t.Errorf("seqs %v", seqs)
	}
}
