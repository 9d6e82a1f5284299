package store

import (
	"cmp"
	"slices"

	"fernpost/store/desk"
)

// A conversation's row is a summary of its messages, made anew whenever one of
// them changed. Making it from the whole set, and not step by step, is what
// makes every order of arrival give the same result.

// part is what a summary needs of a message.
type part struct {
	id, at                  int64
	headerID, stable, root  string
	direction               desk.Direction
	kind                    desk.MessageKind
	from                    desk.Address // the customer, where From is another
	to, keywords            string
	subject, language, text string
	files                   int64
	seen, junk, gone        bool
	failed                  bool // a bounce that says for good that a mail of ours didn't arrive
}

const selectParts = `
SELECT id, at_ms, header_id, stable, root, direction, kind, ` + customerColumns + `, to_list, keywords,
  subject, language, preview, files, seen OR read, junk, gone,
  kind = 'bounce' AND EXISTS (SELECT 1 FROM delivery d WHERE d.report = message.id AND d.action = 'failed' AND NOT EXISTS (
    SELECT 1 FROM delivery e JOIN message n ON n.id = e.report
    WHERE n.conversation = message.conversation AND n.at_ms > message.at_ms AND e.folded = d.folded AND e.action IN ('delivered', 'relayed')))
FROM message WHERE conversation = ?1 ORDER BY id`

func scanPart(r scanner) (p part, err error) {
	var c customer
	err = r.Scan(&p.id, &p.at, &p.headerID, &p.stable, &p.root, &p.direction, &p.kind,
		&c.from.Name, &c.from.Addr, &c.head.Name, &c.head.Addr, &c.via, &c.ask, &c.text.Name, &c.text.Addr, &c.textVia, &p.to, &p.keywords, &p.subject, &p.language, &p.text, &p.files, &p.seen, &p.junk, &p.gone, &p.failed)
	p.from, _ = c.who()
	return p, err
}

// summary is the derived part of a conversation's row.
type summary struct {
	key, firstKey                    string // firstKey is the first message's own
	subject, language, preview       string
	customer                         desk.Address
	labels                           []string
	waitingSince, lastAt, last       int64
	messages, unread, files          int64
	incoming, junk, outgoing         int64
	answered                         bool        // the last person to write was one of us, and it arrived
	newestPerson                     int64       // id of the newest message that asks for us, 0 for none
	told                             desk.Status // what the keywords on the customer's newest message tell
	newestFromUs, newestFromCustomer *part
}

// summarizeParts sorts by the server's facts alone: ids of messages of one
// millisecond tell the order of arrival, which must not matter.
func summarizeParts(parts []part, settled int64) summary {
	var s summary
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.headerID, b.headerID), cmp.Compare(a.stable, b.stable))
	})
	s.key = rootKey(parts)
	if len(parts) > 0 {
		s.firstKey = cmp.Or(parts[0].headerID, stableKey(parts[0].stable), s.key)
	}
	for i := range parts {
		if p := &parts[i]; !p.gone {
			s.add(p, settled)
		}
	}
	switch {
	case s.newestFromCustomer != nil:
		s.customer = s.newestFromCustomer.from
	case s.newestFromUs != nil:
		if to, err := unlist[desk.Address](s.newestFromUs.to); err == nil && len(to) > 0 {
			s.customer = to[0]
		}
	}
	slices.Sort(s.labels)
	s.labels = slices.Compact(s.labels)
	return s
}

// add counts a message in; they come oldest first.
func (s *summary) add(p *part, settled int64) {
	if s.messages == 0 {
		s.subject = p.subject
	}
	s.messages++
	s.files += p.files
	s.lastAt, s.last = p.at, max(s.last, p.id)
	s.preview = p.text
	s.labels = append(s.labels, labels(p.keywords)...)
	switch p.direction {
	case desk.FromUs:
		s.outgoing++
		s.newestFromUs = p
		if p.kind == desk.KindPerson {
			s.answered, s.waitingSince = true, 0
		}
	case desk.FromCustomer:
		s.fromCustomer(p, settled)
	}
}

func (s *summary) fromCustomer(p *part, settled int64) {
	s.incoming++
	if p.junk {
		s.junk++
	}
	if !p.seen {
		s.unread++
	}
	person := p.kind == desk.KindPerson
	if p.language != "" && (person || s.language == "") {
		s.language = p.language
	}
	// A bounce's sender is not the customer, unless nobody else wrote.
	if person || s.newestFromCustomer == nil || s.newestFromCustomer.kind != desk.KindPerson {
		s.newestFromCustomer = p
	}
	if !person && !p.failed {
		return
	}
	s.answered = false
	s.newestPerson = max(s.newestPerson, p.id)
	s.told = toldBy(p.keywords)
	switch {
	case s.told != "": // another desk dealt with it
		s.waitingSince = 0
	case s.waitingSince == 0 && p.id > settled:
		s.waitingSince = max(p.at, 1)
	}
}

// rootKey gives the shared key: where the oldest message says the conversation
// began, followed back through the messages that are here.
func rootKey(sorted []part) string {
	if len(sorted) == 0 {
		return ""
	}
	roots := make(map[string]string, len(sorted))
	for _, p := range sorted {
		if old, ok := roots[p.headerID]; p.headerID != "" && (!ok || p.root < old) {
			roots[p.headerID] = p.root
		}
	}
	key := sorted[0].root
	for range sorted {
		next, ok := roots[key]
		if !ok || next == key {
			break
		}
		key = next
	}
	return key
}

func toldBy(keywords string) desk.Status {
	all, err := unlist[string](keywords)
	if err != nil {
		return ""
	}
	return desk.ToldBy(all)
}

// row is the derived part of a conversation's row, as it lies in the table.
type row struct {
	key, subject, customerName, customerAddr, labels, preview, language string
	status, told                                                        desk.Status
	chosen, shown                                                       bool
	snoozed, waitingSince, lastAt, last, messages, unread, files        int64
}

const (
	selectRow = `
SELECT key, subject, customer_name, customer_addr, language, status, chosen, snoozed_until_ms, labels,
  waiting_since_ms, last_at_ms, last_message, preview, messages, unread, files, shown, told,
  over, settled, draft <> '' OR op_mark > 0 FROM conversation WHERE id = ?1`
	updateRow = `
UPDATE conversation SET key = ?2, subject = ?3, customer_name = ?4, customer_addr = ?5, language = ?6, status = ?7,
  chosen = ?8, snoozed_until_ms = ?9, labels = ?10, waiting_since_ms = ?11, last_at_ms = ?12, last_message = ?13,
  preview = ?14, messages = ?15, unread = ?16, files = ?17, shown = ?18, told = ?19
WHERE id = ?1`
	// SQLite writes the entry of every index that a SET names, changed or not.
	updatePreview = `UPDATE conversation SET preview = ?2, files = ?3 WHERE id = ?1`
)

// summarize makes a conversation's row anew, and announces it if it changed.
func (t *tx) summarize(id int64) error {
	var old row
	var st standing
	var work bool
	found, err := t.find(selectRow, []any{id}, &old.key, &old.subject, &old.customerName, &old.customerAddr, &old.language,
		&old.status, &old.chosen, &old.snoozed, &old.labels, &old.waitingSince, &old.lastAt, &old.last, &old.preview,
		&old.messages, &old.unread, &old.files, &old.shown, &old.told, &st.over, &st.settled, &work)
	if err != nil || !found {
		return err
	}
	parts, err := manyOf(t, selectParts, []any{id}, scanPart)
	if err != nil {
		return err
	}
	st.status, st.chosen, st.snoozed = old.status, old.chosen, old.snoozed
	s := summarizeParts(parts, st.settled)
	if err := t.ownKey(&s, id); err != nil {
		return err
	}
	now := s.row(st.after(s), work)
	if len(parts) == 0 && old.messages == 0 { // restored: its mail is still to come, and knows no better
		now = old
		now.shown = work
	}
	if now == old {
		return nil
	}
	t.changed.conversation(id)
	light := old
	light.preview, light.files = now.preview, now.files
	if now == light {
		return t.do(updatePreview, id, now.preview, now.files)
	}
	err = t.do(updateRow, id, now.key, now.subject, now.customerName, now.customerAddr, now.language, now.status,
		bit(now.chosen), now.snoozed, now.labels, now.waitingSince, now.lastAt, now.last, now.preview, now.messages,
		now.unread, now.files, bit(now.shown), now.told)
	if err != nil || now.labels == old.labels {
		return err
	}
	return t.label(id, s.labels)
}

func (s *summary) row(st standing, work bool) row {
	return row{
		key: s.key, subject: s.subject, customerName: s.customer.Name, customerAddr: s.customer.Addr, labels: list(s.labels),
		preview: s.preview, language: s.language, status: st.status, told: s.told, chosen: st.chosen,
		shown: s.messages > 0 || work, snoozed: st.snoozed, waitingSince: s.waitingSince, lastAt: s.lastAt, last: s.last,
		messages: s.messages, unread: s.unread, files: s.files,
	}
}

const selectKeyOf = `
SELECT k.conversation FROM conversation_key k JOIN conversation c ON c.account = k.account WHERE k.key = ?1 AND c.id = ?2`

// ownKey gives the half of a split that didn't keep the root a key of its own:
// that of its first message.
func (t *tx) ownKey(s *summary, id int64) error {
	var home int64
	found, err := t.find(selectKeyOf, []any{s.key, id}, &home)
	if err == nil && found && home != id {
		s.key = s.firstKey
	}
	return err
}

// after gives the standing once the messages are looked at: what a customer
// wrote reopens what a person had put aside (but for spam), what another desk
// told through the server since then counts more than what was chosen here
// before (but for what no desk tells: spam and the bin), and a conversation of
// nothing but junk that nobody answered is spam, unless a person said otherwise.
func (st standing) after(s summary) standing {
	if st.chosen && s.told != st.over && !st.status.OnlyHere() {
		st.chosen, st.snoozed = false, 0
	}
	if st.chosen && s.newestPerson > st.settled {
		switch st.status {
		case desk.StatusWaiting, desk.StatusSnoozed, desk.StatusDone, desk.StatusBin:
			st.status, st.chosen, st.snoozed = desk.StatusOpen, false, 0
		}
	}
	if st.chosen {
		return st
	}
	st.status = desk.StatusOpen
	if s.answered { // by whom- and wherever: it waits for the customer
		st.status = desk.StatusWaiting
	}
	st.status = cmp.Or(s.told, st.status)
	if s.incoming > 0 && s.junk == s.incoming && s.outgoing == 0 {
		st.status = desk.StatusSpam
	}
	return st
}
