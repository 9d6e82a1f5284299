package mailtext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// reportOf reads a file the way inspect does.
func reportOf(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "fixtures", "mime", name))
	if err != nil {
		t.Fatal(err)
	}
	body := Read(raw).Body
	r := body.Report
	if r == nil {
		return "none"
	}
	var all []string
	for _, d := range r.Deliveries {
		all = append(all, d.Recipient+" "+string(d.Action)+" "+d.Status+" "+string(d.Reason))
	}
	return r.Original + " | " + strings.Join(all, ", ")
}

func TestReports(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"dsn/delayed_dsn.raw", " | thomas@de-montfort.ac.uk delayed 4.0.0 other"},
		{"dsn/dsn_with_multipart_alternative.raw", " | non-existing@example.com failed 5.1.10 no_mailbox"},
		{"dsn/multi_recipient_dsn.raw", " | arathib@vnet.ibm.com failed 5.0.0 no_mailbox, johnh@hpnjld.njd.hp.com delayed 4.0.0 other, wsnell@sdcc13.ucsd.edu failed 5.0.0 no_mailbox"},
		{"dsn/simple_dsn.raw", " | louisl@larry.slip.umd.edu failed 4.0.0 unreachable"},
		{"dsn/simple_dsn_with_html.raw", " | louisl@larry.slip.umd.edu failed 4.0.0 unreachable"},
		{"flanker/bounce__broken-mime.eml", " | info@example.net failed  other"},
		{"flanker/bounce__delayed-broken.eml", " | demo@example.com failed 4.2.2 full"},
		{"flanker/bounce__delayed.eml", " | foo@example.com failed 4.0.0 unreachable"},
		{"flanker/bounce__gmail-invalid-address.eml", "CAKsfaBUUGqVZiaMrmH3TRPfq1odQPtM7Ey5YW1SgyJJRHtAjgw@mail.gmail.com | awfawfawfawfawfaw@someserverhere.com failed 5.1.0 no_mailbox"},
		{"flanker/bounce__gmail-no-dns.eml", " | user@example.comm failed  no_domain"},
		{"flanker/bounce__mailbox-full.eml", "4E326A95.3010907@example.com | user@aol.com failed 5.2.2 full"},
		{"flanker/bounce__no-mx.eml", "19E44CA63F984902B7D654F8FF40F89D@bo | user@example.com delayed 4.4.4 no_domain"},
		{"flanker/bounce__office365.eml", "20171013111011.20866.254C2F3A4D7AA526@ninomail.com | noname@example.com failed 5.1.10 no_mailbox"},
		{"flanker/bounce__zed.eml", "20090708054735.GC7578@example.com | asdfasdfasdfasdfasdfasdfewrqertrtyrthsfgdfgadfqeadvxzvz@gmail.com failed 5.1.1 no_mailbox"},
		{"nodemailer/delivery-status.eml", "xxxxx@email.amazonses.com | xxxx@xxxx.com failed 5.1.1 no_mailbox"},
		{"webklex/example_bounce.eml", "UyVznI5nOyYGnv7Ij0hi6ro4gvxwGT999eQAtc4o@127.0.0.1 | ding@ding.de failed 5.0.0 no_domain"},
		{"ruby-mail/multipart_report_emails__multi_address_bounce1.eml", "118707422.15521266992174819.JavaMail.root@lvmail01 | bbbbvhvbbvkjbhfbvbvjhb@gmail.com failed 5.1.1 no_mailbox, bscdbcjhasbcjhbdscbhbsdhcbj@gmail.com failed 5.1.1 no_mailbox, egyfefsdvsfvvhjsd@gmail.com failed 5.1.1 no_mailbox, kfhejkfbsjkjsbhds@gmail.com failed 5.1.1 no_mailbox, qfvhgsvhgsduiohncdhcvhsdfvsfygusd@gmail.com failed 5.1.1 no_mailbox"},
		{"ruby-mail/multipart_report_emails__report_530.eml", "200712232303.lBNN3jDq002941@mail12.rrrr.com.au | edwin@zzzzzzz.com failed 5.3.0 other"},
		{"ruby-mail/multipart_report_emails__multipart_report_multiple_status.eml", "4c2a146147ac8_61ff157c4ec1652df@s.h.c.mail | u@ci.com failed 5.3.0 other"},
		{"ruby-mail/multipart_report_emails__report_422.eml", "15655788.13.1200472642578.JavaMail.Administrator@mail.ttttt.com.au | fraser@oooooooo.com.au delayed 4.2.2 full"},
		{"flanker/disposition-notification.eml", "none"},
		{"flanker/complaints__aol.eml", "none"},
		{"enmime/mail__multipart-wo-boundary.raw", "none"},
	} {
		if got := reportOf(t, c.file); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.file, got, c.want)
		}
	}
}

// What programs write that send no report for machines.
func TestReportsInWords(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"qmail", "Hi. This is the qmail-send program at example.org.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<kat@example.com>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <help@shop.example>\nMessage-ID: <0190-op@shop.example>\nX-Fernpost-Op: 0199b9a2-0000-7000-8000-000000000001\n", "0190-op@shop.example 0199b9a2-0000-7000-8000-000000000001 | kat@example.com failed 5.1.1 no_mailbox"},
		{"exim", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  kat@example.com\n    mailbox is full: retry timeout exceeded\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-Id: <a@b>\n", "a@b  | kat@example.com failed  full"},
		{"exim, still trying", "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\nThe address to which the message has not yet been delivered is:\n\n  kat@example.com\n    host mx.example.com [192.0.2.1]: 451 4.7.1 Greylisted\n\nNo action is required on your part.\n", "  | kat@example.com delayed 4.7.1 blocked"},
		{"sendmail", "   ----- The following addresses had permanent fatal errors -----\n<kat@example.com>\n    (reason: 552 5.3.4 Message size exceeds fixed limit)\n", "  | kat@example.com failed 5.3.4 too_large"},
		{"exchange", "Your message did not reach some or all of the intended recipients.\n\n      Subject:\tOrder\n\nThe following recipient(s) cannot be reached:\n\n      kat@example.com on 1/2/2026 9:10 AM\n            The e-mail account does not exist at the organization this message was sent to.\n", "  | kat@example.com failed  no_mailbox"},
		{"German", "Ihre Nachricht konnte nicht zugestellt werden an:\n\nkat@example.com\n\n550 Postfach voll\n", "  | kat@example.com failed 5.0.0 full"},
		{"a customer asks where it is", "My parcel was never delivered. Write to\n\n  kat@example.com\n\nplease", ""},
	} {
		got := ""
		if r := Report(ReportParts{Text: c.text}); r != nil {
			got = r.Original + " " + string(r.OpID) + " |"
			for _, d := range r.Deliveries {
				got += " " + d.Recipient + " " + string(d.Action) + " " + d.Status + " " + string(d.Reason)
			}
		}
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
