// Package corpus writes a support desk's mailbox for benchmarks: twelve
// languages, threads with quotes, plain text beside Outlook's HTML, long delivery
// heads, a tenth with a file. The same seed gives the same mails.
//
// Words are drawn from what the practice customers write, and from made-up ones
// in a long tail, so that neither an index nor DEFLATE has an easier time than
// with real mail.
package corpus

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Mail is one message as it lies on the server.
type Mail struct {
	At   time.Time // the server's date
	Seen bool
	Raw  []byte
}

// Writer writes one mailbox, oldest mail first.
type Writer struct {
	rng     *rand.Rand
	tail    *rand.Zipf // which of the rare words
	tongues []*tongue
	from    time.Time
	n       int
	recent  []sent // what may be answered
}

// sent is what a later mail needs to know of an earlier one.
type sent struct {
	id, refs, subject, text string
	tongue                  *tongue
}

// Spacing is the time between two mails.
const Spacing = 26 * time.Minute

const (
	remembered = 400 // mails that may still be answered
	answers    = 45  // of a hundred mails answer another
	quotes     = 70  // of a hundred answers quote it
	withHTML   = 55  // of a hundred mails have an HTML form beside the text
)

// New begins a mailbox whose first mail came at from.
func New(seed uint64, from time.Time) (*Writer, error) {
	tongues, err := learn()
	rng := rand.New(rand.NewPCG(seed, 1))
	return &Writer{rng: rng, tail: rand.NewZipf(rng, 1.2, 4, rareWords-1), tongues: tongues, from: from}, err
}

// Next writes the next mail; one in ten has a file of 75 kB.
func (w *Writer) Next() Mail {
	size := 0
	if w.rng.IntN(10) == 0 {
		size = 75_000
	}
	return w.NextWith(size)
}

// NextWith writes the next mail with a file of so many bytes; 0 is none.
func (w *Writer) NextWith(file int) Mail {
	l := w.letter()
	at := w.from.Add(time.Duration(w.n) * Spacing)
	w.n++
	return Mail{At: at, Seen: w.rng.IntN(10) < 8, Raw: w.mime(l, at, file)}
}

// letter is one mail before it is MIME.
type letter struct {
	sent
	replyTo string
	sender  string
	addr    string
	html    bool
}

func (w *Writer) letter() letter {
	l := letter{html: w.rng.IntN(100) < withHTML, addr: fmt.Sprintf("c%d@example.net", w.rng.IntN(5000))}
	l.id = fmt.Sprintf("%d.%08x@cust%d.example.net", w.n, w.rng.Uint32(), w.rng.IntN(5000))
	var to *sent
	if len(w.recent) > 0 && w.rng.IntN(100) < answers {
		to = &w.recent[w.rng.IntN(len(w.recent))]
	}
	if to != nil {
		l.tongue = to.tongue
		l.subject = "Re: " + strings.TrimPrefix(to.subject, "Re: ")
		l.replyTo, l.refs = to.id, strings.TrimSpace(to.refs+" <"+to.id+">")
	} else {
		l.tongue = w.tongue()
		l.subject = shorten(w.sentence(l.tongue), 60)
	}
	l.sender = w.word(l.tongue) + " " + w.word(l.tongue)
	own := w.body(l.tongue)
	l.text = own
	if to != nil && w.rng.IntN(100) < quotes {
		l.text += "\r\nOn Monday, someone wrote:\r\n> " + strings.ReplaceAll(to.text, "\r\n", "\r\n> ") + "\r\n"
	}
	l.text += "-- \r\n" + l.sender + "\r\n+49 30 1234567\r\n"
	kept := l.sent
	kept.text = own // or quotes would grow for ever
	w.recent = append(w.recent, kept)
	if len(w.recent) > remembered {
		w.recent = w.recent[1:]
	}
	return l
}

func (w *Writer) body(t *tongue) string {
	var b strings.Builder
	for range 2 + w.rng.IntN(4) {
		for range 1 + w.rng.IntN(4) {
			b.WriteString(w.sentence(t) + " ")
		}
		b.WriteString("\r\n\r\n")
	}
	return b.String()
}

func (w *Writer) sentence(t *tongue) string {
	words := make([]string, 6+w.rng.IntN(10))
	for i := range words {
		if words[i] = w.word(t); w.rng.IntN(40) == 0 {
			words[i] = fmt.Sprintf("#%d", 100_000+w.rng.IntN(900_000))
		}
	}
	return strings.Join(words, t.space) + t.stop
}

func shorten(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes])
	}
	return s
}
