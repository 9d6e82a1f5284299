package mailtext

import (
	"path/filepath"
	"strings"
	"testing"
)

const talonHTML = "../../../shared/fixtures/reply-trim/talon-html"

// A reply that is HTML only folds as well as one in plain text, whatever
// program wrote it.
func TestFoldHTMLReplies(t *testing.T) {
	names, err := filepath.Glob(talonHTML + "/*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		own, quoted := Fold(markedText(readCase(t, name)))
		if got := strings.Join(strings.Fields(own), " "); got != "Hi. I am fine. Thanks, Alex" {
			t.Errorf("%s: %q", filepath.Base(name), got)
		}
		if !strings.Contains(quoted, "Hello! How are you?") {
			t.Errorf("%s folds %q", filepath.Base(name), quoted)
		}
	}
}

// Where the words are in a language nobody knows, the structure still tells.
func TestFoldHTMLByStructure(t *testing.T) {
	const own = "Yes, please."
	for name, rest := range map[string]string{
		"Gmail":                 `<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">Qwe rty Anna uio:<br></div><blockquote class="gmail_quote" style="border-left:1px">Red?</blockquote></div>`,
		"Apple Mail":            `<div><br><blockquote type="cite"><div>Qwe rty, Anna uio:</div><br>Red?</blockquote></div>`,
		"Thunderbird":           `<div class="moz-cite-prefix">Qwe rty Anna uio:<br></div><blockquote type="cite">Red?</blockquote>`,
		"Outlook":               `<div id="divRplyFwdMsg"><b>Qwe:</b> Anna<br><b>Rty:</b> today<br></div>Red?`,
		"Outlook, quoted again": `<div id="x_divRplyFwdMsg"><b>Qwe:</b> Anna<br><b>Rty:</b> today<br></div>Red?`,
		"Outlook, rule":         `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>Qwe:</b> Anna &lt;anna@shop.example&gt;<br><b>Asd:</b> 20. 11. 2026<br><b>Zxc:</b> me<br><b>Poi:</b> cup</p></div><p>Red?</p>`,
		"Yahoo":                 `<div id="yahoo_quoted_123" class="yahoo_quoted"><div>Qwe Anna rty:</div><div><div>Red?</div></div></div>`,
		"Proton":                `<div class="protonmail_quote">Qwe Anna rty:<br><blockquote>Red?</blockquote></div>`,
		"a signature":           `<div class="gmail_signature">Bo<br>Red Ltd</div><div class="gmail_quote">Qwe<blockquote>Red?</blockquote></div>`,
	} {
		got, quoted := Fold(markedText("<div>" + own + "</div>" + rest))
		if got != own || !strings.Contains(quoted, "Red") {
			t.Errorf("%s: own %q, quoted %q", name, got, quoted)
		}
	}
	for name, c := range map[string]struct{ in, own string }{
		"answers in between":           {`<div class="moz-cite-prefix">Anna:</div><blockquote type="cite">Red?</blockquote>Yes.<blockquote type="cite">Size?</blockquote>42.`, "> Red?\n\nYes.\n\n> Size?\n\n42."},
		"indented, not quoted":         {`<div>One</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px">two</blockquote>`, "One\n\ntwo"},
		"a rule without a head below":  {`One<hr>two<br>three<br>four`, "One\ntwo\nthree\nfour"},
		"passed on, nothing else said": {`<div class="gmail_quote">---------- Forwarded message ---------<br>From: Anna &lt;a@b.example&gt;<br><br>Red</div>`, "---------- Forwarded message ---------\nFrom: Anna <a@b.example>\n\nRed"},
	} {
		if got, _ := Fold(markedText(c.in)); got != c.own {
			t.Errorf("%s: %q, want %q", name, got, c.own)
		}
	}
}

// Whole mails from the programs people answer with: one word, and the rest is
// what it answers.
func TestFoldWholeReplies(t *testing.T) {
	names, err := filepath.Glob("../../../shared/fixtures/mime/talon/standard_replies__*.eml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		body := Read([]byte(readCase(t, name))).Body
		if body.Text != "Hello" || !strings.Contains(body.Quoted, "Hi") {
			t.Errorf("%s: own %q, quoted %q", filepath.Base(name), body.Text, body.Quoted)
		}
	}
}
