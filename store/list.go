package store

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"

	"fernpost/store/desk"
)

// View is a list of the sidebar.
type View string

// The views.
const (
	ViewInbox   View = "inbox"
	ViewWaiting View = "waiting"
	ViewSnoozed View = "snoozed"
	ViewDone    View = "done"
	ViewDrafts  View = "drafts"
	ViewSpam    View = "spam"
	ViewBin     View = "bin"
)

// Order is the order of a list.
type Order string

// The orders.
const (
	OrderLongest Order = "longest" // longest waiting customer first, then the others newest first
	OrderNewest  Order = "newest"
)

// ListQuery asks for a page of a view.
type ListQuery struct {
	Account desk.AccountID // "" for all
	View    View
	Order   Order  // drafts are always newest first, the snoozed by when they come back
	After   string // opaque place in the list, from ListPage.Next
	Limit   int    // 50 unless set
}

// ListPage is a page of a view.
type ListPage struct {
	Rows  []desk.Conversation
	Next  string // "" at the end
	Total int    // from the counters, not from counting
}

// Every list goes along an index from the place where the page before ended.
// A place is the value of the order and the id.
const (
	listNewest = `
SELECT ` + conversationColumns + `, last_at_ms FROM conversation INDEXED BY conversation_newest
WHERE status = ?1 AND shown = 1 AND (last_at_ms, id) < (?3, ?4)
ORDER BY last_at_ms DESC, id DESC LIMIT ?5`

	listNewestOf = `
SELECT ` + conversationColumns + `, last_at_ms FROM conversation INDEXED BY conversation_account_newest
WHERE account = ?2 AND status = ?1 AND shown = 1 AND (last_at_ms, id) < (?3, ?4)
ORDER BY last_at_ms DESC, id DESC LIMIT ?5`

	listLongest = `
SELECT ` + conversationColumns + `, longest FROM conversation INDEXED BY conversation_longest
WHERE status = ?1 AND shown = 1 AND (longest, id) > (?3, ?4)
ORDER BY longest, id LIMIT ?5`

	listLongestOf = `
SELECT ` + conversationColumns + `, longest FROM conversation INDEXED BY conversation_account_longest
WHERE account = ?2 AND status = ?1 AND shown = 1 AND (longest, id) > (?3, ?4)
ORDER BY longest, id LIMIT ?5`

	listSnoozed = `
SELECT ` + conversationColumns + `, snoozed_until_ms FROM conversation INDEXED BY conversation_newest
WHERE status = ?1 AND (?2 = '' OR account = ?2) AND shown = 1 AND (snoozed_until_ms, id) > (?3, ?4)
ORDER BY snoozed_until_ms, id LIMIT ?5`

	listDrafts = `
SELECT ` + conversationColumns + `, last_at_ms FROM conversation INDEXED BY conversation_draft
WHERE draft <> '' AND (last_at_ms, id) < (?3, ?4)
ORDER BY last_at_ms DESC, id DESC LIMIT ?5`

	listDraftsOf = `
SELECT ` + conversationColumns + `, last_at_ms FROM conversation INDEXED BY conversation_account_draft
WHERE draft <> '' AND account = ?2 AND (last_at_ms, id) < (?3, ?4)
ORDER BY last_at_ms DESC, id DESC LIMIT ?5`
)

// listing is a query and where its first page begins.
type listing struct {
	query   string
	status  desk.Status
	counter string
	descend bool
}

var viewStatus = map[View]desk.Status{
	ViewInbox: desk.StatusOpen, ViewWaiting: desk.StatusWaiting, ViewSnoozed: desk.StatusSnoozed,
	ViewDone: desk.StatusDone, ViewSpam: desk.StatusSpam, ViewBin: desk.StatusBin,
}

func (q ListQuery) listing() (listing, error) {
	all := q.Account == ""
	if q.View == ViewDrafts {
		l := listing{query: listDraftsOf, counter: "drafts", descend: true}
		if all {
			l.query = listDrafts
		}
		return l, nil
	}
	status, ok := viewStatus[q.View]
	if !ok {
		return listing{}, desk.E(desk.KindInvalid, "choose list", errors.New("unknown view"))
	}
	l := listing{status: status, counter: "status:" + string(status)}
	switch {
	case q.View == ViewSnoozed: // few, so they need no index of their own
		l.query = listSnoozed
	case q.Order == OrderNewest && all:
		l.query, l.descend = listNewest, true
	case q.Order == OrderNewest:
		l.query, l.descend = listNewestOf, true
	case q.Order == OrderLongest || q.Order == "":
		l.query = listLongestOf
		if all {
			l.query = listLongest
		}
	default:
		return listing{}, desk.E(desk.KindInvalid, "choose list", errors.New("unknown order"))
	}
	return l, nil
}

// List gives a page of a view.
func (s *Store) List(ctx context.Context, q ListQuery) (ListPage, error) {
	p, err := s.list(ctx, q)
	return p, wrap("list conversations", err)
}

func (s *Store) list(ctx context.Context, q ListQuery) (ListPage, error) {
	l, err := q.listing()
	if err != nil {
		return ListPage{}, err
	}
	value, id, err := parsePlace(q.After, l.descend)
	if err != nil {
		return ListPage{}, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	args := []any{l.status, q.Account, value, id, limit + 1}
	rows, err := many(ctx, s.main, l.query, args, func(r scanner) (c conversationRow, err error) {
		c.Conversation, err = s.scanConversation(r, &c.place)
		return c, err
	})
	if err != nil {
		return ListPage{}, err
	}
	p := ListPage{Rows: make([]desk.Conversation, 0, min(len(rows), limit))}
	for _, r := range rows[:min(len(rows), limit)] {
		p.Rows = append(p.Rows, r.Conversation)
	}
	if len(rows) > limit {
		last := rows[limit-1]
		p.Next = strconv.FormatInt(last.place, 10) + "." + last.ID.String()
	}
	total, err := s.counter(ctx, q.Account, l.counter)
	p.Total = int(total)
	return p, err
}

func parsePlace(after string, descend bool) (value, id int64, err error) {
	if after == "" {
		if descend {
			return math.MaxInt64, math.MaxInt64, nil
		}
		return math.MinInt64, math.MinInt64, nil
	}
	a, b, _ := strings.Cut(after, ".")
	value, err = strconv.ParseInt(a, 10, 64)
	if err == nil {
		id, err = strconv.ParseInt(b, 10, 64)
	}
	if err != nil {
		return 0, 0, desk.E(desk.KindInvalid, "read place in list", err)
	}
	return value, id, nil
}
