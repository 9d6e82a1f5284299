package store

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"fernpost/store/desk"
)

var longNumber = regexp.MustCompile(`\d{4,}`)

// maxSubject bounds what is compared: the rest tells nothing apart.
const maxSubject = 300

// plainSubject takes prefixes, [ticket tags], case and spacing off a subject,
// and tells whether the outermost prefix says that it is an answer.
func plainSubject(subject string) (plain string, answer bool) {
	s, kind := desk.CutSubject(norm.NFC.String(strings.ToValidUTF8(head(subject, maxSubject), "")))
	s = cases.Fold().String(s)
	return strings.TrimFunc(strings.Join(strings.Fields(s), " "), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".!?…,;:-–—*", r)
	}), kind == desk.SubjectAnswer
}

// generic are subjects that many matters share.
var generic = oneEach(`no subject|kein betreff|ohne betreff|sans objet|sin asunto|senza oggetto|geen onderwerp|test mail|test email|contact form|
my order|your order|order confirmation|an order|new order|a question|my question|question about order|information request|contact request|customer service|support request|help needed|please help|thank you|thanks again|good morning|good afternoon|hello there|hi there|new message|
meine bestellung|ihre bestellung|eine frage|frage zur bestellung|vielen dank|guten tag|guten morgen|neue nachricht|neue anfrage|ma commande|votre commande|une question|bonjour madame|nouveau message|mi pedido|su pedido|una pregunta|buenos dias|buenos días|il mio ordine|una domanda|mijn bestelling|een vraag|
moje zamówienie|dzień dobry|мой заказ|добрый день|заказ товара|我的订单|我的訂單|注文について|お問い合わせ|주문 문의`)

func oneEach(all string) map[string]bool {
	out := map[string]bool{}
	for s := range strings.SplitSeq(all, "|") {
		out[strings.Join(strings.Fields(s), " ")] = true
	}
	return out
}

// telling says whether a plain subject names a matter: it has a number in it, or
// is more than a word or two that everybody writes.
func telling(plain string) bool {
	if longNumber.MatchString(plain) {
		return true
	}
	letters, wide := 0, 0
	for _, r := range plain {
		if unicode.IsLetter(r) {
			letters++
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
				wide++
			}
		}
	}
	words := len(strings.Fields(plain))
	return !generic[plain] && (letters >= 12 || words >= 2 && letters >= 8 || wide >= 4)
}
