package app

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// A large upload is compared with how long this line lives before it is queued:
// SMTP begins anew after every cut.

const (
	// usualLimit is what most servers take, where ours hasn't said.
	usualLimit = 25 << 20
	// lightLoad goes through on any line that carries text.
	lightLoad = 64 << 10
	// lifeDays is how far back the line is looked at.
	lifeDays = 14
	// fewLives say nothing about the next.
	fewLives = 3
)

// Weigh says what sending a draft's files would take on this line.
func (s *Composer) Weigh(draft string) (UploadView, error) {
	return read(s.calls, "weigh files", func(ctx context.Context, d *Desk) (UploadView, error) {
		v, err := d.store.Draft(ctx, desk.DraftID(draft))
		if err != nil {
			return UploadView{}, err
		}
		return d.weigh(ctx, v)
	})
}

func (d *Desk) weigh(ctx context.Context, draft desk.Draft) (UploadView, error) {
	st, err := d.station(draft.Account)
	if err != nil {
		return UploadView{}, err
	}
	v := UploadView{Limit: usualLimit}
	if limit := st.source.MaxUpload(); limit > 0 {
		v.Limit, v.Sure = limit, true
	}
	for _, f := range draft.Files {
		v.Bytes += onTheWire(f)
	}
	v.TooLarge = v.Bytes > v.Limit
	if v.Bytes < lightLoad {
		return v, nil
	}
	now := d.clock()
	events, err := d.store.LineSince(ctx, draft.Account, now.AddDate(0, 0, -lifeDays))
	if err != nil {
		return v, err
	}
	v.Life = usualLife(events).Milliseconds()
	if rate := d.meter.speeds.of(ctx, d.store, draft.Account); rate > 0 {
		v.Need = v.Bytes * 1000 / rate
	}
	// A line that dies in the middle of a minute's upload mostly lives on for the
	// next try; one that needs most of a life won't arrive.
	v.Doubtful = v.Life > 0 && v.Need > v.Life*3/4
	return v, nil
}

// onTheWire is what a file takes: base64 of what is here, or what the server
// has it as.
func onTheWire(f desk.DraftFile) int64 {
	if f.Coming() {
		return f.Size
	}
	return f.Upload.Size * 78 / 57
}

// usualLife is the median of how long the line lived from answering to being
// lost, 0 when it was hardly ever lost. Lives that a closed program ended aren't
// known.
func usualLife(events []store.LineEvent) time.Duration {
	var lives []time.Duration
	var since time.Time
	for _, e := range events {
		switch {
		case e.Kind == "answered":
			since = e.At
		case e.Kind == "lost" && !since.IsZero():
			lives = append(lives, e.At.Sub(since))
			since = time.Time{}
		}
	}
	if len(lives) < fewLives {
		return 0
	}
	slices.Sort(lives)
	return lives[len(lives)/2]
}

const (
	// pauseBetween ends a burst of bytes.
	pauseBetween = 1500 * time.Millisecond
	// shortBurst and smallBurst say more about the round trip than about speed.
	shortBurst = 400 * time.Millisecond
	smallBurst = 12 << 10
	// endlessBurst is taken apart.
	endlessBurst = 20 * time.Second
)

// speeds estimates how fast each account's line carries bytes, from what comes
// down in one go. What goes up vanishes in the system's buffers first and would
// seem fast.
type speeds struct {
	mu  sync.Mutex
	all map[desk.AccountID]*speed
}

type speed struct {
	rate        int64 // bytes a second, 0: not known
	stored      int64
	first, last time.Time // of the present burst
	bytes       int64     // in it after first
}

func (s *speeds) add(a desk.AccountID, n int64, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.all[a]
	if v == nil {
		v = &speed{}
		s.all[a] = v
	}
	if v.first.IsZero() || now.Sub(v.last) > pauseBetween || now.Sub(v.first) > endlessBurst {
		v.judge()
		v.first, v.last, v.bytes = now, now, 0
		return
	}
	v.last = now
	v.bytes += n
}

// judge takes the burst that has ended into account.
func (v *speed) judge() {
	took := v.last.Sub(v.first)
	if took < shortBurst || v.bytes < smallBurst {
		return
	}
	now := v.bytes * int64(time.Second) / int64(took)
	if v.rate == 0 {
		v.rate = now
	}
	v.rate = (v.rate*2 + now) / 3
}

// of gives an account's speed in bytes a second, also the one of an earlier run;
// 0 when it isn't known.
func (s *speeds) of(ctx context.Context, kept *store.Store, a desk.AccountID) int64 {
	s.mu.Lock()
	v := s.all[a]
	if v != nil {
		v.judge()
		v.first = time.Time{}
		if v.rate > 0 {
			defer s.mu.Unlock()
			return v.rate
		}
	}
	s.mu.Unlock()
	text, err := kept.Setting(ctx, speedSetting(a), "")
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func speedSetting(a desk.AccountID) string { return "speed/" + string(a) }

// keep writes down what has changed by more than a tenth.
func (s *speeds) keep(ctx context.Context, kept *store.Store) error {
	s.mu.Lock()
	changed := map[desk.AccountID]int64{}
	for a, v := range s.all {
		if max(v.rate, v.stored)-min(v.rate, v.stored) > v.stored/10 {
			v.stored = v.rate
			changed[a] = v.rate
		}
	}
	s.mu.Unlock()
	for a, rate := range changed {
		if err := kept.PutSetting(ctx, speedSetting(a), strconv.FormatInt(rate, 10)); err != nil {
			return err
		}
	}
	return nil
}
