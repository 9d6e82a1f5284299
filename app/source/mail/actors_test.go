package mail_test

import "strings"

// The large servers as others met them. Every line of theirs comes from a public
// report, named beside it; what a line can't show (what they refuse, and when) is
// from the same reports.

const systemFlags = `\Answered \Flagged \Deleted \Draft \Seen`

// outlook is Microsoft 365: jstedfast/MailKit issues 1446 (greeting, capabilities,
// SELECT), 2016 (IMAP4rev2 without ESEARCH), 919 (text parts that end early);
// postalsys/imapflow test/quirks (ID); ikvk/imap_tools 181 (no KEYWORD).
func outlook() *actor {
	return &actor{
		greeting: "* OK The Microsoft Exchange IMAP4 service is ready. [TQBOADIAUABSADEANgBDAEEAMAAwADYAMwA]",
		before:   "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+",
		after: "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT ENABLE IMAP4rev2 CLIENTACCESSRULES " +
			"CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+",
		id: `("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")`,
		list: []string{
			`(\Marked \HasNoChildren) "/" INBOX`, `(\HasNoChildren) "/" "Sent Items"`, `(\HasNoChildren) "/" "Junk Email"`,
			`(\HasChildren) "/" Calendar`,
		},
		flags: `\Seen \Answered \Flagged \Deleted \Draft $MDNSent`,
		// MailKit 1446 and 919: NIL where nothing belongs, and no language.
		strange:  `(("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 40 3 NIL "inline" NIL NIL)("text" "html" ("charset" "utf-8") NIL NIL "quoted-printable" 90 5 NIL "inline" NIL NIL) "alternative" ("boundary" "x") NIL NIL NIL NIL)`,
		files:    "Sent Items",
		rewrites: true,
		refuse: func(cmd string) string {
			if strings.Contains(cmd, "RETURN (") || strings.Contains(cmd, "KEYWORD ") {
				return "BAD Command Argument Error. 11"
			}
			return ""
		},
		folders: map[string][]*letterOf{"Sent Items": {}, "Junk Email": {}, "Calendar": {}},
	}
}

// yahoo, and AOL, which is the same: jstedfast/MailKit 221 and 358 (greeting,
// capabilities, SELECT), 1055 and mscdex/node-imap 737 (no search for header
// fields), MailCore/mailcore2 826 (one HEADER.FIELDS a FETCH), djc/imap-proto 198
// (MESSAGELIMIT), postalsys/imapflow test/quirks (short texts as quoted strings).
func yahoo() *actor {
	const caps = "IMAP4rev1 ID MOVE NAMESPACE XYMHIGHESTMODSEQ UIDPLUS LITERAL+ CHILDREN X-MSG-EXT UNSELECT OBJECTID UIDONLY MESSAGELIMIT=1000"
	return &actor{
		greeting: "* OK [CAPABILITY " + caps + " AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2] IMAP4rev1 imapgate-1.8.1_01.20166 imap1015.mail.gq1.yahoo.com",
		before:   caps + " AUTH=PLAIN", after: caps,
		id: `("vendor" "Yahoo! Inc." "support-url" "http://help.yahoo.com/" "name" "Y!IMAP" "host" "imap1015.mail")`,
		list: []string{
			`(\HasNoChildren) "/" "Archive"`, `(\Junk \HasNoChildren) "/" "Bulk"`, `(\Inbox \HasNoChildren) "/" "Inbox"`,
			`(\Sent \HasNoChildren) "/" "Sent"`,
		},
		flags:    systemFlags + " $Forwarded $Junk $NotJunk",
		selected: "* OK [HIGHESTMODSEQ 102784]\r\n* OK [MAILBOXID (1)] Mailbox ID\r\n",
		quoted:   true,
		refuse: func(cmd string) string {
			switch {
			case strings.Contains(cmd, "SEARCH") && strings.Contains(cmd, "HEADER "):
				return "NO [SERVERBUG] UID SEARCH Server error - Please try again later"
			case strings.Count(cmd, "HEADER.FIELDS") > 1:
				return "NO [UNAVAILABLE] FETCH Server error while fetching messages"
			case strings.Contains(cmd, "CHANGEDSINCE"), strings.Contains(cmd, "MODSEQ"):
				return "BAD [CLIENTBUG] Command arguments invalid"
			}
			return ""
		},
		folders: map[string][]*letterOf{"Sent": {}, "Bulk": {}, "Archive": {}},
	}
}

// cyrus is an older one, with everything below INBOX: MailKit's recordings
// (imap/mailkit-transcripts/cyrus) for greeting and capabilities; SELECT from
// cyrusimap/cyrus-imapd imap/index.c and jktjkt/trojita's tests.
func cyrus() *actor {
	const caps = "IMAP4 IMAP4rev1 LITERAL+ ID ACL RIGHTS=kxte QUOTA MAILBOX-REFERRALS NAMESPACE UIDPLUS NO_ATOMIC_RENAME UNSELECT " +
		"CHILDREN MULTIAPPEND BINARY SORT THREAD=REFERENCES ANNOTATEMORE CATENATE CONDSTORE SCAN IDLE XCONVERSATIONS URLAUTH"
	return &actor{
		greeting: "* OK [CAPABILITY IMAP4 IMAP4rev1 LITERAL+ ID STARTTLS AUTH=PLAIN SASL-IR] imap.ecs.soton.ac.uk Cyrus IMAP v2.3.13 server ready",
		before:   caps + " AUTH=PLAIN SASL-IR", after: caps,
		id: `("name" "Cyrus IMAPD" "version" "v2.3.13" "vendor" "Project Cyrus" "environment" NIL)`,
		list: []string{
			`(\HasChildren) "." "INBOX"`, `(\HasNoChildren) "." "INBOX.Sent"`, `(\HasNoChildren) "." "INBOX.Spam"`,
			`(\Noselect \HasChildren) "." "user"`,
		},
		flags: systemFlags, permanent: `\*`,
		selected: "* OK [URLMECH INTERNAL] Ok\r\n* OK [ANNOTATIONS 65536] Ok\r\n",
		chatter:  `* XCONVMETA 0f2a (MODSEQ 12)` + "\r\n" + `* QUOTA "user.amira" (STORAGE 10 512)` + "\r\n" + `* ANNOTATION "INBOX" "/comment" ("value.priv" {3}` + "\r\n" + `a)b)`,
		modSeq:   true,
		folders:  map[string][]*letterOf{"INBOX.Sent": {}, "INBOX.Spam": {}},
	}
}

// gmail: MailKit's recordings (imap/mailkit-transcripts/gmail) for greeting,
// capabilities and SELECT; emersion/go-imap 504 (folders in the account's
// language); Google's page on its IMAP extensions (X-GM-RAW, X-GM-MSGID);
// MailKit 1841 (a multipart of nothing).
func gmail() *actor {
	return &actor{
		greeting: "* OK Gimap ready for requests from 127.0.0.1 i9if7359725qay.199",
		before:   "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER",
		after: "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE " +
			"UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584",
		id: `("name" "GImap" "vendor" "Google, Inc." "support-url" "http://support.google.com/mail" "remote-host" "127.0.0.1")`,
		list: []string{
			`(\HasNoChildren) "/" "INBOX"`, `(\HasNoChildren) "/" "Maintenance planifi&AOk-e"`, `(\HasChildren \Noselect) "/" "[Gmail]"`,
			`(\Sent \HasNoChildren) "/" "[Gmail]/Messages envoy&AOk-s"`, `(\HasNoChildren \Junk) "/" "[Gmail]/Spam"`,
			`(\All \HasNoChildren) "/" "[Gmail]/Tous les messages"`,
		},
		flags: systemFlags + " $Junk $NotJunk $Phishing", permanent: `\*`,
		chatter: "* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" \"\\\\Important\" \"[x]\") UID 1 MODSEQ (1))",
		strange: `("ALTERNATIVE")`,
		modSeq:  true,
		files:   "[Gmail]/Messages envoy&AOk-s",
		refuse: func(cmd string) string {
			if strings.Contains(cmd, `SEARCH`) && strings.Contains(cmd, `TEXT "`) {
				return "NO ask as your own search field does" // so that X-GM-RAW is seen to be used
			}
			return ""
		},
		folders: map[string][]*letterOf{"[Gmail]/Messages envoy&AOk-s": {}, "[Gmail]/Spam": {}, "[Gmail]/Tous les messages": {}},
	}
}
