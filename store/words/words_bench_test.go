package words

import (
	"strings"
	"testing"
)

// BenchmarkSplit cuts what a mail in each of some scripts says.
func BenchmarkSplit(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"english", "My parcel AB-12345 didn't arrive; amira@example.com, Order 4711. "},
		{"german", "Die Rücksendung größerer Pakete übernimmt die Müller GmbH in Köln. "},
		{"russian", "Здравствуйте, посылка по заказу 4711 ещё не пришла. "},
		{"chinese", "您好，订单4711的包裹还没有收到，请退款。"},
		{"thai", "สวัสดี พัสดุหมายเลข 4711 ยังไม่ถึง "},
	} {
		b.Run(c.name, func(b *testing.B) {
			text := []byte(strings.Repeat(c.text, 20))
			var sp Splitter
			n := 0
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				sp.Split(text, Index, func(Token) bool { n++; return true })
			}
		})
	}
}
