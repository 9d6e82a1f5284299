package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"fernpost/app/source"
	"fernpost/store/desk"
)

const (
	// searchSpan is how many UIDs are searched at once, from the newest on, so
	// that others get a turn and an answer stays short; four times as many where
	// nothing was found.
	searchSpan = 20000
	// searchTerms and termRunes bound what is asked; the rest wouldn't narrow it.
	searchTerms = 16
	termRunes   = 100
)

// searchPlace is where a search goes on: in which folder, below which UID, and
// how many UIDs at once.
type searchPlace struct {
	folder int
	below  uint32
	span   uint32
}

func (p searchPlace) String() string { return fmt.Sprintf("%d/%d/%d", p.folder, p.below, p.span) }

func readSearchPlace(s string) (p searchPlace) {
	if n, _ := fmt.Sscanf(s, "%d/%d/%d", &p.folder, &p.below, &p.span); n != 3 {
		return searchPlace{}
	}
	return p
}

// Search asks the server for mail that isn't here, and brings heads and texts of
// what it finds: one stretch of one folder a call, newest first (RFC 9051
// 6.4.4). What it brings is from then on as if Pull had brought it.
func (s *Source) Search(ctx context.Context, req source.SearchRequest) (source.SearchPage, error) {
	if err := s.take(ctx); err != nil {
		return source.SearchPage{}, err
	}
	defer s.release()
	l := s.current()
	if l == nil {
		return source.SearchPage{}, desk.E(desk.KindOffline, "search the mail server", nil)
	}
	w := wantedBy(req)
	if w.empty() || req.Limit <= 0 {
		return source.SearchPage{Page: source.Page{Next: req.Cursor}}, nil
	}
	p := &pull{s: s, l: l, ctx: ctx, cur: readCursor(req.Cursor), now: map[string]state{}}
	p.req.TextOnly = req.TextOnly
	at := readSearchPlace(req.Place)
	hits, err := p.searchOn(&at, w, req.Limit)
	if err != nil && len(p.page.Items) == 0 && len(p.page.Reset) == 0 {
		return source.SearchPage{}, err
	}
	p.page.Next = p.cur.encode()
	out := source.SearchPage{Page: p.page, Hits: hits}
	if at.folder < len(l.folders) {
		out.Place = at.String()
	}
	return out, nil
}

// searchOn searches the stretch at, moves at behind it, and brings what was
// found. A stretch is done again when the line broke in it.
func (p *pull) searchOn(at *searchPlace, w wanted, limit int) (int, error) {
	if at.folder >= len(p.l.folders) {
		return 0, nil
	}
	f := p.l.folders[at.folder]
	m := p.cur.Folders[f.name]
	if m == nil || at.below == 1 || m.Since == 0 && len(m.Wanted) == 0 && m.Deep == nil {
		*at = searchPlace{folder: at.folder + 1}
		return 0, nil
	}
	if at.below == 0 || at.below > m.Next {
		at.below, at.span = m.Next, searchSpan
	}
	lo := uint32(1)
	if at.below > at.span {
		lo = at.below - at.span
	}
	var list []uint32
	err := p.speak(CountLooking, func() error {
		if ok, err := p.open(f, m); !ok {
			return err
		}
		found, err := p.l.find(span{lo, at.below - 1}, w.beyond(m.reach()))
		list = found.minus(m.Have).newest(limit, 0)
		return err
	})
	if err != nil || len(p.page.Reset) > 0 {
		return 0, err
	}
	if err := p.bringAll(f, m, list); err != nil {
		return 0, err
	}
	at.below = lo
	if len(list) == 0 {
		at.span = min(at.span*4, 1<<30)
	}
	if lo == 1 {
		*at = searchPlace{folder: at.folder + 1}
	}
	return len(list), nil
}

// reach is before which day mail isn't here for certain; zero where some of it is
// still to come.
func (m *mark) reach() time.Time {
	if len(m.Wanted) > 0 || m.Deep != nil || m.Since == 0 {
		return time.Time{}
	}
	return time.Unix(m.Since*secondsADay, 0).UTC()
}

// bringAll brings heads and texts of list. A text that breaks the line is left
// to Pull.
func (p *pull) bringAll(f folder, m *mark, list []uint32) error {
	for rest := list; len(rest) > 0; {
		n := min(len(rest), pageHeads)
		if err := p.heads(f, m, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	for {
		waiting := slices.DeleteFunc(slices.Clone(list), func(uid uint32) bool { return !m.Texts.has(uid) })
		if len(waiting) == 0 {
			return nil
		}
		before := m.Texts.count()
		if err := p.bring(f, m, waiting); err != nil || m.Texts.count() == before {
			return nil
		}
	}
}

// searchWords reads what a person typed: words, and phrases in quotation marks,
// all of which must be there.
func searchWords(text string) []string {
	text = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("“”„«»＂", r):
			return '"'
		case r == unicode.ReplacementChar || unicode.IsControl(r):
			return ' '
		}
		return r
	}, text)
	var terms []string
	add := func(t string) {
		if t = strings.Join(strings.Fields(t), " "); t != "" && len(terms) < searchTerms {
			if runes := []rune(t); len(runes) > termRunes {
				t = string(runes[:termRunes])
			}
			terms = append(terms, t)
		}
	}
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			add(part)
			continue
		}
		for word := range strings.FieldsSeq(part) {
			add(word)
		}
	}
	return terms
}
