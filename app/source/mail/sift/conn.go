// Package sift stands between an IMAP server and go-imap, which ends a
// connection at the first word it doesn't know. It reads what the server says
// by lines and literals (RFC 9051 2.2), hands on what go-imap can take in one
// plain form, mends what can be mended, and leaves the rest out. What is left
// out of an answer makes the answer shorter, never wrong: an answer that would
// mislead when shortened is handed on as a refusal.
//
// It also sends the few commands that go-imap has no words for, see Ask.
package sift

import (
	"bufio"
	"errors"
	"net"
	"sync"
)

// Bounds of what is kept in memory, whatever a server sends. A literal that is
// a message's own text passes through, however long.
const (
	maxLine    = 1 << 20  // a response without its literals
	maxNumbers = 32 << 20 // a line of SEARCH: two million UIDs
	maxInline  = 64 << 10 // a literal inside a structure or a name
	maxHeld    = 1 << 20  // literals that came before their UID
	maxDepth   = 100      // of nested lists; go-imap itself has no bound
)

// ErrNotIMAP tells that whoever answers doesn't speak IMAP.
var ErrNotIMAP = errors.New("this isn't an IMAP server")

var errFraming = errors.New("a literal of no length")

// Conn is a connection to an IMAP server, as go-imap likes it.
type Conn struct {
	net.Conn
	alert func(text string)

	// What follows belongs to whoever reads.
	r       *bufio.Reader
	line    []byte  // what is being read: a line, with short literals in it
	tokens  []token // of line
	out     []byte  // ready to be handed on
	given   int     // how much of out was
	through int64   // bytes of a literal that pass as they are
	fetch   *fetch  // the FETCH whose literal passes
	room    fetch   // for one after the other
	greeted bool
	exists  uint32 // messages in the selected folder

	wmu  sync.Mutex // one Write at a time
	also string     // a further item of every FETCH of heads

	mu   sync.Mutex
	said sent
	asks []*ask
	nth  int
	gone error // why nothing more will be read
}

// New wraps a connection on which nothing was read yet. alert is told what the
// server says to people and not to programs (RFC 9051 7.1, ALERT). It is called
// while a line is read and must return at once; nil is nobody.
func New(c net.Conn, alert func(text string)) *Conn {
	return &Conn{Conn: c, alert: alert, r: bufio.NewReaderSize(c, 16<<10)}
}

// Read gives what the server says, sifted.
func (c *Conn) Read(b []byte) (int, error) {
	for {
		switch {
		case len(b) == 0:
			return 0, nil
		case c.given < len(c.out):
			n := copy(b, c.out[c.given:])
			c.given += n
			return n, nil
		case c.through > 0:
			n, err := c.r.Read(b[:min(int64(len(b)), c.through)])
			c.through -= int64(n)
			if err != nil {
				return n, c.end(err)
			}
			return n, nil
		}
		c.out, c.given = c.out[:0], 0
		if cap(c.out) > maxLine {
			c.out = nil
		}
		if err := c.next(); err != nil && len(c.out) == 0 {
			return 0, c.end(err)
		}
	}
}

// end remembers why nothing more comes and tells whoever waits for an answer.
func (c *Conn) end(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone == nil {
		c.gone = err
	}
	for _, a := range c.asks {
		a.done <- Answer{Err: err}
	}
	c.asks = nil
	return err
}

// next reads one response, or one as far as a literal that passes.
func (c *Conn) next() error {
	if f := c.fetch; f != nil {
		c.fetch = nil
		return c.fetchOn(f)
	}
	c.line = c.line[:0]
	if cap(c.line) > maxLine {
		c.line = nil
	}
	end, err := c.readLine()
	if err != nil {
		return err
	}
	return c.response(end)
}
