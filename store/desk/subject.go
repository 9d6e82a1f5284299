package desk

import (
	"regexp"
	"strings"
)

// SubjectKind is what the prefixes of a subject say that a mail is.
type SubjectKind string

// The kinds of subject.
const (
	SubjectPlain   SubjectKind = ""
	SubjectAnswer  SubjectKind = "answer"
	SubjectForward SubjectKind = "forward"
)

// What mail programs put before a subject, in the languages customers write.
// Outlook and others translate it, and few programs know any but their own.
var (
	answerPrefix = prefix(`re|aw|antw|antwort|sv|svar|vs|vá|odp|odpověď|odg|res|resp|rif|r|rép|réf|bls|balas|ynt|cvp|atb|ats|vast|` +
		`на|отг|отв|ответ|відп|відповідь|απ|απάντηση|σχετ|השב|תגובה|رد|الرد|پاسخ|جواب|उत्तर|जवाब|ตอบ|ตอบกลับ|trả lời|tl|回复|回覆|回應|回信|答复|答覆|返信|답장|회신`)
	forwardPrefix = prefix(`fwd?|wg|wtr|tr|i|enc|rv|vb|vl|pd|doorst|továbbítás|továbbítva|ilt|i̇lt|πρθ|προώθηση|пересл|пер|перес|преп|fs|` +
		`переслано|הועבר|إعادة توجيه|بازارسال|प्रेषित|ส่งต่อ|chuyển tiếp|terusan|转发|轉寄|轉發|転送|전달|edasi|proslijeđeno|posredovano|pārs|persiųsta|přeposláno|preposlané`)
	subjectTag = regexp.MustCompile(`^(?:\[[^\]]{1,60}\]|\(#?\d{2,}\)|#{1,2}[\w-]*\d[\w-]*#{0,2})\s*[:\-–]?\s*`)
)

func prefix(words string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:` + words + `)\.?\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|[²³*]|\d{1,2})?\s*[:：]\s*`)
}

// CutSubject takes "Re:", "Fwd:" and their like, and [ticket tags], off the front
// of a subject. The outermost prefix says what the mail is.
func CutSubject(subject string) (rest string, kind SubjectKind) {
	s := strings.TrimSpace(subject)
	for {
		if at := subjectTag.FindString(s); at != "" {
			s = s[len(at):]
			continue
		}
		found := SubjectPlain
		at := answerPrefix.FindString(s)
		if at != "" {
			found = SubjectAnswer
		} else if at = forwardPrefix.FindString(s); at != "" {
			found = SubjectForward
		}
		if at == "" {
			return s, kind
		}
		if kind == SubjectPlain {
			kind = found
		}
		s = s[len(at):]
	}
}

// ReplySubject puts one "Re: " in front (RFC 5322 3.6.5), in place of what other
// programs put there. Ticket tags stay: another desk finds its own case by them.
func ReplySubject(subject string) string {
	s, tags := strings.TrimSpace(subject), ""
	for {
		if at := subjectTag.FindString(s); at != "" {
			tags, s = tags+at, s[len(at):]
		} else if at = answerPrefix.FindString(s); at != "" {
			s = s[len(at):]
		} else {
			return strings.TrimSpace("Re: " + tags + s)
		}
	}
}

// ForwardSubject puts "Fwd: " in front of what isn't passed on already.
func ForwardSubject(subject string) string {
	s := strings.TrimSpace(subject)
	if forwardPrefix.MatchString(s) {
		return s
	}
	return strings.TrimSpace("Fwd: " + s)
}
