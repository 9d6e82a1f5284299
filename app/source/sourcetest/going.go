package sourcetest

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"fernpost/app/source"
	"fernpost/store/desk"
)

func freezes(b *bench) {
	r := source.Reply{
		OpID: desk.NewOpID(b.now), Date: b.now, From: b.lab.Own(), To: []desk.Address{b.lab.Customer()},
		Subject: "Re: Größe", Text: "Hallo,\n\nalles gut.\n",
	}
	one, err := b.lab.New().FreezeReply(r)
	if err != nil {
		b.Fatal(err)
	}
	two, err := b.lab.New().FreezeReply(r)
	if err != nil {
		b.Fatal(err)
	}
	if !bytes.Equal(one.Payload, two.Payload) || one.Bytes <= 0 {
		b.Error("the same reply gives other bytes")
	}
	change := source.StatusChange{OpID: r.OpID, Status: desk.StatusDone, Messages: []desk.RemoteRef{{Scope: "x", Epoch: "1", ID: "2"}}}
	s1, err1 := b.lab.New().FreezeStatus(change)
	s2, err2 := b.lab.New().FreezeStatus(change)
	if err1 != nil || err2 != nil || !bytes.Equal(s1.Payload, s2.Payload) {
		b.Errorf("a status: %v, %v", err1, err2)
	}
}

func freezeRefuses(b *bench) {
	good := source.Reply{
		OpID: desk.NewOpID(b.now), Date: b.now, From: b.lab.Own(), To: []desk.Address{b.lab.Customer()}, Text: "x",
	}
	s := b.lab.New()
	for name, spoil := range map[string]func(r *source.Reply){
		"nobody":            func(r *source.Reply) { r.To = nil },
		"no address":        func(r *source.Reply) { r.To = []desk.Address{{Addr: "katharina"}} },
		"a line in it":      func(r *source.Reply) { r.To = []desk.Address{{Addr: "k@x.example\r\nBcc: m@y.example"}} },
		"a second command":  func(r *source.Reply) { r.Cc = []desk.Address{{Addr: "k@x.example>\r\nRCPT TO:<m@y.example"}} },
		"brackets":          func(r *source.Reply) { r.Bcc = []desk.Address{{Addr: "<k@x.example>"}} },
		"no sender":         func(r *source.Reply) { r.From = desk.Address{} },
		"an id with a line": func(r *source.Reply) { r.OpID = "a\r\nb" },
	} {
		r := good
		spoil(&r)
		if _, err := s.FreezeReply(r); desk.KindOf(err) != desk.KindInvalid {
			b.Errorf("%s: %v, want kind invalid", name, err)
		}
	}
}

func sends(b *bench) {
	b.deliver(1, 1)
	s := b.open()
	sub, j := b.reply(s), &journal{}
	out := b.submit(s, sub, j, source.Applied)
	if j.finals != 1 {
		b.Errorf("the last mark was set %d times", j.finals)
	}
	if out.Receipt.At.IsZero() || out.Bytes <= 0 || strings.Contains(out.Receipt.Detail, "@") {
		b.Errorf("outcome %+v", out)
	}
	mail := string(b.received(1)[0])
	for _, want := range []string{letterID(1), string(sub.ID)} {
		if !strings.Contains(mail, want) {
			b.Errorf("the mail doesn't hold %q", want)
		}
	}
	if !bytes.Contains(sub.Payload, afterReceived([]byte(mail))) {
		b.Error("what arrived is not what was frozen")
	}
	// Our own copy comes back and is told apart from a customer's mail.
	c := newCopy()
	b.await(s, c, "our own copy", func() bool {
		for _, h := range c.heads {
			if h.OpID == sub.ID {
				return h.FromUs
			}
		}
		return false
	})
}

// afterReceived takes the lines off that servers put above a mail, and the last
// line break, with which some are generous.
func afterReceived(mail []byte) []byte {
	if at := bytes.Index(mail, []byte("Date: ")); at >= 0 {
		mail = mail[at:]
	}
	return bytes.TrimRight(mail, "\r\n")
}

func refusedRecipient(b *bench) {
	s := b.open()
	j := &journal{}
	out := b.submit(s, b.reply(s, b.lab.Customer(), b.lab.Refuses()), j, source.Refused)
	if out.Reason != desk.ReasonRecipient || strings.Contains(out.Detail, "@") {
		b.Errorf("reason %q, detail %q", out.Reason, out.Detail)
	}
	if j.finals != 0 {
		b.Error("the last mark was set, though nothing can be sent")
	}
	b.received(0)
}

func unknownAfterFinal(b *bench) {
	s := b.open()
	sub := b.reply(s)
	b.submit(s, sub, &journal{final: func() error { b.lab.Cut(); return nil }}, source.Unknown)
	b.lab.Restore()
	b.received(0)
	if f, err := b.open().Locate(b.Context(), sub); err != nil || f.State == source.Found {
		b.Errorf("locate: %v, %v", f.State, err)
	}
}

// lostAnswer is the worst case of sending: the mail went out, and nobody says so.
func lostAnswer(b *bench) {
	s := b.open()
	sub := b.reply(s)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var out source.Outcome
	done := make(chan struct{})
	go func() {
		defer close(done)
		out = s.Submit(ctx, sub, &journal{final: func() error { b.lab.Mute(); return nil }})
	}()
	b.received(1)
	cancel() // nobody waits ten minutes here
	b.within("submit ends with its context", func() { <-done })
	if out.Verdict != source.Unknown {
		b.Fatalf("verdict %s, want unknown", out.Verdict)
	}
	b.lab.Cut()
	b.lab.Restore()
	fresh := b.open()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		f, err := fresh.Locate(b.Context(), sub)
		if err != nil {
			b.Fatal(err)
		}
		if f.State == source.Found {
			if f.Receipt.At.IsZero() || f.Receipt.RemoteID == "" {
				b.Errorf("receipt %+v", f.Receipt)
			}
			break
		}
		if time.Now().After(end) {
			b.Fatalf("the mail was sent, and locate says %s", f.State)
		}
	}
	b.received(1)
}

func nothingBeforeFinal(b *bench) {
	for n := int64(50); ; n += n / 3 {
		s := b.lab.New()
		sub := b.reply(s)
		j := &journal{}
		b.lab.CutAfter(n)
		out := s.Submit(b.Context(), sub, j)
		b.lab.Cut()
		b.lab.Restore()
		if out.Verdict == source.Applied {
			break
		}
		want := source.NotApplied
		if j.finals > 0 {
			want = source.Unknown
		}
		if out.Verdict != want {
			b.Fatalf("cut after %d bytes with %d marks: %s, want %s", n, j.finals, out.Verdict, want)
		}
		if j.finals > 0 {
			break
		}
		if n > 1<<20 {
			b.Fatal("a megabyte, and still not sent")
		}
	}
}

func markFails(b *bench) {
	s := b.open()
	b.submit(s, b.reply(s), &journal{final: func() error { return errNotWritten }}, source.NotApplied)
	b.received(0)
}

func noLine(b *bench) {
	s := b.open()
	sub := b.reply(s)
	b.lab.Cut()
	j := &journal{}
	b.submit(s, sub, j, source.NotApplied)
	if j.finals != 0 {
		b.Error("the last mark was set without a line")
	}
	if f, err := s.Locate(b.Context(), sub); err == nil && f.State == source.Absent {
		b.Error("locate claims proof without a line")
	}
	if _, err := s.Open(b.Context()); desk.KindOf(err) != desk.KindOffline {
		b.Errorf("open without a line: %v, want kind offline", err)
	}
	b.lab.Restore()
	b.submit(s, sub, &journal{}, source.Applied) // the same bytes
	b.received(1)
}

func locates(b *bench) {
	s := b.open()
	sent, not := b.reply(s), b.reply(s)
	b.submit(s, sent, &journal{}, source.Applied)
	b.received(1)
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		f, err := s.Locate(b.Context(), sent)
		if err != nil {
			b.Fatal(err)
		}
		if f.State == source.Found {
			break
		}
		if time.Now().After(end) {
			b.Fatalf("locate says %s of a mail that was sent", f.State)
		}
	}
	f, err := s.Locate(b.Context(), not)
	if err != nil || f.State == source.Found {
		b.Errorf("locate says %s of a mail that was never sent (%v)", f.State, err)
	}
	session, err := s.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if f.State == source.Absent && !session.Caps.Can(source.LocateExact) {
		b.Error("absent, from a server that can't prove it")
	}
}

func files(b *bench) {
	s := b.open()
	filer, ok := s.(Filer)
	sub := b.reply(s)
	b.submit(s, sub, &journal{}, source.Applied)
	b.received(1)
	if !ok {
		if n := len(b.lab.Sent()); n != 1 { // this source's server does it
			b.Fatalf("%d copies in Sent, want one", n)
		}
		return
	}
	begun := 0
	f := b.filing(sub)
	f.Begin = func(context.Context) error { begun++; return nil }
	for range 3 {
		if got := filer.FileSent(b.Context(), f); got != source.Applied {
			b.Fatalf("file: %v", got)
		}
	}
	if n := len(b.lab.Sent()); n != 1 || begun > 1 {
		b.Fatalf("%d copies in Sent, want one; begun %d times", n, begun)
	}
	if got := b.open().(Filer).FileSent(b.Context(), b.filing(sub)); got != source.Applied || len(b.lab.Sent()) != 1 {
		b.Errorf("after a restart: %v, %d copies", got, len(b.lab.Sent()))
	}
	b.filesNothingUnmarked(filer)
}

// filesNothingUnmarked: no mark, no copy; and one that may be there is looked
// for, whatever comes of it.
func (b *bench) filesNothingUnmarked(filer Filer) {
	b.Helper()
	sub := b.reply(b.open())
	f := b.filing(sub)
	marks := false
	f.Begin = func(context.Context) error {
		marks = true
		return desk.E(desk.KindDiskFull, "mark", nil)
	}
	got := filer.FileSent(b.Context(), f)
	if marks && got != source.NotApplied || len(b.lab.Sent()) != 1 {
		b.Errorf("without a mark: %v, %d copies", got, len(b.lab.Sent()))
	}
	f.Begun = true
	f.Begin = func(context.Context) error {
		b.Error("begun again, while the first may be there")
		return nil
	}
	if got := filer.FileSent(b.Context(), f); marks && got != source.Unknown || len(b.lab.Sent()) != 1 {
		b.Errorf("a copy that was begun: %v, %d copies", got, len(b.lab.Sent()))
	}
}

// filing is a first try to file what was sent.
func (b *bench) filing(sub source.Submission) source.Filing {
	return source.Filing{Submission: sub, Begin: func(context.Context) error { return nil }}
}

func status(b *bench) {
	b.deliver(1, 1)
	s, c := b.open(), newCopy()
	b.drain(s, c, source.PullRequest{})
	session, err := s.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	set := func(st desk.Status) source.Submission {
		id := desk.NewOpID(b.now)
		f, err := s.FreezeStatus(source.StatusChange{OpID: id, Status: st, Messages: []desk.RemoteRef{c.where(letterID(1))}})
		if err != nil {
			b.Fatal(err)
		}
		sub := source.Submission{ID: id, Kind: desk.OpStatus, Payload: f.Payload}
		b.submit(s, sub, &journal{}, source.Applied)
		out := b.submit(s, sub, &journal{}, source.Applied)
		if kept := out.Receipt.Detail == ""; kept != session.Caps.Can(source.Tags) {
			b.Errorf("status %s: detail %q, while the server's keeping keywords is %v", st, out.Receipt.Detail, !kept)
		}
		return sub
	}
	keywords := func(want ...string) {
		b.await(s, c, "keywords "+strings.Join(want, " "), func() bool {
			var got []string
			for _, k := range c.flags[letterID(1)].Keywords {
				if strings.HasPrefix(strings.ToLower(k), "$fernpost") {
					got = append(got, strings.ToLower(k))
				}
			}
			return slices.Equal(got, want)
		})
	}
	last := set(desk.StatusWaiting)
	if session.Caps.Can(source.Tags) {
		keywords(strings.ToLower(source.KeywordWaiting))
		last = set(desk.StatusDone)
		keywords(strings.ToLower(source.KeywordDone))
		if f, err := s.Locate(b.Context(), last); err != nil || f.State != source.Found {
			b.Errorf("locate a status: %s, %v", f.State, err)
		}
		set(desk.StatusOpen)
		keywords()
	}
	b.lab.Cut()
	if out := s.Submit(b.Context(), last, &journal{}); out.Verdict != source.NotApplied {
		b.Errorf("without a line: %s, want not_applied", out.Verdict)
	}
}

func stops(b *bench) {
	b.deliver(1, 3)
	s := b.open()
	b.lab.Mute() // the server never answers again
	for name, call := range map[string]func(context.Context) error{
		"pull": func(ctx context.Context) error {
			_, err := s.Pull(ctx, source.PullRequest{})
			return err
		},
		"locate": func(ctx context.Context) error {
			_, err := s.Locate(ctx, b.reply(s))
			return err
		},
		"open": func(ctx context.Context) error {
			_, err := b.lab.New().Open(ctx)
			return err
		},
		"submit": func(ctx context.Context) error {
			out := s.Submit(ctx, b.reply(s), &journal{})
			if out.Verdict != source.NotApplied {
				b.Errorf("submit stopped at the greeting: %s, want not_applied", out.Verdict)
			}
			return ctx.Err()
		},
	} {
		ctx, cancel := context.WithTimeout(b.Context(), 200*time.Millisecond)
		b.within(name+" stops with its context", func() {
			if err := call(ctx); err == nil {
				b.Errorf("%s: no error from a server that says nothing", name)
			}
		})
		cancel()
	}
}
