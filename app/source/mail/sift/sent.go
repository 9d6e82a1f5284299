package sift

import (
	"bytes"
	"slices"
	"strings"
)

// sent is what was asked of the server and is not answered yet: go-imap ends
// the connection over an answer to anything else.
type sent struct {
	commands []command
	plus     int // continuation requests that are expected

	begun   []byte // the line that is being sent, its beginning
	inside  int64  // bytes of a literal still to be sent
	goingOn bool   // the next line belongs to the command before
}

type command struct {
	tag    string
	verb   string // in capitals, without UID
	folder []byte // of STATUS, as it was sent
	spoilt bool   // the answer can't be read
}

// maxBegun is how much of a line is kept to know what it asks.
const maxBegun = 8 << 10

// write follows what is sent.
func (s *sent) write(b []byte) {
	for len(b) > 0 {
		if s.inside > 0 {
			n := min(int64(len(b)), s.inside)
			s.inside -= n
			b = b[n:]
			continue
		}
		to := bytes.IndexByte(b, '\n') + 1
		if to == 0 {
			to = len(b)
		}
		piece := b[:to]
		b = b[to:]
		if room := maxBegun - len(s.begun); len(piece) > room {
			// The end of a line says whether a literal follows.
			s.begun = append(s.begun[:min(len(s.begun), maxBegun/2)], piece[max(0, len(piece)-maxBegun/2):]...)
		} else {
			s.begun = append(s.begun, piece...)
		}
		if piece[len(piece)-1] == '\n' {
			s.sentLine(trimBreak(s.begun))
			s.begun = s.begun[:0]
		}
	}
}

// sentLine notes one whole line.
func (s *sent) sentLine(line []byte) {
	wasOn := s.goingOn
	s.goingOn = false
	if rest, size, err := literalHead(line); err == nil && size >= 0 {
		s.inside, s.goingOn = size, true
		if !bytes.HasSuffix(line, []byte("+}")) {
			s.plus++
		}
		line = rest
	}
	if wasOn || s.verbPending("AUTHENTICATE") {
		return // the rest of a command, or an answer to a challenge
	}
	tag, rest := cutWord(line)
	verb, rest := cutWord(rest)
	if bytes.EqualFold(verb, []byte("UID")) {
		verb, rest = cutWord(rest)
	}
	if len(verb) == 0 {
		return // DONE
	}
	cmd := command{tag: string(tag), verb: strings.ToUpper(string(verb))}
	switch cmd.verb {
	case "IDLE":
		s.plus++
	case "STATUS":
		if t, ok := lex(nil, rest); ok && len(t) > 0 {
			cmd.folder = bytes.Clone(t[0].text)
		}
	}
	s.commands = append(s.commands, cmd)
}

func (s *sent) verbPending(verb string) bool {
	return slices.ContainsFunc(s.commands, func(c command) bool { return c.verb == verb })
}

func (s *sent) pending(tag []byte) bool {
	return slices.ContainsFunc(s.commands, func(c command) bool { return c.tag == string(tag) })
}

// answered takes a command off.
func (s *sent) answered(tag string) command {
	i := slices.IndexFunc(s.commands, func(c command) bool { return c.tag == tag })
	if i < 0 {
		return command{}
	}
	cmd := s.commands[i]
	s.commands = slices.Delete(s.commands, i, i+1)
	if len(s.commands) == 0 {
		s.plus = 0 // a server may refuse without asking for more
	}
	return cmd
}

// takePlus tells whether a continuation request is expected.
func (s *sent) takePlus() bool {
	if s.verbPending("AUTHENTICATE") {
		return true
	}
	if s.plus == 0 {
		return false
	}
	s.plus--
	return true
}

// firstTag is the oldest command of a kind, "" when there is none.
func (s *sent) firstTag(verb string) string {
	for _, c := range s.commands {
		if c.verb == verb {
			return c.tag
		}
	}
	return ""
}

// spoil makes a refusal of the answer to a search.
func (s *sent) spoil() {
	for i := range s.commands {
		if s.commands[i].verb == "SEARCH" {
			s.commands[i].spoilt = true
			return
		}
	}
}

// statusOf gives the folder that a STATUS is about: the one of that name, or
// the only one that is asked about.
func (s *sent) statusOf(said []byte) ([]byte, bool) {
	var only []byte
	n := 0
	for _, c := range s.commands {
		if c.verb != "STATUS" || len(c.folder) == 0 {
			continue
		}
		if bytes.Equal(c.folder, said) {
			return c.folder, true
		}
		only = c.folder
		n++
	}
	return only, n == 1
}
