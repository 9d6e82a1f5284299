package app

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"

	"fernpost/app/intake"
	"fernpost/app/outbox"
	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/store/desk"
)

// station is one account at work: its source and the two engines over it.
type station struct {
	account desk.Account
	source  *mail.Source
	intake  *intake.Intake
	outbox  *outbox.Outbox
	runner  *runner
	alerts  alerts
	shown   sync.Map // desk.MessageID → true: on screen before, with nothing but text
}

// newStation puts an account's engines together. Nothing runs yet.
func (d *Desk) newStation(a desk.Account, settings mail.Settings, secrets source.Secrets) *station {
	st := &station{account: a}
	src := mail.New(mail.Config{
		Settings: settings, Secrets: secrets, Blobs: d.store, Keeper: keeperOf(secrets), Clock: d.clock, TLS: d.outside.roots,
		Count: func(kind string, n int64) { d.meter.add(a.ID, kind, n) },
		Alert: func(text string) {
			if st.alerts.hear(text) {
				d.pump.lineChanged()
			}
		},
	})
	st.source = src
	st.intake = intake.New(intake.Options{
		Account: a.ID, Source: src, Search: src, Store: d.store, Clock: d.clock,
		Seen:     func(ctx context.Context, ops []desk.OpID) { st.outbox.Seen(ctx, ops) },
		Changed:  d.pump.lineChanged,
		Returned: func() { st.outbox.Wake() },
		Spent:    func(ctx context.Context) bool { return d.meter.spent(ctx, a.ID) },
		Log:      slog.Default(),
	})
	st.outbox = outbox.New(outbox.Options{
		Account: a.ID, Sink: src, Head: st.intake, Store: d.store, Clock: d.clock, Boot: d.boot,
		Quiet: st.intake.Quiet, Calm: st.intake.Calm, Changed: d.pump.outboxChanged, Log: slog.Default(),
	})
	return st
}

// accountView shows what is known of the account's line.
func (d *Desk) accountView(ctx context.Context, st *station, stored desk.Account) (AccountView, error) {
	choice, err := d.store.LineChoice(ctx, st.account.ID)
	if err != nil {
		return AccountView{}, err
	}
	budget, err := d.meter.budget(ctx, st.account.ID)
	if err != nil {
		return AccountView{}, err
	}
	s := st.intake.Status()
	return AccountView{
		ID: string(st.account.ID), Name: cmp.Or(stored.Name, stored.Address.Addr), Address: stored.Address.Addr,
		Kind: string(st.account.Kind), State: string(stored.State), Line: string(s.Line),
		AnsweredAt: milli(s.AnsweredAt), LostAt: milli(s.LostSince), RetryAt: milli(s.RetryAt),
		Problem: string(s.Problem), Importing: s.Importing,
		Budget: budget.Limit, Used: budget.Used, Spent: budget.Spent(),
		TextOnly: choice.TextOnly, Horizon: choice.Horizon, Reach: milli(s.Reach), ToGo: s.ToGo,
		Alerts: st.alerts.list(),
	}, nil
}

// openMailboxes joins the mailboxes on servers that were connected before. One
// that can't be opened stops no other: doctor says what is wrong with it.
func (d *Desk) openMailboxes(ctx context.Context) error {
	accounts, err := d.store.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Kind != desk.AccountMail {
			continue
		}
		if err := d.openMailbox(ctx, a); err != nil {
			slog.Error("account can't be opened", "account", a.ID, "kind", string(desk.KindOf(err)))
		}
	}
	d.stations.order(accounts)
	return nil
}

// openMailbox puts a mailbox to work, or puts it to work again as it is now.
func (d *Desk) openMailbox(ctx context.Context, a desk.Account) error {
	settings, err := mail.ParseSettings(a.Settings)
	if err != nil {
		return err
	}
	identities, err := d.store.Identities(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, i := range identities { // a copy of what we sent is ours whomever we were
		if !slices.Contains(settings.Addresses, i.Address.Addr) {
			settings.Addresses = append(settings.Addresses, i.Address.Addr)
		}
	}
	if st, err := d.station(a.ID); err == nil {
		st.end()
	}
	d.begin(d.newStation(a, settings, &sealed{store: d.store, dir: d.dir, account: a.ID, authority: settings.Authority, clock: d.clock, outside: d.outside}))
	return nil
}

// fixed holds a secret that is never stored: the practice account's.
type fixed string

// Secret implements source.Secrets.
func (f fixed) Secret(context.Context, string) (string, error) { return string(f), nil }

// statusOp makes the op that tells the server a conversation's status; nil
// where no message of the customer stands on it.
func (d *Desk) statusOp(ctx context.Context, st *station, c desk.Conversation, status desk.Status) (*desk.Op, error) {
	messages, err := d.store.Messages(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	m, ok := newestIncoming(messages)
	if !ok {
		return nil, nil
	}
	remotes, err := d.store.Remotes(ctx, m.ID)
	if err != nil || len(remotes) == 0 {
		return nil, err
	}
	now := d.clock()
	change := source.StatusChange{OpID: desk.NewOpID(now), Messages: remotes, Status: status}
	frozen, err := st.source.FreezeStatus(change)
	if err != nil {
		return nil, err
	}
	return &desk.Op{
		ID: change.OpID, Account: c.Account, Conversation: c.ID, Lane: desk.LaneState,
		Kind: desk.OpStatus, Payload: frozen.Payload, Bytes: frozen.Bytes, Base: m.ID,
		Subject: c.Subject, To: c.Customer, Created: now, UndoUntil: now, NextAt: now,
	}, nil
}

// focus brings the texts of the conversation on screen to the front. A text that
// has no HTML beside it may have some on the server: that is asked once in a run.
func (d *Desk) focus(account desk.AccountID, messages []desk.Message) {
	st, err := d.station(account)
	if err != nil {
		return
	}
	waits := false
	for _, m := range messages {
		waits = waits || m.TextState == desk.TextComing
		if m.TextState == desk.TextHere && m.HTML == "" {
			_, asked := st.shown.LoadOrStore(m.ID, true)
			waits = waits || !asked
		}
	}
	if waits {
		st.intake.Focus(messages[0].Conversation)
	}
}
