package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// tongue is what customers of one language write. {n} is an order number, {s} a
// sum, {d} a day of the month.
type tongue struct {
	code     string
	names    []string
	subjects []string
	lines    []string
}

// tongues are as common in the store as they stand here: twelve languages, six
// scripts.
var tongues = []tongue{
	{
		"en",
		[]string{"Grace Holloway", "Owen Pritchard", "Ruth Adeyemi"},
		[]string{"Where is my refund for order {n}?", "Charged twice for {n}", "Parcel {n} hasn't arrived"},
		[]string{
			"I returned the shoes on the {d}th and the refund of {s} hasn't reached my account.",
			"The tracking page says delivered, but nobody rang and nothing stands at the door.",
			"My card was charged {s} twice for the same order {n}. Please give one of them back.",
			"Could a person look at this? I have written three times now.",
			"Thank you, that was quick. One more question about the invoice.",
		},
	},
	{
		"de",
		[]string{"Katharina Weiß", "Jörg Lindemann", "Anneliese Vogt"},
		[]string{"Wo bleibt meine Rückzahlung zu {n}?", "Doppelt abgebucht: {n}", "Paket {n} nicht angekommen"},
		[]string{
			"Ich habe die Ware am {d}. zurückgeschickt, die Rückzahlung von {s} ist noch nicht da.",
			"Laut Sendungsverfolgung wurde das Paket zugestellt, bei mir kam aber nichts an.",
			"Mein Konto wurde für die Bestellung {n} zweimal mit {s} belastet.",
			"Bitte melden Sie sich, ich warte seit über einer Woche auf eine Antwort.",
			"Vielen Dank für die schnelle Hilfe. Eine Frage zur Rechnung habe ich noch.",
		},
	},
	{
		"es",
		[]string{"Lucía Fernández", "Andrés Molina"},
		[]string{"¿Dónde está mi reembolso {n}?", "Cobro doble en el pedido {n}"},
		[]string{
			"Devolví el pedido el día {d} y todavía no he recibido el reembolso de {s}.",
			"El seguimiento dice entregado, pero el paquete no ha llegado.",
			"Me han cobrado dos veces {s} por el mismo pedido.",
			"Gracias por la respuesta tan rápida, pero el problema sigue igual.",
		},
	},
	{
		"fr",
		[]string{"Élodie Marchand", "Benoît Lefèvre"},
		[]string{"Remboursement de la commande {n}", "Colis {n} introuvable"},
		[]string{
			"J'ai renvoyé l'article le {d} et le remboursement de {s} n'est pas arrivé.",
			"Le suivi indique livré, mais je n'ai rien reçu à mon adresse.",
			"Ma carte a été débitée deux fois de {s} pour la commande {n}.",
			"Je voudrais parler à une personne, pas à un robot.",
		},
	},
	{
		"pt",
		[]string{"Joana Figueiredo", "Tiago Antunes"},
		[]string{"Reembolso da encomenda {n}", "Pagamento duplicado {n}"},
		[]string{
			"Devolvi a encomenda no dia {d} e o reembolso de {s} ainda não chegou.",
			"Fui cobrado duas vezes pelo mesmo pedido, podem verificar?",
			"A transportadora diz que entregou, mas não recebi nada.",
		},
	},
	{
		"pl",
		[]string{"Małgorzata Wójcik", "Łukasz Zieliński"},
		[]string{"Zwrot pieniędzy za zamówienie {n}", "Paczka {n} nie dotarła"},
		[]string{
			"Odesłałam towar {d} dnia miesiąca, a zwrot {s} nadal nie wpłynął na konto.",
			"Przesyłka ma status doręczona, ale nic nie dostałem.",
			"Pobrano płatność dwa razy za to samo zamówienie {n}.",
		},
	},
	{
		"ru",
		[]string{"Ольга Смирнова", "Дмитрий Козлов"},
		[]string{"Где мой возврат по заказу {n}?", "Двойное списание {n}"},
		[]string{
			"Я вернула товар {d} числа, но деньги {s} до сих пор не пришли.",
			"По отслеживанию посылка доставлена, но я ничего не получал.",
			"С карты дважды списали {s} за один и тот же заказ.",
		},
	},
	{
		"tr",
		[]string{"Ayşe Yıldırım", "Mehmet Öztürk"},
		[]string{"{n} numaralı sipariş iadesi", "İki kez ücret alındı {n}"},
		[]string{
			"Ürünü ayın {d}. günü geri gönderdim, {s} iade hâlâ hesabıma geçmedi.",
			"Kargo teslim edildi görünüyor ama bana ulaşmadı.",
			"Aynı sipariş için kartımdan iki kez para çekildi.",
		},
	},
	{
		"ar",
		[]string{"ليلى الحداد", "يوسف منصور"},
		[]string{"أين استرداد الطلب {n}؟", "تم الخصم مرتين {n}"},
		[]string{
			"أعدت المنتج يوم {d} ولم يصل مبلغ الاسترداد {s} إلى حسابي بعد.",
			"يظهر التتبع أن الطرد قد تم تسليمه لكنني لم أستلم شيئا.",
			"تم خصم المبلغ مرتين من بطاقتي لنفس الطلب.",
		},
	},
	{
		"hi",
		[]string{"अनन्या शर्मा", "विक्रम पटेल"},
		[]string{"ऑर्डर {n} का रिफंड कब आएगा?", "{n} के लिए दो बार भुगतान"},
		[]string{
			"मैंने {d} तारीख को सामान वापस भेजा था, {s} का रिफंड अभी तक नहीं आया।",
			"ट्रैकिंग में डिलीवर दिख रहा है लेकिन मुझे पार्सल नहीं मिला।",
			"एक ही ऑर्डर के लिए मेरे कार्ड से दो बार पैसे कट गए।",
		},
	},
	{
		"zh",
		[]string{"陈晓梅", "王志强"},
		[]string{"订单 {n} 的退款在哪里", "重复扣款 {n}"},
		[]string{
			"我在{d}号寄回了商品，{s}的退款到现在还没有到账。",
			"物流显示已经签收，但是我没有收到包裹。",
			"同一个订单我的银行卡被扣了两次款，请帮忙查一下。",
		},
	},
	{
		"ja",
		[]string{"佐藤 由美", "高橋 健一"},
		[]string{"注文 {n} の返金について", "二重請求 {n}"},
		[]string{
			"{d}日に商品を返送しましたが、{s}の返金がまだ届いていません。",
			"配達完了と表示されていますが、荷物を受け取っていません。",
			"同じ注文で二回請求されています。ご確認をお願いします。",
		},
	},
}

// answer is what the desk writes back.
const answer = "Thank you for your message about order {n}. We found the payment of {s} and gave it " +
	"back on the {d}th. It takes three to five working days until your bank shows it. " +
	"If it isn't there then, write to us and we look again together with your bank."

// writer writes letters; the same seed gives the same letters.
type writer struct{ rng *rand.Rand }

func newWriter(seed uint64) writer { return writer{rand.New(rand.NewPCG(seed, 2))} }

// orderNumber of the i-th conversation: a word that one conversation has.
func orderNumber(i int) string { return fmt.Sprintf("FP-%07d", 1_000_000+i) }

func (w writer) fill(pattern string, i int) string {
	return strings.NewReplacer(
		"{n}", orderNumber(i),
		"{s}", fmt.Sprintf("%d.%02d €", 5+w.rng.IntN(400), w.rng.IntN(100)),
		"{d}", fmt.Sprint(1+w.rng.IntN(28)),
	).Replace(pattern)
}

func pick[T any](w writer, from []T) T { return from[w.rng.IntN(len(from))] }

// text is three to seven sentences.
func (w writer) text(t tongue, i int) string {
	var b strings.Builder
	for n := range 3 + w.rng.IntN(5) {
		if n > 0 {
			b.WriteString(" ")
		}
		b.WriteString(w.fill(pick(w, t.lines), i))
	}
	return b.String()
}
