package mailtext

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"fernpost/store/desk"
)

// Warnings about who wrote. Each says what was found and what to do, never how
// likely it is; the screen has a sentence for each ("message.warning.<code>").
// There is no word for "genuine": a mark that a forger can earn is worse than none.
const (
	WarnUnproven    = "unproven"     // our own server couldn't confirm the sender's address
	WarnNotOurs     = "not_ours"     // the same, and the address is one of ours
	WarnNameAddress = "name_address" // the name shows another address than the mail has
	WarnNameOurs    = "name_ours"    // a stranger under our own name
	WarnDirection   = "direction"    // signs that make a name or subject read backwards
	WarnLookalike   = "lookalike"    // a domain that looks like one we know
	WarnMixed       = "mixed_script" // a domain in letters of several scripts
	WarnReplyTo     = "reply_to"     // answers go to another domain than the mail comes from
)

// Desk is what is known of the account that a mail came to.
type Desk struct {
	Addresses []string // our own
	// AuthServs are the names under which our own server speaks in
	// Authentication-Results (RFC 8601 2.2). Results of any other are a stranger's
	// words. Where one is "", a result without a name counts too: Exchange Online
	// writes none.
	AuthServs []string
}

// owns compares addresses without regard to case.
func (d Desk) owns(addr string) bool {
	return slices.ContainsFunc(d.Addresses, func(own string) bool { return strings.EqualFold(own, addr) })
}

// ourDomain tells a domain that one of our addresses has, unless everybody may
// have an address there.
func (d Desk) ourDomain(domain string) bool {
	return domain != "" && !freeMail[strings.ToLower(domain)] && slices.ContainsFunc(d.Addresses, func(own string) bool {
		return strings.EqualFold(domainOf(own), domain)
	})
}

// domains are those of our own that a stranger may imitate.
func (d Desk) domains() (all []string) {
	for _, own := range d.Addresses {
		if domain := strings.ToLower(domainOf(own)); domain != "" && !freeMail[domain] {
			all = append(all, domain)
		}
	}
	return all
}

func domainOf(addr string) string {
	_, domain, _ := cutLast(addr, "@")
	return domain
}

// organisation is the domain that somebody registered: the public suffix and one
// label more (RFC 7489 3.2).
func organisation(domain string) string {
	domain = strings.TrimSuffix(strings.ToLower(asciiDomain(domain)), ".")
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// Marks says what is wrong about a mail's sender, from its head alone. Mail of a
// machine or a list is left alone: nobody is deceived by whom it claims to be
// from, and lists break what proves a sender.
func Marks(h Header, kind desk.MessageKind, d Desk) []string {
	from := h.Addresses("From")
	if len(from) == 0 || kind == desk.KindBounce || kind == desk.KindList {
		return nil
	}
	sender, domain := from[0], domainOf(from[0].Addr)
	var out []string
	if !Authentic(h, domain, d) {
		if d.owns(sender.Addr) || d.ourDomain(domain) {
			out = append(out, WarnNotOurs)
		} else {
			out = append(out, WarnUnproven)
		}
	}
	out = append(out, nameMarks(h, sender, d)...)
	switch {
	case MixedScript(domain):
		out = append(out, WarnMixed)
	case Lookalike(domain, d.domains()) != "":
		out = append(out, WarnLookalike)
	}
	if kind == desk.KindPerson && answersElsewhere(h, sender, d) {
		out = append(out, WarnReplyTo)
	}
	return out
}

// nameMarks looks at the name that a mail program shows in place of the address.
func nameMarks(h Header, sender desk.Address, d Desk) (out []string) {
	raw := DecodeWords(h.Raw("From")) + DecodeWords(h.Raw("Subject"))
	if strings.Contains(raw, "\u202d") || strings.Contains(raw, "\u202e") {
		out = append(out, WarnDirection)
	}
	if d.owns(sender.Addr) {
		return out
	}
	name := strings.TrimSpace(sender.Name)
	if shown := addressIn(name); shown != "" && !sameMailbox(shown, sender.Addr) {
		return append(out, WarnNameAddress)
	}
	return out
}

// Acquaintances are whom an account knows.
type Acquaintances struct {
	Domains []string       // that mail came from or went to more than once or twice
	Own     []desk.Address // under which we write
}

// Acquainted adds to a sender's marks what only a store knows: that the name is
// one of ours, or the domain nearly one that is known.
func Acquainted(marks []string, sender desk.Address, kind desk.MessageKind, a Acquaintances) []string {
	if sender.Addr == "" || kind == desk.KindBounce || kind == desk.KindList {
		return marks
	}
	domain := domainOf(sender.Addr)
	ours := slices.ContainsFunc(a.Own, func(own desk.Address) bool {
		return sameMailbox(own.Addr, sender.Addr) && !freeMail[strings.ToLower(domain)] || own.Same(sender)
	})
	if plain := skeleton(sender.Name); !ours && len(plain) >= shortestName && strings.Contains(plain, " ") &&
		slices.ContainsFunc(a.Own, func(own desk.Address) bool { return skeleton(own.Name) == plain }) {
		marks = append(marks[:len(marks):len(marks)], WarnNameOurs)
	}
	if !slices.Contains(marks, WarnLookalike) && Lookalike(domain, a.Domains) != "" {
		marks = append(marks[:len(marks):len(marks)], WarnLookalike)
	}
	return marks
}

// addressIn finds an address in a name, as in "help@shop.example <x@y.example>".
// Programs that pass mail on write "Anna via Shop": that has none.
func addressIn(name string) string {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune(" <>()[]\"',;:|", r) }) {
		local, domain, ok := cutLast(strings.Trim(word, "."), "@")
		if ok && local != "" && strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".") {
			return local + "@" + domain
		}
	}
	return ""
}

// sameMailbox takes subdomains of one organisation for one: companies write from
// several.
func sameMailbox(a, b string) bool {
	return strings.EqualFold(a, b) || organisation(domainOf(a)) == organisation(domainOf(b))
}

func answersElsewhere(h Header, sender desk.Address, d Desk) bool {
	for _, to := range h.Addresses("Reply-To") {
		if organisation(domainOf(to.Addr)) != organisation(domainOf(sender.Addr)) && !d.owns(to.Addr) && !d.ourDomain(domainOf(to.Addr)) {
			return ReadCustomer(h, d).Via == desk.ViaDirect // else it is shown with both addresses
		}
	}
	return false
}
