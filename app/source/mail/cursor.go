package mail

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

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
	Gone   uint64 `json:"g,omitempty"` // what vanished is known up to here
	Since  int64  `json:"s"`           // horizon that was listed, days since 1970
	Fresh  uint32 `json:"r"`           // wanted heads from here on are new ones
	Wanted uids   `json:"w"`           // the head is to come
	Have   uids   `json:"h"`           // the head was handed out
	Texts  uids   `json:"t"`           // the head was handed out, the text is to come
	Forms  uids   `json:"o,omitempty"` // the text was handed out, the HTML beside it is to come
	Deep   *deep  `json:"d,omitempty"` // what is still to be listed of older mail
	Back   int64  `json:"b,omitempty"` // the heads reach back to this day, as far as listed
}

// readCursor reads what encode wrote. Anything else starts over, which brings
// everything again and loses nothing.
func readCursor(c source.Cursor) *cursor {
	cur := &cursor{}
	if data := unsqueeze(c); len(data) > 0 && json.Unmarshal(data, cur) == nil && cur.Version == cursorVersion && cur.Folders != nil {
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
	if len(data) < squeezeFrom {
		return data
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(data)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return data // it is written in memory: this doesn't happen, and does no harm
	}
	return out.Bytes()
}

const (
	// squeezeFrom is from which size on a cursor is squeezed: it is written with
	// every page, and in a mailbox full of holes it is long.
	squeezeFrom = 4 << 10
	// longestCursor bounds what is unsqueezed of a damaged one.
	longestCursor = 64 << 20
)

// unsqueeze tells the two forms apart by JSON's first character, which no
// squeezed cursor begins with: it would stand for a stored block.
func unsqueeze(c source.Cursor) []byte {
	if len(c) == 0 || c[0] == '{' {
		return c
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(c)), longestCursor))
	if err != nil {
		return nil
	}
	return data
}

// known is every UID the folder is known to hold.
func (m *mark) known() uids {
	k := slices.Clone(m.Have)
	k.addAll(m.Wanted)
	return k
}

// strange tells, of a folder that was selected just now, that its numbers aren't
// those the mark was made by: another numbering, or an older state of the server
// put back, which may give the same numbers to other mails. What the server
// leaves out tells nothing.
func (m *mark) strange(d *imap.SelectData) bool {
	return d.UIDValidity != 0 && d.UIDValidity != m.Epoch || d.UIDNext != 0 && uint32(d.UIDNext) < m.Next ||
		d.HighestModSeq != 0 && d.HighestModSeq < m.ModSeq
}

// suspect is strange, of what STATUS said, which some servers remember wrongly.
func (m *mark) suspect(st state) bool {
	return st.epoch != 0 && st.epoch != m.Epoch || st.next != 0 && st.next < m.Next ||
		st.modSeq != 0 && st.modSeq < m.ModSeq
}

// forget takes vanished UIDs out and gives those whose head was handed out.
func (m *mark) forget(gone uids) uids {
	had := m.Have.minus(m.Have.minus(gone))
	m.Have, m.Wanted = m.Have.minus(gone), m.Wanted.minus(gone)
	m.Texts, m.Forms = m.Texts.minus(gone), m.Forms.minus(gone)
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

// withoutNumbers forgets what CONDSTORE counted: the server has it no longer, or
// said a number without having it.
func (c *cursor) withoutNumbers() {
	for _, m := range c.Folders {
		m.ModSeq, m.Gone = 0, 0
	}
}
