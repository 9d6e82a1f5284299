package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"fernpost/app/source/mail"
	"fernpost/store"
	"fernpost/store/desk"
)

// doctorLimit bounds a whole examination; a dead server takes the most of it.
const doctorLimit = time.Minute

// finding is one thing the doctor looked at. Next says what to do, in the
// person's words; it is "" when there is nothing to do.
type finding struct {
	Check string `json:"check"` // folder, store, keyring, account, window
	Name  string `json:"name,omitempty"`
	OK    bool   `json:"ok"`
	Kind  string `json:"kind,omitempty"` // an error kind, or a trouble with a mail server
	Found string `json:"found"`
	Next  string `json:"next"`
}

// doctor examines a data folder beside a running window: it reads and changes
// nothing.
type doctor struct {
	words    func(key string, data map[string]any) string
	dir      string
	build    Build
	findings []finding
}

// runDoctor says what stands and what to do about each finding.
func runDoctor(t terminal, args []string) int {
	flags, data := t.flags("doctor")
	asJSON := flags.Bool("json", false, "")
	if code, ok := t.parse(flags, args); !ok {
		return code
	}
	if flags.NArg() > 0 {
		t.help()
		return exitUsage
	}
	dir, err := dataDir(*data)
	if err != nil {
		t.complain(err)
		return exitFailed
	}
	ctx, cancel := context.WithTimeout(context.Background(), doctorLimit)
	defer cancel()
	d := &doctor{words: t.words.Say, dir: dir, build: t.build}
	d.examine(ctx)
	code := exitDone
	for _, f := range d.findings {
		if !f.OK {
			code = exitFailed
		}
		if *asJSON {
			_ = json.NewEncoder(t.out).Encode(f)
			continue
		}
		t.tell(f)
	}
	return code
}

func (t terminal) tell(f finding) {
	mark := "✓"
	if !f.OK {
		mark = "✗"
	}
	name := t.words.Say("cli.doctor."+f.Check, map[string]any{"Name": f.Name})
	fmt.Fprintf(t.out, "%s %s: %s\n", mark, name, f.Found)
	if f.Next != "" {
		fmt.Fprintf(t.out, "  → %s\n", f.Next)
	}
}

func (d *doctor) examine(ctx context.Context) {
	d.window()
	d.keyring()
	s, err := store.Open(ctx, store.Options{Dir: d.dir, Clock: time.Now, ReadOnly: true})
	if desk.KindOf(err) == desk.KindNotFound {
		d.good("store", "", d.words("cli.doctor.store.none", map[string]any{"Dir": d.dir}))
		return
	}
	if err != nil {
		d.bad("store", "", err)
		return
	}
	defer func() { _ = s.Close() }()
	health, err := s.Health(ctx, true)
	if err != nil {
		d.bad("store", "", err)
		return
	}
	d.folder(health)
	d.store(health)
	d.accounts(ctx, s)
}

func (d *doctor) good(check, name, found string) {
	d.findings = append(d.findings, finding{Check: check, Name: name, OK: true, Found: found})
}

// bad says an error by its kind, and the next step that belongs to it.
func (d *doctor) bad(check, name string, err error) {
	kind := string(desk.KindOf(err))
	d.findings = append(d.findings, finding{
		Check: check, Name: name, Kind: kind,
		Found: d.words("error."+kind, nil), Next: d.words("cli.doctor."+check+".next", nil),
	})
}

func (d *doctor) window() {
	if hasWindow && !hasScreen(d.build.Screen) {
		d.findings = append(d.findings, finding{
			Check: "window", Found: d.words("cli.doctor.window.empty", nil), Next: d.words("cli.doctor.window.next", nil),
		})
		return
	}
	d.good("window", "", d.words(map[bool]string{true: "cli.doctor.window.there", false: "cli.doctor.window.none"}[hasWindow], nil))
}

func (d *doctor) keyring() {
	if err := keyringState(d.dir); err != nil {
		d.bad("keyring", "", err)
		return
	}
	d.good("keyring", "", d.words("cli.doctor.keyring.fine", nil))
}

func (d *doctor) folder(h store.Health) {
	switch {
	case !h.Private:
		d.bad("folder", "", desk.E(desk.KindPermission, "read data folder", nil))
	case h.Warning != "":
		d.findings = append(d.findings, finding{
			Check: "folder", Kind: string(desk.KindUnsafe),
			Found: d.words("cli.doctor.folder."+h.Warning, map[string]any{"Dir": h.Dir}),
			Next:  d.words("cli.doctor.folder.next", nil),
		})
	default:
		d.good("folder", "", d.words("cli.doctor.folder.fine", map[string]any{
			"Dir": h.Dir, "Free": megabytes(h.FreeBytes),
		}))
	}
}

func (d *doctor) store(h store.Health) {
	if h.Check != "ok" {
		d.bad("store", "", desk.E(desk.KindDamaged, "check store", nil))
		return
	}
	d.second(h)
	d.good("store", "", d.words("cli.doctor.store.fine", map[string]any{
		"Conversations": h.Conversations, "Messages": h.Messages, "Waiting": h.OpsOpen,
		"Size": megabytes(h.MainBytes + h.BlobBytes),
	}))
}

// second says how the copy of drafts and replies stands, and what a damaged disk
// did that nobody has read yet.
func (d *doctor) second(h store.Health) {
	if h.Second == "ok" {
		d.good("second", "", d.words("cli.doctor.second.ok", nil))
	} else {
		d.findings = append(d.findings, finding{
			Check: "second", Kind: string(desk.KindDamaged),
			Found: d.words("cli.doctor.second."+h.Second, nil), Next: d.words("cli.doctor.second.next", nil),
		})
	}
	if harm := harmView(h.Harm); harm.What != "" {
		d.findings = append(d.findings, finding{
			Check: "store", OK: true, Found: d.words("harm."+harm.What, nil),
			Next: d.words("cli.doctor.harm.next", map[string]any{"Path": harm.Aside}),
		})
	}
}

// accounts says when each account last answered. A mailbox on a server is also
// asked now; the practice account lives inside the window's process.
func (d *doctor) accounts(ctx context.Context, s *store.Store) {
	all, err := s.Accounts(ctx)
	if err != nil {
		d.bad("account", "", err)
		return
	}
	for _, a := range all {
		if a.Kind == desk.AccountMail && !d.mailbox(ctx, s, a) {
			continue
		}
		_, answered, err := s.Cursor(ctx, a.ID)
		if err != nil {
			d.bad("account", a.Name, err)
			continue
		}
		when := "–"
		if !answered.IsZero() {
			when = answered.Format(time.RFC3339)
		}
		d.good("account", a.Name, d.words("cli.doctor.account.answered", map[string]any{"Time": when}))
	}
}

// mailbox asks a mailbox's servers, and says what is wrong as the screen does.
// One that is signed in to with the browser is left alone while its token is
// old: each may be renewed but once, and the window does that.
func (d *doctor) mailbox(ctx context.Context, s *store.Store, a desk.Account) (fine bool) {
	settings, err := mail.ParseSettings(a.Settings)
	if err != nil {
		d.bad("account", a.Name, err)
		return false
	}
	secrets := &sealed{store: s, dir: d.dir, account: a.ID, authority: settings.Authority, clock: time.Now, looking: true}
	if settings.Authority != nil {
		if _, err := secrets.Secret(ctx, mail.SecretToken); desk.KindOf(err) == desk.KindCancelled {
			return true
		}
	}
	report := mail.Probe(ctx, mail.Config{Settings: settings, Secrets: secrets}, 0)
	for _, side := range []struct {
		server mail.Server
		mail.Finding
	}{{settings.IMAP, report.IMAP}, {settings.SMTP, report.SMTP}} {
		if side.Trouble == mail.TroubleNone {
			continue
		}
		at := map[string]any{"Host": side.server.Host, "Port": side.server.Port}
		d.findings = append(d.findings, finding{
			Check: "account", Name: a.Name, Kind: string(side.Trouble),
			Found: d.words("trouble."+string(side.Trouble), at), Next: d.words("trouble."+string(side.Trouble)+".next", at),
		})
	}
	return report.Works()
}

// hasScreen tells whether the build carries the page.
func hasScreen(screen fs.FS) bool {
	_, err := fs.Stat(screen, "index.html")
	return err == nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
