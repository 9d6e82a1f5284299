package intake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"fernpost/app/intake"
	"fernpost/app/source"
	"fernpost/store"
	"fernpost/store/desk"
)

func contextWithCancel(o *office) (context.Context, context.CancelFunc) {
	return context.WithCancel(o.Context())
}

func (o *office) onlyConversation() desk.Conversation {
	o.Helper()
	page, err := o.store.List(o.Context(), store.ListQuery{View: store.ViewInbox, Order: store.OrderNewest, Limit: 2})
	o.must(err)
	if len(page.Rows) != 1 {
		o.Fatalf("%d conversations", len(page.Rows))
	}
	return page.Rows[0]
}

func (o *office) queueReply() desk.OpID {
	o.Helper()
	c := o.onlyConversation()
	now := o.clock()
	d, err := o.store.SaveDraft(o.Context(), desk.Draft{
		Account: account, Conversation: c.ID, To: []desk.Address{c.Customer}, Text: "On its way.", Base: c.LastMessage,
	})
	o.must(err)
	payload := []byte("frozen")
	op, err := o.store.QueueReply(o.Context(), desk.Op{
		ID: desk.NewOpID(now), Account: account, Conversation: c.ID, Lane: desk.LanePublic, Kind: desk.OpReply,
		Payload: payload, PayloadSHA: sha256.Sum256(payload), Base: c.LastMessage, Draft: d.ID, Created: now,
	}, desk.StatusWaiting)
	o.must(err)
	return op.ID
}

// attach puts one mail with a file into the box and gives the file.
func (o *office) attach(size int) desk.Attachment {
	o.Helper()
	o.box.part = make([]byte, size)
	for i := range o.box.part {
		o.box.part[i] = byte(i * 7 >> 3)
	}
	a := letter(1)
	a.Head.Attachments = []desk.Attachment{{Part: "2", Name: "bill.pdf", Type: "application/pdf", Size: int64(size)}}
	o.box.log = append(o.box.log, a)
	o.start()
	messages, err := o.store.Messages(o.Context(), o.onlyConversation().ID)
	o.must(err)
	return messages[0].Attachments[0]
}

func (o *office) wantFile(id desk.AttachmentID) {
	o.Helper()
	r, err := o.store.ReadBlob(o.Context(), id)
	o.must(err)
	got, err := io.ReadAll(r)
	o.must(err)
	o.must(r.Close())
	a, err := o.store.Attachment(o.Context(), id)
	o.must(err)
	if !bytes.Equal(got, o.box.part) || a.Have != a.Size || a.Size != int64(len(o.box.part)) {
		o.Errorf("%d bytes here (have %d, size %d), %d there, equal %v",
			len(got), a.Have, a.Size, len(o.box.part), bytes.Equal(got, o.box.part))
	}
}

func TestAFileIsFetchedOnce(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(100_001)
		o.must(o.in.Fetch(o.Context(), f.ID, false))
		o.wantFile(f.ID)
		o.must(o.in.Fetch(o.Context(), f.ID, false))
		if len(o.box.fetches) != 1 {
			o.Errorf("asked %d times", len(o.box.fetches))
		}
	})
}

func TestAFileGoesOnWhereTheLineBroke(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(200_000)
		o.box.breakAt = 70_000
		o.must(o.in.Fetch(o.Context(), f.ID, false))
		o.wantFile(f.ID)
		if len(o.box.fetches) != 2 || o.box.fetches[1] != 70_000 {
			o.Errorf("asked from %v", o.box.fetches)
		}
	})
}

func TestAFileWaitsForTheLine(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(50_000)
		o.box.cut(errOffline)
		done := make(chan error, 1)
		go func() { done <- o.in.Fetch(o.Context(), f.ID, false) }()
		o.sleep(time.Hour)
		o.box.cut(nil)
		o.in.Wake()
		o.sleep(10 * time.Second) // long before its own next try
		o.wantFile(f.ID)
		o.must(<-done)
	})
}

func TestAFileStopsWhenToldAndGoesOnLater(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(200_000)
		ctx, cancel := contextWithCancel(o)
		done := make(chan error, 1)
		go func() { done <- o.in.Fetch(ctx, f.ID, false) }()
		o.box.cut(errOffline)
		o.sleep(time.Second)
		cancel()
		if err := <-done; desk.KindOf(err) != desk.KindCancelled {
			o.Errorf("got %v", err)
		}
		o.box.cut(nil)
		o.must(o.in.Fetch(o.Context(), f.ID, false))
		o.wantFile(f.ID)
	})
}

func TestAFileMakesWay(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(400_000) // ten seconds
		done := make(chan error, 1)
		go func() { done <- o.in.Fetch(o.Context(), f.ID, false) }()
		o.sleep(2 * time.Second)
		began := time.Now()
		o.must(o.in.CatchUp(o.Context()))
		if waited := time.Since(began); waited > 2*time.Second { // a chunk takes 0.8 s
			o.Errorf("a reply waited %v for a file", waited)
		}
		quiet := o.in.Quiet()
		o.sleep(time.Minute)
		a, err := o.store.Attachment(o.Context(), f.ID)
		o.must(err)
		if a.Have == 0 || a.Have > 200_000 {
			o.Errorf("fetched %d bytes, most of them while a reply was on its way", a.Have)
		}
		quiet()
		quiet()
		o.must(<-done)
		o.wantFile(f.ID)
		if opens, _ := o.box.counts(); opens != 1 {
			o.Errorf("making way cost %d lines", opens-1)
		}
	})
}

func TestMailComesInWhileALargeFileIsFetched(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(4_000_000) // a hundred seconds
		done := make(chan error, 1)
		go func() { done <- o.in.Fetch(o.Context(), f.ID, false) }()
		o.sleep(time.Second)
		o.box.mu.Lock()
		o.box.log = append(o.box.log, letter(2))
		o.box.mu.Unlock()
		o.sleep(35 * time.Second)
		o.wantMails(2)
		o.must(<-done)
		o.wantFile(f.ID)
	})
}

func TestTwoTapsShareADownload(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(100_000)
		done := make(chan error, 2)
		for range 2 {
			go func() { done <- o.in.Fetch(o.Context(), f.ID, false) }()
		}
		synctest.Wait()
		o.must(<-done)
		o.must(<-done)
		o.wantFile(f.ID)
		if len(o.box.fetches) != 1 {
			o.Errorf("asked %d times", len(o.box.fetches))
		}
	})
}

func TestAFileFromAServerThatCannotResume(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		o.box.has = source.Push
		f := o.attach(100_000)
		o.box.breakAt = 70_000
		o.must(o.in.Fetch(o.Context(), f.ID, false))
		o.wantFile(f.ID)
	})
}

func TestAFileThatIsGoneSaysSo(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		a := letter(1)
		a.Head.Attachments = []desk.Attachment{{Part: "9", Name: "x", Size: 10}}
		o.box.log = append(o.box.log, a)
		o.start()
		messages, err := o.store.Messages(o.Context(), o.onlyConversation().ID)
		o.must(err)
		if err := o.in.Fetch(o.Context(), messages[0].Attachments[0].ID, false); desk.KindOf(err) != desk.KindNotFound {
			o.Errorf("got %v", err)
		}
		o.wantLine(intake.LineAnswered, "")
		o.sleep(10 * time.Second)
		if opens, _ := o.box.counts(); opens != 1 {
			o.Error("an answer cost the line")
		}
	})
}

func TestAFileOnAFullDisk(t *testing.T) {
	inOffice(t, 0, func(o *office) {
		f := o.attach(100_000)
		o.store.set("blob", desk.E(desk.KindDiskFull, "write", nil), 1)
		if err := o.in.Fetch(o.Context(), f.ID, false); desk.KindOf(err) != desk.KindDiskFull {
			o.Errorf("got %v", err)
		}
		o.store.set("blob", nil, 0)
		o.must(o.in.Fetch(o.Context(), f.ID, false))
		o.wantFile(f.ID)
	})
}
