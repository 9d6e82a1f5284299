package mail

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"

	"github.com/emersion/go-imap/v2/imapclient"
)

// squeezeTag marks our COMPRESS among go-imap's own commands.
const squeezeTag = "squeeze"

// squeezed is a connection under go-imap that can change to DEFLATE in the
// middle (RFC 4978), which go-imap can't ask for. Texts and heads then cost a
// third. It sends the command itself and takes the answer out of what the server
// says, so that go-imap's reader, which waits in Read meanwhile, never sees it.
type squeezed struct {
	net.Conn

	asked  atomic.Bool
	answer chan bool
	held   []byte    // said while the answer was awaited; only Read uses it
	in     io.Reader // what the server says, once it is squeezed; only Read uses it
	out    atomic.Pointer[flate.Writer]
}

func newSqueezed(c net.Conn) *squeezed { return &squeezed{Conn: c, answer: make(chan bool, 1)} }

// squeeze asks the server to compress. No command may be under way. A server
// that doesn't want to goes on as before.
func (z *squeezed) squeeze(c *imapclient.Client) error {
	z.asked.Store(true)
	if _, err := io.WriteString(z.Conn, squeezeTag+" COMPRESS DEFLATE\r\n"); err != nil {
		return err
	}
	select {
	case yes := <-z.answer:
		if yes {
			w, err := flate.NewWriter(z.Conn, flate.BestSpeed)
			if err != nil {
				return err
			}
			z.out.Store(w)
		}
		return nil
	case <-c.Closed():
		return errors.New("the line broke")
	}
}

// Read gives what the server says, with the answer to COMPRESS taken out.
func (z *squeezed) Read(b []byte) (int, error) {
	for {
		if len(z.held) > 0 && !z.asked.Load() {
			n := copy(b, z.held)
			z.held = z.held[n:]
			return n, nil
		}
		if z.in != nil {
			return z.in.Read(b)
		}
		n, err := z.Conn.Read(b)
		if !z.asked.Load() || err != nil {
			return n, err
		}
		z.held = append(z.held, b[:n]...)
		z.takeAnswer()
	}
}

// takeAnswer looks for the answer among what was held back.
func (z *squeezed) takeAnswer() {
	var before []byte
	rest := z.held
	for {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		if !whole {
			return // the answer isn't here yet
		}
		tag, words, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if tag != squeezeTag {
			before = append(append(before, line...), '\n')
			rest = after
			continue
		}
		yes := strings.HasPrefix(strings.ToUpper(words), "OK")
		z.held = before
		if yes {
			z.in = flate.NewReader(io.MultiReader(bytes.NewReader(bytes.Clone(after)), z.Conn))
		} else {
			z.held = append(before, after...)
		}
		z.asked.Store(false)
		z.answer <- yes
		return
	}
}

// Write sends b, squeezed and at once.
func (z *squeezed) Write(b []byte) (int, error) {
	w := z.out.Load()
	if w == nil {
		return z.Conn.Write(b)
	}
	n, err := w.Write(b)
	if err == nil {
		err = w.Flush()
	}
	return n, err
}
