package sift

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// script is a server that has said everything already.
type script struct {
	net.Conn
	says io.Reader
	sent bytes.Buffer
}

func (s *script) Read(b []byte) (int, error)         { return s.says.Read(b) }
func (s *script) Write(b []byte) (int, error)        { return s.sent.Write(b) }
func (s *script) Close() error                       { return nil }
func (s *script) SetDeadline(time.Time) error        { return nil }
func (s *script) SetReadDeadline(time.Time) error    { return nil }
func (s *script) SetWriteDeadline(t time.Time) error { return nil }

// sifted gives what is handed on of what a server says after its greeting, when
// the commands were sent before.
func sifted(t *testing.T, says string, commands ...string) string {
	t.Helper()
	c := New(&script{says: strings.NewReader("* OK here\r\n" + says)}, nil)
	for _, cmd := range commands {
		if _, err := io.WriteString(c, cmd+"\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	out, err := io.ReadAll(c)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, errFraming) {
		t.Fatalf("%q: %v", says, err)
	}
	return strings.TrimPrefix(string(out), "* OK here\r\n")
}

func TestSift(t *testing.T) {
	for _, c := range []struct{ name, says, want string }{
		{"what go-imap knows", "* 3 EXISTS\r\n* 2 EXPUNGE\r\n", "* 3 EXISTS\r\n* 2 EXPUNGE\r\n"},
		{"an expunge of nothing", "* 1 EXPUNGE\r\n* 0 EXPUNGE\r\n* 4 EXISTS\r\n* 5 EXPUNGE\r\n", "* 4 EXISTS\r\n"},
		{"recent, and words of IMAP2", "* 0 RECENT\r\n* 1 STORE\r\n* 1 COPY\r\n", ""},
		{"too many messages", "* 99999999999 EXISTS\r\n* -1 EXISTS\r\n", ""},
		{"lines of vendors", "* XSERVERINFO a {3}\r\nb\r\n b\r\n* XLIST () \"/\" x\r\n* LSUB () \"/\" y\r\n* GENURLAUTH {5}\r\n* NO \r\n* LANGUAGE (DE)\r\n* THREAD (1)(2)\r\n* SORT 1 2\r\n", ""},
		{"no tag, no word, nothing", "\r\n \r\nhello\r\n*\r\n* \r\nA7 OK nobody asked\r\n", ""},
		{"a lone LF, a NUL and spaces", "* FLAGS  (\\Seen  a\x00b )\n", "* FLAGS (\\Seen a b)\r\n"},
		{"a continuation nobody waits for", "+ go\r\n+go\r\n", ""},
		{"the code of an alert", "* NO [ALERT] the disk is full\r\n", "* NO [ALERT] the disk is full\r\n"},
		{
			"codes", "* OK [UIDVALIDITY 7] x\r\n* OK [uidnext 8]\r\n* OK [HIGHESTMODSEQ 715194045007]\r\n* OK [PERMANENTFLAGS (\\Seen \\* a]b)] y\r\n",
			"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 8] -\r\n* OK [HIGHESTMODSEQ 715194045007] -\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] y\r\n",
		},
		{
			"codes that aren't what they should be", "* OK [UIDVALIDITY -1] x\r\n* OK [UIDNEXT] x\r\n* OK [HIGHESTMODSEQ 18446744073709551999] x\r\n* OK [UIDVALIDITY 1 no end\r\n* OK [UNSEEN 12] x\r\n* OK [X-WHO \"]\" (] x\r\n* OK []\r\n* OK\r\n",
			"* OK x\r\n* OK x\r\n* OK x\r\n* OK -[UIDVALIDITY 1 no end\r\n* OK [UNSEEN] x\r\n* OK [X-WHO] x\r\n* OK -\r\n* OK -\r\n",
		},
		{
			"what waits to be enabled", "* CAPABILITY IMAP4rev1 IMAP4REV2 ENABLE\r\n* OK [CAPABILITY IMAP4rev2 ESEARCH] x\r\n",
			"* CAPABILITY IMAP4rev1 ENABLE\r\n* OK [CAPABILITY IMAP4rev2 ESEARCH] x\r\n",
		},
		{"capabilities", "* CAPABILITY IMAP4rev1  AUTH=PLAIN (x) \"y\" X{Z IDLE \r\n", "* CAPABILITY IMAP4rev1 AUTH=PLAIN x IDLE\r\n"},
		{
			"folders", "* LIST (\\Noselect \"x\" \\HasNoChildren) \"/\" INBOX\r\n* list () NIL {5}\r\na \"b\\\r\n* LIST NIL / Sent\r\n* LIST (\\Sent) \".\" \"INBOX.Sent\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n",
			"* LIST (\\Noselect \\HasNoChildren) \"/\" \"INBOX\"\r\n* LIST () NIL \"a \\\"b\\\\\"\r\n* LIST () \"/\" \"Sent\"\r\n* LIST (\\Sent) \".\" \"INBOX.Sent\"\r\n",
		},
		{"folders without a usable name", "* LIST () \"/\" R&D\r\n* LIST () \"/\" \"\"\r\n* LIST () \"/\" (x)\r\n* LIST () \"/\" \"a\xffb\"\r\n* LIST () \"/\" &AGE-\r\n* LIST () \"/\" &U,BTFw-&ZeVnLIqe-\r\n* LIST () \"/\"\r\n* LIST", ""},
		{
			"folders of the world", "* LIST (\\Sent\\HasNoChildren \\* \\) \"/\" x\r\n* LIST () \"//\" \"Gel&APY-scht\"\r\n* LIST () \"/\" Gelöscht\r\n* LIST () \"/\" A&-B\r\n* LIST () \"/\" NIL\r\n",
			"* LIST (\\Sent \\HasNoChildren \\*) \"/\" \"x\"\r\n* LIST () NIL \"Gel&APY-scht\"\r\n* LIST () \"/\" \"Gelöscht\"\r\n* LIST () \"/\" \"A&-B\"\r\n* LIST () \"/\" \"NIL\"\r\n",
		},
		{
			"a status", "* STATUS x (MESSAGES 3 UIDNEXT NIL UIDVALIDITY -7 RECENT 0 HIGHESTMODSEQ 5 X-Y (a b))\r\n* STATUS y\r\n* STATUS z ()\r\n",
			"* STATUS \"x\" (MESSAGES 3 HIGHESTMODSEQ 5)\r\n* STATUS \"z\" ()\r\n",
		},
		{"a search", "* SEARCH\r\n* SEARCH 1 2  3 (MODSEQ 9)\r\n* SEARCH 0 4\r\n", "* SEARCH\r\n* SEARCH 1 2 3\r\n* SEARCH 4\r\n"},
		{
			"an extended search", "* ESEARCH (TAG \"T1\") UID COUNT 5 ALL 1:5,9 MODSEQ 3\r\n* ESEARCH (TAG {2}\r\nT2) UID\r\n* ESEARCH UID ALL 5:1\r\n* ESEARCH\r\n",
			"* ESEARCH (TAG \"T1\") UID ALL 1:5,9\r\n* ESEARCH (TAG \"T2\") UID\r\n* ESEARCH (TAG \"\") UID ALL 1:5\r\n* ESEARCH (TAG \"\")\r\n",
		},
		{
			"who it is", "* ID NIL\r\n* ID (\"name\" NIL \"version\" \"1\" \"x\")\r\n* ID (name Zimbra)\r\n* ID\r\n",
			"* ID NIL\r\n* ID (\"name\" \"\" \"version\" \"1\")\r\n* ID (\"name\" \"Zimbra\")\r\n* ID NIL\r\n",
		},
		{
			"what vanished", "* 10 EXISTS\r\n* VANISHED (EARLIER) 1:5\r\n* VANISHED 7\r\n* VANISHED 8:9,12\r\n* VANISHED x\r\n* VANISHED 1:99\r\n",
			"* 10 EXISTS\r\n* 10 EXPUNGE\r\n* 9 EXPUNGE\r\n* 6 EXISTS\r\n* 6 EXPUNGE\r\n* 0 EXISTS\r\n",
		},
	} {
		if got := sifted(t, c.says); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestSiftFetch(t *testing.T) {
	for _, c := range []struct{ name, says, want string }{
		{
			"as it should be", "(UID 2 FLAGS (\\Seen $a) INTERNALDATE \" 2-Jan-2026 10:00:00 +0000\" RFC822.SIZE 5 MODSEQ (9))",
			"(UID 2 FLAGS (\\Seen $a) INTERNALDATE \" 2-Jan-2026 10:00:00 +0000\" RFC822.SIZE 5 MODSEQ (9))",
		},
		{"a literal, and the UID before it", "(UID 2 BODY[1]<0> {5}\r\nab)\"c)", "(UID 2 BODY[1]<0> {5}\r\nab)\"c)"},
		{
			"the UID behind literals", "(BODY[HEADER.FIELDS (\"From\" To)] {4}\r\nab\r\n FLAGS () BODY[1] {1}\r\nx UID 2)",
			"(UID 2 BODY[HEADER.FIELDS (\"From\" To)] {4}\r\nab\r\n FLAGS () BODY[1] {1}\r\nx)",
		},
		{"strings instead of literals", "(UID 2 BODY[1] \"a\\\"b\" BODY[2] NIL BODY[3] \"\")", "(UID 2 BODY[1] {3}\r\na\"b BODY[2] NIL BODY[3] {0}\r\n)"},
		{"things nobody asked for", "(X-GM-LABELS (\"\\\\Inbox\" \"[x]\") UID 2 ENVELOPE (NIL ((NIL))) RFC822.HEADER {3}\r\n( ( EMAILID (M1) PREVIEW \"(\" SAVEDATE NIL FLAGS ())", "(UID 2 FLAGS ())"},
		{"Gmail's number", "(X-GM-MSGID 1278455344230334865 UID 2)", "(UID 2 BODY[X-GM-MSGID] \"1278455344230334865\")"},
		{"numbers that are none", "(UID 2 RFC822.SIZE -1 MODSEQ (x) FLAGS NIL INTERNALDATE NIL)", "(UID 2)"},
		{"a date in another form", "(UID 2 INTERNALDATE \"2-Jan-2026 10:00:00\")", "(UID 2 INTERNALDATE \" 2-Jan-2026 10:00:00 +0000\")"},
		{"a date that is none", "(UID 2 INTERNALDATE \"99-Foo-2026 10:00:00 +0000\" FLAGS (a))", "(UID 2 FLAGS (a))"},
		{"flags with odd atoms", "(UID 2 FLAGS (\\Seen ] NonJunk \\ a\"b\" {x %))", "(UID 2 FLAGS (\\Seen NonJunk a))"},
		{"no end", "(UID 2 FLAGS (\\Seen", "(UID 2)"},
		{"no end of a string", "(UID 2 FLAGS () BODY[1] \"abc", "(UID 2 FLAGS () BODY[1] {3}\r\nabc)"},
		{"words behind the literal", "(UID 2 BODY[1] {3}\r\nabcdef FLAGS ())", "(UID 2 BODY[1] {3}\r\nabc)"},
		{"no lists at all", "FLAGS", ""},
		{"nothing", "()", ""},
		{"depth", "(UID 2 BODYSTRUCTURE " + strings.Repeat("(", 5000) + ")", "(UID 2)"},
	} {
		want := c.want
		if want != "" {
			want = "* 2 FETCH " + want + "\r\n"
		}
		if got := sifted(t, "* 2 FETCH "+c.says+"\r\n* 5 EXISTS\r\n"); got != want+"* 5 EXISTS\r\n" {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, want)
		}
	}
}

func TestSiftStructure(t *testing.T) {
	const text = `("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 5 1)`
	for _, c := range []struct{ name, says, want string }{
		{"text", text, text},
		{
			"with everything", `("TEXT" "PLAIN" ("CHARSET" "utf-8") "<1>" "d" "7BIT" 5 1 "md5" ("attachment" ("filename" "a\"b")) "de" "loc" x)`,
			`("TEXT" "PLAIN" ("CHARSET" "utf-8") "<1>" "d" "7BIT" 5 1 NIL ("attachment" ("filename" "a\"b")))`,
		},
		{"spaces", `( "TEXT"  "PLAIN" NIL NIL NIL "7BIT" 5  1 )`, `("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1)`},
		{"no quotes", `(text plain (charset utf-8) NIL NIL 7bit 5 1)`, `("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 5 1)`},
		{"a literal", "(\"TEXT\" \"PLAIN\" (\"NAME\" {4}\r\na)\"b) NIL NIL \"7BIT\" 5 1)", `("TEXT" "PLAIN" ("NAME" "a)\"b") NIL NIL "7BIT" 5 1)`},
		{"no lines", `("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 NIL ("attachment" NIL) NIL NIL)`, `("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 0 NIL ("attachment" NIL))`},
		{"lines are NIL", `("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 NIL NIL ("attachment" NIL) NIL NIL)`, `("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 0 NIL ("attachment" NIL))`},
		{"names without values", `("A" "B" ("X" NIL "Y" "" "" "z" "odd") NIL NIL NIL 5)`, `("A" "B" ("X" "" "Y" "") NIL NIL NIL 5)`},
		{"pairs in pairs", `("A" "B" (("X" "1") ("Y" "2")) NIL NIL NIL 5 NIL "inline")`, `("A" "B" ("X" "1" "Y" "2") NIL NIL NIL 5 NIL ("inline" NIL))`},
		{"a disposition without parameters", `("A" "B" NIL NIL NIL NIL 5 NIL ("attachment"))`, `("A" "B" NIL NIL NIL NIL 5 NIL ("attachment" NIL))`},
		{"parts", `(` + text + text + ` "MIXED" ("BOUNDARY" "x") NIL "en")`, `(` + text + text + ` "MIXED" ("BOUNDARY" "x") NIL)`},
		{"parts of no kind", `(` + text + ` NIL)`, `(` + text + ` "MIXED")`},
		{
			"a message", `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 ("date" "s" ((NIL NIL "a" "b")) NIL NIL NIL NIL NIL NIL "<i>") ` + text + ` 3 NIL NIL)`,
			`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) ` + text + ` 3 NIL NIL)`,
		},
		{
			"a message that is a file", `("MESSAGE" "RFC822" ("NAME" "x.eml") NIL NIL "7BIT" 9 NIL ("attachment" ("filename" "x.eml")) NIL NIL)`,
			`("MESSAGE" "RFC822" ("NAME" "x.eml") NIL NIL "7BIT" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0) 0 NIL ("attachment" ("filename" "x.eml")))`,
		},
		{
			"a message of NILs", `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 NIL NIL 0 NIL ("attachment" NIL))`,
			`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0) 0 NIL ("attachment" NIL))`,
		},
		{
			"a message in pieces", `("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 (NIL "s") () 0 NIL NIL)`,
			`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0) 0 NIL NIL)`,
		},
		{"a multipart without parts", `("MIXED" NIL ())`, ""},
		{"no parts", `()`, ""},
		{"a part without parts", `(` + text + `() "MIXED")`, ""},
		{"no size", `("TEXT" "PLAIN" NIL NIL NIL "7BIT" NIL 1)`, ""},
		{"a size below nothing", `("TEXT" "PLAIN" NIL NIL NIL "7BIT" -1 1)`, ""},
		{"torn", `((("TEXT"`, ""},
		{"NIL", `NIL`, ""},
	} {
		want := "* 1 FETCH (UID 1"
		if c.want != "" {
			want += " BODYSTRUCTURE " + c.want
		}
		want += ")\r\n"
		if got := sifted(t, "* 1 FETCH (UID 1 BODYSTRUCTURE "+c.says+")\r\n"); got != want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, want)
		}
	}
}

func TestSiftAnswers(t *testing.T) {
	for _, c := range []struct{ name, asked, says, want string }{
		{"an answer", "T1 NOOP", "T1 OK\r\n", "T1 OK -\r\n"},
		{"a second answer", "T1 NOOP", "T1 OK a\r\nT1 OK b\r\n", "T1 OK a\r\n"},
		{"an answer that is none", "T1 NOOP", "T1 BYE x\r\n", "T1 BAD x\r\n"},
		{"nothing but a tag", "T1 NOOP", "T1\r\n", "T1 BAD -\r\n"},
		{"an idle server says go twice", "T1 IDLE", "+ idling\r\n+ still\r\n* 5 EXISTS\r\n", "+ idling\r\n* 5 EXISTS\r\n"},
		{"challenges", "T1 AUTHENTICATE PLAIN", "+\r\n+ Zm9v\r\n", "+ \r\n+ Zm9v\r\n"},
		{"a literal is waited for", "T1 APPEND x {3}", "+ go\r\n+ go\r\n", "+ go\r\n"},
		{"a literal isn't", "T1 APPEND x {3+}\r\nabc", "+ go\r\nT1 OK [APPENDUID 7 8:9] x\r\n", "T1 OK x\r\n"},
		{"a search that can't be read", "T1 UID SEARCH ALL", "* SEARCH 1 x 3\r\nT1 OK done\r\n", "T1 NO [SERVERBUG] the answer can't be read\r\n"},
		{"a set that can't be read", "T1 UID SEARCH RETURN (ALL) ALL", "* ESEARCH (TAG \"T1\") UID ALL 1:*\r\nT1 OK done\r\n", "T1 NO [SERVERBUG] the answer can't be read\r\n"},
		{"a search of no command", "T1 UID SEARCH RETURN (ALL) ALL", "* ESEARCH UID ALL 1:3\r\n", "* ESEARCH (TAG \"T1\") UID ALL 1:3\r\n"},
		{"another name for the folder", "T1 STATUS \"Sent\" (MESSAGES)", "* STATUS INBOX.Sent (MESSAGES 3)\r\nT1 OK done\r\n", "* STATUS \"Sent\" (MESSAGES 3)\r\nT1 OK done\r\n"},
	} {
		if got := sifted(t, c.says, c.asked); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestSiftRefusesStrangers(t *testing.T) {
	for _, says := range []string{"220 mx.example.test ESMTP\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "+OK POP3\r\n", "\x15\x03\x01\x00\x02\x02\n", "\r\n"} {
		c := New(&script{says: strings.NewReader(says)}, nil)
		if _, err := c.Read(make([]byte, 100)); !errors.Is(err, ErrNotIMAP) {
			t.Errorf("%q: %v, want %v", says, err, ErrNotIMAP)
		}
	}
}

func TestHearsWordsForPeople(t *testing.T) {
	var heard []string
	c := New(&script{says: strings.NewReader("* OK [ALERT] hi\r\n* NO [alert] full \xff\x07\r\nT1 OK [ALERT] tagged\r\n* BYE [UNAVAILABLE] too many\r\n")}, func(s string) { heard = append(heard, s) })
	_, _ = io.WriteString(c, "T1 NOOP\r\n")
	if _, err := io.ReadAll(c); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(heard, "; "), "hi; full \uFFFD; tagged"; got != want {
		t.Errorf("heard %q, want %q", got, want)
	}
}

// A literal passes piece by piece, however long it is.
func TestALongLiteralPasses(t *testing.T) {
	const size = 64 << 20
	says := io.MultiReader(strings.NewReader("* OK x\r\n* 1 FETCH (UID 1 BODY[] {67108864}\r\n"), io.LimitReader(zeros{}, size), strings.NewReader(" FLAGS ())\r\n"))
	c := New(&script{says: says}, nil)
	n, err := io.Copy(io.Discard, c)
	if err != nil || n < size {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if cap(c.out)+cap(c.line) > 64<<10 {
		t.Errorf("%d bytes are kept", cap(c.out)+cap(c.line))
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestALongLineIsLeftOut(t *testing.T) {
	long := strings.Repeat("x", 2*maxLine)
	for _, says := range []string{
		"* OK " + long, "* XTHING " + long + " {3}\r\nabc", "* LIST () \"/\" " + long, "* 1 FETCH (UID 1 X {70000}\r\n" + strings.Repeat("y", 70000) + ")",
	} {
		got := sifted(t, says+"\r\n* 7 EXISTS\r\n")
		if len(got) > 100 || !strings.HasSuffix(got, "* 7 EXISTS\r\n") {
			t.Errorf("%.20q: %d bytes, %.60q", says, len(got), got)
		}
	}
	if got := sifted(t, "* SEARCH"+strings.Repeat(" 123456", 200_000)+"\r\n"); strings.Count(got, "123456") != 200_000 {
		t.Errorf("a long search lost something: %d bytes", len(got))
	}
}

func TestAsk(t *testing.T) {
	client, server := net.Pipe()
	c := New(client, nil)
	go func() {
		buf := make([]byte, 1000)
		_, _ = io.WriteString(server, "* OK x\r\n")
		n, _ := server.Read(buf)
		tag, _, _ := strings.Cut(string(buf[:n]), " ")
		_, _ = io.WriteString(server, "* 9 EXISTS\r\n* VANISHED (EARLIER) 1:3,7\r\n* 2 FETCH (UID 5 FLAGS (\\Seen $x) MODSEQ (12))\r\n* VANISHED 4\r\n"+tag+" OK done\r\n")
		n, _ = server.Read(buf)
		tag, _, _ = strings.Cut(string(buf[:n]), " ")
		_, _ = io.WriteString(server, tag+" NO [CLOSED] no\r\n")
		_, _ = server.Read(buf)
		_ = server.Close()
	}()
	var out bytes.Buffer
	read := make(chan struct{})
	go func() { defer close(read); _, _ = io.Copy(&out, c) }()
	a := <-c.Ask("UID FETCH 1:9 (UID FLAGS) (CHANGEDSINCE 3 VANISHED)")
	if a.Err != nil || len(a.Vanished) != 3 || a.Vanished[0] != (Range{1, 3}) || len(a.Changed) != 1 ||
		a.Changed[0].UID != 5 || a.Changed[0].ModSeq != 12 || len(a.Changed[0].Flags) != 2 {
		t.Errorf("answer %+v", a)
	}
	a = <-c.Ask("ENABLE QRESYNC")
	if r := new(Refusal); !errors.As(a.Err, &r) || r.Code != "CLOSED" || r.Text != "no" {
		t.Errorf("a refusal: %+v", a)
	}
	if a = <-c.Ask("NOOP"); a.Err == nil {
		t.Error("no error from a line that broke")
	}
	<-read
	if a = <-c.Ask("NOOP"); a.Err == nil {
		t.Error("no error from a line that is gone")
	}
	if want := "* OK x\r\n* 9 EXISTS\r\n* 9 EXPUNGE\r\n"; out.String() != want {
		t.Errorf("handed on %q, want %q", out.String(), want)
	}
}

func TestAlso(t *testing.T) {
	s := &script{says: strings.NewReader("")}
	c := New(s, nil)
	c.Also(ItemGmailID)
	_, _ = io.WriteString(c, "T1 UID FETCH 1:2 (UID FLAGS RFC822.SIZE)\r\nT2 NOOP\r\n")
	_, _ = io.WriteString(c, "T3 UID FETCH 1:2 (UID FLAGS)\r\nT4 APPEND x {42}\r\n")
	_, _ = io.WriteString(c, "T1 UID FETCH 1:2 (UID FLAGS RFC822.SIZE)\r\n\r\n")
	want := "T1 UID FETCH 1:2 (UID FLAGS RFC822.SIZE X-GM-MSGID)\r\nT2 NOOP\r\nT3 UID FETCH 1:2 (UID FLAGS)\r\nT4 APPEND x {42}\r\nT1 UID FETCH 1:2 (UID FLAGS RFC822.SIZE)\r\n\r\n"
	if s.sent.String() != want {
		t.Errorf("sent %q", s.sent.String())
	}
}

// FuzzSift wants go-imap to live with whatever is handed on.
func FuzzSift(f *testing.F) {
	for _, seed := range []string{
		"* 2 FETCH (UID 2 BODY[1] {3}\r\nabc BODYSTRUCTURE ((\"A\" \"B\" NIL NIL NIL NIL 1)(\"C\" \"D\" NIL NIL NIL NIL 1) \"MIXED\"))\r\n",
		"* LIST (\\Sent) \"/\" \"a&AOQ-\"\r\n* STATUS x (MESSAGES 1)\r\n* ESEARCH (TAG \"T1\") UID ALL 1,3:4\r\n",
		"* OK [PERMANENTFLAGS (\\* a)] x\r\n* ID (\"a\" NIL)\r\nT1 OK [CAPABILITY IMAP4rev1] y\r\n+ x\r\n",
		"* VANISHED 3:5\r\n* 3 EXISTS\r\n* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 9 (NIL \"s\") () 0))\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, says []byte) {
		const last = "\r\n\r\n* BYE the end\r\n"
		c := New(&script{says: io.MultiReader(strings.NewReader("* OK x\r\n"), bytes.NewReader(says), strings.NewReader(last))}, nil)
		_, _ = io.WriteString(c, "T9 UID SEARCH ALL\r\nT8 IDLE\r\n")
		out, err := io.ReadAll(c)
		whole := err == nil && bytes.HasSuffix(out, []byte("* BYE the end\r\n"))
		if !whole {
			return // the end fell into a literal
		}
		// go-imap has asked for nothing: tagged answers and continuations are
		// ours to drop, and everything else must be read to the end.
		kept := out[:0:0]
		for _, line := range bytes.SplitAfter(out, []byte("\n")) {
			if bytes.HasPrefix(line, []byte("T9 ")) || bytes.HasPrefix(line, []byte("T8 ")) || bytes.HasPrefix(line, []byte("+ ")) {
				if bytes.Contains(out, []byte("}\r\n")) {
					return // it may stand in a literal
				}
				continue
			}
			kept = append(kept, line...)
		}
		heard := make(chan struct{}, 1)
		client := imapclient.New(&script{says: bytes.NewReader(kept)}, &imapclient.Options{})
		go func() { <-client.Closed(); heard <- struct{}{} }()
		<-heard
		if err := client.Close(); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, os.ErrClosed) {
			t.Errorf("go-imap gives up: %v\nof %q\nfrom %q", err, kept, says)
		}
	})
}

func BenchmarkSift(b *testing.B) {
	one := "* 2 FETCH (UID 2 FLAGS (\\Seen $Forwarded) INTERNALDATE \" 2-Jan-2026 10:00:00 +0000\" RFC822.SIZE 5123 MODSEQ (912) BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 512 12 NIL NIL NIL NIL)(\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\") NIL NIL \"QUOTED-PRINTABLE\" 3512 12 NIL NIL NIL NIL) \"ALTERNATIVE\" (\"BOUNDARY\" \"xxxxxxxxxxxxx\") NIL NIL NIL) BODY[HEADER.FIELDS (DATE FROM TO SUBJECT)] {600}\r\n" +
		strings.Repeat("x", 600) + ")\r\n"
	all := strings.Repeat(one, 1000)
	b.SetBytes(int64(len(all)))
	for b.Loop() {
		c := New(&script{says: io.MultiReader(strings.NewReader("* OK x\r\n"), strings.NewReader(all))}, nil)
		if n, err := io.Copy(io.Discard, c); err != nil || n < int64(len(all))/2 {
			b.Fatal(n, err)
		}
	}
}
