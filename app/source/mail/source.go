package mail

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// What bytes are counted as.
const (
	CountReplies = "replies" // outgoing mail
	CountText    = "text"    // heads and texts
	CountLooking = "looking" // asking whether there is anything new
	CountFiles   = "files"   // attachments
)

// Config is what a Source is made of.
type Config struct {
	Settings Settings
	Secrets  source.Secrets
	Blobs    source.Blobs // the files of replies; nil where none has any
	Keeper   Keeper       // what lasts from one run to the next; nil: nothing does
	Clock    desk.Clock   // time.Now when nil
	// Dial replaces the network, for tests.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// TLS may add roots or limit versions; certificates are verified whatever
	// it says.
	TLS *tls.Config
	// Count is told bytes on the wire, both ways, under TLS. It is called from
	// several goroutines.
	Count func(kind string, n int64)
	// Alert is told what the server says to people (RFC 9051 7.1, ALERT): plain
	// text of bounded length. It is called while the line is read and must return
	// at once; nil is nobody.
	Alert func(text string)
}

// Source is one mail account. Its methods may be called concurrently.
type Source struct {
	cfg Config
	tls *tls.Config // base for every connection

	// turn holds one token: whoever has put it in speaks on the IMAP line.
	turn    chan struct{}
	waiting atomic.Int32  // how many want the turn
	poke    chan struct{} // tells Watch that somebody wants the turn
	used    atomic.Int64  // counts turns, so that Watch can see the line is quiet
	events  chan struct{} // the server said something unasked

	kept *kept
	busy busy

	mu   sync.Mutex
	line *line // nil or dead when not connected

	memory memory

	limit atomic.Int64 // of a mail's size, as the server for outgoing mail said last
}

// MaxUpload is how large a mail may be, in bytes: what the server for outgoing
// mail said when it was last spoken to, 0 when it hasn't.
func (s *Source) MaxUpload() int64 { return s.limit.Load() }

// New makes the source of one account. It touches no network.
func New(cfg Config) *Source {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Dial == nil {
		cfg.Dial = systemDialer().DialContext
	}
	if cfg.Count == nil {
		cfg.Count = func(string, int64) {}
	}
	base := cfg.TLS.Clone()
	if base == nil {
		base = &tls.Config{}
	}
	base.InsecureSkipVerify = false
	base.MinVersion = max(base.MinVersion, tls.VersionTLS12)
	return &Source{
		cfg:    cfg,
		tls:    base,
		turn:   make(chan struct{}, 1),
		poke:   make(chan struct{}, 1),
		events: make(chan struct{}, 1),
		kept:   newKept(cfg),
		busy:   busy{clock: cfg.Clock},
		memory: newMemory(),
	}
}

// systemDialer probes a silent connection after five minutes and again every 15
// seconds: often enough to notice a dead 3G stick, rare enough that an idle
// account stays under 5 kB an hour. Go's own interval of 15 seconds would cost
// 25 kB.
func systemDialer() *net.Dialer {
	return &net.Dialer{
		Timeout:         dialTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Minute, Interval: 15 * time.Second, Count: 4},
	}
}

// Open connects and signs in, unless the line stands already.
func (s *Source) Open(ctx context.Context) (source.Session, error) {
	if err := s.take(ctx); err != nil {
		return source.Session{}, err
	}
	defer s.release()
	l, err := s.connected(ctx)
	if err != nil {
		return source.Session{}, err
	}
	return l.session, nil
}

// Close drops the line at once; calls in flight end with an error.
func (s *Source) Close() error {
	s.mu.Lock()
	l := s.line
	s.line = nil
	s.mu.Unlock()
	if l != nil {
		l.drop()
	}
	return nil
}

// take waits for the turn to speak on the line.
func (s *Source) take(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		s.used.Add(1)
		return nil
	default:
	}
	s.waiting.Add(1)
	defer s.waiting.Add(-1)
	signal(s.poke)
	select {
	case s.turn <- struct{}{}:
		s.used.Add(1)
		return nil
	case <-ctx.Done():
		return desk.E(desk.KindCancelled, "wait for the mail line", ctx.Err())
	}
}

func (s *Source) release() { <-s.turn }

// current is the line that stands, or nil.
func (s *Source) current() *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line == nil || s.line.dead() {
		return nil
	}
	return s.line
}

// connected gives the line that stands or makes a new one. Only who has the
// turn may call it.
func (s *Source) connected(ctx context.Context) (*line, error) {
	if l := s.current(); l != nil {
		return l, nil
	}
	l, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.line = l
	s.mu.Unlock()
	return l, nil
}

// speak runs one exchange on the line. When ctx ends the line is dropped: IMAP
// has no way to break off a command, and a later one must not read its rest.
func (s *Source) speak(ctx context.Context, l *line, kind string, exchange func() error) error {
	quiet := l.conn.quiet()
	l.conn.counting(kind)
	l.conn.expect(stallTimeout)
	stop := context.AfterFunc(ctx, l.drop)
	err := exchange()
	if !stop() {
		<-l.gone
		return desk.E(desk.KindCancelled, "speak to the mail server", context.Cause(ctx))
	}
	lost := desk.KindOf(err) == desk.KindOffline
	s.kept.afterSilence(networkOf(l.conn), quiet, !lost)
	if lost {
		l.drop() // the reader may not have noticed yet; nobody shall try this line again
		return err
	}
	l.conn.expect(0)
	l.conn.counting(CountLooking)
	return err
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
