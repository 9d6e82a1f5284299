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
		var got []Event
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = p.Run(ctx, func(e Event) { got = append(got, e) }) }()

		for i := range 100 {
			p.committed(store.Change{Conversations: []desk.ConversationID{desk.ConversationID(1 + i%2)}})
		}
		p.lineChanged()
		synctest.Wait()
		if len(got) != 0 {
			t.Fatalf("told before the pause was over: %+v", got)
		}
		sleep(pumpPause)
		if len(got) != 1 {
			t.Fatalf("100 commits gave %d events, want 1", len(got))
		}
		slices.Sort(got[0].Conversations)
		if !slices.Equal(got[0].Conversations, []string{"1", "2"}) || !got[0].Lists || !got[0].Line || got[0].Outbox {
			t.Errorf("event %+v", got[0])
		}

		p.committed(store.Change{Ops: true})
		sleep(pumpPause)
		if len(got) != 2 || !got[1].Outbox || got[1].Seq != 2 || len(got[1].Conversations) != 0 {
			t.Errorf("second event: %+v", got)
		}
		cancel()
		synctest.Wait()
	})
}
