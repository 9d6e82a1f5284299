package app

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"sync"
	"sync/atomic"

	"fernpost/app/elsewhere"
	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// Pictures in one mail shown as sent, altogether and each, in bytes.
const (
	maxShown   = 16 << 20
	maxPicture = 4 << 20
)

// picturesElsewhere is the meter's kind for what a person asked to load.
const picturesElsewhere = "pictures"

// brought keeps the pictures of the mail that was looked at last, so that seeing
// it again costs nothing and tells nobody.
type brought struct {
	mu       sync.Mutex
	message  desk.MessageID
	pictures map[string]elsewhere.Picture
}

func (b *brought) of(id desk.MessageID) map[string]elsewhere.Picture {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.message != id || b.pictures == nil {
		return map[string]elsewhere.Picture{}
	}
	return maps.Clone(b.pictures)
}

func (b *brought) keep(id desk.MessageID, pictures map[string]elsewhere.Picture) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.message, b.pictures = id, pictures
}

// pictureBringer brings what can be brought of the addresses.
type pictureBringer interface {
	Pictures(ctx context.Context, addresses []string) map[string]elsewhere.Picture
}

// SentView is a mail as it was sent.
type SentView struct {
	HTML      string     `json:"html"`      // for the sandboxed frame only
	Links     []LinkView `json:"links"`     // the frame can open none
	Waiting   []FileView `json:"waiting"`   // pictures that came along and aren't here yet
	Elsewhere int        `json:"elsewhere"` // pictures that would have to be loaded from elsewhere
	Most      int64      `json:"most"`      // bytes that loading them would cost at most
	Saving    string     `json:"saving"`    // what the person saves by, and loading would go past: text_only, spent, or ""
	Failed    int        `json:"failed"`    // of those asked for, how many couldn't be loaded
	Loaded    int64      `json:"loaded"`    // bytes that loading cost
}

// LinkView is a link of a mail.
type LinkView struct {
	Text    string `json:"text"`
	Host    string `json:"host"` // where it leads
	URL     string `json:"url"`
	Differs bool   `json:"differs"` // Text names another site
}

// AsSent gives a mail as it was sent, with the pictures that lie here. Only when
// load is true, pictures are brought from elsewhere: their servers may learn
// then that the mail is read, and from which address.
func (s *Files) AsSent(message string, load bool) (SentView, error) {
	return readLong(s.calls, "show mail as sent", func(ctx context.Context, d *Desk) (SentView, error) {
		id, err := desk.ParseMessageID(message)
		if err != nil {
			return SentView{}, err
		}
		m, err := d.store.Message(ctx, id)
		if err != nil {
			return SentView{}, err
		}
		return d.asSent(ctx, m, load)
	})
}

func (d *Desk) asSent(ctx context.Context, m desk.Message, load bool) (SentView, error) {
	cids, remote := mailtext.Pictures(m.HTML)
	v := SentView{Links: mapped(mailtext.Links(m.HTML), linkView), Waiting: []FileView{}}
	shown, err := d.ownPictures(ctx, m, cids, &v)
	if err != nil {
		return v, err
	}
	there := d.brought.of(m.ID)
	if load {
		if err := d.loadElsewhere(ctx, m, remote, there, &v); err != nil {
			return v, err
		}
		d.brought.keep(m.ID, there)
	}
	for _, address := range remote {
		if p, ok := there[address]; ok {
			shown[address] = dataURI(p)
			continue
		}
		v.Elsewhere++
		if load {
			v.Failed++
		}
	}
	v.Most = elsewhere.Most(v.Elsewhere)
	if v.Saving, err = d.saving(ctx, m.Account); err != nil {
		return v, err
	}
	v.HTML = mailtext.WithPictures(m.HTML, func(address string) string { return shown[address] })
	return v, nil
}

// saving says by what an account's bytes are saved now, "" for nothing. Pressing
// the button is consent all the same: so it is told beside it.
func (d *Desk) saving(ctx context.Context, id desk.AccountID) (string, error) {
	choice, err := d.store.LineChoice(ctx, id)
	if err != nil || choice.TextOnly {
		return "text_only", err
	}
	st, err := d.station(id)
	if err != nil {
		return "", nil // it is being removed: nothing can be loaded at all
	}
	if desk.KindOf(st.intake.MayFetch(ctx)) == desk.KindAsks {
		return "spent", nil
	}
	return "", nil
}

// loadElsewhere adds to there what can be brought of what isn't there yet.
func (d *Desk) loadElsewhere(ctx context.Context, m desk.Message, remote []string, there map[string]elsewhere.Picture, v *SentView) error {
	if err := d.mayLoad(ctx, m.Account); err != nil {
		return err
	}
	var missing []string
	for _, address := range remote {
		if _, ok := there[address]; !ok {
			missing = append(missing, address)
		}
	}
	var spent atomic.Int64
	maps.Copy(there, d.elsewhere(func(n int64) {
		spent.Add(n)
		d.meter.add(m.Account, picturesElsewhere, n)
	}).Pictures(ctx, missing))
	v.Loaded = spent.Load()
	return nil
}

// mayLoad keeps an account that is paused from causing traffic.
func (d *Desk) mayLoad(ctx context.Context, id desk.AccountID) error {
	a, err := d.store.Account(ctx, id)
	if err == nil && a.State == desk.AccountPaused {
		return desk.E(desk.KindPaused, "load pictures", nil)
	}
	return err
}

func linkView(l mailtext.Link) LinkView {
	return LinkView{Text: l.Text, Host: l.Host, URL: l.URL, Differs: l.Differs}
}

// ownPictures reads the pictures that came along and notes which aren't here.
func (d *Desk) ownPictures(ctx context.Context, m desk.Message, cids []string, v *SentView) (map[string]string, error) {
	shown := map[string]string{}
	wanted := map[string]bool{}
	for _, cid := range cids {
		wanted[cid] = true
	}
	left := int64(maxShown)
	for _, a := range m.Attachments {
		if a.CID == "" || !wanted[a.CID] || shown[a.CID] != "" {
			continue
		}
		if a.Have < a.Size {
			v.Waiting = append(v.Waiting, fileView(a))
			continue
		}
		p, err := d.ownPicture(ctx, a, min(left, maxPicture))
		switch {
		case err == nil:
			shown[a.CID] = dataURI(p)
			left -= int64(len(p.Data))
		case !errors.Is(err, errNoPicture):
			return nil, err
		}
	}
	return shown, nil
}

// errNoPicture is a file that is too large or isn't what it says: a gap in the
// mail and not a failure.
var errNoPicture = errors.New("no picture")

func (d *Desk) ownPicture(ctx context.Context, a desk.Attachment, most int64) (elsewhere.Picture, error) {
	blob, err := d.store.ReadBlob(ctx, a.ID)
	if err != nil {
		return elsewhere.Picture{}, err
	}
	defer func() { _ = blob.Close() }()
	data, err := io.ReadAll(io.LimitReader(mailtext.Decoded(a.Encoding, blob), most+1))
	if err != nil || int64(len(data)) > most {
		return elsewhere.Picture{}, errNoPicture
	}
	p, err := elsewhere.Read(data)
	if err != nil {
		return p, errNoPicture
	}
	return p, nil
}

func dataURI(p elsewhere.Picture) string {
	return "data:" + p.Type + ";base64," + base64.StdEncoding.EncodeToString(p.Data)
}
