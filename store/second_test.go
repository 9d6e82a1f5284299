package store

import (
	"context"
	"testing"
	"time"
)

// checkCopied holds the second copy against main.db, after every test of this
// package: no row that belongs in it may be missing or another.
func checkCopied(t *testing.T, s *Store) {
	t.Helper()
	select {
	case <-s.main.ended:
		return // the test has closed it
	case s.main.turn <- struct{}{}:
	}
	defer func() { <-s.main.turn }()
	if !s.main.second.on {
		if !t.Failed() {
			t.Error("the second copy isn't joined")
		}
		return
	}
	plans, err := s.main.plans(context.Background())
	if err != nil {
		t.Error(err)
	}
	since := time.Unix(1, 0).UnixMilli()
	for _, p := range plans {
		for what, query := range map[string]string{
			"missing": `SELECT count(*) FROM main.{T} m WHERE {rows} AND ?1 > 0 AND NOT EXISTS (
  SELECT 1 FROM second.kept_{T} k WHERE {m=k} AND ({k.}) IS ({m.}) AND k.sum = row_sum({k.}))`,
			"left": `SELECT count(*) FROM second.kept_{T} WHERE ?1 > 0 AND NOT EXISTS (SELECT 1 FROM main.{T} m WHERE {kept=m})`,
		} {
			var n int
			if err := s.main.writer.QueryRowContext(context.Background(), p.fill(query), since).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s: %d rows %s in the second copy, %v", p.name, n, what, err)
			}
		}
	}
	var mine, theirs int64
	if err := s.main.writer.QueryRowContext(context.Background(), `SELECT c.serial, k.serial FROM main.copied c, second.kept_serial k`).Scan(&mine, &theirs); err != nil || mine != theirs {
		t.Errorf("main.db has counted to %d, its copy to %d, %v", mine, theirs, err)
	}
}
