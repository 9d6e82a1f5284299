package mail

import (
	"slices"
	"strings"

	"fernpost/app/mailtext"
	"fernpost/store/desk"
)

// ourDesk is what mailtext may know of the account.
func (s Settings) ourDesk() mailtext.Desk {
	return mailtext.Desk{Addresses: s.Addresses, AuthServs: s.AuthServs()}
}

// providers are those whose server speaks in Authentication-Results under
// another name than it is reached by.
var providers = []struct{ host, name string }{
	{".gmail.com", "mx.google.com"},
	{".googlemail.com", "mx.google.com"},
	{".google.com", "mx.google.com"},
	{".office365.com", ""},
	{".outlook.com", ""},
	{".gmx.net", "gmx.net"},
	{".gmx.com", "gmx.net"},
	{".web.de", "web.de"},
	{".icloud.com", "icloud.com"},
	{".mail.me.com", "icloud.com"},
}

// AuthServs are the names under which our own server gives its results (RFC 8601
// 2.5): the one that was set, else what is known of large providers, and the server's own name
// and domain, as most installations have it.
func (s Settings) AuthServs() []string {
	if s.AuthServ != "" {
		return []string{s.AuthServ}
	}
	host := strings.ToLower(s.IMAP.Host)
	for _, p := range providers {
		if strings.HasSuffix("."+host, p.host) {
			return []string{p.name}
		}
	}
	names := []string{host, strings.ToLower(s.SMTP.Host)}
	for _, own := range s.Addresses {
		if _, domain, ok := strings.Cut(strings.ToLower(own), "@"); ok {
			names = append(names, domain, "mail."+domain, "mx."+domain)
		}
	}
	if _, domain, ok := strings.Cut(host, "."); ok && strings.Contains(domain, ".") {
		names = append(names, domain, "mx."+domain, "mx1."+domain)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" })
}

// readSender fills in who wrote, and for whom an answer is.
func readSender(head *desk.Head, h mailtext.Header, set Settings) {
	ours := set.ourDesk()
	head.From = h.Sender()
	head.FromUs = head.Folder == desk.RoleSent || set.owns(head.From.Addr)
	customer := mailtext.ReadCustomer(h, ours)
	if head.FromUs && head.OpID == "" && set.owns(head.From.Addr) && toOurselves(head, customer, set) {
		head.FromUs = false
	}
	if head.FromUs {
		return
	}
	if head.Kind == desk.KindList && mailtext.OurGroup(h, ours) {
		head.Kind = desk.KindPerson
	}
	head.Customer, head.Via, head.Ask = customer.Address, customer.Via, customer.Ask
	head.Marks = mailtext.Marks(h, head.Kind, ours)
}

// toOurselves tells the mail of a web form, which writes from one of our own
// addresses to another, or a mail that one of us passed on to the desk: it is no
// answer of ours.
func toOurselves(head *desk.Head, customer mailtext.Customer, set Settings) bool {
	if head.Folder != desk.RoleSent && customer.Via != desk.ViaDirect {
		return true
	}
	all := slices.Concat(head.To, head.Cc)
	return len(all) > 0 && customer.Ask != desk.ViaDirect &&
		!slices.ContainsFunc(all, func(a desk.Address) bool { return !set.owns(a.Addr) })
}
