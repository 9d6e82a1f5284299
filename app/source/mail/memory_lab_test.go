package mail_test

import (
	"testing"
	"time"

	"fernpost/app/source"
	"fernpost/app/source/mail/maillab"
)

func TestX(t *testing.T) {
	l := maillab.Memory(t)
	l.Deliver([]byte("From: a@b.c\r\nTo: amira@example.test\r\nSubject: hi\r\nMessage-ID: <1@x>\r\n\r\nhello\r\n"), time.Now())
	s := l.New()
	ses, err := s.Open(t.Context())
	t.Logf("%+v %v", ses, err)
	var cur source.Cursor
	for range 6 {
		p, err := s.Pull(t.Context(), source.PullRequest{Cursor: cur})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range p.Items {
			t.Logf("%+v head %+v body %+v flags %+v", it, it.Head, it.Body, it.Flags)
		}
		t.Logf("%s more %v", p.Next, p.More)
		cur = p.Next
	}
}
