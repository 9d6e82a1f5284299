package intake_test

import (
	"slices"
	"testing"
	"time"

	"fernpost/store/desk"
)

func (o *office) wantApplied(want ...int) {
	o.Helper()
	o.store.mu.Lock()
	defer o.store.mu.Unlock()
	if !slices.Equal(o.store.applied, want) {
		o.Errorf("stored %v at a time, want %v", o.store.applied, want)
	}
}

func TestPagesThatComeAtOnceAreStoredTogether(t *testing.T) {
	inOffice(t, 2345, func(o *office) {
		o.box.page = 100
		o.start()
		o.wantMails(2345)
		o.wantApplied(1000, 1000, 345)
	})
}

func TestOnASlowLineEveryPageIsStoredAtOnce(t *testing.T) {
	inOffice(t, 300, func(o *office) {
		o.box.page, o.box.delay = 100, time.Second
		o.start()
		o.sleep(2500 * time.Millisecond)
		o.wantMails(200)
		o.sleep(time.Second)
		o.wantApplied(100, 100, 100)
	})
}

func TestABatchDoesNotWaitLong(t *testing.T) {
	inOffice(t, 1000, func(o *office) {
		o.box.page, o.box.delay = 100, 90*time.Millisecond
		o.start()
		o.sleep(280 * time.Millisecond) // three pages
		o.wantMails(300)
		o.sleep(time.Minute)
		o.wantApplied(300, 300, 300, 100)
	})
}

func TestWhatCameBeforeTheLineBrokeIsStored(t *testing.T) {
	inOffice(t, 500, func(o *office) {
		o.box.page, o.box.delay = 100, 50*time.Millisecond
		o.start()
		o.sleep(120 * time.Millisecond) // two pages, and half of the third
		o.box.cut(errOffline)
		o.sleep(time.Second)
		o.wantMails(200)
		o.box.cut(nil)
		o.sleep(time.Minute)
		o.wantMails(500)
		o.wantLine("answered", "")
	})
}

// A new numbering in the middle of a batch must not unbind what the pages after
// it bring, nor leave bound what the pages before it brought.
func TestAResetIsStoredBehindWhatCameBefore(t *testing.T) {
	inOffice(t, 250, func(o *office) {
		o.box.page, o.box.resetAt = 100, 200
		o.start()
		o.wantMails(250)
		o.wantApplied(200, 50, 0)
		refs, err := o.store.Remotes(o.Context(), o.message(1))
		o.must(err)
		if len(refs) != 0 {
			o.Errorf("the first mail still lies at %v", refs)
		}
	})
}

// message gives the id of the customer's mail i.
func (o *office) message(i int) desk.MessageID {
	o.Helper()
	c, err := o.store.ConversationByKey(o.Context(), account, desk.SharedKey(letter(i).Head.HeaderID))
	o.must(err)
	all, err := o.store.Messages(o.Context(), c.ID)
	o.must(err)
	if len(all) != 1 {
		o.Fatalf("%d messages", len(all))
	}
	return all[0].ID
}
