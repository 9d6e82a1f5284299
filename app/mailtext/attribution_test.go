package mailtext

import "testing"

// otherPrograms are what mail programs write above a quote, language by
// language; the line breaks are theirs, too.
var otherPrograms = map[string][]string{
	"en": {"On Fri, Nov 20, 2026 at 10:12 AM Anna Berg <anna@shop.example> wrote:", "On 20 Nov 2026, at 10:12, Anna Berg <anna@shop.example> wrote:", "At 10:12 AM 11/20/2026, you wrote:"},
	"de": {"Am Fr., 20. Nov. 2026 um 10:12 Uhr schrieb Anna Berg <anna@shop.example>:", "Am 20.11.2026 um 10:12 schrieb Anna Berg:", "Anna Berg <anna@shop.example> schrieb am Fr., 20. Nov. 2026, 10:12:", "Gesendet: Freitag, 20. November 2026 um 10:12 Uhr\nVon: \"Anna Berg\" <anna@shop.example>\nAn: kunde@x.example\nBetreff: Re: Rechnung"},
	"fr": {"Le ven. 20 nov. 2026 à 10:12, Anna Berg <anna@shop.example> a écrit :", "Le 20/11/2026 à 10:12, Anna Berg a écrit :"},
	"es": {"El vie, 20 nov 2026 a las 10:12, Anna Berg (<anna@shop.example>) escribió:", "El 20/11/2026 a las 10:12, Anna Berg escribió:"},
	"pt": {"Em sex., 20 de nov. de 2026 às 10:12, Anna Berg <anna@shop.example>\nescreveu:", "Anna Berg <anna@shop.example> escreveu (sexta, 20/11/2026 à(s) 10:12):"},
	"it": {"Il giorno ven 20 nov 2026 alle ore 10:12 Anna Berg <anna@shop.example> ha\nscritto:", "Il 20/11/2026 10:12, Anna Berg ha scritto:"},
	"nl": {"Op vr 20 nov. 2026 om 10:12 schreef Anna Berg <anna@shop.example>:", "Op 20 nov. 2026, om 10:12 heeft Anna Berg <anna@shop.example> het volgende geschreven:"},
	"sv": {"Den fre 20 nov. 2026 kl 10:12 skrev Anna Berg <anna@shop.example>:", "20 nov. 2026 kl. 10:12 skrev Anna Berg <anna@shop.example>:"},
	"da": {"Den fre. 20. nov. 2026 kl. 10.12 skrev Anna Berg <anna@shop.example>:"},
	"nb": {"fre. 20. nov. 2026 kl. 10:12 skrev Anna Berg <anna@shop.example>:"},
	"fi": {"pe 20. marrask. 2026 klo 10.12 Anna Berg (anna@shop.example) kirjoitti:", "Anna Berg <anna@shop.example> kirjoitti 20.11.2026 kello 10.12:"},
	"pl": {"pt., 20 lis 2026 o 10:12 Anna Berg <anna@shop.example> napisał(a):", "W dniu 20.11.2026 o 10:12, Anna Berg pisze:", "Wiadomość napisana przez Anna Berg <anna@shop.example> w dniu 20.11.2026, o godz. 10:12:"},
	"cs": {"pá 20. 11. 2026 v 10:12 odesílatel Anna Berg <anna@shop.example> napsal:", "Dne 20.11.2026 v 10:12 Anna Berg napsal(a):"},
	"sk": {"pi 20. 11. 2026 o 10:12 Anna Berg <anna@shop.example> napísal(a):"},
	"hu": {"Anna Berg <anna@shop.example> ezt írta (időpont: 2026. nov. 20., P,\n10:12):", "2026.11.20. 10:12 keltezéssel, Anna Berg írta:"},
	"ro": {"vin., 20 nov. 2026 la 10:12, Anna Berg <anna@shop.example> a scris:"},
	"bg": {"На пт, 20.11.2026 г. в 10:12 Anna Berg <anna@shop.example> написа:"},
	"hr": {"pet, 20. stu 2026. u 10:12 Anna Berg <anna@shop.example> napisao je:", "Dana 20.11.2026. u 10:12, Anna Berg je napisao/la:"},
	"sr": {"пет, 20. нов 2026. у 10:12 Anna Berg <anna@shop.example> је написао/ла:", "pet, 20. nov 2026. u 10:12 Anna Berg <anna@shop.example> je napisao/la:"},
	"sl": {"V pet., 20. nov. 2026 ob 10:12 je oseba Anna Berg <anna@shop.example>\nnapisala:"},
	"el": {"Στις Παρ 20 Νοε 2026 στις 10:12 π.μ., ο/η Anna Berg <anna@shop.example>\nέγραψε:"},
	"tr": {"Anna Berg <anna@shop.example>, 20 Kas 2026 Cum, 10:12 tarihinde şunu yazdı:", "20.11.2026 10:12 tarihinde Anna Berg yazdı:"},
	"uk": {"пт, 20 лист. 2026 р. о 10:12 Anna Berg <anna@shop.example> пише:", "20.11.26 10:12, Anna Berg пише:"},
	"ru": {"пт, 20 нояб. 2026 г. в 10:12, Anna Berg <anna@shop.example>:", "Пятница, 20 ноября 2026, 10:12 +03:00 от Anna Berg <anna@shop.example>:", "20.11.2026, 10:12, \"Anna Berg\" <anna@shop.example>:", "20.11.2026 10:12, Anna Berg пишет:"},
	"ar": {"في الجمعة، 20 نوفمبر 2026 في 10:12 ص تمت كتابة ما يلي بواسطة Anna Berg <anna@shop.example>:", "بتاريخ ٢٠\u200f/١١\u200f/٢٠٢٦، الساعة ١٠:١٢، كتب Anna Berg:"},
	"he": {"\u202bבתאריך יום ו׳, 20 בנוב׳ 2026 ב-10:12 מאת \u202aAnna Berg\u202c\u200f <\u202aanna@shop.example\u202c\u200f>:\u202c", "ב-20 בנוב׳ 2026, בשעה 10:12, \u200fAnna Berg <anna@shop.example> כתב/ה:"},
	"fa": {"در تاریخ جمعه ۲۰ نوامبر ۲۰۲۶،\u200f ۱۰:۱۲ Anna Berg <anna@shop.example> نوشت:"},
	"hi": {"शुक्र, 20 नव॰ 2026, 10:12 am बजे को Anna Berg <anna@shop.example> ने लिखा:"},
	"bn": {"শুক্র, ২০ নভে, ২০২৬ তারিখে ১০:১২ AM টায় Anna Berg <anna@shop.example> লিখেছেন:"},
	"th": {"ในวันที่ ศ. 20 พ.ย. 2026 เวลา 10:12 Anna Berg <anna@shop.example>\nเขียนว่า:", "เมื่อ ๒๐ พ.ย. ๒๕๖๙ เวลา ๑๐:๑๒ Anna Berg เขียนว่า:"},
	"vi": {"Vào Th 6, 20 thg 11, 2026 vào lúc 10:12 Anna Berg <anna@shop.example> đã viết:"},
	"id": {"Pada Jum, 20 Nov 2026 pukul 10.12 Anna Berg <anna@shop.example> menulis:"},
	"ms": {"Pada Jum, 20 Nov 2026 pada 10:12 PG Anna Berg <anna@shop.example> menulis:"},
	"zh": {"Anna Berg <anna@shop.example> 于2026年11月20日周五 10:12写道：", "在 2026年11月20日，上午10:12，Anna Berg <anna@shop.example> 写道：", "Anna Berg <anna@shop.example> 於 2026年11月20日 週五 上午10:12寫道："},
	"ja": {"2026年11月20日(金) 10:12 Anna Berg <anna@shop.example>:", "2026/11/20 10:12、Anna Berg <anna@shop.example>のメール:", "On 2026/11/20 10:12, Anna Berg wrote:"},
	"ko": {"2026년 11월 20일 (금) 오전 10:12, Anna Berg <anna@shop.example>님이 작성:", "2026. 11. 20. 오전 10:12, Anna Berg <anna@shop.example> 작성:"},
}

func TestOtherProgramsIntroductions(t *testing.T) {
	const mine = "Thank you, it came today.\nIt fits."
	for language, all := range otherPrograms {
		for _, intro := range all {
			for name, quote := range map[string]string{
				"marked":   "\n> Has it come?\n>\n> Anna\n",
				"unmarked": "\n\nHas it come?\n\nAnna\n",
			} {
				own, quoted := Fold(mine + "\n\n" + intro + quote)
				if own != mine {
					t.Errorf("%s, %s: %q was not folded:\n%s\n-- folded --\n%s", language, name, intro, own, quoted)
				}
			}
		}
	}
	if len(otherPrograms) != 36 {
		t.Errorf("%d languages, want 36", len(otherPrograms))
	}
}

// What people write isn't taken for an introduction or a quoted mail's head.
func TestOwnSentencesStay(t *testing.T) {
	for _, in := range []string{
		"On 20 Nov 2026 I wrote to you:\n\nplease cancel order 4711.",
		"Am 20.11.2026 schrieb ich Ihnen an info@shop.example:\n\nBitte stornieren Sie 4711.",
		"Hello,\n\nwe travel:\n\nFrom: Berlin\nTo: Rome\nDate: 2 May 2026\n\nIs that possible?",
		"Order: 4711\nSize: 42\nColour: red",
		"The phone was sent back on Monday.\nSent by DHL.",
		"Ich habe das Handy am 3.3.2026 gesendet",
		"My address is anna@x.example, the order of 20.11.2026, 10:12, says:\n\nnothing.",
		"a > b and\nb > c",
		"Two questions:\n- when?\n- where?\n\n-----\nThe first is urgent.",
		"Le 20 novembre 2026, j'ai écrit à contact@shop.example :\n\nannulez la commande.",
	} {
		if own, quoted := Fold(in); own != in || quoted != "" {
			t.Errorf("%q was folded: %q", in, quoted)
		}
	}
}

func TestFooters(t *testing.T) {
	for _, footer := range []string{
		"Sent from my iPhone", "Sent from Outlook for Android", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Sent from Proton Mail Android",
		"Von meinem iPhone gesendet", "Gesendet von Outlook für Android", "Gesendet mit der GMX iPhone App", "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
		"Envoyé de mon iPhone", "Envoyé à partir de Outlook pour Android", "Télécharger Outlook pour Android", "Enviado desde mi iPhone", "Enviado do meu iPhone",
		"Enviado desde Outlook para Android", "Obtener Outlook para iOS", "Inviato da iPhone", "Inviato dal mio Galaxy", "Verstuurd vanaf mijn iPhone", "Verzonden vanaf Outlook voor Android",
		"Skickat från min iPhone", "Sendt fra min iPhone", "Sendt fra Outlook til Android", "Lähetetty iPhonesta", "Wysłane z iPhone'a", "Odesláno z iPhonu", "Odoslané z iPhonu", "iPhone-omról küldve",
		"Trimis de pe iPhone-ul meu", "Изпратено от моя iPhone", "Poslano s mog iPhonea", "Послато са мог iPhone-а", "Poslano iz mojega iPhona", "Στάλθηκε από το iPhone μου",
		"iPhone’umdan gönderildi", "Надіслано з iPhone", "Отправлено с iPhone", "Отправлено из мобильной Почты Mail.ru", "تم الإرسال من الـ iPhone", "أرسلت من الـ iPhone", "נשלח מה-iPhone שלי", "ارسال شده از iPhone من",
		"मेरे iPhone से भेजा गया", "আমার iPhone থেকে পাঠানো", "ส่งจาก iPhone ของฉัน", "Đã gửi từ iPhone của tôi", "Dikirim dari iPhone saya", "Dihantar daripada iPhone saya",
		"发自我的 iPhone", "從我的 iPhone 傳送", "iPhoneから送信", "나의 iPhone에서 보냄",
	} {
		own, quoted := Fold("Yes, please.\n\n" + footer)
		if own != "Yes, please." || quoted != footer {
			t.Errorf("%q stays: %q", footer, own)
		}
	}
}
