package mail

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A set of UIDs must behave as a set, whatever order it is filled in.
func TestUIDsAreASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var u uids
		model := map[uint32]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				lo := rapid.Uint32Range(1, 60).Draw(t, "lo")
				hi := lo + rapid.Uint32Range(0, 8).Draw(t, "more")
				u.add(lo, hi)
				for n := lo; n <= hi; n++ {
					model[n] = true
				}
			},
			"remove": func(t *rapid.T) {
				n := rapid.Uint32Range(1, 70).Draw(t, "n")
				u.remove(n)
				delete(model, n)
			},
			"minus": func(t *rapid.T) {
				o := fromList(rapid.SliceOfN(rapid.Uint32Range(1, 70), 0, 10).Draw(t, "o"))
				u = u.minus(o)
				for n := range model {
					if o.has(n) {
						delete(model, n)
					}
				}
			},
			"": func(t *rapid.T) { checkSet(t, u, model) },
		})
	})
}

func checkSet(t *rapid.T, u uids, model map[uint32]bool) {
	want := slices.Sorted(maps.Keys(model))
	if u.count() != len(want) {
		t.Fatalf("%s counts %d, want %d", u, u.count(), len(want))
	}
	got := u.newest(100, 0)
	slices.Reverse(got)
	if !slices.Equal(got, want) {
		t.Fatalf("%s lists %v, want %v", u, got, want)
	}
	for n := uint32(1); n < 75; n++ {
		if u.has(n) != model[n] {
			t.Fatalf("%s has %d: %v", u, n, u.has(n))
		}
	}
	for i := 1; i < len(u); i++ {
		if u[i].lo <= u[i-1].hi+1 {
			t.Fatalf("%s: spans touch", u)
		}
	}
	if len(want) > 0 && (u.lowest() != want[0] || u.highest() != want[len(want)-1]) {
		t.Fatalf("%s: from %d to %d", u, u.lowest(), u.highest())
	}
	data, err := json.Marshal(u)
	if err != nil {
		t.Fatal(err)
	}
	var back uids
	if err := json.Unmarshal(data, &back); err != nil || !slices.Equal(back, u) {
		t.Fatalf("%s came back as %s: %v", data, back, err)
	}
	if !slices.Equal(fromSet(u.set()), u) {
		t.Fatalf("%s: the library's form differs", u)
	}
}

func TestUIDsAtTheEdge(t *testing.T) {
	var u uids
	u.add(0, 5) // there is no UID 0
	u.add(7, 3)
	if len(u) != 0 {
		t.Errorf("nonsense was taken: %s", u)
	}
	const last = 1<<32 - 1
	u.add(last-1, last)
	u.add(last, last)
	if got := u.newest(5, 0); !slices.Equal(got, []uint32{last, last - 1}) {
		t.Errorf("newest %v", got)
	}
	if got := u.minus(uids{{last, last}}); got.count() != 1 {
		t.Errorf("minus the last: %s", got)
	}
	if got := (uids{{1, 10}, {20, 30}}).newest(4, 9); !slices.Equal(got, []uint32{30, 29, 28, 27}) {
		t.Errorf("newest four: %v", got)
	}
	for _, bad := range []string{"0", "5:1", "a", "1,", "1:2:3", "4294967296", ".B", ".AA", ".BABA", ".gA", ".ggggggggB", ".B?", ".+++++++DA"} {
		if err := u.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was taken for a set", bad)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add([]byte(`{"v":1,"f":{"INBOX":{"e":1,"n":2,"h":"1:5","t":"2"}}}`))
	f.Add([]byte(`{"v":1,"f":{"INBOX":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := readCursor(data)
		if again := readCursor(c.encode()); string(again.encode()) != string(c.encode()) {
			t.Fatalf("%q doesn't come back", data)
		}
	})
}
