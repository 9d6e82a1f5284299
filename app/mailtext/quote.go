package mailtext

import (
	"regexp"
	"strings"
)

// Fold parts what somebody wrote now from what they quote and sign with. Quoted
// keeps the lines' order. When nothing of one's own would be left, everything is
// text: a forwarded mail is what the sender wants to be read. Answers between
// quoted lines stay where they are.
func Fold(text string) (own, quoted string) {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\u00a0")
	}
	cut := len(lines)
	for i := range lines {
		if forwarded.MatchString(lines[i]) {
			break // what follows is meant to be read
		}
		if startsQuote(lines, i) {
			cut = i
			break
		}
	}
	head, tail := lines[:cut], lines[cut:]
	if mine, quote, ok := answeredBelow(head, tail); ok {
		return mine, quote
	}
	if cut < len(lines) && interleaved(tail) {
		head, tail = lines, nil
	}
	head, sign := cutSignature(head)
	own = joinTrim(head)
	quoted = joinTrim(append(sign[:len(sign):len(sign)], tail...))
	if own == "" {
		return joinTrim(lines), ""
	}
	return own, quoted
}

// startsQuote tells that from line i on stands what was written before: a line
// that introduces a quote, a separator with a mail's head below it, or a block
// of > that reaches to the end.
func startsQuote(lines []string, i int) bool {
	line := strings.TrimSpace(lines[i])
	switch {
	case line == "":
		return false
	case line[0] == '>':
		return i == 0 || !isQuoteLine(lines[i-1])
	case attribution(lines, i):
		return true
	case originalMessage.MatchString(line):
		return true
	case strings.Trim(line, "_-─") == "" && len(line) >= 5:
		return mailHead(lines, i+1)
	}
	return mailHead(lines, i)
}

func isQuoteLine(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && s[0] == '>'
}

// wroteWords end or begin the line that introduces a quote, in the main
// languages of mail programs. A date or an address must stand with them.
var wroteWords = regexp.MustCompile(`(?i)(wrote|schrieb(?: am .{4,80})?|a écrit|escribió|escreveu|ha scritto|schreef(?: .{4,80})?|skrev(?: .{4,80})?|` +
	`napisał\(?a?\)?|pisze|написал\(?а?\)?|пишет|пише|написав|napsal\(?a?\)?|napísal\(?a?\)?|kirjoitti|írta|a scris|yazdı|şunları yazdı|έγραψε|` +
	`כתב/ה|כתב|كتب|نوشت|viết|menulis|เขียนว่า|ने लिखा|написа|je napisao(?:/la)?|rašė|rakstīja|kirjutas)\s*[:：]?\s*$`)

var wroteCJK = regexp.MustCompile(`(写道|寫道|のメール|さんが書きました|:|님이 작성|작성)\s*[:：]?\s*$`)

var hasDateOrAddress = regexp.MustCompile(`\d{1,4}[./\-年\s]|\d{1,2}:\d{2}|[^\s<>]@[^\s<>]`)

var startsOn = regexp.MustCompile(`(?i)^(on|am|le|el|em|il|op|den|dnia|w dniu|dne|le|pe|в|у|στις|בתאריך|في|на|vào|pada|\d{4}[年/\-.]|\d{1,2}[./]|.{0,60}<[^<>@\s]+@)`)

// attribution finds "On Monday, Anna wrote:", on one line or broken into up to
// three.
func attribution(lines []string, i int) bool {
	joined := strings.TrimSpace(lines[i])
	if introducedByUs(joined) && quoteFollows(lines, i+1) {
		return true
	}
	if len(joined) > 300 || !startsOn.MatchString(joined) && !wroteWords.MatchString(joined) {
		return false
	}
	for n := 1; ; n++ {
		if hasDateOrAddress.MatchString(joined) && introduces(joined) {
			return quoteFollows(lines, i+n) || wroteWords.MatchString(joined) && strings.ContainsAny(joined[max(len(joined)-3, 0):], ":：")
		}
		if n == 3 || i+n >= len(lines) {
			return false
		}
		next := strings.TrimSpace(lines[i+n])
		if next == "" || isQuoteLine(next) {
			return false
		}
		joined += " " + next
	}
}

func introduces(line string) bool {
	return wroteWords.MatchString(line) || wroteCJK.MatchString(line)
}

// quoteFollows tells that the next line with anything on it is quoted.
func quoteFollows(lines []string, i int) bool {
	for ; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) != "" {
			return isQuoteLine(lines[i])
		}
	}
	return false
}

// forwarded is what programs put above a mail that is passed on.
var forwarded = regexp.MustCompile(`(?i)^[-*_\s]*(begin forwarded message|forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|message transféré|début du message transféré|message réexpédié|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|пересылаемое сообщение|перенаправленное сообщение|переслане повідомлення|przekazana wiadomość|přeposlaná zpráva|vidarebefordrat meddelande|videresendt melding|iletilen ileti|轉寄郵件|转发的邮件|転送されたメッセージ|전달된 메시지|رسالة معاد توجيهها|הודעה שהועברה)\s*:?[-*_\s]*$`)

// originalMessage is the separator Outlook and others put above a quote.
var originalMessage = regexp.MustCompile(`(?i)^[-_*\s]{2,}\s*(original (message|appointment)|ursprüngliche nachricht|originalnachricht|message d'origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna|исходное сообщение|оригинальное сообщение|původní zpráva|ursprungligt meddelande|oprindelig meddelelse|alkuperäinen viesti|eredeti üzenet|orijinal mesaj|元のメッセージ|原始邮件|原始郵件|원본 메시지|الرسالة الأصلية|הודעה מקורית)\s*[-_*\s]{2,}$`)

// headLabels are how programs name the fields of a quoted mail's head.
var headLabels = regexp.MustCompile(`(?i)^[*>\s]*(from|von|de|da|van|från|fra|od|от|від|lähettäjä|feladó|kimden|gönderen|από|מאת|من|发件人|寄件者|差出人|보낸 사람|` +
	`sent|gesendet|envoyé|enviado(?: el| em)?|inviato|verzonden|skickat|sendt|wysłano|отправлено|надіслано|odesláno|lähetetty|küldve|tarih|date|datum|fecha|data|dato|dátum|ημερομηνία|` +
	`נשלח|تاريخ الإرسال|发送时间|寄件日期|送信日時|보낸 날짜|to|an|à|para|a|aan|till|til|do|komu|кому|vastaanottaja|címzett|kime|προς|אל|إلى|收件人|宛先|받는 사람|` +
	`cc|kopie|копия|copie|抄送|참조|subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|předmět|aihe|tárgy|konu|θέμα|נושא|الموضوع|主题|主旨|件名|제목)\s*[:：]`)

// mailHead tells that a quoted mail's head stands from line i on: three named
// fields, with at most one blank line among them.
func mailHead(lines []string, i int) bool {
	named, blank := 0, 0
	for n := 0; i < len(lines) && n < 8; i, n = i+1, n+1 {
		line := strings.TrimSpace(lines[i])
		switch {
		case line == "":
			if blank++; blank > 1 || named == 0 && n > 0 {
				return false
			}
		case headLabels.MatchString(line):
			if named++; named >= 3 {
				return true
			}
		case named == 0:
			return false
		}
	}
	return false
}

// interleaved tells that somebody answered between the quoted lines.
func interleaved(tail []string) bool {
	sawQuote, sawOwn := false, false
	for _, line := range tail {
		switch {
		case isSignature(line):
			return false
		case isQuoteLine(line):
			if sawOwn && sawQuote {
				return true
			}
			sawQuote, sawOwn = true, false
		case strings.TrimSpace(line) != "" && sawQuote:
			sawOwn = true
		}
	}
	return sawQuote && sawOwn
}

// answeredBelow handles the answer under one quote: nothing of one's own above,
// one block of >, then the answer.
func answeredBelow(head, tail []string) (own, quoted string, ok bool) {
	if joinTrim(head) != "" {
		return "", "", false
	}
	last := -1
	for i, line := range tail {
		if isQuoteLine(line) {
			last = i
		}
	}
	if last < 0 || last == len(tail)-1 {
		return "", "", false
	}
	started := false
	for _, line := range tail[:last] {
		if isQuoteLine(line) {
			started = true
		} else if started && strings.TrimSpace(line) != "" {
			return "", "", false
		}
	}
	mine, sign := cutSignature(tail[last+1:])
	own = joinTrim(mine)
	if own == "" {
		return "", "", false
	}
	return own, joinTrim(append(tail[:last+1:last+1], sign...)), true
}

// isSignature is the line above a signature (RFC 3676 4.3), also without its
// space, which transports and Fold itself trim.
func isSignature(line string) bool { return line == "--" || line == "-- " }

// cutSignature takes a signature off the end: at most twelve lines.
func cutSignature(lines []string) (text, sign []string) {
	const longest = 12
	for i := len(lines) - 1; i >= 0 && i >= len(lines)-longest-1; i-- {
		if isSignature(lines[i]) {
			return lines[:i], lines[i:]
		}
	}
	return lines, nil
}

func joinTrim(lines []string) string {
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
