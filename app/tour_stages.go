package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fernpost/app/intake"
	"fernpost/app/practice"
	"fernpost/store"
	"fernpost/store/desk"
	"fernpost/store/question"
)

// The two parts of a tour, each in a process of its own.
const (
	stageBefore = "before" // until the reply waits; ends by being killed
	stageAfter  = "after"  // from the restart to the receipt
)

// tourUndo is shorter than an agent's, so that a tour is.
const tourUndo = 300 * time.Millisecond

const tourReply = "Thank you for writing. I have looked into it and will come back to you today.\n"

// tourFolder is what a stage works on.
type tourFolder struct {
	dir string
	op  desk.OpID
}

// stage works through steps and prints each as a line.
type stage struct {
	out  *json.Encoder
	desk *Desk
	row  desk.Conversation
	op   desk.OpID
}

func practiceFolder(dir string) string { return filepath.Join(dir, "practice") }

func runStage(ctx context.Context, out io.Writer, name string, folder tourFolder) int {
	slog.SetLogLoggerLevel(slog.LevelWarn) // a cut line is the plan here, not news
	s := &stage{out: json.NewEncoder(out), op: folder.op}
	steps := []namedStep{
		{"sync", s.sync},
		{"read", s.read},
		{"search", s.search},
		{"draft", s.draft},
		{"cut", s.cut},
		{"queue", s.queue},
	}
	if name == stageAfter {
		steps = []namedStep{
			{"restart", s.restart}, {"reconnect", s.reconnect}, {"send", s.send}, {"receipt", s.receipt},
		}
	}
	d, err := openDesk(ctx, deskOptions{dir: folder.dir, clock: time.Now, undo: tourUndo})
	if err != nil {
		s.print(tourStep{Name: steps[0].name, Why: err.Error()})
		return exitFailed
	}
	s.desk = d
	for _, step := range steps {
		if !s.take(ctx, step) {
			_ = d.Close()
			return exitFailed
		}
	}
	if name == stageBefore {
		<-ctx.Done() // the guide kills this process here
	}
	if err := d.Close(); err != nil {
		return exitFailed
	}
	return exitDone
}

type namedStep struct {
	name string
	run  func(ctx context.Context) error
}

func (s *stage) take(ctx context.Context, step namedStep) bool {
	started := time.Now()
	err := step.run(ctx)
	line := tourStep{Name: step.name, MS: time.Since(started).Milliseconds(), OK: err == nil}
	if err != nil {
		line.Why = err.Error()
	}
	if step.name == "queue" {
		line.Op = string(s.op)
	}
	s.print(line)
	return err == nil
}

func (s *stage) print(step tourStep) { _ = s.out.Encode(step) }

// until asks again until it is so.
func until(ctx context.Context, so func() (bool, error)) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := so(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (s *stage) sync(ctx context.Context) error {
	return until(ctx, func() (bool, error) {
		status := s.desk.stations.list()[0].intake.Status()
		c, err := s.desk.store.Counters(ctx)
		return status.Line == intake.LineAnswered && !status.Importing && c.Inbox > 0, err
	})
}

// read opens the conversation that waits longest of those where the customer
// can be reached.
func (s *stage) read(ctx context.Context) error {
	page, err := s.desk.store.List(ctx, store.ListQuery{View: store.ViewInbox, Order: store.OrderLongest, Limit: pageRows})
	if err != nil {
		return err
	}
	for _, row := range page.Rows {
		view, err := s.desk.conversation(ctx, row.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(view.Messages, func(m MessageView) bool { return m.Kind == string(desk.KindBounce) }) {
			continue
		}
		if slices.ContainsFunc(view.Messages, func(m MessageView) bool { return m.TextState == string(desk.TextComing) }) {
			return errors.New("a text is missing")
		}
		s.row = row
		return nil
	}
	return errors.New("nobody waits")
}

func (s *stage) search(ctx context.Context) error {
	words := strings.Fields(s.row.Customer.Name)
	if len(words) == 0 {
		words = []string{s.row.Customer.Addr}
	}
	hits, err := s.desk.store.Search(ctx, store.SearchQuery{Question: question.Parse(words[0], s.desk.clock()), Limit: searchHits})
	if err != nil {
		return err
	}
	for _, h := range hits {
		if h.Conversation.ID == s.row.ID {
			return nil
		}
	}
	return errors.New("the conversation isn't found by its customer's name")
}

func (s *stage) draft(ctx context.Context) error {
	draft, err := s.desk.freshDraft(ctx, s.row.ID)
	if err != nil {
		return err
	}
	draft.Text = tourReply
	saved, err := s.desk.store.SaveDraft(ctx, draft)
	if err != nil {
		return err
	}
	back, err := s.desk.store.DraftOf(ctx, s.row.ID)
	if err == nil && (back.ID != saved.ID || back.Text != tourReply) {
		err = errors.New("the draft reads differently")
	}
	return err
}

func (s *stage) cut(ctx context.Context) error {
	if err := s.desk.practice.SetLine(practice.LineOff); err != nil {
		return err
	}
	s.desk.wake()
	return until(ctx, func() (bool, error) {
		return s.desk.stations.list()[0].intake.Status().Line == intake.LineLost, nil
	})
}

func (s *stage) queue(ctx context.Context) error {
	draft, err := s.desk.store.DraftOf(ctx, s.row.ID)
	if err != nil {
		return err
	}
	op, err := s.desk.queueReply(ctx, draft, desk.StatusWaiting, leaving{})
	s.op = op.ID
	return err
}

func (s *stage) restart(ctx context.Context) error {
	op, err := s.desk.store.Op(ctx, s.op)
	if err != nil {
		return err
	}
	if op.State != desk.OpQueued || op.Text != tourReply {
		return fmt.Errorf("the reply is %s after the restart", op.State)
	}
	if s.desk.practice.Line() != practice.LineOff {
		return errors.New("the line came back by itself")
	}
	return nil
}

func (s *stage) reconnect(ctx context.Context) error {
	if err := s.desk.practice.SetLine(practice.LineGood); err != nil {
		return err
	}
	s.desk.wake()
	return until(ctx, func() (bool, error) {
		return s.desk.stations.list()[0].intake.Status().Line == intake.LineAnswered, nil
	})
}

func (s *stage) send(ctx context.Context) error {
	return until(ctx, func() (bool, error) {
		op, err := s.desk.store.Op(ctx, s.op)
		if op.State == desk.OpHeld || op.State == desk.OpNeedsYou {
			return false, fmt.Errorf("the reply is %s: %s", op.State, op.Reason)
		}
		return op.State == desk.OpSent || op.State == desk.OpReconciled, err
	})
}

// receipt waits for the copy to come in and stand in its conversation.
func (s *stage) receipt(ctx context.Context) error {
	return until(ctx, func() (bool, error) {
		op, err := s.desk.store.Op(ctx, s.op)
		if err != nil {
			return false, err
		}
		messages, err := s.desk.store.Messages(ctx, op.Conversation)
		if err != nil {
			return false, err
		}
		for _, m := range messages {
			if m.OpID == s.op && m.Direction == desk.FromUs {
				return len(m.References) > 0, nil
			}
		}
		return false, nil
	})
}
