package mail

import (
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"

	"fernpost/store/desk"
)

// Some servers refuse whatever is asked while they want to be left alone. Taken
// for the answer about a mail, that would make mail unreadable that is as good as
// any other: the line is hung up instead, and the account tries again later.

// busyWords are how servers say so, in lower case.
var busyWords = []string{
	"throttled",          // Microsoft 365: "Request is throttled. Suggested Backoff Time: 299910 milliseconds"
	"rate limit",         // Yahoo: "[LIMIT] FETCH Rate limit hit"
	"too many requests",  // Zoho
	"command rate",       // Zimbra
	"bandwidth exceeded", // Gmail: "Account exceeded command or bandwidth limits"
	"bandwidth limits",
}

// mayBe bounds how often within mayBeFor a server is believed that it is merely
// unavailable (RFC 5530): Yahoo says the same, for ever, of one mail that it
// can't read.
const (
	mayBe    = 8
	mayBeFor = time.Hour
)

// busy remembers what a server said of being unavailable.
type busy struct {
	clock desk.Clock
	mu    sync.Mutex
	since time.Time
	count int
}

// asksToWait tells that a refusal says nothing about what was asked.
func (b *busy) asksToWait(no *imap.Error) bool {
	if no.Type != imap.StatusResponseTypeNo && no.Type != imap.StatusResponseTypeBad {
		return false
	}
	text := strings.ToLower(no.Text)
	for _, words := range busyWords {
		if strings.Contains(text, words) {
			return true
		}
	}
	if no.Code != imap.ResponseCodeUnavailable && !strings.Contains(text, "temporarily unavailable") {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock()
	if age := now.Sub(b.since); age < 0 || age >= mayBeFor {
		b.since, b.count = now, 0
	}
	b.count++
	return b.count <= mayBe
}
