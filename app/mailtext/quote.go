package mailtext

import "strings"

// Fold parts what somebody wrote now from what they quote and sign with. Each
// line that isn't empty stands in exactly one of the two, in its order. When
// nothing of one's own would be left, everything is text: a mail that is only
// passed on is what the sender wants to be read. Answers between quoted lines
// stay, with the quotes they answer.
//
// It looks at each line a bounded number of times, so that no text is slow.
func Fold(text string) (own, quoted string) {
	m := newLayout(text)
	end := m.otherMail()
	stretches := m.stretches(end)
	folded := m.decide(stretches, end)
	for i := 1; i < len(folded); i++ {
		if m.kinds[i] == emptyLine {
			folded[i] = folded[i-1]
		}
	}
	own, quoted = m.join(folded, false), m.join(folded, true)
	if own == "" {
		return m.join(make([]bool, len(m.lines)), false), ""
	}
	return own, quoted
}

// Forwarded tells that what Fold took off is a mail somebody passed on, and not
// one they answered: it is there to be read.
func Forwarded(quoted string) bool {
	for line := range strings.Lines(quoted) {
		line = strings.TrimLeft(line, "> \t")
		if strings.TrimSpace(line) == "" || isDelimiter(strings.TrimSpace(line)) || isFooter(strings.TrimSpace(line)) {
			continue
		}
		return isForward(strings.TrimSpace(line))
	}
	return false
}

// A stretch is a run of lines that belong together: quoted ones with the line
// that introduces them, or one's own.
type stretch struct {
	from, to int
	intro    int // how many lines introduce the quote
	quote    bool
}

// stretches cuts lines[:end] into one's own and quoted runs. From an
// introduction without marked lines below it, everything is the other mail,
// if there is something above; otherwise what is quoted can't be told.
func (m layout) stretches(end int) []stretch {
	var all []stretch
	wrote := false
	for i := 0; i < end; {
		switch m.kinds[i] {
		case introLine:
			s := stretch{from: i, quote: true}
			for i < end && m.kinds[i] == introLine {
				i++
			}
			s.intro = i - s.from
			next := m.filled(i, end)
			switch {
			case next < end && m.kinds[next] == quoteLine:
				i = m.quoteEnd(next, end)
			case wrote:
				i = end
			}
			s.to = i
			all = append(all, s)
		case quoteLine:
			to := m.quoteEnd(i, end)
			all, i = append(all, stretch{from: i, to: to, quote: true}), to
		default:
			from := i
			for i < end && m.kinds[i] != introLine && m.kinds[i] != quoteLine {
				wrote = wrote || m.kinds[i] == ownLine
				i++
			}
			all = append(all, stretch{from: from, to: i})
		}
	}
	return all
}

// quoteEnd goes on to the line after the last quoted one. Empty lines between
// quoted ones belong to the quote, and so does what a program broke off a long
// quoted line without marking it.
func (m layout) quoteEnd(i, end int) int {
	for {
		for i < end && m.kinds[i] == quoteLine {
			i++
		}
		next := m.filled(i, end)
		if next < end && m.kinds[next] == quoteLine {
			i = next
			continue
		}
		if next == i && i+1 < end && m.kinds[i] == ownLine && m.kinds[i+1] == quoteLine && brokenOff(m.lines[i-1], m.lines[i]) {
			i++
			continue
		}
		return i
	}
}

// filled gives the first line at or after i that isn't empty.
func (m layout) filled(i, end int) int {
	for i < end && m.kinds[i] == emptyLine {
		i++
	}
	return i
}

// decide marks the lines to fold away.
func (m layout) decide(all []stretch, end int) []bool {
	folded := make([]bool, len(m.lines))
	fold := func(from, to int) {
		for i := from; i < to; i++ {
			folded[i] = true
		}
	}
	fold(end, len(m.lines))
	last := len(all) - 1 // the last stretch with something of one's own
	for last >= 0 && (all[last].quote || !m.says(all[last], m.below(all, last))) {
		last--
	}
	if last < 0 {
		return make([]bool, len(m.lines))
	}
	first := 0
	for all[first].quote || !m.says(all[first], false) {
		first++
	}
	if !hasMarked(all[last+1:]) && m.onlyFooterBelow(all[first:last+1]) {
		last = first
	}
	for _, s := range all[last+1:] {
		fold(s.from, s.to)
	}
	answers := first < last || last+1 < len(all) && last > 0 && hasMarked(all[:last]) && hasMarked(all[last+1:])
	for _, s := range all[:last] {
		if s.quote && s.intro > 0 && !answers {
			fold(s.from, s.to)
		}
		fold(s.from, s.from+s.intro)
	}
	fold(m.signature(all[last].from, all[last].to), all[last].to)
	return folded
}

// below tells that a stretch stands under a quote.
func (m layout) below(all []stretch, i int) bool { return i > 0 && all[i-1].quote }

func hasMarked(all []stretch) bool {
	for _, s := range all {
		if s.quote && s.to-s.from > s.intro {
			return true
		}
	}
	return false
}

// onlyFooterBelow tells that the few lines under an introduced quote, with an
// answer above it, are a name or a notice. A mere salutation above is no answer:
// then what stands below is.
func (m layout) onlyFooterBelow(all []stretch) bool {
	const longest = 4
	if len(all) != 3 || !all[1].quote || all[1].intro == 0 || m.salutes(all[0]) {
		return false
	}
	return m.count(all[2]) <= longest
}

// salutes tells that a stretch is nothing but "Dear Amira,".
func (m layout) salutes(s stretch) bool {
	if m.count(s) != 1 {
		return false
	}
	line := m.lines[m.filled(s.from, s.to)]
	words := len(strings.Fields(line))
	return words <= 2 || words <= 6 && strings.TrimRight(line, "!,，،:：") != line
}

func (m layout) count(s stretch) (n int) {
	for i := s.from; i < s.to; i++ {
		if m.kinds[i] != emptyLine {
			n++
		}
	}
	return n
}

// says tells whether there is more in a stretch than a signature. Under a quote
// a line of dashes starts one, too.
func (m layout) says(s stretch, below bool) bool {
	footers := 0
	for i := s.from; i < s.to; i++ {
		switch m.kinds[i] {
		case ownLine:
			if footers++; footers > maxFooters || !isFooter(strings.TrimSpace(m.lines[i])) {
				return true
			}
		case signLine:
			return false
		case delimiterLine:
			if below {
				return false
			}
		}
	}
	return false
}

// join puts together the lines that are folded, or those that aren't. An empty
// line goes with the line above it.
func (m layout) join(folded []bool, want bool) string {
	var out strings.Builder
	empty := 0
	for i, line := range m.lines {
		switch {
		case folded[i] != want:
		case m.kinds[i] == emptyLine:
			empty++
		default:
			if out.Len() > 0 {
				for range empty + 1 {
					out.WriteByte('\n')
				}
			}
			out.WriteString(line)
			empty = 0
		}
	}
	return out.String()
}
