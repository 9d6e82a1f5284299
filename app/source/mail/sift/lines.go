package sift

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// ending says how a line of the server ended.
type ending struct {
	literal int64 // the length of the literal that follows, -1 when none does
	cut     bool  // the line was too long: it is not whole
}

// readLine reads to the end of a line and puts it behind c.line, without the
// line break and without the head of a literal. A lone LF ends a line too.
// Control characters become spaces, so that 0 can mark a literal.
func (c *Conn) readLine() (ending, error) {
	from := len(c.line)
	end := ending{literal: -1}
	var tail []byte // of a line that is too long: a literal's head may stand there
	for {
		piece, err := c.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return end, err
		}
		switch {
		case end.cut:
			tail = append(tail, piece...)
			tail = tail[max(0, len(tail)-32):]
		case len(c.line)+len(piece) > c.roomFor():
			end.cut = true
			tail = append(tail, piece[max(0, len(piece)-32):]...)
		default:
			c.line = append(c.line, piece...)
		}
		if err == nil {
			break
		}
	}
	if end.cut {
		c.line = c.line[:from]
		_, size, err := literalHead(trimBreak(tail))
		end.literal = size
		return end, err
	}
	rest, size, err := literalHead(trimBreak(c.line[from:]))
	end.literal = size
	for i, b := range rest {
		if b < ' ' || b == 0x7f {
			rest[i] = ' '
		}
	}
	c.line = c.line[:from+len(rest)]
	return end, err
}

// roomFor is how long the line may get.
func (c *Conn) roomFor() int {
	const longest = len("* ESEARCH")
	start := c.line[:min(len(c.line), longest)]
	if foldPrefix(start, "* SEARCH") || foldPrefix(start, "* ESEARCH") {
		return maxNumbers
	}
	return maxLine
}

func foldPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}

func trimBreak(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// literalHead cuts {n}, {n+}, ~{n} off the end of a line; size is -1 when there
// is none. A length that is no length leaves nothing to go by.
func literalHead(b []byte) (rest []byte, size int64, err error) {
	if len(b) < 3 || b[len(b)-1] != '}' {
		return b, -1, nil
	}
	at := bytes.LastIndexByte(b, '{')
	if at < 0 {
		return b, -1, nil
	}
	digits := bytes.TrimSuffix(b[at+1:len(b)-1], []byte("+"))
	n, ok := number(digits, 1<<62)
	if !ok {
		if len(digits) > 0 && (digits[0] == '-' || digits[0] >= '0' && digits[0] <= '9') {
			return b, -1, errFraming
		}
		return b, -1, nil
	}
	return bytes.TrimSuffix(b[:at], []byte("~")), int64(n), nil
}

// number reads decimal digits up to limit.
func number(b []byte, limit uint64) (uint64, bool) {
	if len(b) == 0 || len(b) > 19 {
		return 0, false
	}
	var n uint64
	for _, d := range b {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + uint64(d-'0')
	}
	return n, n <= limit
}

// readInline puts a short literal behind c.line, marked by 0 and its length. A
// longer one is thrown away: false.
func (c *Conn) readInline(size int64) (bool, error) {
	if size > maxInline || int64(len(c.line))+size > maxLine {
		return false, c.discard(size)
	}
	c.line = append(c.line, 0)
	c.line = binary.BigEndian.AppendUint32(c.line, uint32(size))
	at := len(c.line)
	c.line = append(c.line, make([]byte, size)...)
	_, err := io.ReadFull(c.r, c.line[at:])
	return true, err
}

func (c *Conn) discard(size int64) error {
	_, err := io.CopyN(io.Discard, c.r, size)
	return err
}

// readRest reads what follows a line that ended in a literal, all of it into
// c.line. false: it was too long, and only its end was found.
func (c *Conn) readRest(end ending) (whole bool, err error) {
	whole = !end.cut
	for end.literal >= 0 {
		if end, _, err = c.readLiteral(end, whole); err != nil {
			return false, err
		}
		whole = whole && !end.cut
	}
	return whole, nil
}

// readLiteral reads a short literal and the line behind it, which begins at
// behind. Of a response that isn't whole any more nothing is kept: next.cut.
func (c *Conn) readLiteral(end ending, whole bool) (next ending, behind int, err error) {
	if whole {
		whole, err = c.readInline(end.literal)
	} else {
		err = c.discard(end.literal)
	}
	behind = len(c.line)
	if err == nil {
		next, err = c.readLine()
	}
	if next.cut = next.cut || !whole; next.cut {
		c.line, behind = c.line[:0], 0
	}
	return next, behind, err
}
