package store

import (
	"context"
	"strings"
	"time"

	"golang.org/x/text/cases"

	"fernpost/store/desk"
)

const putContact = `
INSERT INTO contact (account, folded, address, name, name_key, last_ms, mails) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
ON CONFLICT (account, folded) DO UPDATE SET
  mails = mails + 1,
  name = CASE WHEN excluded.name <> '' AND (name = '' OR excluded.last_ms > last_ms OR excluded.last_ms = last_ms AND excluded.name > name) THEN excluded.name ELSE name END,
  name_key = CASE WHEN excluded.name <> '' AND (name = '' OR excluded.last_ms > last_ms OR excluded.last_ms = last_ms AND excluded.name > name) THEN excluded.name_key ELSE name_key END,
  last_ms = max(last_ms, excluded.last_ms)`

// meet keeps the people of a new message in the address book: who wrote to us,
// and whom we wrote to. Junk makes no acquaintances.
func (in *incoming) meet(h *desk.Head, junk bool) error {
	if junk || h.Kind != desk.KindPerson && h.Kind != "" {
		return nil
	}
	people := []desk.Address{h.From}
	if h.Customer.Addr != "" {
		people = []desk.Address{h.Customer}
	}
	if h.FromUs {
		people = append(append([]desk.Address{}, h.To...), h.Cc...)
	}
	for _, p := range people {
		if !strings.Contains(p.Addr, "@") {
			continue
		}
		err := in.do(putContact, in.account, folded(p.Addr), p.Addr, p.Name, folded(p.Name), millis(h.At))
		if err != nil {
			return err
		}
	}
	return nil
}

func folded(s string) string { return cases.Fold().String(strings.TrimSpace(s)) }

// Contact is somebody who wrote, or was written to.
type Contact struct {
	Address desk.Address
	LastAt  time.Time
	Mails   int
}

const selectContacts = `
SELECT address, name, last_ms, mails FROM (
  SELECT address, name, last_ms, mails FROM contact WHERE account = ?1 AND folded >= ?2 AND folded < ?3
  UNION
  SELECT address, name, last_ms, mails FROM contact WHERE account = ?1 AND name_key <> '' AND name_key >= ?2 AND name_key < ?3
) ORDER BY mails DESC, last_ms DESC, address LIMIT ?4`

// Contacts gives those whose address or name begins with prefix, the most
// frequent first.
func (s *Store) Contacts(ctx context.Context, a desk.AccountID, prefix string, limit int) ([]Contact, error) {
	from := folded(prefix)
	all, err := many(ctx, s.main, selectContacts, []any{a, from, from + "\U0010FFFF", limit}, func(r scanner) (c Contact, err error) {
		var last int64
		err = r.Scan(&c.Address.Addr, &c.Address.Name, &last, &c.Mails)
		c.LastAt = moment(last)
		return c, err
	})
	return all, wrap("read contacts", err)
}

// A domain is known once mail went to and fro: whoever writes once can call
// itself anything.
const selectKnownDomains = `
SELECT DISTINCT substr(folded, instr(folded, '@') + 1) FROM contact WHERE account = ?1 AND mails >= 3`

// KnownDomains gives the domains of people whom an account exchanged more than a
// mail or two with.
func (s *Store) KnownDomains(ctx context.Context, a desk.AccountID) ([]string, error) {
	all, err := many(ctx, s.main, selectKnownDomains, []any{a}, scanOf[string])
	return all, wrap("read known domains", err)
}
