package store

import (
	"context"
	"errors"
	"slices"

	"fernpost/store/desk"
)

const (
	selectIdentities = `SELECT id, account, name, address FROM identity WHERE account = ?1 ORDER BY position, id`
	selectSignatures = `
SELECT s.identity, s.language, s.body FROM signature s JOIN identity i ON i.id = s.identity WHERE i.account = ?1`
)

// Identities gives whom an account writes as, the usual one first. An account
// that never had any set writes as its own address.
func (s *Store) Identities(ctx context.Context, a desk.AccountID) ([]desk.Identity, error) {
	const doing = "read identities"
	all, err := many(ctx, s.main, selectIdentities, []any{a}, func(r scanner) (i desk.Identity, err error) {
		err = r.Scan(&i.ID, &i.Account, &i.Address.Name, &i.Address.Addr)
		i.Signatures = map[string]string{}
		return i, err
	})
	if err != nil {
		return nil, wrap(doing, err)
	}
	if len(all) == 0 {
		account, err := s.Account(ctx, a)
		return []desk.Identity{{Account: a, Address: account.Address, Signatures: map[string]string{}}}, wrap(doing, err)
	}
	err = s.main.each(ctx, selectSignatures, []any{a}, func(r scanner) error {
		var of desk.IdentityID
		var language, body string
		if err := r.Scan(&of, &language, &body); err != nil {
			return err
		}
		for _, i := range all {
			if i.ID == of {
				i.Signatures[language] = body
			}
		}
		return nil
	})
	return all, wrap(doing, err)
}

const (
	insertIdentity     = `INSERT INTO identity (account, position, name, address) VALUES (?1, ?2, ?3, ?4)`
	updateIdentity     = `UPDATE identity SET position = ?3, name = ?4, address = ?5 WHERE id = ?1 AND account = ?2`
	deleteIdentity     = `DELETE FROM identity WHERE id = ?1`
	insertSignature    = `INSERT INTO signature (identity, language, body) VALUES (?1, ?2, ?3)`
	deleteSignatures   = `DELETE FROM signature WHERE identity = ?1`
	selectIdentityIDs  = `SELECT id FROM identity WHERE account = ?1`
	updateAccountsName = `UPDATE account SET address_name = ?2 WHERE id = ?1`
)

// PutIdentities sets whom an account writes as, in this order. One with an ID
// is changed, one without is new, and one that isn't named is forgotten: a
// draft that was written as it goes on as the usual one. The first one's name
// is the account's. Kind conflict for an ID that isn't the account's.
func (s *Store) PutIdentities(ctx context.Context, a desk.AccountID, all []desk.Identity) error {
	const doing = "put identities"
	if len(all) == 0 {
		return desk.E(desk.KindInvalid, doing, errors.New("an account writes as somebody"))
	}
	return s.write(ctx, doing, func(t *tx) error {
		if err := t.mustHaveAccount(a); err != nil {
			return err
		}
		old, err := manyOf(t, selectIdentityIDs, []any{a}, scanOf[desk.IdentityID])
		if err != nil {
			return err
		}
		for position, i := range all {
			i.Account = a
			if err := t.putIdentity(i, position); err != nil {
				return err
			}
			old = slices.DeleteFunc(old, func(id desk.IdentityID) bool { return id == i.ID })
		}
		for _, id := range old {
			if err := t.do(deleteIdentity, id); err != nil {
				return err
			}
		}
		t.changed.accounts, t.changed.settings = true, true
		return t.do(updateAccountsName, a, all[0].Address.Name)
	})
}

func (t *tx) putIdentity(i desk.Identity, position int) error {
	if i.ID == 0 {
		id, err := t.insert(insertIdentity, i.Account, position, i.Address.Name, i.Address.Addr)
		if err != nil {
			return err
		}
		i.ID = desk.IdentityID(id)
	} else {
		n, err := t.exec(updateIdentity, i.ID, i.Account, position, i.Address.Name, i.Address.Addr)
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.E(desk.KindConflict, "change identity", errors.New("not the account's"))
		}
	}
	if err := t.do(deleteSignatures, i.ID); err != nil {
		return err
	}
	for language, body := range i.Signatures {
		if err := t.do(insertSignature, i.ID, language, body); err != nil {
			return err
		}
	}
	return nil
}
