package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"fernpost/store/desk"
	"fernpost/store/question"
)

// SearchQuery asks for messages, newest first. Where only conversations are
// asked for (is:, label:, lang:), each is found once, by its newest message.
type SearchQuery struct {
	Question question.Question
	After    desk.MessageID // only older than this hit; 0 from the newest
	Limit    int            // 50 unless set
}

// Hit is a message that was found.
type Hit struct {
	Message      desk.MessageID
	Conversation desk.Conversation
	Snippet      string // plain text; marked words stand between U+0002 and U+0003
	At           time.Time
}

const selectHits = `
SELECT ` + foundColumns + `, m.id, m.at_ms, m.subject, m.from_name, m.from_addr, coalesce(substr(x.body, 1, 16384), '')
FROM json_each(?1) f
CROSS JOIN message m ON m.id = f.value
CROSS JOIN conversation c ON c.id = m.conversation
LEFT JOIN message_text x ON x.message = m.id
ORDER BY f.key`

// Search gives hits newest first. No question is an error: what can't be
// searched for finds nothing.
func (s *Store) Search(ctx context.Context, q SearchQuery) ([]Hit, error) {
	hits, err := s.search(ctx, q)
	return hits, wrap("search", err)
}

func (s *Store) search(ctx context.Context, q SearchQuery) ([]Hit, error) {
	w, possible, err := s.walk(ctx, q)
	if err != nil || !possible {
		return []Hit{}, err
	}
	found, err := w.run(ctx)
	if err != nil || len(found) == 0 {
		return []Hit{}, err
	}
	marked := slices.DeleteFunc(w.terms, func(t term) bool { return t.not || t.column != "" })
	return many(ctx, s.main, selectHits, []any{list(found)}, func(r scanner) (h Hit, err error) {
		var at int64
		var subject, name, addr, body string
		h.Conversation, err = s.scanConversation(r, &h.Message, &at, &subject, &name, &addr, &body)
		h.At = time.UnixMilli(at).UTC()
		h.Snippet = snippet(marked, body, subject, name+" "+addr)
		return h, err
	})
}

// walk makes a question ready to be walked for. It tells false where nothing
// can be found.
func (s *Store) walk(ctx context.Context, q SearchQuery) (w *walk, possible bool, err error) {
	if q.Question.Empty() {
		return nil, false, nil
	}
	w = &walk{s: s, q: q.Question, after: int64(q.After), limit: q.Limit, to: termsOf(q.Question.To, "")}
	if w.after <= 0 {
		w.after = math.MaxInt64
	}
	if w.limit <= 0 {
		w.limit = 50
	}
	terms := indexTerms(q.Question)
	if len(terms) > 0 {
		if err := s.indexed(ctx); err != nil {
			return nil, false, err
		}
	}
	for _, t := range terms {
		possible, err := s.complete(ctx, &t)
		if err != nil || !possible && !t.not {
			return nil, false, err
		}
		if possible {
			w.terms = append(w.terms, t)
		}
	}
	possible, err = w.findLabels(ctx)
	return w, possible, err
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
