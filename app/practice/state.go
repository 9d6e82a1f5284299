package practice

import (
	"encoding/json"
	"strings"
	"time"

	"fernpost/app/practice/line"
	"fernpost/app/practice/mailbox"
)

// What the server keeps beside the mails, as notes in the mailbox's log. Every
// note is written in the batch of the mail it belongs to.
const (
	noteBegin    = "begin"    // the account was opened for the first time
	noteSaid     = "said"     // a Message-ID belongs to a conversation
	noteOut      = "out"      // SMTP took a mail
	noteDue      = "due"      // a customer, or a mail server, will answer
	noteAnswered = "answered" // and did
	noteArrived  = "arrived"  // a later conversation came
	noteLine     = "line"
)

type beginNote struct {
	Start int64  `json:"start"` // unix seconds
	Seed  uint64 `json:"seed"`
}

type saidNote struct {
	Conversation string `json:"c"`
	ID           string `json:"id"`
}

type outNote struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
	To []string  `json:"to"` // customers it reached, lower case
}

// dueNote replaces an earlier one of the same conversation and step.
type dueNote struct {
	Conversation string    `json:"c,omitempty"`
	Step         int       `json:"n"`
	Bounce       string    `json:"bounce,omitempty"` // the address that doesn't exist
	At           time.Time `json:"at"`
	Answers      string    `json:"id"` // Message-ID of the agent's mail
}

func (d dueNote) key() string {
	if d.Bounce != "" {
		return "bounce " + d.Answers + " " + d.Bounce
	}
	return "answer " + d.Conversation
}

type answeredNote struct {
	Key          string `json:"k"`
	Conversation string `json:"c,omitempty"`
	Step         int    `json:"n"`
}

type arrivedNote struct {
	Conversation string `json:"c"`
}

type lineNote struct {
	Mode line.Mode `json:"mode"`
}

// state is what the notes add up to. Server.mu guards it.
type state struct {
	start   time.Time
	seed    uint64
	line    line.Mode
	owner   map[string]string       // Message-ID → conversation
	bodies  map[string]mailbox.Body // Message-ID → the agent's mail, for quoting
	out     []delivery
	due     map[string]dueNote
	step    map[string]int // conversation → answers written
	arrived map[string]bool
}

// delivery is one accepted mail: a transaction of SMTP.
type delivery struct {
	outNote
	body mailbox.Body
}

func newState() state {
	return state{
		line:    line.Good,
		owner:   map[string]string{},
		bodies:  map[string]mailbox.Body{},
		due:     map[string]dueNote{},
		step:    map[string]int{},
		arrived: map[string]bool{},
	}
}

// noted takes in one note, at the start or as it is written.
func (s *Server) noted(n mailbox.Note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &s.state
	switch n.Type {
	case noteBegin:
		note := read[beginNote](n)
		st.start, st.seed = time.Unix(note.Start, 0), note.Seed
	case noteSaid:
		note := read[saidNote](n)
		st.owner[note.ID] = note.Conversation
	case noteOut:
		d := delivery{outNote: read[outNote](n), body: n.Body}
		st.out = append(st.out, d)
		st.bodies[d.ID] = n.Body
	case noteDue:
		note := read[dueNote](n)
		st.due[note.key()] = note
	case noteAnswered:
		note := read[answeredNote](n)
		delete(st.due, note.Key)
		if note.Conversation != "" {
			st.step[note.Conversation] = note.Step + 1
		}
	case noteArrived:
		st.arrived[read[arrivedNote](n).Conversation] = true
	case noteLine:
		if mode := read[lineNote](n).Mode; mode.Valid() {
			st.line = mode
		}
	}
}

// read decodes a note that this program wrote; the log's checksum covers it.
func read[T any](n mailbox.Note) (v T) {
	_ = json.Unmarshal(n.Data, &v)
	return v
}

// Delivery is a mail that reached a customer.
type Delivery struct {
	At  time.Time
	ID  string // Message-ID without <>
	Raw []byte
}

// Delivered tells how often the mail with this Message-ID (or with this op id
// as its local part) reached its customer: of several recipients the one who
// got it most often. 1 is what should be; 2 is a double.
func (s *Server) Delivered(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	times, most := map[string]int{}, 0
	for _, d := range s.state.out {
		if !sameID(d.ID, id) {
			continue
		}
		for _, to := range d.To {
			times[to]++
			most = max(most, times[to])
		}
	}
	return most
}

func sameID(messageID, id string) bool {
	id = strings.Trim(id, "<>")
	local, _, _ := strings.Cut(messageID, "@")
	return messageID != "" && (messageID == id || local == id)
}

// CustomerMail gives what reached a customer, oldest first.
func (s *Server) CustomerMail(address string) ([]Delivery, error) {
	s.mu.Lock()
	var found []delivery
	for _, d := range s.state.out {
		for _, to := range d.To {
			if strings.EqualFold(to, address) {
				found = append(found, d)
			}
		}
	}
	s.mu.Unlock()
	all := []Delivery{}
	for _, d := range found {
		raw, err := s.mailbox.Read(d.body)
		if err != nil {
			return nil, err
		}
		all = append(all, Delivery{At: d.At, ID: d.ID, Raw: raw})
	}
	return all, nil
}
