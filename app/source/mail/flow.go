package mail

import "strings"

// flowWidth is where format=flowed breaks lines (RFC 3676 4.2 wants at most 78).
const flowWidth = 74

// flow makes format=flowed of a text: paragraphs are broken at spaces that stay
// at the lines' ends, so that every screen may join them again. A text without
// a paragraph to break isn't flowed at all.
func flow(text string) (out string, flowed bool) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.Map(func(c rune) rune {
		switch {
		case c == '\r':
			return '\n'
		case c == '\n' || c == '\t':
			return c
		case c < ' ' || c == 0x7f:
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "\uFFFD"))
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n "), "\n") {
		if line != "-- " {
			line = strings.TrimRight(line, " ")
		}
		marks, rest := cutMarks(line)
		pieces := wrap(rest, flowWidth-len(marks))
		for i, piece := range pieces {
			if i > 0 {
				flowed = true
				b.WriteString(" \r\n")
			}
			b.WriteString(marks)
			if needsStuffing(marks+piece, i == 0) {
				flowed = true
				b.WriteByte(' ')
			}
			b.WriteString(piece)
		}
		b.WriteString("\r\n")
	}
	return b.String(), flowed
}

// cutMarks takes the quote marks off a line that is too long, with the space
// behind them: each of its pieces gets them back (RFC 3676 4.5).
func cutMarks(line string) (marks, rest string) {
	depth := 0
	for depth < len(line) && line[depth] == '>' {
		depth++
	}
	if depth == 0 || columns(line) <= flowWidth {
		return "", line
	}
	return line[:depth] + " ", strings.TrimPrefix(line[depth:], " ")
}

// needsStuffing finds lines that a reader of format=flowed, or an old mailbox
// file, would take for something else. A > that the agent typed at a line's
// start is meant as a quote.
func needsStuffing(line string, first bool) bool {
	return strings.HasPrefix(line, " ") || strings.HasPrefix(line, "From ") || !first && strings.HasPrefix(line, ">") && !strings.HasPrefix(strings.TrimLeft(line, ">"), " ")
}

// wrap breaks a line at spaces.
func wrap(line string, width int) []string {
	var out []string
	for columns(line) > width {
		at := breakAt(line, width)
		if at < 0 {
			break
		}
		out = append(out, line[:at])
		line = line[at+1:]
	}
	return append(out, line)
}

// breakAt finds the last space within the width, or the first after it. A space
// beside another space can't be one: the reader couldn't tell them apart.
func breakAt(line string, width int) int {
	best, column := -1, 0
	for i, c := range line {
		if c == ' ' && i > 0 && line[i-1] != ' ' && i+1 < len(line) && line[i+1] != ' ' {
			if column > width && best >= 0 {
				return best
			}
			best = i
			if column > width {
				return best
			}
		}
		column++
	}
	return best
}

func columns(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}
