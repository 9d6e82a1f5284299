package practice

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"

	"fernpost/app/practice/content"
	"fernpost/app/practice/line"
	"fernpost/app/practice/mailbox"
	"fernpost/store/desk"
)

// Own is the address of the invented company's help desk.
var Own = desk.Address{Name: "Birkpay help", Addr: "help@birkpay.example"}

// HardFolder is the IMAP folder with the mails that are hard to show.
const HardFolder = "Hard"

// Options is what a practice account is opened with.
type Options struct {
	// Dir is a folder for the account alone.
	Dir   string
	Clock desk.Clock
	// Seed decides everything that looks like chance. It counts when the
	// account is opened for the first time; 0 draws one.
	Seed uint64
	// Listen replaces net.Listen, for tests that have no network.
	Listen func(network, address string) (net.Listener, error)
	// Patience is the shortest time until a customer answers; the longest is
	// eight times as much. 0 is half a minute.
	Patience time.Duration
	// Trickle is about how often a new customer writes while the account runs.
	// 0 is every 20 minutes, less than 0 never. It ends when all have written.
	Trickle time.Duration
}

// Settings is how an account reaches the practice servers. Ports and password
// are new at every Open, and the password is stored nowhere.
type Settings struct {
	Host     string
	IMAPPort int
	SMTPPort int
	User     string
	Password string
	Address  desk.Address
	// Folders are to be read besides INBOX, Sent and Junk.
	Folders []string
}

// Server is the running practice account.
type Server struct {
	options  Options
	settings Settings
	library  *content.Library
	scripts  map[string]*content.Conversation // by id
	domains  map[string]bool                  // that have customers
	bounces  map[string]bool                  // addresses that are no more
	line     *line.Line
	mailbox  *mailbox.Store
	imap     *imapserver.Server
	smtp     *smtp.Server
	imapIn   net.Listener
	smtpIn   net.Listener
	wake     chan struct{} // something is due sooner than was thought

	// act is held from deciding to committing, so that two mails that come at
	// once don't both decide on what the other changes. It is taken before the
	// mailbox's lock and before mu.
	act sync.Mutex

	mu    sync.Mutex
	state state
	cut   cut
}

// Open reads or makes the mailbox and opens the listeners; nobody is served
// before Run. Close is needed only when Run is never called.
func Open(options Options) (*Server, error) {
	if options.Listen == nil {
		options.Listen = net.Listen
	}
	if options.Patience == 0 {
		options.Patience = 30 * time.Second
	}
	if options.Trickle == 0 {
		options.Trickle = 20 * time.Minute
	}
	library, err := content.Load()
	if err != nil {
		return nil, desk.E(desk.KindInternal, "read practice customers", err)
	}
	s := &Server{
		options: options,
		library: library,
		scripts: map[string]*content.Conversation{},
		domains: map[string]bool{},
		bounces: map[string]bool{},
		wake:    make(chan struct{}, 1),
	}
	s.index()
	s.state = newState()
	path := filepath.Join(options.Dir, "mailbox.log")
	if s.mailbox, err = mailbox.Open(path, s.seed, s.noted); err != nil {
		return nil, err
	}
	s.line = line.New(s.state.line, s.state.seed)
	if err := s.listen(); err != nil {
		return nil, errors.Join(err, s.mailbox.Close())
	}
	return s, nil
}

// index makes the library quick to ask.
func (s *Server) index() {
	for _, c := range s.library.Conversations {
		s.scripts[c.ID] = c
		if c.Folder != "Junk" {
			s.domains[domainOf(c.From.Addr)] = true
		}
		if c.Bounces {
			s.bounces[strings.ToLower(c.From.Addr)] = true
		}
		for _, cc := range c.Cc {
			s.domains[domainOf(cc.Addr)] = true
		}
	}
	delete(s.domains, domainOf(Own.Addr))
}

func (s *Server) listen() (err error) {
	const op = "open practice ports"
	imapIn, err := s.options.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return desk.E(desk.KindInternal, op, err)
	}
	smtpIn, err := s.options.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return desk.E(desk.KindInternal, op, errors.Join(err, imapIn.Close()))
	}
	s.imapIn, s.smtpIn = s.line.Wrap(imapIn), s.line.Wrap(smtpIn)
	host, imapPort := split(imapIn.Addr())
	_, smtpPort := split(smtpIn.Addr())
	s.settings = Settings{
		Host:     host,
		IMAPPort: imapPort,
		SMTPPort: smtpPort,
		User:     Own.Addr,
		Password: rand.Text(),
		Address:  Own,
		Folders:  []string{HardFolder},
	}
	s.imap = s.mailbox.Server(s.settings.User, s.settings.Password, s.options.Clock)
	s.smtp = s.newSMTP()
	return nil
}

func split(addr net.Addr) (host string, port int) {
	host, text, _ := net.SplitHostPort(addr.String())
	port, _ = strconv.Atoi(text) // 0 for listeners that are no network
	return host, port
}

// Settings says how to reach the servers.
func (s *Server) Settings() Settings { return s.settings }

// Run serves until ctx ends, and then closes everything. It may be called once.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, 4)
	var all sync.WaitGroup
	serve := func(what string, f func() error) {
		all.Go(func() {
			defer cancel()
			if err := f(); err != nil && ctx.Err() == nil {
				errs <- desk.E(desk.KindInternal, what, err)
			}
		})
	}
	serve("serve practice IMAP", func() error { return s.imap.Serve(s.imapIn) })
	serve("serve practice SMTP", func() error { return s.smtp.Serve(s.smtpIn) })
	serve("let practice customers write", func() error { return s.customers(ctx) })
	<-ctx.Done()
	// The IMAP framework's Close must not meet its own Serve starting: first
	// the listeners end, then everybody who serves, then the frameworks.
	s.hangUp()
	all.Wait()
	errs <- s.Close()
	close(errs)
	var err error
	for e := range errs {
		err = errors.Join(err, e)
	}
	return err
}

// hangUp takes no more calls and breaks those there are.
func (s *Server) hangUp() {
	_ = s.imapIn.Close()
	_ = s.smtpIn.Close()
	s.line.Close()
}

// Close ends the listeners, every connection and the mailbox. Run does it by
// itself; call it only where Run never was.
func (s *Server) Close() error {
	s.hangUp()
	// The frameworks' own Close complains of listeners that went first.
	_ = s.smtp.Close()
	_ = s.imap.Close()
	s.act.Lock()
	defer s.act.Unlock()
	return s.mailbox.Close()
}

// Mode is a kind of line.
type Mode = line.Mode

// The modes of the practice line.
const (
	LineGood  = line.Good
	Line3G    = line.ThreeG
	Line2G    = line.TwoG
	LineLossy = line.Lossy
	LineOff   = line.Off
)

// SetLine changes the line at once and for the next start.
func (s *Server) SetLine(mode Mode) error {
	const op = "change practice line"
	if !mode.Valid() {
		return desk.E(desk.KindInvalid, op, nil)
	}
	s.act.Lock()
	defer s.act.Unlock()
	var b mailbox.Batch
	if err := b.Note(noteLine, lineNote{Mode: mode}, nil); err != nil {
		return desk.E(desk.KindInternal, op, err)
	}
	if err := s.mailbox.Commit(&b); err != nil {
		return desk.E(desk.KindInternal, op, err)
	}
	s.line.Set(mode)
	return nil
}

// Line is the line's mode.
func (s *Server) Line() Mode { return s.line.Mode() }
