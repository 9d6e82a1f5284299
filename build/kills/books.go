package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fernpost/app/outbox"
	"fernpost/store"
	"fernpost/store/desk"
)

// killBooks kills a program that types, queues and journals as fast as it can, n
// times, and checks each time that everything it was told is stored is there.
// There is no server: this is about the store alone.
func killBooks(ctx context.Context, p plan) (*report, error) {
	r := newReport("SIGKILL while drafts, replies and their journal are written", p)
	rng := rand.New(rand.NewPCG(p.seed, 3)) //nolint:gosec // moments, not secrets
	dir, err := os.MkdirTemp("", "fernpost-kills-")
	if err != nil {
		return r, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	dir = filepath.Join(dir, "data")
	if err := openBooks(ctx, dir); err != nil {
		return r, err
	}
	for range p.times {
		said, err := write(ctx, dir, time.Duration(rng.Int64N(int64(40*time.Millisecond))))
		if err != nil {
			return r, err
		}
		if err := checkBooks(ctx, dir, said, r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// openBooks makes the store with one conversation.
func openBooks(ctx context.Context, dir string) error {
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return err
	}
	err = s.PutAccount(ctx, desk.Account{
		ID: account, Kind: desk.AccountMail, Name: "Help", Address: desk.Address{Addr: "help@example.test"},
		State: desk.AccountOK, Settings: []byte("{}"), Created: time.Now(),
	})
	if err == nil {
		_, err = s.Apply(ctx, store.Page{Account: account, Items: []desk.Arrival{{
			Kind: desk.ArrivalHead, Remote: desk.RemoteRef{Scope: "INBOX", Epoch: "1", ID: "1"}, Stable: "1",
			Head: &desk.Head{
				At: time.Now(), HeaderID: keyOf(draftSubject), Subject: draftSubject, Kind: desk.KindPerson, Folder: desk.RoleInbox,
				From: desk.Address{Addr: "katharina@example.test"}, To: []desk.Address{{Addr: "help@example.test"}},
			},
			Body: &desk.Body{Text: "Where is it?"},
		}}})
	}
	return errors.Join(err, s.Close())
}

// write starts a writer, kills it a while after its first word, and gives all
// it said.
func write(ctx context.Context, dir string, after time.Duration) (said []string, err error) {
	cmd := exec.CommandContext(ctx, os.Args[0], "writer", dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var timer *time.Timer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said = append(said, lines.Text())
		if timer == nil {
			timer = time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait()
	if timer == nil {
		return nil, errEnded
	}
	return said, nil
}

// runWriter is the child: one letter after the other, each with its keystrokes
// and its journal. It goes on until somebody kills it.
func runWriter(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("a writer wants one folder")
	}
	s, err := store.Open(ctx, store.Options{Dir: args[0]})
	if err != nil {
		return err
	}
	boot := string(desk.NewOpID(time.Now()))
	if _, err := outbox.Recover(ctx, s, boot); err != nil {
		return err
	}
	c, err := s.ConversationByKey(ctx, account, desk.SharedKey(keyOf(draftSubject)))
	if err != nil {
		return err
	}
	for {
		if err := oneLetter(ctx, s, c.ID, boot); err != nil {
			return err
		}
	}
}

func oneLetter(ctx context.Context, s *store.Store, c desk.ConversationID, boot string) error {
	var d desk.Draft
	var err error
	for range 3 {
		text := fmt.Sprint(time.Now().UnixNano())
		if d, err = s.SaveDraft(ctx, desk.Draft{Conversation: c, Text: text}); err != nil {
			return err
		}
		fmt.Println("typed", text)
	}
	op := desk.Op{
		ID: desk.NewOpID(time.Now()), Account: account, Conversation: c, Lane: desk.LanePublic, Kind: desk.OpReply,
		Draft: d.ID, Payload: []byte(d.Text), Text: d.Text, Created: time.Now(),
	}
	if _, err := s.QueueReply(ctx, op, ""); err != nil {
		return err
	}
	fmt.Println("queued", op.ID)
	if _, err := s.StartAttempt(ctx, op.ID, boot); err != nil {
		if desk.KindOf(err) == desk.KindConflict { // one of before the kill may have arrived
			_, err = s.CancelOp(ctx, op.ID, true)
			fmt.Println("cancelled", op.ID)
		}
		return err
	}
	fmt.Println("sending", op.ID)
	if err := s.MarkFinal(ctx, op.ID); err != nil {
		return err
	}
	fmt.Println("final", op.ID)
	if _, err := s.MoveOp(ctx, store.Move{ID: op.ID, From: desk.OpSending, To: desk.OpSent}); err != nil {
		return err
	}
	fmt.Println("sent", op.ID)
	return nil
}

// mayBe is what a reply may be after a restart, by the last word about it: what
// came after the word may be stored too, and what came before it must be.
var mayBe = map[string][]desk.OpState{
	"queued":    {desk.OpQueued, desk.OpUncertain, desk.OpCancelled},
	"cancelled": {desk.OpCancelled},
	"sending":   {desk.OpQueued, desk.OpUncertain},
	"final":     {desk.OpUncertain, desk.OpSent},
	"sent":      {desk.OpSent},
}

func checkBooks(ctx context.Context, dir string, said []string, r *report) (err error) {
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if _, err := outbox.Recover(ctx, s, "check"); err != nil {
		return err
	}
	var typed, moment string
	last := map[desk.OpID]string{}
	for _, line := range said {
		what, rest, _ := strings.Cut(line, " ")
		moment = what
		if what == "typed" {
			typed = rest
			r.Keystrokes++
			continue
		}
		last[desk.OpID(rest)] = what
	}
	r.Times++
	r.Moments[moment]++
	for id, word := range last {
		if err := checkOp(ctx, s, id, word, r); err != nil {
			return err
		}
	}
	if moment == "typed" {
		if err := checkTyped(ctx, s, typed, r); err != nil {
			return err
		}
	}
	return settleBooks(ctx, s)
}

func checkOp(ctx context.Context, s *store.Store, id desk.OpID, word string, r *report) error {
	op, err := s.Op(ctx, id)
	if desk.KindOf(err) == desk.KindNotFound {
		r.violated("%s was said to be %s and is gone", id, word)
		return nil
	}
	if err != nil {
		return err
	}
	r.Ops[string(op.State)]++
	if !slices.Contains(mayBe[word], op.State) {
		r.violated("%s was said to be %s and is %s", id, word, op.State)
	}
	return nil
}

// checkTyped looks for the last keystrokes: in the open draft, or in the reply
// that was made of it without having said so.
func checkTyped(ctx context.Context, s *store.Store, typed string, r *report) error {
	c, err := s.ConversationByKey(ctx, account, desk.SharedKey(keyOf(draftSubject)))
	if err != nil {
		return err
	}
	d, err := s.DraftOf(ctx, c.ID)
	if err == nil && d.Text >= typed { // numbers of the same length that grow
		return nil
	}
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	ops, err := s.OpenOps(ctx)
	for _, op := range ops {
		if op.Text >= typed {
			return nil
		}
	}
	if err == nil {
		r.violated("%s was acknowledged and is nowhere", typed)
	}
	return err
}

// settleBooks clears what asks for somebody, so that the next writer can go on.
func settleBooks(ctx context.Context, s *store.Store) error {
	ops, err := s.OpenOps(ctx)
	if err != nil {
		return err
	}
	for _, op := range ops {
		if op.State == desk.OpUncertain {
			_, err = s.MoveOp(ctx, store.Move{ID: op.ID, From: desk.OpUncertain, To: desk.OpReconciled})
		} else {
			_, err = s.CancelOp(ctx, op.ID, true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
