package mailtext

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

func wire(t *testing.T, enc encoding.Encoding, text string) []byte {
	t.Helper()
	out, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return out
}

// Labels as programs write them, and charsets that few libraries know.
func TestDecodeByLabel(t *testing.T) {
	for _, c := range []struct {
		label string
		data  []byte
		want  string
	}{
		{"UTF-7", []byte("Gr+APYA3w-e +- 1 +2D3cew-"), "Größe + 1 👻"},
		{"unicode-1-1-utf-7", []byte("Hi Mom -+Jjo--!"), "Hi Mom -☺-!"},
		{"utf-16", wire(t, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "Größe 退款"), "Größe 退款"},
		{"UTF-16LE", wire(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "Größe"), "Größe"},
		{"utf-16be", wire(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "Größe"), "Größe"},
		{"utf-32", wire(t, utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "Größe"), "Größe"},
		{"HZ-GB-2312", wire(t, simplifiedchinese.HZGB2312, "退款请帮助 ok"), "退款请帮助 ok"},
		{"ISO-2022-KR", []byte("\x1b$)C\x0eH/:R\x0f ok\n"), "환불 ok\n"},
		{"iso-2022-cn", []byte("\x1b$)A\x0eMK?n\x0f ok"), "退款 ok"},
		{"iso-2022-jp-2", wire(t, japanese.ISO2022JP, "返金"), "返金"},
		{"x-sjis", wire(t, japanese.ShiftJIS, "返金"), "返金"},
		{"euc-jp", wire(t, japanese.EUCJP, "返金"), "返金"},
		{"x-gbk", wire(t, simplifiedchinese.GBK, "退款"), "退款"},
		{"IBM850", wire(t, charmap.CodePage850, "Größe"), "Größe"},
		{"cp437", wire(t, charmap.CodePage437, "Größe"), "Größe"},
		{"cp852", wire(t, charmap.CodePage852, "žluťoučký"), "žluťoučký"},
		{"cp866", wire(t, charmap.CodePage866, "возврат"), "возврат"},
		{"ibm037", wire(t, charmap.CodePage037, "Order 4711"), "Order 4711"},
		{"cp1140", wire(t, charmap.CodePage1140, "9 €"), "9 €"},
		{"iso-8859-16", wire(t, charmap.ISO8859_16, "Țară"), "Țară"},
		{"TIS-620", wire(t, charmap.Windows874, "คืนเงิน"), "คืนเงิน"},
		{"x-mac-cyrillic", wire(t, charmap.MacintoshCyrillic, "возврат"), "возврат"},
		{"macintosh", wire(t, charmap.Macintosh, "Größe"), "Größe"},
		{"KOI8-U", wire(t, charmap.KOI8U, "їжа"), "їжа"},
		{" \"ISO_8859-1\" ", []byte("Gr\xf6\xdfe"), "Größe"},
		{"windows-1252 ", []byte("\x93Gr\xf6\xdfe\x94 9\x80"), "“Größe” 9€"},
		{"iso-8859-1", []byte("9\x80"), "9€"},
	} {
		if got, sure := decode(c.data, c.label); got != c.want || !sure {
			t.Errorf("%s: %q (sure %v), want %q", c.label, got, sure, c.want)
		}
	}
}

// Text whose label is missing or wrong: what reads like a language is the
// likeliest.
func TestDecodeGuesses(t *testing.T) {
	texts := []struct {
		enc  encoding.Encoding
		text string
	}{
		{charmap.Windows1252, "Die Größe passt nicht, bitte schicken Sie mir eine andere. Schöne Grüße"},
		{charmap.Windows1252, "Je n'ai pas reçu ma commande, où est-elle passée ?"},
		{charmap.Windows1252, "¿Dónde está mi pedido? Lo pagué mañana"},
		{charmap.Windows1252, "“Größe” – 9 €"},
		{charmap.Windows1251, "Здравствуйте, где мой заказ? Верните деньги, пожалуйста"},
		{charmap.KOI8R, "Здравствуйте, где мой заказ? Верните деньги, пожалуйста"},
		{charmap.Windows1253, "Πού είναι η παραγγελία μου;"},
		{charmap.Windows1255, "שלום, איפה ההזמנה שלי?"},
		{charmap.Windows1256, "أين طلبي؟ أريد استرداد المبلغ"},
		{charmap.Windows874, "คืนเงินให้ฉันได้ไหม"},
		{japanese.ShiftJIS, "返金をお願いします。注文番号は4711です。"},
		{japanese.EUCJP, "返金をお願いします。注文番号は4711です。"},
		{japanese.ISO2022JP, "返金をお願いします。"},
		{simplifiedchinese.GB18030, "您好，我要退款，订单号是4711，谢谢"},
		{traditionalchinese.Big5, "您好，我要退款，訂單號碼是4711，謝謝"},
		{korean.EUCKR, "안녕하세요, 환불해 주세요. 주문 번호는 4711입니다."},
		{unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "My order is 4711."},
		{unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "返金をお願いします。"},
		{unicode.UTF8, "Größe 退款 возврат"},
	}
	for _, c := range texts {
		data := wire(t, c.enc, c.text)
		for _, label := range []string{"", "us-ascii", "klingon", "utf-8"} {
			if got, _ := decode(data, label); got != c.text {
				t.Errorf("%v labelled %q: %q, want %q", c.enc, label, got, c.text)
			}
		}
	}
	// UTF-8 that says it is Latin, and Latin that was read as Latin-1 and written
	// as UTF-8 on the way.
	for in, want := range map[string]string{"Größe": "Größe", "9 \u0080 \u0093so\u0094": "9 € “so”"} {
		if got, _ := decode([]byte(in), "iso-8859-1"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestDecodeLeavesNothingUnreadable(t *testing.T) {
	got, _ := decode([]byte("a\x00b\r\nc\rd\x0be\ufeff\u2028f\x7f"), "utf-8")
	if got != "ab\nc\nde\nf" || strings.ContainsAny(got, "\r\x00") {
		t.Errorf("got %q", got)
	}
}
