package mail

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"fernpost/store/desk"
)

// memory is what a Source remembers between calls to save questions. Losing it
// costs bytes, nothing else. Who has the turn uses it.
type memory struct {
	shapes  map[place]shape
	flags   map[place]string
	trouble map[place]suspect
	formed  map[place]bool // HTML beside the text was asked for

	handed   string // the cursor given out last with More
	lookedAt time.Time
	flagsAt  map[string]time.Time // folder: when all flags were compared, without CONDSTORE

	stretch map[string]uint32 // folder: how many UIDs are listed at once

	inboxNext uint32 // the inbox is listed up to here
}

// place is one message on the server.
type place struct {
	folder     string
	epoch, uid uint32
}

// maxRemembered bounds each map: memory must not grow with the mailbox.
const maxRemembered = 5000

func newMemory() memory {
	return memory{
		shapes:  map[place]shape{},
		flags:   map[place]string{},
		trouble: map[place]suspect{},
		formed:  map[place]bool{},
		flagsAt: map[string]time.Time{},
		stretch: map[string]uint32{},
	}
}

func remember[V any](m map[place]V, at place, v V) {
	if len(m) >= maxRemembered {
		clear(m)
	}
	m[at] = v
}

// flagsChanged tells whether a message's flags are other than when last seen.
func (m *memory) flagsChanged(at place, f desk.Flags) bool {
	digest := strconv.FormatBool(f.Seen) + strconv.FormatBool(f.Answered) + strings.Join(f.Keywords, " ")
	old, known := m.flags[at]
	remember(m.flags, at, digest)
	return !known || old != digest
}

func (p place) ref() desk.RemoteRef {
	return desk.RemoteRef{
		Scope: p.folder,
		Epoch: strconv.FormatUint(uint64(p.epoch), 10),
		ID:    strconv.FormatUint(uint64(p.uid), 10),
	}
}

func placeOf(r desk.RemoteRef) (place, bool) {
	epoch, errE := strconv.ParseUint(r.Epoch, 10, 32)
	uid, errU := strconv.ParseUint(r.ID, 10, 32)
	ok := errE == nil && errU == nil && uid > 0 && r.Scope != ""
	return place{r.Scope, uint32(epoch), uint32(uid)}, ok
}

// deskFlags leaves IMAP's own names behind. Keywords are sorted.
func deskFlags(list []imap.Flag) desk.Flags {
	var f desk.Flags
	for _, flag := range list {
		switch {
		case strings.EqualFold(string(flag), string(imap.FlagSeen)):
			f.Seen = true
		case strings.EqualFold(string(flag), string(imap.FlagAnswered)):
			f.Answered = true
		case !strings.HasPrefix(string(flag), `\`):
			f.Keywords = append(f.Keywords, string(flag))
		}
	}
	slices.Sort(f.Keywords)
	f.Keywords = slices.Compact(f.Keywords)
	return f
}
