package mail_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// A server that wants to be left alone makes no mail unreadable: everything comes
// once it has calmed down.
func TestServersThatWantToBeLeftAlone(t *testing.T) {
	for _, c := range []struct {
		name, when, says string
		times            int
		make             func() *actor
	}{
		// imapsync/imapsync 198, ikvk/imap_tools 135
		{"throttled", "UID FETCH", "NO Request is throttled. Suggested Backoff Time: 299910 milliseconds", 12, outlook},
		// simonrob/email-oauth2-proxy 191
		{"throttled while selecting", "SELECT", "BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds", 5, outlook},
		// mscdex/node-imap 689, simonrob/email-oauth2-proxy 74
		{"not connected", "SELECT", "BAD User is authenticated but not connected.", 5, outlook},
		// iroco-co/aioimaplib 83, imapsync/imapsync 250
		{"token expired", "UID FETCH", "* BYE Session invalidated - AccessTokenExpired", 1, outlook},
		// jstedfast/MailKit 849
		{"hangs up", "STATUS", "* BYE Connection closed. 14", 2, outlook},
		// postalsys/imapflow 75
		{"rate limit", "UID FETCH", "NO [LIMIT] FETCH Rate limit hit", 12, yahoo},
		// MailCore/mailcore2 826
		{"unavailable", "UID FETCH", "NO [UNAVAILABLE] FETCH Server error while fetching messages", 6, yahoo},
		// s1t5/mail-archiver 414, of iCloud
		{"temporarily unavailable", "UID FETCH", "NO Service temporarily unavailable", 6, gmail},
		// Google Workspace Admin Help, "Gmail bandwidth limits"
		{"bandwidth", "UID SEARCH", "NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", 5, gmail},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := c.make()
			usual := a.refuse
			var said atomic.Int32
			a.refuse = func(cmd string) string {
				if strings.HasPrefix(cmd, c.when) && said.Add(1) <= int32(c.times) {
					return c.says
				}
				return usual(cmd)
			}
			v := visits(t, a)
			_, _ = v.s.Open(t.Context())
			broken := v.drain()
			v.has(3)
			if broken == 0 && c.times > 1 || said.Load() < int32(c.times) {
				t.Errorf("%d lines broke, %d refusals", broken, said.Load())
			}
		})
	}
}

// Of one mail that a server never gives it may say for ever that it is
// unavailable: the others come all the same.
func TestAMailThatIsNeverAvailable(t *testing.T) {
	a := yahoo()
	usual := a.refuse
	a.refuse = func(cmd string) string {
		if set, items, ok := strings.Cut(strings.TrimPrefix(cmd, "UID FETCH "), " "); ok && strings.HasPrefix(cmd, "UID FETCH ") &&
			inSet(set, 3, 4) && strings.Contains(items, "BODY") {
			return "NO [UNAVAILABLE] FETCH Server error while fetching messages"
		}
		return usual(cmd)
	}
	v := visits(t, a)
	v.open()
	v.drain()
	if body := v.texts["INBOX 3"].Body; body == nil || !body.Missing {
		t.Errorf("the bad mail: %+v", body)
	}
	for _, at := range []string{"INBOX 2", "INBOX 4"} {
		if body := v.texts[at].Body; v.heads[at].Head == nil || body == nil || body.Missing {
			t.Errorf("%s: %+v", at, body)
		}
	}
}

// What falls out of sight at the bottom of a large folder isn't gone.
func TestAServerThatShowsTheNewestOnly(t *testing.T) {
	v := visits(t, yahoo())
	v.open()
	v.drain()
	v.a.mu.Lock()
	v.a.folders["INBOX"] = v.a.folders["INBOX"][2:] // 1 and 2 are out of sight
	v.a.folders["INBOX"] = slices.Delete(v.a.folders["INBOX"], 1, 2)
	v.a.mu.Unlock() // and 4 was deleted
	_ = v.s.Close()
	v.open()
	v.drain()
	if v.gone != 1 {
		t.Errorf("%d mails are said to be gone, want one", v.gone)
	}
}
