package mailbox

import (
	"crypto/subtle"
	"io"
	"log"
	"log/slog"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"fernpost/store/desk"
)

// AppendMax is how large a mail may be, in bytes.
const AppendMax = 25 << 20

// Server gives the mailbox out over IMAP to whoever knows user and password.
func (s *Store) Server(user, password string, clock desk.Clock) *imapserver.Server {
	return imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{store: s, user: user, password: password, clock: clock}, nil, nil
		},
		Caps: imap.CapSet{
			imap.CapIMAP4rev1:   {},
			imap.CapNamespace:   {},
			imap.CapUIDPlus:     {},
			imap.CapESearch:     {},
			imap.CapListStatus:  {},
			imap.CapMove:        {},
			imap.CapStatusSize:  {},
			imap.CapSpecialUse:  {},
			imap.CapLiteralPlus: {},
		},
		InsecureAuth: true, // loopback only
		// The framework logs a line for every broken connection; here lines
		// break on purpose.
		Logger: log.New(io.Discard, "", 0),
	})
}

// session is one IMAP connection.
type session struct {
	store          *Store
	user, password string
	clock          desk.Clock

	box      *box // selected, nil when none
	tracker  *imapserver.SessionTracker
	readOnly bool
}

var (
	_ imapserver.SessionMove        = (*session)(nil)
	_ imapserver.SessionNamespace   = (*session)(nil)
	_ imapserver.SessionAppendLimit = (*session)(nil)
)

func refuse(code imap.ResponseCode, text string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}

var (
	errNoBox    = refuse(imap.ResponseCodeNonExistent, "No such mailbox")
	errReadOnly = refuse("READ-ONLY", "The mailbox was opened with EXAMINE")
	errFixed    = refuse(imap.ResponseCodeCannot, "The practice mailbox keeps its folders")
)

// failed keeps the cause of a write that didn't work out of the answer.
func failed(err error) error {
	if err == nil {
		return nil
	}
	slog.Error("practice mailbox can't be used", "kind", string(kindOf(err)))
	return refuse(imap.ResponseCodeServerBug, "The mailbox can't be written")
}

func (c *session) Login(user, password string) error {
	same := subtle.ConstantTimeCompare([]byte(user), []byte(c.user)) &
		subtle.ConstantTimeCompare([]byte(password), []byte(c.password))
	if same != 1 {
		return imapserver.ErrAuthFailed
	}
	return nil
}

func (c *session) Close() error {
	if c.box != nil {
		return c.Unselect()
	}
	return nil
}

func (c *session) AppendLimit() uint32 { return AppendMax }

func (c *session) Namespace() (*imap.NamespaceData, error) {
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Delim: delimiter}}}, nil
}

const delimiter = '/'

func (c *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	b := c.store.box(name)
	if b == nil {
		return nil, errNoBox
	}
	c.box, c.tracker, c.readOnly = b, b.tracker.NewSession(), options.ReadOnly
	data := &imap.SelectData{
		Flags:       b.flagsInUse(),
		NumMessages: uint32(len(b.mails)),
		UIDNext:     b.uidNext,
		UIDValidity: b.uidValidity,
	}
	if !c.readOnly {
		data.PermanentFlags = append(b.flagsInUse(), imap.FlagWildcard)
	}
	return data, nil
}

func (c *session) Unselect() error {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	c.tracker.Close()
	c.box, c.tracker = nil, nil
	return nil
}

func (c *session) Create(name string, options *imap.CreateOptions) error {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	if c.store.box(name) != nil {
		return refuse(imap.ResponseCodeAlreadyExists, "The mailbox is there already")
	}
	var b Batch
	b.Box(name, uint32(c.clock().Unix()), options.SpecialUse...)
	_, err := c.store.commit(&b)
	return failed(err)
}

func (c *session) Delete(string) error { return errFixed }

func (c *session) Rename(string, string, *imap.RenameOptions) error { return errFixed }

// Subscribe and Unsubscribe: every folder is subscribed, always.
func (c *session) Subscribe(string) error { return nil }

func (c *session) Unsubscribe(string) error { return errFixed }

func (c *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if len(patterns) == 0 { // LIST "" "" asks for the delimiter (RFC 3501 6.3.8)
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: delimiter})
	}
	for _, data := range c.listed(ref, patterns, options) {
		if err := w.WriteList(&data); err != nil {
			return err
		}
	}
	return nil
}

func (c *session) listed(ref string, patterns []string, options *imap.ListOptions) (all []imap.ListData) {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	for _, b := range c.store.boxes {
		match := false
		for _, p := range patterns {
			match = match || imapserver.MatchList(b.name, delimiter, ref, p)
		}
		if !match || options.SelectSpecialUse && len(b.special) == 0 {
			continue
		}
		data := imap.ListData{Mailbox: b.name, Delim: delimiter, Attrs: []imap.MailboxAttr{imap.MailboxAttrHasNoChildren}}
		if options.ReturnSubscribed || options.SelectSubscribed {
			data.Attrs = append(data.Attrs, imap.MailboxAttrSubscribed)
		}
		// RFC 6154 2 lets a plain LIST tell the special use as well.
		data.Attrs = append(data.Attrs, b.special...)
		if options.ReturnStatus != nil {
			data.Status = b.status()
		}
		all = append(all, data)
	}
	return all
}

func (c *session) Status(name string, _ *imap.StatusOptions) (*imap.StatusData, error) {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	b := c.store.box(name)
	if b == nil {
		return nil, errNoBox
	}
	return b.status(), nil
}

func (c *session) Append(name string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	at := options.Time
	if at.IsZero() {
		at = c.clock()
	}
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	b := c.store.box(name)
	if b == nil {
		return nil, refuse(imap.ResponseCodeTryCreate, "No such mailbox")
	}
	var batch Batch
	batch.Mail(b.name, at, raw, options.Flags...)
	changes, err := c.store.commit(&batch)
	if err != nil {
		return nil, failed(err)
	}
	return &imap.AppendData{UIDValidity: b.uidValidity, UID: imap.UID(changes[0].UID)}, nil
}

func (c *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	tracker := c.watched()
	if tracker == nil {
		return nil
	}
	return tracker.Poll(w, allowExpunge)
}

func (c *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	tracker := c.watched()
	if tracker == nil {
		<-stop
		return nil
	}
	// The framework's Idle doesn't look at what came before it began.
	if err := tracker.Poll(w, true); err != nil {
		return err
	}
	return tracker.Idle(w, stop)
}

// watched gives the tracker of the open mailbox, or nil. When a line breaks
// while it idles, the framework closes the session without waiting for Idle to
// return, so it is asked for once and under the lock.
func (c *session) watched() *imapserver.SessionTracker {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	return c.tracker
}
