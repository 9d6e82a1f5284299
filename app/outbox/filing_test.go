package outbox_test

import (
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

func (b *bureau) wantCopies(id desk.OpID, n int, c desk.Copy) {
	b.Helper()
	if got := b.server.copies[id]; got != n {
		b.Errorf("%d copies among the sent mail, want %d", got, n)
	}
	if got := b.op(id).Copy; got != c {
		b.Errorf("the copy is %d, want %d", got, c)
	}
}

func TestACopyIsFiledUntilItIs(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.with(func() { b.server.noFiling = source.NotApplied })
		id := b.answer("katharina")
		b.sleep(time.Minute)
		b.want(id, desk.OpSent, "")
		b.crash()
		b.sleep(time.Hour)
		if n := b.server.filings; n < 5 || n > 40 {
			b.Errorf("%d tries", n)
		}
		b.server.with(func() { b.server.noFiling = "" })
		b.out.Wake()
		b.sleep(time.Hour)
		b.crash()
		b.sleep(time.Hour)
		b.wantCopies(id, 1, desk.CopySeen)
		b.want(id, desk.OpSent, "")
		b.wantEffects(id, 1)
	})
}

func TestACopyThatIsRefusedIsGivenUp(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.with(func() { b.server.noFiling = source.Refused })
		id := b.answer("katharina")
		b.sleep(24 * time.Hour)
		if n := b.server.filings; n != 1 {
			b.Errorf("%d tries", n)
		}
		b.want(id, desk.OpSent, "")
		b.wantCopies(id, 0, desk.CopyMissing)
	})
}

// TestACopyIsNeverFiledTwice: whatever becomes of one that was begun, no other
// follows, and it doesn't go on for ever.
func TestACopyIsNeverFiledTwice(t *testing.T) {
	for name, c := range map[string]struct {
		loses  string
		hidden bool
		copies int
		copy   desk.Copy
	}{
		"it came there":             {"after", false, 1, desk.CopySeen},
		"it did not":                {"before", false, 0, desk.CopyMissing},
		"it did, and is not seen":   {"after", true, 1, desk.CopyMissing},
		"a defect":                  {"panic", false, 1, desk.CopySeen},
		"a defect, and is not seen": {"panic", true, 1, desk.CopyMissing},
	} {
		for _, crash := range []string{"", "dies at once", "dies while it looks"} {
			t.Run(name+" "+crash, func(t *testing.T) {
				inBureau(t, func(b *bureau) {
					b.asks("katharina")
					b.server.with(func() { b.server.losesCopies, b.server.hidden = c.loses, c.hidden })
					id := b.answer("katharina")
					if crash == "dies at once" {
						b.sleep(undo)
						b.crash()
					}
					b.sleep(undo + 30*time.Second)
					b.server.with(func() { b.server.losesCopies = "" })
					if crash != "" {
						b.crash()
					}
					b.sleep(time.Hour)
					b.wantCopies(id, c.copies, c.copy)
					tries := b.server.filings
					b.out.Wake()
					b.sleep(24 * time.Hour)
					if b.server.filings != tries {
						b.Errorf("%d tries after the end", b.server.filings-tries)
					}
					b.want(id, desk.OpSent, "")
				})
			})
		}
	}
}

func TestACopyThatProvablyIsNotThereIsTriedAgain(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.server.with(func() { b.server.losesCopies = "no" })
		id := b.answer("katharina")
		b.sleep(undo + 10*time.Second)
		b.wantCopies(id, 0, desk.CopyDue)
		b.server.with(func() { b.server.losesCopies = "" })
		b.sleep(time.Hour)
		b.wantCopies(id, 1, desk.CopySeen)
	})
}

func TestNoCopyWithoutItsMark(t *testing.T) {
	inBureau(t, func(b *bureau) {
		b.asks("katharina")
		b.store.refuse("begin", desk.E(desk.KindDiskFull, "write", nil))
		id := b.answer("katharina")
		b.sleep(time.Hour)
		b.wantCopies(id, 0, desk.CopyDue)
		b.store.refuse("begin", nil)
		b.sleep(time.Hour)
		b.wantCopies(id, 1, desk.CopySeen)
	})
}
