package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

// CatchUp brings the account's newest heads in now, connecting where needed,
// and returns when they are stored. It implements outbox.Head: an error means
// that nobody knows what stands on the server now (kind offline where it
// doesn't answer). It may be called beside Run, or without it.
func (in *Intake) CatchUp(ctx context.Context) error {
	defer in.looking()()
	for {
		more, err := in.page(ctx, forReply)
		if err != nil || !more {
			return err
		}
	}
}

// page brings one page in, or the few that come at once on a quick line, and
// tells whether another waits.
func (in *Intake) page(ctx context.Context, u urgency) (more bool, err error) {
	t, err := in.line.take(ctx, u)
	if err != nil {
		return false, err
	}
	b := batch{forReply: u == forReply}
	more, err = in.pull(ctx, &b)
	for err == nil && more && b.mayGrow() && !t.mustYield() {
		more, err = in.pull(ctx, &b)
	}
	if failed := in.keep(ctx, &b); failed != nil {
		err = failed
	}
	t.give()
	if len(b.applied.OpsSeen) > 0 && in.o.Seen != nil {
		in.o.Seen(ctx, b.applied.OpsSeen)
	}
	if u == forReply && b.wasLost {
		in.Wake() // Run waits for nothing any more
	}
	if u == forReply && b.applied.New > 0 {
		signal(in.nudged) // the heads are here, their texts aren't
	}
	return more, err
}

// pull asks for a page and puts it to the batch. The caller has the turn.
func (in *Intake) pull(ctx context.Context, b *batch) (more bool, err error) {
	// What the page says holds for when it was asked for: an answer takes its
	// time, and what came to the server meanwhile isn't in it.
	asked := &in.asked
	if b.forReply {
		asked = &in.askedHeads
	}
	if asked.IsZero() { // else the page continues one, and the source may not have looked again
		*asked = in.now()
	}
	defer func() {
		if err != nil {
			*asked = time.Time{}
		}
	}()
	if err := in.connect(ctx); err != nil {
		return false, err
	}
	cursor := b.page.Cursor
	if cursor == nil {
		if cursor, err = in.cursor(ctx); err != nil {
			return false, err
		}
	}
	choice, err := in.o.Store.LineChoice(ctx, in.o.Account)
	if err != nil {
		return false, in.cantStore("read line choice", err)
	}
	if len(cursor) == 0 {
		in.shallow = choice.Horizon == 0 || horizon(choice) > firstReach
	}
	req := source.PullRequest{
		Cursor: cursor, Focus: in.wanted(ctx), HeadsOnly: b.forReply, Since: in.since(choice), TextOnly: choice.TextOnly,
		TextHere: func(stable []string) map[string]bool { return in.textsHere(ctx, stable) },
	}
	var page source.Page
	began := in.o.Clock()
	err = in.shielded("pull", func() (err error) {
		page, err = in.o.Source.Pull(ctx, req)
		return err
	})
	if err != nil {
		return false, in.broken(ctx, "pull", err)
	}
	if len(page.Reset) > 0 && b.has { // it must not unbind what came before it only to bind it again
		if err := in.keep(ctx, b); err != nil {
			return false, err
		}
	}
	b.add(page, *asked, in.o.Clock().Sub(began))
	if !page.More {
		*asked = time.Time{}
	}
	return in.reached(page, cursor, b.forReply), nil
}

// keep stores what came. The caller has the turn.
func (in *Intake) keep(ctx context.Context, b *batch) error {
	if !b.has {
		return nil
	}
	page := b.page
	page.Account, page.ForReply = in.o.Account, b.forReply
	at, kept := page.Verified, keptAll
	if page.More {
		// What the server holds is known when the last page is here.
		page.Verified, kept = time.Time{}, keptSome
	}
	*b = batch{forReply: b.forReply, applied: b.applied, wasLost: b.wasLost}
	applied, err := in.o.Store.Apply(ctx, page)
	if err != nil {
		in.answered(ctx, at, keptNothing)
		return in.cantStore("store page", err)
	}
	b.applied.New += applied.New
	b.applied.OpsSeen = append(b.applied.OpsSeen, applied.OpsSeen...)
	b.wasLost = in.answered(ctx, at, kept) || b.wasLost
	return nil
}

// textsHere tells whose text needn't come again. What can't be read is fetched.
func (in *Intake) textsHere(ctx context.Context, stable []string) map[string]bool {
	here, err := in.o.Store.TextsHere(ctx, in.o.Account, stable)
	if err != nil {
		return nil
	}
	return here
}

// reached keeps the book of the first sync and tells whether to go on.
func (in *Intake) reached(page source.Page, before source.Cursor, headsOnly bool) (more bool) {
	// A source that promises more and brings neither things nor a new place
	// would be asked for ever.
	more = page.More && (len(page.Items) > 0 || !bytes.Equal(page.Next, before))
	if headsOnly {
		return more
	}
	if !more && in.shallow {
		in.shallow, more = false, true // the newest days are here: now the rest
	}
	in.whole = in.whole || !more
	importing := !in.whole
	in.change(func(s *Status) { s.Importing, s.Reach, s.ToGo = importing, page.Reach, page.Left })
	return more
}

// since is the oldest date to ask for, zero for none. Whole days, so that a
// request looks the same all day.
func (in *Intake) since(choice desk.LineChoice) time.Time {
	reach := horizon(choice)
	switch {
	case in.shallow:
		reach = firstReach
	case reach == 0:
		return time.Time{}
	}
	return in.now().Add(-reach).Truncate(24 * time.Hour)
}

func horizon(choice desk.LineChoice) time.Duration {
	return time.Duration(choice.Horizon) * 24 * time.Hour
}

// wanted gives the places of what the conversation on screen may wait for: texts
// that are to come, and those that have no HTML beside them yet. What can't be
// read is no reason not to pull.
func (in *Intake) wanted(ctx context.Context) []desk.RemoteRef {
	id := desk.ConversationID(in.focus.Load())
	if id == 0 {
		return nil
	}
	messages, err := in.o.Store.Messages(ctx, id)
	if err != nil {
		return nil
	}
	var refs []desk.RemoteRef
	for _, m := range messages {
		if m.TextState != desk.TextComing && m.HTML != "" {
			continue
		}
		if at, err := in.o.Store.Remotes(ctx, m.ID); err == nil && len(at) > 0 {
			refs = append(refs, at[0])
		}
	}
	return refs
}

// errNotInUse marks an account that nobody may speak to now.
var errNotInUse = errors.New("the account is not in use")

var notInUse = map[desk.AccountState]desk.Kind{
	desk.AccountSignIn:    desk.KindSignIn,
	desk.AccountPaused:    desk.KindPaused,
	desk.AccountDifferent: desk.KindUnsafe,
}

// connect makes sure that the line is open and leads to the mailbox that is
// stored here. The caller has the turn.
func (in *Intake) connect(ctx context.Context) error {
	if in.stale.Swap(false) {
		in.hangUp()
	}
	account, err := in.o.Store.Account(ctx, in.o.Account)
	if err != nil {
		return in.cantStore("read account", err)
	}
	if account.State != desk.AccountOK {
		in.hangUp()
		kind := notInUse[account.State]
		in.lost(ctx, in.now(), kind)
		return desk.E(kind, "reach account", errNotInUse)
	}
	if in.open {
		return nil
	}
	in.stood.Store(false)
	var session source.Session
	err = in.shielded("open", func() (err error) {
		session, err = in.o.Source.Open(ctx)
		return err
	})
	if err != nil {
		return in.broken(ctx, "open account", err)
	}
	in.open, in.opened, in.caps = true, in.now(), session.Caps
	in.push.Store(session.Caps.Can(source.Push))
	return in.recognise(ctx, account, session.Identity)
}

// recognise refuses another mailbox than the one stored: its mails would mix
// with the old one's, and replies would leave in another name.
func (in *Intake) recognise(ctx context.Context, account desk.Account, identity string) error {
	switch account.Identity {
	case identity:
		return nil
	case "":
		account.Identity = identity
		if err := in.o.Store.PutAccount(ctx, account); err != nil {
			return in.cantStore("keep identity", err)
		}
		return nil
	}
	in.hangUp()
	in.lost(ctx, in.now(), desk.KindUnsafe)
	in.log.Warn("another mailbox answers", "account", in.o.Account)
	if err := in.o.Store.SetAccountState(ctx, in.o.Account, desk.AccountDifferent); err != nil {
		return in.cantStore("pause account", err)
	}
	return desk.E(desk.KindUnsafe, "recognise mailbox", errNotInUse)
}

// hangUp drops the line. The caller has the turn.
func (in *Intake) hangUp() {
	if in.open {
		in.open = false
		_ = in.o.Source.Close()
	}
}

// stoodWell is how long a line must have stood to be tried again at once when it
// is lost: it was the line, and the account is well.
const stoodWell = 10 * time.Second

// broken gives up the line after an error of the source and says why. An end
// that the caller wanted is no news about the account, but where the exchange
// stood nobody knows, so the line goes all the same.
func (in *Intake) broken(ctx context.Context, doing string, err error) error {
	if in.open && in.now().Sub(in.opened) >= stoodWell {
		in.stood.Store(true)
	}
	in.open = false
	_ = in.o.Source.Close()
	if ctx.Err() != nil {
		return desk.E(desk.KindCancelled, doing, ctx.Err())
	}
	kind := desk.KindOf(err)
	if kind == desk.KindSignIn {
		if err := in.o.Store.SetAccountState(ctx, in.o.Account, desk.AccountSignIn); err != nil {
			return in.cantStore("pause account", err)
		}
	}
	if kind == desk.KindCancelled { // not by us: the source ran out of its own time
		kind = desk.KindOffline
	}
	in.lost(ctx, in.now(), kind)
	return desk.E(kind, doing, err)
}

// cantStore shows a problem of this computer's, which is none of the line's.
func (in *Intake) cantStore(doing string, err error) error {
	kind := desk.KindOf(err)
	in.change(func(s *Status) { s.Problem = kind })
	return desk.E(kind, doing, err)
}

// shielded calls the source; a panic in it is a broken line and ends neither
// the loop nor the program.
func (in *Intake) shielded(doing string, call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			in.log.Error("source panicked", "doing", doing, "stack", string(debug.Stack()))
			err = desk.E(desk.KindInternal, doing, fmt.Errorf("panic: %v", p))
		}
	}()
	return call()
}
