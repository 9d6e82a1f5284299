package store

import (
	"cmp"
	"context"
	"errors"

	"fernpost/store/desk"
)

const putAccount = `
INSERT INTO account (id, kind, name, address_name, address, identity, state, settings, created_ms, horizon_days)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (id) DO UPDATE SET
  kind = excluded.kind, name = excluded.name, address_name = excluded.address_name, address = excluded.address,
  identity = excluded.identity, state = excluded.state, settings = excluded.settings,
  horizon_days = excluded.horizon_days
WHERE (kind, name, address_name, address, identity, state, settings, horizon_days)
  IS NOT (excluded.kind, excluded.name, excluded.address_name, excluded.address, excluded.identity, excluded.state,
    excluded.settings, excluded.horizon_days)`

// PutAccount adds an account or changes it. Created is kept from the first time.
func (s *Store) PutAccount(ctx context.Context, a desk.Account) error {
	const doing = "put account"
	if a.ID == "" {
		return desk.E(desk.KindInvalid, doing, errors.New("no id"))
	}
	if a.State == "" {
		a.State = desk.AccountOK
	}
	if a.Settings == nil {
		a.Settings = []byte{}
	}
	return s.write(ctx, doing, func(t *tx) error {
		created := millis(a.Created)
		if created == 0 {
			created = millis(t.now)
		}
		n, err := t.exec(putAccount, a.ID, a.Kind, a.Name, a.Address.Name, a.Address.Addr, a.Identity, a.State, a.Settings, created, a.Horizon)
		t.changed.accounts = n > 0
		return err
	})
}

const accountColumns = `id, kind, name, address_name, address, identity, state, settings, created_ms, horizon_days`

func scanAccount(r scanner) (a desk.Account, err error) {
	var created int64
	err = r.Scan(&a.ID, &a.Kind, &a.Name, &a.Address.Name, &a.Address.Addr, &a.Identity, &a.State, &a.Settings, &created, &a.Horizon)
	a.Created = moment(created)
	return a, err
}

const selectAccount = `SELECT ` + accountColumns + ` FROM account WHERE id = ?1 AND removed_ms = 0`

// Account gives one account, kind not_found when there is none.
func (s *Store) Account(ctx context.Context, id desk.AccountID) (a desk.Account, err error) {
	a, err = one(ctx, s.main, selectAccount, []any{id}, scanAccount)
	return a, wrap("read account", err)
}

const selectAccounts = `SELECT ` + accountColumns + ` FROM account WHERE removed_ms = 0 ORDER BY seq`

// Accounts gives all accounts, in the order they were added unless a person
// raised one.
func (s *Store) Accounts(ctx context.Context) ([]desk.Account, error) {
	all, err := many(ctx, s.main, selectAccounts, nil, scanAccount)
	return all, wrap("read accounts", err)
}

const (
	setAccountState = `UPDATE account SET state = ?2 WHERE id = ?1 AND state <> ?2`
	accountExists   = `SELECT 1 FROM account WHERE id = ?1`
)

// SetAccountState says whether the account may be used.
func (s *Store) SetAccountState(ctx context.Context, id desk.AccountID, st desk.AccountState) error {
	return s.write(ctx, "set account state", func(t *tx) error {
		n, err := t.exec(setAccountState, id, st)
		if err != nil {
			return err
		}
		t.changed.accounts = n > 0
		if n == 0 {
			return t.mustHaveAccount(id)
		}
		return nil
	})
}

const (
	accountPlace    = `SELECT seq FROM account WHERE id = ?1 AND removed_ms = 0`
	accountAbove    = `SELECT id, seq FROM account WHERE seq < ?1 AND removed_ms = 0 ORDER BY seq DESC LIMIT 1`
	setAccountPlace = `UPDATE account SET seq = ?2 WHERE id = ?1`
)

// RaiseAccount puts an account before the one that stands above it; the first
// one stays.
func (s *Store) RaiseAccount(ctx context.Context, id desk.AccountID) error {
	const between = -1 // no account's place
	return s.write(ctx, "order accounts", func(t *tx) error {
		var own, above int64
		var other desk.AccountID
		if ok, err := t.find(accountPlace, []any{id}, &own); err != nil || !ok {
			return cmp.Or(err, desk.E(desk.KindNotFound, "find account", nil))
		}
		if ok, err := t.find(accountAbove, []any{own}, &other, &above); err != nil || !ok {
			return err
		}
		for _, step := range []struct {
			id desk.AccountID
			to int64
		}{{id, between}, {other, own}, {id, above}} {
			if _, err := t.exec(setAccountPlace, step.id, step.to); err != nil {
				return err
			}
		}
		t.changed.accounts = true
		return nil
	})
}

func (t *tx) mustHaveAccount(id desk.AccountID) error {
	var found int
	ok, err := t.find(accountExists, []any{id}, &found)
	if err == nil && !ok {
		return desk.E(desk.KindNotFound, "find account", nil)
	}
	return err
}
