package intake

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

func TestTheMostUrgentGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := newTurns()
		holder, _ := ts.take(t.Context(), forWatch)
		if holder.mustYield() {
			t.Fatal("pressed by nobody")
		}
		var mu sync.Mutex
		var order []urgency
		for _, u := range []urgency{forWatch, forFile, forPull, forReply, forPull} {
			go func() {
				turn, err := ts.take(t.Context(), u)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				order = append(order, u)
				mu.Unlock()
				turn.give()
			}()
			synctest.Wait()
			if want := u != forWatch || holder.mustYield(); holder.mustYield() != want {
				t.Errorf("after %d asked: must yield %v", u, holder.mustYield())
			}
		}
		holder.give()
		synctest.Wait()
		if want := []urgency{forReply, forPull, forPull, forFile, forWatch}; !slices.Equal(order, want) {
			t.Errorf("order %v, want %v", order, want)
		}
	})
}

func TestWhoGivesUpLosesNobodysTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := newTurns()
		holder, _ := ts.take(t.Context(), forPull)
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error, 1)
		go func() {
			_, err := ts.take(ctx, forReply)
			gaveUp <- err
		}()
		synctest.Wait()
		cancel()
		if <-gaveUp == nil {
			t.Fatal("got a turn that was held")
		}
		holder.give()
		next, err := ts.take(t.Context(), forFile)
		if err != nil {
			t.Fatal(err)
		}
		next.give()
	})
}
