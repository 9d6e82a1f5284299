package store

import (
	"context"

	"fernpost/store/desk"
)

const insertAttempt = `
INSERT INTO attempt (op, n, phase, boot, at_ms, result, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`

// journal writes one row; the database lets none be changed.
func (t *tx) journal(a desk.Attempt) error {
	return t.do(insertAttempt, a.Op, a.N, a.Phase, a.Boot, millis(t.now), a.Result, a.Detail)
}

func (t *tx) endAttempt(o desk.Op, result, detail string) error {
	boot, err := t.bootOf(o)
	if err != nil {
		return err
	}
	return t.journal(desk.Attempt{Op: o.ID, N: o.Attempts, Phase: desk.PhaseEnd, Boot: boot, Result: result, Detail: detail})
}

const selectBoot = `SELECT boot FROM attempt WHERE op = ?1 AND n = ?2 AND phase = 'sending'`

func (t *tx) bootOf(o desk.Op) (boot string, err error) {
	err = t.row(selectBoot, []any{o.ID, o.Attempts}, &boot)
	return boot, err
}

const selectAttempts = `
SELECT op, n, phase, boot, at_ms, result, detail FROM attempt WHERE op = ?1
ORDER BY n, CASE phase WHEN 'sending' THEN 0 WHEN 'final' THEN 1 ELSE 2 END`

// Attempts gives an op's journal, oldest first.
func (s *Store) Attempts(ctx context.Context, id desk.OpID) ([]desk.Attempt, error) {
	all, err := many(ctx, s.main, selectAttempts, []any{id}, func(r scanner) (a desk.Attempt, err error) {
		var at int64
		err = r.Scan(&a.Op, &a.N, &a.Phase, &a.Boot, &at, &a.Result, &a.Detail)
		a.At = moment(at)
		return a, err
	})
	return all, wrap("read attempts", err)
}
