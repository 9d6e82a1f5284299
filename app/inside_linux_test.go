package app

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"

	"fernpost/store"
	"fernpost/store/desk"
)

// outlooks packs one file as Outlook does (MS-OXTNEF 2.1.3).
func outlooks(name, content string) []byte {
	out := binary.LittleEndian.AppendUint32(nil, 0x223e9f78)
	out = binary.LittleEndian.AppendUint16(out, 1)
	add := func(id uint32, data []byte) {
		out = append(out, 2) // of a file
		out = binary.LittleEndian.AppendUint32(out, id)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
		out = append(out, data...)
		var sum uint16
		for _, b := range data {
			sum += uint16(b)
		}
		out = binary.LittleEndian.AppendUint16(out, sum)
	}
	add(0x00069002, make([]byte, 14)) // attAttachRendData
	add(0x00018010, append([]byte(name), 0))
	add(0x0006800f, []byte(content))
	return out
}

// What Outlook packed, and what stands in the text, is listed by name and can be
// saved by itself.
func TestFilesWithinFiles(t *testing.T) {
	d, _, _ := accountsDesk(t, outside{})
	ctx := t.Context()
	a := desk.Account{
		ID: desk.NewAccountID(time.Now()), Kind: desk.AccountMail, Name: "shop", State: desk.AccountOK, Created: time.Now(),
		Address: desk.Address{Addr: "help@shop.example"}, Settings: []byte("{}"),
	}
	if err := d.store.PutAccount(ctx, a); err != nil {
		t.Fatal(err)
	}
	wire := []byte(base64.StdEncoding.EncodeToString(outlooks("../Angebot.pdf", "%PDF")))
	text := "See below.\n\nbegin 644 cat.txt\n#0V%T\n`\nend\n\nRegards"
	_, err := d.store.Apply(ctx, store.Page{Account: a.ID, Cursor: []byte("1"), Items: []desk.Arrival{{
		Kind: desk.ArrivalHead, Remote: desk.RemoteRef{Scope: "INBOX", Epoch: "1", ID: "1"}, Stable: "x",
		Head: &desk.Head{
			HeaderID: "1@x", Kind: desk.KindPerson, At: time.Now(), Folder: desk.RoleInbox,
			From: desk.Address{Addr: "k@customers.example"}, Subject: "files",
			Attachments: []desk.Attachment{{Part: "2", Name: "winmail.dat", Type: "application/ms-tnef", Encoding: "base64", Size: int64(len(wire))}},
		},
		Body: &desk.Body{Text: text},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	view := func() MessageView {
		page, err := d.store.List(ctx, store.ListQuery{Account: a.ID, View: store.ViewInbox, Limit: 5})
		if err != nil || len(page.Rows) != 1 {
			t.Fatalf("%d rows, %v", len(page.Rows), err)
		}
		v, err := d.conversation(ctx, page.Rows[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return v.Messages[0]
	}
	v := view()
	if len(v.Files) != 2 || !v.Files[0].Packed || len(v.Files[0].Inside) != 0 || v.Files[0].Name != "winmail.dat" {
		t.Fatalf("not fetched yet: %+v", v.Files)
	}
	if v.Text != "See below.\n\n\nRegards" || v.Files[1].Name != "cat.txt" || v.Files[1].Have != 3 {
		t.Errorf("text %q, %+v", v.Text, v.Files[1])
	}
	saved := func(id string) string {
		name, r, err := d.toSave(ctx, id)
		if err != nil {
			return string(desk.KindOf(err))
		}
		defer r.Close()
		data, _ := io.ReadAll(r)
		return name + ": " + string(data)
	}
	if got := saved(v.Files[1].ID); got != "cat.txt: Cat" {
		t.Error(got)
	}
	outer := v.Files[0].ID
	if got := saved(outer + "/0"); got != string(desk.KindNotFound) {
		t.Errorf("before it is here: %s", got)
	}
	fill(ctx, t, d, outer, wire)
	v = view()
	if in := v.Files[0].Inside; len(in) != 1 || in[0].Name != "Angebot.pdf" || in[0].Size != 4 || saved(in[0].ID) != "Angebot.pdf: %PDF" {
		t.Errorf("%+v", in)
	}
	for _, id := range []string{outer + "/1", outer + "/-1", outer + "/x", outer + "/", "/0", "text-/0", "text-99/0", strings.TrimSuffix(v.Files[1].ID, "0") + "9"} {
		if got := saved(id); strings.Contains(got, ":") {
			t.Errorf("%s: %s", id, got)
		}
	}
}

func fill(ctx context.Context, t *testing.T, d *Desk, id string, wire []byte) {
	t.Helper()
	aid, err := desk.ParseAttachmentID(id)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.store.AppendBlob(ctx, aid, 0, wire, 0); err != nil {
		t.Fatal(err)
	}
}
