package mailtext

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// policy is what may stay of a stranger's HTML: text, tables, pictures that came
// along (cid:) or are written out (data:), links a person may click. Scripts,
// forms, frames, style sheets and everything that would be loaded from elsewhere
// are gone. It is our own because bluemonday's UGCPolicy lets remote pictures
// through and drops cid:.
var policy = newPolicy()

var (
	linkTarget  = regexp.MustCompile(`(?i)^(https?://|mailto:|tel:)`)
	ownPicture  = regexp.MustCompile(`(?i)^(cid:[^\s"'<>]+|data:image/(png|gif|jpeg|webp);base64,[a-z0-9+/=\s]+)$`)
	remoteThing = regexp.MustCompile(`(?i)(src|srcset|background|poster)\s*=\s*["']?\s*(https?:)?//|url\(\s*["']?\s*(https?:)?//`)
	shortNumber = regexp.MustCompile(`^[0-9]{1,4}%?$`)
	colour      = regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([0-9., %]{5,30}\))$`)
	lengths     = regexp.MustCompile(`(?i)^((auto|0|[0-9.]{1,6}(px|em|pt|%|rem))\s*){1,4}$`)
)

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
		"center", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "figcaption",
		"figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img",
		"ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small",
		"span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
		"tr", "tt", "u", "ul", "var", "wbr",
	)
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.AllowDataURIImages()
	p.AllowAttrs("href").Matching(linkTarget).OnElements("a")
	p.AllowAttrs("src").Matching(ownPicture).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img", "a", "abbr", "td", "th")
	p.AllowAttrs("width", "height").Matching(shortNumber).OnElements("img", "table", "td", "th", "col", "tr")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{2,35}$`)).Globally()
	p.AllowAttrs("align", "valign").Matching(regexp.MustCompile(`(?i)^[a-z]{3,10}$`)).Globally()
	p.AllowAttrs("colspan", "rowspan", "cellpadding", "cellspacing", "border", "start").Matching(shortNumber).
		OnElements("table", "td", "th", "col", "ol")
	p.AllowAttrs("bgcolor", "color").Matching(colour).OnElements("table", "tr", "td", "th", "font", "div")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^[1aAiI]$`)).OnElements("ol")

	p.AllowStyles("color", "background-color").Matching(colour).Globally()
	p.AllowStyles("margin", "margin-top", "margin-bottom", "margin-left", "margin-right",
		"padding", "padding-top", "padding-bottom", "padding-left", "padding-right",
		"width", "max-width", "font-size", "line-height").Matching(lengths).Globally()
	p.AllowStyles("font-weight", "font-style", "text-decoration", "text-align", "direction",
		"vertical-align", "white-space", "unicode-bidi", "border-collapse", "list-style-type").
		Matching(regexp.MustCompile(`(?i)^[a-z0-9-]{2,20}$`)).Globally()

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

// maxHTML bounds what a frame is given.
const maxHTML = 512 << 10

// CleanHTML gives HTML that is safe in a frame which can run nothing, and
// whether pictures from elsewhere were left out.
func CleanHTML(src string) (clean string, remote bool) {
	if strings.TrimSpace(src) == "" {
		return "", false
	}
	if len(src) > maxHTML {
		src = strings.ToValidUTF8(src[:maxHTML], "")
	}
	return strings.TrimSpace(policy.Sanitize(src)), remoteThing.MatchString(src)
}
