package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

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
    (SELECT 1 FROM attachment a WHERE a.message = m.id AND a.inline = 0 AND a.type LIKE 'image/%')) = (?13 > 0))`
)

// The index of words finds and orders, else the ids of the messages do, or the
// order of a list.
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
  AND (?1 = '' OR NOT EXISTS (SELECT 1 FROM search f WHERE f.search MATCH ?1 AND f.rowid = m.id))
ORDER BY m.id DESC LIMIT ?4`

	walkStatus = `
SELECT c.last_message, c.last_at_ms, c.id FROM conversation c INDEXED BY conversation_newest
WHERE c.status = ?1 AND c.shown = 1 AND c.last_message > 0 AND (c.last_at_ms, c.id) < (?2, ?3)` + conversationFits + `
ORDER BY c.last_at_ms DESC, c.id DESC LIMIT ?4`

	walkDrafts = `
SELECT c.last_message, c.last_at_ms, c.id FROM conversation c INDEXED BY conversation_draft
WHERE ?1 = '' AND c.draft <> '' AND c.last_message > 0 AND (c.last_at_ms, c.id) < (?2, ?3)` + conversationFits + `
ORDER BY c.last_at_ms DESC, c.id DESC LIMIT ?4`
)

// run gives the messages that were found, newest first.
func (w *walk) run(ctx context.Context) ([]int64, error) {
	if !w.q.OfMessages() {
		return w.conversations(ctx)
	}
	if match := expression(w.terms); match != "" {
		return w.messages(ctx, walkWords, match)
	}
	return w.messages(ctx, walkMessages, joined(w.terms, true, " OR "))
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

func (w *walk) messages(ctx context.Context, query, match string) (found []int64, err error) {
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
	args := append([]any{match, below, from, limit}, w.fits()...)
	err = w.s.main.each(ctx, query, append(args, w.q.File, w.q.Picture), func(r scanner) error {
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
	if packed == "[]" || lacks(packed, t.tokens[0].text) {
		return false, nil
	}
	all, err := unlist[desk.Address](packed)
	if err != nil {
		return false, err
	}
	for _, a := range all {
		if len(findTerms([]term{t}, a.Name+" "+a.Addr)) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// lacks tells at a glance that a list can't hold a token: most lists have nothing
// in them that folding changes but capitals.
func lacks(packed, token string) bool {
	for i := range len(packed) {
		if packed[i] >= utf8.RuneSelf {
			return false
		}
	}
	return !strings.Contains(strings.ToLower(packed), token)
}

// placed is a conversation with its place in the order of lists.
type placed struct{ message, at, id int64 }

const selectHitPlace = `SELECT at_ms, conversation FROM message WHERE id = ?1`

// conversations merges the walks along the statuses.
func (w *walk) conversations(ctx context.Context) ([]int64, error) {
	from, err := w.place(ctx)
	if err != nil {
		return nil, err
	}
	statuses, query := w.statuses(), walkStatus
	if w.q.Draft == question.With { // few, whatever they stand at
		statuses, query = []string{""}, walkDrafts
	}
	var all []placed
	for _, st := range statuses {
		some, err := many(ctx, w.s.main, query, append([]any{st, from.at, from.id, w.limit}, w.fits()...), func(r scanner) (p placed, err error) {
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
