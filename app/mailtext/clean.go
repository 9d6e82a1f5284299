package mailtext

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// A stranger's HTML passes two walls before it is shown in the third, a frame
// that may run nothing. The sieve (sieve.go) rewrites it: it nests what is left,
// puts remote pictures aside, writes each link's true host beside it and says
// what it took out. The policy below is what may stay at the end, whatever the
// sieve overlooked. It is our own because bluemonday's UGCPolicy lets remote
// pictures through and drops cid:.

// Blocked is something that was taken out of HTML.
type Blocked struct {
	Kind  string `json:"kind"`
	Value string `json:"value"` // an address, a name or "", at most maxBlockedValue bytes
}

// Kinds of Blocked. A style sheet is always taken out: what it would load and
// where it would lay things can't be judged rule by rule, and mail programs
// that matter drop it too, so mails carry what they need in style attributes.
const (
	BlockedScript  = "script"  // a script; its address, if it has one
	BlockedHandler = "handler" // an attribute that runs something: its name
	BlockedStyle   = "style"   // a style sheet, or a property that could run, load or cover something: its name
	BlockedRemote  = "remote"  // what would be loaded from elsewhere: its address
	BlockedLink    = "link"    // a link or picture with an address of another kind than may stay
	BlockedForm    = "form"    // a form or a field: where it would be sent
	BlockedFrame   = "frame"   // a page within the page: its address
	BlockedObject  = "object"  // a plug-in, a drawing or formula with a language of its own: its name or address
	BlockedMeta    = "meta"    // a refresh, a base address, a policy: what it says
	BlockedCut     = "cut"     // the rest of too large a mail
)

const (
	maxHTML         = 512 << 10 // bounds what is read, and what a frame is given, in bytes
	spareHTML       = 8 << 10   // of that, for the ends of open elements
	maxBlocked      = 200
	maxBlockedValue = 500
)

// CleanHTML gives HTML that is safe to show: it runs nothing, loads nothing and
// sends nothing, in a frame or without one, and cleaning it again changes
// nothing. A remote picture keeps its address in data-remote. blocked is never
// nil.
func CleanHTML(src string) (clean string, blocked []Blocked) {
	blocked = []Blocked{}
	if strings.TrimSpace(src) == "" {
		return "", blocked
	}
	cut := len(src) > maxHTML
	if cut {
		src = src[:maxHTML]
	}
	src = strings.ToValidUTF8(src, "\uFFFD")
	clean, blocked = cleanOnce(src)
	if !stable(&clean) {
		// HTML that another reading changes can't be trusted; its text can.
		clean = "<pre>" + html.EscapeString(cutText(HTMLText(src), maxHTML/8)) + "</pre>"
	}
	if last := len(blocked) - 1; cut && (last < 0 || blocked[last].Kind != BlockedCut) {
		blocked = append(blocked, Blocked{Kind: BlockedCut})
	}
	return clean, blocked
}

// stable cleans until nothing changes any more.
func stable(clean *string) bool {
	for range maxRounds {
		again, _ := cleanOnce(*clean)
		if again == *clean {
			return true
		}
		*clean = again
	}
	return false
}

// cutText gives at most the first most bytes, and no half character.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// maxRounds is how often HTML is cleaned until nothing changes. Once does for
// nearly all.
const maxRounds = 3

func cleanOnce(src string) (string, []Blocked) {
	s := newSieve(src)
	return strings.TrimSpace(policy.Sanitize(s.run())), s.blocked
}

// LoadsRemote tells that something was put aside that lies elsewhere.
func LoadsRemote(blocked []Blocked) bool {
	for _, b := range blocked {
		if b.Kind == BlockedRemote {
			return true
		}
	}
	return false
}

// keptTags are the elements that stay.
var keptTags = lineSet("a|abbr|address|article|b|bdi|bdo|big|blockquote|br|caption|" +
	"center|code|col|colgroup|dd|del|div|dl|dt|em|figcaption|" +
	"figure|font|footer|h1|h2|h3|h4|h5|h6|header|hr|i|img|" +
	"ins|kbd|li|main|mark|ol|p|pre|q|s|samp|section|small|" +
	"span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|" +
	"tr|tt|u|ul|var|wbr")

var (
	linkTarget    = regexp.MustCompile(`(?i)^(https?://[^\s/\\]|mailto:|tel:)`)
	ownPicture    = regexp.MustCompile(`(?i)^(cid:[^\s"'<>]+|data:image/(png|gif|jpeg|webp);base64,[a-z0-9+/=\s]+)$`)
	remotePicture = regexp.MustCompile(`^https?://[^\s"'<>\\]+$`)
	hostName      = regexp.MustCompile(`^[^\s"'<>]{1,255}$`)
	shortNumber   = regexp.MustCompile(`^[0-9]{1,4}%?$`)
	colour        = regexp.MustCompile(`(?i)^(#[0-9a-f]{3,8}|[a-z]{3,20}|(?:rgb|hsl)a?\([0-9., %/deg]{3,40}\))$`)
	keptStyle     = regexp.MustCompile(`^(?:[a-z-]{3,30}: (?:[-#.,%'"/a-zA-Z0-9 ]|(?:rgb|hsl)a?\([0-9., %/deg]{3,40}\))+(?:; |$))+$`)
)

var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for tag := range keptTags {
		p.AllowElements(tag)
	}
	p.AllowNoAttrs().OnElements("a", "font", "img", "span")
	p.AllowURLSchemes("http", "https", "mailto", "tel", "cid")
	p.AllowDataURIImages()
	p.AllowAttrs("href").Matching(linkTarget).OnElements("a")
	p.AllowAttrs("data-host", "data-differs").Matching(hostName).OnElements("a")
	p.AllowAttrs("src").Matching(ownPicture).OnElements("img")
	p.AllowAttrs("data-remote").Matching(remotePicture).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img", "a", "abbr", "td", "th")
	p.AllowAttrs("width", "height").Matching(shortNumber).OnElements("img", "table", "td", "th", "col", "tr")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{2,35}$`)).Globally()
	p.AllowAttrs("align", "valign").Matching(regexp.MustCompile(`(?i)^[a-z]{3,10}$`)).Globally()
	p.AllowAttrs("colspan", "rowspan", "cellpadding", "cellspacing", "border", "start", "value").Matching(shortNumber).
		OnElements("table", "td", "th", "col", "ol", "li")
	p.AllowAttrs("bgcolor", "color").Matching(colour).OnElements("table", "tr", "td", "th", "font", "div")
	p.AllowAttrs("face").Matching(regexp.MustCompile(`^[A-Za-z0-9 ,'-]{1,100}$`)).OnElements("font")
	p.AllowAttrs("size").Matching(regexp.MustCompile(`^[+-]?[1-7]$`)).OnElements("font")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^[1aAiI]$`)).OnElements("ol")
	p.AllowAttrs("style").Matching(keptStyle).Globally()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}
