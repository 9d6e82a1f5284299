package intake

import (
	"time"

	"fernpost/app/source"
	"fernpost/store"
)

// A page costs a transaction, and a summary of each conversation it touches. On
// a good line pages come faster than that, so those that come at once are stored
// together. On a slow one every page is stored as soon as it is here: what took
// seconds to come must not be lost with the line.
const (
	quickPage = 100 * time.Millisecond // a page that took longer is stored at once
	batchTime = 250 * time.Millisecond // how long the first of a batch may wait
	batchMost = 1000                   // arrivals in it
)

// batch is pages that are stored in one transaction.
type batch struct {
	page store.Page // the newest cursor, and all that came before it
	has  bool
	grow bool
	took time.Duration

	forReply bool // the look before a reply: heads alone, and each page at once

	applied store.Applied // of what is stored already
	wasLost bool          // the account answered again
}

// add puts a page to the batch that took so long to come.
func (b *batch) add(p source.Page, at time.Time, took time.Duration) {
	b.has = true
	b.took += took
	b.page.Items = append(b.page.Items, p.Items...)
	b.page.Reset = append(b.page.Reset, p.Reset...)
	b.page.Cursor, b.page.Verified, b.page.More = p.Next, at, p.More
	// What a reset unbinds is bound anew by the pages after it.
	b.grow = took < quickPage && len(p.Reset) == 0 && len(p.Items) > 0
}

// mayGrow tells whether the next page may still come in.
func (b *batch) mayGrow() bool {
	return b.grow && !b.forReply && b.took < batchTime && len(b.page.Items) < batchMost
}
