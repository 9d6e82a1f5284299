package mail

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	"fernpost/store/desk"
)

// Keeper keeps what a Source learnt of its servers from one run of the program
// to the next. That saves round trips and bytes at every start; without it
// nothing else is lost. It holds TLS session tickets, with which somebody else
// could go on in our place, so it must lie sealed like a password, and must be
// forgotten when the password changes or the account goes.
type Keeper interface {
	// Kept gives what Keep was given last; nothing when there is none.
	Kept(ctx context.Context) ([]byte, error)
	Keep(ctx context.Context, data []byte) error
}

const (
	keptVersion = 2
	// askAfresh is how often a start asks for everything again: folders that
	// were made elsewhere, and what the server has learnt.
	askAfresh = 24 * time.Hour
	// maxKept bounds each of the maps: an account has two servers, and a laptop
	// knows few networks.
	maxKept = 32
)

// kept is what lasts. Its methods may be called concurrently.
type kept struct {
	keeper Keeper
	clock  desk.Clock

	mu     sync.Mutex
	loaded bool
	dirty  bool
	data   keptData
}

type keptData struct {
	Version int                `json:"v"`
	For     string             `json:"for"` // a digest of the settings it was learnt with
	Salt    []byte             `json:"salt"`
	With    []byte             `json:"with,omitempty"` // a digest of the password; none with tokens
	Opening *plan              `json:"opening,omitempty"`
	Shy     time.Time          `json:"shy"`     // when the server took no word before its own; zero: it does
	Servers map[string]*server `json:"servers"` // by host:port
	Silence map[string]silence `json:"silence"` // by network
}

// server is what is known of one server's TLS.
type server struct {
	Ticket  []byte    `json:"ticket,omitempty"`
	Session []byte    `json:"session,omitempty"`
	Got     time.Time `json:"got"`               // when the ticket came
	Plain   bool      `json:"plain,omitempty"`   // it knows no post-quantum key exchange
	Asked   time.Time `json:"asked"`             // when it was last offered one
	Quantum bool      `json:"quantum,omitempty"` // one stands behind the ticket
}

// plan is how a connection is opened without waiting for each answer.
type plan struct {
	Caps    []string  `json:"caps"`   // once signed in
	By      string    `json:"by"`     // the mechanism that worked
	Short   bool      `json:"short"`  // the mechanism's first word rides on the command (RFC 4959)
	Server  string    `json:"server"` // what it calls itself
	Folders []planned `json:"folders"`
	Learnt  time.Time `json:"learnt"` // when the folders were listed
	afresh  bool      // that is long ago
	fails   int       // in a row, in this run
}

type planned struct {
	Name string          `json:"name"`
	Role desk.FolderRole `json:"role"`
}

func newKept(cfg Config) *kept {
	return &kept{keeper: cfg.Keeper, clock: cfg.Clock, data: emptyKept(cfg.Settings)}
}

func emptyKept(s Settings) keptData {
	s.Addresses = nil
	sum := sha256.Sum256(s.Marshal())
	return keptData{
		Version: keptVersion, For: hex.EncodeToString(sum[:8]),
		Servers: map[string]*server{}, Silence: map[string]silence{},
	}
}

// load reads what an earlier run kept. What can't be read is learnt again.
func (k *kept) load(ctx context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.loaded || k.keeper == nil {
		return
	}
	k.loaded = true
	raw, err := k.keeper.Kept(ctx)
	if err != nil || len(raw) == 0 {
		return
	}
	var d keptData
	if json.Unmarshal(raw, &d) != nil || d.Version != keptVersion || d.For != k.data.For || d.Servers == nil || d.Silence == nil {
		return
	}
	k.data = d
}

// signsIn drops everything when another password is used than it was learnt
// with: a ticket must not outlive the password that a person took back.
func (k *kept) signsIn(who credentials) {
	if who.token {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.data.Salt == nil {
		k.data.Salt = make([]byte, 16)
		_, _ = rand.Read(k.data.Salt) // never fails since Go 1.24
	}
	mac := hmac.New(sha256.New, k.data.Salt)
	_, _ = io.WriteString(mac, who.secret)
	with := mac.Sum(nil)
	if k.data.With != nil && !hmac.Equal(k.data.With, with) {
		for _, s := range k.data.Servers {
			s.Ticket, s.Session = nil, nil
		}
		k.dirty = true
	}
	k.data.With = with
}

// save writes what is new. It is no record: where it can't be kept, the work
// goes on.
func (k *kept) save(ctx context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.dirty || k.keeper == nil {
		return
	}
	raw, err := json.Marshal(k.data)
	if err == nil && k.keeper.Keep(context.WithoutCancel(ctx), raw) == nil {
		k.dirty = false
	}
}

func (k *kept) edit(change func(d *keptData)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	change(&k.data)
	k.dirty = true
}

// opening gives the plan to open with, nil where each answer must be waited for.
func (k *kept) opening() *plan {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.data.Opening == nil || k.data.Opening.fails > 1 || k.recent(k.data.Shy) {
		return nil
	}
	p := *k.data.Opening
	p.afresh = !k.recent(p.Learnt)
	return &p
}

// recent tells that something needn't be found out again.
func (k *kept) recent(at time.Time) bool {
	age := k.clock().Sub(at)
	return age >= 0 && age < askAfresh
}

// learnt keeps how this line was opened.
func (k *kept) learnt(l *line, used *plan) {
	now := k.clock().Truncate(time.Second)
	p := &plan{By: l.by, Short: l.short, Server: l.server, Learnt: now}
	if used != nil && !used.afresh {
		p.Learnt = used.Learnt
	}
	for name := range l.caps {
		p.Caps = append(p.Caps, string(name))
	}
	slices.Sort(p.Caps)
	for _, f := range l.folders {
		p.Folders = append(p.Folders, planned{f.name, f.role})
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	was := k.data.Opening
	if used == nil && was != nil && was.fails > 1 {
		k.data.Shy = now // twice in a row it broke off, and politely it works
	}
	k.dirty = k.dirty || was == nil || !was.same(p)
	k.data.Opening = p
}

func (p *plan) same(o *plan) bool {
	return p.By == o.By && p.Short == o.Short && p.Server == o.Server && p.Learnt.Equal(o.Learnt) &&
		slices.Equal(p.Caps, o.Caps) && slices.Equal(p.Folders, o.Folders)
}

// stumbled counts an opening by the plan that broke off.
func (k *kept) stumbled() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.data.Opening != nil {
		k.data.Opening.fails++
	}
}

// forget drops the plan: the server isn't as remembered.
func (k *kept) forget() { k.edit(func(d *keptData) { d.Opening = nil }) }
