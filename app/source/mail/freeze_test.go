package mail

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"github.com/jhillyerd/enmime/v2"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/store/desk"
)

var update = flag.Bool("update", false, "write the golden mails anew")

const goldenID = "0190c5a0-0000-7000-8000-000000000001"

// goldens are replies whose bytes are kept: a later version must freeze the
// same, and every reader must get back what was written.
func goldens() map[string]source.Reply {
	base := source.Reply{
		OpID: goldenID, Date: time.Date(2026, 3, 4, 15, 16, 17, 0, time.FixedZone("", 3600)),
		From:      desk.Address{Name: "Amira Haddad", Addr: "support@shop.example"},
		To:        []desk.Address{{Name: "Katharina Vogel", Addr: "katharina@customers.example"}},
		InReplyTo: "letter-1@customers.example", References: []string{"root@customers.example", "letter-1@customers.example"},
	}
	with := func(lang, subject, text string, more ...func(*source.Reply)) source.Reply {
		r := base
		r.Language, r.Subject, r.Text = lang, subject, text
		for _, m := range more {
			m(&r)
		}
		return r
	}
	long := "Thank you for writing to us about your order. We have looked into it, and the parcel left our house on Monday; it should reach you within two days.\n\nIf it doesn't, please write again.\n\nKind regards\nAmira\n-- \nThe shop\n"
	return map[string]source.Reply{
		"en": with("en", "Re: Where is my order 4711?", long),
		"de": with("de", "Re: Größe 42 ist zu groß – können Sie das umtauschen?", "Guten Tag Frau Vogel,\n\nselbstverständlich tauschen wir die Schuhe um. Bitte schicken Sie sie mit dem beiliegenden Etikett zurück, das kostet Sie nichts.\n\nHerzliche Grüße\nAmira"),
		"ar": with("ar", "رد: أين طلبي رقم ٤٧١١؟", "مرحبًا،\n\nطلبك في الطريق إليك وسيصل يوم الخميس.\n\nمع أطيب التحيات\nأميرة", func(r *source.Reply) {
			r.To = []desk.Address{{Name: "ليلى حسن", Addr: "layla@customers.example"}}
		}),
		"ja":    with("ja", "Re: 返金について教えてください。注文番号は四七一一です。先週の月曜日に届くはずでした", "お客様\n\nご連絡ありがとうございます。返金は三営業日以内に行われます。ご不便をおかけして申し訳ございません。\n\nアミラ"),
		"hi":    with("hi", "Re: मेरा ऑर्डर कहाँ है? मुझे कल तक चाहिए था, कृपया जल्दी बताइए", "नमस्ते,\n\nआपका पार्सल कल पहुँच जाएगा।\n\nधन्यवाद\nअमीरा"),
		"emoji": with("en", "Re: 👩‍🔧 🇩🇪 thanks!", "You're welcome 😀👍🏽\n"),
		"words": with("en", "Re: "+strings.Repeat("verylongword", 20)+" end", strings.Repeat("a", 1200)+"\nshort\n"),
		"edges": with("", "=?utf-8?q?not?= an encoded word,  two  spaces\r\nBcc: evil@x.example", ".\n..\nFrom here\n> quoted\n  indented\ntrailing   \n\ttab\x00\x07\n", func(r *source.Reply) {
			r.From.Name = "Shop \"The Best\", Inc.\r\nX-Evil: 1"
			r.Cc = []desk.Address{{Addr: "bo@größe.example"}, {Name: "Zoë", Addr: "zoe@customers.example"}}
			r.Bcc = []desk.Address{{Addr: "hidden@customers.example"}}
			r.InReplyTo, r.References = "", []string{"a b", "ok@x", "<bad>", "evil@x>\r\nX-Evil: 2"}
			for i := range 60 {
				r.References = append(r.References, "reference-number-"+strings.Repeat("x", i%30)+"@customers.example")
			}
		}),
	}
}

func TestFreezeGolden(t *testing.T) {
	for name, r := range goldens() {
		frozen, err := New(Config{}).FreezeReply(r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		file := filepath.Join("testdata", "frozen-"+name+".txt")
		if *update {
			if err := os.WriteFile(file, frozen.Payload, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(frozen.Payload, want) {
			t.Errorf("%s: other bytes than in %s:\n%s", name, file, frozen.Payload)
		}
		f, err := thawReply(source.Submission{ID: r.OpID, Kind: desk.OpReply, Payload: want})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		checkWire(t, name, f.mail.text)
		checkReaders(t, name, r, f.mail.text)
	}
}

// checkWire looks at what every server on the way relies on.
func checkWire(t *testing.T, name string, raw []byte) {
	t.Helper()
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if len(line) > maxLine || line == "" || strings.TrimSpace(line) == "" {
			t.Errorf("%s: header line of %d: %q", name, len(line), line)
		}
	}
	for line := range strings.SplitSeq(string(body), "\r\n") {
		if len(line) > maxBodyLine {
			t.Errorf("%s: body line of %d", name, len(line))
		}
	}
	if !isASCII(string(raw)) || bytes.ContainsAny(raw, "\x00\x07") {
		t.Errorf("%s: a byte that not every server takes", name)
	}
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) || bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\r")) {
		t.Errorf("%s: a line break that isn't CRLF", name)
	}
	h := mailtext.ParseHeader(head)
	for _, never := range []string{"Bcc", "X-Evil"} {
		if h.Has(never) {
			t.Errorf("%s: a header %s got in", name, never)
		}
	}
}

// checkReaders reads a mail with three readers that know nothing of us.
func checkReaders(t *testing.T, name string, r source.Reply, raw []byte) {
	t.Helper()
	subject := oneLine(r.Subject)
	m := mailtext.Read(raw)
	h, body := m.Header, m.Body
	text := body.Text
	if body.Quoted != "" {
		text += "\n" + body.Quoted
	}
	if want := readBack(r.Text); readBack(text) != want {
		t.Errorf("%s: our own reader gives %q, want %q", name, text, want)
	}
	if got := h.Text("Subject"); got != subject {
		t.Errorf("%s: our own reader's subject %q, want %q", name, got, subject)
	}

	e, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: go-message: %v", name, err)
	}
	mh := mail.Header{Header: e.Header}
	if got, err := mh.Subject(); err != nil || got != subject {
		t.Errorf("%s: go-message's subject %q (%v), want %q", name, got, err, subject)
	}
	if to, err := mh.AddressList("To"); err != nil || len(to) != len(r.To) || to[0].Name != r.To[0].Name || to[0].Address != r.To[0].Addr {
		t.Errorf("%s: go-message's recipients %v (%v)", name, to, err)
	}
	if from, err := mh.AddressList("From"); err != nil || len(from) != 1 || from[0].Name != strings.Join(strings.Fields(oneLine(r.From.Name)), " ") {
		t.Errorf("%s: go-message's sender %v (%v)", name, from, err)
	}
	if id, err := mh.MessageID(); err != nil || id != goldenID+"@shop.example" {
		t.Errorf("%s: go-message's Message-ID %q (%v)", name, id, err)
	}
	if date, err := mh.Date(); err != nil || !date.Equal(r.Date) {
		t.Errorf("%s: go-message's date %v (%v)", name, date, err)
	}
	if refs, err := mh.MsgIDList("References"); err != nil || len(refs) == 0 {
		t.Errorf("%s: go-message's references %v (%v)", name, refs, err)
	}
	plain, err := io.ReadAll(e.Body)
	if err != nil {
		t.Fatalf("%s: go-message's body: %v", name, err)
	}

	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil || len(env.Errors) > 0 {
		t.Fatalf("%s: enmime: %v %v", name, err, env.Errors)
	}
	if got := env.GetHeader("Subject"); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(subject), " ") {
		t.Errorf("%s: enmime's subject %q, want %q", name, got, subject)
	}
	if strings.ReplaceAll(env.Text, "\r\n", "\n") != strings.ReplaceAll(string(plain), "\r\n", "\n") {
		t.Errorf("%s: enmime and go-message read other texts", name)
	}
	if _, params, err := mime.ParseMediaType(env.GetHeader("Content-Type")); err != nil || params["charset"] == "" {
		t.Errorf("%s: content type: %v", name, err)
	}
}

// readBack is a text as it comes back: without the white space that nobody
// sees, without controls.
func readBack(s string) string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.Map(func(c rune) rune {
			if c < ' ' && c != '\t' {
				return -1
			}
			return c
		}, line)
		if line = strings.TrimRight(line, " "); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func TestFreezeEnvelope(t *testing.T) {
	r := goldens()["edges"]
	frozen, err := New(Config{}).FreezeReply(r)
	if err != nil {
		t.Fatal(err)
	}
	f, err := thawReply(source.Submission{ID: r.OpID, Payload: frozen.Payload})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.To, " "); got != "katharina@customers.example bo@xn--gre-6ka8i.example zoe@customers.example hidden@customers.example" {
		t.Errorf("recipients %s", got)
	}
	if f.Own != "support@shop.example" || f.UTF8 {
		t.Errorf("own copy %q, SMTPUTF8 %v", f.Own, f.UTF8)
	}
	r.To = []desk.Address{{Addr: "用户@例え.example"}, {Addr: "support@shop.example"}}
	frozen, err = New(Config{}).FreezeReply(r)
	if err != nil {
		t.Fatal(err)
	}
	f, err = thawReply(source.Submission{ID: r.OpID, Payload: frozen.Payload})
	if err != nil || !f.UTF8 || f.Own != "" {
		t.Errorf("SMTPUTF8 %v, own copy %q (%v)", f.UTF8, f.Own, err)
	}
	for name, spoil := range map[string]source.Submission{
		"another op":    {ID: "other", Payload: frozen.Payload},
		"a cut payload": {ID: r.OpID, Payload: frozen.Payload[:40]},
		"a cut mail":    {ID: r.OpID, Payload: frozen.Payload[:len(frozen.Payload)-5]},
		"nothing":       {ID: r.OpID},
	} {
		if _, err := thawReply(spoil); desk.KindOf(err) != desk.KindUnreadable {
			t.Errorf("%s: %v, want kind unreadable", name, err)
		}
	}
}

// Whatever an agent types comes back, and no header can be slipped in.
func FuzzCompose(f *testing.F) {
	f.Add("Re: x", "Hello", "Amira")
	f.Add("a\r\nBcc: x@y", "\r\n.\r\nQUIT", "\"<>\r\n")
	f.Add(strings.Repeat("ü", 90), "> a \n b  c ", "=?utf-8?q?a?=")
	f.Fuzz(func(t *testing.T, subject, text, name string) {
		r := goldens()["en"]
		r.Subject, r.Text, r.From.Name = subject, text, name
		raw := compose(r, goldenID+"@shop.example").text
		checkWire(t, "fuzz", raw)
		h := mailtext.ParseHeader(raw)
		if got, want := squash(h.Text("Subject")), squash(oneLine(subject)); got != want {
			t.Errorf("subject %q came back as %q", want, got)
		}
		if from := h.Addresses("From"); len(from) != 1 || from[0].Addr != r.From.Addr {
			t.Errorf("sender %+v", from)
		}
	})
}

func squash(s string) string { return strings.Join(strings.Fields(s), " ") }

// What the first version froze leaves as it did then.
func TestFirstVersionThaws(t *testing.T) {
	payload, err := os.ReadFile(filepath.Join("testdata", "v1-hi.txt"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := thawReply(source.Submission{ID: goldenID, Kind: desk.OpReply, Payload: payload})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.mail.write(t.Context(), &out, nil); err != nil {
		t.Fatal(err)
	}
	if _, mail, _ := bytes.Cut(payload, []byte("\n")); !bytes.Equal(out.Bytes(), mail) {
		t.Error("it would leave otherwise than it was frozen")
	}
}

// A mail to ten thousand is frozen in the time of one, and no line of its head
// is longer than it may be.
func TestTenThousandReceivers(t *testing.T) {
	r := goldens()["en"]
	for i := range 10_000 {
		r.To = append(r.To, desk.Address{Name: "Größe \"x\"", Addr: fmt.Sprintf("k%d@customers.example", i)})
	}
	r.Cc = r.To
	payload, mail := render(t, nil, r)
	checkWire(t, "ten thousand", mail)
	f, err := thawReply(source.Submission{ID: r.OpID, Payload: payload})
	if err != nil || len(f.To) != 10_001 {
		t.Errorf("%d receivers, %v", len(f.To), err)
	}
}

// A person sees as one character what is many to a machine.
func TestCharactersStayWhole(t *testing.T) {
	family := "👨‍👩‍👧‍👦"
	for _, s := range []string{strings.Repeat(family, 40), "Re: " + strings.Repeat("🇩🇪", 50), strings.Repeat("👍🏽 ok ", 30), strings.Repeat("e\u0301", 200)} {
		for word := range strings.FieldsSeq(encodeText(s, len("Subject: "))) {
			part := mailtext.DecodeWords(word)
			if len(word) > maxWord {
				t.Errorf("a word of %d", len(word))
			}
			if strings.HasPrefix(part, "\u200d") || strings.HasSuffix(part, "\u200d") || strings.HasPrefix(part, "\u0301") || strings.HasPrefix(part, "🏽") {
				t.Errorf("a character was cut: %q", part)
			}
		}
	}
	if long := "a" + strings.Repeat("\u0301", 500); mailtext.DecodeWords(encodeText(long, 9)) != long {
		t.Error("a character of five hundred marks is lost")
	}
}

// A file that isn't there any more, or isn't what it was, never leaves half.
func TestFilesAreWhatWasFrozen(t *testing.T) {
	b := blobsOf{}
	r := goldens()["en"]
	data := some(300_000)
	r.Files = []source.File{b.file("a.bin", "", data)}
	payload, _ := render(t, b, r)
	f, err := thawReply(source.Submission{ID: r.OpID, Payload: payload})
	if err != nil {
		t.Fatal(err)
	}
	sha := r.Files[0].SHA
	for name, now := range map[string]blobsOf{
		"gone": {}, "shorter": {sha: data[:len(data)-1]}, "longer": {sha: append(bytes.Clone(data), 0)},
		"another": {sha: append(bytes.Clone(data[:len(data)-1]), 1)}, "nobody": nil,
	} {
		var out bytes.Buffer
		if err := f.mail.write(t.Context(), &out, now); desk.KindOf(err) != desk.KindUnreadable {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, spoil := range []string{`"at":-1`, `"at":99999999`, `"size":-1`, `"sha":"00"`} {
		key, _, _ := strings.Cut(spoil, ":")
		head, mail, _ := bytes.Cut(payload, []byte("\n"))
		at := bytes.Index(head, []byte(key))
		end := at + bytes.IndexAny(head[at:], ",}")
		bad := bytes.Join([][]byte{[]byte(string(head[:at]) + spoil + string(head[end:])), mail}, []byte("\n"))
		if _, err := thawReply(source.Submission{ID: r.OpID, Payload: bad}); desk.KindOf(err) != desk.KindUnreadable {
			t.Errorf("%s: %v", spoil, err)
		}
	}
}

func TestDotsBetweenPieces(t *testing.T) {
	for _, mail := range []string{".\r\n..\r\na.\r\n.b\r\n", "a\r\n.\r\n", "\r\n"} {
		for size := 1; size < len(mail); size++ {
			var out bytes.Buffer
			w := &allBut{&dotted{w: &out}, int64(len(mail) - 2)}
			for rest := []byte(mail); len(rest) > 0; {
				n := min(size, len(rest))
				if _, err := w.Write(rest[:n]); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			want := strings.ReplaceAll("\n"+strings.TrimSuffix(mail, "\r\n"), "\n.", "\n..")[1:]
			if out.String() != want {
				t.Errorf("%q in pieces of %d: %q, want %q", mail, size, out.String(), want)
			}
		}
	}
}
