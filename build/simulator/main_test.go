package simulator

import (
	"flag"
	"testing"
	"time"
)

var (
	verbose = flag.Bool("trace", false, "print every run's trace")
	single  = flag.Int64("seed", -1, "replay this seed alone")
	seeds   = flag.Uint64("seeds", 20, "how many days")
	from    = flag.Uint64("from", 1, "the first seed")
)

func TestDays(t *testing.T) {
	l := newLab(t)
	began := time.Now()
	sum := map[string]int{}
	one := func(s uint64) {
		res := l.do(t, s, day)
		for _, b := range res.Broken {
			t.Errorf("seed %d: %s: %s", b.Seed, b.Invariant, b.Said)
		}
		for k, n := range res.Edges {
			sum[k] += n
		}
		for k, n := range res.Faults {
			sum[string(k)] += n
		}
		for k, n := range res.Counts {
			sum[k] += n
		}
	}
	if *single >= 0 {
		one(uint64(*single))
	} else {
		for s := *from; s < *from+*seeds; s++ {
			one(s)
		}
	}
	t.Log(time.Since(began), sum)
}
