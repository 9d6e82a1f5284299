package mailtext

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"fernpost/store/desk"
)

// Bounds of what is read of a report: a hostile one stays cheap.
const (
	maxRecipients = 100
	maxDiagnostic = 600
)

// ReportParts are the parts of a bounce, as they come from the wire with their
// transfer encoding undone.
type ReportParts struct {
	Status   [][]byte // message/delivery-status
	Returned []byte   // the head of the mail that came back, or all of it
	Text     string   // what people read
}

// IsReportPart tells a media type that belongs to a report and is no text.
func IsReportPart(kind string) bool {
	switch strings.ToLower(kind) {
	case "message/delivery-status", "message/global-delivery-status", "text/rfc822-headers", "message/global-headers", "message/rfc822", "message/global":
		return true
	}
	return false
}

// add takes one of them.
func (r *ReportParts) add(kind string, data []byte) {
	switch {
	case strings.HasSuffix(kind, "delivery-status"):
		r.Status = append(r.Status, data)
	case r.Returned == nil:
		r.Returned = data
	}
}

// Report reads a bounce: the machine's part where there is one (RFC 3464), else
// the words that qmail, Exim, Postfix, Exchange, Sendmail and Gmail write. It
// gives nil for what reports nothing.
func Report(p ReportParts) *desk.Report {
	if len(p.Status) == 0 && !maybeReport(p.Text) {
		return nil
	}
	var r desk.Report
	for _, part := range p.Status {
		r.Deliveries = append(r.Deliveries, statusPart(part)...)
	}
	said, returned := cutReturned(p.Text)
	if len(r.Deliveries) == 0 {
		r.Deliveries = spoken(said)
	}
	if len(r.Deliveries) == 0 {
		return nil
	}
	r.Deliveries = latest(r.Deliveries)
	for i := range r.Deliveries {
		if d := &r.Deliveries[i]; d.Diagnostic == "" {
			explain(d, said)
		}
	}
	for _, head := range []string{string(p.Returned), returned} {
		h := ParseHeader([]byte(strings.TrimLeft(head, "\r\n\t ")))
		if ids := h.IDs("Message-ID"); r.Original == "" && len(ids) > 0 {
			r.Original = ids[0]
		}
		if id := h.Raw("X-Fernpost-Op"); r.OpID == "" && len(id) == 36 {
			r.OpID = desk.OpID(strings.ToLower(id))
		}
	}
	return &r
}

// statusPart reads the groups of fields of a message/delivery-status: the first
// tells of the mail, each other one of a recipient.
func statusPart(data []byte) []desk.Delivery {
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	var out []desk.Delivery
	for group := range bytes.SplitSeq(data, []byte("\n\n")) {
		h := ParseHeader(bytes.TrimLeft(group, "\n \t"))
		to := typed(h.Raw("Original-Recipient"))
		if to == "" || !strings.Contains(to, "@") {
			to = typed(h.Raw("Final-Recipient"))
		}
		if to == "" || len(out) >= maxRecipients {
			continue
		}
		d := desk.Delivery{
			Recipient:  to,
			Action:     action(h.Raw("Action")),
			Status:     enhanced.FindString(h.Raw("Status")),
			Diagnostic: words(typed(h.Text("Diagnostic-Code"))),
			Server:     typed(h.Raw("Remote-MTA")),
		}
		if generic(d.Status) { // the server's own words are often more exact
			if said := enhanced.FindString(d.Diagnostic); said != "" {
				d.Status = said
			}
		}
		if d.Action == "" {
			d.Action = actionOf(d.Status)
		}
		d.Reason = reason(d.Status, d.Diagnostic)
		out = append(out, d)
	}
	return out
}

// typed takes off a field's type, as in "rfc822; a@b" (RFC 3464 2.1.2).
func typed(s string) string {
	if kind, rest, ok := strings.Cut(s, ";"); ok && !strings.ContainsAny(strings.TrimSpace(kind), " @<") {
		s = rest
	}
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") {
		s = s[1 : len(s)-1]
	}
	return strings.TrimSpace(s)
}

func action(s string) desk.DeliveryAction {
	word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), " ")
	switch a := desk.DeliveryAction(word); a {
	case desk.DeliveryFailed, desk.DeliveryDelayed, desk.DeliveryDelivered, desk.DeliveryRelayed, desk.DeliveryExpanded:
		return a
	}
	return ""
}

// actionOf takes the class of a status for an action that wasn't given.
func actionOf(status string) desk.DeliveryAction {
	switch {
	case strings.HasPrefix(status, "2"):
		return desk.DeliveryDelivered
	case strings.HasPrefix(status, "4"):
		return desk.DeliveryDelayed
	}
	return desk.DeliveryFailed
}

// explain takes from the words for people what the machine's part leaves out, as
// Exim does where it gave up by itself.
func explain(d *desk.Delivery, text string) {
	for _, s := range spoken(text) {
		if !strings.EqualFold(s.Recipient, d.Recipient) {
			continue
		}
		d.Diagnostic = s.Diagnostic
		if generic(d.Status) && !generic(s.Status) {
			d.Status = s.Status
		}
		if d.Reason == desk.DeliveryOther {
			d.Reason = s.Reason
		}
		return
	}
}

// latest keeps the last word on each recipient.
func latest(all []desk.Delivery) []desk.Delivery {
	var out []desk.Delivery
	for _, d := range all {
		same := func(o desk.Delivery) bool { return strings.EqualFold(o.Recipient, d.Recipient) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = d
			continue
		}
		out = append(out, d)
	}
	return out
}

var (
	enhanced = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	smtpCode = regexp.MustCompile(`(?:^|[^\d.])([45]\d\d)(?:[^\d.]|$)`)
)

func generic(status string) bool { return status == "" || strings.HasSuffix(status, ".0.0") }

// words bounds what a server said, on one line.
func words(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxDiagnostic {
		s = string(r[:maxDiagnostic])
	}
	return s
}
