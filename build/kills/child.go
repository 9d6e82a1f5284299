package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fernpost/app/intake"
	"fernpost/app/outbox"
	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store"
	"fernpost/store/desk"
)

const account desk.AccountID = "help"

// order is what a child is started with.
type order struct {
	Dir      string
	Settings mail.Settings
	Roots    string // PEM
	Password string
	Ahead    time.Duration // of the clock
}

// child is the program as it runs for one account, without a window. It does
// what it is told line by line, and says what it did once that is stored.
type child struct {
	order  order
	store  *store.Store
	source *mail.Source
	intake *intake.Intake
	outbox *outbox.Outbox
	ahead  atomic.Int64

	mu sync.Mutex // of what it says
}

func runChild(ctx context.Context, args []string) error {
	var c child
	if len(args) != 1 {
		return errors.New("a child wants one order")
	}
	if err := json.Unmarshal([]byte(args[0]), &c.order); err != nil {
		return err
	}
	c.ahead.Store(int64(c.order.Ahead))
	pem, err := os.ReadFile(c.order.Roots)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	boot := string(desk.NewOpID(time.Now()))
	if err := c.openStore(ctx, boot); desk.KindOf(err) == desk.KindDiskFull {
		c.say("full") // the window says so, and is opened again when there is room
		return nil
	} else if err != nil {
		return err
	}
	c.source = mail.New(mail.Config{
		Settings: c.order.Settings, Secrets: maillab.Password(c.order.Password), Blobs: c.store, Clock: c.clock,
		TLS: &tls.Config{RootCAs: roots},
	})
	c.intake = intake.New(intake.Options{
		Account: account, Source: c.source, Store: c.store, Clock: c.clock,
		Seen:     func(ctx context.Context, ops []desk.OpID) { c.outbox.Seen(ctx, ops) },
		Returned: func() { c.outbox.Wake() },
	})
	c.outbox = outbox.New(outbox.Options{
		Account: account, Sink: c.source, Head: c.intake, Store: loud{c.store, &c}, Clock: c.clock, Boot: boot,
		Quiet: c.intake.Quiet, Calm: c.intake.Calm,
	})
	return c.work(ctx)
}

func (c *child) openStore(ctx context.Context, boot string) (err error) {
	if c.store, err = store.Open(ctx, store.Options{Dir: c.order.Dir, Clock: c.clock}); err != nil {
		return err
	}
	_, err = outbox.Recover(ctx, c.store, boot)
	return err
}

func (c *child) clock() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *child) say(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Printf(format+"\n", args...)
}

// work runs the engines and does what stdin says until it ends.
func (c *child) work(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var engines sync.WaitGroup
	engines.Go(func() { _ = c.intake.Run(ctx) })
	engines.Go(func() { _ = c.outbox.Run(ctx) })
	c.say("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		what, rest, _ := strings.Cut(lines.Text(), " ")
		do, ok := map[string]func(context.Context, string) error{"answer": c.answer, "type": c.keepTyping, "ahead": c.jump, "open": c.open, "has": c.has}[what]
		if !ok {
			return fmt.Errorf("told %q", what)
		}
		if err := do(ctx, rest); err != nil {
			c.say("failed %s", desk.KindOf(err)) // the text is still on the screen
		}
	}
	stop()
	engines.Wait()
	return c.store.Close()
}

// answer queues a reply to the conversation whose question has the subject.
func (c *child) answer(ctx context.Context, subject string) error {
	conversation, draft, err := c.written(ctx, subject, "The answer to "+subject)
	if err != nil {
		return err
	}
	messages, err := c.store.Messages(ctx, conversation.ID)
	if err != nil {
		return err
	}
	now := c.clock()
	reply := source.Reply{
		OpID: desk.NewOpID(now), Date: now, From: desk.Address{Addr: c.order.Settings.Addresses[0]},
		To: []desk.Address{conversation.Customer}, Subject: "Re: " + subject, Text: draft.Text,
		InReplyTo: messages[0].HeaderID, References: []string{messages[0].HeaderID},
	}
	frozen, err := c.source.FreezeReply(reply)
	if err != nil {
		return err
	}
	_, err = c.store.QueueReply(ctx, desk.Op{
		ID: reply.OpID, Account: account, Conversation: conversation.ID, Lane: desk.LanePublic, Kind: desk.OpReply,
		Payload: frozen.Payload, Bytes: frozen.Bytes, Base: messages[len(messages)-1].ID, Draft: draft.ID,
		UndoUntil: now, Created: now, To: conversation.Customer, Subject: reply.Subject, Text: reply.Text,
	}, desk.StatusWaiting)
	if err != nil {
		return err
	}
	c.say("new %s", reply.OpID)
	c.outbox.Wake()
	return nil
}

// has tells whether a question has come in.
func (c *child) has(ctx context.Context, subject string) error {
	_, err := c.store.ConversationByKey(ctx, account, desk.SharedKey(keyOf(subject)))
	if err == nil || desk.KindOf(err) == desk.KindNotFound {
		c.say("has %t", err == nil)
		return nil
	}
	return err
}

// written saves a draft in a conversation.
func (c *child) written(ctx context.Context, subject, text string) (desk.Conversation, desk.Draft, error) {
	conversation, err := c.store.ConversationByKey(ctx, account, desk.SharedKey(keyOf(subject)))
	if err != nil {
		return conversation, desk.Draft{}, err
	}
	d, err := c.store.SaveDraft(ctx, desk.Draft{Conversation: conversation.ID, To: []desk.Address{conversation.Customer}, Text: text})
	return conversation, d, err
}

// keepTyping saves a draft that grows, until the end, and tells each revision
// once it is stored. What can't be stored is tried again with the next one.
func (c *child) keepTyping(_ context.Context, subject string) error {
	go func() {
		for n := time.Now().UnixMicro(); ; n = time.Now().UnixMicro() {
			_, _, err := c.written(context.Background(), subject, fmt.Sprint(n))
			switch kind := desk.KindOf(err); kind {
			case "":
				c.say("typed %d", n)
			case desk.KindCancelled:
				return // the store is closed
			default:
				c.say("unsaved %s", kind)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return nil
}

// jump sets the clock forward, so that waits of minutes are over.
func (c *child) jump(_ context.Context, by string) error {
	d, err := time.ParseDuration(by)
	if err != nil {
		return err
	}
	c.ahead.Add(int64(d))
	c.outbox.Wake()
	return nil
}

// open tells how many replies still move by themselves. One that stands behind a
// reply which asks a person waits for that person too.
func (c *child) open(ctx context.Context, _ string) error {
	ops, err := c.store.OpenOps(ctx)
	if err != nil {
		return err
	}
	moving, asks := 0, map[desk.ConversationID]int64{}
	for _, op := range ops {
		if seq, ok := asks[op.Conversation]; op.State == desk.OpNeedsYou && (!ok || op.Seq < seq) {
			asks[op.Conversation] = op.Seq
		}
	}
	for _, op := range ops {
		seq, behind := asks[op.Conversation]
		if op.State != desk.OpNeedsYou && (!behind || op.Seq < seq) {
			moving++
		}
	}
	c.say("open %d", moving)
	return nil
}

// loud is the store, and says each step of a reply once it is journalled.
type loud struct {
	*store.Store
	c *child
}

func (l loud) StartAttempt(ctx context.Context, id desk.OpID, boot string) (desk.Op, error) {
	op, err := l.Store.StartAttempt(ctx, id, boot)
	if err == nil {
		l.c.say("sending %s", id)
	}
	return op, err
}

func (l loud) MarkFinal(ctx context.Context, id desk.OpID) error {
	err := l.Store.MarkFinal(ctx, id)
	if err == nil {
		l.c.say("final %s", id)
	}
	return err
}

func (l loud) MoveOp(ctx context.Context, m store.Move) (desk.Op, error) {
	op, err := l.Store.MoveOp(ctx, m)
	if err == nil {
		l.c.say("%s %s", op.State, m.ID)
	}
	return op, err
}
