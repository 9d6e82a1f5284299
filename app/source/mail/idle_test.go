package mail_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fernpost/app/source"
	"fernpost/app/source/mail"
	"fernpost/app/source/mail/maillab"
	"fernpost/store/desk"
)

// record is what TLS adds to each piece.
const record = 22

// forgetful is a line through a router that forgets it after a silence: from then
// on nothing passes, and nobody is told.
type forgetful struct {
	net.Conn
	after time.Duration // 0: never
	mu    sync.Mutex
	last  time.Time
	count *atomic.Int64
}

func (f *forgetful) passes(n int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.after > 0 && time.Since(f.last) > f.after {
		return false
	}
	f.last = time.Now()
	f.count.Add(int64(n) + record)
	return true
}

func (f *forgetful) Write(b []byte) (int, error) {
	if !f.passes(len(b)) {
		return len(b), nil
	}
	return f.Conn.Write(b)
}

func (f *forgetful) Read(b []byte) (int, error) {
	for {
		n, err := f.Conn.Read(b)
		if n == 0 || f.passes(n) {
			return n, err
		}
	}
}

// quietServer has an inbox in which nothing happens. Like real ones it answers
// commands that came together in one piece, and squeezes.
type quietServer struct {
	c      net.Conn
	r      *bufio.Reader
	z      *flate.Writer // nil until it squeezes
	out    bytes.Buffer
	small  bytes.Buffer // out, squeezed
	idling string
}

func (q *quietServer) serve(hangUpAfter time.Duration) {
	defer q.c.Close()
	q.r = bufio.NewReader(q.c)
	_, _ = fmt.Fprint(q.c, "* OK [CAPABILITY IMAP4rev1 IDLE CONDSTORE SASL-IR AUTH=PLAIN] here\r\n")
	for {
		if hangUpAfter > 0 {
			_ = q.c.SetReadDeadline(time.Now().Add(hangUpAfter))
		}
		line, err := q.r.ReadString('\n')
		if err != nil {
			return
		}
		tag, cmd, _ := strings.Cut(strings.TrimSpace(line), " ")
		q.answer(tag, cmd)
		if q.r.Buffered() > 0 && cmd != "COMPRESS DEFLATE" {
			continue
		}
		if q.z == nil {
			_, _ = q.out.WriteTo(q.c)
		} else {
			_, _ = q.out.WriteTo(q.z)
			_ = q.z.Flush()
			_, _ = q.small.WriteTo(q.c)
		}
		if cmd == "COMPRESS DEFLATE" {
			q.z, _ = flate.NewWriter(&q.small, flate.DefaultCompression)
			q.r = bufio.NewReader(flate.NewReader(q.c))
		}
	}
}

func (q *quietServer) answer(tag, cmd string) {
	verb, rest, _ := strings.Cut(cmd, " ")
	switch {
	case tag == "DONE":
		tag = q.idling
	case verb == "IDLE":
		q.idling = tag
		q.out.WriteString("+ idling\r\n")
		return
	case verb == "CAPABILITY":
		q.out.WriteString("* CAPABILITY IMAP4rev1 IDLE CONDSTORE COMPRESS=DEFLATE\r\n")
	case verb == "LIST":
		q.out.WriteString("* LIST () \"/\" INBOX\r\n* LIST () \"/\" Sent\r\n* LIST () \"/\" Junk\r\n")
	case verb == "SELECT":
		q.out.WriteString("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n* OK [HIGHESTMODSEQ 9] x\r\n")
	case verb == "STATUS":
		name, _, _ := strings.Cut(rest, " ")
		q.out.WriteString("* STATUS " + name + " (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 7 HIGHESTMODSEQ 1)\r\n")
	case cmd == "UID SEARCH":
		q.out.WriteString("* SEARCH\r\n")
	}
	q.out.WriteString(tag + " OK done\r\n")
}

// idleHours runs a source for some hours as intake does, with a sweep every ten
// minutes, and gives the bytes of each hour and how many lines were needed.
func idleHours(t *testing.T, hours int, forgets, hangUp time.Duration) (hourly []int64, lines int) {
	t.Helper()
	var count atomic.Int64
	at := mail.Server{Host: "127.0.0.1", Port: 1, TLS: mail.TLSPlain}
	s := mail.New(mail.Config{
		Settings: mail.Settings{Username: "amira", Addresses: []string{"amira@example.test"}, IMAP: at, SMTP: at},
		Secrets:  maillab.Password("secret"),
		Dial: func(context.Context, string, string) (net.Conn, error) {
			lines++
			near, far := net.Pipe()
			go (&quietServer{c: far}).serve(hangUp)
			return &forgetful{Conn: near, after: forgets, last: time.Now(), count: &count}, nil
		},
	})
	defer s.Close()
	ctx := t.Context()
	var cursor source.Cursor
	began, before := time.Now(), int64(0)
	for len(hourly) < hours {
		_, err := s.Open(ctx)
		for more := err == nil; more && err == nil; {
			var p source.Page
			if p, err = s.Pull(ctx, source.PullRequest{Cursor: cursor}); err == nil {
				cursor, more = p.Next, p.More
			}
		}
		if err == nil {
			spell, stop := context.WithTimeout(ctx, 10*time.Minute)
			err = s.Watch(spell, func() {})
			stop()
		}
		if desk.KindOf(err) == desk.KindOffline {
			_ = s.Close()
		}
		for time.Since(began) >= time.Duration(len(hourly)+1)*time.Hour && len(hourly) < hours {
			now := count.Load()
			hourly, before = append(hourly, now-before), now
		}
	}
	return hourly, lines
}

func TestAnIdleHourCostsLittle(t *testing.T) {
	for _, c := range []struct {
		name            string
		forgets, hangUp time.Duration
		lines           int // in three hours, at most
	}{
		{"a good network", 0, 0, 1},
		{"a server that hangs up after half an hour", 0, 30 * time.Minute, 1},
		{"a router that forgets after four minutes", 4 * time.Minute, 0, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hourly, lines := idleHours(t, 3, c.forgets, c.hangUp)
				t.Logf("bytes by hour %v, %d lines", hourly, lines)
				if last := hourly[len(hourly)-1]; last > 5000 {
					t.Errorf("the third hour cost %d bytes", last)
				}
				if lines > c.lines {
					t.Errorf("%d lines", lines)
				}
			})
		})
	}
}
