package app

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// Files within files: what Outlook packs into winmail.dat is listed by name once
// that is here, and what stands in a text in the way from before MIME is taken
// out of it. Neither has a row of its own in the store.

const (
	insideMark = "/" // between a file's id, or textMark and a message's, and a number
	textMark   = "text-"
	// maxListed bounds a file that is taken apart for being looked at.
	maxListed = 16 << 20
	// mostInside is how many names are worth showing.
	mostInside = 200
)

// showInside adds what lies in a message's files and text.
func (d *Desk) showInside(ctx context.Context, m desk.Message, v *MessageView) {
	for i, a := range m.Attachments {
		if v.Files[i].Packed && a.Have >= a.Size && a.Size <= maxListed {
			v.Files[i].Inside = d.listInside(ctx, a)
		}
	}
	rest, files := mailtext.TakeFiles(m.Text)
	if len(files) == 0 {
		return
	}
	v.Text = strings.TrimSpace(rest)
	for i, f := range files {
		in := insideView(textMark+m.ID.String(), i, f)
		v.Files = append(v.Files, FileView{
			ID: in.ID, Name: in.Name, Type: in.Type, Size: in.Size, Have: in.Size, Risky: in.Risky, Inside: []InsideView{},
		})
	}
}

// listInside lists a packed file's contents, which never change. One that can't
// be read is shown as it is.
func (d *Desk) listInside(ctx context.Context, a desk.Attachment) []InsideView {
	if known, ok := d.inside.Load(a.ID); ok {
		return known.([]InsideView)
	}
	out := []InsideView{}
	files, err := d.unpackAll(ctx, a)
	if err != nil {
		return out
	}
	for i, f := range files[:min(len(files), mostInside)] {
		out = append(out, insideView(a.ID.String(), i, f))
	}
	d.inside.Store(a.ID, out)
	return out
}

func insideView(of string, nth int, f mailtext.Unpacked) InsideView {
	return InsideView{
		ID: of + insideMark + strconv.Itoa(nth), Name: mailtext.AttachmentName(f.Name, f.Type), Type: f.Type,
		Size: int64(len(f.Data)), Risky: mailtext.Risky(f.Name, f.Type),
	}
}

func (d *Desk) unpackAll(ctx context.Context, a desk.Attachment) ([]mailtext.Unpacked, error) {
	blob, err := d.store.ReadBlob(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = blob.Close() }()
	data, err := io.ReadAll(mailtext.Decoded(a.Encoding, blob))
	return mailtext.Unpack(a.Name, a.Type, data), err
}

// fromInside gives one of the files that lie in another, or in a text.
func (d *Desk) fromInside(ctx context.Context, of, nth string) (string, io.ReadCloser, error) {
	const doing = "save file"
	var files []mailtext.Unpacked
	if id, inText := strings.CutPrefix(of, textMark); inText {
		mid, err := desk.ParseMessageID(id)
		if err != nil {
			return "", nil, err
		}
		m, err := d.store.Message(ctx, mid)
		if err != nil {
			return "", nil, err
		}
		_, files = mailtext.TakeFiles(m.Text)
	} else {
		a, err := d.wholeFile(ctx, of)
		if err != nil {
			return "", nil, err
		}
		if a.Size > maxListed {
			return "", nil, desk.E(desk.KindTooLarge, doing, nil)
		}
		if files, err = d.unpackAll(ctx, a); err != nil {
			return "", nil, err
		}
	}
	n, err := strconv.Atoi(nth)
	if err != nil || n < 0 || n >= len(files) {
		return "", nil, desk.E(desk.KindNotFound, doing, err)
	}
	f := files[n]
	return mailtext.AttachmentName(f.Name, f.Type), io.NopCloser(bytes.NewReader(f.Data)), nil
}
