package mail

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/emersion/go-imap/v2/imapclient"
)

// squeezeTag marks our COMPRESS among go-imap's own commands.
const squeezeTag = "squeeze"

// squeezed is a connection under go-imap that can change to DEFLATE in the
// middle (RFC 4978), which go-imap can't ask for. Texts and heads then cost a
// third. It sends the command itself and takes the answer out of what the server
// says, so that go-imap's reader never sees it.
//
// It can also hold commands back until several leave in one packet: on a rural
// line each packet costs as much as a command.
type squeezed struct {
	net.Conn

	asked  atomic.Bool
	answer chan bool
	said   lines     // while the answer is awaited; only Read uses it
	ready  []byte    // to be given out; only Read uses it
	in     io.Reader // what the server says, once it is squeezed; only Read uses it

	mu   sync.Mutex
	out  *flate.Writer // nil until it is squeezed
	way  *bufio.Writer // under out: each Write is a record of TLS
	held []byte
	hold bool
	shut bool
}

func newSqueezed(c net.Conn) *squeezed { return &squeezed{Conn: c, answer: make(chan bool, 1)} }

// together sends everything that commands writes at once. It must not wait for
// an answer.
func (z *squeezed) together(commands func()) error {
	z.mu.Lock()
	z.hold = true
	z.mu.Unlock()
	commands()
	z.mu.Lock()
	defer z.mu.Unlock()
	held := z.held
	z.hold, z.held = false, nil
	if len(held) == 0 {
		return nil
	}
	_, err := z.send(held)
	return err
}

// ask asks the server to squeeze. No further command may leave before the answer
// (RFC 4978 3); those before it may still be under way.
func (z *squeezed) ask() {
	z.asked.Store(true)
	_, _ = z.Write([]byte(squeezeTag + " COMPRESS DEFLATE\r\n")) // an error shows in settle
}

// settle waits for the answer. A server that doesn't want to goes on as before.
func (z *squeezed) settle(c *imapclient.Client) error {
	select {
	case yes := <-z.answer:
		if !yes {
			return nil
		}
		way := bufio.NewWriterSize(z.Conn, 16<<10)
		w, err := flate.NewWriter(way, flate.DefaultCompression)
		if err != nil {
			return err
		}
		z.mu.Lock()
		z.out, z.way = w, way
		z.mu.Unlock()
		return nil
	case <-c.Closed():
		return errors.New("the line broke")
	}
}

// Read gives what the server says, with the answer to COMPRESS taken out.
func (z *squeezed) Read(b []byte) (int, error) {
	for {
		switch {
		case len(z.ready) > 0:
			n := copy(b, z.ready)
			z.ready = z.ready[n:]
			return n, nil
		case z.in != nil:
			return z.in.Read(b)
		}
		n, err := z.Conn.Read(b)
		if !z.asked.Load() || n == 0 {
			return n, err
		}
		z.listen(b[:n])
	}
}

// listen looks for the answer in what came.
func (z *squeezed) listen(b []byte) {
	for {
		line, rest, whole := z.said.next(b)
		if !whole {
			if len(z.said.begun) > maxSection { // it will never answer
				z.ready, z.said = append(z.ready, z.said.begun...), lines{}
				z.asked.Store(false)
				z.answer <- false
			}
			return
		}
		tag, words, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if tag != squeezeTag {
			z.ready = append(z.ready, line...)
			b = bytes.Clone(rest)
			continue
		}
		yes := strings.HasPrefix(strings.ToUpper(words), "OK")
		if yes {
			z.in = flate.NewReader(io.MultiReader(bytes.NewReader(bytes.Clone(rest)), z.Conn))
		} else {
			z.ready = append(z.ready, rest...)
		}
		z.asked.Store(false)
		z.answer <- yes
		return
	}
}

// lines parts a stream of IMAP into lines, literals included: what stands inside
// a literal is nobody's answer.
type lines struct {
	begun []byte
	from  int // where the search for the line's end goes on
}

// next adds b and gives the first whole line, with what follows it.
func (l *lines) next(b []byte) (line, rest []byte, whole bool) {
	l.begun = append(l.begun, b...)
	for {
		if l.from > len(l.begun) {
			return nil, nil, false // in the middle of a literal
		}
		end := bytes.IndexByte(l.begun[l.from:], '\n')
		if end < 0 {
			return nil, nil, false
		}
		end += l.from + 1
		if n, ok := literal(l.begun[l.from:end]); ok {
			l.from = end + n
			continue
		}
		line, rest = l.begun[:end:end], l.begun[end:]
		l.begun, l.from = nil, 0
		return line, rest, true
	}
}

// literal tells that a line ends in the announcement of a literal (RFC 9051 4.3).
func literal(line []byte) (int, bool) {
	line, ok := bytes.CutSuffix(bytes.TrimRight(line, "\r\n"), []byte("}"))
	at := bytes.LastIndexByte(line, '{')
	if !ok || at < 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(string(line[at+1:]), "+"), 10, 31)
	return int(n), err == nil
}

// Write sends b, squeezed and at once, unless it is held back.
func (z *squeezed) Write(b []byte) (int, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.shut {
		return 0, net.ErrClosed // go-imap waits for ever for a command that left after its end
	}
	if z.hold {
		z.held = append(z.held, b...)
		return len(b), nil
	}
	return z.send(b)
}

// Close ends the line.
func (z *squeezed) Close() error {
	z.mu.Lock()
	z.shut = true
	z.mu.Unlock()
	return z.Conn.Close()
}

// send is called with mu held.
func (z *squeezed) send(b []byte) (int, error) {
	if z.out == nil {
		return z.Conn.Write(b)
	}
	n, err := z.out.Write(b)
	if err == nil {
		err = z.out.Flush()
	}
	if err == nil {
		err = z.way.Flush()
	}
	return n, err
}
