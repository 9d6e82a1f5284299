package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fernpost/store/desk"
)

// The benchmarks share one store of 20,000 conversations with three messages
// each, in five scripts.
const benchConversations = 20_000

var benchWords = []string{
	"refund return parcel invoice payment customer order address delivery broken late missing thanks please account card number email phone shop",
	"Rückerstattung Rücksendung Paket Rechnung Zahlung Kunde Bestellung Adresse Lieferung kaputt verspätet fehlt danke bitte Konto Karte Nummer",
	"возврат посылка счёт оплата клиент заказ адрес доставка сломан опоздание спасибо пожалуйста карта номер магазин деньги товар",
	"استرداد طرد فاتورة دفع عميل طلب عنوان توصيل مكسور متأخر شكرا فضلك حساب بطاقة رقم متجر",
	"退款 退货 包裹 发票 付款 客户 订单 地址 送货 损坏 迟到 谢谢 账户 卡 号码 电子邮件 商店 请问 什么时候",
}

var benchStore = sync.OnceValues(func() (*Store, error) {
	dir, err := os.MkdirTemp("", "fernpost-bench-")
	if err != nil {
		return nil, err
	}
	benchDir = dir
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := s.PutAccount(ctx, desk.Account{ID: "bench", Kind: desk.AccountMail}); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(1, 2))
	for from := 0; from < benchConversations; from += 200 {
		p := Page{Account: "bench"}
		for c := from; c < from+200; c++ {
			p.Items = append(p.Items, benchConversation(r, c)...)
		}
		if _, err := s.Apply(ctx, p); err != nil {
			return nil, err
		}
	}
	return s, nil
})

var benchDir string

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		child()
		return
	}
	code := m.Run()
	if benchDir != "" {
		_ = os.RemoveAll(benchDir)
	}
	os.Exit(code)
}

func benchText(r *rand.Rand, vocabulary string, n int) string {
	all := strings.Fields(vocabulary)
	var b strings.Builder
	for range n {
		b.WriteString(all[min(r.IntN(len(all)), r.IntN(len(all)))])
		b.WriteByte(' ')
		if r.IntN(6) == 0 {
			fmt.Fprintf(&b, "x%d ", r.IntN(50_000))
		}
	}
	return b.String()
}

func benchConversation(r *rand.Rand, c int) []desk.Arrival {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c) * 7 * time.Minute)
	vocabulary := benchWords[c%len(benchWords)]
	root := fmt.Sprintf("root-%d@shop.example", c)
	var all []desk.Arrival
	for i := range 3 {
		id := fmt.Sprintf("%d-%d", c, i)
		h := &desk.Head{
			At: begin.Add(time.Duration(i) * time.Hour), HeaderID: id + "@mail.example", Kind: desk.KindPerson,
			From:    desk.Address{Name: fmt.Sprintf("Customer %d", c), Addr: fmt.Sprintf("c%d@mail.example", c)},
			To:      []desk.Address{{Addr: "support@shop.example"}},
			Subject: benchText(r, vocabulary, 4), Folder: desk.RoleInbox,
		}
		if i == 0 {
			h.HeaderID = root
		} else {
			h.References = []string{root}
		}
		if i == 1 || i == 2 && c%3 == 0 {
			h.FromUs, h.From, h.To = true, h.To[0], []desk.Address{h.From}
		}
		all = append(all, desk.Arrival{
			Kind: desk.ArrivalHead, Remote: desk.RemoteRef{Scope: "INBOX", Epoch: "1", ID: id}, Stable: id, Head: h,
			Body: &desk.Body{Text: benchText(r, vocabulary, 60), Language: []string{"en", "de", "ru", "ar", "zh"}[c%5]},
		})
	}
	return all
}

func benchOpen(b *testing.B) *Store {
	b.Helper()
	s, err := benchStore()
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	return s
}

func BenchmarkList(b *testing.B) {
	for _, order := range []Order{OrderLongest, OrderNewest} {
		b.Run(string(order), func(b *testing.B) {
			s := benchOpen(b)
			after := ""
			for b.Loop() {
				p, err := s.List(b.Context(), ListQuery{View: ViewInbox, Order: order, After: after, Limit: 50})
				if err != nil || len(p.Rows) == 0 {
					b.Fatal(len(p.Rows), err)
				}
				after = p.Next
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	s := benchOpen(b)
	r := rand.New(rand.NewPCG(3, 4))
	for b.Loop() {
		id := desk.ConversationID(1 + r.IntN(benchConversations))
		if _, err := s.Conversation(b.Context(), id); err != nil {
			b.Fatal(err)
		}
		all, err := s.Messages(b.Context(), id)
		if err != nil || len(all) != 3 {
			b.Fatal(len(all), err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	for name, text := range map[string]string{
		"rare": "x4711", "common": "refund", "phrase": `"order address"`, "prefix": "ref", "short": "re", "two-words": "refund invoice",
		"han": "退款", "one-han": "款", "cyrillic": "возврат", "arabic": "استرداد",
	} {
		b.Run(name, func(b *testing.B) {
			s := benchOpen(b)
			for b.Loop() {
				if _, err := s.Search(b.Context(), typed(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDraft(b *testing.B) {
	s := benchOpen(b)
	n := 0
	for b.Loop() {
		n++
		_, err := s.SaveDraft(b.Context(), desk.Draft{Conversation: 7, Text: fmt.Sprint("Dear customer, ", n)})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	s := benchOpen(b)
	r := rand.New(rand.NewPCG(5, 6))
	c := benchConversations
	for b.Loop() {
		p := Page{Account: "bench"}
		for range 100 {
			p.Items = append(p.Items, benchConversation(r, 10*benchConversations+c)...)
			c++
		}
		if _, err := s.Apply(b.Context(), p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*300)/b.Elapsed().Seconds(), "messages/s")
}
