package corpus

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"fernpost/app/practice/content"
)

// shares says how many of a hundred or so mails are in each language, by the
// names that the practice content has for them.
var shares = []struct {
	tag   string
	share int
}{
	{"en", 40},
	{"de", 12},
	{"es", 10},
	{"fr", 8},
	{"ru", 8},
	{"zh-Hans", 5},
	{"ja", 5},
	{"ar", 4},
	{"hi", 3},
	{"ko", 3},
	{"tr", 2},
	{"vi", 2},
}

// tongue is how one language is written here.
type tongue struct {
	share  int
	common []string // the words of the practice customers
	rare   []string // made of them
	space  string
	stop   string
	base64 bool // most of it isn't ASCII
}

const rareWords = 4000

// learn makes the tongues.
func learn() ([]*tongue, error) {
	library, err := content.Load()
	if err != nil {
		return nil, err
	}
	said := map[string]*strings.Builder{}
	for _, c := range library.Conversations {
		tag := c.Language.Tag
		if said[tag] == nil {
			said[tag] = &strings.Builder{}
		}
		for _, t := range append(c.Turns, c.Answers...) {
			said[tag].WriteString(t.Text + "\n")
		}
	}
	var out []*tongue
	for _, s := range shares {
		text := said[s.tag]
		if text == nil {
			return nil, fmt.Errorf("no practice customer writes %s", s.tag)
		}
		out = append(out, newTongue(s.tag, s.share, text.String()))
	}
	return out, nil
}

func newTongue(tag string, share int, text string) *tongue {
	t := &tongue{share: share, space: " ", stop: "."}
	if tag == "zh-Hans" || tag == "ja" {
		t.space, t.stop = "", "。"
		text = inPairs(text)
	}
	var wide, all int
	for _, r := range text {
		all++
		if r > 0x7f {
			wide++
		}
	}
	t.base64 = wide*3 > all
	seen := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		if word = strings.Trim(word, `.,;:!?"()«»„“`); word != "" && !seen[word] {
			seen[word] = true
			t.common = append(t.common, word)
		}
	}
	rng := rand.New(rand.NewPCG(uint64(len(text)), 7))
	for range rareWords {
		a, b := []rune(t.common[rng.IntN(len(t.common))]), []rune(t.common[rng.IntN(len(t.common))])
		t.rare = append(t.rare, string(a[:(len(a)+1)/2])+string(b[len(b)/2:]))
	}
	return t
}

// inPairs cuts a script without spaces into words of two characters.
func inPairs(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if b.WriteRune(r); r > 0x2e80 {
			if n++; n%2 == 0 {
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

func (w *Writer) word(t *tongue) string {
	if w.rng.IntN(10) < 7 {
		return t.common[w.rng.IntN(len(t.common))]
	}
	return t.rare[w.tail.Uint64()]
}

func (w *Writer) tongue() *tongue {
	all := 0
	for _, t := range w.tongues {
		all += t.share
	}
	n := w.rng.IntN(all)
	for _, t := range w.tongues {
		if n -= t.share; n < 0 {
			return t
		}
	}
	return w.tongues[0]
}
