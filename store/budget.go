package store

import (
	"context"
	"database/sql"
	"errors"

	"fernpost/store/desk"
)

const selectChoice = `
SELECT coalesce(c.budget, 0), coalesce(c.text_only, 0), a.horizon_days
FROM account a LEFT JOIN line_choice c ON c.account = a.id WHERE a.id = ?1`

func scanChoice(r scanner) (c desk.LineChoice, err error) {
	err = r.Scan(&c.Budget, &c.TextOnly, &c.Horizon)
	switch c.Horizon {
	case desk.HorizonUnset:
		c.Horizon = desk.DefaultHorizon
	case desk.HorizonAll:
		c.Horizon = 0
	}
	return c, err
}

// LineChoice gives what was chosen about an account's line, or what holds
// unless somebody chooses.
func (s *Store) LineChoice(ctx context.Context, a desk.AccountID) (desk.LineChoice, error) {
	c, err := one(ctx, s.main, selectChoice, []any{a}, scanChoice)
	return c, wrap("read line choice", err)
}

const (
	putChoice = `
INSERT INTO line_choice (account, budget, text_only, day) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (account) DO UPDATE SET budget = excluded.budget, text_only = excluded.text_only`
	putHorizon = `UPDATE account SET horizon_days = ?2 WHERE id = ?1`
)

// ChangeLine edits what was chosen about an account's line.
func (s *Store) ChangeLine(ctx context.Context, a desk.AccountID, edit func(*desk.LineChoice)) error {
	const doing = "choose line"
	return s.write(ctx, doing, func(t *tx) error {
		c, err := oneOf(t, selectChoice, []any{a}, scanChoice)
		if err != nil {
			return err
		}
		edit(&c)
		if c.Budget < 0 || c.Horizon < 0 {
			return desk.E(desk.KindInvalid, doing, errors.New("less than nothing"))
		}
		t.changed.accounts = true
		if c.Horizon == 0 {
			c.Horizon = desk.HorizonAll
		}
		if err := t.do(putHorizon, a, c.Horizon); err != nil {
			return err
		}
		return t.do(putChoice, a, c.Budget, bit(c.TextOnly), day(t.now))
	})
}

// Budget is how an account's day stands.
type Budget struct {
	Limit int64 // bytes, 0: none
	Used  int64 // today
	Freed bool  // a person said that today the limit doesn't count
}

// Spent tells that nothing more may be fetched unasked.
func (b Budget) Spent() bool { return b.Limit > 0 && !b.Freed && b.Used >= b.Limit }

type budgetDay struct {
	Budget
	day, freed string
}

const (
	selectBudget = `
SELECT c.budget, c.day, c.freed, (SELECT coalesce(sum(bytes), 0) FROM meter WHERE day = ?2 AND account = ?1)
FROM line_choice c WHERE c.account = ?1`
	selectUsed = `SELECT coalesce(sum(bytes), 0) FROM meter WHERE day = ?2 AND account = ?1`
	turnDay    = `UPDATE line_choice SET day = ?2, freed = ?3 WHERE account = ?1`
)

func scanBudget(r scanner) (b budgetDay, err error) {
	err = r.Scan(&b.Limit, &b.day, &b.freed, &b.Used)
	return b, err
}

// Budget gives how an account's day stands, by the desk's own calendar. A clock
// that is set back takes what the later day has used along: there is no second
// budget for it, and the next midnight ends it, however far ahead the clock was.
// A day that comes again still knows what it has used.
func (s *Store) Budget(ctx context.Context, a desk.AccountID) (Budget, error) {
	const doing = "read budget"
	today := day(s.now())
	b, err := one(ctx, s.main, selectBudget, []any{a, today}, scanBudget)
	if errors.Is(err, sql.ErrNoRows) {
		return Budget{}, nil
	}
	if err == nil && b.day != today {
		err = s.write(ctx, doing, func(t *tx) error {
			b, err = t.turnDay(a)
			today = b.day
			return err
		})
	}
	b.Freed = b.freed == today
	return b.Budget, wrap(doing, err)
}

// turnDay begins the day that the clock shows.
func (t *tx) turnDay(a desk.AccountID) (budgetDay, error) {
	today := day(t.now)
	b, err := oneOf(t, selectBudget, []any{a, today}, scanBudget)
	if err != nil || b.day == today {
		return b, err
	}
	if b.day > today {
		var later int64
		if err := t.row(selectUsed, []any{a, b.day}, &later); err != nil {
			return b, err
		}
		if carried := later - b.Used; carried > 0 {
			if err := t.do(countBytes, today, a, meterCarried, carried); err != nil {
				return b, err
			}
			b.Used = later
		}
		if b.freed == b.day {
			b.freed = today
		}
	}
	b.day = today
	return b, t.do(turnDay, a, today, b.freed)
}

const freeDay = `UPDATE line_choice SET freed = ?2 WHERE account = ?1`

// FreeToday lifts an account's budget until midnight.
func (s *Store) FreeToday(ctx context.Context, a desk.AccountID) error {
	return s.write(ctx, "lift budget", func(t *tx) error {
		if _, err := t.turnDay(a); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		t.changed.accounts = true
		return t.do(freeDay, a, day(t.now))
	})
}
