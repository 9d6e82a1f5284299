package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fernpost/app/source/mail"
	"fernpost/store"
	"fernpost/store/desk"
)

// Accounts finds, tests, connects and removes mailboxes. Its slow calls have an
// id of the screen's, by which Cancel ends them.
type Accounts struct {
	calls calls
	open  func(url string) // hands a page to the system's browser
	// folder asks for one; "" when the person changed their mind.
	folder func(ctx context.Context) (string, error)
}

// Limits of the slow calls: each is longer than all its parts together.
const (
	findLimit   = 45 * time.Second
	testLimit   = 100 * time.Second
	browseLimit = 12 * time.Minute
)

// slowly answers a call that asks the network. id is the screen's name for it.
func slowly[T any](c calls, id, what string, limit time.Duration, fn func(ctx context.Context, d *Desk) (T, error)) (T, error) {
	return read(c, what, func(_ context.Context, d *Desk) (T, error) {
		ctx, cancel := context.WithTimeout(c.opening.ctx, limit)
		defer cancel()
		d.slow.Store(id, cancel)
		defer d.slow.Delete(id)
		return fn(ctx, d)
	})
}

// Cancel ends a slow call; one that has ended is no error.
func (s *Accounts) Cancel(id string) error {
	return do(s.calls, "cancel call", func(_ context.Context, d *Desk) error {
		if end, running := d.slow.Load(id); running {
			end.(context.CancelFunc)()
		}
		return nil
	})
}

// Find looks for an address's servers. Nothing found is an answer too.
func (s *Accounts) Find(id, address string) (FoundView, error) {
	return slowly(s.calls, id, "find servers", findLimit, func(ctx context.Context, d *Desk) (FoundView, error) {
		found, err := d.outside.finder.Find(ctx, address)
		return foundView(address, found), err
	})
}

// Browse has the person sign in with the browser. The ticket it gives stands
// for the tokens, which never reach the screen.
func (s *Accounts) Browse(id string, setup MailboxSetup, secrets MailboxSecrets) (string, error) {
	return slowly(s.calls, id, "sign in with the browser", browseLimit, func(ctx context.Context, d *Desk) (string, error) {
		return d.browse(ctx, s.open, setup, secrets)
	})
}

// Test signs in to both servers with what is typed, or for an account that is
// there with what is stored where nothing is typed.
func (s *Accounts) Test(id, account string, setup MailboxSetup, secrets MailboxSecrets) (TestView, error) {
	return slowly(s.calls, id, "test connection", testLimit, func(ctx context.Context, d *Desk) (TestView, error) {
		settings := settingsOf(setup)
		from := &typed{secrets: secrets, tickets: &d.tickets, stored: d.sealedOf(desk.AccountID(account), settings)}
		cfg := mail.Config{Settings: settings, Secrets: from, TLS: d.outside.roots}
		if account == "" {
			from.stored, cfg.Keeper = nil, &d.tried
		}
		return testView(mail.Probe(ctx, cfg, 0)), nil
	})
}

// Connect adds a mailbox and puts it to work; its id.
func (s *Accounts) Connect(setup MailboxSetup, secrets MailboxSecrets) (string, error) {
	return read(s.calls, "connect mailbox", func(ctx context.Context, d *Desk) (string, error) {
		id, err := d.connect(ctx, setup, secrets)
		return string(id), err
	})
}

// Change gives a mailbox other settings, or other secrets: a person who signed
// in again. It goes on with what waits.
func (s *Accounts) Change(account string, setup MailboxSetup, secrets MailboxSecrets) error {
	return do(s.calls, "change mailbox", func(ctx context.Context, d *Desk) error {
		return d.changeMailbox(ctx, desk.AccountID(account), setup, secrets)
	})
}

// List gives every account.
func (s *Accounts) List() ([]MailboxView, error) {
	return read(s.calls, "list accounts", func(ctx context.Context, d *Desk) ([]MailboxView, error) {
		return d.mailboxes(ctx)
	})
}

// Rename says what an account is called here; "" is its address. Customers never
// see it.
func (s *Accounts) Rename(account, name string) error {
	return do(s.calls, "rename account", func(ctx context.Context, d *Desk) error {
		a, err := d.mailAccount(ctx, desk.AccountID(account))
		if err != nil {
			return err
		}
		a.Name = cmp.Or(strings.Join(strings.Fields(name), " "), a.Address.Addr)
		return d.store.PutAccount(ctx, a)
	})
}

// Raise puts an account before the one that stands above it.
func (s *Accounts) Raise(account string) error {
	return do(s.calls, "order accounts", func(ctx context.Context, d *Desk) error {
		if err := d.store.RaiseAccount(ctx, desk.AccountID(account)); err != nil {
			return err
		}
		all, err := d.store.Accounts(ctx)
		if err == nil {
			d.stations.order(all)
		}
		return err
	})
}

// SetIdentities sets whom an account writes as; the first is the usual one.
func (s *Accounts) SetIdentities(account string, all []IdentityView) error {
	return do(s.calls, "set identities", func(ctx context.Context, d *Desk) error {
		return d.setIdentities(ctx, desk.AccountID(account), all)
	})
}

// Remove forgets a mailbox here; on the server nothing changes. replies and
// drafts are how many the person knows of and gives up with it: kind conflict
// where more are left.
func (s *Accounts) Remove(account string, replies, drafts int) error {
	return do(s.calls, "remove mailbox", func(ctx context.Context, d *Desk) error {
		return d.removeMailbox(ctx, desk.AccountID(account), store.Left{Replies: replies, Drafts: drafts})
	})
}

// Export asks for a folder and writes the replies that wait in a mailbox there,
// each as a mail that other programs open. The call lasts as long as the person
// looks at the dialog.
func (s *Accounts) Export(account string) (ExportView, error) {
	return readLong(s.calls, "export replies", func(ctx context.Context, d *Desk) (ExportView, error) {
		folder, err := s.folder(ctx)
		if err != nil || folder == "" {
			return ExportView{}, err
		}
		n, err := d.exportReplies(ctx, desk.AccountID(account), folder)
		return ExportView{Folder: folder, Replies: n}, err
	})
}
