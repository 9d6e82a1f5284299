package mail

import (
	"slices"
	"testing"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

var senderSettings = Settings{
	Addresses: []string{"help@shop.example", "sales@shop.example"},
	IMAP:      Server{Host: "imap.shop.example"}, SMTP: Server{Host: "smtp.shop.example"},
}

func TestWhoWrote(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		role      desk.FolderRole
		op        desk.OpID
		fromUs    bool
		via, ask  desk.Via
		kind      desk.MessageKind
	}{
		{"a customer", "From: kat@example.com\nTo: help@shop.example", desk.RoleInbox, "", false, "", "", desk.KindPerson},
		{"our own answer", "From: help@shop.example\nTo: kat@example.com", desk.RoleInbox, "", true, "", "", desk.KindPerson},
		{"from the sent folder", "From: somebody@else.example\nTo: kat@example.com", desk.RoleSent, "", true, "", "", desk.KindPerson},
		{"our form", "From: help@shop.example\nTo: help@shop.example\nReply-To: kat@example.com", desk.RoleInbox, "", false, desk.ViaForm, "", desk.KindPerson},
		{"our form, without Reply-To", "From: sales@shop.example\nTo: help@shop.example", desk.RoleInbox, "", false, "", desk.ViaForm, desk.KindPerson},
		{"our reply to ourselves", "From: sales@shop.example\nTo: help@shop.example", desk.RoleInbox, "0199b9a2-0000-7000-8000-000000000001", true, "", "", desk.KindPerson},
		{"passed on to the desk", "From: sales@shop.example\nTo: help@shop.example\nSubject: Fwd: Scanner", desk.RoleInbox, "", false, "", desk.ViaForwarded, desk.KindPerson},
		{"passed on to a customer", "From: sales@shop.example\nTo: kat@example.com\nSubject: Fwd: Scanner", desk.RoleInbox, "", true, "", "", desk.KindPerson},
		{"our group", "From: \"Kat via Help\" <help@shop.example>\nTo: help@shop.example\nX-Original-From: kat@example.com\nList-Id: <help.shop.example>\nPrecedence: list", desk.RoleInbox, "", false, desk.ViaList, "", desk.KindPerson},
		{"another's list", "From: kat@example.com\nTo: users@example.org\nList-Id: <users.example.org>", desk.RoleInbox, "", false, "", "", desk.KindList},
	} {
		h := mailtext.ParseHeader([]byte(c.raw + "\n\n"))
		head := &desk.Head{Folder: c.role, OpID: c.op, To: h.Addresses("To"), Kind: mailtext.Kind(h, "")}
		readSender(head, h, senderSettings)
		if head.FromUs != c.fromUs || head.Via != c.via || head.Ask != c.ask || head.Kind != c.kind {
			t.Errorf("%s: %+v", c.name, head)
		}
	}
}

func TestWhoseResultsCount(t *testing.T) {
	for _, c := range []struct {
		set  Settings
		name string
		want bool
	}{
		{Settings{IMAP: Server{Host: "imap.gmail.com"}}, "mx.google.com", true},
		{Settings{IMAP: Server{Host: "imap.gmail.com"}}, "imap.gmail.com", false},
		{Settings{IMAP: Server{Host: "outlook.office365.com"}}, "", true},
		{senderSettings, "shop.example", true},
		{senderSettings, "mx.shop.example", true},
		{senderSettings, "", false},
		{senderSettings, "mx.evil.test", false},
		{Settings{AuthServ: "filter.example", IMAP: Server{Host: "imap.gmail.com"}}, "filter.example", true},
		{Settings{AuthServ: "filter.example", IMAP: Server{Host: "imap.gmail.com"}}, "mx.google.com", false},
		{Settings{IMAP: Server{Host: "127.0.0.1"}, Addresses: []string{"a@shop.example"}}, "shop.example", true},
	} {
		if got := slices.Contains(c.set.AuthServs(), c.name); got != c.want {
			t.Errorf("%+v, %q: %v", c.set, c.name, got)
		}
	}
}
