package practice

import (
	"bytes"
	"fmt"
	"time"
)

func bounceID(d dueNote) string {
	return messageID("web", "mx."+domainOf(d.Bounce), "bounce", d.Answers, d.Bounce)
}

// bounce is the report of a mail server that could not deliver (RFC 3462,
// RFC 3464), as Postfix writes it.
func bounce(d dueNote, original []byte, now time.Time) []byte {
	head, _, _ := bytes.Cut(original, []byte("\r\n\r\n"))
	domain := domainOf(d.Bounce)
	id := bounceID(d)
	boundary := "=_report_" + id[:8]
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	p("Return-Path: <>")
	p("Date: %s", now.UTC().Format(time.RFC1123Z))
	p("From: Mail Delivery System <MAILER-DAEMON@mx.%s>", domain)
	p("To: <%s>", Own.Addr)
	p("Subject: Undelivered Mail Returned to Sender")
	p("Message-ID: <%s>", id)
	if d.Answers != "" {
		p("In-Reply-To: <%s>", d.Answers)
		p("References: <%s>", d.Answers)
	}
	p("Auto-Submitted: auto-replied")
	p("MIME-Version: 1.0")
	p("Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"%s\"", boundary)
	p("")
	p("--%s", boundary)
	p("Content-Description: Notification")
	p("Content-Type: text/plain; charset=us-ascii")
	p("")
	p("This is the mail system at host mx.%s.", domain)
	p("")
	p("I'm sorry to have to inform you that your message could not")
	p("be delivered to one or more recipients. It's attached below.")
	p("")
	p("<%s>: host mx.%s said:", d.Bounce, domain)
	p("    550 5.1.1 <%s>: Recipient address rejected: User unknown", d.Bounce)
	p("--%s", boundary)
	p("Content-Description: Delivery report")
	p("Content-Type: message/delivery-status")
	p("")
	p("Reporting-MTA: dns; mx.%s", domain)
	p("Arrival-Date: %s", now.UTC().Format(time.RFC1123Z))
	p("")
	p("Final-Recipient: rfc822; %s", d.Bounce)
	p("Action: failed")
	p("Status: 5.1.1")
	p("Remote-MTA: dns; mx.%s", domain)
	p("Diagnostic-Code: smtp; 550 5.1.1 User unknown")
	p("")
	p("--%s", boundary)
	p("Content-Description: Undelivered Message Headers")
	p("Content-Type: text/rfc822-headers")
	p("")
	b.Write(head)
	p("")
	p("--%s--", boundary)
	return b.Bytes()
}
