package app

import (
	"errors"
	"testing"
	"testing/synctest"

	"fernpost/store/desk"
)

func TestCallsWhileAnUpdateChangesTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOpening(t.Context())
		s := &Settings{calls: calls{o}}
		if _, err := s.Get(); desk.KindOf(err) != desk.KindOpening {
			t.Errorf("a call meanwhile: %v, want kind opening", err)
		}
		o.migrating("main.db", 1, 4)
		if v := s.Opening(); v.Done || v.Part != 0.25 {
			t.Errorf("a quarter of the way: %+v", v)
		}
		o.finish(nil, desk.E(desk.KindDamaged, "open store", errors.New("not a database")))
		if _, err := s.Get(); desk.KindOf(err) != desk.KindDamaged {
			t.Errorf("afterwards: %v, want what opening said", err)
		}
		if v := s.Opening(); !v.Done {
			t.Errorf("afterwards: %+v", v)
		}
	})
}
