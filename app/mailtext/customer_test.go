package mailtext

import (
	"testing"

	"fernpost/store/desk"
)

func TestCustomers(t *testing.T) {
	for _, c := range []struct{ name, head, want string }{
		{"a customer", "From: Kat <kat@example.com>", ""},
		{"who wants answers elsewhere", "From: kat@example.com\nReply-To: kat@home.example", ""},
		{"a form on our site", "From: Shop <help@shop.example>\nTo: help@shop.example\nReply-To: Kat <kat@example.com>\nSubject: New message", "kat@example.com Kat form"},
		{"a form that doesn't say", "From: help@shop.example\nTo: help@shop.example\nSubject: New message", "ask form"},
		{"a form that nobody reads", "From: WordPress <wordpress@shop.example>\nReply-To: kat@example.com", "kat@example.com  form"},
		{"a form service", "From: Formspree <noreply@formspree.io>\nSubject: New submission", "ask form"},
		{"a stranger's robot", "From: noreply@evil.test\nSubject: Hello", ""},
		{"a stranger's robot with an address", "From: noreply@market.example\nReply-To: kat@example.com", "kat@example.com  form"},
		{"a colleague passes on", "From: Tom <tom@shop.example>\nSubject: WG: Scanner", "ask forwarded"},
		{"a colleague answers", "From: Tom <tom@shop.example>\nReply-To: x@evil.test\nSubject: Re: Scanner", ""},
		{"a customer passes on", "From: kat@example.com\nSubject: Fwd: Scanner", ""},
		{"somebody with a free address passes on", "From: tom@gmail.com\nSubject: Fwd: Scanner", ""},
		{"our group", "From: \"'Kat' via Support\" <help@shop.example>\nX-Original-From: Kat <kat@example.com>\nList-Id: <help.shop.example>", "kat@example.com Kat list"},
		{"a group that keeps only Reply-To", "From: \"Kat via Support\" <team@groups.example>\nReply-To: kat@example.com\nList-Id: <team.groups.example>", "kat@example.com Kat list"},
		{"nobody", "Subject: x", ""},
	} {
		got := ReadCustomer(ParseHeader([]byte(c.head+"\n\n")), testDesk)
		text := ""
		switch {
		case got.Ask != desk.ViaDirect:
			text = "ask " + string(got.Ask)
		case got.Via != desk.ViaDirect:
			text = got.Address.Addr + " " + got.Address.Name + " " + string(got.Via)
		}
		if text != c.want {
			t.Errorf("%s: %q, not %q", c.name, text, c.want)
		}
	}
}

func TestOrigins(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a form in English", "Name: Kat Wolf\nEmail: kat@example.com\nMessage: It broke.", "kat@example.com Kat Wolf form"},
		{"in German", "Neue Anfrage\n\nVor- und Nachname: Kat Wolf\nE-Mail-Adresse: kat@example.com\nNachricht:\nKaputt", "kat@example.com Kat Wolf form"},
		{"in French", "Nom : Kat\nCourriel : kat@example.com", "kat@example.com Kat form"},
		{"in Spanish", "Nombre: Kat\nCorreo electrónico: kat@example.com", "kat@example.com Kat form"},
		{"in Polish", "Imię i nazwisko: Kat\nAdres e-mail: kat@example.com", "kat@example.com Kat form"},
		{"in Russian", "Имя: Катя\nЭлектронная почта: kat@example.com", "kat@example.com Катя form"},
		{"in Chinese", "姓名：王\n邮箱：kat@example.com", "kat@example.com 王 form"},
		{"in Japanese", "お名前：山田\nメールアドレス：kat@example.com", "kat@example.com 山田 form"},
		{"in Arabic", "الاسم: سارة\nالبريد الإلكتروني: kat@example.com", "kat@example.com سارة form"},
		{"the address on a line of its own", "Your name:\nKat\n\nYour email:\nkat@example.com", "kat@example.com  form"},
		{"a table", "| Email | kat@example.com", "kat@example.com  form"},
		{"with a link", "E-Mail: kat@example.com <mailto:kat@example.com>", "kat@example.com  form"},
		{"passed on by Gmail", "FYI\n\n---------- Forwarded message ---------\nFrom: Kat Wolf <kat@example.com>\nDate: Mon, 1 Jan 2026 at 10:00\nSubject: Scanner\nTo: <tom@shop.example>\n\nIt broke.", "kat@example.com Kat Wolf forwarded"},
		{"by Outlook in German", "zur Info\n\nVon: Kat Wolf <kat@example.com>\nGesendet: Montag, 1. Januar 2026 10:00\nAn: Tom <tom@shop.example>\nBetreff: Scanner\n\nKaputt.", "kat@example.com Kat Wolf forwarded"},
		{"by Apple Mail in Japanese", "転送されたメッセージ:\n\n差出人: Kat <kat@example.com>\n件名: Scanner\n日付: 2026年1月1日\n宛先: tom@shop.example", "kat@example.com Kat forwarded"},
		{"the first of two heads", "From: a@example.com\nSent: x\nTo: y@example.com\nSubject: s\n\nFrom: b@example.com\nSent: x\nTo: y@example.com\nSubject: s", "a@example.com  forwarded"},
		{"a sentence with an address", "Please write to kat@example.com, my email is broken.", ""},
		{"a signature", "Kind regards\nKat\nEmail me at kat@example.com or call", ""},
		{"two addresses", "Email: kat@example.com, tom@example.com", ""},
		{"a trip", "From: kat@example.com the train goes at ten", ""},
	} {
		got := ""
		if o := Origin(c.text); o != nil {
			got = o.Address.Addr + " " + o.Address.Name + " " + string(o.Via)
		}
		if got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		name, head, kind string
	}{
		{"a person", "From: kat@example.com\nSubject: Scanner", "person"},
		{"RFC 3834", "Auto-Submitted: auto-replied (vacation)\nFrom: kat@example.com", "auto"},
		{"RFC 3834, no", "Auto-Submitted: no\nFrom: kat@example.com", "person"},
		{"away, says so only in its subject", "From: kat@example.com\nSubject: Out of office: Scanner", "person"},
		{"away, to our answer", "From: kat@example.com\nIn-Reply-To: <1@shop.example>\nSubject: Automatische Antwort: Scanner", "auto"},
		{"away, in Chinese", "From: kat@example.com\nX-Auto-Response-Suppress: All\nSubject: 自动回复: 扫描仪", "auto"},
		{"an answer to an automatic reply", "From: kat@example.com\nIn-Reply-To: <1@shop.example>\nSubject: Re: Automatic reply: Scanner", "person"},
		{"a list", "From: kat@example.com\nList-Id: <users.example.org>", "list"},
		{"a newsletter", "From: news@example.com\nList-Unsubscribe: <https://example.com/u>", "list"},
		{"a shop answers through its mailing system", "From: kat@example.com\nList-Unsubscribe: <https://example.com/u>\nIn-Reply-To: <1@shop.example>", "person"},
		{"bulk", "From: kat@example.com\nPrecedence: bulk", "list"},
		{"a report", "Content-Type: multipart/report; report-type=delivery-status\nFrom: postmaster@example.com", "bounce"},
		{"a receipt", "Content-Type: multipart/report; report-type=disposition-notification\nFrom: kat@example.com", "auto"},
		{"a complaint", "Content-Type: multipart/report; report-type=feedback-report\nFrom: fbl@example.com", "auto"},
		{"an old bounce", "From: MAILER-DAEMON@example.com\nSubject: failure notice", "bounce"},
		{"a bounce of Gmail", "From: mailer-daemon@googlemail.com\nX-Failed-Recipients: kat@example.com", "bounce"},
		{"a postmaster who writes himself", "From: postmaster@example.com\nSubject: Your question about DNS", "person"},
	} {
		h := ParseHeader([]byte(c.head + "\n\n"))
		if got := Kind(h, h.Raw("Content-Type")); string(got) != c.kind {
			t.Errorf("%s: %s, not %s", c.name, got, c.kind)
		}
	}
	group := ParseHeader([]byte("List-Id: Help <help.shop.example>\n\n"))
	if !OurGroup(group, testDesk) || OurGroup(ParseHeader([]byte("List-Id: <users.example.org>\n\n")), testDesk) {
		t.Error("our group is ours alone")
	}
}
