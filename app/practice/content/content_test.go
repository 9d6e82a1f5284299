package content

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"golang.org/x/text/encoding/ianaindex"
)

func load(t *testing.T) *Library {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEveryConversationIsWhole(t *testing.T) {
	addresses := map[string]string{}
	for _, c := range load(t).Conversations {
		if c.From.Name == "" || !strings.HasSuffix(c.From.Addr, ".example") {
			t.Errorf("%s: from %v", c.ID, c.From)
		}
		if other := addresses[strings.ToLower(c.From.Addr)]; other != "" {
			t.Errorf("%s and %s write from one address", c.ID, other)
		}
		addresses[strings.ToLower(c.From.Addr)] = c.ID
		if c.Subject == "" && c.ID != "hard-no-subject" {
			t.Errorf("%s: no subject", c.ID)
		}
		if len(c.Answers) > 3 {
			t.Errorf("%s: answers %d times, three are the most", c.ID, len(c.Answers))
		}
		if !slices.Contains([]string{"INBOX", "Junk", "Hard"}, c.Folder) {
			t.Errorf("%s: folder %q", c.ID, c.Folder)
		}
		checkTimes(t, c)
		checkCharset(t, c)
	}
}

// checkTimes: one after another, whenever the first start is; within 14 days, or
// so long ago that only a search on the server finds it.
func checkTimes(t *testing.T, c *Conversation) {
	t.Helper()
	for _, now := range []time.Time{
		time.Date(2025, 11, 20, 0, 1, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 23, 59, 0, 0, time.UTC),
	} {
		var last time.Time
		for i, turn := range c.Turns {
			at := turn.Ago.Before(now, c.Zone)
			if !at.After(last) || !at.Before(now) || now.Sub(at) > 14*24*time.Hour && now.Sub(at) < 120*24*time.Hour {
				t.Errorf("%s: mail %d at %v, the one before at %v, now %v", c.ID, i+1, at, last, now)
			}
			last = at
		}
	}
}

func checkCharset(t *testing.T, c *Conversation) {
	t.Helper()
	if c.Charset == "" {
		return
	}
	enc, err := ianaindex.MIME.Encoding(c.Charset)
	if err != nil || enc == nil {
		t.Errorf("%s: charset %s is unknown", c.ID, c.Charset)
		return
	}
	text := c.From.Name + c.Subject
	for _, turn := range slices.Concat(c.Turns, c.Answers) {
		if turn.Agent == "" {
			text += turn.Text
		}
	}
	if _, err := enc.NewEncoder().String(text); err != nil {
		t.Errorf("%s: not all of it can be written in %s: %v", c.ID, c.Charset, err)
	}
}

func TestThereIsEnoughToDo(t *testing.T) {
	languages, clients, charsets, there, later := map[string]bool{}, map[string]bool{}, map[string]bool{}, 0, 0
	open := 0
	for _, c := range load(t).Conversations {
		if c.Folder != "Junk" && !c.Later && c.State == "" {
			open++
		}
		if c.Folder != "INBOX" {
			continue
		}
		languages[c.Language.Tag] = true
		clients[c.Client] = true
		charsets[c.Charset] = true
		if c.Later {
			later++
			continue
		}
		there++
	}
	t.Logf("%d conversations, %d later, %d wait for us, %d languages", there, later, open, len(languages))
	if there < 60 || len(languages) < 30 || later < 8 {
		t.Errorf("%d conversations in %d languages, %d later", there, len(languages), later)
	}
	if open < 14 || open > 45 {
		t.Errorf("%d of %d wait for an answer", open, there)
	}
	if len(clients) != len(Clients) {
		t.Errorf("mail programs in use: %v", clients)
	}
	for _, want := range []string{"iso-8859-1", "windows-1251", "windows-1256", "gb18030", "iso-2022-jp", "euc-kr"} {
		if !charsets[want] {
			t.Errorf("nobody writes in %s", want)
		}
	}
}

// Languages with a script of their own are written in it.
func TestScripts(t *testing.T) {
	scripts := map[string]*unicode.RangeTable{
		"ar": unicode.Arabic, "fa": unicode.Arabic, "ur": unicode.Arabic, "he": unicode.Hebrew,
		"hi": unicode.Devanagari, "bn": unicode.Bengali, "th": unicode.Thai, "el": unicode.Greek,
		"bg": unicode.Cyrillic, "ru": unicode.Cyrillic, "uk": unicode.Cyrillic, "sr": unicode.Cyrillic,
		"zh-Hans": unicode.Han, "zh-Hant": unicode.Han, "ja": unicode.Hiragana, "ko": unicode.Hangul,
	}
	seen := map[string]bool{}
	for _, c := range load(t).Conversations {
		script := scripts[c.Language.Tag]
		if script == nil || c.Folder != "INBOX" {
			continue
		}
		seen[c.Language.Tag] = true
		for i, turn := range slices.Concat(c.Turns, c.Answers) {
			if !strings.ContainsFunc(turn.Text, func(r rune) bool { return unicode.Is(script, r) }) {
				t.Errorf("%s: mail %d isn't in the script of %s", c.ID, i+1, c.Language.Tag)
			}
		}
	}
	if len(seen) != len(scripts) {
		t.Errorf("only %d of %d scripts are there", len(seen), len(scripts))
	}
	for tag, lang := range load(t).Languages {
		if rtl := slices.Contains([]string{"ar", "fa", "ur", "he"}, tag); lang.RTL != rtl {
			t.Errorf("%s: direction", tag)
		}
		if !strings.Contains(lang.Wrote, "{date}") || !strings.Contains(lang.Wrote, "{name}") || lang.Phone == "" || lang.Re == "" ||
			time.Date(2025, 11, 20, 14, 2, 0, 0, time.UTC).Format(lang.Date) == lang.Date {
			t.Errorf("%s: the head isn't whole: %+v", tag, *lang)
		}
	}
}

func TestHardSet(t *testing.T) {
	hard := map[string]*Conversation{}
	for _, c := range load(t).Conversations {
		if c.Folder == "Hard" {
			hard[c.ID] = c
		}
	}
	has := func(id string, what string, ok func(c *Conversation) bool) {
		t.Helper()
		if c := hard[id]; c == nil || !ok(c) {
			t.Errorf("%s: not %s", id, what)
		}
	}
	has("hard-name-80", "80 letters", func(c *Conversation) bool { return len([]rune(c.From.Name)) == 80 })
	has("hard-no-subject", "without subject", func(c *Conversation) bool { return c.Subject == "" })
	has("hard-subject-200", "200 letters", func(c *Conversation) bool { return len([]rune(c.Subject)) == 200 })
	has("hard-labels-12", "12 labels", func(c *Conversation) bool { return len(c.Keywords) == 12 })
	has("hard-messages-40", "40 messages", func(c *Conversation) bool { return len(c.Turns) == 40 })
	has("hard-quote-30-pages", "30 pages", func(c *Conversation) bool { return c.Turns[0].Pages == 30 })
	has("hard-cc-25", "25 Cc", func(c *Conversation) bool { return len(c.Cc) == 25 })
	has("hard-files-30", "30 files", func(c *Conversation) bool { return len(c.Turns[0].Files) == 30 })
	has("hard-emoji-name", "a name with joined emoji", func(c *Conversation) bool { return strings.ContainsRune(c.From.Name, '\u200d') })
	has("hard-mixed-directions", "both directions and an order number", func(c *Conversation) bool {
		return strings.Contains(c.Subject, "BP-") && strings.ContainsFunc(c.Subject, func(r rune) bool { return unicode.Is(unicode.Hebrew, r) })
	})
	has("hard-long-word", "a very long word", func(c *Conversation) bool {
		return slices.ContainsFunc(strings.Fields(c.Turns[0].Text), func(w string) bool { return len(w) > 350 })
	})
}

func TestFaultsAreNamed(t *testing.T) {
	const head = "language: en\nre: Re\nwrote: {date} {name}\nlabels: a | b | c | d\nphone: p\ndate: 2006\n\n"
	for name, test := range map[string]struct{ text, want string }{
		"no customer":    {head + "=== x\nsubject: s\n--- 1d 10:00\nhi\n", "from and a language"},
		"agent first":    {head + "=== x\nfrom: A <a@b.example>\n--- agent Ann, 1d 10:00\nhi\n", "the customer writes first"},
		"bad time":       {head + "=== x\nfrom: A <a@b.example>\n--- yesterday\nhi\n", "is no time"},
		"bad client":     {head + "=== x\nfrom: A <a@b.example>\nclient: pine\n--- 1d 10:00\nhi\n", "client"},
		"no text":        {head + "=== x\nfrom: A <a@b.example>\n--- 1d 10:00\n\n", "without text"},
		"unknown field":  {head + "=== x\nfrom: A <a@b.example>\ncolour: red\n--- 1d 10:00\nhi\n", "colour: unknown"},
		"twice":          {head + strings.Repeat("=== x\nfrom: A <a@b.example>\n--- 1d 10:00\nhi\n", 2), "two conversations"},
		"too few labels": {"language: en\nlabels: a | b\n", "labels"},
		"stray text":     {head + "hello there\n", "key: value"},
	} {
		_, err := parse(fstest.MapFS{"en.txt": {Data: []byte(test.text)}})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "en.txt:") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
