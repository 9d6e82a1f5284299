package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"slices"
	"strings"

	"fernpost/app/source/mail"
	"fernpost/app/source/mail/find"
	"fernpost/store"
	"fernpost/store/desk"
)

func serverOf(v ServerView) mail.Server {
	return mail.Server{Host: strings.TrimSpace(v.Host), Port: v.Port, TLS: mail.TLSMode(v.TLS)}
}

func serverView(s mail.Server) ServerView {
	return ServerView{Host: s.Host, Port: s.Port, TLS: string(s.TLS)}
}

// signInPassword is the sign-in that has no authority.
const signInPassword = "password"

func settingsOf(v MailboxSetup) mail.Settings {
	s := mail.Settings{
		Username: strings.TrimSpace(v.Username), SMTPUsername: strings.TrimSpace(v.SMTPUsername),
		Addresses: []string{strings.TrimSpace(v.Address)},
		IMAP:      serverOf(v.IMAP), SMTP: serverOf(v.SMTP), Mechanism: v.Mechanism, Folders: v.Folders,
		AuthServ: strings.TrimSpace(v.AuthServ),
	}
	if v.SignIn != signInPassword {
		s.Authority = &mail.Authority{
			Provider: v.SignIn, Client: strings.TrimSpace(v.Client), Tenant: strings.TrimSpace(v.Tenant),
		}
	}
	return s
}

func setupView(a desk.Account, s mail.Settings, horizon int) MailboxSetup {
	v := MailboxSetup{
		Address: a.Address.Addr, Name: a.Address.Name, Username: s.Username, SMTPUsername: s.SMTPUsername,
		IMAP: serverView(s.IMAP), SMTP: serverView(s.SMTP), SignIn: signInPassword, Mechanism: s.Mechanism,
		AuthServ: s.AuthServ, Horizon: horizon, Folders: orEmpty(s.Folders),
	}
	if s.Authority != nil {
		v.SignIn, v.Client, v.Tenant = s.Authority.Provider, s.Authority.Client, s.Authority.Tenant
	}
	return v
}

// beginningHorizon is offered to a new mailbox, in days.
const beginningHorizon = 90

func foundView(address string, r find.Result) FoundView {
	v := FoundView{
		Way: r.Way, Provider: r.Provider, Source: r.Source, Elsewhere: r.Elsewhere, Marks: orEmpty(r.Marks),
		Asked: mapped(r.Asked, func(a find.Asked) AskedView { return AskedView(a) }),
		Setup: MailboxSetup{
			Address: address, Username: cmp.Or(r.Username, address), SignIn: signInPassword,
			IMAP: serverView(r.IMAP), SMTP: serverView(r.SMTP), Horizon: beginningHorizon, Folders: []string{},
		},
	}
	if v.Setup.IMAP.Host == "" {
		v.Setup.IMAP = ServerView{Port: 993, TLS: string(mail.TLSImplicit)}
	}
	if v.Setup.SMTP.Host == "" {
		v.Setup.SMTP = ServerView{Port: 465, TLS: string(mail.TLSImplicit)}
	}
	v.Checks = checksOf(settingsOf(v.Setup))
	for _, m := range v.Marks {
		if m == "microsoft" { // it takes no password
			v.Setup.SignIn = m
		}
	}
	return v
}

// checksOf are the names that stand where a person named none. A server that is
// only known by its number, or not yet, tells none.
func checksOf(s mail.Settings) []string {
	s.AuthServ = ""
	return orEmpty(slices.DeleteFunc(s.AuthServs(), func(name string) bool { return net.ParseIP(name) != nil }))
}

func testView(r mail.Report) TestView {
	side := func(f mail.Finding) SideView {
		return SideView{Trouble: string(f.Trouble), Words: f.Words, Mechanism: f.Mechanism}
	}
	return TestView{
		Works: r.Works(), IMAP: side(r.IMAP), SMTP: side(r.SMTP), Folders: orEmpty(r.Folders),
		Server: r.Server, Labels: r.Labels, SavesSent: r.SavesSent,
	}
}

func (d *Desk) sealedOf(a desk.AccountID, s mail.Settings) *sealed {
	return &sealed{store: d.store, dir: d.dir, account: a, authority: s.Authority, clock: d.clock, outside: d.outside}
}

// connect keeps a mailbox and puts it to work. Its secrets come first: an
// account without them would ask to be signed in to at once.
func (d *Desk) connect(ctx context.Context, setup MailboxSetup, secrets MailboxSecrets) (desk.AccountID, error) {
	settings, err := checked(setup)
	if err != nil {
		return "", err
	}
	if err := d.noOther(ctx, settings); err != nil {
		return "", err
	}
	now := d.clock()
	a := desk.Account{
		ID: desk.NewAccountID(now), Kind: desk.AccountMail, Name: settings.Addresses[0], State: desk.AccountOK, Created: now,
		Address: desk.Address{Name: strings.TrimSpace(setup.Name), Addr: settings.Addresses[0]}, Settings: settings.Marshal(),
	}
	box := d.sealedOf(a.ID, settings)
	if err := errors.Join(d.keep(ctx, box, secrets), d.tried.handOver(ctx, box)); err != nil {
		return "", err
	}
	if err := d.store.PutAccount(ctx, a); err != nil {
		return "", err
	}
	if err := d.store.ChangeLine(ctx, a.ID, func(c *desk.LineChoice) { c.Horizon = max(setup.Horizon, 0) }); err != nil {
		return "", err
	}
	d.tickets.drop(secrets.Ticket)
	return a.ID, d.openMailbox(ctx, a)
}

func checked(setup MailboxSetup) (mail.Settings, error) {
	settings := settingsOf(setup)
	if _, _, err := find.Domain(settings.Addresses[0]); err != nil {
		return settings, err
	}
	return settings, settings.Check()
}

// noOther refuses a mailbox that is connected already: its mail would come twice.
func (d *Desk) noOther(ctx context.Context, settings mail.Settings) error {
	accounts, err := d.store.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		other, err := mail.ParseSettings(a.Settings)
		if err == nil && strings.EqualFold(other.Username, settings.Username) && strings.EqualFold(other.IMAP.Address(), settings.IMAP.Address()) {
			return desk.E(desk.KindConflict, "connect mailbox", errors.New("it is connected already"))
		}
	}
	return nil
}

// keep seals what a person typed, and what the browser brought.
func (d *Desk) keep(ctx context.Context, box *sealed, secrets MailboxSecrets) error {
	if box.authority != nil && secrets.Ticket != "" {
		t, err := d.tickets.token(secrets.Ticket)
		if err != nil {
			return err
		}
		if err := box.keepToken(ctx, t); err != nil {
			return err
		}
	}
	return box.put(ctx, map[string]string{
		mail.SecretIMAP: secrets.Password, mail.SecretSMTP: secrets.SMTPPassword, secretClient: secrets.ClientSecret,
	})
}

// changeMailbox sets other settings or secrets, and makes a new start with them.
func (d *Desk) changeMailbox(ctx context.Context, id desk.AccountID, setup MailboxSetup, secrets MailboxSecrets) error {
	if _, err := d.mailAccount(ctx, id); err != nil {
		return err
	}
	settings, err := checked(setup)
	if err != nil {
		return err
	}
	if err := d.keep(ctx, d.sealedOf(id, settings), secrets); err != nil {
		return err
	}
	if st, err := d.station(id); err == nil {
		st.end() // its own last word on the account comes before ours
	}
	a, err := d.store.Account(ctx, id)
	if err != nil {
		return err
	}
	if a.Name == a.Address.Addr {
		a.Name = settings.Addresses[0]
	}
	a.Settings, a.Address = settings.Marshal(), desk.Address{Name: strings.TrimSpace(setup.Name), Addr: settings.Addresses[0]}
	if a.State == desk.AccountSignIn {
		a.State = desk.AccountOK
	}
	if err := d.store.PutAccount(ctx, a); err != nil {
		return err
	}
	d.tickets.drop(secrets.Ticket)
	return d.openMailbox(ctx, a)
}

// mailAccount gives a mailbox on a server; the practice account can't be changed.
func (d *Desk) mailAccount(ctx context.Context, id desk.AccountID) (desk.Account, error) {
	a, err := d.store.Account(ctx, id)
	if err == nil && a.Kind != desk.AccountMail {
		err = desk.E(desk.KindInvalid, "change mailbox", errors.New("the practice account stays as it is"))
	}
	return a, err
}

func (d *Desk) mailboxes(ctx context.Context) ([]MailboxView, error) {
	accounts, err := d.store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	all := []MailboxView{}
	for _, a := range accounts {
		v, err := d.mailboxView(ctx, a)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func (d *Desk) mailboxView(ctx context.Context, a desk.Account) (MailboxView, error) {
	var settings mail.Settings // one that can't be read is shown empty, to be filled in anew
	_ = json.Unmarshal(a.Settings, &settings)
	v := MailboxView{ID: string(a.ID), Name: cmp.Or(a.Name, a.Address.Addr), Kind: string(a.Kind), State: string(a.State), Kept: "keyring"}
	if os.Getenv(passphraseFile) != "" {
		v.Kept = "file"
	}
	choice, err := d.store.LineChoice(ctx, a.ID)
	if err != nil {
		return v, err
	}
	v.Setup, v.Checks = setupView(a, settings, choice.Horizon), checksOf(settings)
	identities, err := d.store.Identities(ctx, a.ID)
	if err != nil {
		return v, err
	}
	v.Identities = mapped(identities, identityView)
	left, err := d.store.LeftOf(ctx, a.ID)
	v.Replies, v.Drafts = left.Replies, left.Drafts
	return v, err
}

// removeMailbox ends a mailbox's loops, forgets it, and has what it brought
// taken away while the work goes on.
func (d *Desk) removeMailbox(ctx context.Context, id desk.AccountID, given store.Left) error {
	a, err := d.mailAccount(ctx, id)
	if err != nil {
		return err
	}
	left, err := d.store.LeftOf(ctx, id)
	if err != nil {
		return err
	}
	if !left.Within(given) {
		return desk.E(desk.KindConflict, "remove mailbox", errors.New("unsent work"))
	}
	if st, err := d.station(id); err == nil {
		st.end()
	}
	if err := d.store.RemoveAccount(ctx, id, given); err != nil {
		return errors.Join(err, d.openMailbox(ctx, a))
	}
	d.stations.drop(id)
	d.runner.Go("purge removed accounts", d.store.Purge)
	return nil
}
