package awake

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// ear is a watch on a scripted system, in a bubble of fake time.
type ear struct {
	*testing.T
	w    watch
	mu   sync.Mutex
	jump time.Duration
	told []Event
	at   []time.Duration
}

func inBubble(t *testing.T, do func(e *ear)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := &ear{T: t}
		began := time.Now()
		e.w = watch{changed: make(chan struct{}, 1), woke: make(chan struct{}, 1), o: Options{
			Clock: e.clock,
			Tell: func(what Event) {
				e.mu.Lock()
				defer e.mu.Unlock()
				e.told, e.at = append(e.told, what), append(e.at, time.Since(began))
			},
		}}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { e.w.tell(ctx) })
		wg.Go(func() { gaps(ctx, e.clock, func() { signal(e.w.woke) }) })
		do(e)
		cancel()
		wg.Wait()
	})
}

func (e *ear) clock() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Now().Add(e.jump)
}

func (e *ear) sleeps(d time.Duration) {
	e.mu.Lock()
	e.jump += d
	e.mu.Unlock()
}

func (e *ear) want(what ...Event) {
	e.Helper()
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	if !slices.Equal(e.told, what) {
		e.Errorf("told %v at %v, want %v", e.told, e.at, what)
	}
}

func TestManyChangesAreOne(t *testing.T) {
	inBubble(t, func(e *ear) {
		for range 12 {
			signal(e.w.changed)
			time.Sleep(50 * time.Millisecond)
		}
		e.want()
		time.Sleep(2 * time.Second)
		e.want(Network)
	})
}

func TestANetworkThatNeverRestsIsToldOfAllTheSame(t *testing.T) {
	inBubble(t, func(e *ear) {
		for range 300 {
			signal(e.w.changed)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		e.mu.Lock()
		n := len(e.told)
		e.mu.Unlock()
		if n < 5 || n > 7 {
			e.Errorf("told %d times in 30 s", n)
		}
	})
}

func TestASleepIsNoticedByTheClock(t *testing.T) {
	inBubble(t, func(e *ear) {
		time.Sleep(time.Hour)
		e.want()
		e.sleeps(8 * time.Hour)
		time.Sleep(16 * time.Second)
		e.want(Woke)
		time.Sleep(time.Hour)
		e.want(Woke)
	})
}

func TestAClockThatIsSetALittleIsNoSleep(t *testing.T) {
	for _, jump := range []time.Duration{30 * time.Second, -time.Second, -8 * time.Hour} {
		inBubble(t, func(e *ear) {
			time.Sleep(time.Minute)
			e.sleeps(jump)
			time.Sleep(time.Hour)
			e.want()
		})
	}
}

func TestOneSleepIsToldOnce(t *testing.T) {
	inBubble(t, func(e *ear) {
		time.Sleep(time.Minute)
		e.sleeps(8 * time.Hour)
		signal(e.w.woke) // the system is quicker than the clock
		e.want(Woke)
		time.Sleep(5 * time.Minute)
		e.want(Woke)
		e.sleeps(2 * time.Minute)
		signal(e.w.woke)
		time.Sleep(5 * time.Minute)
		e.want(Woke, Woke)
	})
}

func TestASystemThatStopsTellingIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		asked := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			keep(ctx, "network", func() error { asked++; return context.DeadlineExceeded })
		}()
		time.Sleep(24*time.Hour + time.Second)
		cancel()
		<-done
		if asked < 24 || asked > 32 {
			t.Errorf("asked %d times in a day", asked)
		}
	})
}
