package mailtext

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const attackFolder = "../../../shared/fixtures/html-xss"

// allAttacks are the collections of others, by name: payloads that once got
// through somewhere, and what a tokenizer stumbles over.
func allAttacks(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	read := func(name string, into any) {
		data, err := os.ReadFile(filepath.Join(attackFolder, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	var purify []struct{ Payload string }
	read("dompurify-expect.json", &purify)
	for i, p := range purify {
		all[fmt.Sprintf("dompurify %d", i)] = p.Payload
	}
	var sheet []struct {
		ID   int
		Data string
	}
	read("h5sc-vectors.json", &sheet)
	fill := strings.NewReplacer("%js_uri_alert%", "javascript:alert(1)", "%js_alert%", "alert(1)", "%js_script%", "https://evil.example/x.js", "%js_script_url%", "https://evil.example/x.js")
	for _, v := range sheet {
		all[fmt.Sprintf("h5sc %d", v.ID)] = fill.Replace(v.Data)
	}
	lines, err := os.ReadFile(filepath.Join(attackFolder, "payloadbox-1500.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(lines), "\n") {
		all[fmt.Sprintf("payloadbox %d", i)] = line
	}
	names, err := filepath.Glob(attackFolder + "/html5lib/tokenizer__*.test.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		var file struct {
			Tests             []struct{ Input string }
			XMLViolationTests []struct{ Input string }
		}
		read("html5lib/"+filepath.Base(name), &file)
		for i, c := range append(file.Tests, file.XMLViolationTests...) {
			all[fmt.Sprintf("%s %d", filepath.Base(name), i)] = c.Input
		}
	}
	if len(all) < 2500 {
		t.Fatalf("only %d attacks", len(all))
	}
	return all
}

// Whatever comes in, what comes out is harmless as tokens and as the tree that a
// browser makes of it, and cleaning it again changes nothing.
func TestCleanHTMLHoldsAgainstKnownAttacks(t *testing.T) {
	for name, in := range allAttacks(t) {
		if why := unsafeAfterCleaning(in); why != "" {
			t.Errorf("%s: %q: %s", name, in, why)
		}
	}
	for _, in := range attacks {
		if why := unsafeAfterCleaning(in); why != "" {
			t.Errorf("%q: %s", in, why)
		}
	}
}

// Real mails stay as they are when they are cleaned again.
func TestCleanHTMLIsStableOnMails(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("../../../shared/fixtures/mime", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".eml" && filepath.Ext(path) != ".raw" {
			return err
		}
		body := Read([]byte(readCase(t, path))).Body
		if body.HTML == "" {
			return nil
		}
		seen++
		if why := unsafeAfterCleaning(body.HTML); why != "" {
			t.Errorf("%s: %s", path, why)
		}
		if again, _ := CleanHTML(body.HTML); again != body.HTML {
			t.Errorf("%s changes when cleaned again", path)
		}
		return nil
	})
	if err != nil || seen < 60 {
		t.Fatalf("%d mails with HTML: %v", seen, err)
	}
}

func unsafeAfterCleaning(in string) string {
	clean, _ := CleanHTML(in)
	if bad := harm(clean); bad != "" {
		return "leaves " + bad + " in " + clean
	}
	tree, err := html.Parse(strings.NewReader(clean))
	if err != nil {
		return err.Error()
	}
	var again strings.Builder
	if err := html.Render(&again, tree); err != nil {
		return err.Error()
	}
	if bad := harm(strings.NewReplacer("<html>", "", "</html>", "", "<head>", "", "</head>", "", "<body>", "", "</body>", "").Replace(again.String())); bad != "" {
		return "becomes " + bad + " when a browser reads " + clean
	}
	if twice, _ := CleanHTML(clean); twice != clean {
		return "cleaned again is " + twice + " and was " + clean
	}
	return ""
}

func TestCleanHTMLSaysWhatItTookOut(t *testing.T) {
	for in, want := range map[string]string{
		`<script src="https://x.example/a.js">alert(1)</script>`:                  "script https://x.example/a.js",
		`<p onmouseover=x() onclick=y()>a</p>`:                                    "handler onmouseover, handler onclick",
		`<style>@import url(https://x.example/a.css); p{}</style>`:                "style , remote https://x.example/a.css",
		`<p style="position:fixed;top:0">a</p>`:                                   "style position",
		`<p style="background:#fff url('https://x.example/a.png')">a</p>`:         "remote https://x.example/a.png",
		`<p style="width: ex/**/pression(alert(1))">a</p>`:                        "style width",
		`<img src="https://x.example/a.png" srcset="https://x.example/b.png 2x">`: "remote https://x.example/b.png, remote https://x.example/a.png",
		`<img src="//x.example/a.png">`:                                           "remote //x.example/a.png",
		`<table background="https://x.example/a.png"><tr><td>a</table>`:           "remote https://x.example/a.png",
		`<a href="java&#10;script:alert(1)">a</a>`:                                "link javascript:alert(1)",
		`<form action="https://x.example/in"><input type=password></form>`:        "form https://x.example/in, form input",
		`<iframe src="https://x.example/"></iframe>`:                              "frame https://x.example/",
		`<object data="https://x.example/a.swf"></object>`:                        "object https://x.example/a.swf",
		`<svg><a xlink:href="javascript:alert(1)">a</a></svg>`:                    "object svg, link javascript:alert(1)",
		`<meta http-equiv="refresh" content="0;url=https://x.example">`:           "meta refresh 0;url=https://x.example",
		`<base href="https://x.example/">`:                                        "meta https://x.example/",
		`<link rel=stylesheet href="https://x.example/a.css">`:                    "remote https://x.example/a.css",
		`<video poster="https://x.example/a.png">`:                                "remote https://x.example/a.png",
		`<p>nothing</p><img src="cid:1">`:                                         "",
	} {
		_, blocked := CleanHTML(in)
		var got []string
		for _, b := range blocked {
			got = append(got, b.Kind+" "+b.Value)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, want %q", in, strings.Join(got, ", "), want)
		}
	}
}

func TestCleanHTMLKeepsWhatMailsNeed(t *testing.T) {
	for in, want := range map[string]string{
		`<p style="COLOR: Red; font-family:'Arial',sans-serif !important; position:fixed">a</p>`: `<p style="color: red; font-family: &#39;arial&#39;,sans-serif">a</p>`,
		`<td>a</td>`:                             `a`,
		`<table><tr><td>a<td>b<tr><td>c</table>`: `<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>`,
		`<p>a<p>b<ul><li>c<li>d</ul>`:            `<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>`,
		`<b><i>a</b>b</i>`:                       `<b><i>a</i></b>b`,
		`</div></p>a</table>`:                    `a`,
		`<!--[if mso]><p>Word</p><![endif]--><![if !mso]>a<![endif]>`: `a`,
		`<noscript><img src=x onerror=alert(1)></noscript>b`:          `b`,
		`<svg><style><img src=x onerror=alert(1)></style></svg>b`:     `b`,
		`<a href="#top">a</a>`:                                         `<a>a</a>`,
		`<ol start="3"><li value="7">a</ol>`:                           `<ol start="3"><li value="7">a</li></ol>`,
		`<img src="HTTP://x.example/a.png" onerror="x" alt="Cup">`:     `<img data-remote="http://x.example/a.png" alt="Cup">`,
		`<img data-remote="javascript:x" alt="Cup">`:                   `<img alt="Cup">`,
		`<p style="width: 99999px; margin: -50px; height: 10px">a</p>`: `<p style="height: 10px">a</p>`,
		`<p style="color: r\65 d; background:url(javascript:x)">a</p>`: `<p>a</p>`,
	} {
		if got, _ := CleanHTML(in); got != want {
			t.Errorf("%s:\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestLinksShowTheirTrueHost(t *testing.T) {
	for in, want := range map[string]string{
		`<a href="https://www.shop.example/x">here</a>`:                     "www.shop.example",
		`<a href="https://www.shop.com/x">shop.com</a>`:                     "www.shop.com",
		`<a href="https://click.shop.com/x">www.shop.com/track</a>`:         "click.shop.com",
		`<a href="https://evil.com/x">https://paypal.com/login</a>`:         "evil.com differs",
		`<a href="https://paypal.com.evil.co.uk/">paypal.com</a>`:           "paypal.com.evil.co.uk differs",
		`<a href="https://paypal.com@evil.com/">paypal.com</a>`:             "evil.com differs",
		`<a href="https://evil.com/x">www.<b>paypal</b>.com</a>`:            "evil.com differs",
		`<a href="https://раypal.com/" title="paypal.com">pay</a>`:          "xn--ypal-43d9g.com",
		`<a href="https://shop.com/x">invoice.pdf</a>`:                      "shop.com",
		`<a href="https://shop.com/x" data-differs="x" data-host="y">a</a>`: "shop.com",
		`<a href="mailto:help%40shop.com">help@shop.com</a>`:                "help@shop.com",
		`<a href="tel:+49 30 1">call</a>`:                                   "+49301",
	} {
		clean, _ := CleanHTML(in)
		z := html.NewTokenizer(strings.NewReader(clean))
		z.Next()
		link := z.Token()
		got := attr(link, "data-host")
		if attr(link, "title") != got {
			t.Errorf("%s: the title is %q", in, attr(link, "title"))
		}
		if attr(link, "data-differs") != "" {
			got += " differs"
		}
		if got != want {
			t.Errorf("%s: %q, want %q (%s)", in, got, want, clean)
		}
	}
}

// Each of these makes a careless cleaner slow or deep.
func TestCleanHTMLBounds(t *testing.T) {
	for name, in := range map[string]string{
		"deep":           strings.Repeat("<div>", 100_000) + "a",
		"deep and bold":  strings.Repeat("<b><i><p>", 60_000) + "a",
		"deep links":     strings.Repeat(`<a href="https://x.example/">`, 50_000),
		"deep tables":    strings.Repeat("<table><tr><td>", 60_000),
		"deep quotes":    strings.Repeat("<blockquote>", 80_000),
		"ends":           strings.Repeat("</div>", 100_000),
		"attributes":     "<p " + strings.Repeat("a=b ", 100_000) + ">x",
		"styles":         `<p style="` + strings.Repeat("color:red;", 50_000) + `">x`,
		"escapes":        `<p style="color:` + strings.Repeat(`\65 `, 100_000) + `">x`,
		"comments":       strings.Repeat("<!--", 100_000),
		"open tag":       strings.Repeat("<", 500_000),
		"entities":       strings.Repeat("&amp", 100_000),
		"scripts":        strings.Repeat("<script>", 60_000),
		"pictures":       strings.Repeat(`<img src="https://x.example/a">`, 15_000),
		"a long address": `<a href="https://x.example/` + strings.Repeat("a", 400_000) + `">x</a>`,
		"too large":      strings.Repeat("<p>a</p>", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			clean, _ := CleanHTML(in)
			if len(clean) > 2*maxHTML {
				t.Errorf("%d bytes come out", len(clean))
			}
			if bad := harm(clean); bad != "" {
				t.Errorf("leaves %s", bad)
			}
			if again, _ := CleanHTML(clean); again != clean {
				t.Errorf("changes when cleaned again")
			}
			_ = HTMLText(in)
		})
	}
}
