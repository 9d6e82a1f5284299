package mailtext

import (
	"regexp"
	"slices"
	"strings"

	"fernpost/store/desk"
)

// Customer is who an answer is for, where that isn't the address in From.
type Customer struct {
	Address desk.Address
	Via     desk.Via
	// Ask says that the mail came from a form or was passed on, and that its text
	// may name the customer: of the forms that Origin finds, which may count.
	Ask desk.Via
}

// formSenders are the local parts from which programs write that nobody reads,
// and the services that send the mail of web forms for their customers.
var (
	formSenders  = regexp.MustCompile(`(?i)^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply[-_.+].*|.*[-_.]no-?reply|wordpress|www-data|webform|web[-_.]?form|form[s]?|form[-_.]submission[s]?|kontaktformular|formular|apache|nobody|website|mailer|notifications?)$`)
	formServices = setOf(`formspree.io formsubmit.co jotform.com typeform.com wufoo.com 123formbuilder.com cognitoforms.com formstack.com getform.io web3forms.com
squarespace.info wix-forms.com shopify.com hubspot.com elfsight.com formcarry.com basin.io tally.so paperform.co getresponse.com wpforms.com`)
)

// ReadCustomer reads who the customer is from a head: the Reply-To of a form, the
// original sender of mail that a list or a group rewrote for DMARC's sake.
func ReadCustomer(h Header, d Desk) Customer {
	from := h.Addresses("From")
	if len(from) == 0 {
		return Customer{}
	}
	sender, domain := from[0], domainOf(from[0].Addr)
	foreign := func(all []desk.Address) (desk.Address, bool) {
		i := slices.IndexFunc(all, func(a desk.Address) bool { return !a.Same(sender) && !d.owns(a.Addr) && !d.ourDomain(domainOf(a.Addr)) })
		if i < 0 {
			return desk.Address{}, false
		}
		return all[i], true
	}
	if rewritten(h, sender) {
		for _, name := range []string{"X-Original-From", "Reply-To", "X-Original-Sender"} {
			if a, ok := foreign(h.Addresses(name)); ok {
				if a.Name == "" {
					a.Name = beforeVia(sender.Name)
				}
				return Customer{Address: a, Via: desk.ViaList}
			}
		}
	}
	ours := d.owns(sender.Addr) || d.ourDomain(domain)
	kind := desk.SubjectPlain
	if ours {
		_, kind = desk.CutSubject(h.Text("Subject"))
	}
	local, _, _ := strings.Cut(sender.Addr, "@")
	switch {
	case ours && kind == desk.SubjectForward:
		return Customer{Ask: desk.ViaForwarded}
	case ours && kind == desk.SubjectAnswer:
		return Customer{} // a colleague's own answer
	case d.owns(sender.Addr), formSenders.MatchString(local), formServices[organisation(domain)]:
		if a, ok := foreign(h.Addresses("Reply-To")); ok {
			return Customer{Address: a, Via: desk.ViaForm}
		}
		if ours || formServices[organisation(domain)] {
			return Customer{Ask: desk.ViaForm}
		}
	}
	return Customer{}
}

// rewritten tells that a list or group put its own address into From.
func rewritten(h Header, sender desk.Address) bool {
	if h.Has("X-Original-From") {
		return true
	}
	return h.Has("List-Id") && beforeVia(sender.Name) != "" && (h.Has("X-Original-Sender") || h.Has("Reply-To"))
}

// beforeVia gives Anna of "'Anna' via Shop", which groups write.
func beforeVia(name string) string {
	if i := strings.LastIndex(name, " via "); i > 0 {
		return strings.Trim(name[:i], `'" `)
	}
	return ""
}

var (
	// mailLabel is the line of a form in which the customer gave an address.
	mailLabel = regexp.MustCompile(`(?i)^[\s*>•|_-]*(?:(?:ihre?|your|votre|su|sua|uw|din|customer|kunden?|absender|sender|contact|kontakt)[\s-]+)?(?:e[\s-]?mail(?:[\s-]?(?:address|adresse?|adres|cím|cim|addr))?|mail(?:[\s-]?(?:address|adresse))?|email_address|courriel|adresse (?:e-?mail|électronique|mail)|correo(?: electr[óo]nico)?|endere[çc]o de e-?mail|indirizzo e-?mail|posta elettronica|e-?post(?:adress(?:e)?)?|sähköposti(?:osoite)?|adres e-?mail|e-?posta(?: adresi)?|e-?pošta|el\.? ?paštas|e-?pasts|эл(?:ектронн(?:ая|ый))?\.?\s?(?:почта|адрес)|почта|електронна (?:пошта|поща)|имейл|ηλεκτρονικό ταχυδρομείο|電子郵件|电子邮件|電郵|邮箱|邮件|メール(?:アドレス)?|e-?メール|이메일(?: 주소)?|البريد(?: الإلكتروني)?|بريد|ایمیل|דוא["״']?ל|אימייל|ईमेल|อีเมล|thư điện tử|surel)[\s*_]*(?:[:：=|]|\s-\s)\s*(.*)$`)
	nameLabel = regexp.MustCompile(`(?i)^[\s*>•|_-]*(?:(?:ihr|your|votre|full|customer|kunden?|absender)[\s-]*)?(?:name|vor- und nachname|nom(?: et prénom)?|nombre(?: completo)?|nome(?: completo)?|naam|namn|navn|nimi|imię(?: i nazwisko)?|jméno|meno|név|nume|имя|фио|ім'я|име|όνομα|ad(?:ı)? soyad(?:ı)?|isim|姓名|名前|お名前|氏名|이름|성함|الاسم|نام|שם(?: מלא)?|नाम|ชื่อ|họ tên|tên|nama)[\s*_]*[:：=|]\s*(.+)$`)
)

// linesOfForm is how much of a text is looked through: forms and heads stand at
// its beginning. longestOfForm bounds each line, in bytes.
const (
	linesOfForm   = 80
	longestOfForm = 300
)

// Origin finds whom a text names as its author: the sender in the head of a mail
// that was passed on, else the address that a form was filled in with. Anybody
// can write both, so it counts only where Customer.Ask says so, and is shown as
// what it is.
func Origin(text string) *desk.Origin {
	var form *desk.Origin
	lines := strings.SplitN(start(text, 16<<10), "\n", linesOfForm+1)
	for i, line := range lines[:min(len(lines), linesOfForm)] {
		line = strings.TrimRight(line, " \r\t")
		if len(line) > longestOfForm {
			continue
		}
		if !strings.Contains(line, "@") {
			continue
		}
		if field, value := headLine(line); field == headFrom && passedOnHere(lines, i) {
			if all := ParseAddresses(mailLinks.Replace(value)); len(all) > 0 {
				return &desk.Origin{Address: all[0], Via: desk.ViaForwarded}
			}
		}
		if form != nil {
			continue
		}
		if form = formAddress(lines, i); form != nil {
			form.Address.Name = formName(lines[:i+1])
		}
	}
	return form
}

// formName finds the name that a form was filled in with. It is only looked for
// where there is an address, because few mails are forms.
func formName(lines []string) string {
	for _, line := range lines {
		line = strings.TrimRight(line, " \r\t")
		if len(line) > longestOfForm || !holds(line, nameMarkers) {
			continue
		}
		if m := nameLabel.FindStringSubmatch(line); m != nil && !strings.Contains(m[1], "@") {
			if name := strings.TrimSpace(m[1]); name != "" {
				return name
			}
		}
	}
	return ""
}

// nameMarkers stand between a label and what was filled in: nameLabel has them.
var nameMarkers = []string{":", "=", "|", "："}

// mailLinks undoes what programs make of an address in a head: "a@b <mailto:a@b>".
var mailLinks = strings.NewReplacer("[mailto:", "<", "<mailto:", "<", "]", ">", "*", "")

// passedOnHere tells that a mail's head stands around a line: three of its fields.
func passedOnHere(lines []string, i int) bool {
	var seen headField
	for _, line := range lines[max(0, i-4):min(len(lines), i+6)] {
		field, _ := headLine(line)
		seen |= field
	}
	return ones(seen) >= 3
}

// formAddress reads a form's line, or one below its label.
func formAddress(lines []string, i int) *desk.Origin {
	value := ""
	if m := mailLabel.FindStringSubmatch(lines[i]); m != nil {
		value = m[1]
	} else if i > 0 {
		above := strings.TrimSpace(lines[i-1])
		if m := mailLabel.FindStringSubmatch(above + ":"); m != nil && m[1] == "" || strings.HasSuffix(above, ":") && mailLabel.MatchString(above) {
			value = lines[i]
		}
	}
	all := ParseAddresses(mailLinks.Replace(value))
	if len(all) != 1 || len(strings.Fields(value)) > 2 {
		return nil
	}
	return &desk.Origin{Address: desk.Address{Addr: all[0].Addr}, Via: desk.ViaForm}
}

func start(s string, n int) string { return strings.ToValidUTF8(s[:min(len(s), n)], "") }
