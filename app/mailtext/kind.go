package mailtext

import (
	"regexp"
	"strings"

	"fernpost/store/desk"
)

// Kind tells mail that a person wrote from mail that a machine wrote. A bounce
// is a report (RFC 3464) or comes from a mail system and says what failed; an
// automatic reply says so (RFC 3834), and so do receipts (RFC 8098) and
// complaints (RFC 5965); a list names itself (RFC 2919). contentType is the whole
// mail's, with its parameters.
//
// List-Unsubscribe alone makes no list of an answer: customers' own systems put
// it into mail to one person. In mail that answers nothing it marks a newsletter.
func Kind(h Header, contentType string) desk.MessageKind {
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	report := strings.HasPrefix(contentType, "multipart/report")
	receipt := strings.Contains(contentType, "disposition-notification") || strings.Contains(contentType, "feedback-report")
	switch {
	case report && !receipt,
		strings.HasPrefix(contentType, "message/delivery-status"),
		h.Has("X-Failed-Recipients"),
		fromMailer(h) && (h.Raw("Return-Path") == "<>" || undelivered.MatchString(h.Text("Subject"))):
		return desk.KindBounce
	case report, saysAutomatic(h), soundsAutomatic(h):
		return desk.KindAuto
	}
	answers := h.Has("In-Reply-To") || h.Has("References")
	switch precedence(h) {
	case "list", "bulk", "junk":
		return desk.KindList
	}
	if h.Has("List-Id") || h.Has("List-Unsubscribe") && !answers {
		return desk.KindList
	}
	return desk.KindPerson
}

// OurGroup tells a mail that one of our own groups passed on: a person wrote it,
// though a list brought it.
func OurGroup(h Header, d Desk) bool {
	id := strings.Trim(strings.TrimSpace(h.Raw("List-Id")), ">")
	if i := strings.LastIndexByte(id, '<'); i >= 0 {
		id = id[i+1:]
	}
	for _, own := range d.Addresses {
		if strings.EqualFold(id, strings.Replace(own, "@", ".", 1)) {
			return true
		}
	}
	return false
}

func precedence(h Header) string { return strings.ToLower(h.Raw("Precedence")) }

func saysAutomatic(h Header) bool {
	auto, _, _ := strings.Cut(strings.ToLower(h.Raw("Auto-Submitted")), ";")
	auto, _, _ = strings.Cut(strings.TrimSpace(auto), " ")
	return auto != "" && auto != "no" || precedence(h) == "auto_reply" ||
		h.Has("X-Autoreply") || h.Has("X-Autorespond") || h.Has("X-Autoresponder") || h.Has("X-Auto-Reply")
}

// away begins the subject of an automatic reply, in the words of Outlook,
// Exchange, Gmail and others. Nobody has to mean it: it counts only together with
// something else that a person's mail doesn't have.
var away = regexp.MustCompile(`(?i)^\s*(?:\[[^\]]*\]\s*)*(?:auto(?:matic|mated)?[\s-]*(?:reply|response|answer)|out of (?:the )?office|ooo\s*:|on (?:vacation|holiday|leave)|away from|i am out|automatische (?:antwort|abwesenheit)|automatisch antwoord|abwesenheits?(?:notiz|nachricht|meldung|assistent)?|abwesend|nicht im (?:büro|haus)|r[ée]ponse automatique|absence|absent|message d'absence|respuesta autom[áa]tica|fuera de (?:la )?oficina|resposta autom[áa]tica|aus[êe]ncia|fora do escrit[óo]rio|risposta automatica|fuori (?:sede|ufficio)|assente|automatisk svar|autosvar|autosvar|frånvaro|fraværende|frav[æa]r|afwezig(?:heid)?|automaattinen vastaus|poissa|automatyczna odpowied[źz]|autoodpowied[źz]|nieobecno[śs][ćc]|poza biurem|automatick[áa] odpov[ěe][ďd]|nep[řr][íi]tomnost|automatikus v[áa]lasz|h[áa]zon k[íi]v[üu]l|r[ăa]spuns automat|автоответ|автоматический ответ|нет на месте|вне офиса|автоматична відповідь|автоматичен отговор|otomatik yan[ıi]t|ofis d[ıi][şs][ıi]nda|αυτόματη απάντηση|εκτός γραφείου|automatski odgovor|samodejni odgovor|automaatvastus|autom[āa]tisk[āa] atbilde|automatinis atsakymas|tr[ảa] l[ờo]i t[ựu] đ[ộo]ng|balasan otomatis|jawapan automatik|رد تلقائي|خارج المكتب|پاسخ خودکار|תשובה אוטומטית|מענה אוטומטי|自动(?:回复|答复)|自動(?:回覆|回應|返信|応答)|不在(?:通知)?|자동 ?(?:회신|응답)|부재중|ตอบกลับอัตโนมัติ|स्वचालित उत्तर|स्वतः उत्तर)`)

// soundsAutomatic takes the words of a subject together with a sign of a
// machine: nobody to bounce to, a wish for no answers, or an answer that lets no
// "Re:" stand in front.
func soundsAutomatic(h Header) bool {
	sign := h.Raw("Return-Path") == "<>" || h.Has("X-Auto-Response-Suppress") || precedence(h) == "bulk" || precedence(h) == "junk" ||
		h.Has("In-Reply-To") || h.Has("References")
	return sign && away.MatchString(h.Text("Subject"))
}

// undelivered is what the subjects of reports say.
var undelivered = regexp.MustCompile(`(?i)undeliver|deliver(?:y|ed)? .{0,30}(?:fail|problem|delay|status|not|error)|fail(?:ure|ed).{0,20}(?:notice|deliver)|returned? (?:mail|to sender)|mail (?:system error|delivery)|mail could not|delayed mail|message delayed|warning: (?:message|could not)|non remis|no (?:se ha podido )?entrega|unzustellbar|nicht zugestellt|zustellung|mancata consegna|niet (?:bezorgd|afgeleverd)|не доставлен|недоставлен|無法傳遞|无法投递|退信|배달 실패|配信不能`)

func fromMailer(h Header) bool {
	for _, a := range h.Addresses("From") {
		local, _, _ := strings.Cut(strings.ToLower(a.Addr), "@")
		switch local {
		case "mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mdaemon":
			return true
		}
	}
	return false
}
