package mail

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/app/source"
	"fernpost/app/source/mail/sift"
	"fernpost/store/desk"
)

// line is one IMAP connection, signed in. Who has the Source's turn uses it.
type line struct {
	c        *imapclient.Client
	conn     *wire
	squeezed *squeezed
	sifted   *sift.Conn
	caps     imap.CapSet
	session  source.Session
	by       string // how it was signed in
	short    bool   // in one command
	server   string // what the server calls itself, "" when it doesn't say
	ahead    *ahead // nil when each answer was waited for
	folders  []folder

	selected string // folder, "" when none
	chosen   imap.SelectData
	fresh    bool     // chosen is what SELECT said, and nobody has compared it yet
	qresync  bool     // the server says what vanished (RFC 7162)
	shut     []string // folders that the server doesn't open

	// looked is what the opening was told of the folders, for the first look;
	// nil when it didn't ask, and once it was used.
	looked   map[string]*statusAnswer
	lookedAt time.Time

	gone     chan struct{} // closed when drop has finished
	dropOnce sync.Once

	// vouched says, by folder, whose flags are known as of which number: heads
	// that were fetched after the number was. They needn't be asked about again.
	vouched map[string]*vouch

	busy *busy       // the Source's
	away atomic.Bool // the server asked to be left alone

	mu     sync.Mutex
	news   bool // the selected folder grew or shrank unasked
	shrunk bool // it shrank
	flags  bool // flags changed unasked
}

type vouch struct {
	modSeq uint64
	uids   uids
}

// choose selects a folder, unless it is selected.
func (l *line) choose(name string) error {
	if l.selected == name {
		return nil
	}
	return l.selectedNow(name, l.askSelect(name))
}

func (l *line) askSelect(name string) *imapclient.SelectCommand {
	l.selected = ""
	return l.c.Select(name, &imap.SelectOptions{CondStore: l.caps.Has(imap.CapCondStore)})
}

func (l *line) selectedNow(name string, cmd *imapclient.SelectCommand) error {
	data, err := cmd.Wait()
	if err != nil {
		return l.fail("open a mail folder", err)
	}
	if !l.caps.Has(imap.CapCondStore) {
		data.HighestModSeq = 0 // Yahoo says a number, and takes none
	}
	l.selected, l.chosen, l.fresh = name, *data, true
	l.vouched[name] = &vouch{modSeq: data.HighestModSeq}
	l.heard(func() { l.news, l.shrunk, l.flags = false, false, false })
	return nil
}

func (l *line) heard(note func()) {
	l.mu.Lock()
	note()
	l.mu.Unlock()
}

// fail gives an error of the server its kind: a NO is an answer, unless the
// server wants to be left alone, and anything else the end of the line.
func (l *line) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	var no *imap.Error
	if !errors.As(err, &no) && l.conn.silent.Load() {
		err = errSilent // go-imap knows only that the line has ended
	}
	if no == nil || no.Type == imap.StatusResponseTypeBye {
		return desk.E(desk.KindOffline, doing, err)
	}
	if l.busy.asksToWait(no) {
		l.away.Store(true)
		return desk.E(desk.KindOffline, doing, err)
	}
	if no.Code == imap.ResponseCodeNonExistent || no.Code == imap.ResponseCodeTryCreate {
		return desk.E(desk.KindNotFound, doing, err)
	}
	return desk.E(desk.KindRefused, doing, err)
}

func (l *line) dead() bool {
	select {
	case <-l.c.Closed():
		return true
	default:
		return false
	}
}

// drop ends the connection and waits until its reader has noticed.
func (l *line) drop() {
	l.dropOnce.Do(func() {
		_ = l.conn.Close()
		if l.c != nil {
			_ = l.c.Close()
		}
		close(l.gone)
	})
}
