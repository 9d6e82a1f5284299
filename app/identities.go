package app

import (
	"context"
	"maps"
	"slices"
	"strings"

	"fernpost/app/source/mail/find"
	"fernpost/store/desk"
)

// identityOf gives whom a draft is written as: the account's usual identity
// where it names none, or one that is gone.
func (d *Desk) identityOf(ctx context.Context, a desk.AccountID, id desk.IdentityID) (desk.Identity, error) {
	all, err := d.store.Identities(ctx, a)
	if err != nil {
		return desk.Identity{}, err
	}
	for _, i := range all {
		if i.ID == id {
			return i, nil
		}
	}
	return all[0], nil
}

// identityFor gives whom a customer is answered as: the one they wrote to, or
// else the account's usual identity.
func (d *Desk) identityFor(ctx context.Context, a desk.AccountID, m desk.Message) (desk.Identity, error) {
	all, err := d.store.Identities(ctx, a)
	if err != nil {
		return desk.Identity{}, err
	}
	for _, list := range [][]desk.Address{m.To, m.Cc} {
		for _, to := range list {
			for _, i := range all {
				if strings.EqualFold(i.Address.Addr, to.Addr) {
					return i, nil
				}
			}
		}
	}
	return all[0], nil
}

// signatureFor gives what stands under a reply in a language: the signature in
// it, in the language without its region or script (RFC 4647 3.4), or the one
// for every language.
func signatureFor(i desk.Identity, language string) string {
	for tag := language; tag != ""; {
		for have, body := range i.Signatures {
			if strings.EqualFold(have, tag) {
				return body
			}
		}
		cut := strings.LastIndexByte(tag, '-')
		if cut < 0 {
			break
		}
		tag = tag[:cut]
	}
	return i.Signatures[""]
}

func identityView(i desk.Identity) IdentityView {
	v := IdentityView{Name: i.Address.Name, Address: i.Address.Addr, Signatures: []SignatureView{}}
	if i.ID != 0 {
		v.ID = i.ID.String()
	}
	for _, language := range slices.Sorted(maps.Keys(i.Signatures)) {
		v.Signatures = append(v.Signatures, SignatureView{Language: language, Text: i.Signatures[language]})
	}
	return v
}

// setIdentities keeps whom an account writes as. Its source is told of the
// addresses: a copy of what any of them sent is ours.
func (d *Desk) setIdentities(ctx context.Context, account desk.AccountID, views []IdentityView) error {
	a, err := d.store.Account(ctx, account)
	if err != nil {
		return err
	}
	all := make([]desk.Identity, 0, len(views))
	for _, v := range views {
		id, err := desk.ParseIdentityID(v.ID)
		if err != nil {
			return err
		}
		i := desk.Identity{ID: id, Address: desk.Address{Name: strings.TrimSpace(v.Name), Addr: strings.TrimSpace(v.Address)}, Signatures: map[string]string{}}
		if _, _, err := find.Domain(i.Address.Addr); err != nil {
			return err
		}
		for _, s := range v.Signatures {
			if text := strings.TrimSpace(s.Text); text != "" {
				i.Signatures[s.Language] = text
			}
		}
		all = append(all, i)
	}
	if err := d.store.PutIdentities(ctx, account, all); err != nil || a.Kind != desk.AccountMail {
		return err
	}
	if a, err = d.store.Account(ctx, account); err != nil {
		return err
	}
	return d.openMailbox(ctx, a)
}
