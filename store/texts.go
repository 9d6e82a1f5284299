package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"fernpost/store/desk"
)

const (
	selectText = `SELECT body, quoted, html FROM message_text WHERE message = ?1`
	putText    = `
INSERT INTO message_text (message, body, quoted, html) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (message) DO UPDATE SET body = excluded.body, quoted = excluded.quoted, html = excluded.html`
	updateText = `
UPDATE message SET text_state = ?2, text_remote = ?3, language = ?4, preview = ?5, warnings = ?6,
  named_name = ?7, named_addr = ?8, named_via = ?9
WHERE id = ?1 AND (text_state, text_remote, language, preview, warnings, named_name, named_addr, named_via)
  IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
)

// body takes a message's text. The text of one place is never overwritten from
// another: the first may be ours, and the second a stranger's who copied its
// head.
func (in *incoming) body(k known, a *desk.Arrival) error {
	b := a.Body
	if b == nil || k.state == desk.TextHere && (b.Missing || k.textFrom != k.remote) {
		return nil
	}
	changed, err := in.putText(k, b)
	if err != nil {
		return err
	}
	t := textOf(k, b)
	n, err := in.exec(updateText, k.id, t.state, t.remote, t.language, t.preview, t.warnings,
		t.named.Address.Name, t.named.Address.Addr, t.named.Via)
	if err != nil {
		return err
	}
	if err := in.report(k, b.Report); err != nil {
		return err
	}
	if !changed && n == 0 {
		return nil
	}
	if k.state != desk.TextHere && !b.Missing {
		in.applied.Texts++
	} else {
		in.applied.Changed++
	}
	in.touch(k.conversation)
	if !k.gone {
		in.reindex(k)
	}
	return nil
}

// textColumns is what a message's row says of its text.
type textColumns struct {
	state                       desk.TextState
	remote                      int64
	language, preview, warnings string
	named                       desk.Origin
}

func textOf(k known, b *desk.Body) textColumns {
	t := textColumns{
		state: desk.TextHere, remote: k.remote, language: cmp.Or(b.Language, k.declared),
		preview: preview(b.Text), warnings: list(b.Warnings),
	}
	if b.Missing {
		t.state = desk.TextNone
	}
	if b.Origin != nil {
		t.named = *b.Origin
	}
	return t
}

func (in *incoming) putText(k known, b *desk.Body) (changed bool, err error) {
	if b.Missing {
		return false, nil
	}
	var old desk.Body
	found := false
	if k.state != desk.TextComing {
		if found, err = in.tx.find(selectText, []any{k.id}, &old.Text, &old.Quoted, &old.HTML); err != nil {
			return false, err
		}
	}
	if found && old.Text == b.Text && old.Quoted == b.Quoted && old.HTML == b.HTML {
		return false, nil
	}
	return true, in.do(putText, k.id, b.Text, b.Quoted, b.HTML)
}

// flags takes what a place says of a message. A message may lie in two places
// whose flags differ: the last word of a page counts, and only that is written.
// Else a page that came again would turn them there and back.
func (in *incoming) flags(k known, a *desk.Arrival) {
	f := a.Flags
	if f == nil {
		return
	}
	keywords := list(f.Keywords)
	if f.Seen == k.seen && f.Answered == k.answered && keywords == k.keywords {
		delete(in.flagged, k.id)
		return
	}
	in.flagged[k.id] = flagging{k.conversation, f.Seen, f.Answered, keywords}
}

// flagging is what is to be written of a message's flags.
type flagging struct {
	conversation   int64
	seen, answered bool
	keywords       string
}

const updateFlags = `UPDATE message SET seen = ?2, answered = ?3, keywords = ?4 WHERE id = ?1`

func (in *incoming) writeFlags() error {
	for _, id := range slices.Sorted(maps.Keys(in.flagged)) {
		f := in.flagged[id]
		in.applied.Changed++
		in.touch(f.conversation)
		if err := in.do(updateFlags, id, bit(f.seen), bit(f.answered), f.keywords); err != nil {
			return err
		}
	}
	return nil
}

const (
	deleteRemote = `DELETE FROM remote WHERE id = ?1`
	countRemotes = `SELECT count(*) FROM remote WHERE message = ?1`
	hide         = `UPDATE message SET gone = 1 WHERE id = ?1 AND gone = 0`
	localWork    = `
SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1 AND op <> '')
  OR EXISTS (SELECT 1 FROM draft WHERE conversation = ?2)
  OR EXISTS (SELECT 1 FROM op WHERE conversation = ?2 AND state IN ('queued', 'sending', 'uncertain', 'held', 'needs_you'))`
)

// vanish unbinds a place. A message that lies nowhere any more is hidden, but
// its row stays, and so does a message that work of ours belongs to.
func (in *incoming) vanish(a *desk.Arrival) error {
	place, ok, err := in.place(a.Remote, false)
	if err != nil || !ok {
		return err
	}
	var k known
	found, err := in.tx.find(selectKnownRemote, []any{place, a.Remote.ID}, append(k.columns(), &k.remote, &k.version)...)
	if err != nil || !found {
		return err
	}
	if err := in.do(deleteRemote, k.remote); err != nil {
		return err
	}
	in.applied.Changed++
	var left, work int64
	if err := in.row(countRemotes, []any{k.id}, &left); err != nil {
		return err
	}
	if left > 0 {
		n, err := in.exec(updateJunk, k.id)
		if n > 0 {
			in.touch(k.conversation)
		}
		return err
	}
	if err := in.row(localWork, []any{k.id, k.conversation}, &work); err != nil || work != 0 {
		return err
	}
	if err := in.do(hide, k.id); err != nil {
		return err
	}
	in.touch(k.conversation)
	in.reindex(k)
	return nil
}

const selectTextsHere = `
SELECT DISTINCT m.stable FROM json_each(?2) j JOIN message m ON m.stable = j.value AND m.stable <> ''
WHERE m.account = ?1 AND m.text_state = 'here'`

// TextsHere gives those of some stable keys whose text is here.
func (s *Store) TextsHere(ctx context.Context, account desk.AccountID, stable []string) (map[string]bool, error) {
	found, err := many(ctx, s.main, selectTextsHere, []any{account, list(stable)}, func(r scanner) (key string, err error) {
		err = r.Scan(&key)
		return key, err
	})
	here := map[string]bool{}
	for _, key := range found {
		here[key] = true
	}
	return here, wrap("read whose text is here", err)
}
