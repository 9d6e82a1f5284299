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

// verdict is a decision as another desk would tell of it: when it was made, and
// the messages' own keys, side by side.
type verdict struct {
	kind  decisionKind
	order int64
	sides [2][]string
	undo  bool
}

// replay has a decision count, at whatever moment it becomes known.
func (ts *testStore) replay(v verdict) {
	ts.t.Helper()
	d, err := ts.decide(ts.t.Context(), "replay", func(in *incoming) (int64, int64, error) {
		in.account = ts.account
		id, err := in.insert(`INSERT INTO decision (account, kind, at_ms) VALUES (?1, ?2, ?3)`, ts.account, v.kind, v.order)
		for side, keys := range v.sides {
			for _, key := range keys {
				if err == nil {
					err = in.do(insertNamed, id, key, side)
				}
				home, keyErr := in.keyHome(key)
				if keyErr != nil {
					return 0, 0, keyErr
				}
				if home != 0 {
					in.unsettle(home)
				}
			}
		}
		return id, 0, err
	})
	if err == nil && v.undo {
		_, err = ts.UndoDecision(ts.t.Context(), d.ID)
	}
	if err != nil {
		ts.t.Fatal(err)
	}
}

// drawCorrespondence makes mail of two customers about two matters over some
// weeks, half of it without the references that it should have.
func drawCorrespondence(t *rapid.T) []desk.Arrival {
	count := rapid.IntRange(2, 12).Draw(t, "mails")
	var all []desk.Arrival
	for n := range count {
		var refs []int
		for range rapid.IntRange(0, 1).Draw(t, "references") {
			refs = append(refs, rapid.IntRange(0, count+2).Draw(t, "reference"))
		}
		a := mail(n, refs...)
		if rapid.IntRange(0, 3).Draw(t, "ours") == 0 {
			a = ours(n, refs...)
		}
		customer := desk.Address{Addr: rapid.SampledFrom([]string{"kat@example.com", "tom@example.com"}).Draw(t, "customer")}
		if a.Head.FromUs {
			a.Head.To = []desk.Address{customer}
		} else {
			a.Head.From = customer
		}
		prefix := rapid.SampledFrom([]string{"", "Re: ", "AW: ", "Fwd: "}).Draw(t, "prefix")
		a.Head.Subject = prefix + rapid.SampledFrom([]string{"The scanner is broken", "Parcel 20461 is late", "Hi"}).Draw(t, "subject")
		a.Head.At = monday.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "day")) * 24 * time.Hour)
		a.Head.Kind = rapid.SampledFrom([]desk.MessageKind{desk.KindPerson, desk.KindPerson, desk.KindPerson, desk.KindList}).Draw(t, "kind")
		if rapid.IntRange(0, 6).Draw(t, "bounce") == 0 {
			a.Head.Kind, a.Head.FromUs = desk.KindBounce, false
			a.Body.Report = &desk.Report{
				Original:   rapid.SampledFrom([]string{"", headerOf(0), headerOf(1)}).Draw(t, "returned"),
				Deliveries: []desk.Delivery{{Recipient: customer.Addr, Action: desk.DeliveryFailed, Status: "5.1.1"}},
			}
		}
		if rapid.Bool().Draw(t, "text later") {
			text := desk.Arrival{Kind: desk.ArrivalText, Remote: a.Remote, Body: a.Body}
			a.Body = nil
			all = append(all, a, text)
			continue
		}
		all = append(all, a)
	}
	return all
}

func drawVerdicts(t *rapid.T, mails []desk.Arrival) []verdict {
	var all []verdict
	for i := range rapid.IntRange(0, 3).Draw(t, "decisions") {
		v := verdict{kind: rapid.SampledFrom([]decisionKind{decidedMerge, decidedSplit}).Draw(t, "decision"), order: int64(i + 1)}
		for _, m := range mails {
			if m.Head == nil {
				continue
			}
			switch rapid.IntRange(0, 3).Draw(t, "side") {
			case 0:
				v.sides[0] = append(v.sides[0], m.Head.HeaderID)
			case 1:
				side := 1
				if v.kind == decidedMerge {
					side = 0
				}
				v.sides[side] = append(v.sides[side], m.Head.HeaderID)
			}
		}
		v.undo = rapid.IntRange(0, 3).Draw(t, "undo") == 0
		all = append(all, v)
	}
	return all
}

// A head comes before its text, as from every source; all else in any order.
func headsFirst(order []desk.Arrival) []desk.Arrival {
	var out, texts []desk.Arrival
	here := map[desk.RemoteRef]bool{}
	for _, a := range order {
		if a.Kind == desk.ArrivalText && !here[a.Remote] {
			texts = append(texts, a)
			continue
		}
		here[a.Remote] = true
		out = append(out, a)
		texts = slices.DeleteFunc(texts, func(x desk.Arrival) bool {
			if x.Remote == a.Remote {
				out = append(out, x)
			}
			return x.Remote == a.Remote
		})
	}
	return out
}

func TestAnyOrderOfMailAndDecisionsGivesTheSame(t *testing.T) {
	ts := openTest(t)
	accounts := 0
	rapid.Check(t, func(rt *rapid.T) {
		mails := drawCorrespondence(rt)
		verdicts := drawVerdicts(rt, mails)
		var want desktop
		for round := range 4 {
			accounts++
			ts.account = desk.AccountID(fmt.Sprint("account ", accounts))
			ts.addAccount(ts.account)
			order, said := mails, verdicts
			if round > 0 {
				order = headsFirst(rapid.Permutation(mails).Draw(rt, "order"))
				said = rapid.Permutation(verdicts).Draw(rt, "order of decisions")
			}
			for len(order) > 0 || len(said) > 0 {
				if len(said) > 0 && (len(order) == 0 || rapid.IntRange(0, 2).Draw(rt, "now") == 0) {
					ts.replay(said[0])
					said = said[1:]
					continue
				}
				n := rapid.IntRange(1, len(order)).Draw(rt, "page")
				ts.apply(order[:n]...)
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
			ts.checkWhole(rt)
		}
	})
}

// checkWhole proves that what was moved step by step is what the whole mailbox
// gives when it is arranged at once, and that each key leads home.
func (ts *testStore) checkWhole(rt *rapid.T) {
	before := ts.desktop()
	_, err := ts.decide(ts.t.Context(), "arrange everything", func(in *incoming) (int64, int64, error) {
		in.account = ts.account
		all, err := manyOf(in.tx, `SELECT id FROM conversation WHERE account = ?1`, []any{ts.account}, scanOf[int64])
		for _, c := range all {
			in.unsettle(c)
			in.touch(c)
		}
		return 0, 0, err
	})
	if err != nil {
		rt.Fatal(err)
	}
	if after := ts.desktop(); !slices.Equal(after.conversations, before.conversations) {
		rt.Fatalf("%s\nbut arranged at once\n%s", strings.Join(before.conversations, "\n"), strings.Join(after.conversations, "\n"))
	}
}
