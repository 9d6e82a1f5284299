package mailtext

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fernpost/store/desk"
)

var testDesk = Desk{
	Addresses: []string{"help@shop.example", "shop@gmail.com"},
	AuthServs: []string{"mx.shop.example"},
}

func TestMarks(t *testing.T) {
	const ours = "Authentication-Results: mx.shop.example; "
	const received = "Received: from evil.test (evil.test [192.0.2.9]) by mx.shop.example with ESMTP; Mon, 1 Jan 2026 10:00:00 +0000\n"
	for _, c := range []struct{ name, head, want string }{
		{"a plain mail", "From: Anna <anna@example.com>", ""},
		{"proven", ours + "dmarc=pass header.from=example.com\nFrom: Anna <anna@example.com>", ""},
		{"refuted", ours + "spf=pass smtp.mailfrom=evil.test; dkim=none; dmarc=fail (p=reject) header.from=example.com\nFrom: anna@example.com", "unproven"},
		{"refuted, in our name", ours + "dmarc=fail\nFrom: Boss <boss@shop.example>", "not_ours"},
		{"an aligned signature heals SPF", ours + "spf=fail smtp.mailfrom=example.com; dkim=pass header.d=mail.example.com\nFrom: anna@example.com", ""},
		{"a stranger's signature doesn't", ours + "spf=fail smtp.mailfrom=example.com; dkim=pass header.d=evil.test\nFrom: anna@example.com", "unproven"},
		{"SPF of a mailing service", ours + "spf=softfail smtp.mailfrom=bounce.mailer.test; dkim=none\nFrom: anna@example.com", ""},
		{"kept whole by a forwarder", ours + "dmarc=fail; arc=pass\nFrom: anna@example.com", ""},
		{"a version and a quoted value", "Authentication-Results: mx.shop.example 1; dmarc=fail reason=\"no; way\" header.from=example.com\nFrom: anna@example.com", "unproven"},
		{"another server's word", "Authentication-Results: mx.evil.test; dmarc=fail\nFrom: anna@example.com", ""},
		{"a pass that the sender wrote", ours + "dmarc=fail\n" + received + ours + "dmarc=pass\nFrom: anna@example.com", "unproven"},
		{"a failure below a stranger's Received", received + "Received: from a.test by relay.evil.test; x\n" + ours + "dmarc=fail\nFrom: anna@example.com", ""},
		{"ours below our own Received", received + ours + "dmarc=fail\nFrom: anna@example.com", "unproven"},
		{"another address in the name", "From: \"service@bank.example\" <x@evil.test>", "name_address"},
		{"its own address in the name", "From: \"anna@example.com\" <anna@example.com>", ""},
		{"a subdomain in the name", "From: \"news@example.com\" <bounce@mail.example.com>", ""},
		{"reads backwards", "From: =?utf-8?q?=E2=80=AEtroppuS?= <x@evil.test>", "direction"},
		{"an Arabic name with marks", "From: =?utf-8?b?4oCr2YXYsdiz2YTigKw=?= <x@example.com>", ""},
		{"one letter apart from ours", "From: x@shop.exampie", ""},
		{"looks like ours", "From: x@shop.example.evil.test", "lookalike"},
		{"scripts that nobody mixes", "From: x@p\u0430ypal.com", "mixed_script"},
		{"Japanese and Latin", "From: x@\u30c6\u30b9\u30c8shop.jp", ""},
		{"answers go elsewhere", "From: anna@example.com\nReply-To: x@evil.test", "reply_to"},
		{"answers go to another mailbox of theirs", "From: anna@mail.example.com\nReply-To: info@example.com", ""},
		{"answers go to us", "From: anna@example.com\nReply-To: help@shop.example", ""},
		{"no sender", "Subject: x", ""},
	} {
		h := ParseHeader([]byte(c.head + "\n\n"))
		if got := strings.Join(Marks(h, desk.KindPerson, testDesk), " "); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
		if got := Marks(h, desk.KindList, testDesk); len(got) != 0 {
			t.Errorf("%s, on a list: %q", c.name, got)
		}
	}
}

func TestServersWithoutAName(t *testing.T) {
	exchange := Desk{AuthServs: []string{""}}
	h := ParseHeader([]byte("Authentication-Results: spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=none (message not signed); dmarc=fail action=quarantine header.from=example.com;compauth=fail reason=000\nFrom: a@example.com\n\n"))
	if got := Marks(h, desk.KindPerson, exchange); !slices.Equal(got, []string{WarnUnproven}) {
		t.Errorf("%q", got)
	}
	if got := Marks(h, desk.KindPerson, testDesk); len(got) != 0 {
		t.Errorf("a server that gives a name has not written it: %q", got)
	}
}

func TestAcquaintances(t *testing.T) {
	known := Acquaintances{
		Domains: []string{"paketdienst.example"},
		Own:     []desk.Address{{Name: "Shop Support", Addr: "help@shop.example"}, {Name: "Tom", Addr: "tom@gmail.com"}},
	}
	for _, c := range []struct{ name, addr, want string }{
		{"Anna", "anna@example.com", "unproven"},
		{"Shop Support", "x@evil.test", "unproven name_ours"},
		{"Sh\u043ep Support", "x@evil.test", "unproven name_ours"},
		{"Shop Support", "sales@mail.shop.example", "unproven"},
		{"Tom", "tom@evil.test", "unproven"}, // a first name is nobody's own
		{"Anna", "anna@paketdeinst.example", "unproven lookalike"},
		{"Anna", "anna@paketdienst.example", "unproven"},
	} {
		got := Acquainted([]string{WarnUnproven}, desk.Address{Name: c.name, Addr: c.addr}, desk.KindPerson, known)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s <%s>: %q, not %q", c.name, c.addr, got, c.want)
		}
	}
}

func TestLookalikes(t *testing.T) {
	known := []string{"paketshop.example", "paypal.com", "shop1.de", "dhl.de", "münchen.de"}
	for _, c := range []struct{ domain, want string }{
		{"paypa1.com", "paypal.com"},
		{"paypal.co", ""},
		{"paypall.com", "paypal.com"},
		{"payapl.com", "paypal.com"},
		{"papyal.com", "paypal.com"},
		{"p\u0430ypal.com", "paypal.com"},
		{"xn--pypal-4ve.com", "paypal.com"},
		{"mail.paypal.com", ""},
		{"paypal.com", ""},
		{"paypal.com.evil.test", "paypal.com"},
		{"paketshop.example.co", "paketshop.example"},
		{"shop2.de", ""},
		{"dhi.de", ""},
		{"gmail.com", ""},
		{"ymail.com", ""},
		{"unrelated.org", ""},
		{"rnünchen.de", "xn--mnchen-3ya.de"},
		{"", ""},
	} {
		if got := Lookalike(c.domain, known); got != c.want {
			t.Errorf("%s: %q, not %q", c.domain, got, c.want)
		}
	}
}

// TestFalseAlarms reads every mail of the fixtures as if it came to a desk that
// knows all of their senders' domains but the one it looks at: what is marked is
// looked through here, one by one.
func TestFalseAlarms(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "fixtures", "mime")
	heads := map[string]Mail{}
	domains := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".eml" && filepath.Ext(path) != ".raw" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m := Read(raw)
		name, err := filepath.Rel(root, path)
		heads[filepath.ToSlash(name)] = m
		domains[domainOf(m.Header.Sender().Addr)] = true
		return err
	})
	if err != nil || len(heads) < 300 {
		t.Fatalf("%d mails, %v", len(heads), err)
	}
	var got []string
	for name, m := range heads {
		for _, mark := range Marks(m.Header, m.Kind, testDesk) {
			got = append(got, name+" "+mark)
		}
		own := domainOf(m.Header.Sender().Addr)
		var known []string
		for d := range domains {
			if d != "" && !strings.EqualFold(organisation(d), organisation(own)) {
				known = append(known, d)
			}
		}
		if k := Lookalike(own, known); k != "" {
			got = append(got, name+" "+own+" like "+k)
		}
	}
	slices.Sort(got)
	want := []string{
		"flanker/bounce__zed.eml example.com.com like example.com",
		"ruby-mail/error_emails__empty_group_lists.eml reply_to",
		"ruby-mail/rfc2822__example01.eml machine.example like xn--mchine-bua.example",
		"ruby-mail/rfc2822__example02.eml machine.example like xn--mchine-bua.example",
		"ruby-mail/rfc2822__example06.eml reply_to",
		"ruby-mail/rfc2822__example07.eml machine.example like xn--mchine-bua.example",
		"ruby-mail/rfc2822__example08.eml machine.example like xn--mchine-bua.example",
		"ruby-mail/rfc2822__example09.eml machine.example like xn--mchine-bua.example",
		"ruby-mail/rfc2822__example12.eml machine.example like xn--mchine-bua.example",
		"ruby-mail/rfc2822__example13.eml machine.example like xn--mchine-bua.example",
		"ruby-mail/rfc2822__example14.eml reply_to",
		"ruby-mail/rfc6532__utf8_headers.eml mächine.example like machine.example",
		"webklex/bcc.eml reply_to",
		"webklex/mail_that_is_attachment.eml reply_to",
	} // a domain and its double are both at home here, and five do ask for answers elsewhere
	if !slices.Equal(got, want) {
		t.Errorf("%d of %d:\n%s", len(got), len(heads), strings.Join(got, "\n"))
	}
}
