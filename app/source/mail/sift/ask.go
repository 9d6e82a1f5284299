package sift

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// ItemGmailID names a message across all of Gmail's folders. It reaches the
// reader as the text of a section of this name.
const ItemGmailID = "X-GM-MSGID"

// Also adds an item to every FETCH that asks for a message's size.
func (c *Conn) Also(item string) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	c.also = item
}

// Write sends what go-imap says.
func (c *Conn) Write(b []byte) (int, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	return c.write(b)
}

func (c *Conn) write(b []byte) (int, error) {
	c.mu.Lock()
	fresh := c.said.inside == 0 && len(c.said.begun) == 0
	c.said.write(b)
	c.mu.Unlock()
	const before, size = "UID FETCH ", "RFC822.SIZE"
	if fresh && c.also != "" && bytes.Contains(b, []byte(before)) && bytes.Contains(b, []byte(size)) {
		more := bytes.Replace(b, []byte(size), []byte(size+" "+c.also), 1)
		if _, err := c.Conn.Write(more); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// Answer is what a server said to a command of Ask.
type Answer struct {
	Err      error // the line broke, or the server refused: *Refusal
	Vanished []Range
	Found    []uint32 // by a SEARCH
	Changed  []Changed
}

// Changed is a message's flags as a FETCH gave them.
type Changed struct {
	UID    uint32
	Flags  []string
	ModSeq uint64 // 0 when it wasn't said
}

// Refusal is a server's NO or BAD.
type Refusal struct{ Code, Text string }

func (r *Refusal) Error() string { return fmt.Sprintf("refused: [%s] %s", r.Code, r.Text) }

// ask is a command of ours under way.
type ask struct {
	tag  string
	got  Answer
	done chan Answer
}

// Ask sends one line. Nothing of go-imap's that answers with messages may be
// under way: until the answer is complete, FETCH and VANISHED are taken for
// part of it.
func (c *Conn) Ask(line string) <-chan Answer {
	a := &ask{done: make(chan Answer, 1)}
	c.wmu.Lock()
	defer c.wmu.Unlock()
	c.mu.Lock()
	c.nth++
	a.tag = fmt.Sprint("F", c.nth)
	gone := c.gone
	if gone == nil {
		c.asks = append(c.asks, a)
	}
	c.mu.Unlock()
	if gone != nil {
		a.done <- Answer{Err: gone}
		return a.done
	}
	if _, err := c.write([]byte(a.tag + " " + line + "\r\n")); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.takeAsk(a.tag) != nil {
			a.done <- Answer{Err: err}
		}
	}
	return a.done
}

// takeAsk takes a command of ours off. Who calls it holds mu.
func (c *Conn) takeAsk(tag string) *ask {
	i := slices.IndexFunc(c.asks, func(a *ask) bool { return a.tag == tag })
	if i < 0 {
		return nil
	}
	a := c.asks[i]
	c.asks = slices.Delete(c.asks, i, i+1)
	return a
}

func (a *ask) answer(name, rest []byte) {
	if !bytes.EqualFold(name, []byte("OK")) {
		code, _, said := readCode(rest)
		a.got.Err = &Refusal{code, plainText(bytes.TrimSpace(said))}
	}
	a.done <- a.got
}

// toAsk gives what came to the command of ours that is under way, if any.
func (c *Conn) toAsk(give func(*Answer)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asks) == 0 {
		return false
	}
	give(&c.asks[0].got)
	return true
}

func (c *Conn) asking() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.asks) > 0
}

func flagsOf(list []token) []string {
	in, _ := inside(list)
	flags := make([]string, 0, len(in))
	for _, t := range in {
		if t.kind == word {
			flags = append(flags, string(t.text))
		}
	}
	return flags
}

// vanished reads RFC 7162 3.2.10. What vanished earlier was asked for; what
// vanishes now is told as go-imap knows it: by one EXPUNGE and the number that
// are left.
func (c *Conn) vanished(t []token) {
	first, rest := cut(t)
	in, ok := inside(first)
	earlier := ok && wordIs(in, "EARLIER")
	if ok {
		first, _ = cut(rest)
	}
	set, ok := words(first)
	if !ok {
		return
	}
	ranges, err := parseRanges(string(set))
	if err != nil {
		return
	}
	c.toAsk(func(a *Answer) { a.Vanished = append(a.Vanished, ranges...) })
	if earlier {
		return
	}
	var n uint64
	for _, r := range ranges {
		n += uint64(r.Hi-r.Lo) + 1
	}
	if n = min(n, uint64(c.exists)); n > 0 {
		left := c.exists - uint32(n)
		c.counted(c.exists, "EXPUNGE")
		if n > 1 {
			c.counted(left, "EXISTS")
		}
	}
}

// found keeps what a SEARCH of ours answered. An answer that can't be read found
// nothing that can be used.
func (c *Conn) found(t []token) bool {
	return c.toAsk(func(a *Answer) {
		for _, tok := range t {
			if n, ok := number(tok.text, math.MaxUint32); ok && tok.kind == word && n > 0 {
				a.Found = append(a.Found, uint32(n))
			}
		}
	})
}

func (c *Conn) isPending(tag []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said.pending(tag)
}

func readFull(r io.Reader, b []byte) (int, error) {
	n, err := io.ReadFull(r, b)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
