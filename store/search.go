package store

import (
	"context"
	"math"
	"time"

	"fernpost/store/desk"
)

// SearchQuery asks for messages. Words are joined by "and", "quoted words" are
// a phrase, and the last word may be only begun.
type SearchQuery struct {
	Text  string
	After desk.MessageID // only older than this; 0 from the newest
	Limit int            // 50 unless set
}

// Hit is a message that was found.
type Hit struct {
	Message      desk.MessageID
	Conversation desk.Conversation
	Snippet      string // plain text; marked words stand between U+0002 and U+0003
	At           time.Time
}

const searchMessages = `SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3`

// Search gives hits newest first. No text is an error: what can't be searched
// for finds nothing.
func (s *Store) Search(ctx context.Context, q SearchQuery) ([]Hit, error) {
	hits, err := s.search(ctx, q)
	return hits, wrap("search", err)
}

func (s *Store) search(ctx context.Context, q SearchQuery) ([]Hit, error) {
	terms := parseQuery(q.Text)
	if len(terms) == 0 {
		return []Hit{}, nil
	}
	after := q.After
	if after <= 0 {
		after = math.MaxInt64
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	ids, err := many(ctx, s.main, searchMessages, []any{expression(terms), after, limit}, scanOf[int64])
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, 0, len(ids))
	conversations := map[desk.ConversationID]desk.Conversation{}
	for _, id := range ids {
		h, err := s.hit(ctx, id, terms, conversations)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}

const selectFound = `
SELECT m.id, m.conversation, m.at_ms, m.subject, m.from_name, m.from_addr, coalesce(x.body, '')
FROM message m LEFT JOIN message_text x ON x.message = m.id WHERE m.id = ?1`

func (s *Store) hit(ctx context.Context, id int64, terms []term, seen map[desk.ConversationID]desk.Conversation) (h Hit, err error) {
	var conversation desk.ConversationID
	var at int64
	var subject, name, addr, body string
	err = s.main.row(ctx, selectFound, []any{id}, &h.Message, &conversation, &at, &subject, &name, &addr, &body)
	if err != nil {
		return h, err
	}
	h.At = time.UnixMilli(at).UTC()
	c, ok := seen[conversation]
	if !ok {
		if c, err = one(ctx, s.main, selectConversation, []any{conversation}, s.plainConversation); err != nil {
			return h, err
		}
		seen[conversation] = c
	}
	h.Conversation = c
	h.Snippet = snippet(terms, body, subject, name+" "+addr)
	return h, nil
}
