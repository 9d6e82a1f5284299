package content

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// turn reads the line that begins a turn, the directives under it and the text.
func (p *parser) turn() (t Turn, answer bool, err error) {
	line, _ := p.next()
	if answer, err = t.begin(strings.TrimSpace(strings.TrimPrefix(line, startTurn))); err != nil {
		return t, false, err
	}
	var text []string
	for !strings.HasPrefix(p.peek(), startTurn) && !strings.HasPrefix(p.peek(), startConversation) {
		line, _ := p.next()
		if directive, ok := strings.CutPrefix(line, "@"); ok {
			if err := t.directive(directive); err != nil {
				return t, false, err
			}
			continue
		}
		text = append(text, line)
	}
	t.Text = strings.Trim(strings.Join(text, "\n"), "\n")
	if t.Text == "" && !t.Bounce {
		return t, false, errors.New("a turn without text")
	}
	return t, answer, nil
}

// begin reads "3d 14:10", "agent Daniela Brandt, 2d 09:00", "2d 09:01 auto",
// "2d 09:01 bounce", "answer" or "answer auto".
func (t *Turn) begin(s string) (answer bool, err error) {
	if kind, ok := strings.CutPrefix(s, "answer"); ok {
		t.Auto = strings.TrimSpace(kind) == "auto"
		return true, nil
	}
	if rest, ok := strings.CutPrefix(s, "agent "); ok {
		if t.Agent, s, ok = strings.Cut(rest, ","); !ok {
			return false, fmt.Errorf("%q: an agent's turn needs a name, a comma and a time", rest)
		}
	}
	s, t.Auto = strings.CutSuffix(s, " auto")
	s, t.Bounce = strings.CutSuffix(s, " bounce")
	t.Ago, err = parseWhen(strings.TrimSpace(s))
	return false, err
}

// directive reads "attach name [bytes]", "inline name [bytes]" and "pages n".
func (t *Turn) directive(line string) error {
	words := strings.Fields(line)
	switch {
	case len(words) == 2 && words[0] == "pages":
		n, err := strconv.Atoi(words[1])
		t.Pages = n
		return err
	case len(words) >= 2 && (words[0] == "attach" || words[0] == "inline"):
		f := File{Name: strings.Join(words[1:], " ")}
		if n, err := strconv.Atoi(words[len(words)-1]); err == nil && len(words) > 2 {
			f = File{Name: strings.Join(words[1:len(words)-1], " "), Size: n}
		}
		f.Inline = words[0] == "inline"
		t.Files = append(t.Files, f)
		return nil
	default:
		return fmt.Errorf("@%s: unknown", line)
	}
}

// parseWhen reads "3d 14:10", "5h" or "40m".
func parseWhen(s string) (When, error) {
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return When{Minute: int(d.Minutes())}, nil
	}
	days, clock, ok := strings.Cut(s, "d ")
	n, err := strconv.Atoi(days)
	at, clockErr := time.Parse("15:04", clock)
	if !ok || n < 1 || errors.Join(err, clockErr) != nil {
		return When{}, fmt.Errorf("%q is no time: write 3d 14:10, 5h or 40m", s)
	}
	return When{Days: n, Minute: at.Hour()*60 + at.Minute()}, nil
}
