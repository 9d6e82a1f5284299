package mailtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineKind says what a line of a mail is, by itself and by its neighbours.
type lineKind byte

const (
	ownLine lineKind = iota
	emptyLine
	quoteLine     // marked as quoted: "> ", "| " below an introduction, "Anna> "
	introLine     // introduces a quote: "On Monday, Anna wrote:"
	otherLine     // from here on stands another mail: a separator, or a mail's head
	delimiterLine // nothing but dashes and the like
	signLine      // above a signature (RFC 3676 4.3)
	footerLine    // marked as a signature in HTML
)

// Where a quote or a signature begins, HTML says by its structure. The text made
// of it carries these at the line's beginning; no text keeps them.
const (
	quoteStart    = "\x1e"
	signaturePart = "\x1f"
)

// layout is a mail's text, line by line.
type layout struct {
	lines  []string
	kinds  []lineKind
	marked []bool // a quote begins here, as the HTML says
}

func newLayout(text string) layout {
	lines := strings.Split(text, "\n")
	m := layout{lines: lines, kinds: make([]lineKind, len(lines)), marked: make([]bool, len(lines))}
	signed := make([]bool, len(lines))
	for i, line := range lines {
		m.marked[i] = strings.Contains(line, quoteStart)
		signed[i] = strings.Contains(line, signaturePart)
		lines[i] = strings.TrimRight(unmarked(line), " \t\u00a0\r")
	}
	other := false // below another mail's head everything is that mail
	for i, line := range lines {
		switch {
		case other && strings.TrimSpace(line) == "":
			m.kinds[i] = emptyLine
		case other || m.kinds[i] != ownLine:
		case signed[i] && line != "":
			m.kinds[i] = footerLine
		default:
			m.kinds[i] = m.kindOf(i)
			other = m.kinds[i] == otherLine
		}
	}
	return m
}

// unmarked takes the structural marks out of a line or a text.
func unmarked(s string) string {
	if !strings.Contains(s, quoteStart) && !strings.Contains(s, signaturePart) {
		return s
	}
	return marks.Replace(s)
}

var marks = strings.NewReplacer(quoteStart, "", signaturePart, "")

// kindOf looks at one line. An introduction may take several: it names those
// below, too.
func (m layout) kindOf(i int) lineKind {
	line := strings.TrimSpace(m.lines[i])
	switch {
	case line == "":
		return emptyLine
	case line[0] == '>':
		return quoteLine
	case isSign(line):
		return signLine
	case isDelimiter(line):
		return delimiterLine
	}
	if n := m.introduction(i); n > 0 {
		m.introduce(i, n)
		return introLine
	}
	switch {
	case isSeparator(line) || isForward(line) || m.headFrom(i) || m.marked[i]:
		return otherLine
	case m.namedQuote(i):
		return quoteLine
	}
	return ownLine
}

// introduce names the n lines from i on as introduction, and what is marked in
// another way than with > below it as quoted.
func (m layout) introduce(i, n int) {
	for k := i + 1; k < i+n; k++ {
		m.kinds[k] = introLine
	}
	at := m.filledText(i + n)
	if at == len(m.lines) {
		return
	}
	mark := otherQuoteMark(m.lines[at])
	if mark == "" {
		return
	}
	for ; at < len(m.lines); at++ {
		line := strings.TrimSpace(m.lines[at])
		switch {
		case strings.HasPrefix(line, mark):
			m.kinds[at] = quoteLine
		case line != "":
			return
		}
	}
}

// filledText is filled for lines that have no kind yet.
func (m layout) filledText(i int) int {
	for i < len(m.lines) && strings.TrimSpace(m.lines[i]) == "" {
		i++
	}
	return i
}

// quotedAt tells that the first line with anything on it at or below i is
// marked as quoted.
func (m layout) quotedAt(i int) bool {
	i = m.filledText(i)
	return i < len(m.lines) && (strings.TrimSpace(m.lines[i])[0] == '>' || otherQuoteMark(m.lines[i]) != "")
}

// otherQuoteMark gives the mark of quotes that doesn't begin with >: a bar, or
// the writer's name or initials ("Anna> yes"). "" where there is none.
func otherQuoteMark(line string) string {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "| ") || line == "|" {
		return "|"
	}
	at := strings.IndexByte(line[:min(len(line), 20)], '>')
	if at <= 0 {
		return ""
	}
	for _, c := range line[:at] {
		if !unicode.IsLetter(c) {
			return ""
		}
	}
	return line[:at+1]
}

// namedQuote tells that line i and a neighbour begin with the same "Anna>".
func (m layout) namedQuote(i int) bool {
	mark := otherQuoteMark(m.lines[i])
	if mark == "" || mark == "|" {
		return false
	}
	return i+1 < len(m.lines) && otherQuoteMark(m.lines[i+1]) == mark ||
		i > 0 && otherQuoteMark(m.lines[i-1]) == mark
}

// brokenOff tells that a line is the end of the quoted one above it: a program
// broke that one and forgot the mark.
func brokenOff(quoted, line string) bool {
	const wide, short = 60, 45
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(line))
	n := utf8.RuneCountInString(line)
	return utf8.RuneCountInString(quoted) >= wide && (n <= short || unicode.IsLower(first))
}

// otherMail gives the line from which on another mail stands, with the line of
// dashes above it; the number of lines where there is none.
func (m layout) otherMail() int {
	for i, kind := range m.kinds {
		if kind != otherLine {
			continue
		}
		above := i - 1
		for above >= 0 && m.kinds[above] == emptyLine {
			above--
		}
		if above >= 0 && m.kinds[above] == delimiterLine {
			return above
		}
		return i
	}
	return len(m.lines)
}
