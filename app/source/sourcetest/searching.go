package sourcetest

import (
	"fmt"
	"strings"
	"time"

	"fernpost/app/source"
)

// search goes through a whole search.
func (b *bench) search(s Source, c *copyOf, text string, limit int) (hits int) {
	b.Helper()
	return b.searchFor(s, c, source.SearchRequest{Text: text, Limit: limit})
}

func (b *bench) searchFor(s Source, c *copyOf, req source.SearchRequest) (hits int) {
	b.Helper()
	for range maxPages {
		req.Cursor = c.cursor
		p, err := s.Search(b.Context(), req)
		if err != nil {
			b.Fatalf("search: %v", err)
		}
		c.apply(p.Page)
		hits += p.Hits
		if req.Limit -= p.Hits; p.Place == "" || req.Limit <= 0 {
			return hits
		}
		req.Place = p.Place
	}
	b.Fatalf("the search never ended")
	return 0
}

// old delivers letters 1 to n, each a month older than the next; the newest is
// ten days old.
func (b *bench) old(n int) {
	b.Helper()
	for i := 1; i <= n; i++ {
		b.lab.Deliver(b.letter(i), b.now.Add(-time.Duration(n-i)*30*24*time.Hour-10*24*time.Hour))
	}
}

func searches(b *bench) {
	b.old(6)
	s, c := b.open(), newCopy()
	month := source.PullRequest{Since: b.now.Add(-25 * 24 * time.Hour)}
	b.drain(s, c, month)
	c.order = nil
	if n := b.search(s, c, "nobody wrote this", 50); n != 0 || len(c.order) != 0 {
		b.Errorf("%d hits: %q", n, c.order)
	}
	// The newest first, as many as are wanted, with their texts; what is here is
	// no hit.
	if n := b.search(s, c, "parcel WAITING", 2); n != 2 {
		b.Errorf("%d hits of 2", n)
	}
	b.equal("the newest two", c.order, append(descending("head", 5, 4), descending("text", 5, 4)...))
	if text := c.texts[letterID(4)].Text; !strings.Contains(text, "4 days. Größe 42.") {
		b.Errorf("text %q", text)
	}
	c.order = nil
	if n := b.search(s, c, `"waiting for 2 days"`, 50); n != 1 {
		b.Errorf("a phrase: %d hits", n)
	}
	b.equal("a phrase", c.order, append(descending("head", 2, 2), descending("text", 2, 2)...))

	// They stay, and are followed like all others, also in another run.
	b.drain(s, c, month)
	again := b.open()
	b.drain(again, c, month)
	if len(c.gone)+len(c.resets) > 0 {
		b.Errorf("gone %q, resets %q", c.gone, c.resets)
	}
	b.lab.Expunge(letterID(4))
	for end := time.Now().Add(patience); len(c.gone) == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		b.drain(again, c, month)
	}
	b.equal("gone", c.gone, []string{letterID(4)})
	if n := b.search(again, c, "parcel", 50); n != 2 {
		b.Errorf("what is left to find: %d hits, want letters 1 and 3", n)
	}
	c.order = nil
	b.drain(again, c, source.PullRequest{Since: b.now.Add(-400 * 24 * time.Hour)})
	b.equal("what a wider horizon adds", c.order, nil) // all of it was found before
	if n := b.search(again, c, "parcel", 50); n != 0 {
		b.Errorf("everything is here, and %d hits", n)
	}
}

func searchesScripts(b *bench) {
	words := []string{"Größe", "посылка", "注文番号", "طلبية", "डिलीवरी"}
	for i, word := range words {
		raw := strings.Replace(string(b.letter(i+1)), "Größe", word+" !", 1)
		b.lab.Deliver([]byte(raw), b.now.Add(-time.Duration(100+i)*24*time.Hour))
	}
	b.deliver(90, 90)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{Since: b.now.Add(-25 * 24 * time.Hour)})
	for i, word := range words {
		c.order = nil
		if n := b.search(s, c, word, 50); n != 1 {
			b.Errorf("%s: %d hits", word, n)
			continue
		}
		b.equal(word, c.order[:1], []string{fmt.Sprintf("head %s", letterID(i+1))})
	}
}

// searchesFields asks for what stands in the head, and for days. What one search
// found is here and is no hit of the next.
func searchesFields(b *bench) {
	b.old(6)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{Since: b.now.Add(-25 * 24 * time.Hour)}) // letter 6
	days := func(n int) time.Time { return b.now.Add(-time.Duration(n) * 24 * time.Hour) }
	ask := func(name string, text string, among source.Among, want ...string) {
		b.Helper()
		c.order = nil
		b.searchFor(s, c, source.SearchRequest{Text: text, Among: among, Limit: 50})
		heads := []string{}
		for _, o := range c.order {
			if strings.HasPrefix(o, "head ") {
				heads = append(heads, o)
			}
		}
		b.equal(name, heads, want)
	}
	own, customer := b.lab.Own().Addr, b.lab.Customer().Addr
	ask("nobody from there", "parcel", source.Among{From: []string{"nobody@elsewhere.example"}}, []string{}...)
	ask("in the text only", "", source.Among{Subject: []string{"waiting"}}, []string{}...)
	ask("to the sender", "", source.Among{To: []string{"vogel"}}, []string{}...)
	ask("a subject", "", source.Among{From: []string{customer}, Subject: []string{"my parcel? 5"}}, descending("head", 5, 5)...)
	ask("a stretch of days", "", source.Among{To: []string{own}, Since: days(115), Before: days(85)}, descending("head", 3, 3)...)
	ask("words before a day", "waiting", source.Among{Before: days(85)}, descending("head", 2, 1)...)
	ask("since a day", "", source.Among{Since: days(80)}, descending("head", 4, 4)...)
}
