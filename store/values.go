package store

import (
	"encoding/json"
	"time"

	"fernpost/store/desk"
)

// Times lie in the database as milliseconds since 1970, 0 for none.

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Lists lie in the database as JSON, never as null.

func list[T any](v []T) string {
	if len(v) == 0 {
		return "[]"
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only strings are ever handed in
	}
	return string(b)
}

func unlist[T any](s string) ([]T, error) {
	if s == "[]" || s == "" {
		return nil, nil
	}
	var v []T
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return nil, desk.E(desk.KindDamaged, "read a list", err)
	}
	return v, nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
