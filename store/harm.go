package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"fernpost/store/desk"
)

// Harm is what a damaged disk did to this folder, and what became of it. Main,
// Second and Blobs say where what was damaged lies now, "" when it wasn't.
type Harm struct {
	At                  time.Time
	Main, Second, Blobs string
	Behind              bool // main.db had lost its newest part, and has it again
	Rotten              bool // rows of it were changed by the disk, and are right again
	Gone                bool // main.db wasn't there
	Drafts, Replies     int  // that stand here again, when main.db was made anew
	Looked              int  // of the replies: may have left, and are looked for
	Broken              bool // what came back was read out of damaged files: some may be missing
	Files               int  // replies and drafts whose files are gone
}

// None tells that nothing happened.
func (h Harm) None() bool {
	return h.Main == "" && h.Second == "" && h.Blobs == "" && !h.Behind && !h.Rotten && !h.Gone
}

const harmSetting = "harm"

// Harm gives what happened last, none once a person has read it.
func (s *Store) Harm(ctx context.Context) (h Harm, err error) {
	const doing = "read what was damaged"
	text, err := one(ctx, s.main, selectSetting, []any{harmSetting}, scanOf[string])
	if errors.Is(err, sql.ErrNoRows) || text == "" {
		return Harm{}, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &h)
	}
	return h, wrap(doing, err)
}

// ForgetHarm is called when a person has read it.
func (s *Store) ForgetHarm(ctx context.Context) error { return s.PutSetting(ctx, harmSetting, "") }

const (
	countWork = `
SELECT (SELECT count(*) FROM draft WHERE op = ''),
  (SELECT count(*) FROM op WHERE kind = 'reply' AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you')),
  (SELECT count(*) FROM op WHERE kind = 'reply' AND (state = 'uncertain' OR state = 'sending' AND final = 1))`
	raiseSequence = `UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1`
	startSequence = `INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)`
	lastFiles     = `
SELECT coalesce(max(CASE WHEN attachment < ?1 THEN attachment END), 0),
  coalesce(max(CASE WHEN attachment >= ?1 THEN attachment - ?1 END), 0) FROM file`
)

// settle ends an opening after which something isn't as it was: new rows get
// numbers that no old file in blobs.db has, replies whose files are gone are
// left to a person, and what happened is written down.
func (b *bases) settle(ctx context.Context, f found, fresh bool) error {
	s, h := b.store, &b.harm
	h.Gone = fresh && h.Main == "" && f.behind
	h.Behind, h.Rotten = f.behind && !fresh, f.rotten
	h.Broken = fresh && (f.broken > 0 || h.Main != "" && f.empty)
	if h.None() {
		return nil
	}
	h.At = s.now()
	if fresh {
		s.unclean.Store(true) // what blobs.db holds of the mail from before is cleared away with the check
		if err := s.numberAnew(ctx); err != nil {
			return err
		}
	}
	return s.main.begin(ctx, s.now(), func(t *tx) (err error) {
		if h.Blobs != "" {
			if err := t.do(forgetHaves); err != nil {
				return err
			}
		}
		if h.Files, err = s.missFiles(t, fresh); err != nil {
			return err
		}
		h.Drafts, h.Replies, h.Looked = 0, 0, 0
		if fresh {
			if err := t.row(countWork, nil, &h.Drafts, &h.Replies, &h.Looked); err != nil {
				return err
			}
		}
		text, err := json.Marshal(h)
		if err != nil {
			return err
		}
		return t.do(putSetting, harmSetting, string(text))
	}, func(*tx) {})
}

// numberAnew has a new main.db count on from where no old one can have come to:
// a screen may still have a conversation of it open, and blobs.db its files. That
// is the time in seconds, or what blobs.db knows where a clock was set back.
func (s *Store) numberAnew(ctx context.Context) error {
	var attachment, upload int64
	if err := s.blobs.row(ctx, lastFiles, []any{firstUpload}, &attachment, &upload); err != nil {
		return err
	}
	return s.main.begin(ctx, s.now(), func(t *tx) error {
		now := t.now.Unix()
		for name, last := range map[string]int64{"conversation": now, "attachment": max(now, attachment), "upload": max(now, upload)} {
			if err := errors.Join(t.do(raiseSequence, name, last), t.do(startSequence, name, last)); err != nil {
				return err
			}
		}
		return nil
	}, func(*tx) {})
}

const (
	forgetHaves   = `UPDATE attachment SET have = 0 WHERE have > 0`
	selectCarried = `
SELECT DISTINCT u.id, u.size FROM upload u WHERE u.sha <> x'' AND (
  EXISTS (SELECT 1 FROM draft_file f WHERE f.upload = u.id OR f.original = u.id)
  OR EXISTS (SELECT 1 FROM op_file f WHERE f.upload = u.id))`
	needPerson = `
UPDATE op SET state = 'needs_you', reason = ?2, changed_ms = ?3
WHERE state = 'queued' AND EXISTS (SELECT 1 FROM op_file f WHERE f.op = op.id AND f.upload = ?1)`
	countLacking = `
SELECT (SELECT count(*) FROM op_file f JOIN op o ON o.id = f.op WHERE f.upload = ?1
    AND o.state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you'))
  + (SELECT count(*) FROM draft_file f JOIN draft d ON d.id = f.draft WHERE f.upload = ?1 AND d.op = '')`
	dropDraftFiles = `DELETE FROM draft_file WHERE upload = ?1`
	dropOriginals  = `UPDATE draft_file SET original = 0 WHERE original = ?1`
	dropComing     = `DELETE FROM draft_file WHERE upload = 0`
)

// missFiles finds the files of drafts and replies that aren't here any more, and
// in a new main.db those that were still to come from a message: it has another
// number now. A reply that a person has already been asked about stays so: nothing
// leaves without its files.
func (s *Store) missFiles(t *tx, fresh bool) (missing int, err error) {
	if fresh {
		n, err := t.exec(dropComing)
		if err != nil {
			return 0, err
		}
		missing = int(n)
	}
	type carried struct{ id, size int64 }
	all, err := manyOf(t, selectCarried, nil, func(r scanner) (c carried, err error) {
		err = r.Scan(&c.id, &c.size)
		return c, err
	})
	if err != nil {
		return 0, err
	}
	for _, c := range all {
		have, err := s.have(t.ctx, desk.AttachmentID(firstUpload+c.id))
		if err != nil {
			return 0, err
		}
		if have >= c.size {
			continue
		}
		var n int
		if err := t.row(countLacking, []any{c.id}, &n); err != nil {
			return 0, err
		}
		missing += n
		if err := errors.Join(
			t.do(needPerson, c.id, desk.ReasonFileGone, millis(t.now)),
			t.do(dropDraftFiles, c.id), t.do(dropOriginals, c.id),
		); err != nil {
			return 0, err
		}
	}
	return missing, nil
}
