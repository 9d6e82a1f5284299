package mail

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"fernpost/app/source"
)

// holed is the cursor of a mailbox that has come whole; every other number is
// missing where it has holes.
func holed(mails uint32, holes bool) *cursor {
	m := &mark{Epoch: 7, Next: 2*mails + 1, Count: mails, ModSeq: 9, Since: 20000, Fresh: 2 * mails, Back: 20000}
	if !holes {
		m.Have = uids{{1, mails}}
	} else {
		for i := range mails {
			m.Have = append(m.Have, span{2*i + 1, 2*i + 1})
		}
	}
	return &cursor{Version: cursorVersion, Folders: map[string]*mark{inboxName: m}}
}

// decimated is holed where chance decides which number is missing: no form of it
// is shorter than a bit a number. Two are allowed.
func decimated(numbers uint32) *cursor {
	cur := holed(1, false)
	m := cur.Folders[inboxName]
	rng := rand.New(rand.NewPCG(1, 2))
	m.Next, m.Have = numbers+1, nil
	for uid := range numbers {
		if rng.IntN(2) == 0 {
			m.Have.add(uid+1, uid+1)
		}
	}
	return cur
}

func TestACursorStaysShort(t *testing.T) {
	for name, c := range map[string]struct {
		cur  *cursor
		most int
	}{
		"a million mails":                          {holed(1_000_000, false), 200},
		"a hundred, each with a hole":              {holed(100, true), 500},
		"ten thousand, each with a hole":           {holed(10_000, true), 500},
		"a hundred thousand, each with a hole":     {holed(100_000, true), 2 << 10},
		"two hundred thousand, half of them gone":  {decimated(200_000), 200_000 / 4},
		"two million, half of them gone by chance": {decimated(2_000_000), 2_000_000 / 4},
	} {
		t.Run(name, func(t *testing.T) {
			data := c.cur.encode()
			t.Logf("%d bytes", len(data))
			if len(data) > c.most {
				t.Errorf("%d bytes, want at most %d", len(data), c.most)
			}
			if got := readCursor(data); !reflect.DeepEqual(got, c.cur) {
				t.Error("it doesn't read as it was written")
			}
		})
	}
}

// What an earlier release wrote goes on, squeezed or not.
func TestAnEarlierCursorGoesOn(t *testing.T) {
	want := holed(3000, true)
	have := want.Folders[inboxName].Have.String()
	plain := fmt.Sprintf(`{"v":1,"f":{"INBOX":{"e":7,"n":6001,"c":3000,"m":9,"s":20000,"r":6000,"w":"","h":%q,"t":"","b":20000}}}`, have)
	var squeezed bytes.Buffer
	w, _ := flate.NewWriter(&squeezed, flate.BestSpeed)
	_, _ = w.Write([]byte(plain))
	_ = w.Close()
	for name, c := range map[string]source.Cursor{"plain": source.Cursor(plain), "squeezed": squeezed.Bytes()} {
		if got := readCursor(c); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: it doesn't read as it was written", name)
		}
	}
}

func TestADamagedCursorStartsOver(t *testing.T) {
	whole := holed(10_000, true).encode()
	for name, c := range map[string]source.Cursor{
		"nothing": nil, "half": whole[:len(whole)/2], "garbage": source.Cursor("\x05\x01garbage"), "JSON cut": source.Cursor(`{"v":1,`),
	} {
		if cur := readCursor(c); len(cur.Folders) != 0 || cur.Version != cursorVersion {
			t.Errorf("%s: %+v", name, cur)
		}
	}
}

func TestUpTo(t *testing.T) {
	if len(upTo(0)) != 0 || len(upTo(1)) != 0 || upTo(5).String() != "1:4" {
		t.Errorf("%v %v %v", upTo(0), upTo(1), upTo(5))
	}
}
