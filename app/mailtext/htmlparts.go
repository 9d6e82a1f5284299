package mailtext

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func newList(t html.Token) list {
	if t.DataAtom == atom.Ul {
		return list{}
	}
	if start, err := strconv.Atoi(attr(t, "start")); err == nil && start > 0 && start < 1e6 {
		return list{next: start}
	}
	return list{next: 1}
}

// item begins a list's item, two spaces further in for each list around it.
func (r *htmlReader) item(t html.Token) {
	const deepest = 8
	r.line.WriteString(strings.Repeat("  ", min(max(len(r.lists)-1, 0), deepest)))
	if len(r.lists) == 0 || r.lists[len(r.lists)-1].next == 0 {
		r.line.WriteString("• ")
		return
	}
	l := &r.lists[len(r.lists)-1]
	if n, err := strconv.Atoi(attr(t, "value")); err == nil && n > 0 && n < 1e6 {
		l.next = n
	}
	r.line.WriteString(strconv.Itoa(l.next) + ". ")
	l.next++
}

// cell parts a table's cells: with a bar where the table shows rules or heads,
// with a space where it only arranges.
func (r *htmlReader) cell(head bool) {
	if n := len(r.tables); n > 0 {
		r.tables[n-1] = r.tables[n-1] || head
		if r.tables[n-1] && r.line.Len() > 0 {
			r.text(" |")
		}
	}
	r.space = r.line.Len() > 0
}

func isRuled(t html.Token) bool {
	border := attr(t, "border")
	return border != "" && border != "0"
}

// openQuote begins a quote. Some programs indent with blockquote: without a rule
// at its side, but with the style they always give it.
func (r *htmlReader) openQuote(t html.Token) {
	style := bareStyle(t)
	indents := strings.Contains(style, "border:none") && strings.Contains(style, "margin:") && attr(t, "type") == "" && attr(t, "cite") == ""
	r.quotes = append(r.quotes, !indents)
	if !indents {
		r.depth++
	}
}

func (r *htmlReader) closeQuote() {
	r.breakLine()
	n := len(r.quotes)
	if n == 0 {
		return
	}
	if r.quotes[n-1] {
		r.depth--
	}
	r.quotes = r.quotes[:n-1]
}

// quoteNames are the classes and ids which mail programs give to what holds the
// mail that is answered, or the line above it.
var quoteNames = map[string]bool{
	"gmail_quote": true, "gmail_quote_container": true, "gmail_attr": true, "yahoo_quoted": true, "yahooquoted": true,
	"moz-cite-prefix": true, "moz-email-headers-table": true, "protonmail_quote": true, "tutanota_quote": true,
	"zmail_extra": true, "outlookmessageheader": true, "divrplyfwdmsg": true, "appendonsend": true,
	"mail-editor-reference-message-container": true, "ms-outlook-mobile-reference-message": true,
	"stopspelling": true, "zwchr": true, "replysplit": true, "orimsghtmlseperator": true, "isreplycontent": true,
	"cafev1_quote": true, "spark_quote": true, "front-blockquote": true, "mailru-blockquote": true, "ox-quote": true,
	"gmx_quote": true, "quotedtext": true, "reply-intro": true, "wmquote": true, "acompli_quote": true,
}

var signatureNames = map[string]bool{
	"gmail_signature": true, "gmail_signature_prefix": true, "moz-signature": true, "applemailsignature": true, "ms-outlook-mobile-signature": true,
	"protonmail_signature_block": true, "ymail_android_signature": true, "yahoo-signature": true, "spark_signature": true,
	"outlooksignature": true, "mobile-signature": true, "ox-signature": true, "tutanota_signature": true,
}

// hasName tells that an element's classes or id are among names. Outlook puts
// x_ before the names of the mail it answers.
func hasName(t html.Token, names map[string]bool) bool {
	for _, key := range [...]string{"class", "id"} {
		for name := range strings.FieldsSeq(strings.ToLower(attr(t, key))) {
			if names[strings.TrimPrefix(name, "x_")] {
				return true
			}
		}
	}
	return false
}

func startsQuote(t html.Token) bool {
	return hasName(t, quoteNames) || t.DataAtom == atom.Blockquote && strings.EqualFold(attr(t, "type"), "cite")
}

func isSignature(t html.Token) bool {
	return hasName(t, signatureNames) || attr(t, "data-smartmail") == "gmail_signature" || attr(t, "data-signatureblock") == "true"
}

// mayStartHead tells of the rules that programs draw above a quoted mail's head.
// looksLikeHead decides.
func mayStartHead(t html.Token) bool {
	if t.DataAtom == atom.Hr {
		return true
	}
	style := bareStyle(t)
	return t.DataAtom == atom.Div && (strings.Contains(style, "border-top:solid") || strings.Contains(style, "border-top-style:solid") ||
		strings.Contains(style, "border-top:1") || strings.Contains(style, "border-top:#"))
}

var headish = regexp.MustCompile(`^[^\s:：][^:：]{0,28}[:：]\s*\S`)

// looksLikeHead tells that lines begin with three named fields, in any language,
// that say when or name an address.
func looksLikeHead(lines []string) bool {
	named, says := 0, false
	for i, seen := 0, 0; i < len(lines) && i < 12 && seen < 6; i++ {
		line := unmarked(lines[i])
		if strings.TrimSpace(line) == "" {
			continue
		}
		seen++
		if headish.MatchString(line) {
			named++
			says = says || evidenceIn(line)&^evidVerb != 0
		}
		if named == 3 && says {
			return true
		}
	}
	return false
}

// isPixel tells of pictures that are there to be loaded, not to be seen.
func isPixel(t html.Token) bool {
	tiny := func(s string) bool { return s == "0" || s == "1" || s == "1px" || s == "0px" }
	return tiny(attr(t, "width")) || tiny(attr(t, "height"))
}

// bareStyle is an element's style in lower case without white space.
func bareStyle(t html.Token) string {
	return strings.ToLower(strings.Join(strings.Fields(attr(t, "style")), ""))
}

func isHidden(t html.Token) bool {
	if len(t.Attr) == 0 {
		return false
	}
	for _, a := range t.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	style := bareStyle(t)
	if style == "" {
		return false
	}
	for _, hides := range [...]string{"display:none", "visibility:hidden", "mso-hide:all"} {
		if strings.Contains(style, hides) {
			return true
		}
	}
	return hidesBySize.MatchString(style)
}

// hidesBySize finds a preheader that has no height. Letters of no size alone
// don't hide: layouts close gaps with them, and set another size inside.
var hidesBySize = regexp.MustCompile(`(?:^|;)max-height:0(?:px)?(?:;|!|$)|(?:^|;)font-size:[01](?:px)?[;!].*(?:line-height|opacity):[01](?:px)?(?:;|!|$)|(?:^|;)(?:line-height|opacity):[01](?:px)?[;!].*font-size:[01](?:px)?(?:;|!|$)`)

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
