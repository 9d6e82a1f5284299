package store

import (
	"maps"
	"slices"

	"fernpost/store/desk"
)

const (
	selectNewestOf = `SELECT coalesce(max(id), 0) FROM message WHERE conversation = ?1`
	settleFresh    = `UPDATE conversation SET status = ?2, chosen = 1, settled = ?3 WHERE id = ?1 AND chosen = 0
  AND EXISTS (SELECT 1 FROM message WHERE conversation = ?1 AND junk = 0)`
)

// settleBorn sets the conversations that a page began to done. The customer's
// next mail opens them like any other.
func (in *incoming) settleBorn() error {
	for _, id := range slices.Sorted(maps.Keys(in.born)) {
		var newest int64
		if err := in.row(selectNewestOf, []any{id}, &newest); err != nil {
			return err
		}
		if newest == 0 {
			continue // it went into another
		}
		if err := in.do(settleFresh, id, desk.StatusDone, newest); err != nil {
			return err
		}
	}
	return nil
}
