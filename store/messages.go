package store

import (
	"context"
	"time"

	"fernpost/store/desk"
)

const messageColumns = `m.id, m.conversation, m.account, m.direction, m.kind, m.from_name, m.from_addr, m.reply_to, m.to_list,
  m.cc_list, m.subject, m.at_ms, m.header_id, m.refs, m.op, m.language, m.text_state, m.seen OR m.read, m.answered,
  m.keywords, m.warnings, coalesce(x.body, ''), coalesce(x.quoted, ''), coalesce(x.html, ''),
  m.customer_name, m.customer_addr, m.via, m.ask, m.named_name, m.named_addr, m.named_via, m.marks`

func scanMessage(r scanner) (m desk.Message, err error) {
	var replyTo, to, cc, refs, keywords, warnings, marks string
	var c customer
	var at int64
	err = r.Scan(&m.ID, &m.Conversation, &m.Account, &m.Direction, &m.Kind, &m.From.Name, &m.From.Addr, &replyTo, &to,
		&cc, &m.Subject, &at, &m.HeaderID, &refs, &m.OpID, &m.Language, &m.TextState, &m.Seen, &m.Answered,
		&keywords, &warnings, &m.Text, &m.Quoted, &m.HTML,
		&c.head.Name, &c.head.Addr, &c.via, &c.ask, &c.text.Name, &c.text.Addr, &c.textVia, &marks)
	if err != nil {
		return m, err
	}
	m.At = time.UnixMilli(at).UTC()
	c.from = m.From
	m.Customer, m.Via = c.who()
	for _, l := range []struct {
		dest *[]desk.Address
		text string
	}{{&m.ReplyTo, replyTo}, {&m.To, to}, {&m.Cc, cc}} {
		if *l.dest, err = unlist[desk.Address](l.text); err != nil {
			return m, err
		}
	}
	for _, l := range []struct {
		dest *[]string
		text string
	}{{&m.References, refs}, {&m.Keywords, keywords}, {&m.Warnings, warnings}, {&m.Marks, marks}} {
		if *l.dest, err = unlist[string](l.text); err != nil {
			return m, err
		}
	}
	return m, nil
}

const selectMessages = `
SELECT ` + messageColumns + ` FROM message m LEFT JOIN message_text x ON x.message = m.id
WHERE m.conversation = coalesce((SELECT into_conversation FROM conversation_merged WHERE id = ?1), ?1) AND m.gone = 0
ORDER BY m.id`

// Messages of a conversation, oldest first, with attachments.
func (s *Store) Messages(ctx context.Context, id desk.ConversationID) ([]desk.Message, error) {
	all, err := s.messages(ctx, selectMessages, id)
	return all, wrap("read messages", err)
}

const selectNewSince = `
SELECT ` + messageColumns + ` FROM message m LEFT JOIN message_text x ON x.message = m.id
WHERE m.conversation = coalesce((SELECT into_conversation FROM conversation_merged WHERE id = ?1), ?1) AND m.gone = 0
  AND m.id > ?2 AND m.op = ''
ORDER BY m.id`

// NewSince gives messages of the conversation newer than base that are not the
// effect of an op of ours: the guard's question.
func (s *Store) NewSince(ctx context.Context, c desk.ConversationID, base desk.MessageID) ([]desk.Message, error) {
	all, err := s.messages(ctx, selectNewSince, c, base)
	return all, wrap("read new messages", err)
}

const selectMessage = `
SELECT ` + messageColumns + ` FROM message m LEFT JOIN message_text x ON x.message = m.id WHERE m.id = ?1`

// Message gives one message, kind not_found when there is none.
func (s *Store) Message(ctx context.Context, id desk.MessageID) (desk.Message, error) {
	all, err := s.messages(ctx, selectMessage, id)
	if err == nil && len(all) == 0 {
		err = desk.E(desk.KindNotFound, "find message", nil)
	}
	if err != nil {
		return desk.Message{}, wrap("read message", err)
	}
	return all[0], nil
}

const attachmentColumns = `id, message, part, name, type, encoding, size, have, cid, inline`

func scanAttachment(r scanner) (a desk.Attachment, err error) {
	err = r.Scan(&a.ID, &a.Message, &a.Part, &a.Name, &a.Type, &a.Encoding, &a.Size, &a.Have, &a.CID, &a.Inline)
	return a, err
}

const selectAttachmentsOf = `SELECT ` + attachmentColumns + ` FROM attachment WHERE message = ?1 ORDER BY id`

const hasAttachments = `
SELECT DISTINCT a.message FROM attachment a
WHERE a.message IN (SELECT id FROM message WHERE conversation = ?1)`

func (s *Store) messages(ctx context.Context, query string, args ...any) ([]desk.Message, error) {
	all, err := many(ctx, s.main, query, args, scanMessage)
	if err != nil || len(all) == 0 {
		return all, err
	}
	with, err := many(ctx, s.main, hasAttachments, []any{all[0].Conversation}, scanOf[desk.MessageID])
	if err != nil {
		return nil, err
	}
	have := make(map[desk.MessageID]bool, len(with))
	for _, id := range with {
		have[id] = true
	}
	for i := range all {
		if !have[all[i].ID] {
			continue
		}
		all[i].Attachments, err = many(ctx, s.main, selectAttachmentsOf, []any{all[i].ID}, scanAttachment)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

const selectRemotes = `
SELECT p.scope, p.epoch, r.rid FROM remote r JOIN place p ON p.id = r.place WHERE r.message = ?1 ORDER BY r.id`

// Remotes gives all places of a message on its server.
func (s *Store) Remotes(ctx context.Context, id desk.MessageID) ([]desk.RemoteRef, error) {
	all, err := many(ctx, s.main, selectRemotes, []any{id}, func(r scanner) (ref desk.RemoteRef, err error) {
		err = r.Scan(&ref.Scope, &ref.Epoch, &ref.ID)
		return ref, err
	})
	return all, wrap("read remotes", err)
}
