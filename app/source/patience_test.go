package source

import (
	"testing"
	"time"
)

func TestPatienceDoublesToFiveMinutes(t *testing.T) {
	for failures, middle := range map[int]time.Duration{
		0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 3: 20 * time.Second,
		6: 160 * time.Second, 7: 5 * time.Minute, 8: 5 * time.Minute, 1 << 40: 5 * time.Minute,
	} {
		seen := map[time.Duration]bool{}
		for range 50 {
			d := Patience(failures)
			seen[d] = true
			if d < middle*4/5 || d > middle*6/5 {
				t.Errorf("after %d failures: %v, want %v and a fifth", failures, d, middle)
			}
		}
		if len(seen) < 2 {
			t.Errorf("after %d failures: no jitter", failures)
		}
	}
}
