package store

import (
	"context"
	"time"

	"fernpost/store/desk"
)

// LineEvent is a point of the line's day.
type LineEvent struct {
	Account desk.AccountID
	At      time.Time
	Kind    string // answered, lost, sent
}

const (
	insertLine = `INSERT INTO line_event (account, at_ms, kind) VALUES (?1, ?2, ?3)`
	forgetLine = `DELETE FROM line_event WHERE account = ?1 AND at_ms < ?2`
)

// lineKept is how long line events stay; screens show a day.
const lineKept = 14 * 24 * time.Hour

// NoteLine keeps an event of the line.
func (s *Store) NoteLine(ctx context.Context, e LineEvent) error {
	return s.write(ctx, "note line", func(t *tx) error {
		if err := t.do(insertLine, e.Account, millis(e.At), e.Kind); err != nil {
			return err
		}
		t.changed.accounts = true
		return t.do(forgetLine, e.Account, millis(t.now.Add(-lineKept)))
	})
}

const selectLine = `SELECT account, at_ms, kind FROM line_event WHERE account = ?1 AND at_ms >= ?2 ORDER BY at_ms, id`

// LineSince gives an account's line events, oldest first.
func (s *Store) LineSince(ctx context.Context, a desk.AccountID, since time.Time) ([]LineEvent, error) {
	all, err := many(ctx, s.main, selectLine, []any{a, millis(since)}, func(r scanner) (e LineEvent, err error) {
		var at int64
		err = r.Scan(&e.Account, &at, &e.Kind)
		e.At = moment(at)
		return e, err
	})
	return all, wrap("read line", err)
}

const countBytes = `
INSERT INTO meter (day, account, kind, bytes) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (day, account, kind) DO UPDATE SET bytes = bytes + excluded.bytes`

// CountBytes adds to today's meter. kind: replies, text, looking, files. It is
// called often and not announced: screens read the meter with the line.
func (s *Store) CountBytes(ctx context.Context, a desk.AccountID, kind string, n int64) error {
	if n == 0 {
		return nil
	}
	return s.write(ctx, "count bytes", func(t *tx) error { return t.do(countBytes, day(t.now), a, kind, n) })
}

// meterCarried is the kind under which a day holds what a later one had used
// before the clock was set back. It counts for the budget and is no traffic.
const meterCarried = "carried"

const selectBytes = `SELECT kind, sum(bytes) FROM meter WHERE day = ?1 AND kind <> 'carried' GROUP BY kind`

// BytesToday gives today's meter over all accounts, by kind. A day is the
// clock's own.
func (s *Store) BytesToday(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	err := s.main.each(ctx, selectBytes, []any{day(s.now())}, func(r scanner) error {
		var kind string
		var n int64
		err := r.Scan(&kind, &n)
		all[kind] = n
		return err
	})
	return all, wrap("read bytes", err)
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
