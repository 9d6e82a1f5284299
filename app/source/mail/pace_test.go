package mail

import (
	"testing"
	"time"
)

func TestAPieceFitsTheLine(t *testing.T) {
	for _, c := range []struct {
		size, n int64
		took    time.Duration
		want    int64
	}{
		{32 << 10, 32 << 10, 4 * time.Second, 48 << 10},
		{32 << 10, 32 << 10, 24 * time.Second, leastChunk},
		{32 << 10, 32 << 10, time.Millisecond, 64 << 10},
		{mostChunk, mostChunk, time.Second, mostChunk},
		{32 << 10, 100, time.Second, 32 << 10}, // the line broke: nothing is known
		{32 << 10, 32 << 10, 0, 32 << 10},
	} {
		if got := paced(c.size, c.n, c.took); got != c.want {
			t.Errorf("after %d of %d bytes in %v: %d, want %d", c.n, c.size, c.took, got, c.want)
		}
	}
}

// A network that forgets lines teaches shorter silences, and is tried with longer
// ones again, but never with what is known to be too long.
func TestSilencesAreLearnt(t *testing.T) {
	now := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	var s silence
	s.died(10*time.Minute, now)
	s.died(5*time.Minute, now)
	if s.wait() != 150*time.Second {
		t.Fatalf("waits %v", s.wait())
	}
	for range 100 {
		s.lived(s.wait(), now)
	}
	if w := s.wait(); w >= 5*time.Minute || w < 4*time.Minute {
		t.Errorf("grew to %v below a death at 5 minutes", w)
	}
	for range 100 {
		s.lived(s.wait(), now.Add(2*askAfresh))
	}
	if s.wait() != longestIdle {
		t.Errorf("two days later it waits %v", s.wait())
	}
}
