package mail

import (
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

func TestACursorStaysShort(t *testing.T) {
	for name, c := range map[string]struct {
		cur  *cursor
		most int
	}{
		"a million mails":                {holed(1_000_000, false), 200},
		"ten thousand, each with a hole": {holed(10_000, true), 32 << 10},
		"a hundred, each with a hole":    {holed(100, true), 1 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			data := c.cur.encode()
			if len(data) > c.most {
				t.Errorf("%d bytes, want at most %d", len(data), c.most)
			}
			if got := readCursor(data); !reflect.DeepEqual(got, c.cur) {
				t.Error("it doesn't read as it was written")
			}
		})
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
