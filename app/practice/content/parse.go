package content

import (
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"fernpost/store/desk"
)

// parser reads one file; at is the line it stands on, from 1.
type parser struct {
	library *Library
	file    string
	lines   []string
	at      int
	main    *Language // of the file, nil when it names none
}

const (
	startConversation = "=== "
	startTurn         = "--- "
)

func (p *parser) next() (line string, ok bool) {
	if p.at >= len(p.lines) {
		return "", false
	}
	p.at++
	return p.lines[p.at-1], true
}

// peek looks at the next line without taking it.
func (p *parser) peek() string {
	if p.at >= len(p.lines) {
		return startConversation
	}
	return p.lines[p.at]
}

// language reads the head of a file.
func (p *parser) language() error {
	fields, err := p.fields(startConversation)
	if err != nil || fields["language"] == "" {
		return err
	}
	lang := &Language{
		Tag:   fields["language"],
		Re:    fields["re"],
		Wrote: fields["wrote"],
		Phone: fields["phone"],
		Date:  fields["date"],
		RTL:   fields["direction"] == "rtl",
	}
	labels := strings.Split(fields["labels"], "|")
	if len(labels) != len(lang.Labels) {
		return errors.New("labels: four words are needed: from | sent | to | subject")
	}
	for i, l := range labels {
		lang.Labels[i] = strings.TrimSpace(l)
	}
	if p.library.Languages[lang.Tag] != nil {
		return fmt.Errorf("language %s has two files", lang.Tag)
	}
	p.library.Languages[lang.Tag] = lang
	return nil
}

// fields reads "key: value" lines up to a line that begins with stop. Lines
// that begin with # are for translators.
func (p *parser) fields(stop string) (map[string]string, error) {
	fields := map[string]string{}
	for !strings.HasPrefix(p.peek(), stop) {
		line, ok := p.next()
		if !ok {
			break
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("%q is not of the form key: value", line)
		}
		fields[key] = strings.TrimSpace(value)
	}
	return fields, nil
}

func (p *parser) conversations() error {
	fields, err := p.fields(startConversation)
	if err != nil {
		return err
	}
	p.main = p.library.Languages[fields["language"]]
	for {
		line, ok := p.next()
		if !ok {
			return nil
		}
		id, ok := strings.CutPrefix(line, startConversation)
		if !ok {
			return fmt.Errorf("%q stands outside of a conversation", line)
		}
		c, err := p.conversation(strings.TrimSpace(id))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(p.library.Conversations, func(o *Conversation) bool { return o.ID == c.ID }) {
			return fmt.Errorf("two conversations are called %s", c.ID)
		}
		p.library.Conversations = append(p.library.Conversations, c)
	}
}

func (p *parser) conversation(id string) (*Conversation, error) {
	fields, err := p.fields(startTurn)
	if err != nil {
		return nil, err
	}
	c := &Conversation{ID: id, Language: p.main, Client: "web", Folder: "INBOX", Zone: time.UTC}
	for key, value := range fields {
		if err := c.field(p.library, key, value); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", id, key, err)
		}
	}
	if c.Language == nil || c.From.Addr == "" {
		return nil, fmt.Errorf("%s: from and a language are needed", id)
	}
	for strings.HasPrefix(p.peek(), startTurn) {
		turn, answer, err := p.turn()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		if answer {
			c.Answers = append(c.Answers, turn)
		} else {
			c.Turns = append(c.Turns, turn)
		}
	}
	if len(c.Turns) == 0 || c.Turns[0].Agent != "" {
		return nil, fmt.Errorf("%s: the customer writes first", id)
	}
	c.fillState()
	return c, nil
}

func (c *Conversation) field(l *Library, key, value string) (err error) {
	switch key {
	case "from":
		c.From, err = address(value)
	case "cc":
		for one := range strings.SplitSeq(value, ";") {
			a, err := address(strings.TrimSpace(one))
			if err != nil {
				return err
			}
			c.Cc = append(c.Cc, a)
		}
	case "subject":
		c.Subject = value
	case "zone":
		t, zoneErr := time.Parse("-07:00", value)
		c.Zone, err = t.Location(), zoneErr
		if _, offset := t.Zone(); err == nil {
			c.Zone = time.FixedZone("", offset)
		}
	case "client":
		c.Client = value
		if !slices.Contains(Clients, value) {
			err = errors.New("not one of " + strings.Join(Clients, ", "))
		}
	case "charset":
		c.Charset = value
	case "folder":
		c.Folder = value
	case "keywords":
		c.Keywords = strings.Fields(value)
	case "arrives":
		c.Later = value == "later"
	case "bounces":
		c.Bounces = value == "yes"
	case "state":
		c.State = value
		if value != "done" {
			err = errors.New("only done is written; waiting follows from the turns")
		}
	case "language":
		if c.Language = l.Languages[value]; c.Language == nil {
			err = errors.New("no file has this language")
		}
	default:
		err = errors.New("unknown")
	}
	return err
}

// address reads "Name <addr>"; a name may hold any letters but no "<".
func address(s string) (desk.Address, error) {
	name, rest, ok := strings.Cut(s, "<")
	if !ok {
		rest, name = s, ""
	}
	a, err := mail.ParseAddress(strings.TrimSuffix(strings.TrimSpace(rest), ">"))
	if err != nil {
		return desk.Address{}, err
	}
	return desk.Address{Name: strings.TrimSpace(name), Addr: a.Address}, nil
}
