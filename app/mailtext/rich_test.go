package mailtext

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fernpost/store/desk"
)

func TestRichReads(t *testing.T) {
	for _, c := range []struct{ name, in, form, text string }{
		{"nothing", "", "", ""},
		{"bare words", "Hello <b>Ana</b>!", "<p>Hello <b>Ana</b>!</p>", "Hello Ana!"},
		{"lines", "<p>One</p><p></p><p>Two<br>Three</p>", "<p>One</p><p></p><p>Two</p><p>Three</p>", "One\n\nTwo\nThree"},
		{"what an editor leaves", "<div>One<br></div><div><br></div><div>Two</div>", "<p>One</p><p></p><p>Two</p>", "One\n\nTwo"},
		{"a block in a block", "<div><div>One</div><div>Two</div></div>", "<p>One</p><p>Two</p>", "One\nTwo"},
		{"lists", "<p>Try:</p><ul><li>off</li><li>on</li></ul><ol><li>one</li><li>two<br>halves</li></ol>", "<p>Try:</p><ul><li>off</li><li>on</li></ul><ol><li>one</li><li>two<br>halves</li></ol>", "Try:\n- off\n- on\n1. one\n2. two\n   halves"},
		{"a break that ends an item", "<ul><li>a<br><br></li></ul>", "<ul><li>a</li></ul>", "- a"},
		{"a list in a list", "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>", "<ul><li>a</li></ul><ol><li>b</li></ol><ul><li>c</li></ul>", "- a\n1. b\n- c"},
		{"a list in a block", "<div>a</div><div><ul><li>b</li></ul></div><div>c</div>", "<p>a</p><ul><li>b</li></ul><p>c</p>", "a\n- b\nc"},
		{"bold in italic", "<i>a<b>b</b></i>c", "<p><i>a</i><b><i>b</i></b>c</p>", "abc"},
		{"other words for them", "<strong>a</strong><em>b</em>", "<p><b>a</b><i>b</i></p>", "ab"},
		{"a link", `<a href="https://shop.example/r?a=1&amp;b=2" onclick="x()">the <b>form</b></a>, thanks`, `<p><a href="https://shop.example/r?a=1&amp;b=2">the </a><a href="https://shop.example/r?a=1&amp;b=2"><b>form</b></a>, thanks</p>`, "the form <https://shop.example/r?a=1&b=2>, thanks"},
		{"a link that says itself", `<a href="HTTPS://shop.example/">shop.example</a> <a href="mailto:a@b.example">a@b.example</a>`, `<p><a href="https://shop.example/">shop.example</a> <a href="mailto:a@b.example">a@b.example</a></p>`, "shop.example a@b.example"},
		{"links that do harm", `<a href="javascript:alert(1)">a</a><a href="data:text/html,x">b</a><a href=" java&#10;script:x">c</a><a href="file:///etc/passwd">d</a><a href="https:///x">e</a><a href="//x.example">f</a>`, "<p>abcdef</p>", "abcdef"},
		{"what is no text", "<style>p{}</style><script>alert(1)</script>a<svg><a href='https://x.example'>b</a></svg>c<iframe src=x>d</iframe>", "<p>ac</p>", "ac"},
		{"pictures", `<img src="https://spy.example/1.gif" alt="spy"><img data-file="7" src="data:x" alt="the &quot;label&quot;" onerror="x()"><img data-file="x"><img data-file="-1">`, `<p><img data-file="7" alt="the &#34;label&#34;"></p>`, `[the "label"]`},
		{"a quotation", "<p>You asked:</p><blockquote><p>Where?</p><blockquote><p>When?</p></blockquote></blockquote><p>Here.</p>", "<p>You asked:</p><blockquote><p>Where?</p><blockquote><p>When?</p></blockquote></blockquote><p>Here.</p>", "You asked:\n> Where?\n>> When?\nHere."},
		{"signs", "a &lt;b&gt; &amp; “c” \x00\x07 d\te", "<p>a &lt;b&gt; &amp; “c”  d e</p>", "a <b> & “c”  d e"},
		{"Arabic", "<p>مرحبًا <b>ليلى</b></p>", "<p>مرحبًا <b>ليلى</b></p>", "مرحبًا ليلى"},
		{"never closed", "<ul><li><b>a", "<ul><li><b>a</b></li></ul>", "- a"},
		{"closed too often", "</ul></b></blockquote></p>a</li></a>", "<p>a</p>", "a"},
	} {
		r := ParseRich(c.in)
		if got := r.String(); got != c.form {
			t.Errorf("%s: form\n got %s\nwant %s", c.name, got, c.form)
		}
		if got := r.Text(); got != c.text {
			t.Errorf("%s: text\n got %q\nwant %q", c.name, got, c.text)
		}
	}
}

// Whatever is read is written down the same, and nothing else comes through.
func TestRichHoldsItsForm(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"<p>", "</p>", "<div>", "</div>", "<br>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", "<b>", "</b>", "<i>", "</i>",
		"<blockquote>", "</blockquote>", `<a href="https://a.example/?q=%22&b">`, "</a>", `<img data-file="3" alt="x">`, "text", " ", "\n", "&lt;", "&nbsp;", "مرحبا",
		"<script>", "</script>", "<svg>", "</svg>", `<a href="javascript:x">`, "<img src=x onerror=y>", "<table><tr><td>",
	})
	rapid.Check(t, func(t *rapid.T) {
		src := strings.Join(rapid.SliceOfN(pieces, 0, 40).Draw(t, "pieces"), "")
		form := ParseRich(src).String()
		if again := ParseRich(form).String(); again != form {
			t.Fatalf("%q:\n%s\nthen\n%s", src, form, again)
		}
		for _, never := range []string{"script", "onerror", "javascript", "<div", "<svg", " src="} {
			if strings.Contains(form, never) {
				t.Fatalf("%q holds %s", form, never)
			}
		}
	})
}

func TestRichOfText(t *testing.T) {
	for _, text := range []string{"", "a", "a\n\nb\n", "  two  spaces <b>", "> typed\n- typed"} {
		r := RichOf(text)
		if r.Formatted() || r.Text() != text || ParseRich(r.String()).Text() != text {
			t.Errorf("%q comes back as %q, %q", text, r.Text(), ParseRich(r.String()).Text())
		}
	}
	for _, form := range []string{"<b>a</b>", "<i>a</i>", "<ul><li>a</li></ul>", "<blockquote><p>a</p></blockquote>", `<a href="https://a.example">b</a>`, `<img data-file="1" alt="">`} {
		if !ParseRich(form).Formatted() {
			t.Errorf("%s would leave as text", form)
		}
	}
	if ParseRich(`<a href="https://a.example/">a.example</a>`).Formatted() {
		t.Error("an address is one without markup too")
	}
	if n := ParseRich(`<img data-file="1" alt=""><p><img data-file="4" alt=""></p>`).Pictures(); len(n) != 2 || n[1] != 4 {
		t.Errorf("pictures %v", n)
	}
}

func TestRichLeaves(t *testing.T) {
	picture := func(n int64) string { return map[int64]string{7: "seven@x"}[n] }
	for _, c := range []struct{ name, in, lang, want string }{
		{"plain", "<p>Hello</p><p></p><p>you  <b>two</b></p>", "en", "<div dir=\"ltr\" lang=\"en\"><div>Hello</div>\n<div><br></div>\n<div>you &nbsp;<b>two</b></div>\n</div>"},
		{"Arabic with a line of English", "<p>مرحبًا</p><p>Order 4711</p><ul><li>واحد</li></ul><p>17</p>", "ar", "<div dir=\"rtl\" lang=\"ar\"><div>مرحبًا</div>\n<div dir=\"ltr\">Order 4711</div>\n<ul><li>واحد</li>\n</ul><div>17</div>\n</div>"},
		{"pictures", `<p>see <img data-file="7" alt="label"><img data-file="8" alt="gone"></p>`, "", "<div dir=\"ltr\"><div>see <img src=\"cid:seven@x\" alt=\"label\" style=\"max-width:100%\"></div>\n</div>"},
	} {
		if got := ParseRich(c.in).HTML(Dress{Language: c.lang, Picture: picture}); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Our own reader folds away what any of our introductions stands above.
func TestIntroductions(t *testing.T) {
	o := Original{
		From: desk.Address{Name: "Ana\r\n\u202eGarcía", Addr: "ana@x.example"}, Subject: "Where?\nBcc: x",
		To: make([]desk.Address, 10_000), At: time.Date(2026, 3, 4, 15, 6, 0, 0, time.UTC),
	}
	if len(introductions) < 36 {
		t.Fatalf("%d languages", len(introductions))
	}
	for lang := range introductions {
		wrote := Wrote(lang, o)
		if strings.ContainsAny(wrote, "{}\r\n\u202e") || !strings.Contains(wrote, "15:06") || !strings.Contains(wrote, "2026") || !strings.Contains(wrote, "Ana García") {
			t.Errorf("%s: %q", lang, wrote)
		}
		if own, quoted := Fold("Bye.\n\n" + wrote + "\n> Where?\n"); own != "Bye." || !strings.HasPrefix(quoted, wrote) {
			t.Errorf("%s: of %q our own reader folds %q away", lang, wrote, quoted)
		}
		head := PassedOn(lang, o)
		if lines := strings.Split(head, "\n"); len(lines) != 5 || len(head) > 1000 || strings.Contains(head, "{") {
			t.Errorf("%s: %q", lang, head)
		}
		for i, l := range introductions[lang].labels {
			if l == "" {
				t.Errorf("%s has no label %d", lang, i)
			}
		}
	}
	for lang, want := range map[string]string{
		"": "On 4 March 2026 at 15:06, Ana García wrote:", "xx": "On 4 March 2026 at 15:06, Ana García wrote:",
		"de-AT": "Am 04.03.2026 um 15:06 schrieb Ana García:", "zh_Hant_MO": "Ana García 於 2026年3月4日 15:06 寫道：",
		"ja": "2026年3月4日 15:06 に Ana García さんが書きました:", "EN-gb": "On 4 March 2026 at 15:06, Ana García wrote:",
	} {
		if got := Wrote(lang, o); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
