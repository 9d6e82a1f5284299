package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"fernpost/app/mailtext"
	"fernpost/app/source"
	"fernpost/store/desk"
)

// written is a reply and what a reader must get of it.
type written struct {
	reply source.Reply
	text  string // joined again where it flowed
}

// blobsOf keeps the files of tests.
type blobsOf map[[32]byte][]byte

// Blob implements source.Blobs.
func (b blobsOf) Blob(_ context.Context, sha [32]byte) (io.ReadCloser, error) {
	data, ok := b[sha]
	if !ok {
		return nil, errors.New("no such file")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// file puts bytes among the blobs.
func (b blobsOf) file(name, kind string, data []byte, more ...func(*source.File)) source.File {
	f := source.File{SHA: sha256.Sum256(data), Size: int64(len(data)), Name: name, Type: kind}
	for _, m := range more {
		m(&f)
	}
	b[f.SHA] = data
	return f
}

func inText(n int64) func(*source.File) {
	return func(f *source.File) { f.Number, f.Inline = n, true }
}

// some gives bytes that no compression or text tool finds ordinary.
func some(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i*i>>3 + i)
	}
	return out
}

// mails are what is read back; each is kept as a golden file too.
func mails(b blobsOf) map[string]written {
	with := func(lang, subject, text, rich string, more ...func(*source.Reply)) source.Reply {
		r := goldens()["en"]
		r.Language, r.Subject, r.Text, r.Rich = lang, subject, text, rich
		for _, m := range more {
			m(&r)
		}
		return r
	}
	quote := func(q source.Quote) func(*source.Reply) { return func(r *source.Reply) { r.Quote = &q } }
	files := func(f ...source.File) func(*source.Reply) { return func(r *source.Reply) { r.Files = f } }
	long := "A paragraph that is longer than one line of a mail, so that it is broken where it flows and every screen may join it again."
	return map[string]written{
		"rich": {
			with("en", "Re: The form", "", `<p>Dear <b>Ana</b>,</p><p></p><p>please use the <a href="https://shop.example/return?o=4711&amp;x=1">return <i>form</i></a>:</p><ul><li>print it</li><li>put it in</li></ul><ol><li>one</li><li>two</li></ol><p>a &lt; b &amp; c</p>`),
			"Dear Ana,\n\nplease use the return form <https://shop.example/return?o=4711&x=1>:\n- print it\n- put it in\n1. one\n2. two\na < b & c",
		},
		"quoted": {
			with("de", "Re: Größe", "Gern geschehen.", "", quote(source.Quote{Head: "Am 04.03.2026 um 15:06 schrieb Ana García:", Text: long + "\n\n> was before\nFrom here\n"})),
			"Gern geschehen.\n\nAm 04.03.2026 um 15:06 schrieb Ana García:\n> " + long + "\n>\n>> was before\n> From here\n>",
		},
		"arabic": {
			with("ar", "رد: أين طلبي؟", "", "<p>مرحبًا <b>ليلى</b>،</p><p>الطلب Order 4711 في الطريق.</p><p>Tracking: DHL 123</p>", quote(source.Quote{Head: "في 4/3/2026 الساعة 15:06، كتب ليلى:", Text: "أين طلبي؟"})),
			"مرحبًا ليلى،\nالطلب Order 4711 في الطريق.\nTracking: DHL 123\n\nفي 4/3/2026 الساعة 15:06، كتب ليلى:\n> أين طلبي؟",
		},
		"japanese": {
			with("ja", "Re: 返金について👩‍🔧👩‍🔧👩‍🔧👩‍🔧👩‍🔧👩‍🔧", "", "<p><b>お客様</b></p><p>返金は三営業日以内に行われます。</p>", func(r *source.Reply) {
				r.From.Name, r.ReplyTo = "カスタマーサポート", []desk.Address{{Name: "返信", Addr: "reply@shop.example"}}
			}),
			"お客様\n返金は三営業日以内に行われます。",
		},
		"bidi": {
			with("he", "Re: הזמנה 4711 (Order) \u200f!", "שלום David, ההזמנה 4711 ב-20% הנחה.\nHello דוד.", "", func(r *source.Reply) {
				r.To[0].Name = "Ana \u202egnp.exe\u202c \"x\"\n, Inc."
			}),
			"שלום David, ההזמנה 4711 ב-20% הנחה.\nHello דוד.",
		},
		"long words": {
			with("en", "Re: "+strings.Repeat("x", 10_000), strings.Repeat("y", 3000)+" "+strings.Repeat("z", 1200), "<p><b>"+strings.Repeat("y", 3000)+"</b></p>"),
			strings.Repeat("y", 3000),
		},
		"dots": {
			with("", "Re: dots", ".\n..\nFrom here\n>From there\n  two\n-- \n.", ""),
			".\n..\nFrom here\n> From there\n  two\n-- \n.",
		},
		"names": {
			with("en", "Re: files", "See below.", "", files(
				b.file("invoice 4711.pdf", "application/pdf", some(100)),
				b.file("Größe – Übersicht.pdf", "application/pdf", some(57)),
				b.file("تقرير الطلب.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", some(58)),
				b.file("発注書・二〇二六年三月.xlsx", "application/vnd.ms-excel", some(3)),
				b.file("मेरा ऑर्डर.png", "image/png", some(1)),
				b.file("คำสั่งซื้อ.txt", "text/plain", []byte("text\n.\n")),
				b.file("заказ 'один' \"два\"; filename=x.zip", "application/zip", some(76)),
				b.file(strings.Repeat("very long name ", 10)+".csv", "text/csv", some(5000)),
				b.file("../../etc/\u202egnp.exe", "message/rfc822", some(20)),
				b.file("👩‍🔧.gif", "nonsense", nil),
			)),
			"See below.",
		},
		"inline": {
			with("en", "Re: picture", "", `<p>Here: <img data-file="3" alt="the label"> and <img data-file="9" alt="gone"></p>`, files(
				b.file("label.png", "image/png", some(1234), inText(3)),
				b.file("unused.png", "image/png", some(99), inText(4)),
				b.file("terms.pdf", "application/pdf", some(4000)),
			)),
			"Here: [the label] and [gone]",
		},
		"forward": {
			with("de", "Fwd: Where is my order?", "Kannst du helfen?", "", quote(source.Quote{
				Head: mailtext.PassedOn("de", mailtext.Original{From: desk.Address{Name: "Ana", Addr: "ana@x.example"}, Subject: "Where?", At: time.Date(2026, 3, 4, 15, 6, 0, 0, time.UTC)}),
				Text: "Where is my order?\n> old", PassedOn: true,
			}), files(b.file("photo.jpg", "image/jpeg", some(80_000)))),
			"Kannst du helfen?\n\n---------- Weitergeleitete Nachricht ---------\nVon: Ana <ana@x.example>\nDatum: 04.03.2026 15:06\nBetreff: Where?\n\nWhere is my order?\n> old",
		},
		"rich forward": {
			with("en", "Fwd: x", "", "<p><b>See</b></p>", quote(source.Quote{Head: "---\nFrom: x", Text: "text", PassedOn: true})),
			"See\n\n---\nFrom: x\n\ntext",
		},
		"foreign address": {
			with("zh", "Re: 订单", "您好", "", func(r *source.Reply) {
				r.To = []desk.Address{{Name: "用户", Addr: "用户@例え.example"}}
			}),
			"您好",
		},
	}
}

// read is what a parser makes of a mail.
type read struct {
	Subject    string      `json:"subject"`
	From       [][2]string `json:"from"`
	To         [][2]string `json:"to"`
	ReplyTo    [][2]string `json:"reply_to"`
	Date       string      `json:"date"`
	Language   string      `json:"language"`
	References []string    `json:"references"`
	Text       string      `json:"text"`
	Flowed     bool        `json:"flowed"`
	HTML       string      `json:"html"`
	Files      []readFile  `json:"files"`
	Defects    []string    `json:"defects"`
}

type readFile struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Disposition string `json:"disposition"`
	CID         string `json:"cid"`
	SHA         string `json:"sha"`
}

// render freezes a reply and gives the mail that its payload leaves as.
func render(t *testing.T, b blobsOf, r source.Reply) (payload, mail []byte) {
	t.Helper()
	frozen, err := New(Config{}).FreezeReply(r)
	if err != nil {
		t.Fatal(err)
	}
	f, err := thawReply(source.Submission{ID: r.OpID, Kind: desk.OpReply, Payload: frozen.Payload})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.mail.write(t.Context(), &out, b); err != nil {
		t.Fatal(err)
	}
	if int64(out.Len()) != f.mail.size() || frozen.Bytes < f.mail.size() {
		t.Errorf("%d bytes leave, %d were announced", out.Len(), f.mail.size())
	}
	return frozen.Payload, out.Bytes()
}

// What is written is read back equal by two parsers that know nothing of us.
func TestMailsAreReadBack(t *testing.T) {
	b := blobsOf{}
	all := mails(b)
	dir := t.TempDir()
	var names, paths []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		payload, raw := render(t, b, all[name].reply)
		golden := filepath.Join("testdata", "written-"+strings.ReplaceAll(name, " ", "-")+".txt")
		if *update {
			if err := os.WriteFile(golden, payload, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(payload, want) {
			t.Errorf("%s: other bytes than in %s (%v)", name, golden, err)
		}
		if name != "foreign address" {
			checkWire(t, name, raw)
		}
		paths = append(paths, filepath.Join(dir, name+".eml"))
		if err := os.WriteFile(paths[len(paths)-1], raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	python := readWithPython(t, paths)
	for i, name := range names {
		checkRead(t, "Python of "+name, b, all[name], python[i])
		checkRead(t, "enmime of "+name, b, all[name], readWithEnmime(t, paths[i], python[i]))
	}
}

func readWithPython(t *testing.T, paths []string) []read {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Fatal("python3 is missing: mails are read back with its email package (apt install python3)")
	}
	cmd := exec.CommandContext(t.Context(), "python3", append([]string{filepath.Join("testdata", "readback.py")}, paths...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v", err)
	}
	var all []read
	for line := range strings.Lines(string(out)) {
		var r read
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if len(all) != len(paths) {
		t.Fatalf("python3 read %d of %d mails", len(all), len(paths))
	}
	return all
}

// readWithEnmime reads with another parser; what it doesn't tell is taken from
// like.
func readWithEnmime(t *testing.T, path string, like read) read {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r := read{
		Subject: env.GetHeader("Subject"), Date: like.Date, Language: env.GetHeader("Content-Language"), References: like.References,
		Text: env.Text, Flowed: like.Flowed, HTML: env.HTML,
	}
	for _, e := range env.Errors {
		if strings.Contains(e.Detail, `declared charset "us-ascii"`) {
			continue // it guesses at charsets, and ASCII is part of every one it guesses
		}
		r.Defects = append(r.Defects, e.Error())
	}
	for _, l := range []struct {
		name string
		to   *[][2]string
	}{{"From", &r.From}, {"To", &r.To}, {"Reply-To", &r.ReplyTo}} {
		list, err := env.AddressList(l.name)
		if err != nil && env.GetHeader(l.name) != "" {
			t.Errorf("%s: %s: %v", path, l.name, err)
		}
		for _, a := range list {
			*l.to = append(*l.to, [2]string{a.Name, a.Address})
		}
	}
	for _, p := range append(append(slices.Clone(env.Inlines), env.OtherParts...), env.Attachments...) {
		sum := sha256.Sum256(p.Content)
		r.Files = append(r.Files, readFile{p.FileName, p.ContentType, p.Disposition, p.ContentID, hex.EncodeToString(sum[:])})
	}
	return r
}

func checkRead(t *testing.T, name string, b blobsOf, w written, got read) {
	t.Helper()
	r := w.reply
	equal := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %s\n got %.600v\nwant %.600v", name, what, got, want)
		}
	}
	equal("defects", got.Defects, []string{})
	equal("subject", squash(got.Subject), squash(oneLine(r.Subject)))
	equal("language", got.Language, r.Language)
	equal("from", got.From, people(r.From))
	equal("to", got.To, people(r.To...))
	equal("reply to", got.ReplyTo, people(r.ReplyTo...))
	equal("references", len(got.References), len(r.References))
	if at, err := time.Parse(time.RFC3339, got.Date); err != nil || !at.Equal(r.Date) {
		t.Errorf("%s: date %s", name, got.Date)
	}
	text := strings.ReplaceAll(got.Text, "\r\n", "\n")
	if got.Flowed {
		text = joined(text)
	}
	equal("text", strings.TrimRight(text, "\n"), w.text)
	html := ""
	if r.Rich != "" {
		cids := map[int64]string{}
		for _, f := range r.Files {
			if f.Inline {
				cids[f.Number] = contentID(f, goldenID+"@shop.example")
			}
		}
		whole := append(mailtext.ParseRich(r.Rich), below(r.Quote)...)
		html = whole.HTML(mailtext.Dress{Language: r.Language, Picture: func(n int64) string { return cids[n] }})
	}
	equal("HTML", strings.TrimSpace(strings.ReplaceAll(got.HTML, "\r\n", "\n")), html)
	var want, have []string
	for _, f := range r.Files {
		cid, disposition := "", "attachment"
		if f.Inline && strings.Contains(html, "cid:"+contentID(f, goldenID+"@shop.example")) {
			cid, disposition = contentID(f, goldenID+"@shop.example"), "inline"
		}
		want = append(want, strings.Join([]string{mailtext.SafeFileName(f.Name), fileType(f.Type), disposition, cid, hex.EncodeToString(f.SHA[:])}, " | "))
	}
	for _, f := range got.Files {
		have = append(have, strings.Join([]string{f.Name, f.Type, f.Disposition, f.CID, f.SHA}, " | "))
	}
	slices.Sort(want)
	slices.Sort(have)
	equal("files", strings.Join(have, "\n"), strings.Join(want, "\n"))
}

func people(list ...desk.Address) [][2]string {
	var out [][2]string
	for _, a := range list {
		addr, _ := wireAddress(a.Addr)
		name := strings.NewReplacer("\u202e", "", "\u202c", "").Replace(a.Name)
		out = append(out, [2]string{squash(oneLine(name)), addr})
	}
	return out
}

// joined undoes format=flowed as RFC 3676 4.2 says.
func joined(text string) string {
	var out []string
	open, depth := false, 0
	for line := range strings.SplitSeq(text, "\n") {
		rest := strings.TrimLeft(line, ">")
		marks := len(line) - len(rest)
		rest = strings.TrimPrefix(rest, " ")
		if open && marks == depth {
			out[len(out)-1] += rest
		} else if marks > 0 {
			out = append(out, strings.Repeat(">", marks)+" "+rest)
		} else {
			out = append(out, rest)
		}
		open, depth = strings.HasSuffix(rest, " ") && rest != "-- ", marks
	}
	for i := range out {
		if out[i] != "-- " {
			out[i] = strings.TrimRight(out[i], " ")
		}
	}
	return strings.Join(out, "\n")
}
