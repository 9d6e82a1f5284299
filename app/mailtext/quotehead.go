package mailtext

import (
	"strings"
	"unicode/utf8"
)

// headField is what a named line in a quoted mail's head says.
type headField byte

const (
	headFrom headField = 1 << iota
	headSent
	headDate
	headTo
	headCc
	headSubject
	headReplyTo
)

// headNames are how mail programs name those fields, in the languages we answer
// in: en de fr es pt it nl sv da nb fi pl cs sk hu ro bg hr sr sl el tr uk ru ar
// he fa hi bn th vi id ms zh ja ko.
var headNames = fieldNames(map[headField]string{
	headFrom: "from|sender|von|absender|de|expéditeur|remitente|remetente|da|mittente|van|afzender|från|avsändare|fra|avsender|afsender|" +
		"lähettäjä|od|nadawca|odesílatel|odosielateľ|feladó|expeditor|от|от кого|подател|šalje|pošiljatelj|pošiljalac|pošiljatelj|од|шаље|пошиљалац|από|αποστολέας|" +
		"kimden|gönderen|від|від кого|відправник|отправитель|من|المرسل|מאת|שולח|از|فرستنده|प्रेषक|से|থেকে|প্রেরক|จาก|ผู้ส่ง|từ|người gửi|dari|pengirim|daripada|" +
		"发件人|寄件者|寄件人|发信人|發件人|差出人|送信者|送信元|보낸 사람|보낸사람|발신자|발신",
	headSent: "sent|gesendet|gesendet am|envoyé|envoyé le|enviado|enviado el|enviado em|enviada|enviada em|enviat|inviato|data invio|data di invio|verzonden|verzonden op|" +
		"skickat|skickades|sendt|lähetetty|wysłano|wysłane|wysłana|odesláno|odoslané|elküldve|küldve|trimis|trimis la|изпратено|poslano|poslato|послато|послано|στάλθηκε|εστάλη|" +
		"gönderildi|gönderme tarihi|gönderim|надіслано|відправлено|отправлено|تاريخ الإرسال|تم الإرسال|أرسل|أُرسلت|נשלח|ارسال شده|ارسال|भेजा गया|প্রেরিত|পাঠানো হয়েছে|" +
		"ส่ง|ส่งเมื่อ|đã gửi|gửi|dikirim|terkirim|dihantar|发送时间|傳送時間|發送時間|寄件日期|送信日時|送信日|보낸 날짜|보낸 시간|발송일",
	headDate: "date|datum|fecha|data|dato|dátum|päivämäärä|päiväys|pvm|дата|датум|ημερομηνία|tarih|התאריך|תאריך|التاريخ|تاریخ|दिनांक|तारीख|তারিখ|วันที่|ngày|tanggal|tarikh|日期|时间|時間|日時|日付|날짜",
	headTo: "to|an|empfänger|à|a|pour|para|destinatario|destinataire|aan|till|til|vastaanottaja|do|komu|címzett|către|catre|la|до|получател|za|prima|primatelj|primalac|prejemnik|за|коме|прима|" +
		"προς|kime|alıcı|кому|إلى|المستلم|אל|ל|به|گیرنده|प्रति|को|प्राप्तकर्ता|প্রতি|প্রাপক|ถึง|đến|tới|người nhận|kepada|ke|收件人|收件者|宛先|받는 사람|받는사람|수신자|수신",
	headCc:      "cc|kopie|kopi|kopia|kopija|copie|copia|cópia|kópia|копия|копія|копија|κοιν|κοινοποίηση|bilgi|نسخة|עותק|رونوشت|प्रतिलिपि|অনুলিপি|สำเนา|tembusan|抄送|副本|참조|bcc",
	headSubject: "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|tárgy|subiect|относно|тема|naslov|наслов|предмет|zadeva|θέμα|konu|الموضوع|נושא|הנדון|موضوع|विषय|বিষয়|বিষয়|เรื่อง|หัวเรื่อง|chủ đề|tiêu đề|perihal|subjek|主题|主題|主旨|标题|標題|件名|제목",
	headReplyTo: "reply-to|antwort an|répondre à|responder a|risposta|rispondi a|antwoorden aan|svar till|svar til|odpowiedz do|odpovědět|ответить|回复|返信先|회신",
})

func fieldNames(lists map[headField]string) map[string]headField {
	all := map[string]headField{}
	for field, list := range lists {
		for name := range strings.SplitSeq(list, "|") {
			all[name] = field
		}
	}
	for _, p := range introductions {
		for i, field := range [...]headField{1: headFrom, 2: headDate, 3: headSubject, 4: headTo} {
			if name := strings.ToLower(p.labels[i]); field != 0 && all[name] == 0 {
				all[name] = field
			}
		}
	}
	return all
}

// headLine reads "From: Anna" or "*Von:* Anna". 0 where a line names no field.
func headLine(line string) (field headField, value string) {
	const longest = 40
	if strings.IndexByte(line, ':') < 0 && strings.IndexByte(line, "："[0]) < 0 {
		return 0, ""
	}
	line = strings.TrimLeft(evenlySpaced(line), "> ")
	at := strings.IndexAny(line[:min(len(line), 2*longest)], ":：")
	if at <= 0 {
		return 0, ""
	}
	name := lower(strings.Trim(line[:at], " \t"))
	_, size := utf8.DecodeRuneInString(line[at:])
	return headNames[name], strings.TrimSpace(line[at+size:])
}

// headFrom tells that a quoted mail's head stands from line i on: three fields,
// one of which only a mail has. "From: Berlin, To: Rome, Date: 2 May" is a trip.
func (m layout) headFrom(i int) bool {
	const far = 14
	first, _ := headLine(m.lines[i])
	if first == 0 {
		return false
	}
	var seen headField
	mail, other := false, 0
	for k := i; k < len(m.lines) && k < i+far && other < 4; k++ {
		if strings.TrimSpace(m.lines[k]) == "" {
			other++
			continue
		}
		field, value := headLine(m.lines[k])
		if field == 0 {
			other++
			continue
		}
		if seen&field != 0 {
			return false
		}
		other = 0
		seen |= field
		mail = mail || field == headSent || field == headSubject || strings.Contains(value, "@")
		if mail && ones(seen) >= 3 && seen&(headFrom|headSubject) != 0 {
			return true
		}
	}
	return false
}

func ones(f headField) (n int) {
	for ; f != 0; f &= f - 1 {
		n++
	}
	return n
}

// separators stand above a mail that is answered.
var separators = lineSet("original message|original appointment|reply message|ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche mail|message d'origine|message d’origine|message original|message initial|" +
	"mensaje original|mensagem original|messaggio originale|messaggio originario|oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|original meddelelse|" +
	"opprinnelig melding|original melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|mesajul original|mesaj initial|" +
	"оригинално съобщение|първоначално съобщение|izvorna poruka|originalna poruka|оригинална порука|izvirno sporočilo|prvotno sporočilo|αρχικό μήνυμα|αρχικο μηνυμα|orijinal mesaj|özgün ileti|özgün mesaj|" +
	"оригінальне повідомлення|початкове повідомлення|исходное сообщение|оригинальное сообщение|исходное письмо|الرسالة الأصلية|رسالة أصلية|הודעה מקורית|ההודעה המקורית|پیام اصلی|मूल संदेश|মূল বার্তা|ข้อความต้นฉบับ|ข้อความเดิม|" +
	"thư gốc|tin nhắn gốc|tin nhắn ban đầu|pesan asli|mesej asal|原始邮件|原始郵件|原始信件|原邮件|原件|元のメッセージ|オリジナルメッセージ|원본 메시지|원본 메일|원본 이메일")

// forwards stand above a mail that is passed on.
var forwards = withOurs(lineSet("forwarded message|begin forwarded message|forwarded by|forwarded mail|fwd|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|weitergeleitete mail|message transféré|début du message transféré|message réexpédié|début du message réexpédié|" +
	"mensaje reenviado|inicio del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|" +
	"vidarebefordrat meddelande|vidarebefordrat brev|vidarebefordrat mejl|videresendt meddelelse|start på videresendt besked|" +
	"videresendt besked|" +
	"videresendt melding|start på videresendt melding|välitetty viesti|edelleenlähetetty viesti|alkaa edelleenlähetetty viesti|" +
	"przekazana wiadomość|wiadomość przekazana dalej|treść przekazanej wiadomości|přeposlaná zpráva|začátek přeposlané zprávy|preposlaná správa|začiatok preposlanej správy|továbbított üzenet|továbbított levél|továbbított levél kezdete|mesaj redirecționat|mesaj redirecţionat|mesaj înaintat|început mesaj redirecționat|" +
	"препратено съобщение|proslijeđena poruka|prosleđena poruka|прослеђена порука|posredovano sporočilo|προωθημένο μήνυμα|προωθημενο μηνυμα|έναρξη προωθημένου μηνύματος|iletilen ileti|iletilmiş mesaj|yönlendirilen mesaj|iletilen mesaj|" +
	"переслане повідомлення|початок переадресованого повідомлення|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|начало переадресованного сообщения|начало пересылаемого сообщения|رسالة معاد توجيهها|رسالة تم إعادة توجيهها|הודעה שהועברה|תחילת ההודעה שהועברה|" +
	"پیام هدایت\u200cشده|پیام فوروارد شده|अग्रेषित संदेश|फ़ॉरवर्ड किया गया संदेश|ফরওয়ার্ড করা বার্তা|ফরোয়ার্ড করা মেসেজ|ข้อความที่ส่งต่อ|thư đã chuyển tiếp|thư được chuyển tiếp|tin nhắn đã chuyển tiếp|pesan terusan|pesan yang diteruskan|mesej dimajukan|mesej yang dimajukan|" +
	"转发的邮件|转发邮件|转发信息|轉寄郵件|轉寄的郵件|轉寄訊息|转发邮件信息|転送されたメッセージ|転送メッセージ|전달된 메시지|전달된 메일"))

// withOurs adds what Fernpost itself writes above a mail it passes on.
func withOurs(all map[string]bool) map[string]bool {
	for _, p := range introductions {
		all[strings.ToLower(p.labels[0])] = true
	}
	return all
}

func lineSet(list string) map[string]bool {
	all := map[string]bool{}
	for name := range strings.SplitSeq(list, "|") {
		all[name] = true
	}
	return all
}

// dressed takes the dashes and stars off a line that has some on both sides, or
// stars and a colon; ok is false where it has none, and bare then "" unless it
// ends with a colon.
func dressed(line string) (bare string, ok bool) {
	const longest = 120
	if len(line) > longest {
		return "", false
	}
	colon := strings.HasSuffix(line, ":")
	line = evenlySpaced(line)
	bare = strings.Trim(line, "-=─—–+#<>| \t")
	if ok = len(line)-len(bare) >= 4; !ok && !colon {
		return "", false
	}
	bare = strings.TrimSpace(strings.TrimRight(bare, ":：؛ "))
	return lower(bare), ok
}

// isSeparator tells that a line stands above the mail that is answered:
// "-----Original Message-----".
func isSeparator(line string) bool {
	bare, ok := dressed(line)
	return ok && separators[bare]
}

// isForward tells that a line stands above a mail that is passed on, with dashes
// around it or a colon after it.
func isForward(line string) bool {
	bare, ok := dressed(line)
	return (ok || strings.HasSuffix(line, ":")) && forwards[bare]
}
