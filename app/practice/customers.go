package practice

import (
	"context"
	"hash/fnv"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"fernpost/app/practice/content"
	"fernpost/app/practice/mailbox"
	"fernpost/store/desk"
)

// ownerOf finds the conversation a mail belongs to: by what it answers, else by
// whom it is written to.
func (s *Server) ownerOf(head mailHead, to []string) *content.Conversation {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ref := range slices.Backward(head.refs) {
		if c := s.scripts[s.state.owner[ref]]; c != nil {
			return c
		}
	}
	for _, c := range s.library.Conversations {
		here := !c.Later || s.state.arrived[c.ID]
		if here && slices.Contains(to, strings.ToLower(c.From.Addr)) {
			return c
		}
	}
	return nil
}

// reactions says what will follow from an agent's mail. A customer answers
// only what is written to them by a person, and only as often as they have
// something to say, so that nothing ever goes in circles.
func (s *Server) reactions(head mailHead, to, gone []string, now time.Time) (due []dueNote) {
	for _, address := range gone {
		due = append(due, dueNote{Bounce: address, At: now.Add(s.wait("bounce", head.id) / 8), Answers: head.id})
	}
	c := s.ownerOf(head, to)
	if c == nil || head.auto || head.id == "" || !slices.Contains(to, strings.ToLower(c.From.Addr)) {
		return due
	}
	s.mu.Lock()
	pending, waits := s.state.due["answer "+c.ID]
	step := s.state.step[c.ID]
	_, again := s.state.bodies[head.id]
	s.mu.Unlock()
	switch {
	case again || step >= len(c.Answers):
	case waits: // they haven't answered yet: they will answer the newer mail
		pending.Answers = head.id
		due = append(due, pending)
	default:
		wait := s.wait(c.ID, strconv.Itoa(step))
		if c.Answers[step].Auto {
			wait /= 16
		}
		due = append(due, dueNote{Conversation: c.ID, Step: step, At: now.Add(wait), Answers: head.id})
	}
	return due
}

// wait draws how long somebody takes, the same for the same occasion.
func (s *Server) wait(occasion ...string) time.Duration {
	patience := s.options.Patience
	return patience + time.Duration(s.chance(occasion...).Int64N(int64(7*patience)))
}

func (s *Server) chance(occasion ...string) *rand.Rand {
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.Join(occasion, "\x00"))
	return rand.New(rand.NewPCG(s.state.seed, h.Sum64()))
}

// rest is the longest sleep: the wall clock may jump, and the customers'
// times are times of day.
const rest = 15 * time.Second

// customers lets everybody write who is due, until ctx ends.
func (s *Server) customers(ctx context.Context) error {
	round := 0
	arrival := s.options.Clock().Add(s.nextArrival(round))
	for {
		now := s.options.Clock()
		if s.options.Trickle > 0 && !now.Before(arrival) {
			s.reported(s.newcomer(now))
			round++
			arrival = now.Add(s.nextArrival(round))
		}
		next, err := s.answerDue(now)
		s.reported(err)
		sleep := rest
		if !next.IsZero() {
			sleep = min(sleep, max(next.Sub(now), 0))
		}
		if s.options.Trickle > 0 {
			sleep = min(sleep, max(arrival.Sub(now), 0))
		}
		t := time.NewTimer(sleep)
		select {
		case <-ctx.Done():
			t.Stop()
			return nil
		case <-s.wake:
			t.Stop()
		case <-t.C:
		}
	}
}

// reported keeps the servers running when a customer can't write: what is due
// stays due.
func (s *Server) reported(err error) {
	if err != nil {
		slog.Error("practice customer couldn't write", "kind", string(desk.KindOf(err)))
	}
}

// nextArrival is between half and one and a half of the setting.
func (s *Server) nextArrival(round int) time.Duration {
	trickle := max(s.options.Trickle, time.Millisecond)
	return trickle/2 + time.Duration(s.chance("arrival", strconv.Itoa(round)).Int64N(int64(trickle)))
}

// answerDue writes what is due and says when the next is.
func (s *Server) answerDue(now time.Time) (next time.Time, err error) {
	s.act.Lock()
	defer s.act.Unlock()
	s.mu.Lock()
	var ready []dueNote
	for _, d := range s.state.due {
		if !d.At.After(now) {
			ready = append(ready, d)
		} else if next.IsZero() || d.At.Before(next) {
			next = d.At
		}
	}
	s.mu.Unlock()
	slices.SortFunc(ready, func(a, b dueNote) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.key(), b.key())
	})
	for _, d := range ready {
		if err := s.answer(d, now); err != nil {
			return time.Time{}, err
		}
	}
	return next, nil
}

func (s *Server) answer(d dueNote, now time.Time) error {
	s.mu.Lock()
	body := s.state.bodies[d.Answers]
	s.mu.Unlock()
	raw, err := s.mailbox.Read(body)
	if err != nil {
		return err
	}
	var b mailbox.Batch
	if d.Bounce != "" {
		b.Mail("INBOX", now, bounce(d, raw, now))
	} else if err := s.answerTo(&b, d, raw, now); err != nil {
		return err
	}
	done := answeredNote{Key: d.key(), Conversation: d.Conversation, Step: d.Step}
	if err := b.Note(noteAnswered, done, nil); err != nil {
		return err
	}
	return s.mailbox.Commit(&b)
}

// answerTo writes the customer's next mail, in the thread of the agent's.
func (s *Server) answerTo(b *mailbox.Batch, d dueNote, raw []byte, now time.Time) error {
	c := s.scripts[d.Conversation]
	if c == nil || d.Step >= len(c.Answers) {
		return nil // a newer program may have dropped this customer
	}
	head := readHead(raw)
	turn := c.Answers[d.Step]
	l := &letter{
		from:    c.From,
		to:      []desk.Address{Own},
		date:    now.In(c.Zone),
		subject: replySubject(head.subject, c.Language),
		id:      messageID(c.Client, domainOf(c.From.Addr), c.ID, "answer", strconv.Itoa(d.Step), d.Answers),
		refs:    append(slices.Clone(head.refs), head.id),
		lang:    c.Language,
		client:  c.Client,
		charset: c.Charset,
		text:    turn.Text,
		quoted:  &quotation{from: Own, to: head.to, at: head.date, subject: head.subject, text: readText(raw)},
		files:   turn.Files,
		auto:    turn.Auto,
	}
	if turn.Auto {
		l.quoted = nil
	}
	b.Mail(c.Folder, now, l.render())
	return b.Note(noteSaid, saidNote{Conversation: c.ID, ID: l.id}, nil)
}

// replySubject puts the customer's own "Re:" before a subject that has none of
// the kind.
func replySubject(subject string, lang *content.Language) string {
	prefix, _, ok := strings.Cut(subject, ":")
	if ok && len([]rune(prefix)) <= 4 && (strings.EqualFold(prefix, "re") || strings.EqualFold(prefix, lang.Re)) {
		return subject
	}
	return lang.Re + ": " + subject
}

// newcomer lets the next later customer write; when all have, nothing happens.
func (s *Server) newcomer(now time.Time) error {
	s.act.Lock()
	defer s.act.Unlock()
	for _, c := range s.library.Conversations {
		s.mu.Lock()
		here := s.state.arrived[c.ID]
		s.mu.Unlock()
		if !c.Later || here {
			continue
		}
		var b mailbox.Batch
		for _, m := range s.script(c, now) {
			b.Mail(m.box, now, m.raw, m.flags...)
			if err := b.Note(noteSaid, saidNote{Conversation: c.ID, ID: m.id}, nil); err != nil {
				return err
			}
		}
		if err := b.Note(noteArrived, arrivedNote{Conversation: c.ID}, nil); err != nil {
			return err
		}
		return s.mailbox.Commit(&b)
	}
	return nil
}
