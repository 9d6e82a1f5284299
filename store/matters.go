package store

import (
	"cmp"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"fernpost/store/desk"
)

// Mail without usable references is joined by what it is about: the same
// customer, the same subject, near in time. Each message is filed under its
// matters, and one that may be an answer asks for some. Both come from the
// message's own head, so that they don't depend on what else is here.

// A customer who answers later than this begins anew, as far as a subject can
// tell: of answers without references nine in ten come within a week, and the
// same words a month later are mostly the next order.
const answersWithin = 14 * 24 * time.Hour

// Mail servers give up after five days (RFC 5321 4.5.4.1), and report then.
const reportedWithin = 6 * 24 * time.Hour

// ask is a matter that a message looks for, in the time before it.
type ask struct {
	matter int64
	within time.Duration
}

// matters is what a message is filed under, and what it asks for in the order
// it is to be tried.
type matters struct {
	under []int64
	asks  []ask
}

// hashed makes the key of a matter.
func (in *incoming) hashed(kind, addr, subject string) int64 {
	h := fnv.New64a()
	for _, s := range []string{string(in.account), kind, folded(addr), subject} {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	return int64(h.Sum64()) //nolint:gosec // a key: every bit pattern is one
}

const (
	matterSubject = "subject"
	matterTo      = "to"
	filedTo       = 5 // recipients a mail of ours is filed under
)

// mattersOf reads a head. A list, a machine, an empty or an everyday subject
// have no matter: what they share says nothing.
func (in *incoming) mattersOf(h *desk.Head, fromUs bool) (m matters) {
	if h.Kind != desk.KindPerson && h.Kind != "" {
		return m
	}
	plain, answer := plainSubject(h.Subject)
	var people []desk.Address
	if fromUs {
		for i, to := range h.To {
			if i < filedTo && to.Addr != "" {
				m.under = append(m.under, in.hashed(matterTo, to.Addr, ""))
			}
		}
		people = h.To[:min(1, len(h.To))]
	} else {
		people = append(people, cmp.Or(h.Customer, h.From))
		if len(h.ReplyTo) > 0 && !h.ReplyTo[0].Same(h.From) {
			people = append(people, h.ReplyTo[0])
		}
	}
	if !telling(plain) {
		return m
	}
	for i, p := range people {
		if p.Addr == "" {
			continue
		}
		matter := in.hashed(matterSubject, p.Addr, plain)
		m.under = append(m.under, matter)
		if i == 0 && (answer || len(h.References) > 0) {
			m.asks = append(m.asks, ask{matter, answersWithin})
		}
	}
	return m
}

// reportAsks is what a bounce looks for that names no mail: the newest one to
// the address it is about.
func (in *incoming) reportAsks(r *desk.Report) []ask {
	for _, d := range r.Deliveries {
		if strings.Contains(d.Recipient, "@") {
			return []ask{{in.hashed(matterTo, d.Recipient, ""), reportedWithin}}
		}
	}
	return nil
}

// Asks lie in the database as "matter:hours" with spaces between.

func packAsks(asks []ask) string {
	var all []string
	for _, a := range asks {
		all = append(all, strconv.FormatInt(a.matter, 10)+":"+strconv.Itoa(int(a.within.Hours())))
	}
	return strings.Join(all, " ")
}

func unpackAsks(s string) (asks []ask) {
	for one := range strings.FieldsSeq(s) {
		matter, hours, _ := strings.Cut(one, ":")
		m, err := strconv.ParseInt(matter, 10, 64)
		n, err2 := strconv.Atoi(hours)
		if err == nil && err2 == nil {
			asks = append(asks, ask{m, time.Duration(n) * time.Hour})
		}
	}
	return asks
}

const (
	insertMatter  = `INSERT INTO message_matter (matter, at_ms, message) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`
	deleteMatters = `DELETE FROM message_matter WHERE message = ?1`
	updateAsks    = `UPDATE message SET asks = ?2 WHERE id = ?1`
	someoneToJoin = `
SELECT EXISTS (SELECT 1 FROM message_matter x JOIN message m ON m.id = x.message
WHERE x.matter = ?1 AND x.at_ms BETWEEN ?2 AND ?3 AND m.conversation <> ?4)`
	whoeverAsks = `
SELECT DISTINCT m.conversation FROM message_matter x JOIN message m ON m.id = x.message
WHERE x.matter = ?1 AND x.at_ms BETWEEN ?2 AND ?3 AND m.conversation <> ?4 LIMIT 200`
)

// asked is where whoever asks for a matter is filed.
func asked(matter int64) int64 { return ^matter }

// file puts a message under its matters, and has its conversation arranged anew
// where somebody may belong to it that no reference names.
func (in *incoming) file(k known, m matters) error {
	at := k.at
	for _, a := range m.asks {
		if err := in.do(insertMatter, asked(a.matter), at, k.id); err != nil {
			return err
		}
		var found bool
		err := in.row(someoneToJoin, []any{a.matter, at - a.within.Milliseconds(), at, k.conversation}, &found)
		if err != nil {
			return err
		}
		if found {
			in.unsettle(k.conversation)
		}
	}
	for _, matter := range m.under {
		if err := in.do(insertMatter, matter, at, k.id); err != nil {
			return err
		}
		until := at + max(answersWithin, reportedWithin).Milliseconds()
		convs, err := manyOf(in.tx, whoeverAsks, []any{asked(matter), at, until, k.conversation}, scanOf[int64])
		if err != nil {
			return err
		}
		for _, c := range convs {
			in.unsettle(c)
			in.unsettle(k.conversation)
		}
	}
	return nil
}

// refile does the same for a message that is here, and notes what it asks for.
func (in *incoming) refile(k known, m matters) error {
	if err := in.do(updateAsks, k.id, packAsks(m.asks)); err != nil {
		return err
	}
	return in.file(k, m)
}
