package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/metrics"
	"strconv"
	"sync"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/store"
	"fernpost/store/desk"
)

// deskOrder is what a child process does with a mailbox: the program's own way
// from the server to the store, without a window.
type deskOrder struct {
	Dir      string // of the store
	Server   string // host:port, IMAP under TLS
	Roots    string // PEM, "" for a server in clear on this computer
	Lasting  string // the file of what the source learnt of its server, "" for none
	User     string
	Password string
	Texts    int   // how many texts must come; 0: until nothing is left to come
	Since    int64 // then the files of the mails from here on (Unix seconds); 0: none
}

// deskReport is what it prints. Times are since it began, in seconds.
type deskReport struct {
	Opened float64          `json:"opened"` // signed in
	Pulled float64          `json:"pulled"` // nothing left to come, all of it stored
	Texted float64          `json:"texted"` // the last text was here
	Filed  float64          `json:"filed"`  // the last file was whole
	Heads  int              `json:"heads"`
	Texts  int              `json:"texts"`
	Files  int              `json:"files"`
	Octets int64            `json:"octets"` // of the files, as they lie on the server
	Lines  int              `json:"lines"`  // how often it connected
	Kinds  map[string]int64 `json:"kinds"`  // bytes under TLS that came and left
	Hello  int64            `json:"hello"`  // of them, those of opening the line each time
	Heap   int64            `json:"heap"`   // the most that was alive on the heap, bytes
	Cursor int64            `json:"cursor"` // the longest cursor
}

// bytes is all that came and left, under TLS: what lay on its way when the line
// was cut isn't in it.
func (r deskReport) bytes() (n int64) {
	for _, kind := range r.Kinds {
		n += kind
	}
	return n
}

func (o deskOrder) args() []string {
	return []string{
		"desk", "-dir", o.Dir, "-server", o.Server, "-roots", o.Roots, "-lasting", o.Lasting, "-user", o.User, "-password", o.Password,
		"-texts", strconv.Itoa(o.Texts), "-since", strconv.FormatInt(o.Since, 10),
	}
}

// runDesk is the child process.
func runDesk(ctx context.Context, args []string) error {
	var o deskOrder
	flags := flag.NewFlagSet("desk", flag.ContinueOnError)
	flags.StringVar(&o.Dir, "dir", "", "the store's folder")
	flags.StringVar(&o.Server, "server", "", "host:port")
	flags.StringVar(&o.Roots, "roots", "", "certificates in PEM")
	flags.StringVar(&o.Lasting, "lasting", "", "where what was learnt of the server is kept")
	flags.StringVar(&o.User, "user", "", "who signs in")
	flags.StringVar(&o.Password, "password", "", "with what")
	flags.IntVar(&o.Texts, "texts", 0, "how many must come")
	flags.Int64Var(&o.Since, "since", 0, "bring the files of mails from then on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := openChild(ctx, o)
	if err != nil {
		return err
	}
	err = errors.Join(c.work(ctx), c.store.Close())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(c.report)
}

// child is the store, the source and the intake of one account.
type child struct {
	order  deskOrder
	began  time.Time
	store  *store.Store
	intake *intake.Intake
	idle   chan struct{} // everything was pulled

	mu     sync.Mutex
	report deskReport
	seen   map[string][]uint64 // by folder and numbering: a bit a mail whose text came
}

// fresh tells of a mail's first text, and notes it. A bit is all it may cost:
// memory is measured here.
func (c *child) fresh(at desk.RemoteRef) bool {
	n, err := strconv.ParseUint(at.ID, 10, 32)
	if err != nil {
		return true
	}
	bits, bit := c.seen[at.Scope+at.Epoch], uint64(1)<<(n%64)
	for uint64(len(bits)) <= n/64 {
		bits = append(bits, 0)
	}
	was := bits[n/64]
	bits[n/64] |= bit
	c.seen[at.Scope+at.Epoch] = bits
	return was&bit == 0
}

func openChild(ctx context.Context, o deskOrder) (*child, error) {
	c := &child{order: o, began: time.Now(), idle: make(chan struct{}, 1), seen: map[string][]uint64{}}
	c.report.Kinds = map[string]int64{}
	settings, err := o.settings()
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if o.Roots != "" {
		pem, err := os.ReadFile(o.Roots)
		if err != nil {
			return nil, err
		}
		roots.AppendCertsFromPEM(pem)
	}
	if c.store, err = store.Open(ctx, store.Options{Dir: o.Dir}); err != nil {
		return nil, err
	}
	err = c.store.PutAccount(ctx, desk.Account{
		ID: account, Kind: desk.AccountMail, Name: us.Name, State: desk.AccountOK,
		Address: us, Settings: settings.Marshal(), Created: newest, Horizon: desk.HorizonAll,
	})
	if err != nil {
		return nil, errors.Join(err, c.store.Close())
	}
	src := mail.New(mail.Config{Settings: settings, Secrets: onePassword(o.Password), Keeper: file(o.Lasting), TLS: &tls.Config{RootCAs: roots}, Count: c.count})
	c.intake = intake.New(intake.Options{
		Account: account, Source: &overheard{Source: src, c: c}, Store: c.store, Clock: time.Now,
	})
	return c, nil
}

func (o deskOrder) settings() (mail.Settings, error) {
	host, port, err := net.SplitHostPort(o.Server)
	if err != nil {
		return mail.Settings{}, err
	}
	n, err := strconv.Atoi(port)
	at := mail.Server{Host: host, Port: n, TLS: mail.TLSImplicit}
	if o.Roots == "" {
		at.TLS = mail.TLSPlain
	}
	return mail.Settings{Username: o.User, Addresses: []string{us.Addr}, IMAP: at, SMTP: at}, err
}

type onePassword string

// Secret implements source.Secrets.
func (p onePassword) Secret(context.Context, string) (string, error) { return string(p), nil }

// file is a mail.Keeper for measuring: what the program itself would seal.
type file string

// Kept implements mail.Keeper.
func (f file) Kept(context.Context) ([]byte, error) {
	if f == "" {
		return nil, nil
	}
	return os.ReadFile(string(f))
}

// Keep implements mail.Keeper.
func (f file) Keep(_ context.Context, data []byte) error {
	if f == "" {
		return nil
	}
	return os.WriteFile(string(f), data, 0o600)
}

func (c *child) count(kind string, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Kinds[kind] += n
}

// note edits the report; its argument is the time since the beginning.
func (c *child) note(edit func(r *deskReport, at float64)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	edit(&c.report, time.Since(c.began).Seconds())
}

// work runs the intake until the order is done.
func (c *child) work(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go c.weigh(ctx)
	go func() { ended <- c.intake.Run(ctx) }()
	err := c.pulled(ctx)
	if err == nil && c.order.Since > 0 {
		err = c.files(ctx)
	}
	stop()
	return errors.Join(err, <-ended)
}

// weigh looks at the heap now and then.
func (c *child) weigh(ctx context.Context) {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for ctx.Err() == nil {
		metrics.Read(sample)
		c.note(func(r *deskReport, _ float64) { r.Heap = max(r.Heap, int64(sample[0].Value.Uint64())) })
		time.Sleep(50 * time.Millisecond)
	}
}

// pulled waits until everything asked for is here.
func (c *child) pulled(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-c.idle:
		}
		c.mu.Lock()
		enough := c.report.Texts >= c.order.Texts
		c.mu.Unlock()
		if enough {
			c.note(func(r *deskReport, at float64) { r.Pulled = at })
			return nil
		}
	}
}

// files fetches those of the new mails, as if they were tapped on in turn.
func (c *child) files(ctx context.Context) error {
	page, err := c.store.List(ctx, store.ListQuery{View: store.ViewInbox, Order: store.OrderNewest, Limit: c.order.Texts})
	if err != nil {
		return err
	}
	for _, row := range page.Rows {
		messages, err := c.store.Messages(ctx, row.ID)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.At.Unix() < c.order.Since {
				continue
			}
			for _, f := range m.Attachments {
				if err := c.file(ctx, f); err != nil {
					return err
				}
			}
		}
	}
	c.note(func(r *deskReport, at float64) { r.Filed = at })
	return nil
}

func (c *child) file(ctx context.Context, f desk.Attachment) error {
	if err := c.intake.Fetch(ctx, f.ID, true); err != nil {
		return err
	}
	r, err := c.store.ReadBlob(ctx, f.ID)
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, r)
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	if n < f.Size*7/10 { // base64 undone
		return fmt.Errorf("a file of %d bytes came as %d", f.Size, n)
	}
	c.note(func(r *deskReport, _ float64) { r.Files, r.Octets = r.Files+1, r.Octets+f.Size })
	return nil
}

// overheard listens to what intake asks and is told. Watch begins when nothing
// is left to pull and everything pulled is stored.
type overheard struct {
	intake.Source
	c *child
}

// Open implements intake.Source.
func (o *overheard) Open(ctx context.Context) (source.Session, error) {
	var before int64
	o.c.note(func(r *deskReport, _ float64) { before = r.bytes() })
	s, err := o.Source.Open(ctx)
	o.c.note(func(r *deskReport, at float64) {
		r.Hello += r.bytes() - before
		if err != nil {
			return
		}
		if r.Lines++; r.Lines == 1 {
			r.Opened = at
		}
	})
	return s, err
}

// Pull implements intake.Source.
func (o *overheard) Pull(ctx context.Context, req source.PullRequest) (source.Page, error) {
	page, err := o.Source.Pull(ctx, req)
	o.c.note(func(r *deskReport, at float64) {
		r.Cursor = max(r.Cursor, int64(len(page.Next)))
		for _, a := range page.Items {
			if a.Kind == desk.ArrivalHead {
				r.Heads++
			}
			if a.Body != nil && o.c.fresh(a.Remote) { // its form may come later
				r.Texts, r.Texted = r.Texts+1, at
			}
		}
	})
	return page, err
}

// Watch implements intake.Source.
func (o *overheard) Watch(ctx context.Context, hint func()) error {
	select {
	case o.c.idle <- struct{}{}:
	default:
	}
	return o.Source.Watch(ctx, hint)
}
