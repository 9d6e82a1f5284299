package mail

import (
	"encoding/json"
	"slices"
	"time"

	"fernpost/app/source"
)

// cursor is how far Pull has come, folder by folder. It holds everything Pull
// needs to go on in another run of the program; what a Source remembers besides
// only saves questions.
type cursor struct {
	Version int              `json:"v"`
	Folders map[string]*mark `json:"f"`
}

const cursorVersion = 1

// mark is how far one folder has come. Next, Wanted and Have cover the mailbox:
// a UID below Next is here, wanted, or beyond the horizon.
type mark struct {
	Epoch  uint32 `json:"e"`           // UIDVALIDITY
	Next   uint32 `json:"n"`           // every UID below has been listed
	Count  uint32 `json:"c"`           // messages in the folder when last compared
	ModSeq uint64 `json:"m,omitempty"` // flags are known up to here (RFC 7162)
	Since  int64  `json:"s"`           // horizon that was listed, days since 1970
	Fresh  uint32 `json:"r"`           // wanted heads from here on are new ones
	Wanted uids   `json:"w"`           // the head is to come
	Have   uids   `json:"h"`           // the head was handed out
	Texts  uids   `json:"t"`           // the head was handed out, the text is to come
}

// readCursor reads what encode wrote. Anything else starts over, which brings
// everything again and loses nothing.
func readCursor(c source.Cursor) *cursor {
	cur := &cursor{}
	if len(c) > 0 && json.Unmarshal(c, cur) == nil && cur.Version == cursorVersion && cur.Folders != nil {
		for name, m := range cur.Folders {
			if m == nil {
				delete(cur.Folders, name)
			}
		}
		return cur
	}
	return &cursor{Version: cursorVersion, Folders: map[string]*mark{}}
}

func (c *cursor) encode() source.Cursor {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers and sets always marshal
	}
	return data
}

// known is every UID the folder is known to hold.
func (m *mark) known() uids {
	k := slices.Clone(m.Have)
	k.addAll(m.Wanted)
	return k
}

// forget takes vanished UIDs out and gives those whose head was handed out.
func (m *mark) forget(gone uids) uids {
	had := m.Have.minus(m.Have.minus(gone))
	m.Have, m.Wanted, m.Texts = m.Have.minus(gone), m.Wanted.minus(gone), m.Texts.minus(gone)
	return had
}

// horizonDay is the day from which messages are asked for. IMAP compares whole
// days in the server's own zone, so a day more is asked for. Zero means all.
func horizonDay(since time.Time) int64 {
	if since.IsZero() {
		return 0
	}
	return max(since.UTC().Unix()/86400-1, 0)
}
