package intake_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/store/desk"
)

func (m *mailbox) Search(_ context.Context, req source.SearchRequest) (source.SearchPage, error) {
	leave, _, err := m.enter()
	defer leave()
	if err != nil {
		return source.SearchPage{}, err
	}
	time.Sleep(m.delay)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.searches = append(m.searches, req)
	if m.refuses != nil {
		return source.SearchPage{}, m.refuses
	}
	n, _ := strconv.Atoi(req.Place)
	page := source.SearchPage{Page: source.Page{Next: req.Cursor}}
	if n < len(m.dug) {
		page.Items, page.Hits = m.dug[n:n+1], 1
	}
	if n+1 < len(m.dug) {
		page.Place = strconv.Itoa(n + 1)
	}
	return page, nil
}

// hunt searches and tells what was said on the way.
func (o *office) hunt(ctx context.Context, limit int, anyway bool) (hits int, said []int, waits int, err error) {
	hits, err = o.in.Search(ctx, intake.SearchOptions{
		Text: "parcel", Limit: limit, Anyway: anyway,
		Found: func(n int) { said = append(said, n) }, Waits: func() { waits++ },
	})
	return hits, said, waits, err
}

func TestASearchBringsWhatIsNotHere(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.dug = []desk.Arrival{letter(101), letter(102), letter(103)}
		o.start()
		hits, said, _, err := o.hunt(o.Context(), 50, false)
		if err != nil || hits != 3 || !slices.Equal(said, []int{1, 2, 3}) {
			o.Errorf("%d hits, said %v, %v", hits, said, err)
		}
		o.wantMails(1) // what was dug up is done
		c, err := o.store.Counters(o.Context())
		o.must(err)
		if c.Done != 3 {
			o.Errorf("counters %+v", c)
		}
	})
}

func TestASearchEndsWithItsLimit(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.dug = []desk.Arrival{letter(101), letter(102), letter(103)}
		if hits, _, _, err := o.hunt(o.Context(), 2, false); err != nil || hits != 2 {
			o.Errorf("%d hits, %v", hits, err)
		}
		if last := o.box.searches[1]; last.Limit != 1 || last.Place != "1" {
			o.Errorf("asked %+v", last)
		}
	})
}

func TestASearchMakesWayForAReply(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.dug = []desk.Arrival{letter(101), letter(102), letter(103)}
		o.start()
		o.box.delay = 10 * time.Second
		done := make(chan error, 1)
		go func() {
			_, _, _, err := o.hunt(o.Context(), 50, false)
			done <- err
		}()
		o.sleep(time.Second)
		o.must(o.in.CatchUp(o.Context()))
		o.box.mu.Lock()
		n := len(o.box.searches)
		o.box.mu.Unlock()
		if n != 1 {
			o.Errorf("the reply waited for %d steps", n)
		}
		o.must(<-done)
	})
}

func TestASearchWaitsForTheLine(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.box.dug = []desk.Arrival{letter(101)}
		o.start()
		o.box.cut(errOffline)
		done := make(chan error, 1)
		waits := 0
		go func() {
			var err error
			_, _, waits, err = o.hunt(o.Context(), 50, false)
			done <- err
		}()
		o.sleep(time.Minute)
		o.box.cut(nil)
		o.in.Wake()
		o.must(<-done)
		if waits == 0 {
			o.Error("nobody was told")
		}
	})
}

func TestASearchIsStoppedRefusedOrAsksFirst(t *testing.T) {
	inOffice(t, 1, func(o *office) {
		o.start()
		o.box.dug = []desk.Arrival{letter(101)}
		o.box.refuses = desk.E(desk.KindRefused, "search", nil)
		if _, _, _, err := o.hunt(o.Context(), 50, false); desk.KindOf(err) != desk.KindRefused {
			o.Errorf("refused: %v", err)
		}
		if opens, _ := o.box.counts(); opens != 1 {
			o.Errorf("a no cost the line: %d opens", opens)
		}
		o.box.refuses = nil
		o.spent.Store(true)
		if _, _, _, err := o.hunt(o.Context(), 50, false); desk.KindOf(err) != desk.KindAsks {
			o.Errorf("used up: %v", err)
		}
		if hits, _, _, err := o.hunt(o.Context(), 50, true); err != nil || hits != 1 {
			o.Errorf("anyway: %d, %v", hits, err)
		}
		o.box.cut(errOffline)
		ctx, cancel := context.WithCancel(o.Context())
		time.AfterFunc(time.Hour, cancel)
		if _, _, _, err := o.hunt(ctx, 50, true); desk.KindOf(err) != desk.KindCancelled {
			o.Errorf("stopped: %v", err)
		}
		o.must(o.store.SetAccountState(o.Context(), account, desk.AccountPaused))
		if _, _, _, err := o.hunt(o.Context(), 50, true); desk.KindOf(err) != desk.KindPaused {
			o.Errorf("paused: %v", err)
		}
	})
}
