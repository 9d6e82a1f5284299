package store

import (
	"cmp"
	"slices"

	"fernpost/store/desk"
)

// head takes the head of a message: at a place where it is known, at a new
// place of a message that is here, or of a new message.
func (in *incoming) head(a *desk.Arrival) error {
	if a.Head == nil {
		return desk.E(desk.KindInvalid, "take head", nil)
	}
	op, err := in.ourOp(a.Head)
	if err != nil {
		return err
	}
	k, err := in.findHead(a, op)
	if err != nil {
		return err
	}
	if k.id == 0 {
		k, err = in.add(a, op)
	} else {
		err = in.again(&k, a, op)
	}
	if err != nil {
		return err
	}
	if k.op != "" && !slices.Contains(in.applied.OpsSeen, k.op) {
		in.applied.OpsSeen = append(in.applied.OpsSeen, k.op)
	}
	if k.fresh {
		return nil // it was written with all that came
	}
	if err := in.body(k, a); err != nil {
		return err
	}
	in.flags(k, a)
	return nil
}

// findHead adds to find: copies of what we sent are one message even where a
// server on the way changed their heads.
func (in *incoming) findHead(a *desk.Arrival, op ourOp) (known, error) {
	k, err := in.find(a)
	if err != nil || k.id != 0 || op.id == "" {
		return k, err
	}
	_, err = in.tx.find(selectKnownOp, []any{in.account, op.id}, k.columns()...)
	return k, err
}

const insertMessage = `
INSERT INTO message (id, account, conversation, stable, header_id, root, op, direction, kind, from_name, from_addr,
  reply_to, to_list, cc_list, refs, subject, at_ms, declared, language, files, junk,
  customer_name, customer_addr, via, ask, marks, asks, seen, answered, keywords,
  text_state, text_remote, preview, warnings, named_name, named_addr, named_via)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
  ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37)`

// add stores a message that was not here.
func (in *incoming) add(a *desk.Arrival, op ourOp) (k known, err error) {
	h := a.Head
	keys := threadKeys(a)
	k = known{
		direction: desk.FromCustomer, kind: cmp.Or(h.Kind, desk.KindPerson), state: desk.TextComing, keywords: "[]", declared: h.Language,
		junk: h.Folder == desk.RoleJunk, op: op.id, at: h.At.UnixMilli(), fresh: true, version: a.Version,
	}
	if h.FromUs {
		k.direction = desk.FromUs
	}
	if f := a.Flags; f != nil {
		k.seen, k.answered, k.keywords = f.Seen, f.Answered, list(f.Keywords)
	}
	if k.conversation, err = in.thread(keys, op.conversation); err != nil {
		return k, err
	}
	if k.id, err = in.freeID(h); err != nil {
		return k, err
	}
	if k.remote, err = in.nextRemote(); err != nil {
		return k, err
	}
	root := keys[0]
	if len(keys) > 1 {
		root = keys[1]
	}
	text := textColumns{state: desk.TextComing, language: h.Language, warnings: "[]"}
	if a.Body != nil {
		text = textOf(k, a.Body)
	}
	m := in.mattersOf(h, h.FromUs)
	err = in.do(insertMessage, k.id, in.account, k.conversation, a.Stable, h.HeaderID, root, op.id, k.direction, k.kind,
		h.From.Name, h.From.Addr, list(h.ReplyTo), list(h.To), list(h.Cc), list(h.References), h.Subject,
		k.at, h.Language, text.language, files(h.Attachments), bit(k.junk),
		h.Customer.Name, h.Customer.Addr, h.Via, h.Ask, list(h.Marks), packAsks(m.asks), bit(k.seen), bit(k.answered), k.keywords,
		text.state, text.remote, text.preview, text.warnings, text.named.Address.Name, text.named.Address.Addr, text.named.Via)
	if err != nil {
		return k, err
	}
	if err = in.attach(k.id, h.Attachments); err != nil {
		return k, err
	}
	in.meet(h, k.junk)
	if err = in.bind(&k, a); err != nil {
		return k, err
	}
	if err = in.file(k, m); err != nil {
		return k, err
	}
	if err = in.heedDecisions(keys[0], k.conversation); err != nil {
		return k, err
	}
	in.reindex(k)
	in.applied.New++
	in.touch(k.conversation)
	return k, in.firstText(k, a.Body)
}

// firstText stores the text that a new message came with.
func (in *incoming) firstText(k known, b *desk.Body) error {
	if b == nil {
		return nil
	}
	if !b.Missing {
		if err := in.do(putText, k.id, b.Text, b.Quoted, b.HTML); err != nil {
			return err
		}
		in.applied.Texts++
	}
	return in.report(k, b.Report)
}

// heedDecisions has a message arranged that somebody decided about before it
// came.
func (in *incoming) heedDecisions(own string, conversation int64) error {
	if in.decided == nil {
		var some bool
		if err := in.row(selectDecided, []any{in.account}, &some); err != nil {
			return err
		}
		in.decided = &some
	}
	if !*in.decided {
		return nil
	}
	pins, err := manyOf(in.tx, selectPins, []any{own, in.account}, func(s scanner) (p pin, err error) {
		err = s.Scan(&p.order, &p.side)
		return p, err
	})
	if len(pins) > 0 {
		in.unsettle(conversation)
	}
	return err
}

func files(all []desk.Attachment) (n int64) {
	for _, a := range all {
		if !a.Inline {
			n++
		}
	}
	return n
}

const (
	idsPerMilli = 1 << 12
	selectTopID = `SELECT coalesce(max(id), -1) FROM message WHERE id >= ?1 AND id < ?2`
)

// freeID gives the next id of the message's millisecond, or of the first one
// after it that isn't full.
func (in *incoming) freeID(h *desk.Head) (int64, error) {
	first := int64(desk.FirstMessageID(h.At))
	for ; ; first += idsPerMilli {
		var top int64
		if err := in.row(selectTopID, []any{first, first + idsPerMilli}, &top); err != nil {
			return 0, err
		}
		switch {
		case top < 0:
			return first, nil
		case top < first+idsPerMilli-1:
			return top + 1, nil
		}
	}
}

const (
	insertRemote    = `INSERT INTO remote (id, place, rid, message, version, junk) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	selectTopRemote = `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'remote'), 0)`
	selectDecided   = `SELECT EXISTS (SELECT 1 FROM decision WHERE account = ?1)`
)

// nextRemote gives the id of the next row of remote, which a message's text is
// stored with. Ids are never used again.
func (in *incoming) nextRemote() (int64, error) {
	if in.remotes == 0 {
		if err := in.row(selectTopRemote, nil, &in.remotes); err != nil {
			return 0, err
		}
	}
	in.remotes++
	return in.remotes, nil
}

// bind notes where the message lies on the server.
func (in *incoming) bind(k *known, a *desk.Arrival) (err error) {
	if k.remote == 0 {
		if k.remote, err = in.nextRemote(); err != nil {
			return err
		}
	}
	place, _, err := in.place(a.Remote, true)
	if err != nil {
		return err
	}
	k.version = a.Version
	return in.do(insertRemote, k.remote, place, a.Remote.ID, k.id, a.Version, bit(a.Head.Folder == desk.RoleJunk))
}

const (
	updateVersion = `UPDATE remote SET version = ?2 WHERE id = ?1`
	updateHead    = `
UPDATE message SET subject = ?2, from_name = ?3, from_addr = ?4, reply_to = ?5, to_list = ?6, cc_list = ?7
WHERE id = ?1 AND (subject, from_name, from_addr, reply_to, to_list, cc_list) IS NOT (?2, ?3, ?4, ?5, ?6, ?7)`
	updateOurs = `UPDATE message SET direction = 'out', op = CASE WHEN op = '' THEN ?2 ELSE op END WHERE id = ?1`
	updateBack = `UPDATE message SET gone = 0 WHERE id = ?1`
	updateJunk = `
UPDATE message SET junk = (SELECT min(junk) FROM remote WHERE message = ?1)
WHERE id = ?1 AND junk <> (SELECT min(junk) FROM remote WHERE message = ?1)`
)

// again takes the head of a message that is here. Mail doesn't change, so its
// head counts again only where the same place says that its version is new.
func (in *incoming) again(k *known, a *desk.Arrival, op ourOp) error {
	h := a.Head
	if k.remote == 0 {
		if err := in.bind(k, a); err != nil {
			return err
		}
		n, err := in.exec(updateJunk, k.id)
		if err != nil {
			return err
		}
		if n > 0 {
			in.touch(k.conversation)
		}
	} else if k.version != a.Version {
		if err := in.edited(k, a); err != nil {
			return err
		}
	}
	if h.FromUs && (k.direction != desk.FromUs || op.id != "" && k.op == "") {
		if err := in.do(updateOurs, k.id, op.id); err != nil {
			return err
		}
		if err := in.do(deleteMatters, k.id); err != nil {
			return err
		}
		if err := in.refile(*k, in.mattersOf(h, true)); err != nil {
			return err
		}
		k.direction = desk.FromUs
		if k.op == "" {
			k.op = op.id
		}
		in.touch(k.conversation)
	}
	if k.gone {
		if err := in.do(updateBack, k.id); err != nil {
			return err
		}
		k.gone, k.unindexed = false, true
		in.touch(k.conversation)
		in.reindex(*k)
	}
	return nil
}

func (in *incoming) edited(k *known, a *desk.Arrival) error {
	h := a.Head
	if err := in.do(updateVersion, k.remote, a.Version); err != nil {
		return err
	}
	n, err := in.exec(updateHead, k.id, h.Subject, h.From.Name, h.From.Addr, list(h.ReplyTo), list(h.To), list(h.Cc))
	if err != nil || n == 0 {
		return err
	}
	in.applied.Changed++
	in.touch(k.conversation)
	if !k.gone {
		in.reindex(*k)
	}
	return nil
}

const insertAttachment = `
INSERT INTO attachment (message, part, name, type, encoding, size, cid, inline)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (message, part) DO NOTHING`

func (in *incoming) attach(message int64, all []desk.Attachment) error {
	for _, a := range all {
		err := in.do(insertAttachment, message, a.Part, a.Name, a.Type, a.Encoding, a.Size, a.CID, bit(a.Inline))
		if err != nil {
			return err
		}
	}
	return nil
}
