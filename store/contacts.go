package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"

	"fernpost/store/desk"
)

const putContact = `
INSERT INTO contact (account, folded, address, name, name_key, last_ms, mails) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (account, folded) DO UPDATE SET
  mails = mails + excluded.mails,
  name = CASE WHEN excluded.name <> '' AND (name = '' OR ?8 > last_ms OR ?8 = last_ms AND excluded.name > name) THEN excluded.name ELSE name END,
  name_key = CASE WHEN excluded.name <> '' AND (name = '' OR ?8 > last_ms OR ?8 = last_ms AND excluded.name > name) THEN excluded.name_key ELSE name_key END,
  last_ms = max(last_ms, excluded.last_ms)`

// meeting is what a page adds to the address book about one person.
type meeting struct {
	address, name string
	last          int64 // milliseconds
	named         int64 // when they bore the name
	mails         int64
}

// meet notes the people of a new message for the address book: who wrote to us,
// and whom we wrote to. Junk makes no acquaintances.
func (in *incoming) meet(h *desk.Head, junk bool) {
	if junk || h.Kind != desk.KindPerson && h.Kind != "" {
		return
	}
	people := []desk.Address{h.From}
	if h.Customer.Addr != "" {
		people = []desk.Address{h.Customer}
	}
	if h.FromUs {
		people = append(append([]desk.Address{}, h.To...), h.Cc...)
	}
	at := millis(h.At)
	for _, p := range people {
		if !strings.Contains(p.Addr, "@") {
			continue
		}
		key := folded(p.Addr)
		m := in.met[key]
		if m == nil {
			m = &meeting{address: p.Addr}
			in.met[key] = m
		}
		m.see(p.Name, at)
	}
}

// see counts one mail. The newest name counts, of equally new ones the last in
// the order of letters: the order of arrival must not matter.
func (m *meeting) see(name string, at int64) {
	m.mails++
	m.last = max(m.last, at)
	if name != "" && (m.name == "" || at > m.named || at == m.named && name > m.name) {
		m.name, m.named = name, at
	}
}

// meetAll writes down whom this page's mails are from or to.
func (in *incoming) meetAll() error {
	for _, key := range slices.Sorted(maps.Keys(in.met)) {
		m := in.met[key]
		err := in.do(putContact, in.account, key, m.address, m.name, folded(m.name), m.last, m.mails, m.named)
		if err != nil {
			return err
		}
	}
	return nil
}

func folded(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return strings.ToLower(s) // the same, in a hundredth of the time
	}
	return cases.Fold().String(s)
}

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
