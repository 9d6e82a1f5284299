package app

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"path"
	"strconv"
	"strings"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// maxUnpacked bounds a file that is opened in memory to take out what is in it.
const maxUnpacked = 64 << 20

// toSave gives a file's name and bytes, by its id or by that of an InsideView.
// The caller closes it.
func (d *Desk) toSave(ctx context.Context, id string) (string, io.ReadCloser, error) {
	if id, nth, inner := strings.Cut(id, insideMark); inner {
		return d.fromInside(ctx, id, nth)
	}
	a, err := d.wholeFile(ctx, id)
	if err != nil {
		return "", nil, err
	}
	return d.unpacked(ctx, a)
}

// wholeFile finds a file all of which is here.
func (d *Desk) wholeFile(ctx context.Context, id string) (desk.Attachment, error) {
	aid, err := desk.ParseAttachmentID(id)
	if err != nil {
		return desk.Attachment{}, err
	}
	a, err := d.store.Attachment(ctx, aid)
	if err == nil && a.Have < a.Size {
		err = desk.E(desk.KindNotFound, "save file", nil)
	}
	return a, err
}

// unpacked gives a file's name and bytes for saving. What Outlook or a signature
// wrapped is taken out: one file as itself, several as a zip, because there is
// one name to choose. The caller closes it.
func (d *Desk) unpacked(ctx context.Context, a desk.Attachment) (name string, r io.ReadCloser, err error) {
	blob, err := d.store.ReadBlob(ctx, a.ID)
	if err != nil {
		return "", nil, err
	}
	name = mailtext.AttachmentName(a.Name, a.Type)
	whole := struct {
		io.Reader
		io.Closer
	}{mailtext.Decoded(a.Encoding, blob), blob}
	if !mailtext.Packed(a.Name, a.Type) || a.Size > maxUnpacked {
		return name, whole, nil
	}
	data, err := io.ReadAll(whole)
	_ = blob.Close()
	if err != nil {
		return "", nil, err
	}
	switch files := mailtext.Unpack(a.Name, a.Type, data); len(files) {
	case 0:
	case 1:
		name, data = mailtext.AttachmentName(files[0].Name, files[0].Type), files[0].Data
	default:
		name = strings.TrimSuffix(name, path.Ext(name)) + ".zip"
		if data, err = zipped(files); err != nil {
			return "", nil, desk.E(desk.KindInternal, "unpack file", err)
		}
	}
	return name, io.NopCloser(bytes.NewReader(data)), nil
}

func zipped(files []mailtext.Unpacked) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	taken := map[string]bool{}
	for _, f := range files {
		name := mailtext.AttachmentName(f.Name, f.Type)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = mailtext.SafeFileName(strconv.Itoa(n) + " " + mailtext.AttachmentName(f.Name, f.Type))
		}
		taken[strings.ToLower(name)] = true
		w, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}
