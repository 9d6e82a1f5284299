package outbox_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// attempt is what becomes of one Submit.
type attempt func(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome

// server is the other side: a sink and a head by script. What isn't scripted
// goes well.
type server struct {
	b  *bureau
	mu sync.Mutex

	script   []attempt // of the next attempts, whoever makes them
	scripts  map[desk.OpID][]attempt
	always   attempt // once the scripts are used up
	offline  error
	onHead   func() // what stands on the server by the next CatchUp, once
	exact    bool   // Locate can prove absence
	locate   error
	lookFor  time.Duration // how long a look takes
	panics   int
	done     map[desk.OpID]int
	visible  map[desk.OpID]bool
	submits  []desk.OpID
	when     []time.Time
	subs     []source.Submission
	looks    []time.Time
	catches  int
	running  map[desk.OpID]bool
	twice    bool
	told     []time.Time
	copies   map[desk.OpID]int // among the sent mail
	filings  int
	noFiling source.Verdict
	// losesCopies is what becomes of a copy that was begun: "", before and after
	// (the line breaks), no (the server says so), panic.
	losesCopies string
	hidden      bool // the copies can't be seen
}

func newServer(b *bureau) *server {
	return &server{
		b: b, scripts: map[desk.OpID][]attempt{}, done: map[desk.OpID]int{}, visible: map[desk.OpID]bool{},
		running: map[desk.OpID]bool{}, copies: map[desk.OpID]int{},
	}
}

// next says what happens at the next attempts.
func (s *server) next(a ...attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append(s.script, a...)
}

func (s *server) of(id desk.OpID, a ...attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[id] = append(s.scripts[id], a...)
}

func (s *server) with(edit func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit()
}

func (s *server) effects(id desk.OpID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done[id]
}

func (s *server) order() []desk.OpID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.submits)
}

func (s *server) changed() {
	s.with(func() { s.told = append(s.told, time.Now()) })
}

// apply makes the effect, to be seen by Locate when visible.
func (s *server) apply(id desk.OpID, visible bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[id]++
	s.visible[id] = s.visible[id] || visible
}

func (s *server) Submit(ctx context.Context, sub source.Submission, j source.Journal) source.Outcome {
	s.mu.Lock()
	s.submits, s.when = append(s.submits, sub.ID), append(s.when, time.Now())
	s.subs = append(s.subs, sub)
	s.twice = s.twice || s.running[sub.ID]
	s.running[sub.ID] = true
	do := s.always
	if own := s.scripts[sub.ID]; len(own) > 0 {
		do, s.scripts[sub.ID] = own[0], own[1:]
	} else if len(s.script) > 0 {
		do, s.script = s.script[0], s.script[1:]
	}
	s.mu.Unlock()
	defer s.with(func() { delete(s.running, sub.ID) })
	if do == nil {
		do = accepts
	}
	return do(ctx, s, sub, j)
}

func (s *server) Locate(_ context.Context, sub source.Submission) (source.Finding, error) {
	s.mu.Lock()
	s.looks = append(s.looks, time.Now())
	s.twice = s.twice || s.running[sub.ID]
	s.running[sub.ID] = true
	takes := s.lookFor
	s.mu.Unlock()
	time.Sleep(takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, sub.ID)
	if s.panics > 0 {
		s.panics--
		panic("a header that nobody thought of")
	}
	switch {
	case s.offline != nil:
		return source.Finding{}, s.offline
	case s.locate != nil:
		return source.Finding{}, s.locate
	case s.visible[sub.ID]:
		return source.Finding{State: source.Found, Receipt: desk.Receipt{RemoteID: "INBOX/7"}}, nil
	case s.exact:
		return source.Finding{State: source.Absent}, nil
	default:
		return source.Finding{State: source.NotSeen}, nil
	}
}

func (s *server) CatchUp(context.Context) error {
	s.mu.Lock()
	err, hook := s.offline, s.onHead
	s.catches++
	s.onHead = nil
	s.mu.Unlock()
	if hook != nil {
		hook()
	}
	return err
}

func (s *server) FileSent(ctx context.Context, f source.Filing) source.Verdict {
	s.mu.Lock()
	s.filings++
	seen, no, loses := s.copies[f.ID] > 0 && !s.hidden, s.noFiling, s.losesCopies
	s.mu.Unlock()
	switch {
	case no != "":
		return no
	case seen:
		return source.Applied
	case f.Begun:
		return source.Unknown
	}
	if err := f.Begin(ctx); err != nil {
		return source.NotApplied
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if loses == "before" {
		return source.Unknown
	}
	s.copies[f.ID]++
	switch loses {
	case "after":
		return source.Unknown
	case "no":
		s.copies[f.ID]--
		return source.NotApplied
	case "panic":
		panic("a defect")
	}
	return source.Applied
}

// What may become of an attempt.

func accepts(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome {
	if err := j.Final(ctx); err != nil {
		return source.Outcome{Verdict: source.NotApplied}
	}
	s.apply(sub.ID, true)
	return applied()
}

// breaksEarly: the line is gone before the end.
func breaksEarly(context.Context, *server, source.Submission, source.Journal) source.Outcome {
	return source.Outcome{Verdict: source.NotApplied}
}

// losesAnswer: the customer has it, we don't know.
func losesAnswer(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome {
	if err := j.Final(ctx); err != nil {
		return source.Outcome{Verdict: source.NotApplied}
	}
	s.apply(sub.ID, true)
	return source.Outcome{Verdict: source.Unknown}
}

// losesAll: the customer doesn't have it, we don't know.
func losesAll(ctx context.Context, _ *server, _ source.Submission, j source.Journal) source.Outcome {
	if err := j.Final(ctx); err != nil {
		return source.Outcome{Verdict: source.NotApplied}
	}
	return source.Outcome{Verdict: source.Unknown}
}

// losesAnswerHidden: the customer has it, and nothing of it shows for now.
func losesAnswerHidden(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome {
	if err := j.Final(ctx); err != nil {
		return source.Outcome{Verdict: source.NotApplied}
	}
	s.apply(sub.ID, false)
	return source.Outcome{Verdict: source.Unknown}
}

// says answers without an effect.
func says(out source.Outcome) attempt {
	return func(context.Context, *server, source.Submission, source.Journal) source.Outcome { return out }
}

// panicsBefore and panicsAfter: a defect, on either side of the final mark.
func panicsBefore(context.Context, *server, source.Submission, source.Journal) source.Outcome {
	panic("a defect")
}

func panicsAfter(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome {
	if err := j.Final(ctx); err != nil {
		return source.Outcome{Verdict: source.NotApplied}
	}
	s.apply(sub.ID, true)
	panic("a defect")
}

// hangs until the program ends, before or after the final mark, with or without
// the effect.
func hangs(final, effect bool) attempt {
	return func(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome {
		if final {
			if err := j.Final(ctx); err != nil {
				return source.Outcome{Verdict: source.NotApplied}
			}
		}
		if effect {
			s.apply(sub.ID, true)
		}
		<-ctx.Done()
		if final {
			return source.Outcome{Verdict: source.Unknown}
		}
		return source.Outcome{Verdict: source.NotApplied}
	}
}

// takes makes the attempt last.
func takes(d time.Duration, then attempt) attempt {
	return func(ctx context.Context, s *server, sub source.Submission, j source.Journal) source.Outcome {
		for i := range 100 {
			j.Progress(int64(i), 100)
			select {
			case <-ctx.Done():
				return source.Outcome{Verdict: source.NotApplied}
			case <-time.After(d / 100):
			}
		}
		return then(ctx, s, sub, j)
	}
}
