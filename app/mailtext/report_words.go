package mailtext

import (
	"regexp"
	"strings"

	"fernpost/store/desk"
)

// returnedBelow stands above the mail that a server sends back in its report.
var returnedBelow = regexp.MustCompile(`(?im)^[-\s>*]*(below this line is a copy of the message|this is a copy of (?:the|your) message|` +
	`original message follows|(?:-{2,}\s*)?(?:original|returned|unsent|undelivered) message(?: headers| below| follows)?|` +
	`the (?:first|body|headers?) .{0,40} (?:message|returned)|message headers? follows?)[^\n]{0,80}$`)

// cutReturned parts what a server says from the mail it sends back below.
func cutReturned(text string) (said, returned string) {
	if at := returnedBelow.FindStringIndex(text); at != nil {
		return text[:at[0]], text[at[1]:]
	}
	return text, ""
}

var (
	// aboutAddress is a line that begins with the address it is about, or holds
	// nothing else.
	aboutAddress = regexp.MustCompile(`(?i)^\s*(?:(?:to|recipient|delivery failed[^:]{0,40}|an):\s*)?['"<(]{0,2}([^\s'"<>()@:;,]{1,64}@[^\s'"<>()@:;,]{1,253})[>'")]{0,2}\s*((?:\.\.\.|[:;(…]|on\s).*)?$`)
	// startsReport begins what programs write that send no report for machines.
	startsReport = regexp.MustCompile(`(?i)qmail-send program|created automatically by mail delivery|mail delivery (?:software|failed)|` +
		`deliver(?:y|ed)?\b.{0,80}\b(?:failed|failure|permanently|delayed|problem)|could not be delivered|undeliver|returned to sender|` +
		`did not reach|had (?:permanent fatal errors|delivery problems|transient)|unable to deliver|not been delivered|no se ha podido entregar|nicht zugestellt|konnte nicht|n'a pas pu être|non (?:è stato|recapitat)|не доставлен|не удалось доставить`)
	stillTried = regexp.MustCompile(`(?i)warning only|will be retried|still being retried|will continue to (?:try|attempt)|has not yet been delivered|` +
		`delayed|do not need to resend|no action is required|temporary (?:problem|failure)[^.]{0,60}retr|wird weiter versucht|verzögert`)
	sentBy = regexp.MustCompile(`(?i)sent by:?\s*$`) // above our own address
	notes  = regexp.MustCompile(`(?i)(?:please|for further|contact|send (?:e?mail|mail) to)`)
)

// maybeReport is a quick look: every mail is asked, and few are reports.
func maybeReport(text string) bool {
	start := lower(text[:min(len(text), 1<<10)])
	if strings.Contains(start, "deliver") && holds(start, []string{"fail", "permanent", "delay", "problem", "not be", "undeliver", "unable to", "mail deliver"}) {
		return true
	}
	for _, w := range []string{"qmail", "returned to sender", "did not reach", "addresses had", "entregar", "zugestellt", "konnte", "recapitat", "доставлен", "доставить", "pas pu"} {
		if strings.Contains(start, w) {
			return true
		}
	}
	return false
}

// spoken reads a report that is written for people: each line that is about an
// address begins what is said of it. A text that doesn't sound like a report is
// none, whatever addresses stand in it.
func spoken(text string) []desk.Delivery {
	const longest = 16 << 10
	if len(text) > longest {
		text = text[:longest]
	}
	if !soundsLikeReport(text) {
		return nil
	}
	delayed := stillTried.MatchString(text)
	var out []desk.Delivery
	var said []string
	var before string
	end := func() {
		if len(out) > 0 {
			weigh(&out[len(out)-1], strings.Join(said, " "), delayed)
		}
		said = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		m := aboutAddress.FindStringSubmatch(line)
		if m != nil && sentBy.MatchString(before) {
			m = nil
		}
		if strings.TrimSpace(line) != "" {
			before = line
		}
		if m == nil || notes.MatchString(line) || len(out) >= maxRecipients {
			said = append(said, line)
			continue
		}
		if len(out) > 0 {
			end()
		}
		said = []string{strings.TrimLeft(m[2], ":;. ")}
		out = append(out, desk.Delivery{Recipient: strings.TrimRight(m[1], ".")})
	}
	end()
	return latest(out)
}

// soundsLikeReport asks startsReport, whose alternatives each stand on one line
// and hold one of reportHints. None of these has a letter whose case folds in
// more ways than one (s, k, some Cyrillic).
func soundsLikeReport(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if holds(lower(line), reportHints) && startsReport.MatchString(line) {
			return true
		}
	}
	return false
}

var reportHints = []string{"deliver", "qmail", "returned to", "did not", "had ", "entregar", "zuge", "onnte nicht", " pu ", "non ", "не "}

func weigh(d *desk.Delivery, said string, delayed bool) {
	said = words(said)
	d.Status = enhanced.FindString(said)
	if d.Status == "" {
		if code := smtpCode.FindStringSubmatch(said); code != nil {
			d.Status = code[1][:1] + ".0.0"
		}
	}
	d.Action = desk.DeliveryFailed
	if delayed {
		d.Action = desk.DeliveryDelayed
	}
	d.Diagnostic, d.Reason = said, reason(d.Status, said)
}

// said gives a reason where the status doesn't: servers put 5.0.0 or 5.7.1 on
// anything.
var said = []struct {
	words  *regexp.Regexp
	reason desk.DeliveryReason
}{
	{regexp.MustCompile(`(?i)mailbox (?:is )?full|over ?quota|quota exceeded|exceeded (?:storage|quota)|insufficient (?:disk|storage)|postfach voll`), desk.DeliveryFull},
	{regexp.MustCompile(`(?i)domain (?:name )?not found|host (?:name )?(?:not found|lookup fail|unknown)|unrouteable|null mx|no mx|no such domain|name or service not known|NXDOMAIN|couldn't find any host`), desk.DeliveryNoDomain},
	{regexp.MustCompile(`(?i)(?:user|mailbox|recipient|account|address|person)[^.]{0,40}(?:unknown|not (?:exist|found)|doesn't exist|does not exist|no longer (?:exists|available)|invalid|unavailable)|no such (?:user|person|mailbox|recipient)|unknown (?:user|recipient|address|mailbox)|not a (?:registered|known|valid) |does not exist|recipient rejected|recipientnotfound`), desk.DeliveryNoMailbox},
	{regexp.MustCompile(`(?i)disabled|deactivated|suspended|inactive|no longer accept|not accepting`), desk.DeliveryClosed},
	{regexp.MustCompile(`(?i)too (?:large|big)|size (?:limit|exceed)|exceeds.{0,30}size`), desk.DeliveryTooLarge},
	{regexp.MustCompile(`(?i)spam|blocked|blacklist|block ?list|denied|policy|not (?:authori[sz]ed|permitted)|reputation|dmarc|spf|rejected`), desk.DeliveryBlocked},
	{regexp.MustCompile(`(?i)timed? ?out|connection refused|unreachable|no route|could not connect|not responding|try again|temporar`), desk.DeliveryUnreachable},
}

// reason sorts a status (RFC 3463, and the registry that goes on from it) and,
// where it says little, a server's words.
func reason(status, words string) desk.DeliveryReason {
	_, detail, _ := strings.Cut(status, ".")
	if r, ok := byStatus[detail]; ok {
		return r
	}
	for _, s := range said {
		if s.words.MatchString(words) {
			return s.reason
		}
	}
	subject, _, _ := strings.Cut(detail, ".")
	switch subject {
	case "1":
		return desk.DeliveryNoMailbox
	case "4":
		return desk.DeliveryUnreachable
	case "6":
		return desk.DeliveryContent
	case "7":
		return desk.DeliveryBlocked
	}
	return desk.DeliveryOther
}

var byStatus = map[string]desk.DeliveryReason{
	"1.1": desk.DeliveryNoMailbox, "1.2": desk.DeliveryNoDomain, "1.3": desk.DeliveryNoMailbox, "1.6": desk.DeliveryMoved,
	"2.1": desk.DeliveryClosed, "2.2": desk.DeliveryFull, "2.3": desk.DeliveryTooLarge,
	"3.4": desk.DeliveryTooLarge, "4.1": desk.DeliveryUnreachable, "4.2": desk.DeliveryUnreachable, "4.4": desk.DeliveryNoDomain,
	"4.7": desk.DeliveryUnreachable, "7.26": desk.DeliveryBlocked, "7.27": desk.DeliveryNoDomain,
}
