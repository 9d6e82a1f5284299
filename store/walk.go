package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"fernpost/store/desk"
	"fernpost/store/question"
)

// walk goes along an index from the newest on and takes what fits, until there
// is enough: nothing is sorted, and what nobody will see isn't looked at.
type walk struct {
	s             *Store
	q             question.Question
	terms         []term // for the index of words
	to            []term
	after         int64 // a message
	limit         int
	labels        [][]int64 // one of each
	withoutLabels []int64
}

// What a conversation is asked for, and what a message.
const (
	conversationFits = `
  AND c.status IN (SELECT value FROM json_each(?5))
  AND (?6 = 0 OR (c.unread > 0) = (?6 > 0)) AND (?7 = 0 OR (c.draft <> '') = (?7 > 0))
  AND (?8 = '[]' OR EXISTS (SELECT 1 FROM json_each(?8) l WHERE c.language || '-' LIKE l.value || '-%'))
  AND (?9 = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(?9) l WHERE c.language || '-' LIKE l.value || '-%'))
  AND (?10 = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(?10) w WHERE NOT EXISTS
    (SELECT 1 FROM json_each(w.value) l JOIN conversation_label g ON g.label = l.value AND g.conversation = c.id)))
  AND (?11 = '[]' OR NOT EXISTS
    (SELECT 1 FROM json_each(?11) l JOIN conversation_label g ON g.label = l.value AND g.conversation = c.id))`

	messageFits = conversationFits + `
  AND (?12 = 0 OR (m.files > 0) = (?12 > 0))
  AND (?13 = 0 OR (m.files > 0 AND EXISTS
    (SELECT 1 FROM attachment a WHERE a.message = m.id AND a.inline = 0 AND a.type LIKE 'image/%')) = (?13 > 0))
  AND (?14 = '' OR m.to_list LIKE ?14 OR m.cc_list LIKE ?14 OR m.to_list || m.cc_list GLOB '*[^ -~]*')`
)

// The index of words finds and orders, else the ids of the messages do, or the
// order of a list. SQLite asks a condition as soon as its tables are there: c.id,
// which is never 0, keeps the dearest one until all others hold.
const (
	walkWords = `
SELECT m.id, m.to_list, m.cc_list FROM search f
CROSS JOIN message m ON m.id = f.rowid
CROSS JOIN conversation c ON c.id = m.conversation
WHERE f.search MATCH ?1 AND f.rowid < ?2 AND f.rowid >= ?3` + messageFits + `
ORDER BY f.rowid DESC LIMIT ?4`

	walkMessages = `
SELECT m.id, m.to_list, m.cc_list FROM message m
CROSS JOIN conversation c ON c.id = m.conversation
WHERE m.id < ?2 AND m.id >= ?3 AND m.gone = 0` + messageFits + `
  AND (?1 = '' OR c.id = 0 OR NOT EXISTS (SELECT 1 FROM search f WHERE f.search MATCH ?1 AND f.rowid = m.id))
ORDER BY m.id DESC LIMIT ?4`

	walkStatus = `
SELECT c.last_message, c.last_at_ms, c.id FROM conversation c INDEXED BY conversation_newest
WHERE c.status = ?1 AND c.shown = 1 AND c.last_message > 0 AND (c.last_at_ms, c.id) < (?2, ?3)` + conversationFits + `
ORDER BY c.last_at_ms DESC, c.id DESC LIMIT ?4`

	// Where few conversations come into question they are gone through instead.
	walkFew = `
SELECT c.last_message, c.last_at_ms, c.id FROM json_each(?1) f
CROSS JOIN conversation c ON c.id = f.value
WHERE c.shown = 1 AND c.last_message > 0 AND (c.last_at_ms, c.id) < (?2, ?3)` + conversationFits + `
ORDER BY c.last_at_ms DESC, c.id DESC LIMIT ?4`

	walkMessagesOfFew = `
SELECT m.id, m.to_list, m.cc_list FROM json_each(?1) f
CROSS JOIN message m ON m.conversation = f.value
CROSS JOIN conversation c ON c.id = f.value
WHERE m.id < ?2 AND m.id >= ?3 AND m.gone = 0` + messageFits + `
  AND (?15 = '' OR EXISTS (SELECT 1 FROM search f WHERE f.search MATCH ?15 AND f.rowid = m.id))
  AND (?16 = '' OR NOT EXISTS (SELECT 1 FROM search f WHERE f.search MATCH ?16 AND f.rowid = m.id))
ORDER BY m.id DESC LIMIT ?4`
)

// run gives the messages that were found, newest first.
func (w *walk) run(ctx context.Context) ([]int64, error) {
	few, ok, err := w.few(ctx)
	if err != nil || ok && len(few) == 0 {
		return nil, err
	}
	wanted, unwanted := expression(w.terms), ""
	if wanted == "" {
		unwanted = joined(w.terms, true, " OR ")
	}
	switch {
	case !w.q.OfMessages() && ok:
		return w.conversations(ctx, walkFew, list(few))
	case !w.q.OfMessages():
		return w.conversations(ctx, walkStatus, w.statuses()...)
	case ok:
		return w.messages(ctx, walkMessagesOfFew, list(few), wanted, unwanted)
	case wanted != "":
		return w.messages(ctx, walkWords, wanted)
	}
	return w.messages(ctx, walkMessages, unwanted)
}

// fits are the arguments ?5 and on.
func (w *walk) fits() []any {
	return []any{
		list(w.statuses()), w.q.Unread, w.q.Draft, list(w.q.Language.Any), list(w.q.Language.None),
		list(w.labels), list(w.withoutLabels),
	}
}

var allStatuses = []string{
	string(desk.StatusOpen), string(desk.StatusWaiting), string(desk.StatusSnoozed),
	string(desk.StatusDone), string(desk.StatusSpam), string(desk.StatusBin),
}

func (w *walk) statuses() (fit []string) {
	for _, st := range allStatuses {
		c := w.q.Status
		if (len(c.Any) == 0 || slices.Contains(c.Any, st)) && !slices.Contains(c.None, st) {
			fit = append(fit, st)
		}
	}
	return fit
}

var errEnough = errors.New("enough")

// messages takes what fits. The first argument is the query's own, and more may
// stand behind those of all.
func (w *walk) messages(ctx context.Context, query, first string, more ...any) (found []int64, err error) {
	below, from := w.after, int64(0)
	if !w.q.Since.IsZero() {
		from = int64(desk.FirstMessageID(w.q.Since))
	}
	if !w.q.Before.IsZero() {
		below = min(below, int64(desk.FirstMessageID(w.q.Before)))
	}
	limit := w.limit
	if len(w.to) > 0 {
		limit = -1 // whom it is to is looked at here
	}
	args := slices.Concat([]any{first, below, from, limit}, w.fits(), []any{w.q.File, w.q.Picture, w.perhapsTo()}, more)
	err = w.s.main.each(ctx, query, args, func(r scanner) error {
		var id int64
		var to, cc string
		if err := r.Scan(&id, &to, &cc); err != nil {
			return err
		}
		if fits, err := w.isTo(to, cc); err != nil || !fits {
			return err
		}
		if found = append(found, id); len(found) == w.limit {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return found, err
}

// perhapsTo is a pattern that finds all lists of addresses that may hold what was
// asked for, but for those with letters that folding changes; "" finds all.
func (w *walk) perhapsTo() string {
	for _, t := range w.to {
		if !t.not {
			return "%" + t.tokens[0].text + "%"
		}
	}
	return ""
}

// isTo tells whether a message went to all that were asked for, and to none that
// it mustn't.
func (w *walk) isTo(to, cc string) (bool, error) {
	for _, t := range w.to {
		has, err := names(t, to)
		if err == nil && !has {
			has, err = names(t, cc)
		}
		if err != nil || has == t.not {
			return false, err
		}
	}
	return true, nil
}

// names tells whether a list of addresses, as it lies in the table, has t in one.
func names(t term, packed string) (bool, error) {
	all, err := unlist[desk.Address](packed)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(all, func(a desk.Address) bool {
		return len(findTerms([]term{t}, a.Name+" "+a.Addr)) > 0
	}), nil
}

// placed is a conversation with its place in the order of lists.
type placed struct{ message, at, id int64 }

const selectHitPlace = `SELECT at_ms, conversation FROM message WHERE id = ?1`

// conversations merges the walks of a query for each of its first arguments.
func (w *walk) conversations(ctx context.Context, query string, firsts ...string) ([]int64, error) {
	from, err := w.place(ctx)
	if err != nil {
		return nil, err
	}
	var all []placed
	for _, first := range firsts {
		some, err := many(ctx, w.s.main, query, append([]any{first, from.at, from.id, w.limit}, w.fits()...), func(r scanner) (p placed, err error) {
			err = r.Scan(&p.message, &p.at, &p.id)
			return p, err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.id, a.id)) })
	var found []int64
	for _, p := range all[:min(len(all), w.limit)] {
		found = append(found, p.message)
	}
	return found, nil
}

// place is where the hit stands that the page before ended with. One that is gone
// meanwhile has its time in its id.
func (w *walk) place(ctx context.Context) (placed, error) {
	if w.after == math.MaxInt64 {
		return placed{at: math.MaxInt64, id: math.MaxInt64}, nil
	}
	p, err := one(ctx, w.s.main, selectHitPlace, []any{w.after}, func(r scanner) (p placed, err error) {
		err = r.Scan(&p.at, &p.id)
		return p, err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return placed{at: desk.MessageID(w.after).Time().UnixMilli()}, nil
	}
	return p, err
}

// mostFew is how many conversations are gone through one by one: a walk along an
// index would meet them too seldom. A test walks all the same.
var mostFew = 500

const (
	fewLabelled = `SELECT conversation FROM conversation_label WHERE label IN (SELECT value FROM json_each(?1)) LIMIT ?2`
	fewStanding = `
SELECT id FROM conversation INDEXED BY conversation_newest
WHERE status IN (SELECT value FROM json_each(?1)) AND shown = 1 LIMIT ?2`
	fewDrafts = `SELECT id FROM conversation INDEXED BY conversation_draft WHERE draft <> '' AND ?1 = '' LIMIT ?2`
)

// few lists the conversations that come into question, where they are few.
func (w *walk) few(ctx context.Context) (ids []int64, ok bool, err error) {
	try := func(query, first string) {
		if !ok && err == nil {
			ids, err = many(ctx, w.s.main, query, []any{first, mostFew + 1}, scanOf[int64])
			ok = err == nil && len(ids) <= mostFew
		}
	}
	for _, l := range w.labels {
		try(fewLabelled, list(l))
	}
	if w.q.Draft == question.With {
		try(fewDrafts, "")
	}
	if len(w.q.Status.Any) > 0 {
		try(fewStanding, list(w.statuses()))
	}
	slices.Sort(ids) // a conversation may bear two of the labels
	return slices.Compact(ids), ok, err
}

const selectLabels = `SELECT id, name FROM label`

// findLabels looks up the labels that are asked for: one name is another label
// in each account. It tells false where one of them doesn't exist.
func (w *walk) findLabels(ctx context.Context) (possible bool, err error) {
	if len(w.q.Label) == 0 {
		return true, nil
	}
	ids := map[string][]int64{}
	err = w.s.main.each(ctx, selectLabels, nil, func(r scanner) error {
		var id int64
		var name string
		err := r.Scan(&id, &name)
		ids[folded(name)] = append(ids[folded(name)], id)
		return err
	})
	for _, l := range w.q.Label {
		these := ids[folded(l.Text)]
		switch {
		case l.Not:
			w.withoutLabels = append(w.withoutLabels, these...)
		case len(these) == 0:
			return false, err
		default:
			w.labels = append(w.labels, these)
		}
	}
	return true, err
}
