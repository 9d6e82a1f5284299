package app

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"fernpost/store"
	"fernpost/store/desk"
)

func TestPumpCoalesces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPump()
		told := make(chan Event, 10)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = p.Run(ctx, func(_ context.Context, e Event) { told <- e }) }()

		for i := range 100 {
			p.committed(store.Change{Conversations: []desk.ConversationID{desk.ConversationID(1 + i%2)}})
		}
		p.lineChanged()
		synctest.Wait()
		if n := len(told); n != 0 {
			t.Fatalf("told %d times before the pause was over", n)
		}
		sleep(pumpPause)
		if n := len(told); n != 1 {
			t.Fatalf("100 commits gave %d events, want 1", n)
		}
		first := <-told
		slices.Sort(first.Conversations)
		if !slices.Equal(first.Conversations, []string{"1", "2"}) || !first.Lists || !first.Line || first.Outbox {
			t.Errorf("event %+v", first)
		}

		p.committed(store.Change{Ops: true})
		sleep(pumpPause)
		if n := len(told); n != 1 {
			t.Fatalf("one commit gave %d events", n)
		}
		if second := <-told; !second.Outbox || second.Seq != 2 || len(second.Conversations) != 0 {
			t.Errorf("second event: %+v", second)
		}
		cancel()
		synctest.Wait()
	})
}
