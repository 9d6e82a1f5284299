package store

import (
	"context"
	"database/sql"
	"errors"
	"html"
	"slices"
	"strings"

	"fernpost/store/desk"
)

// revisionsKept is how many revisions of a draft stay.
const revisionsKept = 50

const draftColumns = `d.id, d.account, d.conversation, d.op, r.rev, r.to_list, r.cc_list, r.bcc_list, r.subject, r.body, r.base, r.saved_ms, r.identity,
  r.rich, r.quotes, r.passes_on`

func scanDraft(r scanner) (d desk.Draft, err error) {
	var to, cc, bcc string
	var saved int64
	err = r.Scan(&d.ID, &d.Account, &d.Conversation, &d.Op, &d.Revision, &to, &cc, &bcc, &d.Subject, &d.Text, &d.Base, &saved, &d.Identity,
		&d.Rich, &d.Quotes, &d.PassesOn)
	if err != nil {
		return d, err
	}
	d.Saved = moment(saved)
	for _, l := range []struct {
		dest *[]desk.Address
		text string
	}{{&d.To, to}, {&d.Cc, cc}, {&d.Bcc, bcc}} {
		if *l.dest, err = unlist[desk.Address](l.text); err != nil {
			return d, err
		}
	}
	return d, nil
}

const (
	selectDraft = `
SELECT ` + draftColumns + ` FROM draft d JOIN draft_rev r ON r.draft = d.id AND r.rev = d.rev WHERE d.id = ?1`
	selectOpenDraft = `
SELECT ` + draftColumns + ` FROM draft d JOIN draft_rev r ON r.draft = d.id AND r.rev = d.rev
WHERE d.conversation = coalesce((SELECT into_conversation FROM conversation_merged WHERE id = ?1), ?1) AND d.op = ''`
	selectRevisions = `
SELECT ` + draftColumns + ` FROM draft d JOIN draft_rev r ON r.draft = d.id WHERE d.id = ?1 ORDER BY r.rev DESC`
)

// Draft gives one draft, kind not_found when there is none.
func (s *Store) Draft(ctx context.Context, id desk.DraftID) (desk.Draft, error) {
	d, err := one(ctx, s.main, selectDraft, []any{id}, scanDraft)
	if err == nil {
		d.Files, err = many(ctx, s.main, selectDraftFiles, []any{id}, scanDraftFile)
	}
	return d, wrap("read draft", err)
}

// DraftOf gives this device's open draft of a conversation (kind not_found
// when none).
func (s *Store) DraftOf(ctx context.Context, c desk.ConversationID) (desk.Draft, error) {
	d, err := one(ctx, s.main, selectOpenDraft, []any{c}, scanDraft)
	if err == nil {
		d.Files, err = many(ctx, s.main, selectDraftFiles, []any{d.ID}, scanDraftFile)
	}
	return d, wrap("read draft of conversation", err)
}

// DraftRevisions gives the kept revisions of a draft, newest first.
func (s *Store) DraftRevisions(ctx context.Context, id desk.DraftID) ([]desk.Draft, error) {
	all, err := many(ctx, s.main, selectRevisions, []any{id}, scanDraft)
	return all, wrap("read draft revisions", err)
}

const (
	insertDraft = `INSERT INTO draft (id, account, conversation) SELECT ?1, account, id FROM conversation WHERE id = ?2`
	moveHead    = `UPDATE draft SET rev = ?2 WHERE id = ?1`
	insertRev   = `
INSERT INTO draft_rev (draft, rev, to_list, cc_list, bcc_list, subject, body, base, saved_ms, identity, rich, quotes, passes_on)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`
	deleteOldRevs = `DELETE FROM draft_rev WHERE draft = ?1 AND rev <= ?2`
	deleteDraft   = `DELETE FROM draft WHERE id = ?1`
)

// SaveDraft writes a revision and returns the stored draft. With given.ID "" it is
// a new draft, or the next revision of the conversation's open one: there is
// one per conversation and device. Kind conflict when an op holds it, kind
// not_found when it was sent or dropped.
func (s *Store) SaveDraft(ctx context.Context, given desk.Draft) (d desk.Draft, err error) {
	err = s.writeWork(ctx, "save draft", func(t *tx) error {
		d = given
		old, found, err := t.draftToSave(&d)
		if err != nil {
			return err
		}
		if found && sameDraft(old, d) {
			d = old
		} else if err := t.revise(&d, old.Revision); err != nil {
			return err
		} else {
			t.changed.conversation(int64(d.Conversation))
		}
		d.Files, err = manyOf(t, selectDraftFiles, []any{d.ID}, scanDraftFile)
		return err
	})
	if err != nil {
		return desk.Draft{}, err
	}
	return d, nil
}

// draftToSave finds the draft that d is a revision of, or makes it.
func (t *tx) draftToSave(d *desk.Draft) (old desk.Draft, found bool, err error) {
	if d.ID != "" {
		if old, err = oneOf(t, selectDraft, []any{d.ID}, scanDraft); err != nil {
			return old, false, err
		}
		if old.Op != "" {
			return old, false, desk.E(desk.KindConflict, "edit draft", errors.New("an op holds it"))
		}
		d.Account, d.Conversation, d.Op = old.Account, old.Conversation, ""
		return old, true, nil
	}
	c, err := t.living(d.Conversation)
	if err != nil {
		return old, false, err
	}
	old, err = oneOf(t, selectOpenDraft, []any{c}, scanDraft)
	if err == nil {
		d.ID, d.Account, d.Conversation, d.Op = old.ID, old.Account, old.Conversation, ""
		return old, true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return old, false, err
	}
	d.ID, d.Conversation, d.Op = desk.NewDraftID(t.now), desk.ConversationID(c), ""
	if err = t.do(insertDraft, d.ID, c); err != nil {
		return old, false, err
	}
	return desk.Draft{}, false, t.row(selectDraftAccount, []any{d.ID}, &d.Account)
}

const selectDraftAccount = `SELECT account FROM draft WHERE id = ?1`

// revise writes d as the revision after last.
func (t *tx) revise(d *desk.Draft, last int64) error {
	d.Revision, d.Saved = last+1, moment(millis(t.now))
	err := t.do(insertRev, d.ID, d.Revision, list(d.To), list(d.Cc), list(d.Bcc), d.Subject, d.Text, d.Base, millis(d.Saved), d.Identity,
		d.Rich, d.Quotes, bit(d.PassesOn))
	if err != nil {
		return err
	}
	if err := t.do(moveHead, d.ID, d.Revision); err != nil {
		return err
	}
	return t.do(deleteOldRevs, d.ID, d.Revision-revisionsKept)
}

func sameDraft(a, b desk.Draft) bool {
	return a.Text == b.Text && a.Subject == b.Subject && a.Base == b.Base && a.Identity == b.Identity &&
		a.Rich == b.Rich && a.Quotes == b.Quotes && a.PassesOn == b.PassesOn &&
		slices.Equal(a.To, b.To) && slices.Equal(a.Cc, b.Cc) && slices.Equal(a.Bcc, b.Bcc)
}

// DropDraft forgets a draft with its revisions. Kind conflict when an op holds
// it; one that is gone already is no error.
func (s *Store) DropDraft(ctx context.Context, id desk.DraftID) error {
	return s.writeWork(ctx, "drop draft", func(t *tx) error {
		d, err := oneOf(t, selectDraft, []any{id}, scanDraft)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.Op != "" {
			return desk.E(desk.KindConflict, "drop draft", errors.New("an op holds it"))
		}
		t.changed.conversation(int64(d.Conversation))
		return t.do(deleteDraft, id)
	})
}

const updateDraftHome = `UPDATE draft SET conversation = ?2 WHERE id = ?1`

// moveOpenDraft takes a merged conversation's open draft along. Where both
// have one their texts become one draft: what somebody wrote is never hidden.
func (in *incoming) moveOpenDraft(into, other int64) error {
	d, err := oneOf(in.tx, selectOpenDraft, []any{other}, scanDraft)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	joined, more, err := in.absorb(into, d)
	if err != nil {
		return err
	}
	if err := in.do(updateDraftHome, d.ID, into); err != nil || !more {
		return err
	}
	return in.revise(&joined, d.Revision)
}

// absorb makes room for draft d in conversation into: a draft that is open
// there is dropped, and joined is d with its text behind. more tells that joined
// is to be saved, once d is free.
func (t *tx) absorb(into int64, d desk.Draft) (joined desk.Draft, more bool, err error) {
	other, err := oneOf(t, selectOpenDraft, []any{into}, scanDraft)
	if errors.Is(err, sql.ErrNoRows) || err == nil && other.ID == d.ID {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	if err := errors.Join(t.do(moveDraftFiles, other.ID, d.ID), t.do(deleteDraft, other.ID)); err != nil {
		return d, false, err
	}
	joined, more = JoinDrafts(d, other)
	return joined, more, nil
}

// JoinDrafts gives d with the text of other behind its own; more tells that there
// was any that d doesn't have.
func JoinDrafts(d, other desk.Draft) (joined desk.Draft, more bool) {
	if text := strings.TrimSpace(other.Text); text == "" || text == strings.TrimSpace(d.Text) {
		return d, false
	}
	if d.Rich != "" || other.Rich != "" {
		d.Rich = richOf(d) + "<p></p>" + richOf(other)
	}
	d.Text = strings.TrimRight(d.Text, "\n") + "\n\n" + other.Text
	d.Base = max(d.Base, other.Base)
	return d, true
}

// richOf gives a draft's text with its form, or as lines when it has none.
func richOf(d desk.Draft) string {
	if d.Rich != "" {
		return d.Rich
	}
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(d.Text, "\n"), "\n") {
		b.WriteString("<p>" + html.EscapeString(line) + "</p>")
	}
	return b.String()
}
