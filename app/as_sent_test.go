package app

import (
	"context"
	"strings"
	"testing"

	"fernpost/app/elsewhere"
	"fernpost/store/desk"
)

// brings answers instead of the web, and spends ten bytes a question.
type brings struct {
	count   func(int64)
	have    map[string]elsewhere.Picture
	asked   []string
	started int
}

func (b *brings) Pictures(_ context.Context, addresses []string) map[string]elsewhere.Picture {
	b.started++
	b.asked = addresses
	b.count(int64(10 * len(addresses)))
	return b.have
}

func TestAMailIsShownAsSent(t *testing.T) {
	d, c := practiceDesk(t)
	web := &brings{have: map[string]elsewhere.Picture{"https://x.example/1.png": {Type: "image/png", Data: []byte("abc")}}}
	d.elsewhere = func(count func(int64)) pictureBringer {
		web.count = count
		return web
	}
	m, file := messageWithPicture(t, d, c)
	m.HTML = `<a href="https://x.example/" data-host="x.example">go</a><img src="cid:cup"><img data-remote="https://x.example/1.png"><img data-remote="https://x.example/2.png">`
	m.Attachments = []desk.Attachment{file}

	v, err := d.asSent(t.Context(), m, false)
	if err != nil {
		t.Fatal(err)
	}
	if web.started > 0 || v.HTML != m.HTML || v.Elsewhere != 2 || len(v.Waiting) != 1 || len(v.Links) != 1 || v.Links[0].Host != "x.example" {
		t.Errorf("before anything was asked for: %d times elsewhere, %+v", web.started, v)
	}

	files := &Files{calls: c}
	if err := files.Fetch(file.ID.String()); err != nil {
		t.Fatal(err)
	}
	within(t, "fetch", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			a, err := d.store.Attachment(ctx, file.ID)
			m.Attachments[0].Have, m.Attachments[0].Size = a.Have, a.Size
			return err == nil && a.Have == a.Size, err
		})
	})
	before, err := d.meter.budget(t.Context(), m.Account)
	if err != nil {
		t.Fatal(err)
	}
	v, err = d.asSent(t.Context(), m, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Waiting) != 0 || !strings.Contains(v.HTML, `<img src="data:image/`) || strings.Contains(v.HTML, "cid:") {
		t.Errorf("the picture that came along isn't shown: %+v", v.Waiting)
	}
	if v.Elsewhere != 1 || v.Failed != 1 || v.Loaded != 20 || !strings.Contains(v.HTML, "data:image/png;base64,YWJj") || len(web.asked) != 2 {
		t.Errorf("elsewhere %d, failed %d, loaded %d, asked %q", v.Elsewhere, v.Failed, v.Loaded, web.asked)
	}
	if after, err := d.meter.budget(t.Context(), m.Account); err != nil || after.Used-before.Used < 20 {
		t.Errorf("the meter went from %d to %d: %v", before.Used, after.Used, err)
	}
	v, err = d.asSent(t.Context(), m, false)
	if err != nil || web.started != 1 || v.Elsewhere != 1 || !strings.Contains(v.HTML, "YWJj") {
		t.Errorf("seen again, it was asked for again or is lost: %v, %+v", err, v)
	}
	if v.Saving != "" || v.Most != 2<<20 {
		t.Errorf("saving by %q, at most %d bytes", v.Saving, v.Most)
	}
	for _, c := range []struct {
		want   string
		choose func(*desk.LineChoice)
	}{
		{"text_only", func(c *desk.LineChoice) { c.TextOnly = true }},
		{"spent", func(c *desk.LineChoice) { c.TextOnly, c.Budget = false, 1 }},
	} {
		if err := d.store.ChangeLine(t.Context(), m.Account, c.choose); err != nil {
			t.Fatal(err)
		}
		if v, err = d.asSent(t.Context(), m, false); err != nil || v.Saving != c.want {
			t.Errorf("saving by %q, %v, want %q", v.Saving, err, c.want)
		}
	}
	if err := d.store.SetAccountState(t.Context(), m.Account, desk.AccountPaused); err != nil {
		t.Fatal(err)
	}
	if _, err := d.asSent(t.Context(), m, true); desk.KindOf(err) != desk.KindPaused || web.started != 1 {
		t.Errorf("a paused account loads pictures: %v", err)
	}
}

// messageWithPicture finds a picture in the practice account and says that it
// stands in its mail's text.
func messageWithPicture(t *testing.T, d *Desk, c calls) (desk.Message, desk.Attachment) {
	t.Helper()
	inbox := &Inbox{c}
	page, err := inbox.List(ListRequest{View: "inbox", Order: "newest", Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Rows {
		id, err := desk.ParseConversationID(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		messages, err := d.store.Messages(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			for _, a := range m.Attachments {
				if strings.HasPrefix(a.Type, "image/") && a.Have < a.Size {
					a.CID = "cup"
					return m, a
				}
			}
		}
	}
	t.Fatal("the practice inbox has no picture")
	return desk.Message{}, desk.Attachment{}
}
