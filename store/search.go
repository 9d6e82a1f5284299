package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"
	"unicode/utf8"

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

// The index alone finds and orders; only what it gives is looked up.
const searchMessages = `
SELECT ` + foundColumns + `, m.id, m.at_ms, m.subject, m.from_name, m.from_addr, coalesce(substr(x.body, 1, 16384), '')
FROM (SELECT rowid AS id FROM search WHERE search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3) f
CROSS JOIN message m ON m.id = f.id
CROSS JOIN conversation c ON c.id = m.conversation
LEFT JOIN message_text x ON x.message = m.id
ORDER BY f.id DESC`

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
	if err := s.indexed(ctx); err != nil {
		return nil, err
	}
	after := q.After
	if after <= 0 {
		after = math.MaxInt64
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	for i := range terms {
		possible, err := s.complete(ctx, &terms[i])
		if err != nil || !possible {
			return []Hit{}, err
		}
	}
	return many(ctx, s.main, searchMessages, []any{expression(terms), after, limit}, func(r scanner) (h Hit, err error) {
		var at int64
		var subject, name, addr, body string
		h.Conversation, err = s.scanConversation(r, &h.Message, &at, &subject, &name, &addr, &body)
		h.At = time.UnixMilli(at).UTC()
		h.Snippet = snippet(terms, body, subject, name+" "+addr)
		return h, err
	})
}

// FTS5 answers a prefix by first joining the lists of all words that begin so,
// however few hits are asked for: a fifth of a second for a common word in a
// large store. Named one by one, the same words are followed side by side, from
// the newest on. Beginnings of 2 and 3 characters have an index and are quick
// already; too many words are left to FTS5.
const begunWords = 100

const nextWord = `SELECT term FROM search_word WHERE term >= ?1 AND term < ?2 ORDER BY term LIMIT 1`

// complete finds the words that a prefix may be the beginning of. It tells
// false when there is none, so that nothing can be found.
func (s *Store) complete(ctx context.Context, t *term) (possible bool, err error) {
	last := t.tokens[len(t.tokens)-1].text
	if n := utf8.RuneCountInString(last); !t.prefix || n == 2 || n == 3 {
		return true, nil
	}
	for at := last; ; {
		word, err := one(ctx, s.main, nextWord, []any{at, last + "\U0010FFFF"}, scanOf[string])
		if errors.Is(err, sql.ErrNoRows) {
			return len(t.begun) > 0, nil
		}
		if err != nil {
			return false, err
		}
		if t.begun = append(t.begun, word); len(t.begun) > begunWords {
			t.begun = nil
			return true, nil
		}
		at = word + "\x00"
	}
}
