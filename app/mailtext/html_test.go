package mailtext

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestHTMLText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"paragraphs", "<p>One\n  two</p><p>three</p>", "One two\n\nthree"},
		{"lines", "a<br>b<br/>c", "a\nb\nc"},
		{"divs", "<div>a</div><div>b</div>", "a\nb"},
		{"entities", "Gr&ouml;&szlig;e &lt;3 &#128512;", "Größe <3 😀"},
		{"what isn't shown", "<head><title>t</title><style>p{}</style></head><body><script>x()</script>a</body>", "a"},
		{"a preheader", `<div style="display: none">Secret<div>deep</div></div>a`, "a"},
		{"a list", "<ul><li>a</li><li>b</li></ul>", "• a\n• b"},
		{"a table", "<table><tr><td>Order</td><td>4711</td></tr><tr><td>Sum</td><td>9 €</td></tr></table>", "Order 4711\nSum 9 €"},
		{"a quote", "Yes.<blockquote><p>Really?</p><blockquote>Deep</blockquote></blockquote>", "Yes.\n\n> Really?\n>\n>> Deep"},
		{"a link", `see <a href="https://shop.example/track">your parcel</a>.`, "see your parcel (https://shop.example/track)."},
		{"a link that says itself", `<a href="https://shop.example/">shop.example</a>`, "shop.example"},
		{"a long link", `<a href="https://t.example/` + strings.Repeat("x", 90) + `">here</a>`, "here"},
		{"a script as a link", `<a href="javascript:alert(1)">here</a>`, "here"},
		{"preformatted", "<pre>a\n  b</pre>", "a\n  b"},
		{"a picture", `<img alt="Broken cup" src="cid:1">`, "[Broken cup]"},
		{"right to left", `<p dir="rtl">أين طلبي؟</p>`, "أين طلبي؟"},
		{"never closed", "<div><b>a", "a"},
		{"unbalanced", "</div></blockquote>a</p>", "a"},
		{"nothing", "", ""},
	} {
		if got := HTMLText(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCleanHTMLKeeps(t *testing.T) {
	for in, want := range map[string]string{
		`<p dir="rtl" style="color: red">ش</p>`:                  `<p dir="rtl" style="color: red">ش</p>`,
		`<img src="cid:logo@x" alt="Logo" width="20">`:           `<img src="cid:logo@x" alt="Logo" width="20">`,
		`<table bgcolor="#fff"><tr><td align="left">x</td></tr>`: `<table bgcolor="#fff"><tr><td align="left">x</td></tr></table>`,
	} {
		if got, _ := CleanHTML(in); got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
	got, blocked := CleanHTML(`<a href="https://shop.example/x">x</a>`)
	if len(blocked) > 0 || !strings.Contains(got, `href="https://shop.example/x"`) || !strings.Contains(got, "noopener") || !strings.Contains(got, "noreferrer") {
		t.Errorf("a link: %s, blocked %v", got, blocked)
	}
}

// attacks must come out without anything that runs, loads or submits. The pages
// they come from: html5sec.org, the OWASP cheat sheet, real spam.
var attacks = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//x.example/x.js></SCRIPT>`, `<img src=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<a href="javascript:alert(1)">x</a>`, `<a href=" java&#10;script:alert(1)">x</a>`, `<a href="vbscript:x">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="cid:x">x</a>`, `<a href="file:///etc/passwd">x</a>`,
	`<img src="https://track.example/1.gif">`, `<img src="//track.example/1.gif">`, `<img srcset="https://t.example/1.gif 2x">`,
	`<img src="data:image/svg+xml;base64,PHN2Zz4=">`, `<img src="/local.gif">`,
	`<p style="background:url(https://t.example/1)">x</p>`, `<p style="color:expression(alert(1))">x</p>`,
	`<p style="position:fixed;top:0">x</p>`, `<p style="width:99999px; color: red; behavior: url(x)">x</p>`,
	`<style>@import url(https://t.example/1)</style>x`, `<link rel=stylesheet href=https://t.example/1>`,
	`<form action=https://x.example><input name=pw type=password><button>Sign in</button></form>`,
	`<iframe src=https://x.example></iframe>`, `<object data=x></object>`, `<embed src=x>`, `<base href=https://x.example>`,
	`<meta http-equiv=refresh content="0;url=https://x.example">`, `<video src=https://x.example poster=https://x.example>`,
	`<table background="https://t.example/1">`, `<body onload=alert(1) background=https://t.example/1>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<template><img src=x onerror=alert(1)></template>`,
	`<!--[if gte mso 9]><script>alert(1)</script><![endif]-->`, `<div id=x tabindex=1 onfocus=alert(1)>`,
}

func TestCleanHTMLStopsAttacks(t *testing.T) {
	for _, in := range attacks {
		got, _ := CleanHTML(in)
		if bad := harm(got); bad != "" {
			t.Errorf("%s\n leaves %s in %s", in, bad, got)
		}
		_ = HTMLText(in)
	}
}

// harm finds what must not be in cleaned HTML.
func harm(clean string) string {
	allowed := map[string]bool{}
	for tag := range strings.FieldsSeq("a abbr address article b bdi bdo big blockquote br caption center code col colgroup dd del div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr") {
		allowed[tag] = true
	}
	z := html.NewTokenizer(strings.NewReader(clean))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if !allowed[token.Data] {
				return token.Data
			}
			for _, a := range token.Attr {
				v := strings.ToLower(strings.TrimSpace(a.Val))
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "id", a.Key == "class", a.Key == "background", a.Key == "srcset":
					return a.Key
				case a.Key == "href" && !strings.HasPrefix(v, "http") && !strings.HasPrefix(v, "mailto:") && !strings.HasPrefix(v, "tel:"):
					return a.Val
				case a.Key == "src" && !strings.HasPrefix(v, "cid:") && !ownPicture.MatchString(v):
					return a.Val
				case a.Key == "style" && (strings.Contains(v, "url(") || strings.Contains(v, "expression(") || strings.Contains(v, "position:") || strings.ContainsAny(v, `\\@<{`)):
					return a.Val
				}
			}
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, a := range attacks {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if why := unsafeAfterCleaning(s); why != "" {
			t.Fatalf("%q: %s", s, why)
		}
		_ = HTMLText(s)
	})
}
