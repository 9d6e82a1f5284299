package store

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"fernpost/store/desk"
	"fernpost/store/question"
)

func typed(text string) SearchQuery { return SearchQuery{Question: question.Parse(text, monday)} }

func termsOfTyped(text string) []term { return indexTerms(typed(text).Question) }

func (ts *testStore) find(text string) []Hit {
	ts.t.Helper()
	hits, err := ts.Search(ts.t.Context(), typed(text))
	if err != nil {
		ts.t.Fatalf("search %q: %v", text, err)
	}
	return hits
}

// sentences are what customers write, one of each language, and what an agent
// types to find it; * is put for the marks of the snippet.
var sentences = []struct{ language, text, query, marked string }{
	{"en", "My parcel hasn't arrived yet, please check the address.", "addr", "the *address*."},
	{"de", "Wann bekomme ich meine Rücksendung erstattet?", "rucksendung", "meine *Rücksendung* erst"},
	{"fr", "J'attends le remboursement de l'été dernier.", "été", "l'*été* dernier"},
	{"es", "¿Cuándo llega el reembolso del pañuelo?", "panuelo", "del *pañuelo*?"},
	{"pl", "Proszę o zwrot pieniędzy za żółtą kurtkę.", "zolta", "za *żółtą* kurtkę"},
	{"tr", "İade işlemi ne zaman tamamlanır?", "islemi", "İade *işlemi* ne"},
	{"vi", "Tôi muốn hoàn tiền cho đơn hàng này.", "đơn hàng", "cho *đơn* *hàng* này"},
	{"ru", "Верните деньги за ещё один заказ.", "еще один", "за *ещё* *один* заказ"},
	{"uk", "Посилка не надійшла, допоможіть.", "посилка", "*Посилка* не"},
	{"el", "Πότε θα επιστραφούν τα χρήματα;", "χρηματα", "τα *χρήματα*"},
	{"ar", "أريد استرداد المبلغ المدفوع", "المبلغ", "استرداد *المبلغ* المدفوع"},
	{"ar", "الطَّلَبُ رقم ١٢٣٤٥ لم يصل", "12345", "رقم *١٢٣٤٥* لم"},
	{"fa", "بازپرداخت کالا را می\u200cخواهم", "كالا", "بازپرداخت *کالا* را"},
	{"he", "מתי אקבל את ההחזר הכספי?", "החזר", ""},
	{"he", "מתי אקבל את ההחזר הכספי?", "ההחזר", "את *ההחזר* הכספי"},
	{"hi", "मुझे पैसे वापस चाहिए", "वापस", "पैसे *वापस* चाहिए"},
	{"bn", "আমি টাকা ফেরত চাই", "ফেরত", "টাকা *ফেরত* চাই"},
	{"ta", "பணத்தை திருப்பித் தரவும்", "பணத்தை", "*பணத்தை* திரு"},
	{"th", "ฉันต้องการคืนเงินค่าสินค้า", "คืนเงิน", "ต้องการ*คืนเงิน*ค่าสินค้า"},
	{"zh", "请问我的退款什么时候到账？", "退款", "我的*退款*什么"},
	{"zh", "我要取消订单", "订", "取消*订*单"},
	{"ja", "返金はいつになりますか。", "返金", "*返金*は"},
	{"ja", "カードの番号が間違っています", "ｶｰﾄﾞ", "*カード*の"},
	{"ko", "환불은 언제 되나요?", "환불", "*환불*은"},
	{"km", "ខ្ញុំចង់បានប្រាក់វិញ", "ប្រាក់", "បាន*ប្រាក់*វិញ"},
	{"lo", "ຂ້ອຍຢາກໄດ້ເງິນຄືນ", "ເງິນ", "ໄດ້*ເງິນ*ຄືນ"},
	{"my", "ငွေပြန်အမ်းပါ", "ငွေ", "*ငွေ*ပြန်"},
}

func TestSearchInEveryLanguage(t *testing.T) {
	ts := openTest(t)
	var items []desk.Arrival
	for n, s := range sentences {
		a := mail(n)
		a.Body.Text, a.Body.Language = s.text, s.language
		items = append(items, a)
	}
	ts.apply(items...)
	for n, s := range sentences {
		var snippet string
		for _, h := range ts.find(s.query) {
			if h.Conversation.ID == ts.of(n).ID {
				snippet = strings.NewReplacer(markOpen, "*", markClose, "*").Replace(h.Snippet)
			}
		}
		if s.marked == "" && snippet != "" || !strings.Contains(snippet, s.marked) {
			t.Errorf("%s: %q in %q gives %q", s.language, s.query, s.text, snippet)
		}
	}
}

// Every two characters that stand together in a script without spaces must be
// found: customers' words have no ends there.
func TestRecallOfTwoCharacters(t *testing.T) {
	ts := openTest(t)
	r := rand.New(rand.NewPCG(1, 1))
	vocabulary := strings.Join(benchWords, " ")
	var items []desk.Arrival
	var texts []string
	for n := range 60 {
		var b strings.Builder
		for range 12 {
			b.WriteString(sentences[r.IntN(len(sentences))].text)
			b.WriteString(strings.Fields(vocabulary)[r.IntN(60)])
		}
		a := mail(n)
		a.Body.Text = b.String()
		items, texts = append(items, a), append(texts, b.String())
	}
	ts.apply(items...)
	tried := 0
	for tried < 300 {
		text := []rune(texts[r.IntN(len(texts))])
		at := r.IntN(len(text) - 1)
		part := string(text[at : at+2])
		if strings.IndexFunc(part, func(r rune) bool {
			return !unicode.In(r, unicode.Han, unicode.Katakana, unicode.Hiragana, unicode.Hangul, unicode.Thai) || !unicode.IsLetter(r)
		}) >= 0 {
			continue
		}
		tried++
		want := 0
		for _, x := range texts {
			if strings.Contains(x, part) {
				want++
			}
		}
		hits, err := ts.Search(t.Context(), SearchQuery{Question: question.Parse(part, monday), Limit: 100})
		if err != nil || len(hits) < want {
			t.Errorf("%q stands in %d texts, %d found, %v", part, want, len(hits), err)
		}
	}
}

func TestSearchGrammar(t *testing.T) {
	ts := openTest(t)
	texts := []string{"the red parcel arrived broken", "the parcel was red", "refunds are slow", "a refund", "Refundable deposit"}
	for n, text := range texts {
		a := mail(n)
		a.Body.Text = text
		ts.apply(a)
	}
	for query, want := range map[string]string{
		"parcel red":      "1 0",
		`"red parcel"`:    "0",
		`"red parcel" br`: "0",
		"refund":          "4 3 2",
		`"refund"`:        "3",
		"refunds slo":     "2",
		"re":              "4 3 2 1 0",
		"zzz":             "",
		"":                "",
		"  ! ":            "",
		"parcel -red":     "",
		"parcel -broken":  "1",
		"NOT parcel":      "",
		"OR":              "",
		"“red parcel”":    "0",
		"katharina":       "4 3 2 1 0",
		"kat@example.com": "4 3 2 1 0",
		"subject 3":       "3",
		"body:refund":     "",
	} {
		var got []string
		for _, h := range ts.find(query) {
			got = append(got, strings.TrimPrefix(h.Conversation.Subject, "Subject "))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestSearchPages(t *testing.T) {
	ts := openTest(t)
	for n := range 7 {
		ts.apply(mail(n))
	}
	var got []string
	q := typed("text")
	q.Limit = 3
	for {
		hits, err := ts.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			got = append(got, h.Conversation.Subject[8:])
			if !h.At.Equal(h.Conversation.LastAt) {
				t.Errorf("hit at %v of %v", h.At, h.Conversation.LastAt)
			}
		}
		if len(hits) < 3 {
			break
		}
		q.After = hits[2].Message
	}
	if strings.Join(got, "") != "6543210" {
		t.Errorf("newest first: %v", got)
	}
}

func TestHostileQueries(t *testing.T) {
	ts := openTest(t)
	ts.apply(mail(1))
	hostile := []string{
		`"`, `""`, `"""`, `a"b`, `'`, `*`, `a*`, `^a`, `a AND`, `AND`, `NEAR(a b)`, `NEAR(`, `(`, `)`, `a)`, `{a b}:c`, `-a`, `+`, `:`, `subject:`,
		"a\x00b", "\x00", "\xff\xfe", "\u202e", "\U0010FFFF", "ﬁ", "¼", "＂a＂", "؛", "\x02\x03", "🇩🇪", "ｶ\uFF9E",
		strings.Repeat("a", 10_000), strings.Repeat("退", 10_000), strings.Repeat(`"`, 10_000), strings.Repeat("a ", 5_000), strings.Repeat("(", 10_000),
		"'; DROP TABLE message; --", `a" OR "b`, `" OR 1=1`,
	}
	for _, text := range hostile {
		if _, err := ts.Search(t.Context(), typed(text)); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range sentences {
		f.Add(s.query, s.text)
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		terms := termsOfTyped(query)
		if !utf8.ValidString(expression(terms)) || strings.Count(expression(terms), `"`)%2 != 0 {
			t.Errorf("%q is asked for as %q", query, expression(terms))
		}
		got := snippet(terms, text, "", "")
		if strings.Count(got, markOpen) != strings.Count(got, markClose) || !utf8.ValidString(got) {
			t.Errorf("%q in %q gives %q", query, text, got)
		}
	})
}

func TestSnippets(t *testing.T) {
	far := strings.Repeat("words before it ", 30) + "here is the needle in it " + strings.Repeat("and words behind ", 30)
	for _, c := range []struct{ name, query, text, subject, want string }{
		{"in the subject", "needle", "nothing here", "the needle", "the *needle*"},
		{"nowhere", "zzz", "nothing here", "the needle", "nothing here"},
		{"marks of the sender's own", "b", "a \x02b\x03 c", "", "a *b* c"},
		{"twice", "it", "it was it", "", "*it* was *it*"},
		{"overlapping", "退款 款项", "我的退款项", "", "我的*退款项*"},
		{"lines", "b", "a\r\n\r\n\tb", "", "a *b*"},
		{"phrase", `"is the"`, "this is the end", "", "this *is the* end"},
	} {
		got := snippet(termsOfTyped(c.query), c.text, c.subject, "")
		if got = strings.NewReplacer(markOpen, "*", markClose, "*").Replace(got); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	got := snippet(termsOfTyped("needle"), far, "", "")
	if !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") || !strings.Contains(got, "the \x02needle\x03 in") || utf8.RuneCountInString(got) > snippetRunes+4 {
		t.Errorf("%q", got)
	}
	// One word without an end.
	if got := snippet(termsOfTyped("a"), strings.Repeat("é", 1<<16), "", ""); utf8.RuneCountInString(got) != snippetRunes+1 {
		t.Errorf("%q", got)
	}
}
