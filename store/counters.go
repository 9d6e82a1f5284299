package store

import (
	"context"
	"strings"

	"fernpost/store/desk"
)

// Counters of the views, and of replies on their way: Outbox waits or is being
// sent, NeedYou waits for a person.
type Counters struct {
	Inbox, InboxUnread, Waiting, Snoozed, Done, Drafts, Outbox, NeedYou int
	Languages                                                           map[string]int // open conversations per language
}

const (
	selectCounters = `SELECT name, sum(value) FROM counter GROUP BY name HAVING sum(value) <> 0`
	selectCounter  = `SELECT coalesce(sum(value), 0) FROM counter WHERE name = ?2 AND (?1 = '' OR account = ?1)`
)

// Counters gives all counters over all accounts. They are kept by triggers.
func (s *Store) Counters(ctx context.Context) (Counters, error) {
	c := Counters{Languages: map[string]int{}}
	err := s.main.each(ctx, selectCounters, nil, func(r scanner) error {
		var name string
		var n int
		if err := r.Scan(&name, &n); err != nil {
			return err
		}
		c.set(name, n)
		return nil
	})
	return c, wrap("read counters", err)
}

func (c *Counters) set(name string, n int) {
	switch name {
	case "status:open":
		c.Inbox = n
	case "status:waiting":
		c.Waiting = n
	case "status:snoozed":
		c.Snoozed = n
	case "status:done":
		c.Done = n
	case "unread":
		c.InboxUnread = n
	case "drafts":
		c.Drafts = n
	case "op:queued", "op:sending", "op:uncertain":
		c.Outbox += n
	case "op:held", "op:needs_you":
		c.NeedYou += n
	}
	if language, ok := strings.CutPrefix(name, "language:"); ok && language != "" {
		c.Languages[language] = n
	}
}

func (s *Store) counter(ctx context.Context, a desk.AccountID, name string) (n int64, err error) {
	err = s.main.row(ctx, selectCounter, []any{a, name}, &n)
	return n, err
}
